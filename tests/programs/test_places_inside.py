"""A place outside the program's own countries is refused with a sentence, in every way in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from donors.models import Organization, User
from programs.exchange.iati.importer import IatiImporter
from programs.models import Program, ProgramLocation
from programs.services import (
    CoverageData,
    LocationData,
    ManySaver,
    ProgramData,
    Wanted,
    edit_program,
    save_program,
    stored_programs,
)
from programs.services.places import places_outside
from tests import factories
from tests.api import Api
from tests.programs.exchange.importing import checked, problems, row

pytestmark = pytest.mark.django_db

HONDURAS, GUATEMALA = CoverageData("HN", percentage=Decimal(100)), CoverageData("GT", percentage=Decimal(100))
REGION = CoverageData(region_id="1032", percentage=Decimal(100))
CORTES, PETEN = LocationData("HN-CR"), LocationData("GT-17")


def point(latitude: str, longitude: str, name: str = "") -> LocationData:
    return LocationData(None, name, Decimal(latitude), Decimal(longitude))


TIKAL, PUERTO_BARRIOS = point("17.222", "-89.6237", "Tikal"), point("15.73", "-88.6")
MEXICO, NICARAGUA = CoverageData("MX"), CoverageData("NI")
BOTH = (replace(HONDURAS, percentage=Decimal(50)), replace(GUATEMALA, percentage=Decimal(50)))


@pytest.fixture
def org() -> Organization:
    return factories.organization("Own")


@pytest.fixture
def editor(org: Organization) -> User:
    return factories.user(org, "editor")


@pytest.mark.parametrize(
    ("coverages", "locations", "outside"),
    [
        ([HONDURAS], [CORTES], []),
        ([HONDURAS], [PETEN], [PETEN]),
        ([HONDURAS], [CORTES, PETEN], [PETEN]),
        (BOTH, [CORTES, PETEN], []),
        ([REGION], [PETEN], []),
        ([HONDURAS, REGION], [PETEN], []),
        # Nothing is known yet: a draft.
        ([], [PETEN], []),
        ([HONDURAS], [LocationData(name="Tikal")], []),
        ([HONDURAS], [TIKAL], [TIKAL]),
        ([GUATEMALA], [TIKAL], []),
        (BOTH, [TIKAL], []),
        ([REGION], [TIKAL], []),
        # Its area says where it is.
        ([GUATEMALA], [replace(TIKAL, area_id="GT-17")], []),
        # At sea, on an islet without an outline, elsewhere in the world.
        ([HONDURAS], [point("16.9", "-84.5")], []),
        ([HONDURAS], [point("12.17", "-83.04")], []),
        ([HONDURAS], [point("40.4", "-3.7")], []),
        # Beside the border the outlines may be wrong: Agua Caliente, a customs post between Honduras and
        # Guatemala; Ciudad Hidalgo, a town of Mexico, of which there are no outlines.
        ([HONDURAS], [point("14.48", "-89.36")], []),
        ([MEXICO], [point("14.68", "-92.16")], []),
        ([MEXICO], [TIKAL], [TIKAL]),
        # A port is not beside another country for being beside the sea, but for those that are not drawn whole.
        ([HONDURAS], [PUERTO_BARRIOS], [PUERTO_BARRIOS]),
        ([MEXICO], [PUERTO_BARRIOS], []),
        # Rivas, in Nicaragua, has no outline.
        ([NICARAGUA], [point("11.437", "-85.826")], []),
        ([CoverageData("CR")], [point("11.437", "-85.826")], []),
    ],
)
def test_which_places_lie_outside(
    coverages: Sequence[CoverageData], locations: Sequence[LocationData], outside: Sequence[LocationData]
) -> None:
    assert places_outside(coverages, locations) == outside


def one_by_one(data: ProgramData, actor: User) -> None:
    save_program(data, actor=actor)


def many(data: ProgramData, actor: User) -> None:
    ManySaver(actor=actor).save_many([Wanted(data)])


def typed(data: ProgramData, actor: User) -> None:
    edit_program(data, actor=actor)


@pytest.mark.parametrize("way", [one_by_one, many, typed])
def test_the_services_refuse_it(way: Callable[..., None], org: Organization, editor: User) -> None:
    data = factories.program_data(org, coverages=(HONDURAS,), locations=(CORTES, PETEN))

    with transaction.atomic(), pytest.raises(ValidationError) as refusal:
        way(data, editor)

    assert refusal.value.message_dict == {
        "locations": [
            (
                "“Petén, Guatemala” is outside the program's countries (Honduras). Add its country to the program, or "
                "remove the place."
            )
        ]
    }
    way(replace(data, coverages=BOTH), editor)


def test_a_point_is_called_by_its_degrees_and_its_area(org: Organization, editor: User) -> None:
    data = factories.program_data(org, coverages=(HONDURAS,), locations=(CORTES, TIKAL))

    with pytest.raises(ValidationError, match=r"“17\.222, -89\.6237 \(Petén, Guatemala\)” is outside") as refusal:
        save_program(data, actor=editor)

    assert list(refusal.value.message_dict) == ["locations"]


def test_taking_a_country_out_is_refused_while_a_place_is_there(org: Organization, editor: User) -> None:
    program = factories.program(org, coverages=BOTH, locations=(CORTES, PETEN))
    data = replace(stored_programs([program])[0].original, coverages=(HONDURAS,))

    with pytest.raises(ValidationError):
        edit_program(data, actor=editor, program=program, version=program.version)


def test_what_was_saved_before_the_rule_may_be_changed_elsewhere(org: Organization, editor: User) -> None:
    program = factories.program(org, coverages=(HONDURAS,), locations=(CORTES,))
    ProgramLocation.objects.create(program=program, area_id="GT-17")
    data = replace(stored_programs([program])[0].original, title="Renamed")

    edit_program(data, actor=editor, program=program, version=program.version)
    assert Program.objects.get().title == "Renamed"
    program.refresh_from_db()
    worse = replace(data, locations=(*data.locations, LocationData("GT-01")))
    with pytest.raises(ValidationError):
        edit_program(worse, actor=editor, program=program, version=program.version)


def test_a_point_saved_before_the_rule_stays_where_it_is(org: Organization, editor: User) -> None:
    program = factories.program(org, coverages=(HONDURAS,), locations=(CORTES,))
    ProgramLocation.objects.create(program=program, latitude=TIKAL.latitude, longitude=TIKAL.longitude, name="Tikal")
    data = replace(stored_programs([program])[0].original, title="Renamed")

    save_program(data, actor=editor)
    assert Program.objects.get().title == "Renamed"
    elsewhere = [row if row.latitude is None else point("17.3", "-89.7") for row in data.locations]
    with pytest.raises(ValidationError):
        save_program(replace(data, locations=tuple(elsewhere)), actor=editor)


class TestTheForm:
    def raw(self, program: Program, client: Client) -> dict[str, str]:
        return client.get(reverse("programs:edit", args=[program.pk])).context["editor"].raw

    def test_says_it_beside_the_place(self, client: Client, org: Organization, editor: User) -> None:
        program = factories.program(org)
        client.force_login(editor)
        raw = self.raw(program, client) | {"places-0-area": "Petén, Guatemala", "do": "save"}

        answer = client.post(reverse("programs:edit", args=[program.pk]), raw)

        assert answer.status_code == 400
        (row,) = [form for form in answer.context["editor"].lists["places"].forms if form.is_bound]
        assert "is outside the program's countries (Honduras)" in row.errors["area"][0]

    def test_says_it_beside_a_point(self, client: Client, org: Organization, editor: User) -> None:
        program = factories.program(org)
        client.force_login(editor)
        tikal = {"places-0-area": "", "places-0-latitude": "17.222", "places-0-longitude": "-89.6237"}

        answer = client.post(
            reverse("programs:edit", args=[program.pk]), self.raw(program, client) | tikal | {"do": "save"}
        )

        assert answer.status_code == 400
        (row,) = [form for form in answer.context["editor"].lists["places"].forms if form.is_bound]
        assert "Petén, Guatemala" in row.errors["area"][0]

    def test_keeps_a_point_that_lay_outside_before(self, client: Client, org: Organization, editor: User) -> None:
        program = factories.program(org, coverages=(HONDURAS,), locations=())
        ProgramLocation.objects.create(program=program, latitude=TIKAL.latitude, longitude=TIKAL.longitude)
        client.force_login(editor)

        client.post(
            reverse("programs:edit", args=[program.pk]),
            self.raw(program, client) | {"title": "Renamed", "do": "save"},
        )

        program.refresh_from_db()
        assert (program.title, program.locations.count()) == ("Renamed", 1)

    def test_a_draft_is_saved_without_it_and_keeps_it_typed(
        self, client: Client, org: Organization, editor: User
    ) -> None:
        program = factories.program(org, stage="draft")
        client.force_login(editor)
        raw = self.raw(program, client) | {"places-0-area": "Petén, Guatemala", "title": "Renamed"}

        kept = client.post(reverse("programs:autosave", args=[program.pk]), raw).json()

        assert (kept["state"], kept["unreadable"]) == ("saved", 1)
        program.refresh_from_db()
        assert (program.title, program.locations.count()) == ("Renamed", 0)
        assert self.raw(program, client)["places-0-area"] == "Petén, Guatemala"


class TestByScript:
    def test_the_field_is_named(self, org: Organization, editor: User) -> None:
        api = Api(editor)
        program = factories.program(org)
        body = {"reporting_org_id": org.pk, "identifier": "XX-9", "title": "Vetted units",
                "coverages": [{"country": "HN", "percentage": "100"}], "locations": [{"area": "GT-17"}]}  # fmt: skip

        new = api.send("POST", "programs/", body, 400)
        change = api.send("PATCH", f"programs/{program.pk}/", {"locations": [{"area": "GT-17"}]}, 400, if_match='"1"')
        (bulk,) = api.send("POST", "programs/bulk/", {"programs": [body]}, 200)["results"]

        body["locations"] = [{"name": "Tikal", "latitude": "17.222", "longitude": "-89.6237"}]
        by_point = api.send("POST", "programs/", body, 400)

        for problem in (new, change, bulk["problem"], by_point):
            (error,) = problem["errors"]
            assert error["pointer"] == "#/locations"
            assert "Petén" in error["detail"]


class TestByFile:
    def test_a_row_is_refused_at_its_cell(self, org: Organization, editor: User) -> None:
        job = checked(org, editor, [row(area="GT-17"), row(identifier="P-2", country="Guatemala", area="Petén")])

        first, second = job.rows.order_by("number")
        assert problems(first) == [("area_outside", 5)]
        assert problems(second) == []

    def test_a_row_with_a_point_outside_is_refused_as_it_is_written(self, org: Organization, editor: User) -> None:
        job = checked(
            org, editor, [row(area="/ Tikal @ 17.222, -89.6237"), row(identifier="P-2", area="/ Tela @ 15.78, -87.45")]
        )

        first, second = job.rows.order_by("number")
        assert problems(first) == [("area_outside", 5)]
        assert "Tikal @ 17.222, -89.6237" in first.problems[0]["params"]["text"]
        assert problems(second) == []

    def test_a_row_that_changes_the_country_alone_is_refused(self, org: Organization, editor: User) -> None:
        factories.program(org, identifier="P-1")

        job = checked(org, editor, [row(country="Guatemala", area="")])

        assert problems(job.rows.get()) == [("area_outside", 4)]


IATI = """<?xml version="1.0"?><iati-activities version="2.03"><iati-activity default-currency="USD">
<iati-identifier>XX-TEST-1</iati-identifier>
<reporting-org ref="XX-TEST" type="21"><narrative>Fund of the North</narrative></reporting-org>
<title><narrative>Courts</narrative></title><activity-status code="2"/>
<activity-date iso-date="2024-01-01" type="1"/>
<recipient-country code="HN" percentage="{share}"/>{region}
{places}</iati-activity></iati-activities>"""
LOCATION = '<location><administrative vocabulary="G2" level="1" code="{code}"/></location>'


@pytest.mark.parametrize(
    ("share", "region", "kept"),
    [
        ("100", "", {"HN-CR"}),
        ("50", '<recipient-region code="1032" vocabulary="1" percentage="50"/>', {"HN-CR", "GT-17"}),
    ],
)
def test_an_iati_location_outside_is_left_out_and_said(tmp_path: Path, share: str, region: str, kept: set[str]) -> None:
    file = tmp_path / "activities.xml"
    places = "".join(LOCATION.format(code=code) for code in ("HN-CR", "GT-17"))
    file.write_text(IATI.format(share=share, region=region, places=places))

    report = IatiImporter().import_files([file])

    assert report.created == 1
    assert {place.area_id for place in Program.objects.get().locations.all()} == kept
    assert report.oddities["location.outside"] == (0 if "GT-17" in kept else 1)


POINT = "<location><name><narrative>{name}</narrative></name><point><pos>{at}</pos></point>{kind}</location>"
COUNTRY_AS_A_WHOLE = '<feature-designation code="PCLI"/>'


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        (POINT.format(name="Tikal", at="17.222 -89.6237", kind=""), []),
        # A whole country is published as a point in its middle.
        (POINT.format(name="Guatemala", at="15.5 -90.25", kind=COUNTRY_AS_A_WHOLE), []),
        (POINT.format(name="Honduras", at="15.0 -86.5", kind=COUNTRY_AS_A_WHOLE), ["Honduras"]),
        (POINT.format(name="Agua Caliente", at="14.48 -89.36", kind=""), ["Agua Caliente"]),
        (POINT.format(name="Madrid", at="40.4 -3.7", kind=""), []),
    ],
)
def test_an_iati_point_outside_is_left_out_and_said(tmp_path: Path, place: str, kept: list[str]) -> None:
    file = tmp_path / "activities.xml"
    file.write_text(IATI.format(share="100", region="", places=place))

    report = IatiImporter().import_files([file])

    assert (report.created, report.rejected) == (1, [])
    assert [row.name for row in Program.objects.get().locations.all()] == kept
    assert report.oddities["location.outside"] == 1 - len(kept)
