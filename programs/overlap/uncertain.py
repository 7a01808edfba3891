"""Pairs that the engine is not sure of, as coordinators are asked about them: a few rows of their queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, Func, IntegerField, Value

from donors.models import User
from programs.overlap.calibrated import current_model
from programs.overlap.describe import Explained, Names, explain
from programs.overlap.engine.score import Model, score_all
from programs.overlap.filters import QueueFilter
from programs.overlap.models import Overlap, UncertainPair
from programs.overlap.profiles import stored_facts, stored_profiles
from programs.overlap.services import may_review

MOST_REASONS = 3
# Filters under which nothing is asked: what is asked about is assigned to nobody, and was never flagged.
NOT_WITH = ("age", "assignee")


@dataclass(frozen=True)
class Question:
    """A pair to ask about: its row of the sample, the pair as a scan would write it (not saved), and why the engine
    thinks of it at all."""

    asked: UncertainPair
    overlap: Overlap
    reasons: list[Explained]

    @property
    def key(self) -> str:
        """By which the queue's form names it."""
        return f"u{self.asked.pk}"


def with_questions(
    rows: Sequence[dict[str, Any]], user: User, filters: QueueFilter, page: int, size: int
) -> list[dict[str, Any]]:
    """The rows of a page of the queue, after every nine of the whole queue (settings.UNCERTAIN_ONE_IN) a question; on
    a first page without nine at its end, so that one is asked as well. Six queries for those who decide, none for
    others.

    Each coordinator is asked in an order of their own, which is chance.
    """
    one_in = settings.UNCERTAIN_ONE_IN
    stated = filters.form.cleaned_data
    if one_in < 1 or not may_review(user) or stated.get("state") != Overlap.State.OPEN:
        return list(rows)
    if any(stated.get(name) for name in NOT_WITH):
        return list(rows)
    between = max(1, one_in - 1)
    before = (page - 1) * size
    first, until = before // between, (before + len(rows)) // between
    if page == 1:
        until = max(1, until)
    narrowed = _narrowed(filters, UncertainPair.objects.visible_to(user).unanswered())
    in_turn = Func(F("lot"), Value(user.pk), function="hashint8extended", output_field=IntegerField())
    asked = list(narrowed.order_by(in_turn, "pk").for_list()[first:until])
    questions = [{"question": question} for question in questions_about(asked)]
    made: list[dict[str, Any]] = []
    for place, row in enumerate(rows, before + 1):
        made.append(row)
        if place % between == 0 and questions:
            made.append(questions.pop(0))
    return made + questions


def _narrowed(filters: QueueFilter, pairs: Any) -> Any:
    """These pairs, as far as the filters of the queue let them through."""
    stated = filters.form.cleaned_data
    for name, chosen in filters.filters.items():
        if name != "state" and stated.get(name):
            pairs = chosen.filter(pairs, stated[name])
    return pairs


def questions_about(asked: Iterable[UncertainPair], numbers: Model | None = None) -> list[Question]:
    """These pairs with what the engine says of them now; those of which a program has no profile are left out."""
    rows = list(asked)
    if not rows:
        return []
    numbers = numbers or current_model()
    ids = {pk for row in rows for pk in (row.left_id, row.right_id)}
    facts, profiles = stored_facts(ids), stored_profiles(ids)
    rows = [row for row in rows if facts.keys() >= {row.left_id, row.right_id}]
    pairs = [(row.left_id, row.right_id) for row in rows]
    verdicts = score_all(facts, pairs, flagged_only=False, profiles=profiles, numbers=numbers)
    overlaps = [
        Overlap(
            left=row.left,
            right=row.right,
            kind=verdicts[place].kind,
            score=verdicts[place].score,
            factors=[term.as_json() for term in verdicts[place].terms if term.factor.value is not None],
            is_flagged=False,
            model_version=numbers.version,
        )
        for place, row in enumerate(rows)
    ]
    names = Names(overlaps)
    return [
        Question(row, overlap, [one for one in explain(overlap, names) if one.speaks_for][:MOST_REASONS])
        for row, overlap in zip(rows, overlaps, strict=True)
    ]
