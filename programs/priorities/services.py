"""Every change to priorities, their ranks, and which programs answer them."""

import datetime as dt
from dataclasses import dataclass

import pghistory
import structlog
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.dates import END_BEFORE_START
from core.errors import EditConflict, NotAllowed, Refused
from donors.models import User
from goals.models import Area, Goal, Priority
from programs.priorities.models import PriorityLink
from programs.priorities.permissions import may_settle, require_may_set
from programs.priorities.proposals import ask_for_proposals

log = structlog.get_logger(__name__)
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
State = PriorityLink.State


@dataclass(frozen=True)
class PriorityData:
    """A priority as people enter it. `rank` None: at the end of its list. `country` None: of the region."""

    goal: int
    country: str | None
    area: str | None
    title_en: str
    title_es: str
    period_start: dt.date
    period_end: dt.date
    source: str = ""
    rank: int | None = None


@transaction.atomic
def add_priority(data: PriorityData, *, actor: User) -> Priority:
    """A new priority at its rank. NotAllowed; Refused where the rank is taken or the facts contradict each other."""
    require_may_set(actor, data.country)
    _check(data)
    with pghistory.context(user=actor.pk):
        priority = Priority()
        _hold_list(data.goal)
        _set(priority, data)
        priority.rank = _free_rank(priority, data.rank)
        priority.save(force_insert=True)
    log.info("priority.added", priority_id=priority.pk, actor=actor.pk)
    ask_for_proposals(priority)
    return priority


@transaction.atomic
def change_priority(priority: Priority, data: PriorityData, *, actor: User, version: int) -> Priority:
    """Changes what it says, where and when. It keeps its rank where that is free, else it goes to the end.

    ChangedMeanwhile where `version` is not the stored one.
    """
    _hold_list(priority.goal_id, data.goal)
    locked = _lock(priority)
    require_may_set(actor, locked.country_id)
    require_may_set(actor, data.country)
    if locked.version != version:
        raise EditConflict(locked.version)
    _check(data)
    _set(locked, data)
    wanted = data.rank or locked.rank
    taken = Priority.objects.in_the_same_list(locked).exclude(pk=locked.pk).filter(rank=wanted).exists()
    locked.rank = _free_rank(locked, None) if taken else wanted
    return _saved(locked, actor, "priority.changed")


@transaction.atomic
def move_priority(priority: Priority, *, actor: User, up: bool) -> bool:
    """Swaps it with the next more (`up`) or less urgent one of its list; False where there is none."""
    _hold_list(priority.goal_id)
    locked = _lock(priority)
    require_may_set(actor, locked.country_id)
    beside = Priority.objects.in_the_same_list(locked).exclude(pk=locked.pk)
    other = (
        beside.filter(rank__lt=locked.rank).order_by("-rank").first()
        if up
        else beside.filter(rank__gt=locked.rank).order_by("rank").first()
    )
    if other is None:
        return False
    for one, rank in ((locked, other.rank), (other, locked.rank)):
        if Priority.objects.in_the_same_list(one).exclude(pk__in=[locked.pk, other.pk]).filter(rank=rank).exists():
            raise Refused(_("Another period already has this rank. Change the periods first."))
    with pghistory.context(user=actor.pk), connection.cursor() as cursor:
        # One statement: the ranks are compared when it ends.
        cursor.execute(
            "UPDATE goals_priority SET rank = %s - rank, version = version + 1 WHERE id IN (%s, %s)",
            [locked.rank + other.rank, locked.pk, other.pk],
        )
    log.info("priority.moved", priority_id=locked.pk, actor=actor.pk, up=up)
    return True


@transaction.atomic
def end_priority(priority: Priority, *, actor: User, on: dt.date) -> Priority:
    """Ends it on a day of its period; it stays in the list of those that are over."""
    _hold_list(priority.goal_id)
    locked = _lock(priority)
    require_may_set(actor, locked.country_id)
    if not locked.period_start <= on <= locked.period_end:
        raise Refused(_("Choose a day within the period of the priority."))
    locked.period_end = on
    return _saved(locked, actor, "priority.ended")


@transaction.atomic
def settle_link(link: PriorityLink, *, actor: User, confirm: bool) -> PriorityLink:
    """A person says whether the program answers the priority. NotAllowed for who may not."""
    locked = PriorityLink.objects.select_for_update(of=("self",)).select_related("program").get(pk=link.pk)
    if not may_settle(actor, locked.program):
        raise NotAllowed()
    state = State.CONFIRMED if confirm else State.REJECTED
    if locked.state != state:
        locked.state, locked.decided_by, locked.decided_at = state, actor, timezone.now()
        with pghistory.context(user=actor.pk):
            locked.save(update_fields=["state", "decided_by", "decided_at"])
        log.info("priority_link.settled", link_id=locked.pk, state=str(state), actor=actor.pk)
    return locked


def _hold_list(*goals: int) -> None:
    """Two people who rank under one goal wait for each other."""
    list(Goal.objects.select_for_update(no_key=True).filter(pk__in=goals).order_by("pk"))


def _lock(priority: Priority) -> Priority:
    return Priority.objects.select_for_update(of=("self",)).get(pk=priority.pk)


def _saved(priority: Priority, actor: User, event: str) -> Priority:
    priority.version = F("version") + 1  # type: ignore[assignment]
    with pghistory.context(user=actor.pk):
        priority.save()
    priority.refresh_from_db()
    log.info(event, priority_id=priority.pk, actor=actor.pk)
    ask_for_proposals(priority)
    return priority


def _check(data: PriorityData) -> None:
    if not (EARLIEST <= data.period_start <= LATEST and EARLIEST <= data.period_end <= LATEST):
        raise Refused(_("The year must be between 2000 and 2099."))
    if data.period_start > data.period_end:
        raise Refused(END_BEFORE_START)
    if data.area is not None and not Area.objects.filter(pk=data.area, country=data.country).exists():
        raise Refused(_("The area is in another country. Choose an area of this country, or none."))
    if not data.title_en.strip() or not data.title_es.strip():
        raise Refused(_("Write the title in both languages."))


def _set(priority: Priority, data: PriorityData) -> None:
    priority.goal_id, priority.country_id, priority.area_id = data.goal, data.country, data.area
    priority.title_en, priority.title_es = data.title_en.strip(), data.title_es.strip()
    priority.period_start, priority.period_end, priority.source = data.period_start, data.period_end, data.source


def _free_rank(priority: Priority, wanted: int | None) -> int:
    """The rank asked for, where it is free; else (None) the one after the last of its list."""
    beside = Priority.objects.in_the_same_list(priority).exclude(pk=priority.pk)
    if wanted is None:
        return (beside.aggregate(last=Max("rank"))["last"] or 0) + 1
    if taken := beside.filter(rank=wanted).first():
        raise Refused(
            _("“%(title)s” already has rank %(rank)s in this period. Choose another rank.")
            % {"rank": wanted, "title": taken.title}
        )
    return wanted
