"""What people decide on overlaps: who may, what each decision needs, and the record of it."""

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from donors.errors import NotAllowed, Refused
from donors.models import User
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


def confirm(overlap: Overlap, *, actor: User, note: str = "") -> Review:
    """The two programs do overlap. Refused unless the overlap is open; NotAllowed for all but coordinators."""
    return _decide(overlap, Action.CONFIRM, actor=actor, note=note)


def dismiss(overlap: Overlap, *, actor: User, reason: str, note: str = "") -> Review:
    """They do not, for a reason of Review.Reason; `other` needs a note."""
    if reason not in Review.Reason.values:
        raise Refused(_("Choose why the overlap is dismissed."))
    if reason == Review.Reason.OTHER and not note.strip():
        raise Refused(_("Say in the note what the other reason is."))
    return _decide(overlap, Action.DISMISS, actor=actor, reason=reason, note=note)


def reopen(overlap: Overlap, *, actor: User, note: str = "") -> Review:
    """A decision is taken back."""
    return _decide(overlap, Action.REOPEN, actor=actor, note=note)


@transaction.atomic
def _decide(overlap: Overlap, action: str, *, actor: User, reason: str = "", note: str = "") -> Review:
    if not may_review(actor):
        raise NotAllowed()
    one_at_a_time()
    locked = Overlap.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=overlap.pk).first()
    if locked is None:
        raise Refused(_("This overlap is no longer flagged."))
    allowed, leads_to = MOVES[action]
    if locked.state not in allowed:
        raise Refused(
            _("Somebody has decided on this overlap already: it is %(state)s.")
            % {"state": locked.get_state_display().lower()}
        )
    review = Review.objects.create(
        overlap=locked,
        action=action,
        reason=reason,
        note=note.strip(),
        actor=actor,
        left_version=locked.left_version,
        right_version=locked.right_version,
    )
    locked.state = leads_to
    locked.save(update_fields=["state", "updated_at"])
    update_clusters([locked.pk])
    log.info("overlap.decided", overlap_id=locked.pk, action=action, actor=actor.pk)
    return review
