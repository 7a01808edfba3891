"""Programs in the formats that others read."""

import csv
import itertools
import json
import re
import tracemalloc
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from donors.models import Organization
from goals.models import Area
from programs.exchange import geojson, hxl
from programs.exchange.demonstration.loader import load as load_demonstration_programs
from programs.exchange.downloads import API_FORMATS, FORMATS, SPREADSHEETS
from programs.exchange.iati import export, schema
from programs.exchange.iati.export import activities_file, organisations_file
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.ruleset import RULES, broken_rules
from programs.models import Program
from programs.services import (
    CoverageData,
    LocationData,
    ParticipationData,
    ResultData,
    SectorData,
    TransactionData,
    save_outlook,
    save_program,
    stored_programs,
)
from tests import factories
from tools.print_formats import PAGE, page

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).parent / "iati/fixtures"


def content(client: Client, ending: str, query: str = "") -> str:
    answer = client.get(reverse("exchange:download", args=[ending]) + query)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Own", ref="XX-OWN", kind="10")


@pytest.fixture
def client(client: Client, organization: Organization) -> Client:
    client.force_login(factories.user(organization, "editor"))
    return client


class TestAnyFormat:
    @pytest.mark.parametrize("ending", [one.ending for one in FORMATS])
    def test_holds_only_what_one_may_see_and_what_the_filters_leave(
        self, client: Client, organization: Organization, ending: str
    ) -> None:
        secretive = factories.organization("Secretive", ref="XX-SECRET")
        factories.program(organization, identifier="XX-OWN-1", title="Shown")
        factories.program(secretive, identifier="XX-SECRET-1", visibility="restricted", coverages=(CoverageData("GT"),),
                          locations=(LocationData(area_id="GT-01"),))  # fmt: skip
        factories.program(organization, identifier="XX-OWN-2", stage="draft")
        factories.program(organization, identifier="XX-OWN-3", status=4)

        text = content(client, ending, "?status=2")

        for hidden in ("SECRET", "Secretive", "GT-01", "XX-OWN-2", "XX-OWN-3"):
            assert hidden not in text
        assert ("HN-CR" if ending == "areas.geojson" else "Own") in text

    @pytest.mark.parametrize("ending", [one.ending for one in FORMATS])
    def test_asks_no_more_for_many_programs(self, client: Client, organization: Organization, ending: str) -> None:
        def queries() -> int:
            content(client, ending)
            with CaptureQueriesContext(connection) as asked:
                content(client, ending)
            return len(asked)

        factories.program(organization)
        one = queries()
        for _number in range(20):
            factories.program(organization)

        assert queries() == one

    def test_is_known_by_its_ending_alone(self, client: Client) -> None:
        assert client.get("/imports/programs.iati.json").status_code == 404

    def test_wrong_filters_lead_back_to_the_list(self, client: Client) -> None:
        answer = client.get(reverse("exchange:download", args=["geojson"]) + "?country=XX")

        assert answer.status_code == 302

    def test_is_linked_from_the_list(self, client: Client, organization: Organization) -> None:
        factories.program(organization)

        page = client.get("/programs/?status=2").content.decode()

        for one in (*SPREADSHEETS, *FORMATS):
            assert f'programs.{one.ending}?status=2">{one.label}</a>' in page


