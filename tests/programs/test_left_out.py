"""No amount is dropped in silence: whatever shows a sum names what it leaves out, and shows nobody more than that."""

import csv
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.html import strip_tags

from core.money import Amount, UsdSum, added, total
from core.templatetags.figures import usd, usd_or_none_stated, usd_or_unknown, usd_short
from donors.models import Organization, User
from goals.models import Area, Country, Goal
from programs.models import Program
from programs.priorities.models import PriorityLink
from programs.reports.brief import html_of
from programs.reports.models import ReportFile
from programs.reports.profile import profile_of
from programs.reports.rendering import meeting
from programs.reports.services import Selected, ask_for_report, make
from programs.reports.subjects import of_area, of_country, of_donor, of_goal
from programs.services import CoverageData, LocationData, TransactionData
from tests import factories
from tests.api import Api
from tests.worlds import overlap

pytestmark = pytest.mark.django_db


def this_year() -> date:
    """The first day of it."""
    return timezone.localdate().replace(month=1, day=1)


def money(usd_value: int | None = 1_000_000, bolivars: int = 25_000_000) -> tuple[TransactionData, ...]:
    """A commitment in dollars, and one and a payment in a currency that no rate is known for."""
    rows = [
        TransactionData(2, Decimal(bolivars), "VES", this_year(), this_year()),
        TransactionData(3, Decimal(700), "VES", this_year(), this_year()),
    ]
    if usd_value is not None:
        rows.append(TransactionData(2, Decimal(usd_value), "USD", this_year(), this_year()))
    return tuple(rows)


@pytest.fixture
def donor() -> Organization:
    return factories.organization("Donor of bolívares")


@pytest.fixture
def shown(donor: Organization) -> Program:
    """A program in Choloma, Honduras, that runs and ends within a year."""
    return factories.program(
        donor,
        transactions=money(),
        locations=(LocationData(area_id="HN-CR", name="Choloma", percentage=Decimal(100)),),
        planned_end=date(this_year().year + 1, 6, 1),
    )


@pytest.fixture
def client(signed_in: Callable[[User], Client], donor: Organization) -> Client:
    return signed_in(factories.user(donor, "manager"))


class TestSums:
    def test_what_cannot_be_added_is_named(self) -> None:
        amounts = [
            Amount(Decimal(5), "EUR", Decimal(4)),
            Amount(None, "VES", Decimal(7)),
            Amount(None, "CUP", Decimal(1)),
            Amount(None, "VES", Decimal("0.5")),
        ]

        assert total(amounts) == (5, {"CUP": Decimal("1.00"), "VES": Decimal("7.50")})
        assert total([]) == (None, {})
        assert total([Amount(None, "VES", Decimal(7)), Amount(None, "VES", Decimal(-7))]) == (None, {})

    def test_a_sum_of_sums_leaves_out_what_they_did(self) -> None:
        parts = [UsdSum(1, {"VES": Decimal(2)}), UsdSum(10), UsdSum(0, {"CUP": Decimal(3), "VES": Decimal(4)})]

        whole = sum(parts, Decimal(0))

        assert (whole, dict(whole.left_out)) == (11, {"CUP": 3, "VES": 6})
        assert added({"VES": Decimal(1)}, {"VES": Decimal(2)}) == {"VES": 3}
        assert bool(UsdSum(0)) is False
        assert bool(parts[2]) is True

    @pytest.mark.parametrize("write", [usd, usd_short, usd_or_unknown, usd_or_none_stated])
    def test_every_way_of_writing_a_sum_says_it(self, write: Callable[[Any], str]) -> None:
        both, alone = (strip_tags(write(UsdSum(usd, {"HNL": Decimal(25_000_000)}))) for usd in (1105, 0))

        assert both.endswith(" plus HNL 25,000,000, no rate known")
        assert alone == "HNL 25,000,000, no rate known"
        assert "no rate known" not in write(UsdSum(1105))

    def test_in_spanish(self) -> None:
        with translation.override("es"):
            assert (
                strip_tags(usd(UsdSum(1105, {"VES": Decimal(25)})))
                == "US$ 1,105 más VES 25, sin tipo de cambio conocido"
            )


