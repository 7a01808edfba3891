"""The figures and tables of a profile: a fixed number of queries, whatever the size of its subject."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from donors.models import Organization
from goals.models import Country, Goal, Priority
from programs.models import Participation, Program
from programs.money.memory import Memory, once_kept
from programs.overlap.describe import Names, explain
from programs.priorities.coverage import with_coverage
from programs.querysets import ProgramQuerySet, among
from programs.region.planned_after import PlannedAfter, planned_after
from programs.reports.chart import Group, groups
from programs.reports.gaps import SubjectGaps, gaps_of
from programs.reports.subjects import Subject
from programs.reports.weighing import Weighed

if TYPE_CHECKING:
    from programs.reports.subjects import Viewer

MONEY = DecimalField(max_digits=30, decimal_places=2)
DONORS, PROGRAMS, OVERLAPS, PRIORITIES, ENDING, CONTACTS, YEARS = 8, 6, 4, 6, 5, 6, 10
# Donors that plan most, in a brief; and how many years after this one plans are looked at.
NEXT, COMING = 3, 3


@dataclass(frozen=True)
class Figures:
    """Key figures; money in US dollars, without duplicate reports of the same funds, which `left_out` counts."""

    programs: int
    donors: int
    committed_usd: Decimal
    disbursed_usd: Decimal
    left_out: int
    open_overlaps: int
    ending: int


@dataclass
class Cell:
    programs: int = 0
    committed_usd: Decimal = Decimal(0)


@dataclass
class DonorRow:
    """A donor with what it does here, by goal or by country: `names` of the columns, and a cell for each."""

    organization: Organization
    total: Cell
    names: list[str]
    cells: list[Cell]

    @property
    def named_cells(self) -> list[dict[str, Any]]:
        return [{"name": name, "cell": cell} for name, cell in zip(self.names, self.cells, strict=True)]


@dataclass(frozen=True)
class YearRow:
    """A year's commitments, disbursements and plans in US dollars, and how high their bars are (0 to 100)."""

    year: int
    committed_usd: Decimal
    disbursed_usd: Decimal
    planned_usd: Decimal
    committed_height: float
    disbursed_height: float
    planned_height: float


@dataclass(frozen=True)
class PlannedRow:
    """What a donor plans here for each of the coming years, in US dollars; the sum of all where it is None."""

    donor: Organization | None
    years: list[tuple[int, Decimal]]


@dataclass(frozen=True)
class Counted:
    """What a profile says of programs and overlaps, the same for all who see the same of them; lists are short, but for
    `donors`, which are all, those of most money first. `cells` are by goal or country."""

    figures: Figures
    cells: dict[Any, Cell]
    donors: list[DonorRow]
    programs: list[Program]
    ending: list[tuple[Program, PlannedAfter]]
    overlaps: list[dict[str, Any]]
    years: list[YearRow]
    planned: list[PlannedRow]
    contacts: list[Organization]


@dataclass(frozen=True)
class Profile(Counted):
    """All that a profile's page and its brief show; `as_of` where what is counted is from before a change."""

    subject: Subject
    is_public: bool
    made_on: date
    as_of: datetime | None
    columns: list[tuple[Any, str]]
    priorities: list[Priority]
    gaps: SubjectGaps

    @property
    def by_column(self) -> list[Cell]:
        return [self.cells.get(key, Cell()) for key, _name in self.columns]

    @property
    def unanswered(self) -> list[Priority]:
        """Priorities for which people confirmed no program."""
        return [asked for asked in self.priorities if not asked.confirmed]  # type: ignore[attr-defined]

    @property
    def dated_percent(self) -> int | None:
        """How much of what is committed the years hold, which only know of dated transactions."""
        total = self.figures.committed_usd
        return round(sum(row.committed_usd for row in self.years) / total * 100) if total else None

    @property
    def first_donors(self) -> list[DonorRow]:
        """As many as stand open on a page, and as a brief has room for."""
        return self.donors[:DONORS]

    @property
    def more_donors(self) -> list[DonorRow]:
        """The others, with less money here."""
        return self.donors[DONORS:]

    @property
    def more_donors_usd(self) -> Decimal:
        """What those others commit here, in US dollars."""
        return sum((row.total.committed_usd for row in self.more_donors), Decimal(0))

    @property
    def last_years(self) -> list[YearRow]:
        """As many as a brief has room for."""
        return self.years[-7:]

    @property
    def bars(self) -> list[Group]:
        return groups(
            [(str(row.year), row.committed_height, row.disbursed_height, row.planned_height) for row in self.years]
        )

    @property
    def next_planned(self) -> list[tuple[Organization, Decimal]]:
        """The donors that plan most here for the first of the coming years, with how much."""
        return [(row.donor, row.years[0][1]) for row in self.planned[1 : NEXT + 1] if row.donor and row.years[0][1]]

    @property
    def column_rows(self) -> list[dict[str, Any]]:
        return [
            {"key": key, "name": name, "cell": cell}
            for (key, name), cell in zip(self.columns, self.by_column, strict=True)
        ]


