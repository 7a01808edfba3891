"""The picture: programs, money and overlaps laid side by side, as one user may see them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from donors.models import Organization
from goals.models import Country, Goal
from programs.models import Coverage, Participation, Program, ProgramGoal
from programs.overlap.models import Overlap
from programs.overlap.querysets import OverlapQuerySet, second_reports
from programs.querysets import ANYWHERE, REGIONAL, REGIONS_AROUND, ProgramQuerySet

if TYPE_CHECKING:
    from donors.models import User

MONEY = DecimalField(max_digits=24, decimal_places=2)
# With a decimal point: PostgreSQL divides whole numbers without a remainder.
HUNDRED = Value(Decimal("100.0"))


@dataclass
class Cell:
    """A goal in a country (or regional): programs that serve it there, their share of the money, open overlaps.

    `committed_usd` is in US dollars; a program's commitment counts by its percentages of goal and country.
    """

    goal: int | None
    country: str | None
    donor: int | None = None
    programs: int = 0
    committed_usd: Decimal = Decimal(0)
    disbursed_usd: Decimal = Decimal(0)
    overlaps: int = 0

    @property
    def is_empty(self) -> bool:
        return self.programs == 0

    @property
    def programs_query(self) -> str:
        """The query string of the list of programs that this cell counts."""
        scope = None if self.goal else Program.Scope.IN_SCOPE.value
        return self._query(goal=self.goal, country=self.country, donor=self.donor, scope=scope)

    @property
    def overlaps_query(self) -> str:
        """The query string of the list of overlaps that this cell counts."""
        state = Overlap.State.OPEN.value
        return self._query(state=state, goal=self.goal, country=self.country, donor=self.donor)

    @staticmethod
    def _query(**filters: object) -> str:
        return urlencode({name: value for name, value in filters.items() if value is not None})


@dataclass
class Matrix:
    """Goals x countries, with the regional programs as one column more, and totals."""

    goals: list[Goal]
    columns: list[tuple[str, str]]
    cells: dict[tuple[int, str], Cell]
    goal_totals: dict[int, Cell]
    column_totals: dict[str, Cell]
    total: Cell

    def rows(self) -> list[dict[str, Any]]:
        """A row for each goal, for templates."""
        return [
            {
                "goal": goal,
                "cells": [self.cells[goal.number, code] for code, _name in self.columns],
                "total": self.goal_totals[goal.number],
            }
            for goal in self.goals
        ]

    def by_country(self) -> list[dict[str, Any]]:
        """The same by country, for narrow screens."""
        return [
            {
                "code": code,
                "name": name,
                "cells": [(goal, self.cells[goal.number, code]) for goal in self.goals],
                "total": self.column_totals[code],
                "gaps": sum(self.cells[goal.number, code].is_empty for goal in self.goals),
            }
            for code, name in self.columns
        ]


@dataclass(frozen=True)
class Totals:
    """The region in figures; money in US dollars, with what was left out as a second report of the same money.

    `undetermined` are programs among these whose goals nobody knows: they stand in no row of the matrix.
    """

    programs: int
    undetermined: int
    donors: int
    committed_usd: Decimal
    left_out_usd: Decimal
    left_out_programs: int
    open_overlaps: int


def programs_counted(user: "User") -> ProgramQuerySet:
    """Programs that pictures and sums of the region are made of: visible, listed, within the goals."""
    return Program.objects.visible_to(user).listed().exclude(scope=Program.Scope.OUT_OF_SCOPE)


def programs_in_region(user: "User") -> ProgramQuerySet:
    """Of these, the ones for any of the seven countries or for Central America as a whole."""
    return programs_counted(user).in_country(ANYWHERE)


def _funders() -> QuerySet[Participation, Any]:
    """How many organizations fund the outer row's program, for a subquery."""
    funding = Participation.objects.filter(program=OuterRef("program"), role=Participation.Role.FUNDING).order_by()
    return funding.values("program").annotate(n=Count("pk")).values("n")


