"""The region at a glance beyond its matrix: layers, pictures with their tables, what ends, what is new."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from donors.models import User
from programs.region.models import LastVisit
from programs.region.services import note_visit
from programs.services import CoverageData, ParticipationData, PlannedDisbursementData, TransactionData
from tests import factories
from tests.worlds import overlap

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return factories.user(factories.organization("Somebody else's"))


@pytest.fixture
def client(signed_in: Callable[[User], Client], person: User) -> Client:
    return signed_in(person)


def disbursed(usd: int, day: dt.date) -> tuple[TransactionData, ...]:
    return (
        TransactionData(2, Decimal(1_000_000), "USD", day, day),
        TransactionData(3, Decimal(usd), "USD", day, day),
    )


class TestLayers:
    @pytest.mark.parametrize(
        ("layer", "words"),
        [("programs", "2"), ("committed", "US$ 2.0 M"), ("disbursed", "US$ 500 k"), ("overlaps", "1"), ("gaps", "–")],
    )
    def test_each_shows_its_own(self, client: Client, layer: str, words: str) -> None:
        day = dt.date(2024, 5, 1)
        now = {"planned_end": dt.date(2090, 1, 1)}
        overlap(factories.program(transactions=disbursed(500_000, day), **now), factories.program(**now))

        rows = client.get(f"/?layer={layer}").context["layer_rows"]
        codes = [code for code, _name in client.get("/").context["matrix"].columns]
        cell = rows[0][1][codes.index("HN")]
        assert cell.words == words
        assert client.get(cell.address.partition("#")[0]).status_code == 200

    def test_an_unknown_layer_is_all_together(self, client: Client) -> None:
        assert client.get("/?layer=x").context["layer"] == "all"


class TestPictures:
    @pytest.mark.parametrize("name", ["areas", "goals", "donors"])
    def test_each_is_a_whole_drawing_of_its_own(self, client: Client, name: str) -> None:
        factories.program(title='<script>"&')

        answer = client.get(f"/region/{name}.svg")

        assert answer["Content-Type"] == "image/svg+xml"
        assert etree.fromstring(answer.content).get("viewBox")

    @pytest.mark.parametrize("name", ["matrix", "gaps", "areas", "goals", "donors"])
    def test_each_has_its_table(self, client: Client, name: str) -> None:
        factories.program()
        lines = b"".join(client.get(f"/region/{name}.csv").streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]

        assert len(lines) > 1

    def test_there_is_no_other(self, client: Client) -> None:
        for there in ("matrix.svg", "gaps.pdf", "x.csv"):
            assert client.get(f"/region/{there}").status_code == 404

    def test_money_over_time_is_by_date_and_adds_up(self, client: Client) -> None:
        year = timezone.localdate().year
        one, two = factories.organization("One"), factories.organization("Two")
        factories.program(
            transactions=disbursed(300_000, dt.date(year, 1, 1)),
            participations=(ParticipationData(one.pk, 1), ParticipationData(two.pk, 1)),
        )

        page = client.get("/").context

        assert page["by_goal"][0].years[-1] == (year, 1_000_000, 300_000, 0)
        assert [(row.label, row.committed, row.disbursed) for row in page["by_donor"]] == [
            ("One", 500_000, 150_000), ("Two", 500_000, 150_000),
        ]  # fmt: skip

    def test_what_is_planned_stands_beside_it_up_to_the_last_year_that_has_any(self, client: Client) -> None:
        year = timezone.localdate().year
        next_year = (dt.date(year + 1, 1, 1), dt.date(year + 1, 12, 31))
        donor = factories.organization("One")
        factories.program(
            planned_disbursements=(PlannedDisbursementData(Decimal(700_000), "USD", *next_year),),
            participations=(ParticipationData(donor.pk, 1),),
        )

        page = client.get("/").context
        sheet = b"".join(client.get("/region/donors.csv").streaming_content)  # type: ignore[attr-defined]
        table = list(csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"))))

        assert page["by_goal"][0].years[-1] == (year + 1, 0, 0, 700_000)
        assert page["by_donor"][0].years[-1] == (year + 1, 0, 0, 700_000)
        assert (table[-1]["Year"], table[-1]["Planned"]) == (str(year + 1), "700000.00")
        assert "US$ 700,000 planned" in client.get("/region/donors.svg").content.decode()
        assert str(year + 1) not in str(page["titles"]["goals"])

    def test_an_area_counts_its_programs_and_their_money(self, client: Client) -> None:
        factories.program()
        areas = {area.code: area for area in client.get("/").context["areas"]}

        assert (areas["HN-CR"].programs, areas["HN-CR"].committed_usd) == (1, 1_000_000)
        assert areas["HN-CR"].fill != areas["HN-AT"].fill


class TestEnding:
    def test_who_goes_on_is_named_and_nobody_is_said(self, client: Client) -> None:
        soon = timezone.localdate() + timedelta(days=90)
        first = factories.program(planned_end=soon)
        after = factories.program(planned_end=soon + timedelta(days=900), title="Goes on")
        alone = factories.program(planned_end=soon, coverages=(CoverageData("PA", None, Decimal(100)),), locations=())
        factories.program(planned_end=soon, status=5)
        factories.program(planned_end=soon + timedelta(days=900), status=5)

        page = client.get("/")

        rows = {row.program.pk: row for row in page.context["ending"]}
        assert page.context["count_ending"] == 2
        assert (rows[first.pk].others, [one.pk for one in rows[first.pk].some]) == (1, [after.pk])
        assert rows[alone.pk].others == 0
        assert "No follow-on program." in page.text

    def test_what_is_planned_there_for_the_year_after_is_told_with_its_donors(self, client: Client) -> None:
        soon = timezone.localdate() + timedelta(days=90)
        first, last = dt.date(soon.year + 1, 1, 1), dt.date(soon.year + 1, 12, 31)
        donor, hidden = factories.organization("Next donor"), factories.organization("Hidden donor")
        ends = factories.program(planned_end=soon)
        alone = factories.program(planned_end=soon, coverages=(CoverageData("PA", None, Decimal(100)),), locations=())
        for body, visibility in ((donor, "public"), (hidden, "restricted")):
            factories.program(
                body,
                planned_end=last,
                visibility=visibility,
                planned_disbursements=(PlannedDisbursementData(Decimal(250_000), "USD", first, last),),
            )

        page = client.get("/")

        rows = {row.program.pk: row for row in page.context["ending"]}
        row = rows[ends.pk]
        assert (row.after.year, row.after.planned, row.after.donors) == (soon.year + 1, 250_000, [donor])
        assert (rows[alone.pk].after.planned, rows[alone.pk].after.donors) == (0, [])
        assert f"Planned here for {soon.year + 1}: US$" in page.text.replace("\n", " ")
        assert f"No funds are planned here for {soon.year + 1}." in page.text
        assert "Hidden donor" not in page.text


class TestAcross:
    def test_regional_and_of_several_countries(self, client: Client) -> None:
        factories.program()
        factories.program(coverages=(CoverageData(region_id="389"),), locations=())
        halves = tuple(CoverageData(code, None, Decimal(50)) for code in ("HN", "GT"))
        factories.program(coverages=halves, locations=())

        across = client.get("/").context["across"]

        assert (across.regional, across.several, len(across.largest)) == (1, 1, 2)


class TestLastVisit:
    def test_the_first_visit_has_no_news_and_the_next_one_has(self, client: Client, person: User) -> None:
        assert client.get("/").context["news"] is None
        LastVisit.objects.filter(user=person).update(at=timezone.now() - timedelta(hours=2))
        program = factories.program(title="Fresh")
        overlap(program, factories.program())

        news = client.get("/").context["news"]

        assert (news.added, news.changed, news.overlaps) == (2, 0, 1)
        assert "Fresh" in {program.title for program in news.programs}

    def test_looks_within_half_an_hour_are_one_visit(self, person: User) -> None:
        note_visit(person)
        LastVisit.objects.update(at=timezone.now() - timedelta(hours=2))

        assert note_visit(person) == note_visit(person)


def test_a_cold_page_asks_as_many_queries_for_50_as_for_1(client: Client) -> None:
    soon = timezone.localdate() + timedelta(days=90)
    cold = []
    for _round in range(2):
        overlap(factories.program(planned_end=soon), factories.program(planned_end=soon + timedelta(days=900)))
        client.get("/")
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        cold.append(len(asked))
        for _ in range(20):
            overlap(factories.program(planned_end=soon), factories.program())

    assert cold[0] == cold[1]
