"""What people decide on overlaps: who may, what each decision needs, and the record of it."""

from collections.abc import Sequence
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.overlap.engine.score import model
from programs.overlap.models import Overlap, Review
from programs.overlap.services.clusters import update_clusters
from programs.overlap.services.writing import one_at_a_time

log = structlog.get_logger(__name__)

Action, State = Review.Action, Overlap.State

# A decision -> the states it may be taken in, and the state that it leads to.
MOVES: dict[str, tuple[frozenset[str], str]] = {
    Action.CONFIRM: (frozenset({State.OPEN}), State.CONFIRMED),
    Action.DISMISS: (frozenset({State.OPEN}), State.DISMISSED),
    Action.REOPEN: (frozenset({State.CONFIRMED, State.DISMISSED}), State.OPEN),
}


def may_review(actor: User) -> bool:
    """Whether `actor` decides on overlaps: SICA's coordinators and administrators."""
    return actor.is_authenticated and actor.sees_everything


def confirm(overlap: Overlap, *, actor: User, reason: str = "", note: str = "") -> Review:
    """The two programs do overlap. Refused unless it is flagged and open; NotAllowed for all but coordinators."""
    return _decide(overlap, Action.CONFIRM, actor=actor, reason=reason, note=note)


def dismiss(overlap: Overlap, *, actor: User, reason: str, note: str = "") -> Review:
    """They do not, for a reason of Review.Reason; `other` needs a note."""
    return _decide(overlap, Action.DISMISS, actor=actor, reason=reason, note=note)


def reopen(overlap: Overlap, *, actor: User, note: str = "") -> Review:
    """A decision is taken back."""
    return _decide(overlap, Action.REOPEN, actor=actor, note=note)


def says_why(action: str, reason: str, note: str) -> None:
    """Refuses a decision that does not say why as it must: a dismissal needs a reason, and `other` a note."""
    if action == Action.DISMISS and not reason:
        raise Refused(_("Choose a reason to dismiss the overlap."))
    if reason and reason not in Review.Reason.values:
        raise Refused(_("Choose one of the listed reasons."))
    if reason == Review.Reason.OTHER and not note.strip():
        raise Refused(_("Describe the other reason in the note."))


def only_sampled(pair: Overlap) -> bool:
    """Whether the pair is there because a person answered a question about it, not because the engine flags it."""
    return pair.is_sampled and pair.score < model().flagged_from


def record(
    pairs: Sequence[Overlap], action: str, *, actor: User, reason: str = "", note: str = "", batch: UUID | None = None
) -> list[Review]:
    """Writes one decision on each of these pairs, which are locked and may be decided so."""
    reviews = Review.objects.bulk_create(
        Review(
            overlap=pair,
            action=action,
            reason=reason,
            note=note.strip(),
            actor=actor,
            left_version=pair.left_version,
            right_version=pair.right_version,
            kind=pair.kind,
            score=pair.score,
            model_version=pair.model_version,
            is_sampled=only_sampled(pair),
            batch=batch,
        )
        for pair in pairs
    )
    ids = [pair.pk for pair in pairs]
    Overlap.objects.filter(pk__in=ids).update(state=MOVES[action][1], updated_at=timezone.now())
    if action == Action.REOPEN and (held := [pair.pk for pair in pairs if pair.score < model().flagged_from]):
        # Without its confirmation such a pair is one that the engine does not flag.
        Overlap.objects.filter(pk__in=held).update(is_flagged=False)
    update_clusters(ids)
    log.info("overlap.decided", overlap_ids=ids, action=action, actor=actor.pk)
    return reviews


@transaction.atomic
def _decide(overlap: Overlap, action: str, *, actor: User, reason: str = "", note: str = "") -> Review:
    if not may_review(actor):
        raise NotAllowed()
    says_why(action, reason, note)
    one_at_a_time()
    locked = Overlap.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=overlap.pk).first()
    if locked is None or (action != Action.REOPEN and not locked.is_flagged):
        raise Refused(_("This overlap is no longer flagged."))
    if locked.state not in MOVES[action][0]:
        raise Refused(
            _("Someone has already decided on this overlap: it is %(state)s.")
            % {"state": locked.get_state_display().lower()}
        )
    return record([locked], action, actor=actor, reason=reason, note=note)[0]
