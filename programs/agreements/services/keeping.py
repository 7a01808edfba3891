"""Whether what was agreed is kept: seen in the programs themselves, and for the rest said and seen by people."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from decimal import Decimal

import structlog
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.agreements.models import Agreement, Commitment, Step
from programs.agreements.services.writing import lock, may_answer_for, may_coordinate, move, record, store
from programs.agreements.states import State
from programs.models import Program, ProgramLocation, Transaction

log = structlog.get_logger(__name__)
Kind = Commitment.Kind


class Places:
    """The areas that programs work in, each with the area that it is part of; two queries for however many."""

    def __init__(self, program_ids: Iterable[int | None]) -> None:
        self.of: dict[int, set[str]] = {}
        rows = ProgramLocation.objects.filter(program__in={pk for pk in program_ids if pk}, area__isnull=False)
        for program, area, parent in rows.values_list("program_id", "area_id", "area__parent_id"):
            self.of.setdefault(program, set()).update(str(code) for code in (area, parent) if code)

    def __contains__(self, of_program: tuple[int, str]) -> bool:
        program, area = of_program
        return area in self.of.get(program, set())


class CommittedMoney:
    """What programs have committed in their own currency, where all of it is in one; a query for however many."""

    def __init__(self, program_ids: Iterable[int | None]) -> None:
        self.of: dict[int, dict[str, Decimal]] = {}
        commitments = Transaction.objects.filter(type=Transaction.Type.COMMITMENT)
        rows = commitments.filter(program__in={pk for pk in program_ids if pk}).order_by()
        for program, currency, total in rows.values_list("program_id", "currency").annotate(total=Sum("value")):
            self.of.setdefault(program, {})[currency] = total

    def alone_in(self, currency: str, program: int) -> Decimal | None:
        """The sum, where the program has commitments in this currency and in no other."""
        sums = self.of.get(program, {})
        return sums[currency] if set(sums) == {currency} else None


def is_over(program: Program, today: date) -> bool:
    """Whether the record is closed or archived, or the program closed, cancelled or ended."""
    return (
        program.stage in (Program.Stage.CLOSED, Program.Stage.ARCHIVED)
        or program.status in (Program.Status.CLOSED, Program.Status.CANCELLED)
        or (program.actual_end is not None and program.actual_end <= today)
    )


def is_done(commitment: Commitment, places: Places, money: CommittedMoney, today: date) -> bool:
    """Whether the program is now as agreed. Wants the program read; not for commitments in words.

    Dates: each that was agreed is the planned or the actual one. Leaving an area: the program is over, or has no
    location in the area or in a part of it. Taking one over: it has one there, and is neither cancelled nor archived.
    Closed: it is over. Money: committed less, by the amount at least, than when it was agreed; in the currency of the
    amount where the program states all commitments in it, since rates of other months would blur it; else in dollars.
    """
    program = commitment.program
    if program is None:
        return False
    if commitment.kind == Kind.MOVE_DATES:
        start, end = commitment.new_start, commitment.new_end
        return (start is None or start in (program.planned_start, program.actual_start)) and (
            end is None or end in (program.planned_end, program.actual_end)
        )
    works_there = (program.pk, str(commitment.area_id)) in places
    if commitment.kind == Kind.LEAVE_AREA:
        return not works_there or is_over(program, today)
    if commitment.kind == Kind.TAKE_OVER_AREA:
        is_off = program.stage == Program.Stage.ARCHIVED or program.status == Program.Status.CANCELLED
        return works_there and not is_off
    if commitment.kind == Kind.CLOSE:
        return is_over(program, today)
    own, own_now = commitment.baseline, money.alone_in(commitment.currency, program.pk)
    if own is not None and own_now is not None and commitment.amount is not None:
        return own_now <= own - commitment.amount
    before, now, less = commitment.baseline_usd, program.committed_usd, commitment.amount_usd
    return before is not None and now is not None and less is not None and now <= before - less


def watch(program_ids: Collection[int] | None = None) -> int:
    """Looks at all agreements in force, or at those with commitments on these programs; how many changed.

    Derived from what is stored: safe to run twice, or at once. Three queries where nothing has changed.
    """
    agreements = Agreement.objects.in_force()
    if program_ids is not None:
        named = Commitment.objects.in_force().filter(program__in=program_ids)
        agreements = agreements.filter(pk__in=named.values("version__agreement"))
    by_agreement: dict[int, list[Commitment]] = {}
    rows = Commitment.objects.current().filter(version__agreement__in=agreements)
    for row in rows.select_related("program", "version__agreement"):
        by_agreement.setdefault(row.version.agreement_id, []).append(row)
    ids = {row.program_id for commitments in by_agreement.values() for row in commitments}
    places, money, today = Places(ids), CommittedMoney(ids), timezone.localdate()
    changed = 0
    for pk, commitments in by_agreement.items():
        agreement = commitments[0].version.agreement
        settled = [row.is_watched and is_done(row, places, money, today) != row.is_kept for row in commitments]
        if any(settled) or all(row.is_kept for row in commitments) != (agreement.state == State.KEPT):
            with transaction.atomic():
                # Looked at again with the row held: it may have been ended in the meantime.
                found = Agreement.objects.select_for_update(of=("self",)).in_force().filter(pk=pk).first()
                changed += bool(found and watch_one(found))
    if changed:
        log.info("agreements.watched", changed=changed)
    return changed


def watch_one(agreement: Agreement) -> bool:
    """Marks what is kept and what no longer is, and moves the agreement to kept and back; whether anything changed.

    To be called in a transaction that holds the agreement.
    """
    commitments = list(
        Commitment.objects.filter(version__agreement=agreement)
        .current()
        .select_related("program", "area", "organization", "to_program")
    )
    ids = {row.program_id for row in commitments}
    places, money = Places(ids), CommittedMoney(ids)
    today, now = timezone.localdate(), timezone.now()
    changed = False
    for row in commitments:
        if row.is_watched and is_done(row, places, money, today) != row.is_kept:
            row.kept_at = None if row.is_kept else now
            row.save(update_fields=["kept_at"])
            record(agreement, Step.Kind.COMMITMENT_KEPT if row.is_kept else Step.Kind.COMMITMENT_LOST, commitment=row)
            changed = True
    if changed:
        store(agreement)
    return _follow(agreement, commitments) or changed


def _follow(agreement: Agreement, commitments: list[Commitment]) -> bool:
    """Moves the agreement to where its commitments have it; whether it moved."""
    all_kept = bool(commitments) and all(row.is_kept for row in commitments)
    if all_kept == (agreement.state == State.KEPT):
        return False
    move(agreement, "keep" if all_kept else "fall_back")
    store(agreement)
    record(agreement, Step.Kind.KEPT if all_kept else Step.Kind.FELL_BACK)
    return True


@transaction.atomic
def say_kept(commitment: Commitment, *, actor: User, note: str = "") -> Commitment:
    """A manager of the responsible organization says that what was promised in words is done."""
    agreement, row = _lock_in_words(commitment, actor)
    if row.organization_id not in may_answer_for(actor):
        raise NotAllowed(_("Only a manager of the responsible organization can report this."))
    if row.kept_at is None:
        row.kept_at = timezone.now()
        row.save(update_fields=["kept_at"])
        store(agreement)
        record(agreement, Step.Kind.SAID_KEPT, actor=actor, organization=row.organization, commitment=row, note=note)
    return row


@transaction.atomic
def take_back(commitment: Commitment, *, actor: User, note: str = "") -> Commitment:
    """Takes back that it is kept: the responsible organization's manager, or a coordinator who finds otherwise."""
    agreement, row = _lock_in_words(commitment, actor)
    if row.organization_id not in may_answer_for(actor) and not may_coordinate(actor):
        raise NotAllowed()
    if row.kept_at is not None:
        row.kept_at = row.seen_at = None
        row.save(update_fields=["kept_at", "seen_at"])
        store(agreement)
        record(agreement, Step.Kind.TAKEN_BACK, actor=actor, commitment=row, note=note)
        watch_one(agreement)
    return row


