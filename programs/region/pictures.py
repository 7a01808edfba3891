"""Each picture of the region by its name: as a drawing, and as a table."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.money import left_out_of
from core.templatetags.figures import left_out_words
from donors.models import Organization
from programs.money.memory import Memory, once_kept
from programs.money.once import Once
from programs.region import areas_map, carrying, charts, counting, dashboard, gaps
from programs.region.matrix import Matrix, matrix

if TYPE_CHECKING:
    from donors.models import User

Table = Iterable[Sequence[str]]
DRAWN = ("areas", "goals", "donors")
NAMES = ("matrix", "gaps", *DRAWN)


class Pictures:
    """The pictures as one reader sees them on one day; each is made when it is asked for."""

    def __init__(self, user: "User", today: date, memory: Memory | None = None) -> None:
        self.user, self.today, self.memory = user, today, memory or Memory(user)

    def once(self) -> Once:
        """What of each program's money counts."""
        return once_kept(self.user, self.memory)

    def make_all(self) -> None:
        """Makes what is not remembered, or is remembered from before a change."""
        names = ("matrix", "totals", "gaps", "areas", "goals", "donors", "ending", "across", "funded", "carried_out")
        for name in names:
            getattr(self, name)()
        for name in DRAWN:
            self.drawing(name)

    def matrix(self, donor: Organization | None = None) -> Matrix:
        """Of all, or of what a donor funds."""
        name = f"matrix-{donor.pk}" if donor else "matrix"
        found = self.memory.keep(name, lambda: matrix(self.user, _("Regional"), self._cells(donor), donor))
        # Priorities may have changed since the matrix was made.
        found.gaps = Counter(need.code for need in self.needs if need.gap) if donor is None else Counter()
        return found

    def _cells(self, donor: Organization | None) -> counting.Cells:
        if donor is None:
            return counting.served_kept(self.user, self.today, self.memory).cells
        return counting.cells_of_donor(self.user, donor, self.today, self.once())

    def totals(self) -> counting.Totals:
        return self.memory.keep("totals", lambda: counting.totals(self.user, self.once()))

    def funded(self) -> dict[int, counting.Funded]:
        """Organization -> what it funds."""
        return self.memory.keep("funded", lambda: counting.funded(self.user, once=self.once()))

    def carried_out(self) -> dict[int, counting.Funded]:
        """Organization -> what it carries out."""
        return self.memory.keep("carried-out", lambda: carrying.carried_out(self.user, once=self.once()))

    def carried_out_by(self, organization: Organization) -> counting.Funded:
        return self.memory.keep(
            f"carried-out-{organization.pk}",
            lambda: carrying.carried_out(self.user, [organization.pk], self.once()).get(
                organization.pk, counting.Funded()
            ),
        )

    def funded_by(self, donor: Organization) -> counting.Funded:
        return self.memory.keep(
            f"funded-{donor.pk}",
            lambda: counting.funded(self.user, [donor.pk], self.once()).get(donor.pk, counting.Funded()),
        )

    @cached_property
    def needs(self) -> list[gaps.Need]:
        """What each goal in each country needs and has: see `gaps`."""
        return gaps.needs_of(self.user, _("Regional"), self.today, self.memory)

    def gaps(self) -> gaps.Gaps:
        """Not remembered where priorities may have changed in the meantime: what is slow of it is the money."""
        return gaps.gaps(self.user, self.needs, self.today, self.memory)

    def areas(self, layer: str = "programs") -> list[areas_map.AreaCell]:
        return self.memory.keep(f"areas-{layer}", lambda: areas_map.areas_of(self.user, layer, self.once()))

    def goals(self) -> list[dashboard.Series]:
        def make() -> list[dashboard.Series]:
            totals = {goal: cell.committed_usd for goal, cell in self.matrix().goal_totals.items()}
            return dashboard.money_by_goal(self.user, self.today, totals, self.once())

        return self.memory.keep("goals", make)

    def donors(self) -> list[dashboard.Series]:
        return self.memory.keep("donors", lambda: dashboard.money_by_donor(self.user, self.today, self.once()))

    def years(self) -> list[dashboard.YearOf]:
        return self.memory.keep("years", lambda: dashboard.all_years(self.user, self.today, self.once()))

    def ending(self) -> tuple[int, list[dashboard.Ending]]:
        return self.memory.keep("ending", lambda: dashboard.ending(self.user, self.today, self.memory))

    def across(self) -> dashboard.Across:
        return self.memory.keep("across", lambda: dashboard.across(self.user))

    def drawing(self, name: str) -> str:
        """The picture of that name (one of DRAWN) as SVG."""
        return self.memory.keep(f"drawing-{name}", lambda: self._drawn(name))

    def _drawn(self, name: str) -> str:
        if name == "areas":
            context: dict[str, Any] = {
                "areas": self.areas(), "view": areas_map.VIEW, "title": _("Map of areas by their number of programs"),
            }  # fmt: skip
            return str(render_to_string("region/pictures/areas.html", context))
        series = self.goals() if name == "goals" else self.donors()
        title = dashboard.title_of(
            _("Funds by goal and year") if name == "goals" else _("Funds by donor and year"), series, self.today
        )
        # A plain text, as what is safe to show is not kept as such.
        return str(render_to_string("region/pictures/bars.html", {"chart": charts.chart(series), "title": title}))

    def table(self, name: str) -> Table:
        """The picture of that name (one of NAMES) as rows of texts, headings first; sums in US dollars."""
        return getattr(self, f"_{name}_table")()

    def _matrix_table(self) -> Table:
        matrix, needs = self.matrix(), self.gaps().by_cell()
        names = dict(matrix.columns)
        yield [
            *(_("Goal"), _("Country"), _("Programs"), _("Committed"), _("Disbursed"), _("Overlaps")),
            *(_("Gap"), _("Missing"), _("Left out")),
        ]
        for (goal, code), cell in sorted(matrix.cells.items()):
            need = needs[goal, code]
            yield [
                str(goal), names[code], str(cell.programs), f"{cell.committed_usd:.2f}", f"{cell.disbursed_usd:.2f}",
                str(cell.overlaps), need.gap_label, f"{need.missing:.2f}",
                _left_out(cell.committed_usd, cell.disbursed_usd),
            ]  # fmt: skip

    def _gaps_table(self) -> Table:
        yield [
            _("Goal"),
            _("Country"),
            _("Priorities"),
            _("Gap"),
            _("Programs"),
            _("Committed"),
            _("Expected share"),
            _("Missing"),
            _("Planned for %(year)s") % {"year": self.today.year + 1},
            _("Left out"),
        ]
        for need in self.gaps().missing:
            asked = "; ".join(f"{priority.rank} {priority.title}" for priority in need.priorities)
            yield [
                str(need.goal), need.name, asked, need.gap_label, str(need.programs), f"{need.money:.2f}",
                f"{need.expected:.2f}", f"{need.missing:.2f}", f"{need.planned:.2f}",
                _left_out(need.money, planned=need.planned),
            ]  # fmt: skip

    def _areas_table(self) -> Table:
        yield [_("Code"), _("Area"), _("Country"), _("Programs"), _("Committed"), _("Left out")]
        for area in self.areas():
            usd = area.committed_usd
            yield [area.code, area.name, area.country, str(area.programs), f"{usd:.2f}", _left_out(usd)]

    def _goals_table(self) -> Table:
        return _years_table(_("Goal"), self.goals())

    def _donors_table(self) -> Table:
        return _years_table(_("Donor"), self.donors())


def _years_table(heading: str, series: list[dashboard.Series]) -> Table:
    yield [heading, _("Year"), _("Committed"), _("Disbursed"), _("Planned"), _("Left out")]
    for one in series:
        for year, *amounts in one.years:
            yield [one.label, str(year), *(f"{amount:.2f}" for amount in amounts), _left_out(*amounts)]


def _left_out(committed: Decimal, disbursed: Decimal = Decimal(0), planned: Decimal = Decimal(0)) -> str:
    """What the sums of a row leave out: "Committed: VES 1,000, no rate known"; empty where nothing."""
    sums = (
        (_("Committed"), left_out_of(committed)),
        (_("Disbursed"), left_out_of(disbursed)),
        (_("Planned"), left_out_of(planned)),
    )
    return "; ".join(f"{name}: {left_out_words(left_out)}" for name, left_out in sums if left_out)
