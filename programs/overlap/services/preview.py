"""Overlaps before saving: the engine's own answer for a program that is being typed, of what its author may see."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet

from donors.models import Membership, User
from programs.models import Coverage, Program, ProgramGoal, ProgramLocation
from programs.overlap.describe import Explained, Names, explain
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.score import Verdict, judge
from programs.overlap.loading import load_facts
from programs.overlap.models import Overlap
from programs.overlap.unsaved import UNSAVED, facts_of
from programs.services import ProgramData

MARGIN = timedelta(days=90)
MOST_CANDIDATES = 400
MOST_SHOWN = 5
MOST_REASONS = 4
MOST_PEOPLE = 3


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
    found = list(candidates(facts, user).values_list("pk", flat=True)[:MOST_CANDIDATES])
    verdicts = [(pk, judge(facts, other)) for pk, other in load_facts(found).items()]
    flagged = sorted((one for one in verdicts if one[1].is_flagged), key=lambda one: (-one[1].score, one[0]))
    shown = flagged[:MOST_SHOWN]
    programs = Program.objects.select_related("reporting_org").in_bulk([pk for pk, _verdict in shown])
    overlaps = [_unsaved(programs[pk], verdict) for pk, verdict in shown]
    names = Names(overlaps)
    people = _people([program.reporting_org_id for program in programs.values()])
    return [
        Preview(
            program=overlap.right,
            kind=overlap.kind,
            kind_label=overlap.get_kind_display(),
            score=overlap.score,
            reasons=[reason for reason in explain(overlap, names) if reason.speaks_for][:MOST_REASONS],
            people=people.get(overlap.right.reporting_org_id, [])[:MOST_PEOPLE],
        )
        for overlap in overlaps
    ]


def candidates(facts: ProgramFacts, user: User | AnonymousUser) -> QuerySet[Program]:
    """Programs worth comparing, nearest first: same area or country and time, or one that names or carries the same
    identifier."""
    shown = Program.objects.visible_to(user).scannable().exclude(pk=facts.id)
    there = Q(pk__in=[])
    if facts.areas:
        in_area = ProgramLocation.objects.filter(program=OuterRef("pk"), area__in=facts.areas)
        there |= Q(Exists(in_area))
    if facts.countries or facts.regions:
        covered = Coverage.objects.filter(program=OuterRef("pk")).filter(
            Q(country__in=facts.countries) | Q(region__in=facts.regions)
        )
        wide = Q(Exists(covered))
        if facts.areas:
            # Both name areas, and not the same: the engine tells them apart by place.
            wide &= ~Q(Exists(ProgramLocation.objects.filter(program=OuterRef("pk"), area__isnull=False)))
        if facts.goals:
            goals = ProgramGoal.objects.filter(program=OuterRef("pk"))
            wide &= Q(Exists(goals.filter(goal__in=facts.goals))) | ~Q(Exists(goals))
        there |= wide
    start, end = facts.start, facts.end
    period = DateRange(start - MARGIN if start else None, end + MARGIN if end else None, "[]")
    there &= Q(period__overlap=period)
    named = Q(identifier__in={facts.identifier, *facts.activity_identifiers})
    named |= Q(participations__activity_identifier=facts.identifier)
    return shown.filter(there | named).distinct().order_by("-updated_at", "-pk")


def _unsaved(other: Program, verdict: Verdict) -> Overlap:
    """The pair as the scan would write it, for its words alone."""
    return Overlap(
        right=other,
        kind=verdict.kind,
        score=verdict.score,
        factors=[term.as_json() for term in verdict.terms if term.factor.value is not None],
    )


def _people(organizations: list[int]) -> dict[int, list[str]]:
    """The names of managers, then editors, of each organization; people without a name are not named by their email."""
    found: dict[int, list[str]] = {}
    members = Membership.objects.filter(
        organization__in=organizations, role__in=["manager", "editor"], user__is_active=True
    ).exclude(user__full_name="")
    for organization, name in members.order_by("-role", "user__full_name").values_list(
        "organization_id", "user__full_name"
    ):
        found.setdefault(organization, []).append(name)
    return found


def preview_of_form(data: ProgramData | None, program: Program | None, user: User | AnonymousUser) -> dict[str, Any]:
    """What the panel shows: `enough` says whether the form tells enough to compare by, `rows` what was found."""
    if data is None or not data.title or not (data.coverages or data.locations):
        return {"enough": False, "rows": []}
    facts = facts_of(data, program.pk if program else UNSAVED)
    if not facts.goals:
        return {"enough": False, "rows": []}
    return {"enough": True, "rows": preview(facts, user)}
