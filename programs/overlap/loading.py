"""Reads what the engine needs to know of programs: a fixed number of queries, however many they are."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from donors.models import Organization
from programs.codes import OUTGOING
from programs.models import (
    Budget,
    Coverage,
    Participation,
    Program,
    ProgramGoal,
    ProgramLocation,
    ProgramSector,
    ProgramTranslation,
    RelatedProgram,
    Transaction,
)
from programs.overlap.engine.facts import Money, ProgramFacts, normalized_names

INCOMING = (Transaction.Type.INCOMING_FUNDS, Transaction.Type.INCOMING_COMMITMENT)
# Kinds of related activity by which one report names another of the same undertaking.
SAME_UNDERTAKING = (RelatedProgram.Type.CO_FUNDED, RelatedProgram.Type.THIRD_PARTY)
FAMILY = (RelatedProgram.Type.PARENT, RelatedProgram.Type.CHILD, RelatedProgram.Type.SIBLING)


def load_facts(ids: Iterable[int]) -> dict[int, ProgramFacts]:
    """The facts of these programs by id; ids that are gone are left out.

    The version is read before all else: if it is still the same afterwards, so is all that was read.
    """
    wanted = list(ids)
    programs = list(
        Program.objects.filter(pk__in=wanted).only(
            "id", "version", "identifier", "reporting_org_id", "title", "description", "planned_start", "actual_start",
            "planned_end", "actual_end", "committed_usd",
        )
    )  # fmt: skip
    texts = _grouped(ProgramTranslation, wanted, "title", "description")
    roles = _grouped(Participation, wanted, "role", "organization_id", "activity_identifier")
    coverages = _grouped(Coverage, wanted, "country_id", "region_id")
    locations = _grouped(ProgramLocation, wanted, "area_id", "name")
    goals = _grouped(ProgramGoal, wanted, "goal_id")
    sectors = _grouped(ProgramSector, wanted, "sector_id")
    budgets = _grouped(Budget, wanted, "value", "currency", "period_start")
    related = _grouped(RelatedProgram, wanted, "type", "identifier")
    money = _grouped(
        Transaction, wanted, "type", "value", "currency", "date", "provider_id", "receiver_id", "provider_activity",
        "receiver_activity",
    )  # fmt: skip
    bodies = known_bodies(
        [program.reporting_org_id for program in programs]
        + [organization for rows in roles.values() for _role, organization, _identifier in rows]
        + [organization for rows in money.values() for row in rows for organization in row[4:6]]
    )
    facts = {}
    for program in programs:
        pk = program.pk
        by_role: dict[int, set[int]] = defaultdict(set)
        for role, organization, _identifier in roles[pk]:
            by_role[role].add(organization)
        named = {identifier for _role, _organization, identifier in roles[pk]}
        named |= {row[6] for row in money[pk]} | {row[7] for row in money[pk]}
        named |= {identifier for kind, identifier in related[pk] if kind in SAME_UNDERTAKING}
        start, end = program.start, program.end
        facts[pk] = ProgramFacts(
            id=pk,
            version=program.version,
            identifier=program.identifier,
            reporting_org=program.reporting_org_id,
            title=program.title,
            texts=tuple(text for pair in [(program.title, program.description), *texts[pk]] for text in pair if text),
            start=start,
            end=end if not (start and end and end < start) else None,
            goals=frozenset(goal for (goal,) in goals[pk]),
            sectors=frozenset(sector for (sector,) in sectors[pk]),
            countries=frozenset(country for country, _region in coverages[pk] if country),
            regions=frozenset(region for _country, region in coverages[pk] if region),
            areas=frozenset(area for area, _name in locations[pk] if area),
            localities=normalized_names(name for _area, name in locations[pk] if name),
            funders=frozenset(by_role[Participation.Role.FUNDING]),
            implementers=frozenset(by_role[Participation.Role.IMPLEMENTING]),
            others=frozenset(by_role[Participation.Role.ACCOUNTABLE] | by_role[Participation.Role.EXTENDING]),
            money=tuple(
                Money(
                    kind in OUTGOING,
                    value,
                    currency,
                    date,
                    provider,
                    receiver,
                    provider_activity,
                    receiver_activity,
                )
                for kind, value, currency, date, provider, receiver, provider_activity, receiver_activity in money[pk]
                if kind in OUTGOING or kind in INCOMING
            ),
            budgets=frozenset(budgets[pk]),
            committed_usd=program.committed_usd,
            activity_identifiers=frozenset(named - {"", program.identifier}),
            related=frozenset((kind, identifier) for kind, identifier in related[pk] if kind in FAMILY),
            titles=tuple(title for title in (program.title, *(title for title, _text in texts[pk])) if title),
            listed=listed_of(
                bodies,
                program.reporting_org_id,
                *(organization for _role, organization, _identifier in roles[pk]),
                *(organization for row in money[pk] for organization in row[4:6]),
            ),
        )
    return facts


def known_bodies(organizations: Iterable[int | None]) -> dict[int, str]:
    """Id -> key of those of these organizations that are on the list of known bodies; one query."""
    known = Organization.objects.filter(pk__in={pk for pk in organizations if pk}).exclude(listed_as="")
    return dict(known.values_list("pk", "listed_as"))


def listed_of(bodies: Mapping[int, str], *organizations: int | None) -> frozenset[tuple[int, str]]:
    """(id, key) of those of a program's organizations that are known bodies."""
    return frozenset((pk, bodies[pk]) for pk in organizations if pk is not None and pk in bodies)


def _grouped(model: Any, ids: list[int], *columns: str) -> dict[int, list[tuple[Any, ...]]]:
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for pk, *values in model.objects.filter(program__in=ids).order_by("pk").values_list("program_id", *columns):
        rows[pk].append(tuple(values))
    return rows


def material_facts(facts: ProgramFacts) -> dict[str, Any]:
    """What a decision on an overlap rests on, as JSON: a change of one of these reopens the decision."""
    text = " ".join(facts.texts)
    return {
        "goals": sorted(facts.goals),
        "countries": sorted(facts.countries | facts.regions),
        "areas": sorted(facts.areas),
        "localities": sorted(facts.localities),
        "start": facts.start.isoformat() if facts.start else None,
        "end": facts.end.isoformat() if facts.end else None,
        "money": str(facts.committed_usd) if facts.committed_usd is not None else None,
        "funders": sorted(facts.funders),
        "implementers": sorted(facts.implementers),
        "title": facts.title,
        "text": hashlib.sha256(text.encode()).hexdigest()[:16],
    }
