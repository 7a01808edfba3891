"""A coordination meeting: its list of cases, and each outcome as it falls."""

from collections.abc import Collection
from datetime import date

import structlog
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import EditConflict, Refused
from donors.models import User
from programs.agreements.models import Agreement, Item, Meeting, Outcome
from programs.agreements.services.drafting import begin_draft
from programs.agreements.services.writing import require_coordinator
from programs.agreements.terms import Terms
from programs.overlap.models import Overlap
from programs.overlap.services import confirm, dismiss

log = structlog.get_logger(__name__)
Choice = Outcome.Choice
MOST_CASES = 100


@transaction.atomic
def prepare_meeting(
    *,
    actor: User,
    title: str,
    held_on: date,
    place: str = "",
    present: str = "",
    meeting: Meeting | None = None,
    version: int | None = None,
) -> Meeting:
    """Makes a meeting, or changes what is said of it. NotAllowed for all but coordinators; Refused once closed;
    ChangedMeanwhile where `version` is given and somebody saved it since."""
    require_coordinator(actor)
    row = _lock(meeting) if meeting else Meeting(created_by=actor, version=0)
    if meeting and version is not None and row.version != version:
        raise EditConflict(row.version)
    if not title.strip():
        raise Refused(_("Give the meeting a title."))
    row.title, row.held_on = title.strip(), held_on
    row.place, row.present = place.strip(), present.replace("\r\n", "\n").strip()
    row.version += 1
    row.save()
    return row


@transaction.atomic
def add_cases(meeting: Meeting, keys: Collection[int], *, actor: User) -> int:
    """Puts cases at the end of the list; how many. A key is a cluster's id, or a single pair's with a minus; a case
    whose pairs are all on the list already is left out."""
    require_coordinator(actor)
    row = _lock(meeting)
    last = row.items.aggregate(last=Max("position"))["last"] or 0
    known = set(Item.overlaps.through.objects.filter(item__meeting=row).values_list("overlap_id", flat=True))
    added = 0
    for key in dict.fromkeys(keys):
        visible = Overlap.objects.visible_to(actor)
        pairs = visible.of_case(key) if key > 0 else visible.filter(pk=-key)
        found = [pair for pair in pairs.order_by("pk") if pair.pk not in known]
        if not found:
            continue
        if last + added >= MOST_CASES:
            raise Refused(_("A meeting can have at most %(most)s cases.") % {"most": MOST_CASES})
        added += 1
        item = Item.objects.create(meeting=row, position=last + added)
        item.overlaps.set(found)
        known |= {pair.pk for pair in found}
    return added


@transaction.atomic
def move_case(item: Item, step: int, *, actor: User, position: int | None = None) -> None:
    """Moves a case one place up (-1) or down (1) in the list; at its end it stays. Refused where it stands no longer
    at the `position` where the person saw it."""
    require_coordinator(actor)
    row = _lock_item(item)
    if position is not None and row.position != position:
        raise Refused(_("Someone else changed the order in the meantime. This is the current list."))
    beside = Item.objects.filter(meeting=row.meeting_id, position=row.position + step).first()
    if beside is not None:
        Item.objects.filter(pk=beside.pk).update(position=row.position)
        Item.objects.filter(pk=row.pk).update(position=row.position + step)


@transaction.atomic
def remove_case(item: Item, *, actor: User) -> None:
    """Takes a case off the list. Refused once an outcome is recorded: the minutes hold it."""
    require_coordinator(actor)
    row = _lock_item(item)
    if row.outcomes.exists():
        raise Refused(_("This case already has an outcome, which stays in the minutes."))
    row.delete()
    Item.objects.filter(meeting=row.meeting_id, position__gt=row.position).update(position=F("position") - 1)


@transaction.atomic
def close_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Closes the meeting: its minutes stay as they are."""
    require_coordinator(actor)
    row = _lock(meeting)
    row.closed_at = timezone.now()
    row.save(update_fields=["closed_at"])
    return row


@transaction.atomic
def record_outcome(
    item: Item,
    choice: str,
    *,
    actor: User,
    reason: str = "",
    kind: str = "",
    title: str = "",
    note: str = "",
    present: str = "",
    recorded: int | None = None,
) -> Outcome:
    """Records what the meeting came to, and does it through the same services as on the pages of overlaps.

    Confirm: every open pair is confirmed. Dismiss: every open pair is dismissed, for the reason. Agreement: open pairs
    are confirmed, and a draft of the kind is begun on all that are confirmed, with the note as its text. Postpone:
    nothing. Refused, and nothing done, where that is not possible; ChangedMeanwhile where the case has other than
    `recorded` outcomes by now (None: however many).
    """
    require_coordinator(actor)
    _lock_item(item)
    if recorded is not None and (now := item.outcomes.count()) != recorded:
        raise EditConflict(now)
    pairs = list(Overlap.objects.visible_to(actor).filter(pk__in=item.overlaps.values("pk")).order_by("pk"))
    agreement = None
    if choice == Choice.DISMISS:
        if not _open(pairs):
            raise Refused(_("No pair of this case is open, so there is nothing to dismiss."))
        for pair in _open(pairs):
            dismiss(pair, actor=actor, reason=reason, note=note)
    elif choice in (Choice.CONFIRM, Choice.AGREEMENT):
        for pair in _open(pairs):
            confirm(pair, actor=actor, note=note)
        confirmed = [pair for pair in pairs if pair.state == Overlap.State.CONFIRMED] + _open(pairs)
        if not confirmed:
            raise Refused(_("All pairs of this case were dismissed or are no longer flagged."))
        if choice == Choice.AGREEMENT:
            agreement = _draft(item, confirmed, actor=actor, kind=kind, title=title, note=note)
    elif choice != Choice.POSTPONE:
        raise Refused(_("Choose an outcome."))
    made = Outcome.objects.create(
        item=item,
        choice=choice,
        reason=reason if choice == Choice.DISMISS else "",
        agreement=agreement,
        note=note.replace("\r\n", "\n").strip(),
        present=present.replace("\r\n", "\n").strip(),
        actor=actor,
    )
    log.info("meeting.outcome", meeting_id=item.meeting_id, choice=choice, actor=actor.pk)
    return made


def _draft(item: Item, pairs: list[Overlap], *, actor: User, kind: str, title: str, note: str) -> Agreement:
    if kind not in Agreement.Kind.values:
        raise Refused(_("Choose the kind of agreement."))
    if item.outcomes.filter(agreement__isnull=False).exclude(agreement__state="withdrawn").exists():
        raise Refused(_("There is already a draft agreement on this case. You find it among the agreements."))
    longest = Agreement._meta.get_field("title").max_length
    return begin_draft(pairs, actor=actor, title=title[:longest], terms=Terms(kind, note))


def _open(pairs: list[Overlap]) -> list[Overlap]:
    return [pair for pair in pairs if pair.state == Overlap.State.OPEN and pair.is_flagged]


def _lock_item(item: Item) -> Item:
    """The case as it stands in its list, with its meeting locked. Refused once either is closed or taken off."""
    _lock(item.meeting)
    row = Item.objects.filter(pk=item.pk).first()
    if row is None:
        raise Refused(_("Someone removed this case from the agenda."))
    return row


def _lock(meeting: Meeting) -> Meeting:
    """The meeting, locked until commit. Refused once it is closed."""
    row = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if row.closed_at is not None:
        raise Refused(_("The meeting is closed. Its minutes can no longer change."))
    return row
