"""Decisions as evidence on the engine: what it said of a pair, and what a person said then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from programs.overlap.labels import label_of, was_right
from programs.overlap.models import Review
from programs.overlap.querysets import ReviewQuerySet

# Which decisions are one act: those of one stroke on one case. Fifty pairs that one click decides are no fifty answers.
_ACT = Case(
    When(
        batch__isnull=False,
        then=Concat(
            Cast("batch", CharField()),
            Value(" "),
            Cast(Coalesce("overlap__case", -F("overlap_id")), CharField()),
            output_field=CharField(),
        ),
    ),
    default=Cast("pk", CharField()),
)


@dataclass(frozen=True)
class Decision:
    """A person's last word on a pair: by its programs' ids, the kind and score that the engine gave it then, under
    which version of its model; the label that follows (labels.py) and whether the engine was right.

    `act` is the same for the pairs of one case that were decided in one stroke: a person looked once.
    """

    left: int
    right: int
    kind: str
    score: float
    model_version: str
    action: str
    reason: str
    is_sampled: bool
    decided_at: datetime
    act: str

    @property
    def pair(self) -> tuple[int, int]:
        return self.left, self.right

    @property
    def label(self) -> str:
        return label_of(self.action, self.reason, self.kind)

    @property
    def was_right(self) -> bool | None:
        return was_right(self.action, self.reason, self.kind)


def as_called(reviews: ReviewQuerySet) -> ReviewQuerySet:
    """These decisions with what the engine said: `called` (the kind), `probability`, `by_version`. Of decisions from
    before this was kept with them: what the pair says now. And with `act`: see Decision."""
    return reviews.annotate(
        called=Coalesce(NullIf("kind", Value("")), "overlap__kind"),
        probability=Coalesce("score", "overlap__score"),
        by_version=Coalesce(NullIf("model_version", Value("")), "overlap__model_version"),
        act=_ACT,
    )


def standing_decisions() -> list[Decision]:
    """All decisions that hold now, by pair: one query. For jobs; pages begin with what their user may see."""
    return list(_read(as_called(Review.objects.standing())))


def _read(reviews: ReviewQuerySet) -> Iterable[Decision]:
    rows = reviews.order_by("overlap__left", "overlap__right").values_list(
        F("overlap__left"), F("overlap__right"), "called", "probability", "by_version", "action", "reason",
        "is_sampled", "created_at", "act",
    )  # fmt: skip
    return (Decision(*row) for row in rows)
