"""How old the queue is and how it moves, of the pairs that one user may see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from donors.models import User
from programs.overlap.models import Overlap, Review

WEEKS = 12


@dataclass(frozen=True)
class Week:
    """What came and what was decided in a week, which begins on a Monday; `share` of each is of the highest bar."""

    monday: date
    flagged: int
    decided: int
    most: int

    @property
    def flagged_share(self) -> int:
        return round(100 * self.flagged / self.most) if self.most else 0

    @property
    def decided_share(self) -> int:
        return round(100 * self.decided / self.most) if self.most else 0


@dataclass(frozen=True)
class Movement:
    """Pairs: how many are open, the median of their age in days, and how many came and were decided lately."""

    open: int
    median_age: int | None
    flagged_7: int
    flagged_30: int
    decided_7: int
    decided_30: int
    weeks: list[Week]


def movement_of(user: User) -> Movement:
    """The movement of what `user` may see; five queries. Decided counts each pair once for each decision on it."""
    now = timezone.now()
    visible = Overlap.objects.visible_to(user)
    decisions = Review.objects.filter(overlap__in=visible, action__in=[Review.Action.CONFIRM, Review.Action.DISMISS])
    open_pairs = visible.open()
    number = open_pairs.count()
    middle = open_pairs.order_by("first_flagged_at").values_list("first_flagged_at", flat=True)
    median: datetime | None = middle[number // 2] if number else None
    flagged = visible.flagged()
    came = flagged.aggregate(**_lately("first_flagged_at", now))
    went = decisions.aggregate(**_lately("created_at", now))
    return Movement(
        number,
        (now - median).days if median else None,
        came["week"],
        came["month"],
        went["week"],
        went["month"],
        _weeks(flagged, decisions, timezone.localdate()),
    )


def _lately(field: str, now: datetime) -> dict[str, Count]:
    return {
        name: Count("pk", filter=Q(**{f"{field}__gte": now - timedelta(days=days)}))
        for name, days in (("week", 7), ("month", 30))
    }


def _weeks(flagged: Any, decisions: Any, today: date) -> list[Week]:
    this = today - timedelta(days=today.weekday())
    first = this - timedelta(weeks=WEEKS - 1)
    came, went = _by_week(flagged, "first_flagged_at", first), _by_week(decisions, "created_at", first)
    most = max([*came.values(), *went.values()], default=0)
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return [Week(monday, came.get(monday, 0), went.get(monday, 0), most) for monday in mondays]


def _by_week(rows: Any, field: str, first: date) -> dict[date, int]:
    there = rows.filter(**{f"{field}__date__gte": first}).order_by().annotate(week=TruncWeek(field))
    return {row["week"].date(): row["n"] for row in there.values("week").annotate(n=Count("pk"))}