# Every page and table with a figure: what it must say of the commitments, and of what was paid where it says so.
COMMITTED, SAID_IN_SPANISH = "VES 25,000,000", "sin tipo de cambio conocido"
PAGES = (
    "/",
    "/?layer=committed",
    "/gaps/",
    "/programs/",
    "/programs/{program}/",
    "/donors/",
    "/donors/{donor}/",
    "/my-organization/",
    "/countries/HN/",
    "/goals/1/",
    "/areas/HN-CR/",
    "/priorities/{priority}/",
    "/overlaps/{pair}/",
    "/region/matrix.csv",
    "/region/gaps.csv",
    "/region/areas.csv",
    "/region/goals.csv",
    "/region/donors.csv",
)
PAID = ("/?layer=disbursed", "/programs/{program}/", "/donors/", "/donors/{donor}/", "/countries/HN/", "/goals/1/")


@pytest.fixture
def of_all(shown: Program, donor: Organization) -> dict[str, Any]:
    """What addresses name."""
    pair = overlap(shown, factories.program())
    # Much money elsewhere, beside which Honduras has a gap.
    guatemala = (CoverageData(country_id="GT", percentage=Decimal(100)),)
    rich = (TransactionData(2, Decimal(10**9), "USD", this_year()),)
    factories.program(coverages=guatemala, locations=(), transactions=rich)
    priority = factories.priority()
    PriorityLink.objects.create(priority=priority, program=shown, score=0.5)
    return {"program": shown.pk, "donor": donor.pk, "priority": priority.pk, "pair": pair.pk}


@pytest.mark.parametrize("address", PAGES)
def test_every_page_and_table_says_what_its_sums_leave_out(
    client: Client, of_all: dict[str, Any], address: str
) -> None:
    page = client.get(address.format(**of_all))

    assert page.status_code == 200
    text = page.getvalue().decode() if page.streaming else page.text
    assert COMMITTED in text
    assert "no rate known" in text


@pytest.mark.parametrize("address", PAID)
def test_pages_say_what_was_paid_without_a_rate(client: Client, of_all: dict[str, Any], address: str) -> None:
    assert "VES 700" in client.get(address.format(**of_all)).text


def test_in_spanish(client: Client, of_all: dict[str, Any]) -> None:
    for address in ("/", "/programs/{program}/", "/countries/HN/"):
        page = client.get(address.format(**of_all), headers={"accept-language": "es"})
        assert SAID_IN_SPANISH in page.text, address


def test_profiles_and_briefs(shown: Program, donor: Organization) -> None:
    reader = factories.user(donor)
    subjects = [
        of_country(Country.objects.get(pk="HN"), reader),
        of_goal(Goal.objects.get(pk=1), reader),
        of_donor(donor, reader),
        of_area(Area.objects.get(pk="HN-CR"), reader),
    ]
    for subject in subjects:
        profile = profile_of(subject, reader, shows_contacts=False, is_public=False)

        assert (profile.figures.committed_usd, profile.figures.committed_usd.left_out) == (
            1_000_000,
            {"VES": 25_000_000},
        ), subject.kind
        assert profile.figures.disbursed_usd.left_out == {"VES": 700}
        assert profile.years[-1].committed_usd.left_out == {"VES": 25_000_000}
        assert [cell.committed_usd.left_out for cell in profile.cells.values()] == [{"VES": 25_000_000}]
        assert html_of(profile, reader=reader).count(COMMITTED) >= 3


ANSWERS = ("programs/", "programs/{program}/", "organizations/{donor}/", "organizations/", "matrix/", "gaps/")


@pytest.mark.parametrize("address", ANSWERS)
def test_the_api_says_what_its_sums_leave_out(donor: Organization, of_all: dict[str, Any], address: str) -> None:
    answer = Api(factories.user(donor)).get(address.format(**of_all))

    rows = answer["results"] if "next" in answer else answer if isinstance(answer, list) else [answer]
    left_out = [row["left_out"] for row in rows]
    expected = [{"sum": "committed_usd", "currency": "VES", "amount": "25000000.00"}]
    if "gaps" not in address:
        expected.append({"sum": "disbursed_usd", "currency": "VES", "amount": "700.00"})
    assert expected in left_out
    assert [] in left_out or len(rows) == 1


