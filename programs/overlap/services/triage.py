"""What coordinators do in the queue: decide on whole cases, take the last decision back, hand cases out."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.overlap.cases import KEY
from programs.overlap.models import Assignment, Overlap, Review
from programs.overlap.querysets import OverlapQuerySet
from programs.overlap.services.review import MOVES, Action, may_review, record, says_why
from programs.overlap.services.writing import one_at_a_time

# More than fits on a page is nobody's decision.
MOST_CASES = 200


@dataclass(frozen=True)
class Decided:
    """A decision on cases: how many of them, on how many pairs, and what it is undone by."""

    cases: int
    pairs: int
    batch: UUID


@transaction.atomic
def decide_cases(keys: Collection[int], action: str, *, actor: User, reason: str = "", note: str = "") -> Decided:
    """Confirms or dismisses all open pairs of these cases (reopen: all decided ones) that `actor` may see, or none.

    `keys` are those of cases.KEY. Refused where there is no such pair, where a reason is missing, and for more than
    200 cases at once.
    """
    if not may_review(actor):
        raise NotAllowed()
    if not keys:
        raise Refused(_("Choose at least one case."))
    if len(set(keys)) > MOST_CASES:
        raise Refused(_("Choose at most %(most)s cases at once.") % {"most": MOST_CASES})
    says_why(action, reason, note)
    one_at_a_time()
    pairs = _locked(_of_cases(keys, actor).flagged().filter(state__in=MOVES[action][0]))
    if not pairs:
        raise Refused(_("There is nothing left to decide: someone else decided first, or the programs changed."))
    batch = uuid4()
    record(pairs, action, actor=actor, reason=reason, note=note, batch=batch)
    return Decided(len({pair.case or -pair.pk for pair in pairs}), len(pairs), batch)


@transaction.atomic
def undo_last(*, actor: User, note: str = "") -> Decided:
    """Reopens what `actor` decided last in the queue and nobody has decided on since. Refused where there is none."""
    if not may_review(actor):
        raise NotAllowed()
    one_at_a_time()
    later = Review.objects.filter(overlap=OuterRef("overlap"), pk__gt=OuterRef("pk"))
    standing = Review.objects.filter(actor=actor, batch__isnull=False, action__in=[Action.CONFIRM, Action.DISMISS])
    standing = standing.filter(~Exists(later))
    last = standing.order_by("-pk").first()
    if last is None:
        raise Refused(_("You have no decision to undo."))
    ids = standing.filter(batch=last.batch).values("overlap")
    pairs = _locked(Overlap.objects.visible_to(actor).filter(pk__in=ids, state__in=MOVES[Action.REOPEN][0]))
    if not pairs:
        raise Refused(_("You have no decision to undo."))
    batch = uuid4()
    record(pairs, Action.REOPEN, actor=actor, note=note or str(_("Undone.")), batch=batch)
    return Decided(len({pair.case or -pair.pk for pair in pairs}), len(pairs), batch)


@transaction.atomic
def assign_cases(keys: Collection[int], assignee: User | None, *, actor: User) -> int:
    """Hands these cases to a coordinator, or to nobody; how many. Refused for who does not decide on overlaps."""
    if not may_review(actor):
        raise NotAllowed()
    if not keys:
        raise Refused(_("Choose at least one case."))
    if assignee is not None and not may_review(assignee):
        raise Refused(_("Only coordinators can work on cases."))
    one_at_a_time()
    pairs = _locked(_of_cases(keys, actor))
    Overlap.objects.filter(pk__in=[pair.pk for pair in pairs]).update(assignee=assignee)
    cases = {pair.case for pair in pairs if pair.case is not None}
    Assignment.objects.bulk_create(Assignment(case=case, assignee=assignee, actor=actor) for case in sorted(cases))
    return len(cases)


def _of_cases(keys: Collection[int], actor: User) -> OverlapQuerySet:
    return Overlap.objects.visible_to(actor).alias(key=KEY).filter(key__in=set(keys))


def _locked(pairs: OverlapQuerySet) -> list[Overlap]:
    return list(pairs.select_for_update(of=("self",)).order_by("pk"))
