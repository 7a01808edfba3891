"""What a program is, between the layers: frozen, typed, without the database.

Organizations are ids; countries, regions, areas, sectors and goals are their codes. Money is Decimal in the
currency beside it (ISO 4217). Percentages of one list are all None, or add up to exactly 100.00.
"""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

MICRODEGREE = Decimal("0.000001")


@dataclass(frozen=True)
class TranslationData:
    language: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class ParticipationData:
    organization_id: int
    role: int
    activity_identifier: str = ""


@dataclass(frozen=True)
class CoverageData:
    """A country (ISO 3166-1 alpha-2) or a DAC region, exactly one of them."""

    country_id: str | None = None
    region_id: str | None = None
    percentage: Decimal | None = None


@dataclass(frozen=True)
class LocationData:
    """An area of the list (ISO 3166-2), a locality by name, a point in WGS 84 degrees, or several of these."""

    area_id: str | None = None
    name: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    percentage: Decimal | None = None

    def on_the_grid(self) -> "LocationData":
        """The location with its point in the precision that the database keeps: a millionth of a degree."""
        if self.latitude is None or self.longitude is None:
            return self
        return replace(
            self, latitude=self.latitude.quantize(MICRODEGREE), longitude=self.longitude.quantize(MICRODEGREE)
        )


@dataclass(frozen=True)
class GoalData:
    goal_id: int
    percentage: Decimal
    reasons: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class SectorData:
    sector_id: str
    percentage: Decimal | None = None


@dataclass(frozen=True)
class OtherSectorData:
    """A sector in another vocabulary than the DAC purpose codes: a code of IATI's list SectorVocabulary, or what the
    file has there. The percentage is that of its own vocabulary's list."""

    vocabulary: str
    code: str = ""
    name: str = ""
    percentage: Decimal | None = None


@dataclass(frozen=True)
class MarkerData:
    code: int
    significance: int


@dataclass(frozen=True)
class TransactionData:
    type: int
    value: Decimal
    currency: str
    date: dt.date | None = None
    value_date: dt.date | None = None
    provider_id: int | None = None
    receiver_id: int | None = None
    provider_activity: str = ""
    receiver_activity: str = ""
    description: str = ""
    reference: str = ""
    finance_type: str = ""
    # Of this money alone, where the reporter says so of the transaction.
    country_id: str | None = None
    region_id: str | None = None
    sector_id: str | None = None


@dataclass(frozen=True)
class BudgetData:
    value: Decimal
    currency: str
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    type: int = 1
    status: int = 1
    value_date: dt.date | None = None


@dataclass(frozen=True)
class PlannedDisbursementData:
    """A payment that is planned for a period; without an end it is for its first day."""

    value: Decimal
    currency: str
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    type: int = 1
    value_date: dt.date | None = None
    provider_id: int | None = None
    receiver_id: int | None = None
    provider_activity: str = ""
    receiver_activity: str = ""


@dataclass(frozen=True)
class RelatedData:
    type: int
    identifier: str


@dataclass(frozen=True)
class ProgramData:
    """All that a person, a file or a script says of a program; what the portal derives is not in it.

    `goals` None asks for goals to be proposed from sectors and text; a tuple is what a person decided.
    """

    reporting_org_id: int
    identifier: str
    title: str = ""
    description: str = ""
    language: str = "en"
    status: int | None = None
    planned_start: dt.date | None = None
    planned_end: dt.date | None = None
    actual_start: dt.date | None = None
    actual_end: dt.date | None = None
    visibility: str = "partners"
    source: str = "browser"
    source_name: str = ""
    default_currency: str = ""
    activity_scope: str = ""
    collaboration_type: str = ""
    flow_type: str = ""
    finance_type: str = ""
    aid_type: str = ""
    tied_status: str = ""
    hierarchy: int | None = None
    is_humanitarian: bool = False
    is_secondary_report: bool = False
    translations: tuple[TranslationData, ...] = ()
    participations: tuple[ParticipationData, ...] = ()
    coverages: tuple[CoverageData, ...] = ()
    locations: tuple[LocationData, ...] = ()
    goals: tuple[GoalData, ...] | None = None
    sectors: tuple[SectorData, ...] = ()
    other_sectors: tuple[OtherSectorData, ...] = ()
    policy_markers: tuple[MarkerData, ...] = ()
    transactions: tuple[TransactionData, ...] = ()
    budgets: tuple[BudgetData, ...] = ()
    planned_disbursements: tuple[PlannedDisbursementData, ...] = ()
    related: tuple[RelatedData, ...] = ()
