"""What a decision says of its pair, as the label of a labelled set: the one table that the export, the calibration and
the page on how right the engine has been read. docs/overlap-engine.md holds it in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Q, Value, When

from programs.overlap.engine.catalogue import KINDS, SAME_MONEY
from programs.overlap.models import Review

NONE, IGNORE = "none", "ignore"
Reason = Review.Reason


@dataclass(frozen=True)
class Meaning:
    """The label of a pair, by the kind that the engine called it; and whether the engine was right, None where the
    decision does not say."""

    label: Mapping[str, str]
    was_right: bool | None


def _always(label: str) -> dict[str, str]:
    return dict.fromkeys(KINDS, label)


CONFIRMED = Meaning({kind: kind for kind in KINDS}, True)
# The reason of a dismissal -> what it says.
DISMISSED: dict[str, Meaning] = {
    Reason.DIFFERENT_BENEFICIARIES: Meaning(_always(NONE), False),
    Reason.SEQUENTIAL_PHASES: Meaning(_always(NONE), False),
    Reason.COMPLEMENTARY: Meaning(_always(NONE), False),
    # One sum in two reports: another kind than the engine said. Where it said that, the two contradict one another.
    Reason.ONE_FINANCES_THE_OTHER: Meaning(_always(SAME_MONEY) | {SAME_MONEY: IGNORE}, False),
    # Says that the data were wrong, not what is true of the two programs.
    Reason.DATA_ERROR: Meaning(_always(IGNORE), None),
    # A note that no program reads: it may as well say that all is coordinated already.
    Reason.OTHER: Meaning(_always(IGNORE), None),
}


def meaning_of(action: str, reason: str) -> Meaning:
    """What a decision says; a confirmation the same whatever its reason."""
    return CONFIRMED if action == Review.Action.CONFIRM else DISMISSED[reason]


def label_of(action: str, reason: str, kind: str) -> str:
    """The label of a pair that the engine called `kind`."""
    return meaning_of(action, reason).label[kind]


def was_right(action: str, reason: str, kind: str) -> bool | None:
    """Whether the engine was right to call the pair `kind`; None where the decision does not say."""
    return None if label_of(action, reason, kind) == IGNORE else meaning_of(action, reason).was_right


# The same in a query on decisions: true, false, or null.
WAS_RIGHT = Case(
    When(action=Review.Action.CONFIRM, then=Value(True)),
    When(Q(reason__in=[reason for reason, one in DISMISSED.items() if one.was_right is None]), then=Value(None)),
    When(Q(reason=Reason.ONE_FINANCES_THE_OTHER, called=SAME_MONEY), then=Value(None)),
    default=Value(False),
    output_field=BooleanField(null=True),
)