def profile_of(
    subject: Subject, viewer: "Viewer", *, shows_contacts: bool, is_public: bool, memory: Memory | None = None
) -> Profile:
    """The profile as `viewer` may see it; `shows_contacts` where they may be told organizations' addresses."""
    today = timezone.localdate()
    columns = _columns(subject)
    memory = memory or Memory(viewer)
    counted = memory.keep(
        f"profile-{subject.kind}-{subject.key}",
        lambda: _counted(subject, viewer, columns, today, memory),
    )
    return Profile(
        **{**vars(counted), "contacts": counted.contacts if shows_contacts else []},
        subject=subject,
        is_public=is_public,
        made_on=today,
        as_of=memory.as_of,
        columns=columns,
        priorities=_priorities(subject, viewer, today),
        gaps=gaps_of(subject, viewer, today, memory),
    )


def _counted(
    subject: Subject, viewer: "Viewer", columns: list[tuple[Any, str]], today: date, memory: Memory
) -> Counted:
    weighed = Weighed(subject, viewer, once_kept(viewer, memory))
    donors = _donors(subject, weighed, columns)
    ending = subject.programs.ending_soon(today).annotate(ends=Coalesce("actual_end", "planned_end"))
    return Counted(
        figures=_figures(subject, weighed, ending.count()),
        cells={column: Cell(*figures) for column, figures in weighed.by_column().items()},
        donors=donors,
        programs=list(subject.programs.for_list().order_by(F("committed_usd").desc(nulls_last=True), "pk")[:PROGRAMS]),
        ending=_ending(viewer, ending, today, memory),
        overlaps=_overlaps(subject),
        years=_years(weighed, today),
        planned=_planned(weighed, today),
        contacts=_contacts(subject),
    )


def _ending(
    viewer: "Viewer", ending: ProgramQuerySet, today: date, memory: Memory
) -> list[tuple[Program, PlannedAfter]]:
    """The first to end, each with what is planned after it."""
    programs = list(ending.select_related("reporting_org").order_by("ends", "pk")[:ENDING])
    after = planned_after(viewer, programs, today, memory)
    return [(program, after[program.pk]) for program in programs]


def _figures(subject: Subject, weighed: Weighed, ending: int) -> Figures:
    committed, disbursed = weighed.money()
    twice = Q(pk__in=among(weighed.twice))
    counts = subject.programs.aggregate(programs=Count("pk"), left_out=Count("pk", filter=twice))
    funding = Participation.objects.filter(role=Participation.Role.FUNDING, program__in=subject.programs.values("pk"))
    return Figures(
        programs=counts["programs"],
        donors=funding.aggregate(n=Count("organization", distinct=True))["n"],
        committed_usd=committed,
        disbursed_usd=disbursed,
        left_out=counts["left_out"],
        open_overlaps=subject.overlaps.count(),
        ending=ending,
    )


def _columns(subject: Subject) -> list[tuple[Any, str]]:
    if subject.by == "goal":
        return [(goal.number, str(goal)) for goal in Goal.objects.all()]
    seven = [(country.code, country.name) for country in Country.objects.filter(in_carsi=True)]
    return [*sorted(seven, key=lambda pair: pair[1]), (None, _("Regional"))]


