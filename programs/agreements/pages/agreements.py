"""What the pages of agreements show, put together with a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import ngettext

from donors.models import Membership, User
from goals.money import rates_used
from programs.agreements import services
from programs.agreements.describe import commitment_in_words
from programs.agreements.models import Agreement, Answer, Commitment, Party, Version
from programs.agreements.states import State
from programs.models import Program
from programs.overlap.models import Overlap


@dataclass(frozen=True)
class Row:
    """An agreement in a list, with how many of its commitments stand how."""

    agreement: Agreement
    parties: list[str]
    kept: int
    overdue: int
    commitments: int
    waits_for_me: bool
    next_due: date | None = None

    @property
    def kept_in_words(self) -> str:
        """How many of its commitments are kept, and how many are overdue."""
        kept = ngettext("%(kept)s of %(n)s commitment done", "%(kept)s of %(n)s commitments done", self.commitments) % {
            "kept": self.kept,
            "n": self.commitments,
        }
        if not self.overdue:
            return kept if self.commitments else ""
        overdue = ngettext("%(n)s overdue", "%(n)s overdue", self.overdue) % {"n": self.overdue}
        return f"{kept}, {overdue}"


def rows_of(agreements: Iterable[Agreement], user: User) -> list[Row]:
    """Rows of a list; wants agreements `for_list`. One query more, for what waits for the person."""
    agreements = list(agreements)
    mine = services.may_answer_for(user)
    waiting = set(
        Agreement.objects.filter(pk__in=[one.pk for one in agreements]).waiting_for(mine).values_list("pk", flat=True)
    )
    rows = []
    for agreement in agreements:
        versions: list[Version] = agreement.current  # type: ignore[attr-defined]
        promises = [row for version in versions for row in version.commitments.all()]
        marks = [row.mark() for row in promises]
        rows.append(
            Row(
                agreement,
                [str(party.organization) for party in agreement.parties.all()],
                marks.count(Commitment.Mark.KEPT),
                marks.count(Commitment.Mark.OVERDUE) if agreement.is_in_force else 0,
                len(marks),
                agreement.pk in waiting,
                min((row.due_on for row in promises if row.kept_at is None), default=None),
            )
        )
    return rows


@dataclass(frozen=True)
class Promise:
    """A commitment on the page: in words, how it stands, and what the reader may say of it."""

    row: Commitment
    words: str
    mark: str
    mark_label: str
    may_say_kept: bool = False
    may_see: bool = False
    may_take_back: bool = False


@dataclass(frozen=True)
class Standing:
    """A party with its answer to the current version; None where it has not answered, or need not."""

    party: Party
    answer: Answer | None
    has_a_manager: bool


@dataclass
class Told:
    """A version with its answers and its commitments in words."""

    version: Version
    promises: list[str] = field(default_factory=list)


def page_of(agreement: Agreement, user: User) -> dict[str, Any]:
    """The page of one agreement, as the person sees it."""
    commitments = Commitment.objects.in_words()
    versions = list(
        agreement.versions.order_by("-number")
        .select_related("author", "organization")
        .prefetch_related(
            Prefetch("commitments", commitments),
            Prefetch("answers", Answer.objects.select_related("organization", "actor")),
        )
    )
    current = versions[0]
    answers = {answer.organization_id: answer for answer in current.answers.all()}
    parties = list(agreement.parties.select_related("organization"))
    managed = set(
        Membership.objects.filter(
            organization__in=[party.organization_id for party in parties],
            role=Membership.Role.MANAGER,
            user__is_active=True,
        ).values_list("organization_id", flat=True)
    )
    mine = set(services.may_answer_for(user))
    programs = list(agreement.programs.select_related("reporting_org").order_by("reporting_org__name", "pk"))
    seen = set(
        Program.objects.visible_to(user)
        .filter(pk__in=[program.pk for program in programs])
        .values_list("pk", flat=True)
    )
    overlaps = Overlap.objects.visible_to(user).filter(agreements=agreement)
    overlaps = overlaps.select_related("left__reporting_org", "right__reporting_org")
    return {
        "agreement": agreement,
        "current": current,
        "earlier": [Told(one, [commitment_in_words(row) for row in one.commitments.all()]) for one in versions[1:]],
        "promises": [_promise(row, agreement, user, mine) for row in current.commitments.all()],
        "standings": [
            Standing(party, answers.get(party.organization_id), party.organization_id in managed) for party in parties
        ],
        "to_answer": [
            party.organization
            for party in parties
            if party.must_accept
            and agreement.state == State.PROPOSED
            and party.organization_id in mine
            and party.organization_id not in answers
        ],
        "programs": [{"program": program, "is_seen": program.pk in seen} for program in programs],
        "overlaps": overlaps,
        "steps": list(agreement.steps.in_words())[::-1],
        "moves": services.moves_open_to(user, agreement),
        "may_coordinate": services.may_coordinate(user),
        "money": [row for row in current.commitments.all() if row.amount is not None],
        "rates": rates_used(current.commitments.all()),
        "today": timezone.localdate(),
    }


def _promise(row: Commitment, agreement: Agreement, user: User, mine: set[int]) -> Promise:
    mark = row.mark()
    if not agreement.is_in_force and mark == Commitment.Mark.OVERDUE:
        mark = Commitment.Mark.OPEN
    in_words = agreement.is_in_force and not row.is_watched
    coordinates = services.may_coordinate(user)
    return Promise(
        row,
        commitment_in_words(row),
        str(mark),
        str(Commitment.Mark(mark).label),
        may_say_kept=in_words and row.kept_at is None and row.organization_id in mine,
        may_see=in_words and row.kept_at is not None and row.seen_at is None and coordinates,
        may_take_back=in_words and row.kept_at is not None and (row.organization_id in mine or coordinates),
    )
