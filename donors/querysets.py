"""Every question asked of the database about people and organizations."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Now

from donors.names import normalize_name
from donors.permissions import may_anywhere, organizations_where

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import Invitation, Membership, Organization, User  # noqa: F401

NAME_THEN_EMAIL = ("user__full_name", "user__email")


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations; whoever is signed in may see that they exist."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """All for a signed-in user, none for anybody else."""
        return self if user.is_authenticated else self.none()

    def with_people_managed_by(self, user: "User") -> Self:
        """Organizations whose people `user` sees to: all for coordinators and administrators, else their own."""
        if may_anywhere(user, "see_people"):
            return self
        return self.filter(pk__in=organizations_where(user, "see_people"))

    def with_people_counted(self) -> Self:
        """Each with `members`, `managers` and `pending` (open invitations that have not expired)."""
        return self.annotate(
            members=_count_of("Membership"),
            managers=_count_of("Membership", role="manager"),
            pending=_count_of("Invitation", accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=Now()),
        )

    def named(self, text: str) -> Self:
        """Organizations that go by `text` (a name, an acronym or an identifier), however it is written."""
        normalized = normalize_name(text)
        return self.filter(Q(aliases__normalized=normalized) | Q(ref__iexact=text.strip())).distinct()

    def matching(self, text: str) -> Self:
        """Organizations whose name or alias holds all words of `text`, accents and capitals ignored."""
        found = self
        for word in normalize_name(text).split():
            found = found.filter(aliases__normalized__contains=word)
        return found.distinct()

    def by_ids(self, ids: Iterable[int]) -> Self:
        return self.filter(pk__in=list(ids))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """People's roles in organizations."""

    def of(self, organization: "Organization") -> Self:
        """The members of an organization with their accounts, managers first, then by name."""
        rank = Case(When(role="coordinator", then=0), When(role="manager", then=1), default=2)
        return self.filter(organization=organization).select_related("user").order_by(rank, *NAME_THEN_EMAIL)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Offers of a role."""

    def open(self) -> Self:
        """Neither accepted nor withdrawn; those that have expired too, since they can be sent again."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def waiting_to_be_sent(self) -> Self:
        """Open ones whose letter did not go out yet."""
        return self.open().filter(sent_at__isnull=True, expires_at__gt=Now())


def _count_of(model: str, **conditions: object) -> Coalesce:
    """The number of rows of one of our models that belong to the organization asked for."""
    rows = apps.get_model("donors", model)._default_manager.filter(organization=OuterRef("pk"), **conditions)
    counted = rows.order_by().values("organization").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
