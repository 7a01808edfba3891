"""The terms of a version between the layers: frozen, and what is wrong with them in words."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.dates import END_BEFORE_START, OUT_OF_RANGE, is_plausible
from programs.agreements.models import Agreement, Commitment, Version

Kind = Commitment.Kind
# What a commitment of each kind needs and may hold beside what all have: who, by when, followed up by whom, and money.
NEEDS: dict[str, tuple[str, ...]] = {
    Kind.MOVE_DATES: ("program",),
    Kind.LEAVE_AREA: ("program", "area"),
    Kind.TAKE_OVER_AREA: ("program", "area"),
    Kind.CLOSE: ("program",),
    Kind.REDUCE_MONEY: ("program", "amount"),
    Kind.OTHER: ("text",),
}
MAY_HOLD: dict[str, frozenset[str]] = {
    Kind.MOVE_DATES: frozenset({"program", "new_start", "new_end"}),
    Kind.LEAVE_AREA: frozenset({"program", "area"}),
    Kind.TAKE_OVER_AREA: frozenset({"program", "area"}),
    Kind.CLOSE: frozenset({"program"}),
    Kind.REDUCE_MONEY: frozenset({"program"}),
    Kind.OTHER: frozenset({"program", "area"}),
}
# Less than this, so that its worth in US dollars has room in its column, whatever the currency.
MOST_MONEY = Decimal(10) ** 15
OF_ALL = frozenset({"organization", "kind", "text", "amount", "currency", "to_program", "due_on", "follow_up"})


@dataclass(frozen=True)
class CommitmentTerms:
    """One commitment. Organizations and programs are ids, `area` an ISO 3166-2 code; money in `currency`."""

    organization: int
    kind: str
    due_on: date
    follow_up: str
    program: int | None = None
    area: str | None = None
    new_start: date | None = None
    new_end: date | None = None
    text: str = ""
    amount: Decimal | None = None
    currency: str = ""
    to_program: int | None = None


@dataclass(frozen=True)
class Terms:
    """What a version says."""

    kind: str
    text: str
    commitments: tuple[CommitmentTerms, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is wrong: with the commitment `row` (None: with the terms as a whole), in the field named."""

    row: int | None
    field: str
    message: str


def terms_of(version: Version) -> Terms:
    """The terms of a stored version; one query."""
    return Terms(
        version.kind,
        version.text,
        tuple(
            CommitmentTerms(
                row.organization_id,
                row.kind,
                row.due_on,
                row.follow_up,
                row.program_id,
                row.area_id,
                row.new_start,
                row.new_end,
                row.text,
                row.amount,
                row.currency,
                row.to_program_id,
            )
            for row in version.commitments.order_by("number")
        ),
    )


def problems_of(
    terms: Terms,
    *,
    programs: Collection[int],
    parties: Mapping[int, bool],
    committed: Mapping[int, Decimal | None],
    complete: bool,
    without_a_rate: Collection[str] = (),
) -> Iterator[Problem]:
    """What speaks against the terms.

    `programs` are the ids of those named in the agreement, `parties` organizations -> whether they must accept,
    `committed` what the programs have committed in US dollars; `without_a_rate` are currencies of which no rate is
    known today. `complete`: as a proposal needs it.
    """
    if terms.kind not in Agreement.Kind.values:
        yield Problem(None, "kind", _("Choose the kind of agreement."))
    if complete and not terms.text.strip():
        yield Problem(None, "text", _("Describe the content of the agreement in a few sentences."))
    if complete and not terms.commitments:
        yield Problem(None, "commitments", _("Enter at least one commitment: who does what, and by when."))
    for row, commitment in enumerate(terms.commitments):
        for field, message in _problems_of_one(commitment, programs, parties, committed):
            yield Problem(row, field, message)
        if commitment.kind == Kind.REDUCE_MONEY and commitment.currency in without_a_rate:
            message = _(
                "There is no exchange rate for %(currency)s, so the portal cannot check a reduction. Describe it in "
                "words instead."
            )
            yield Problem(row, "currency", message % {"currency": commitment.currency})


def _problems_of_one(
    row: CommitmentTerms,
    programs: Collection[int],
    parties: Mapping[int, bool],
    committed: Mapping[int, Decimal | None],
) -> Iterator[tuple[str, str]]:
    missing = {
        "program": _("Choose the program."),
        "area": _("Choose the area."),
        "amount": _("Enter the amount."),
        "text": _("Describe what will be done."),
    }
    if row.kind not in NEEDS:
        yield "kind", _("Choose the type of commitment.")
        return
    for field in NEEDS[row.kind]:
        if not str(getattr(row, field) or "").strip():
            yield field, missing[field]
    if row.kind == Kind.MOVE_DATES and not (row.new_start or row.new_end):
        yield "new_end", _("Enter the new start, the new end, or both.")
    for field in ("new_start", "new_end", "due_on"):
        if (day := getattr(row, field)) and not is_plausible(day):
            yield field, OUT_OF_RANGE
    if row.new_start and row.new_end and row.new_end < row.new_start:
        yield "new_end", END_BEFORE_START
    if not parties.get(row.organization):
        yield "organization", _("Choose a party that must accept the agreement.")
    for field in ("program", "to_program"):
        if getattr(row, field) and getattr(row, field) not in programs:
            yield field, _("Choose a program of this agreement.")
    if row.to_program and row.to_program == row.program:
        yield "to_program", _("Choose another program: the funds cannot go to the program that releases them.")
    if row.amount is not None and row.amount <= 0:
        yield "amount", _("An amount must be more than zero.")
    if row.amount is not None and row.amount >= MOST_MONEY:
        yield "amount", _("An amount can have at most 15 digits before the decimal point.")
    if row.amount and not row.currency:
        yield "currency", _("Choose the currency.")
    if not row.amount and (row.currency or row.to_program):
        yield "amount", _("Enter the amount.")
    if row.kind == Kind.REDUCE_MONEY and row.program in programs and committed.get(row.program or 0) is None:
        yield (
            "program",
            _(
                "The budget of this program is unknown, so the portal cannot check a reduction. Describe "
                "it in words instead."
            ),
        )
    if not row.follow_up.strip():
        yield "follow_up", _("Enter the name of the focal point.")