def _share_of_place() -> Coalesce:
    """The percentage of the joined coverage; equal parts where the program states none."""
    siblings = Coverage.objects.filter(program=OuterRef("program")).order_by().values("program").annotate(n=Count("pk"))
    equal = HUNDRED / Subquery(siblings.values("n"), output_field=MONEY)
    return Coalesce(F("program__coverages__percentage"), equal, output_field=MONEY)


# The seven countries by code, everything regional as one; other countries are not columns.
_COLUMN = Case(
    When(program__coverages__country__in_carsi=True, then=F("program__coverages__country_id")),
    When(program__coverages__region__in=REGIONS_AROUND, then=Value(REGIONAL)),
    default=None,
    output_field=CharField(),
)


def matrix(user: "User", regional_name: str, donor: Organization | None = None) -> Matrix:
    """The 5 x 7 matrix and its regional column for what `user` may see: ten queries, whatever the size.

    With a `donor` only what it funds, its money in equal parts with the other funders of a program.
    """
    goals = list(Goal.objects.all())
    seven = sorted(
        ((country.code, country.name) for country in Country.objects.filter(in_carsi=True)), key=lambda c: c[1]
    )
    columns = [*seven, (REGIONAL, regional_name)]
    of = donor.pk if donor else None
    cells = {(goal.number, code): Cell(goal.number, code, of) for goal in goals for code, _name in columns}
    found = Matrix(
        goals,
        columns,
        cells,
        goal_totals={goal.number: Cell(goal.number, ANYWHERE, of) for goal in goals},
        column_totals={code: Cell(None, code, of) for code, _name in columns},
        total=Cell(None, ANYWHERE, of),
    )
    programs_of_it = programs_in_region(user)
    share = F("percentage") * _share_of_place() / Value(Decimal(10000))
    if donor is not None:
        programs_of_it = programs_of_it.funded_by(donor)
        share = share / Subquery(_funders(), output_field=MONEY)
    rows = ProgramGoal.objects.filter(program__in=programs_of_it).annotate(column=_COLUMN).filter(column__isnull=False)
    once = ~Q(program__in=second_reports(user))
    committed, disbursed = (
        Sum(F(f"program__{column}") * share, filter=once, output_field=MONEY)
        for column in ("committed_usd", "disbursed_usd")
    )
    programs = Count("program", distinct=True)
    for goal, column, number, usd, moved in (
        rows.values("goal", "column")
        .annotate(programs=programs, committed=committed, disbursed=disbursed)
        .values_list("goal", "column", "programs", "committed", "disbursed")
        .order_by()
    ):
        cell = cells[goal, column]
        cell.programs, cell.committed_usd, cell.disbursed_usd = number, usd or Decimal(0), moved or Decimal(0)
        for total in (found.goal_totals[goal], found.column_totals[column], found.total):
            total.committed_usd += cell.committed_usd
            total.disbursed_usd += cell.disbursed_usd
    # A program of two goals or countries counts once in a total.
    inside = rows.order_by()
    for goal, number in inside.values("goal").annotate(programs=programs).values_list("goal", "programs"):
        found.goal_totals[goal].programs = number
    for column, number in inside.values("column").annotate(programs=programs).values_list("column", "programs"):
        found.column_totals[column].programs = number
    found.total.programs = inside.aggregate(programs=programs)["programs"]
    pairs = Overlap.objects.visible_to(user).open()
    _count_overlaps(pairs if donor is None else pairs.of_donor(donor), found)
    return found


