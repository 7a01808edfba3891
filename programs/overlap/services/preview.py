"""Overlaps before saving: the engine's own answer for a program that is being typed, of what its author may see."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from donors.models import User
from programs.models import Program
from programs.overlap.calibrated import current_model
from programs.overlap.candidates import meeting
from programs.overlap.describe import Explained, Names, explain
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.profile import profile_of
from programs.overlap.engine.score import Verdict
from programs.overlap.keys import keys_of
from programs.overlap.models import Overlap
from programs.overlap.people import MOST_PEOPLE, names_of_people
from programs.overlap.profiles import stored_facts, stored_profiles
from programs.overlap.scoring import flagged_among
from programs.overlap.unsaved import UNSAVED, facts_of
from programs.services import ProgramData

MOST_SHOWN = 5
MOST_REASONS = 4


@dataclass(frozen=True)
class Preview:
    """A program that the one being typed would overlap: how surely, why, and who there can be asked."""

    program: Program
    kind: str
    kind_label: str
    score: float
    reasons: list[Explained]
    people: list[str]


def preview(facts: ProgramFacts, user: User | AnonymousUser) -> list[Preview]:
    """The programs that the engine would flag with this one, the surest first, at most 5; all visible to `user`."""
    profile = profile_of(facts)
    found = [pk for pk in meeting(keys_of(facts, profile.reading)) if pk != facts.id]
    seen = Program.objects.visible_to(user).scannable().filter(pk__in=found).values_list("pk", flat=True)
    pairs = [(min(pk, facts.id), max(pk, facts.id)) for pk in sorted(seen)]
    profiles = {**stored_profiles(pk for pair in pairs for pk in pair), facts.id: profile}
    numbers = current_model()
    verdicts = flagged_among(
        profiles, pairs, lambda ids: {**stored_facts(ids), facts.id: facts}, numbers=numbers
    ).verdicts
    surest = sorted(verdicts, key=lambda pair: (-verdicts[pair].score, pair))[:MOST_SHOWN]
    programs = Program.objects.select_related("reporting_org").in_bulk([pk for pair in surest for pk in pair])
    programs[facts.id] = Program(pk=facts.id, title=" ".join(facts.texts))
    overlaps = [_unsaved(programs[left], programs[right], verdicts[left, right]) for left, right in surest]
    names = Names(overlaps)
    people = names_of_people([program.reporting_org_id for pk, program in programs.items() if pk != facts.id])
    return [_row(overlap, facts.id, names, people) for overlap in overlaps]


def _row(overlap: Overlap, own: int, names: Names, people: dict[int, list[str]]) -> Preview:
    other = overlap.right if overlap.left_id == own else overlap.left
    return Preview(
        program=other,
        kind=overlap.kind,
        kind_label=overlap.get_kind_display(),
        score=overlap.score,
        reasons=[reason for reason in explain(overlap, names, MOST_REASONS) if reason.speaks_for],
        people=people.get(other.reporting_org_id, [])[:MOST_PEOPLE],
    )


def _unsaved(left: Program, right: Program, verdict: Verdict) -> Overlap:
    """The pair as the scan would write it, for its words alone."""
    return Overlap(
        left=left,
        right=right,
        kind=verdict.kind,
        score=verdict.score,
        factors=[term.as_json() for term in verdict.terms if term.factor.value is not None],
    )


def preview_of_form(data: ProgramData | None, program: Program | None, user: User | AnonymousUser) -> dict[str, Any]:
    """What the panel shows: `enough` says whether the form tells enough to compare by, `rows` what was found."""
    if data is None or not data.title or not (data.coverages or data.locations):
        return {"enough": False, "rows": []}
    facts = facts_of(data, program.pk if program else UNSAVED)
    if not facts.goals:
        return {"enough": False, "rows": []}
    return {"enough": True, "rows": preview(facts, user)}