class TestIati:
    def exported(self, **options: Any) -> Any:
        root = etree.fromstring(b"".join(activities_file(Program.objects.all(), **options)))
        assert schema.problems(root) == []
        return root

    def test_what_was_entered_here_is_valid_and_breaks_no_rule(self, organization: Organization) -> None:
        implementer = factories.organization("Barrio Seguro", kind="22")
        program = factories.program(
            organization,
            identifier="XX-OWN-1",
            description="Patrols.\n\nRadios & lamps < 5.",
            participations=(ParticipationData(organization.pk, 1), ParticipationData(implementer.pk, 4, "BS-1")),
        )
        save_outlook(program, actor=None, results=[ResultData(1, "Lamps", indicators=())])
        save_outlook(program, actor=None, results=[])

        (activity,) = self.exported().findall("iati-activity")

        assert broken_rules(activity) == []
        assert activity.findtext("title/narrative") == "Community policing in Choloma"
        assert activity.find("location/administrative[@level='1']").get("code") == "HN-CR"

    def test_what_a_person_changes_here_comes_out_changed_and_the_rest_as_it_was(self) -> None:
        IatiImporter().import_files([FIXTURES / "everything-203.xml"])
        program = Program.objects.get()
        stored = stored_programs([program])[0]
        data = stored.original
        disbursed = TransactionData(3, Decimal(9), "EUR", date(2025, 1, 1), date(2025, 1, 1))
        save_program(
            type(data)(**{
                **vars(data),
                "title": "Safer markets",
                "planned_end": date(2027, 6, 30),
                "sectors": (SectorData("15130", Decimal(100)),),
                "transactions": (data.transactions[0], disbursed),
            }),
            actor=None,
        )  # fmt: skip

        activity = self.exported().find("iati-activity")

        assert [one.text for one in activity.findall("title/narrative")] == ["Safer markets", "Mercados seguros"]
        assert {one.get("iso-date") for one in activity.findall("activity-date")} == {"2024-01-01", "2027-06-30"}
        assert {(one.get("vocabulary"), one.get("code")) for one in activity.findall("sector")} == {
            ("1", "15130"),
            ("7", "16"),
        }
        assert [one.findtext("value") for one in activity.findall("transaction")] == ["500000", "9.00"]
        assert activity.find("transaction/disbursement-channel") is not None  # beyond the portal's model
        for name in ("fss", "crs-add", "conditions", "document-link", "tag", "capital-spend", "result"):
            assert activity.find(name) is not None, name

    def test_an_activity_without_any_date_is_named_and_left_out(self, organization: Organization) -> None:
        factories.program(organization, identifier="XX-OWN-9", planned_start=None, planned_end=None)
        factories.program(organization, identifier="XX-OWN-8")

        text = b"".join(activities_file(Program.objects.all())).decode()

        assert "<!-- Left out, 1: the standard requires what is not known of: XX-OWN-9 (activity-date) -->" in text
        assert "<iati-identifier>XX-OWN-8</iati-identifier>" in text

    def test_what_is_not_known_is_empty_and_not_made_up(self, organization: Organization) -> None:
        factories.program(organization, description="", status=None, participations=(), transactions=())

        activity = self.exported().find("iati-activity")

        assert activity.find("activity-status").get("code") == ""
        assert "title, description and status are said" in dict(broken_rules(activity))

    def test_signs_that_xml_has_no_place_for_go(self, organization: Organization) -> None:
        factories.program(organization, title="Bell \x07 and <b>&amp;</b> \ufffe", description="\x1b")

        assert self.exported().findtext("iati-activity/title/narrative") == "Bell  and <b>&amp;</b> "

    def test_organisations_are_valid_by_the_official_schema(self, organization: Organization) -> None:
        factories.organization("Without identifier")

        root = etree.fromstring(b"".join(organisations_file(Organization.objects.order_by("pk"))))

        assert schema.problems(root, schema.ORGANISATIONS) == []
        assert [one.text for one in root.iter("organisation-identifier")] == ["XX-OWN"]

    def test_memory_does_not_grow_with_the_programs(
        self, organization: Organization, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(export, "PROGRAMS_AT_ONCE", 2)

        def peak(count: int) -> int:
            programs = Program.objects.filter(pk__in=Program.objects.values("pk")[:count])
            tracemalloc.start()
            size = sum(len(piece) for piece in activities_file(programs))
            _now, highest = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert size > count * 160_000
            return highest

        for _number in range(12):
            factories.program(organization, description="word " * 40_000)
        peak(2)

        assert peak(12) < peak(2) + 800_000


BROKEN = {
    "an activity has a start": "<activity-date type='3' iso-date='2024-01-01'/>",
    "each kind of date once": "<activity-date type='1' iso-date='2024-01-01'/>" * 2,
    "dates in order": "<activity-date type='1' iso-date='2024-01-01'/><activity-date type='3' iso-date='2023-01-01'/>",
    "actual dates are not in the future": "<activity-date type='2' iso-date='2199-01-01'/>",
    "periods in order": "<budget><period-start iso-date='2024-01-02'/><period-end iso-date='2024-01-01'/></budget>",
    "a budget is for a year at most": (
        "<budget><period-start iso-date='2022-01-02'/><period-end iso-date='2024-01-01'/></budget>"
    ),
    "percentages add up to 100": "<sector code='1' percentage='60'/><sector code='2' percentage='39'/>",
    "the identifier begins with the reporting organization's": (
        "<iati-identifier>YY-1</iati-identifier><reporting-org ref='XX'/>"
    ),
    "sector and place of the activity or of its transactions": (
        "<sector code='1'/><transaction><sector code='1'/></transaction>"
    ),
    "sector and place are said": "<sector code='1'/>",
    "organizations have an identifier or a name": "<participating-org role='1'/>",
    "transactions are not in the future": "<transaction><transaction-date iso-date='2199-01-01'/></transaction>",
    "title, description and status are said": "<title><narrative>A</narrative></title>",
    "percentages are from 0 to 100": "<capital-spend percentage='101'/>",
    "the identifier is not its reporter's": "<iati-identifier>XX</iati-identifier><reporting-org ref='XX'/>",
    "a language of all words": "<title><narrative>A</narrative></title>",
    "a currency of all money": "<budget><value>1</value></budget>",
    "codes of a vocabulary of one's own have words": "<sector vocabulary='99' code='1'/>",
    "policy markers have a significance": "<policy-marker code='1'/>",
    "results are measured": "<result><indicator measure='1'><baseline year='2020'/></indicator></result>",
}


@pytest.mark.parametrize("rule", list(RULES))
def test_each_rule_finds_what_breaks_it(rule: str) -> None:
    written = ' last-updated-datetime="2199-01-01T00:00:00"' if rule == "written in the past" else ""
    activity = f"<iati-activity{written}>{BROKEN.get(rule, '')}</iati-activity>"
    assert rule in dict(broken_rules(etree.fromstring(activity)))


class TestHxl:
    def rows(self, text: str) -> list[dict[str, str]]:
        """As a humanitarian tool reads it: the row of hashtags is found, and columns go by these."""
        table = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
        tagged = next(number for number, row in enumerate(table) if all(re.match(r"#[a-z]", cell) for cell in row))
        return [dict(zip(table[tagged], row, strict=True)) for row in table[tagged + 1 :]]

    def test_every_hashtag_is_one_of_the_standard(self) -> None:
        # The hashtags of HXL 1.1 that are used here (hxlstandard.org/standard/1-1final/dictionary).
        known = {"#activity", "#status", "#org", "#sector", "#subsector", "#country", "#region", "#adm1", "#adm2",
                 "#loc", "#geo", "#date", "#value"}  # fmt: skip
        for columns in (hxl.COLUMNS, hxl.COLUMNS_BY_SECTOR):
            for column in columns:
                assert hxl.HASHTAG.fullmatch(column.hashtag)
                assert column.hashtag.split("+")[0] in known
            assert len({column.hashtag for column in columns}) == len(columns)

    def test_the_columns_are_in_the_docs(self) -> None:
        assert PAGE.read_text() == page()

    def test_says_who_does_what_where_and_when(self, client: Client, organization: Organization) -> None:
        factories.program(
            organization,
            identifier="XX-OWN-1",
            title="=1+1",
            locations=(
                LocationData("HN-CR", "Choloma", Decimal("15.61"), Decimal("-87.95"), percentage=Decimal(75)),
                LocationData("HN-FM", percentage=Decimal(25)),
            ),
        )

        first, second = self.rows(content(client, "3w.hxl.csv"))

        assert first["#activity+name"] == "'=1+1"  # no formula
        assert (first["#org+funder+name+list"], first["#sector+code+v_dac+list"]) == ("Own", "15132")
        assert (first["#country+code+v_iso2"], first["#adm1+code+v_iso3166_2"]) == ("HN", "HN-CR")
        assert (first["#geo+lat"], first["#geo+lon"]) == ("15.610000", "-87.950000")
        assert (first["#date+start"], first["#date+end"]) == ("2024-01-01", "2026-12-31")
        assert (first["#value+committed+usd"], second["#value+committed+usd"]) == ("750000.00", "250000.00")

    def test_money_is_counted_once_where_shares_are_not_known(self, client: Client, organization: Organization) -> None:
        factories.program(
            organization,
            coverages=(CoverageData("HN"), CoverageData("GT")),
            locations=(LocationData("HN-CR"), LocationData("HN-FM")),
        )

        rows = self.rows(content(client, "3w.hxl.csv"))

        assert [row["#country+code+v_iso2"] for row in rows] == ["HN", "HN", "GT"]
        assert [row["#value+committed+usd"] for row in rows] == ["1000000.00", "", ""]

    def test_headings_are_in_the_readers_language(self, client: Client, organization: Organization) -> None:
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"

        text = content(client, "3w.hxl.csv")

        assert text.startswith("Identificador del programa,Programa,")  # no mark: tools show it in the heading

    def test_cells_of_several_values_are_in_columns_that_say_so(
        self, client: Client, organization: Organization
    ) -> None:
        other = factories.organization("Other", kind="21")
        factories.program(
            organization,
            participations=(ParticipationData(organization.pk, 1), ParticipationData(other.pk, 1)),
            sectors=(SectorData("15130", Decimal(40)), SectorData("15220", Decimal(60))),
        )

        (row,) = self.rows(content(client, "3w.hxl.csv"))

        several = {hashtag for hashtag, cell in row.items() if " | " in cell}
        assert several == {hashtag for hashtag in several if hashtag.endswith("+list")}
        assert row["#org+funder+name+list"] == "Own | Other"
        assert row["#org+funder+type+list"] == "Government | International NGO"

    def test_a_row_for_each_sector_holds_its_part_of_the_money_to_the_cent(
        self, client: Client, organization: Organization
    ) -> None:
        thirds = [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
        factories.program(
            organization,
            sectors=tuple(map(SectorData, ("15130", "15220", "15210"), thirds)),
            locations=tuple(
                map(LocationData, ("HN-CR", "HN-FM", "HN-AT"), ("",) * 3, (None,) * 3, (None,) * 3, thirds)
            ),
        )

        rows = self.rows(content(client, "3w.sectors.hxl.csv"))

        assert len(rows) == 9
        assert {row["#sector+code+v_dac"] for row in rows} == {"15130", "15220", "15210"}
        assert not any("+list" in hashtag for hashtag in rows[0] if hashtag.startswith("#sector"))
        assert sum(Decimal(row["#value+committed+usd"]) for row in rows) == Decimal("1000000.00")

    def test_where_sectors_have_no_shares_their_first_row_has_the_money(
        self, client: Client, organization: Organization
    ) -> None:
        factories.program(organization, sectors=(SectorData("15130"), SectorData("15220")))

        rows = self.rows(content(client, "3w.sectors.hxl.csv"))

        assert [row["#value+committed+usd"] for row in rows] == ["1000000.00", ""]

    def test_a_town_is_known_by_its_municipality_and_an_area_by_its_p_code(
        self, client: Client, organization: Organization
    ) -> None:
        factories.program(organization, locations=(LocationData("HN-CR", "Choloma"),))

        (row,) = self.rows(content(client, "3w.hxl.csv"))

        assert (row["#adm1+code+v_pcode"], row["#adm2+name"]) == ("HN05", "Choloma")
        assert row["#adm2+code+v_geonames"].isdecimal()
        assert row["#country+code+v_iso3"] == "HND"


SCHEMA_3W = Path(__file__).parent / "3w-schema.csv"


class TestHxlSchema:
    """By the schema beside this file, as libhxl reads it (`hxlvalidate --schema 3w-schema.csv`)."""

    KINDS: dict[str, Callable[[str], Any]] = {"number": Decimal, "date": date.fromisoformat, "": str}

    def wrong(self, table: list[list[str]]) -> list[str]:
        _headings, tags, *rules = csv.reader(StringIO(SCHEMA_3W.read_text(encoding="utf-8")))
        _headings, hashtags, *rows = table
        found = []
        for rule in (dict(zip(tags, row, strict=True)) for row in rules):
            wanted, *attributes = rule["#valid_tag"].split("+")
            columns = [
                number
                for number, (tag, *own) in enumerate(hashtag.split("+") for hashtag in hashtags)
                if tag == wanted and set(attributes) <= set(own)
            ]
            if not columns:
                found.append(f"{rule['#valid_tag']}: no column")
            for row in rows:
                for number in columns:
                    cell = row[number]
                    if rule["#valid_required"] and not cell:
                        found.append(f"{rule['#valid_tag']}: empty")
                    if cell and not re.fullmatch(rule["#valid_value+regex"] or ".*", cell):
                        found.append(f"{rule['#valid_tag']}: {cell}")
                    try:
                        self.KINDS[rule["#valid_datatype"] if cell else ""](cell)
                    except (ValueError, ArithmeticError):
                        found.append(f"{rule['#valid_tag']}: {cell}")
        return found

    @pytest.mark.parametrize("by_sector", [False, True])
    def test_all_demonstration_programs_are_valid(self, by_sector: bool) -> None:
        load_demonstration_programs()

        table = list(hxl.table(Program.objects.all(), "en", by_sector=by_sector))

        assert len(table) > 130
        assert self.wrong(table) == []

    def test_what_is_wrong_is_found(self, organization: Organization) -> None:
        factories.program(organization)
        headings, hashtags, row = hxl.table(Program.objects.all(), "en")
        for hashtag, cell in (("#sector+code+v_dac+list", "ABC"), ("#date+start", "soon"), ("#activity+code", "")):
            broken = list(row)
            broken[hashtags.index(hashtag)] = cell
            assert len(self.wrong([headings, hashtags, broken])) == 1


class TestGeojson:
    def test_a_program_is_its_points(self, client: Client, organization: Organization) -> None:
        factories.program(
            organization,
            title="Dos",
            locations=(LocationData("HN-CR", "Choloma", Decimal("15.61"), Decimal("-87.95")), LocationData("HN-FM")),
        )
        factories.program(organization, title="Nowhere", locations=())

        made = json.loads(content(client, "geojson"))

        first, second = made["features"]
        assert first["geometry"]["type"] == "MultiPoint"
        assert first["geometry"]["coordinates"][0] == [-87.95, 15.61]
        assert first["properties"]["committed_usd"] == "1000000.00"
        assert first["properties"]["committed_usd_number"] == 1_000_000
        assert second["geometry"] is None

    def test_an_area_says_how_many_programs_work_there(self, organization: Organization) -> None:
        for _number in range(2):
            factories.program(organization, locations=(LocationData("HN-CR", percentage=Decimal(100)),))

        made = json.loads(b"".join(geojson.areas_file(Program.objects.all())))

        (area,) = made["features"]
        assert (area["id"], area["properties"]["programs"]) == ("HN-CR", 2)
        assert area["properties"]["committed_usd"] == "2000000.00"
        assert area["geometry"]["type"] in ("Polygon", "MultiPolygon")

    def test_a_town_by_its_name_alone_has_its_own_point(self, organization: Organization) -> None:
        factories.program(organization, locations=(LocationData("HN-CR", "Choloma"),))

        (feature,) = json.loads(b"".join(geojson.programs_file(Program.objects.all())))["features"]

        longitude, latitude = feature["geometry"]["coordinates"]
        assert abs(longitude + 87.95) < 0.05
        assert abs(latitude - 15.61) < 0.05

    def test_every_outline_winds_as_rfc_7946_asks(self, organization: Organization) -> None:
        """Outer rings counterclockwise, holes clockwise: by the area that a ring encloses, with its sign."""
        for code in Area.objects.values_list("code", flat=True):
            factories.program(
                organization, locations=(LocationData(code),), coverages=(CoverageData(code.split("-")[0]),)
            )

        made = json.loads(b"".join(geojson.areas_file(Program.objects.all())))

        rings = [
            (number, ring)
            for feature in made["features"]
            for polygon in {"Polygon": lambda c: [c], "MultiPolygon": list, "Point": lambda c: []}[
                feature["geometry"]["type"]
            ](feature["geometry"]["coordinates"])
            for number, ring in enumerate(polygon)
        ]
        assert len(rings) > 90
        for number, ring in rings:
            area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))
            assert (area > 0) == (number == 0)
            assert ring[0] == ring[-1]

    def test_a_hole_winds_the_other_way(self) -> None:
        square = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]  # clockwise

        wound = geojson.wound({"type": "Polygon", "coordinates": [square, square]})

        assert wound["coordinates"] == [square[::-1], square]

    def test_none_is_a_collection_of_nothing(self) -> None:
        made = json.loads(b"".join(geojson.programs_file(Program.objects.none())))

        assert made == {"type": "FeatureCollection", "features": []}


