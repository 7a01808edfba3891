"""A coordinator's answer to a pair that the engine is not sure of: from then on an ordinary decision on an overlap."""

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.overlap.calibrated import current_model
from programs.overlap.engine.score import score_all
from programs.overlap.models import Overlap, Review, UncertainPair
from programs.overlap.profiles import stored_facts, stored_profiles
from programs.overlap.services.amounts import Amounts
from programs.overlap.services.review import Action, may_review, record, says_why
from programs.overlap.services.scan import row_of
from programs.overlap.services.writing import locked_programs, one_at_a_time, stored_pairs, upsert


@transaction.atomic
def answer_uncertain(asked: UncertainPair, action: str, *, actor: User, reason: str = "", note: str = "") -> Review:
    """Confirms the pair, which makes it a confirmed overlap, or dismisses it for a reason.

    NotAllowed for all but coordinators; Refused where somebody has answered it already, or one of its programs changed
    and was not compared since.
    """
    if not may_review(actor):
        raise NotAllowed()
    if action not in (Action.CONFIRM, Action.DISMISS):
        raise Refused(_("Choose a decision."))
    says_why(action, reason, note)
    one_at_a_time()
    if not UncertainPair.objects.visible_to(actor).unanswered().filter(pk=asked.pk).exists():
        raise Refused(_("This question is no longer open: someone answered it, or the programs changed."))
    pair = (asked.left_id, asked.right_id)
    current, busy = locked_programs(pair)
    facts, profiles = stored_facts(pair), stored_profiles(pair)
    if busy or any(pk not in facts or facts[pk].version != current.get(pk) for pk in pair):
        raise Refused(_("One of the programs has just changed and is being compared again. Try again in a minute."))
    numbers = current_model()
    verdict = score_all(facts, [pair], flagged_only=False, profiles=profiles, numbers=numbers)[0]
    row = row_of(pair, verdict, facts, stored_pairs([pair]).get(pair), numbers.version, Amounts(pair))
    # The scores may just have changed: what the engine flags by now is flagged, whatever the answer.
    upsert([row], flagged=verdict.is_flagged or action == Action.CONFIRM)
    Overlap.objects.filter(left=asked.left_id, right=asked.right_id).update(is_sampled=not verdict.is_flagged)
    overlap = Overlap.objects.select_for_update(of=("self",)).get(left=asked.left_id, right=asked.right_id)
    return record([overlap], action, actor=actor, reason=reason, note=note, batch=uuid4())[0]
