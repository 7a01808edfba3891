"""Every question asked of the database about reports."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User
    from programs.reports.models import OverlapReport, ReportRow  # noqa: F401

MEMBER, COORDINATOR, ADMINISTRATOR = 1, 2, 3


def seen_as(user: "User") -> int:
    """How much of the data the user sees, as OverlapReport.SeenAs counts it."""
    if user.is_superuser:
        return ADMINISTRATOR
    return COORDINATOR if user.is_coordinator else MEMBER


class OverlapReportQuerySet(models.QuerySet["OverlapReport"]):
    """Reports; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Reports whose whole content `user` may see today.

        One's own, as long as one still sees as much as then; and for coordinators and administrators those that one of
        them had made. For anybody else a report does not exist.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        level = seen_as(user)
        own = Q(asked_by=user, seen_as__lte=level)
        if level == MEMBER:
            return self.filter(own, organizations__contained_by=user.organization_ids)
        return self.filter(own | Q(seen_as__gte=COORDINATOR, seen_as__lte=level))

    def unfinished(self) -> Self:
        return self.filter(status="waiting")

    def emails_to_send(self, stale_before: datetime, most_attempts: int) -> Self:
        """Monthly reports that are made and whose email no worker is at."""
        unclaimed = Q(letter_claimed_at__isnull=True) | Q(letter_claimed_at__lt=stale_before)
        made = self.filter(unclaimed, status="made", month__isnull=False, letter_sent_at__isnull=True)
        return made.filter(letter_attempts__lt=most_attempts)


class ReportRowQuerySet(models.QuerySet["ReportRow"]):
    """The data of reports."""

    def of(self, part: str) -> Self:
        """The rows of a part, most first."""
        return self.filter(part=part).order_by("-weight", "number")

    def data(self, part: str, most: int | None = None) -> Iterator[dict[str, Any]]:
        """What the rows of a part say, one after the other: in the memory of some hundred."""
        return self.of(part).values_list("data", flat=True)[:most].iterator(chunk_size=500)
