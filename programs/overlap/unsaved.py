"""What the engine needs to know of a program that is not saved: as loading.load_facts, from what was typed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from goals.money import RateTable
from programs.models import Participation
from programs.overlap.engine.facts import Money, ProgramFacts, normalized_names
from programs.overlap.loading import FAMILY, INCOMING, OUTGOING, SAME_UNDERTAKING, known_bodies, listed_of
from programs.services import ProgramData, propose_for
from programs.services.money import sums_of

# Of no stored program, and before them all.
UNSAVED = 0


def facts_of(
    data: ProgramData,
    program_id: int = UNSAVED,
    rates: RateTable | None = None,
    bodies: Mapping[int, str] | None = None,
) -> ProgramFacts:
    """The facts of a program as it would be once saved; its goals proposed where nobody set them.

    Reads the exchange rates where it has money in another currency than the dollar; for many programs give one table,
    and the known bodies of all (`organizations_of`).
    """
    by_role = {role: {row.organization_id for row in data.participations if row.role == role} for role in range(1, 5)}
    named = {row.activity_identifier for row in data.participations}
    named |= {name for row in data.transactions for name in (row.provider_activity, row.receiver_activity)}
    named |= {row.identifier for row in data.related if row.type in SAME_UNDERTAKING}
    goals = data.goals if data.goals is not None else propose_for(data).goals
    start, end = data.actual_start or data.planned_start, data.actual_end or data.planned_end
    texts = [
        data.title,
        data.description,
        *(text for row in data.translations for text in (row.title, row.description)),
    ]
    organizations = organizations_of(data)
    return ProgramFacts(
        id=program_id,
        version=0,
        identifier=data.identifier,
        reporting_org=data.reporting_org_id,
        title=data.title,
        texts=tuple(text for text in texts if text),
        start=start,
        end=end if not (start and end and end < start) else None,
        goals=frozenset(goal.goal_id for goal in goals),
        sectors=frozenset(row.sector_id for row in data.sectors),
        countries=frozenset(row.country_id for row in data.coverages if row.country_id),
        regions=frozenset(row.region_id for row in data.coverages if row.region_id),
        areas=frozenset(row.area_id for row in data.locations if row.area_id),
        localities=normalized_names(row.name for row in data.locations if row.name),
        funders=frozenset(by_role[Participation.Role.FUNDING]),
        implementers=frozenset(by_role[Participation.Role.IMPLEMENTING]),
        others=frozenset(by_role[Participation.Role.ACCOUNTABLE] | by_role[Participation.Role.EXTENDING]),
        money=tuple(
            Money(
                row.type in OUTGOING,
                row.value,
                row.currency,
                row.date,
                row.provider_id,
                row.receiver_id,
                row.provider_activity,
                row.receiver_activity,
            )
            for row in data.transactions
            if row.type in OUTGOING or row.type in INCOMING
        ),
        budgets=frozenset((row.value, row.currency, row.period_start) for row in data.budgets),
        committed_usd=_committed(data, rates or RateTable()),
        activity_identifiers=frozenset(named - {"", data.identifier}),
        related=frozenset((row.type, row.identifier) for row in data.related if row.type in FAMILY),
        titles=tuple(title for title in (data.title, *(row.title for row in data.translations)) if title),
        listed=listed_of(known_bodies(organizations) if bodies is None else bodies, *organizations),
    )


def organizations_of(data: ProgramData) -> list[int]:
    """The ids of all organizations that a program names."""
    found = [data.reporting_org_id, *(row.organization_id for row in data.participations)]
    found += [pk for row in data.transactions for pk in (row.provider_id, row.receiver_id) if pk]
    return found


def _committed(data: ProgramData, rates: RateTable) -> Decimal | None:
    """What saving would write as committed, in US dollars."""

    def worth(value: Decimal, currency: str, on: date | None) -> Decimal | None:
        dollars = rates.to_usd(value, currency, on)
        return dollars.value if dollars else None

    return sums_of(
        [
            (row.type, worth(row.value, row.currency, row.value_date or row.date), row.currency, row.value)
            for row in data.transactions
        ],
        [
            (
                row.period_start,
                row.period_end,
                row.type,
                worth(row.value, row.currency, row.value_date or row.period_start),
                row.currency,
                row.value,
            )
            for row in data.budgets
        ],
    ).committed
