"""One IATI activity as read: what it says, in the words of 2.0x, before it meets the database."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.functional import Promise

from programs.services.results import ResultData


@dataclass(frozen=True)
class Deviation:
    """Something that differed from the standard: a stable code, and what was there."""

    code: str
    detail: str


@dataclass(frozen=True)
class OrganizationRef:
    ref: str
    name: str
    kind: str = ""

    def __bool__(self) -> bool:
        return bool(self.ref or self.name)


@dataclass(frozen=True)
class Participant:
    organization: OrganizationRef
    role: int
    activity_identifier: str = ""


@dataclass(frozen=True)
class Share:
    """An entry of a list with percentages: a code in a vocabulary, with the words beside it."""

    code: str
    percentage: Decimal | None
    text: str = ""
    vocabulary: str = ""


@dataclass(frozen=True)
class Place:
    """A location; `country` and `admin_codes` are what it says of its administrative place.

    `designation` is the kind of place by the code list LocationType (ADM1, PPL, PCLI …), or "".
    """

    name: str
    latitude: Decimal | None
    longitude: Decimal | None
    percentage: Decimal | None
    country: str
    admin_codes: tuple[str, ...]
    admin_names: tuple[str, ...]
    designation: str = ""


@dataclass(frozen=True)
class Movement:
    """A transaction."""

    type: int
    value: Decimal
    currency: str
    date: dt.date | None
    value_date: dt.date | None
    provider: OrganizationRef
    receiver: OrganizationRef
    provider_activity: str
    receiver_activity: str
    description: str
    reference: str
    finance_type: str
    # Of this money alone, where the transaction says so.
    country: Share | None = None
    region: Share | None = None
    sectors: tuple[Share, ...] = ()


@dataclass(frozen=True)
class BudgetLine:
    value: Decimal
    currency: str
    type: int
    status: int
    period_start: dt.date | None
    period_end: dt.date | None
    value_date: dt.date | None


@dataclass(frozen=True)
class PlannedPayment:
    """A planned disbursement."""

    value: Decimal
    currency: str
    type: int
    period_start: dt.date | None
    period_end: dt.date | None
    value_date: dt.date | None
    provider: OrganizationRef
    receiver: OrganizationRef
    provider_activity: str
    receiver_activity: str


@dataclass
class Activity:
    """An activity; `problem` says why it cannot be taken at all."""

    line: int
    identifier: str = ""
    standard: str = ""
    checksum: str = ""
    xml: str = ""
    problem: str | Promise = ""
    reporting_org: OrganizationRef = field(default_factory=lambda: OrganizationRef("", ""))
    titles: list[tuple[str, str]] = field(default_factory=list)
    descriptions: list[tuple[str, str]] = field(default_factory=list)
    status: int | None = None
    dates: dict[str, dt.date] = field(default_factory=dict)
    participants: list[Participant] = field(default_factory=list)
    countries: list[Share] = field(default_factory=list)
    regions: list[Share] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    sectors: list[Share] = field(default_factory=list)
    markers: list[tuple[int, int]] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    budgets: list[BudgetLine] = field(default_factory=list)
    payments: list[PlannedPayment] = field(default_factory=list)
    related: list[tuple[int, str]] = field(default_factory=list)
    results: list[ResultData] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    hierarchy: int | None = None
    is_humanitarian: bool | None = None
    is_secondary_report: bool = False
    oddities: list[Deviation] = field(default_factory=list)

    def warn(self, code: str, detail: object) -> None:
        """Notes what differs from the standard: a code of ODDITIES, and what the file says there, if anything."""
        self.oddities.append(Deviation(code, str(detail)[:200]))