class TestApi:
    ADDRESS = "/api/v1/programs/"

    def pulled(self, client: Client, query: str = "", **headers: str) -> Any:
        return client.get(self.ADDRESS + query, headers=headers)

    @pytest.mark.parametrize("name", list(API_FORMATS))
    def test_gives_each_format_by_its_name(self, client: Client, organization: Organization, name: str) -> None:
        factories.program(organization, identifier="XX-OWN-1")
        factories.program(organization, identifier="XX-OWN-2", status=4)

        answer = self.pulled(client, f"?format={name}&status=2")

        assert answer.status_code == 200
        assert answer["Content-Type"] == API_FORMATS[name].media_type
        assert b"XX-OWN-2" not in b"".join(answer.streaming_content)

    @pytest.mark.parametrize(
        ("accept", "media_type"),
        [
            ("application/geo+json", "application/geo+json"),
            ("application/xml", "application/xml"),
            ("text/csv", "text/csv; charset=utf-8"),
            ("*/*", "application/json"),
            ("text/html,application/xml;q=0.9,*/*;q=0.8", "application/json"),  # a browser
        ],
    )
    def test_gives_the_format_that_is_accepted(self, client: Client, accept: str, media_type: str) -> None:
        assert self.pulled(client, accept=accept)["Content-Type"] == media_type

    def test_refuses_by_name_what_makes_no_sense_of_a_whole_file(self, client: Client) -> None:
        answer = self.pulled(client, "?format=iati&page_size=5")

        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == "page_size"

    def test_refuses_a_wrong_filter_in_json(self, client: Client) -> None:
        answer = self.pulled(client, "?format=geojson&contry=HN")

        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"

    def test_names_the_formats_where_one_is_unknown(self, client: Client) -> None:
        answer = self.pulled(client, "?format=yaml")

        assert answer.status_code == 406
        assert "Known formats: json, csv, xlsx, ndjson, iati" in answer.json()["detail"]
