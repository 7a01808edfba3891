"""What coordinators do with a proposed calibration: accept it, decline it, and reverse one that is in effect.

Each change of what is in effect begins a full scan: it gives every pair its new score, keeps what was decided, and
goes on after a crash (services/full_scan.py). Until its end a pair has the score of the version that it names.
"""

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.overlap.engine.score import model
from programs.overlap.models import Calibration, CalibrationMove, ScanRun
from programs.overlap.services.certainty import renew_highest_shown
from programs.overlap.services.full_scan import start_full_scan
from programs.overlap.services.review import may_review
from programs.overlap.services.writing import one_at_a_time
from programs.services.scan_requests import request_full_scan

log = structlog.get_logger(__name__)

State, Action = Calibration.State, CalibrationMove.Action


def accept_calibration(calibration: Calibration, *, actor: User, note: str = "") -> Calibration:
    """The proposal takes effect. Refused where it is no open proposal, or rests on what is no longer in effect."""
    with transaction.atomic():
        locked = _locked(calibration, actor, State.PROPOSED, _("Someone has already decided on this proposal."))
        current = Calibration.objects.in_effect(model().version).first()
        if locked.base_version != model().version or locked.before_id != (current.pk if current else None):
            raise Refused(_("The engine has changed since this was proposed. Wait for the next proposal."))
        if current:
            Calibration.objects.filter(pk=current.pk).update(state=State.REPLACED)
        _move(locked, State.IN_EFFECT, Action.ACCEPT, actor, note)
    _score_again(actor)
    return locked


@transaction.atomic
def decline_calibration(calibration: Calibration, *, actor: User, note: str) -> Calibration:
    """The proposal is not wanted; the note says why."""
    locked = _locked(calibration, actor, State.PROPOSED, _("Someone has already decided on this proposal."))
    _says_why(note)
    return _move(locked, State.DECLINED, Action.DECLINE, actor, note)


def reverse_calibration(calibration: Calibration, *, actor: User, note: str) -> Calibration:
    """The calibration is taken back: what was in effect before it is in effect again, with exactly the scores of
    then. The note says why."""
    with transaction.atomic():
        locked = _locked(calibration, actor, State.IN_EFFECT, _("This change is not in effect."))
        _says_why(note)
        _move(locked, State.REVERSED, Action.REVERSE, actor, note)
        Calibration.objects.filter(pk=locked.before_id, base_version=locked.base_version).update(state=State.IN_EFFECT)
    _score_again(actor)
    return locked


def _locked(calibration: Calibration, actor: User, state: str, otherwise: object) -> Calibration:
    """The row, held, with all writers of pairs held off, so that none writes by what is no longer in effect."""
    if not may_review(actor):
        raise NotAllowed()
    one_at_a_time()
    locked = Calibration.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=calibration.pk)
    if locked.state != state:
        raise Refused(otherwise)
    return locked


def _says_why(note: str) -> None:
    if not note.strip():
        raise Refused(_("Say why in the note."))


def _move(calibration: Calibration, state: str, action: str, actor: User, note: str) -> Calibration:
    calibration.state = state
    calibration.save(update_fields=["state"])
    CalibrationMove.objects.create(calibration=calibration, action=action, actor=actor, note=note.strip())
    log.info("calibration.moved", calibration_id=calibration.pk, action=action, actor=actor.pk)
    return calibration


def _score_again(actor: User) -> None:
    """A full scan from the beginning: one that is running has compared some programs by what was in effect before.
    If this does not come about, the nightly one does it."""
    ScanRun.objects.filter(finished_at__isnull=True).update(finished_at=timezone.now(), cancelled_by=actor)
    start_full_scan()
    request_full_scan()
    # What was decided by other probabilities does not say how high these may be stated.
    renew_highest_shown()
