"""How old the queue is and how it moves, of the pairs that one user may see."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Aggregate, Count, Q
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


class _Median(Aggregate):
    """The value in the middle; of two there, the greater."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s DESC)"


def movement_of(user: User) -> Movement:
    """The movement of what `user` may see; two queries. Decided counts each pair once for each decision on it."""
    now = timezone.now()
    visible = Overlap.objects.visible_to(user)
    # Answers about pairs that the engine did not flag take nothing from what it did flag.
    decisions = Review.objects.filter(
        overlap__in=visible, action__in=[Review.Action.CONFIRM, Review.Action.DISMISS], is_sampled=False
    )
    mondays = _mondays(timezone.localdate())
    since = {"week": now - timedelta(days=7), "month": now - timedelta(days=30), **_midnights(mondays)}
    is_open = Q(state=Overlap.State.OPEN)
    came = (
        visible.flagged()
        .order_by()
        .aggregate(
            **_counted("first_flagged_at", since),
            open=Count("pk", filter=is_open),
            middle=_Median("first_flagged_at", filter=is_open),
        )
    )
    went = decisions.aggregate(**_counted("created_at", since))
    median: datetime | None = came["middle"]
    return Movement(
        came["open"],
        (now - median).days if median else None,
        came["week"],
        came["month"],
        went["week"],
        went["month"],
        _weeks(mondays, _each(came), _each(went)),
    )


def _mondays(today: date) -> list[date]:
    this = today - timedelta(days=today.weekday())
    return [this - timedelta(weeks=number) for number in reversed(range(WEEKS))]


def _midnights(mondays: list[date]) -> dict[str, datetime]:
    """When each week begins, by its name in a query."""
    return {
        f"week_{number}": timezone.make_aware(datetime.combine(monday, time.min))
        for number, monday in enumerate(mondays)
    }


def _counted(field: str, since: dict[str, datetime]) -> dict[str, Count]:
    """How many there are since each of these: comparing takes less than telling the week of each row."""
    return {name: Count("pk", filter=Q(**{f"{field}__gte": moment})) for name, moment in since.items()}


def _each(since: dict[str, Any]) -> list[int]:
    """How many fall in each week, from how many there are since it began."""
    counts = [since[f"week_{number}"] for number in range(WEEKS)]
    return [count - later for count, later in zip(counts, [*counts[1:], 0], strict=True)]


def _weeks(mondays: list[date], came: list[int], went: list[int]) -> list[Week]:
    most = max([*came, *went])
    return [Week(*row, most) for row in zip(mondays, came, went, strict=True)]