def _count_overlaps(open_pairs: OverlapQuerySet, matrix: Matrix) -> None:
    """Counts the pairs whose two programs share the goal and the country (or are both regional): four queries."""
    pairs = open_pairs.in_country(ANYWHERE).order_by()
    meet = Q(left__coverages__country=F("right__coverages__country"), left__coverages__country__in_carsi=True) | Q(
        left__coverages__region__in=REGIONS_AROUND, right__coverages__region__in=REGIONS_AROUND
    )
    column = Case(
        When(left__coverages__region__isnull=False, then=Value(REGIONAL)),
        default=F("left__coverages__country_id"),
        output_field=CharField(),
    )
    same_goal = Q(left__goals__goal=F("right__goals__goal"))
    number = Count("pk", distinct=True)
    in_cells = pairs.filter(meet, same_goal).annotate(goal=F("left__goals__goal"), column=column)
    for goal, code, n in in_cells.values("goal", "column").annotate(n=number).values_list("goal", "column", "n"):
        matrix.cells[goal, code].overlaps = n
    in_columns = pairs.filter(meet).annotate(column=column)
    for code, n in in_columns.values("column").annotate(n=number).values_list("column", "n"):
        matrix.column_totals[code].overlaps = n
    in_rows = pairs.filter(same_goal).annotate(goal=F("left__goals__goal"))
    for goal, n in in_rows.values("goal").annotate(n=number).values_list("goal", "n"):
        matrix.goal_totals[goal].overlaps = n
    matrix.total.overlaps = pairs.count()


def totals(user: "User") -> Totals:
    """The region in figures for what `user` may see: three queries."""
    programs = programs_in_region(user)
    twice = Q(pk__in=second_reports(user))
    sums = programs.aggregate(
        programs=Count("pk"),
        undetermined=Count("pk", filter=Q(scope=Program.Scope.UNDETERMINED)),
        committed=Sum("committed_usd", filter=~twice),
        left_out=Sum("committed_usd", filter=twice),
        left_out_programs=Count("pk", filter=twice),
    )
    donors = Participation.objects.filter(role=Participation.Role.FUNDING, program__in=programs)
    return Totals(
        programs=sums["programs"],
        undetermined=sums["undetermined"],
        donors=donors.aggregate(n=Count("organization", distinct=True))["n"],
        committed_usd=sums["committed"] or Decimal(0),
        left_out_usd=sums["left_out"] or Decimal(0),
        left_out_programs=sums["left_out_programs"],
        open_overlaps=Overlap.objects.visible_to(user).open().in_country(ANYWHERE).count(),
    )


def organizations_with_totals(user: "User") -> QuerySet[Organization]:
    """All organizations, with `programs` (that it funds and `user` may see), `committed_usd`, `disbursed_usd` and
    `countries` as their donor; one query. A program of several funders counts for each in equal parts; second
    reports of the same money are left out of the sums.
    """
    funding = Participation.objects.filter(
        organization=OuterRef("pk"), role=Participation.Role.FUNDING, program__in=programs_counted(user)
    ).order_by()
    once = funding.exclude(program__in=second_reports(user)).annotate(n=Subquery(_funders()))

    def of_once(column: str) -> Coalesce:
        summed = once.values("organization").annotate(total=Sum(F(f"program__{column}") / F("n"), output_field=MONEY))
        return Coalesce(Subquery(summed.values("total"), output_field=MONEY), Value(Decimal(0)), output_field=MONEY)

    counted = funding.values("organization").annotate(n=Count("program", distinct=True)).values("n")
    countries = (
        funding.filter(program__coverages__country__in_carsi=True)
        .values("organization")
        .annotate(n=Count("program__coverages__country", distinct=True))
        .values("n")
    )
    return (
        Organization.objects.visible_to(user)
        .annotate(
            programs=Coalesce(Subquery(counted), Value(0)),
            countries=Coalesce(Subquery(countries), Value(0)),
            committed_usd=of_once("committed_usd"),
            disbursed_usd=of_once("disbursed_usd"),
        )
        .select_related("country")
    )


def donors_with_totals(user: "User") -> QuerySet[Organization]:
    """Of these, the donors: organizations that fund at least one program that `user` may see."""
    return organizations_with_totals(user).filter(programs__gt=0)