@transaction.atomic
def see(commitment: Commitment, *, actor: User, note: str = "") -> Commitment:
    """A coordinator has seen that what was said to be kept is kept: from now on it counts."""
    agreement, row = _lock_in_words(commitment, actor)
    if not may_coordinate(actor):
        raise NotAllowed()
    if row.kept_at is None:
        raise Refused(_("This commitment has not been reported as done yet."))
    if row.seen_at is None:
        row.seen_at = timezone.now()
        row.save(update_fields=["seen_at"])
        store(agreement)
        record(agreement, Step.Kind.SEEN, actor=actor, commitment=row, note=note)
        watch_one(agreement)
    return row


# What is said of a commitment in words, by its name on pages and in the API.
MARKS: dict[str, Callable[..., Commitment]] = {"kept": say_kept, "seen": see, "not_kept": take_back}


def _lock_in_words(commitment: Commitment, actor: User) -> tuple[Agreement, Commitment]:
    agreement = lock(commitment.version.agreement, actor)
    row = (
        Commitment.objects.filter(version__agreement=agreement)
        .current()
        .select_related("program", "area", "organization", "to_program")
        .filter(pk=commitment.pk)
        .first()
    )
    if row is None or not agreement.is_in_force:
        raise Refused(_("The agreement is not in force, or its terms have changed."))
    if row.is_watched:
        raise Refused(_("The portal checks this commitment in the program itself."))
    return agreement, row
