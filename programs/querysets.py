"""Every question asked of the database about programs."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User
    from programs.models import Program  # noqa: F401


class ProgramQuerySet(models.QuerySet["Program"]):
    """Programs; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What `user` may see; the guard of every page, call, export, count and sum. One query for the memberships.

        Nobody but their own organization sees drafts. Submitted programs are for it and the coordinators.
        Of the rest: public ones are for everybody; those for partners, for members of any organization; restricted
        ones, for the reporting organization, the coordinators and the organizations that it named.
        """
        shown = ~Q(stage__in=["draft", "submitted"])
        if not user.is_authenticated:
            return self.filter(shown, visibility="public")
        if user.is_active and user.is_superuser:
            return self
        own = user.organization_ids
        if user.is_coordinator:
            return self.filter(~Q(stage="draft") | Q(reporting_org__in=own))
        if not own:
            return self.filter(shown, visibility="public")
        named = self.model.shared_with.through.objects.filter(organization__in=own).values("program_id")
        return self.filter(
            Q(reporting_org__in=own)
            | (shown & (Q(visibility__in=["public", "partners"]) | Q(visibility="restricted", pk__in=named)))
        )

    def scannable(self) -> Self:
        """Programs that the overlap engine looks at: past draft, not archived, not cancelled, not out of scope."""
        return self.exclude(stage__in=["draft", "archived"]).exclude(status=5).exclude(scope="out_of_scope")

    def due_for_scan(self) -> Self:
        """Programs changed since they were last scanned, or never scanned."""
        return self.filter(scanned_version__lt=F("version"))
