"""How right the engine has been: what people said of the pairs that it was sure of, and of those that it was not."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, FloatField, OuterRef, Q, Value, When
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from donors.models import User
from programs.overlap.decisions import as_called
from programs.overlap.engine.score import UNCERTAIN_FROM, model
from programs.overlap.labels import WAS_RIGHT
from programs.overlap.models import Overlap, Review, UncertainPair
from programs.overlap.querysets import decided_as
from programs.overlap.services.sampling import sample_level

# Where each band of scores begins; the last one ends at 1.
BANDS = (UNCERTAIN_FROM, 0.2, 0.35, 0.5, 0.7, 0.85, 0.95)
# Of fewer decisions no per cent is told: it would change by many points with the next one.
LEAST_FOR_A_SHARE = 10


@dataclass(frozen=True)
class Share:
    """Decisions: how many, how many of them say that the engine was right, and how many do not say."""

    right: int = 0
    wrong: int = 0
    left_out: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.right + other.right, self.wrong + other.wrong, self.left_out + other.left_out)

    @property
    def decisions(self) -> int:
        """Those that say whether it was right."""
        return self.right + self.wrong

    @property
    def share(self) -> float | None:
        """How many of them it was right in, 0 to 1; None where they are too few to say."""
        return round(self.right / self.decisions, 4) if self.decisions >= LEAST_FOR_A_SHARE else None


@dataclass(frozen=True)
class Row:
    """The decisions on pairs of one kind, in one band of scores, in one month (its first day)."""

    kind: str
    band: float
    month: date
    share: Share

    @property
    def to(self) -> float:
        """Where the band ends."""
        return next((start for start in BANDS if start > self.band), 1.0)


@dataclass(frozen=True)
class Missed:
    """What the sample says of pairs that are not flagged for a low score: how many there are about, the answers about
    such pairs, and about how many of those that nobody answered are overlaps; None where too few were answered."""

    uncertain: int
    answered: Share
    missed: int | None


@dataclass(frozen=True)
class Accuracy:
    """All rows, and what is missed."""

    rows: list[Row]
    missed: Missed

    def by(self, key: Callable[[Row], Hashable]) -> dict[Any, Share]:
        """The sums of the rows that have the same key."""
        return added(self.rows, key)

    @property
    def flagged(self) -> Share:
        """The decisions on pairs that the engine flagged."""
        flagged_from = model().flagged_from
        return sum((row.share for row in self.rows if row.band >= flagged_from), Share())


def added(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Any, Share]:
    """The sums of these rows by a key."""
    found: dict[Any, Share] = {}
    for row in rows:
        found[key(row)] = found.get(key(row), Share()) + row.share
    return found


def accuracy_of(user: User) -> Accuracy:
    """How right the engine has been with the pairs that `user` may see; four queries."""
    rows = [
        Row(kind, band, month.date(), Share(right, wrong, every - right - wrong))
        for kind, band, month, every, right, wrong in (
            as_called(Review.objects.judgements().filter(overlap__in=Overlap.objects.visible_to(user)))
            .annotate(was_right=WAS_RIGHT, band=_BAND, month=TruncMonth("created_at"))
            .order_by("called", "band", "month")
            .values_list("called", "band", "month")
            .annotate(
                every=Count("pk"),
                right=Count("pk", filter=Q(was_right=True)),
                wrong=Count("pk", filter=Q(was_right=False)),
            )
        )
    ]
    return Accuracy(rows, _missed(user))


def _missed(user: User) -> Missed:
    """Answers about pairs that are uncertain no longer (by newer weights, or a change) say nothing of those that are,
    and what was answered is missed no longer."""
    pairs = UncertainPair.objects.visible_to(user)
    there = pairs.filter(left=OuterRef("overlap__left"), right=OuterRef("overlap__right"))
    asked = Review.objects.judgements().filter(Exists(there), is_sampled=True)
    answers = as_called(asked.filter(overlap__in=Overlap.objects.visible_to(user))).annotate(was_right=WAS_RIGHT)
    counted = answers.order_by().aggregate(
        every=Count("pk"),
        right=Count("pk", filter=Q(was_right=True)),
        wrong=Count("pk", filter=Q(was_right=False)),
    )
    answered = Share(counted["right"], counted["wrong"], counted["every"] - counted["right"] - counted["wrong"])
    sample = pairs.aggregate(
        every=Count("pk"),
        confirmed=Count("pk", filter=Exists(decided_as("confirmed"))),
        dismissed=Count("pk", filter=Exists(decided_as("dismissed"))),
    )
    not_flagged = (sample["every"] << sample_level()) - sample["confirmed"]
    share = answered.share
    missed = None if share is None else round(share * (not_flagged - sample["dismissed"]))
    return Missed(not_flagged, answered, missed)


def band_label(band: float) -> str:
    """A band in words: 5 % to 20 %."""
    end = next((start for start in BANDS if start > band), 1.0)
    if end == 1.0:
        return _("%(low)s %% or more") % {"low": round(band * 100)}
    return _("%(low)s %% to %(high)s %%") % {"low": round(band * 100), "high": round(end * 100)}


_BAND = Case(
    *(When(probability__gte=start, then=Value(start)) for start in reversed(BANDS)),
    default=Value(0.0),
    output_field=FloatField(),
)
