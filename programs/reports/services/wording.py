"""Pairs and programs as a report keeps them: what is said in words is kept in both languages."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone, translation

from programs.models import Program
from programs.overlap.describe import Names, explain
from programs.overlap.models import Overlap

LANGUAGES = ("en", "es")
MOST_REASONS = 6


def both(say: Callable[[], str]) -> dict[str, str]:
    """What `say` says in each language."""
    stated = {}
    for language in LANGUAGES:
        with translation.override(language):
            stated[language] = str(say())
    return stated


def pairs_in_words(overlaps: Sequence[Overlap]) -> list[dict[str, Any]]:
    """These pairs with their reasons and decisions; a fixed number of queries. Their `key` is annotated."""
    names = Names(overlaps)
    reasons: dict[int, dict[str, list[str]]] = {overlap.pk: {} for overlap in overlaps}
    for language in LANGUAGES:
        with translation.override(language):
            for overlap in overlaps:
                found = explain(overlap, names, MOST_REASONS)
                reasons[overlap.pk][language] = [reason.sentence for reason in found]
    return [_pair(overlap) | {"reasons": reasons[overlap.pk]} for overlap in overlaps]


def _pair(overlap: Any) -> dict[str, Any]:
    return {
        "id": overlap.pk,
        "case": overlap.key,
        "kind": overlap.kind,
        "state": overlap.state,
        "score": round(overlap.score, 4),
        "money": None if overlap.money_usd is None else str(overlap.money_usd),
        "priority": str(overlap.priority),
        "points": overlap.points,
        "flagged": timezone.localdate(overlap.first_flagged_at).isoformat(),
        "left": _side(overlap.left),
        "right": _side(overlap.right),
        "decisions": [
            {
                "action": review.action,
                "reason": review.reason,
                "note": review.note,
                "by": review.actor.shown_name if review.actor else "",
                "on": timezone.localdate(review.created_at).isoformat(),
            }
            for review in overlap.reviews.all()
        ],
    }


def _side(program: Program) -> dict[str, Any]:
    return {
        "id": program.pk,
        "title": program.title,
        "identifier": program.identifier,
        "by": str(program.reporting_org),
    }


def program_in_words(program: Program) -> dict[str, Any]:
    """A program for a working sheet; reads what `for_list` has fetched."""
    places = [row.country or row.region for row in program.coverages.all()]
    return {
        **_side(program),
        "status": program.status,
        "start": program.start.isoformat() if program.start else None,
        "end": program.end.isoformat() if program.end else None,
        "committed": None if program.committed_usd is None else str(program.committed_usd),
        "disbursed": None if program.disbursed_usd is None else str(program.disbursed_usd),
        "left_out": program.left_out,
        "goals": sorted(row.goal_id for row in program.goals.all()),
        "places": {
            "en": [place.name_en for place in places if place],
            "es": [place.name_es or place.name_en for place in places if place],
        },
    }