def _donors(subject: Subject, weighed: Weighed, columns: list[tuple[Any, str]]) -> list[DonorRow]:
    """All donors with their cells, those of most money first: three queries.

    A program of several funders counts for each by its share; its duplicate reports count as programs, not as money.
    """
    if subject.kind == "donor":
        return []
    funding = Participation.objects.filter(role=Participation.Role.FUNDING, program__in=subject.programs.values("pk"))
    totals = funding.order_by().values("organization").annotate(n=Count("program", distinct=True))
    ranked = list(totals.order_by("-n", "organization").values_list("organization", "n"))
    wanted = [pk for pk, _n in ranked]
    organizations = Organization.objects.in_bulk(wanted)
    keys, names = [key for key, _name in columns], [name for _key, name in columns]
    rows = {pk: DonorRow(organizations[pk], Cell(n), names, [Cell() for _key in keys]) for pk, n in ranked}
    for donor, column, n, money in weighed.by_donor(wanted):
        if column in keys:
            rows[donor].cells[keys.index(column)] = Cell(n, money)
            rows[donor].total.committed_usd += money
    return sorted(rows.values(), key=lambda row: (-row.total.committed_usd, -row.total.programs, row.organization.pk))


def _years(weighed: Weighed, today: date) -> list[YearRow]:
    """Commitments and disbursements by the year of their date, the last YEARS of them, and what is planned for these
    years and the coming ones."""
    dated = {year: (committed, moved) for year, committed, moved in sorted(weighed.by_year())[-YEARS:]}
    first = min([*dated, today.year])
    plans = {year: usd for year, usd in weighed.planned_by_year(first, today.year + COMING).items() if usd}
    nothing = (Decimal(0), Decimal(0))
    years = {year: (*dated.get(year, nothing), plans.get(year, Decimal(0))) for year in sorted({*dated, *plans})}
    highest = max((max(amounts) for amounts in years.values()), default=Decimal(0))

    def height(value: Decimal) -> float:
        return float(max(value, Decimal(0)) * 100 / highest) if highest > 0 else 0.0

    return [YearRow(year, *amounts, *map(height, amounts)) for year, amounts in years.items()]


def _planned(weighed: Weighed, today: date) -> list[PlannedRow]:
    """What is planned for the coming years: of all, then of the donors that plan most; nothing where nothing is."""
    first, last = today.year + 1, today.year + COMING
    years = range(first, last + 1)
    total = weighed.planned_by_year(first, last)
    if not any(total.values()):
        return []
    by_donor = weighed.planned_by_donor(first, last) if weighed.subject.kind != "donor" else {}
    largest = sorted(by_donor, key=lambda pk: (-sum(by_donor[pk].values(), Decimal(0)), pk))[:DONORS]
    donors = Organization.objects.in_bulk(largest)

    def row(donor: Organization | None, planned: dict[int, Any]) -> PlannedRow:
        return PlannedRow(donor, [(year, planned.get(year, Decimal(0))) for year in years])

    return [row(None, total), *(row(donors[pk], by_donor[pk]) for pk in largest)]


def _overlaps(subject: Subject) -> list[dict[str, Any]]:
    most = subject.overlaps.leading(OVERLAPS, "-stake", "-score", "-id")
    names = Names(most)
    return [{"overlap": overlap, "reasons": explain(overlap, names, 1)} for overlap in most]


def _priorities(subject: Subject, viewer: "Viewer", today: date) -> list[Priority]:
    """The most urgent ones of today, each with how many programs answer it (see with_coverage): a query."""
    current = with_coverage(subject.priorities.within(today, today), viewer)
    return list(
        current.select_related("goal", "country", "area").order_by("rank", "goal", "country", "pk")[:PRIORITIES]
    )


def _contacts(subject: Subject) -> list[Organization]:
    """Organizations that take part here in most programs and gave an address to be asked at."""
    taking_part = Participation.objects.filter(program__in=subject.programs.values("pk"))
    if subject.kind == "donor":
        return list(Organization.objects.filter(pk=subject.key).exclude(contact_email=""))
    counted = taking_part.filter(organization=OuterRef("pk")).order_by().values("organization")
    programs = Subquery(counted.annotate(n=Count("program", distinct=True)).values("n"))
    found = Organization.objects.exclude(contact_email="").annotate(programs=programs).filter(programs__gt=0)
    return list(found.order_by("-programs", "name")[:CONTACTS])