def test_sheets_of_programs(client: Client, shown: Program) -> None:
    hxl = list(csv.reader(StringIO(_content(client, "/imports/programs.3w.hxl.csv"))))
    column = hxl[1].index("#value+left_out")
    assert [row[column] for row in hxl[2:]] == ["committed VES 25000000.00 | disbursed VES 700.00"]

    programs = json.loads(_content(client, "/imports/programs.geojson"))["features"]
    areas = json.loads(_content(client, "/imports/programs.areas.geojson"))["features"]
    committed = {"sum": "committed_usd", "currency": "VES", "amount": "25000000.00"}
    assert [committed in feature["properties"]["left_out"] for feature in (*programs, *areas)] == [True, True]


def _content(client: Client, address: str) -> str:
    return b"".join(client.get(address)).decode()


def test_the_overlap_report(coordinator: User, of_all: dict[str, Any]) -> None:
    report = ask_for_report(coordinator, date(2020, 1, 1), timezone.localdate(), Selected())
    make(report.pk)

    content = ReportFile.objects.get(report=report, format="xlsx", language="en").content
    book = openpyxl.load_workbook(BytesIO(bytes(content)))
    said = "Committed: VES 25,000,000, no rate known"
    programs = [str(row[-1]) for row in book["Programs"].iter_rows(values_only=True)]
    cells = [row[-1] for row in book["Goals and countries"].iter_rows(values_only=True)]
    assert any(said in cell and "Disbursed: VES 700" in cell for cell in programs)
    assert said in cells
    report.refresh_from_db()
    assert "VES 25,000,000, no rate known" in meeting.html_of(report)


class TestRestricted:
    """What one may not see has no trace, not even in what a sum leaves out."""

    @pytest.fixture
    def hidden(self, donor: Organization) -> Program:
        return factories.program(
            factories.organization("Keeps it to itself"),
            visibility="restricted",
            transactions=money(bolivars=987_654_321),
        )

    @pytest.mark.parametrize("address", PAGES)
    def test_no_trace_on_any_page(self, client: Client, of_all: dict[str, Any], hidden: Program, address: str) -> None:
        page = client.get(address.format(**of_all))
        text = page.getvalue().decode() if page.streaming else page.text

        assert COMMITTED in text
        for trace in ("987", "1,012", "1012"):
            assert f"VES {trace}" not in text

    def test_who_may_see_it_sees_the_whole(
        self, coordinator: User, shown: Program, hidden: Program, signed_in: Callable[[User], Client]
    ) -> None:
        assert "VES 1,012,654,321" in signed_in(coordinator).get("/").text

    def test_no_trace_in_the_api(self, donor: Organization, of_all: dict[str, Any], hidden: Program) -> None:
        api = Api(factories.user(donor))
        for address in ANSWERS:
            assert "987654321" not in json.dumps(api.get(address.format(**of_all)))


def test_a_duplicate_report_counts_once_in_what_is_left_out_too(
    donor: Organization, shown: Program, coordinator: User, signed_in: Callable[[User], Client]
) -> None:
    second = factories.program(transactions=money())
    overlap(shown, second, kind="same_money", second_report=second)

    page = signed_in(coordinator).get("/").text

    assert COMMITTED in page
    assert "VES 50,000,000" not in page


def test_shares_count_in_what_is_left_out_too(client: Client, donor: Organization) -> None:
    halves = tuple(CoverageData(country_id=code, percentage=Decimal(50)) for code in ("HN", "GT"))
    factories.program(donor, coverages=halves, locations=(), transactions=money(bolivars=1000))

    cells = {row["country"]: row["left_out"] for row in Api(factories.user(donor)).get("matrix/") if row["goal"] == 1}

    assert [row["amount"] for row in cells["HN"]] == ["500.00", "350.00"]
    assert cells["HN"] == cells["GT"]
    assert cells["NI"] == []


def test_an_amount_of_nothing_but_unknown_dollars_is_named_alone(client: Client, donor: Organization) -> None:
    program = factories.program(donor, transactions=money(usd_value=None))

    page = client.get(f"/programs/{program.pk}/").text

    assert program.committed_usd is None
    assert '<dd><span class="left-out">VES 25,000,000, no rate known</span></dd>' in page
