"""One thing has one figure: the gaps of a country and the amount of a case on every page, sheet and answer that names
them."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from donors.models import User
from programs.agreements.services import add_cases, prepare_meeting
from programs.models import Program
from programs.overlap import services
from programs.overlap.models import Cluster, Overlap
from programs.reports.rendering import meeting as meeting_document
from programs.reports.rendering.workbook import workbook
from programs.reports.services import Selected, ask_for_report
from programs.reports.services.freezing import freeze
from programs.services import CoverageData, GoalData, LocationData, TransactionData
from tests import factories
from tests.api import Api

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LONG_AGO = date(2020, 1, 1)
# What current programs have; the rest of the region has next to nothing, and less than half of its share.
NOW = {"planned_start": date(2024, 1, 1), "planned_end": date(2099, 12, 31), "status": 2}


def money(usd: int) -> tuple[TransactionData, ...]:
    return (TransactionData(2, Decimal(usd), "USD", date(2024, 1, 1), date(2024, 1, 1)),)


def plain(page: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.replace("&#x27;", "'")).split())


def of_report(actor: User, **selected: Any) -> Any:
    report = ask_for_report(actor, LONG_AGO, timezone.localdate(), Selected(**selected))
    freeze(report, lambda part: None)
    report.refresh_from_db()
    return report


def sheet_of(report: Any, name: str) -> list[dict[str, Any]]:
    """The rows of a working sheet, by the headings."""
    rows = openpyxl.load_workbook(BytesIO(workbook(report)))[name].iter_rows(values_only=True)
    headings = next(rows)
    return [dict(zip(headings, row, strict=True)) for row in rows]


class TestGaps:
    @pytest.fixture
    def world(self) -> None:
        """Nicaragua has a program of each goal, four of them with next to no money; Honduras has all the money."""
        for goal in range(1, 6):
            place: dict[str, Any] = {"coverages": (CoverageData("NI", None, Decimal(100)),), "locations": (), **NOW}
            usd = 60_000_000 if goal == 1 else 1_000
            factories.program(goals=(GoalData(goal, Decimal(100)),), transactions=money(usd), **place)
        factories.program(
            goals=tuple(GoalData(goal, Decimal(20)) for goal in range(1, 6)), transactions=money(90_000_000), **NOW
        )

    def test_every_page_sheet_and_answer_names_the_same(
        self, world: None, coordinator: User, signed_in: SignIn
    ) -> None:
        client, api = signed_in(coordinator), Api(coordinator)
        gaps = client.get("/gaps/").context["gaps"].missing
        expected = {(need.goal.pk, need.code): (need.gap.value, need.missing) for need in gaps}
        ours = {goal for goal, code in expected if code == "NI"}
        assert ours == {2, 3, 4, 5}
        assert {kind for kind, _missing in expected.values()} == {"no_program", "short"}

        def found(rows: Any) -> dict[tuple[int, str], tuple[str, Decimal]]:
            return {(goal, code): (kind, Decimal(missing)) for goal, code, kind, missing in rows if kind}

        answers = api.get("gaps/")
        assert found((r["goal"], r["country"], r["gap"], r["missing_usd"]) for r in answers) == expected
        answers = api.get("matrix/")
        assert found((r["goal"], r["country"], r["gap"], r["missing_usd"]) for r in answers) == expected

        numbers = {str(goal): goal.pk for goal in client.get("/gaps/").context["goals"]}
        codes = {name: code for code, name in client.get("/gaps/").context["columns"]}
        kinds = {need.gap_label: need.gap.value for need in gaps}
        for name in ("gaps", "matrix"):
            text = client.get(f"/region/{name}.csv").getvalue().decode("utf-8-sig")
            rows = csv.DictReader(StringIO(text))
            assert expected == found(
                (int(r["Goal"][0]), codes[r["Country"]], kinds.get(r["Gap"], ""), r["Missing"]) for r in rows
            )

        home = client.get("/").context["matrix"]
        layer = client.get("/?layer=gaps").context["layer_rows"]
        for code in {code for _goal, code in expected}:
            here = {goal: row for (goal, place), row in expected.items() if place == code}
            assert home.gaps[code] == len(here)
            column = [code for code, _name in home.columns].index(code)
            assert {goal.pk: cells[column].value for goal, cells in layer if cells[column].value} == {
                goal: missing for goal, (_kind, missing) in here.items()
            }
            if code != "regional":
                profile = client.get(f"/countries/{code}/").context["profile"]
                assert {need.goal.pk: (need.gap, need.missing) for need in profile.gaps.found} == here
        for goal in numbers.values():
            profile = client.get(f"/goals/{goal}/").context["profile"]
            here = {code: row for (number, code), row in expected.items() if number == goal}
            assert {need.code: (need.gap, need.missing) for need in profile.gaps.found} == here

        report = of_report(coordinator)
        cells = list(report.rows.data("cells"))
        assert found((c["goal"], c["country"], c["gap"], c["missing"]) for c in cells) == expected
        rows = sheet_of(report, "Gaps")
        assert len(rows) == len(expected)
        assert expected == {
            (numbers[r["Goal"]], codes[r["Country"]]): (kinds[r["Gap"]], Decimal(str(r["Missing (US dollars)"])))
            for r in rows
        }
        document = meeting_document._context(report)
        assert len(document["gaps"]) + document["more_gaps"] == len(expected)

    def test_a_country_with_gaps_is_not_said_to_have_none(
        self, world: None, coordinator: User, signed_in: SignIn
    ) -> None:
        client = signed_in(coordinator)

        page = plain(client.get("/countries/NI/").text)
        brief = plain(
            render_to_string("reports/brief.html", {"profile": client.get("/countries/NI/").context["profile"]})
        )

        for text in (page, brief):
            assert text.count("less than half of the expected share ·") == 4
            assert "No gap:" not in text
        assert "4 gaps" in plain(client.get("/").text)

    def test_an_area_has_no_gap_of_regional_cooperation(
        self, world: None, coordinator: User, signed_in: SignIn
    ) -> None:
        profile = signed_in(coordinator).get("/areas/HN-AT/").context["profile"]

        assert [goal.pk for goal in profile.gaps.without_program] == [1, 2, 3, 4]
        assert {need.code for need in profile.gaps.found} <= {"HN"}

    def test_what_one_may_not_see_fills_no_gap(self, world: None, coordinator: User, signed_in: SignIn) -> None:
        Program.objects.filter(coverages__country="NI", goals__goal=1).update(visibility="restricted")
        member = factories.user(factories.organization("Somebody else's"))

        for person, number in ((coordinator, 4), (member, 5)):
            client = signed_in(person)
            assert client.get("/").context["matrix"].gaps["NI"] == number
            assert len(client.get("/countries/NI/").context["profile"].gaps.found) == number
            assert sum(row["country"] == "NI" for row in Api(person).get("gaps/")) == number


@dataclass
class Made:
    case: Cluster
    programs: list[Program]


class TestAtStake:
    @pytest.fixture
    def made(self) -> Made:
        """A case of three programs with parts of their own, two of them in Honduras alone; and another case."""
        wide = (CoverageData("HN", None, Decimal(40)), CoverageData("GT", None, Decimal(60)))
        programs = [
            factories.program(title="Community policing in Choloma", transactions=money(8_000_000), coverages=wide),
            factories.program(title="Policía comunitaria en Choloma", transactions=money(2_500_000)),
            factories.program(
                title="Patrullas de policía comunitaria", transactions=money(900_000), planned_end=date(2027, 12, 31)
            ),
        ]
        for name in ("Policía de turismo en Tela", "Tourist police in Tela"):
            factories.program(title=name, description=name, locations=(LocationData("HN-AT", name="Tela"),))
        services.sweep(seconds=None)
        case = Cluster.objects.get(pk=Overlap.objects.filter(left=programs[0]).first().cluster_id)  # type: ignore[union-attr]
        return Made(case, programs)

    def figures_of(self, person: User, client: Client, made: Made, donor_of: int) -> set[tuple[Any, str, int]]:
        """(amount, priority, points) of the case, as each place shows them that a person may open, whatever it was
        narrowed to."""
        case, donor = made.case, made.programs[donor_of].reporting_org

        def of(found: Any) -> tuple[Any, str, int]:
            (one,) = [one for one in found if one.key == case.pk]
            assert not one.formula or one.points == one.formula.stake.points
            return one.money_usd, str(one.priority), one.points

        def cases(address: str, name: str = "rows") -> Any:
            found = client.get(address).context[name]
            return [row["overlap_case"] for row in found if "overlap_case" in row]

        addresses = ("/overlaps/", "/overlaps/?sort=money", f"/overlaps/?donor={donor.pk}", "/overlaps/?state=")
        shown = {of(cases(address)) for address in addresses}
        shown.add(of(cases("/", "most_at_stake")))
        shown.add(of([client.get(f"/cases/{case.pk}/").context["overlap_case"]]))
        answers = Api(person).get("overlaps/")["results"]
        figures = [row["case"] for row in answers if row["cluster"] == case.pk]
        assert figures
        shown |= {(Decimal(one["money_usd"]), one["priority"], one["points"]) for one in figures}
        for selected in ({}, {"donor": donor}):
            report = of_report(person, **selected)
            (row,) = [row for row in report.rows.data("cases") if row["case"] == case.pk]
            shown.add((Decimal(row["money"]), row["priority"], row["points"]))
            (cells,) = [cells for cells in sheet_of(report, "Cases") if cells["Case"] == case.pk]
            assert cells["Priority"] == f"Priority: {row['priority']} ({row['points']} / 100)"
            assert Decimal(str(cells["Possible duplicate amount (US dollars)"])) == Decimal(row["money"])
        return shown

    def test_every_page_sheet_and_answer_shows_the_same(self, made: Made, coordinator: User, signed_in: SignIn) -> None:
        client = signed_in(coordinator)

        (figures,) = self.figures_of(coordinator, client, made, 2)

        amount, _priority, points = figures
        made.case.refresh_from_db()
        assert (made.case.money_usd, round(made.case.stake)) == (amount, points)
        # Of the smallest all of its common time, of the next all: both may be in vain beside the largest part.
        parts = [pair.money_usd for pair in Overlap.objects.filter(cluster=made.case)]
        assert max(parts) < amount < sum(parts)

        held = prepare_meeting(actor=coordinator, title="Tegucigalpa", held_on=date(2030, 1, 1))
        chosen = client.get(f"/meetings/{held.pk}/cases/").context["overlap_cases"]
        assert [(one.money_usd, str(one.priority), one.points) for one in chosen if one.key == made.case.pk] == [
            figures
        ]
        add_cases(held, [made.case.pk], actor=coordinator)
        assert client.get(f"/meetings/{held.pk}/").context["cases"][0].money_usd == amount

        words = f"Possible duplication: US$ {amount:,.0f}"
        places = ("/", "/overlaps/", f"/cases/{made.case.pk}/", f"/meetings/{held.pk}/cases/", f"/meetings/{held.pk}/")
        for address in (*places, f"/meetings/{held.pk}/screen/1/", f"/meetings/{held.pk}/minutes/"):
            assert words in plain(client.get(address).text), address
        report = of_report(coordinator)
        assert words in plain(render_to_string("reports/meeting.html", meeting_document._context(report)))

    def test_a_reader_who_sees_less_is_shown_what_they_see_everywhere(
        self, made: Made, coordinator: User, signed_in: SignIn
    ) -> None:
        member = factories.user(factories.organization("Somebody else's"))
        (all_of_it,) = self.figures_of(coordinator, signed_in(coordinator), made, 2)
        Program.objects.filter(pk=made.programs[2].pk).update(visibility="restricted")

        (seen,) = self.figures_of(member, signed_in(member), made, 1)

        (pair,) = Overlap.objects.filter(cluster=made.case, left__in=made.programs[:2], right__in=made.programs[:2])
        assert seen[0] == pair.money_usd
        assert seen[0] < all_of_it[0]

    def test_one_unknown_commitment_is_no_amount(self, coordinator: User, signed_in: SignIn) -> None:
        factories.program(title="Policía comunitaria en Choloma", transactions=())
        factories.program(planned_end=date(2099, 12, 31))
        services.sweep(seconds=None)
        client = signed_in(coordinator)

        for address in ("/", "/overlaps/", f"/cases/{Cluster.objects.get().pk}/"):
            page = plain(client.get(address).text)
            assert "Possible duplication: amount unknown" in page, address
            assert "100,000" not in page.split("How is the priority calculated?")[0]

    def test_lists_come_in_the_order_of_the_number_they_show(
        self, made: Made, coordinator: User, signed_in: SignIn
    ) -> None:
        client = signed_in(coordinator)
        held = prepare_meeting(actor=coordinator, title="Tegucigalpa", held_on=date(2030, 1, 1))

        def numbers(address: str, name: str, of: str) -> list[Any]:
            rows = client.get(address).context[name]
            found = [
                row["overlap_case"] if isinstance(row, dict) else row for row in rows if "question" not in dir(row)
            ]
            return [getattr(one, of) for one in found]

        for address, name, of in (
            ("/overlaps/?sort=money", "rows", "money_usd"),
            ("/overlaps/", "rows", "points"),
            ("/", "most_at_stake", "points"),
            (f"/meetings/{held.pk}/cases/", "overlap_cases", "points"),
        ):
            shown = numbers(address, name, of)
            assert len(shown) == 2, address
            assert shown == sorted(shown, reverse=True), address


@pytest.mark.parametrize(
    "address",
    ["/", "/gaps/", "/donors/", "/countries/HN/", "/goals/1/", "/areas/HN-CR/", "/my-organization/", "/overlaps/",
     "/overlaps/movement/", "/priorities/", "donor"],
)  # fmt: skip
def test_who_sees_a_part_is_told_so_on_every_page_with_figures(
    address: str, coordinator: User, signed_in: SignIn
) -> None:
    program = factories.program()
    member = factories.user(factories.organization("Somebody else's"))
    address = f"/donors/{program.reporting_org_id}/" if address == "donor" else address
    told = "The figures include only what you can see; other people may see less or more."

    assert plain(signed_in(member).get(address).text).count(told) == 1
    assert told not in plain(signed_in(coordinator).get(address).text)
