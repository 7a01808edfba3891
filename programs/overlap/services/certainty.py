"""The highest probability that pages state: no higher than decisions bear out."""

from math import sqrt

from django.core.cache import cache
from django.db.models import Count, Q

from core.numbers import HIGHEST_SHOWN, HIGHEST_SHOWN_KEY
from programs.overlap.calibrated import current_model
from programs.overlap.decisions import as_called
from programs.overlap.labels import WAS_RIGHT
from programs.overlap.models import Review

# So many decisions on pairs with a probability of 95 % or more must say whether it was right before more is stated;
# with so many, less is stated where they clearly say so.
LEAST_DECISIONS, LEAST_TO_LOWER = 100, 30
# Of Wilson's interval: 95 times of 100 the true share is in it.
DEVIATIONS = 1.96
SURE_FROM = HIGHEST_SHOWN / 100
LEAST_SHOWN, MOST_SHOWN = 50, 99


def supported(right: int, decisions: int) -> int:
    """The highest per cent to state, where `right` of so many sure pairs were confirmed: 95 until 100 are decided, or
    30 that clearly say less; then the share of them, rounded down, 99 at most."""
    clearly_less = decisions >= LEAST_TO_LOWER and _most_likely_at_most(right, decisions) < SURE_FROM
    if decisions < LEAST_DECISIONS and not clearly_less:
        return HIGHEST_SHOWN
    return max(LEAST_SHOWN, min(MOST_SHOWN, 100 * right // decisions))


def _most_likely_at_most(right: int, decisions: int) -> float:
    """The upper end of Wilson's interval of the share that is right."""
    share, spread = right / decisions, DEVIATIONS**2 / decisions
    around = share + spread / 2 + DEVIATIONS * sqrt((share * (1 - share) + spread / 4) / decisions)
    return around / (1 + spread)


def renew_highest_shown() -> int:
    """Finds it from what was decided about probabilities of the version in use, and keeps it for all pages until the
    next time; two queries. A case decided in one stroke is one decision."""
    judged = as_called(Review.objects.judgements()).annotate(was_right=WAS_RIGHT)
    sure = judged.filter(probability__gte=SURE_FROM, by_version=current_model().version)
    counted = sure.order_by().aggregate(
        right=Count("act", filter=Q(was_right=True), distinct=True),
        decisions=Count("act", filter=Q(was_right__isnull=False), distinct=True),
    )
    highest = supported(counted["right"], counted["decisions"])
    cache.set(HIGHEST_SHOWN_KEY, highest, timeout=None)
    return highest
