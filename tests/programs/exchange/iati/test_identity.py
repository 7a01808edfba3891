"""Who takes part in an imported activity: identifier first, then name within a country."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donors.models import Organization
from donors.services import create_organization
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.report import Report
from programs.models import Participation, Program

pytestmark = pytest.mark.django_db

ACTIVITY = """<iati-activity default-currency="USD" xml:lang="en"><iati-identifier>XX-TEST-1-{number}</iati-identifier>
<reporting-org ref="{reporter}" type="10"><narrative>{called}</narrative></reporting-org>
<title><narrative>Police training</narrative></title>
<description type="1"><narrative>Trains community police officers.</narrative></description>
{participants}<activity-status code="2"/><activity-date type="2" iso-date="2024-01-15"/>
{countries}<sector vocabulary="1" code="15130" percentage="100"/></iati-activity>"""


def participant(ref: str = "", name: str = "", role: int = 4) -> str:
    said = f' ref="{ref}"' if ref else ""
    return f'<participating-org{said} role="{role}"><narrative>{name}</narrative></participating-org>'


def activity(
    number: object,
    *participants: str,
    countries: tuple[str, ...] = ("HN",),
    reporter: str = "XX-TEST-1",
    called: str = "Test",
) -> str:
    share = 100 / len(countries)
    said = "".join(f'<recipient-country code="{code}" percentage="{share:.2f}"/>' for code in countries)
    return ACTIVITY.format(
        number=number, participants="".join(participants), countries=said, reporter=reporter, called=called
    )


def imported(folder: Path, *activities: str) -> Report:
    path = folder / "activities.xml"
    path.write_text(f'<iati-activities version="2.03">{"".join(activities)}</iati-activities>', encoding="utf-8")
    return IatiImporter().import_files([path])


def of(number: object) -> set[Organization]:
    roles = Participation.objects.filter(program__identifier=f"XX-TEST-1-{number}").select_related("organization")
    return {role.organization for role in roles}


def test_two_states_police_are_two(tmp_path: Path) -> None:
    report = imported(
        tmp_path,
        activity(1, participant("SV-GOV-PNC", "Policía Nacional Civil"), countries=("SV",)),
        activity(2, participant("GT-GOV-PNC", "Policía Nacional Civil"), countries=("GT",)),
        activity(3, participant("", "Policía Nacional Civil"), countries=("GT",)),
        activity(4, participant("", "P.N.C."), countries=("SV",)),
    )

    assert (report.created, report.rejected) == (4, [])
    assert of(1) == of(4) != of(2) == of(3)
    assert {one.country_id for one in of(1) | of(2)} == {"SV", "GT"}


def test_an_identifier_that_is_another_s_name_rejects_nothing(tmp_path: Path) -> None:
    report = imported(tmp_path, activity(1, participant("", "ACME")), activity(2, participant("ACME")))

    assert (report.created, report.rejected) == (2, [])
    assert of(1) == of(2)


def test_an_identifier_of_several_words_is_a_name(tmp_path: Path) -> None:
    imported(tmp_path, activity(1, participant("", "Blue Example Aid")), activity(2, participant("Blue Example Aid")))

    assert of(1) == of(2)


def test_two_reporters_of_one_name_and_identifier_stay_two(tmp_path: Path) -> None:
    both = [activity(1, reporter=f"XX-AGENCY-{number}", called="Reporting Body D") for number in (7, 9)]

    assert imported(tmp_path, *both).created == 2
    again = imported(tmp_path, *both)

    assert (again.unchanged, again.updated, again.created) == (2, 0, 0)
    assert Program.objects.values("reporting_org").distinct().count() == 2


def test_a_reporter_without_identifier_is_one_in_all_its_countries(tmp_path: Path) -> None:
    """Where each country has a ministry of that name, a reporter of several countries is none of them."""
    in_each = [
        activity(code, countries=(code,), reporter="", called="Ministry of Works Abroad").replace(' ref=""', "")
        for code in ("HN", "GT")
    ]

    assert imported(tmp_path, *in_each).created == 2
    assert Program.objects.values("reporting_org").distinct().count() == 1


def test_one_reporter_under_two_identifiers_is_one(tmp_path: Path) -> None:
    """As the list of known bodies has both: the second of one identifier is said, and overwrites nothing."""
    report = imported(
        tmp_path, activity(1, reporter="US-GOV-1", called="USAID"), activity(1, reporter="US-1", called="AID")
    )

    assert (report.created, len(report.rejected)) == (1, 1)


def test_one_body_under_its_names_is_one(tmp_path: Path) -> None:
    names = (
        "AECID",
        "A.E.C.I.D.",
        "Cooperación Española",
        "Agencia Española de Cooperación Internacional para el Desarrollo",
    )

    imported(
        tmp_path,
        *(activity(number, participant("", name, 1)) for number, name in enumerate(names)),
        activity("ref", participant("ES-DIR3-EA0035768", "", 1)),
    )

    assert len(set().union(*(of(number) for number in range(len(names))), of("ref"))) == 1


def test_a_regional_program_guesses_nobody(tmp_path: Path) -> None:
    sica = create_organization("SICA", country=None)
    imported(tmp_path, activity(1, participant("", "PNC"), countries=("SV", "GT"), called="SICA", reporter="XX-S"))

    assert sica.name == "SICA"
    (unclear,) = of(1)
    assert unclear.listed_as == ""


def test_as_many_queries_for_known_names_as_for_none(tmp_path: Path) -> None:
    names = ["AECID", "PNC", "DEA", "41114"]
    imported(tmp_path, *(activity(number, *(participant("", name) for name in names)) for number in range(2)))
    counts = []
    for first, roles in ((100, names[:1]), (200, names)):
        with CaptureQueriesContext(connection) as queries:
            imported(tmp_path, *(activity(first + n, *(participant("", name) for name in roles)) for n in range(5)))
        counts.append(len(queries))
    assert counts[0] == counts[1]
