"""Every question asked of the database about overlaps."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from programs.models import Program

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User
    from programs.overlap.models import Overlap, ScanPart  # noqa: F401


class OverlapQuerySet(models.QuerySet["Overlap"]):
    """Overlaps; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Pairs of which `user` may see both programs; for anybody else the pair does not exist."""
        if user.is_authenticated and user.is_active and user.is_superuser:
            return self
        visible = Program.objects.visible_to(user).values("pk")
        return self.filter(left__in=visible, right__in=visible)

    def flagged(self) -> Self:
        """Pairs that the last scan of either program flagged."""
        return self.filter(is_flagged=True)

    def open(self) -> Self:
        """Flagged pairs on which nobody has decided, or whose decision was reopened."""
        return self.filter(is_flagged=True, state="open")

    def of_program(self, program: Program) -> Self:
        return self.filter(Q(left=program) | Q(right=program))


class ScanPartQuerySet(models.QuerySet["ScanPart"]):
    def unfinished(self) -> Self:
        """Parts of running scans that no worker has finished."""
        return self.filter(done_at__isnull=True, run__finished_at__isnull=True)
