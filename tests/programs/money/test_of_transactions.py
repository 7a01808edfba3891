"""The place and the sector that a transaction has of its own: in, out, shown and counted; and how a program counts."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from programs.exchange.iati.export import activities_file
from programs.exchange.iati.importer import IatiImporter
from programs.models import Program
from programs.services import CoverageData, ParticipationData, RelatedData, SectorData
from tests import factories
from tests.api import Api
from tests.programs.money.test_once import by_country, commits, funded_by, in_equal_parts, reader_of_all

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parents[2] / "corpus/iati"


def exported() -> Any:
    return etree.fromstring(b"".join(activities_file(Program.objects.all())))


def imported(path: Path) -> None:
    report = IatiImporter(accept=["all"]).import_files([path])
    assert not report.rejected


def test_an_imported_file_says_how_much_is_for_which_country() -> None:
    imported(FILES / "05-transaction-countries-90-10-become-50-50.xml")
    assert by_country(reader_of_all()) == {"HN": 900, "GT": 100, None: 1000}
    # As it came: the transactions say so, and not the activity.
    assert exported().xpath("count(//iati-activity/recipient-country)") == 0
    assert exported().xpath("//transaction/recipient-country/@code") == ["HN", "GT"]


def test_an_imported_family_counts_once() -> None:
    imported(FILES / "04-parent-and-child-both-counted.xml")
    assert by_country(reader_of_all()) == {"BZ": 1_000_000, None: 1_000_000}


def test_what_is_entered_here_comes_in_again_as_it_was(tmp_path: Path) -> None:
    program = factories.program(
        locations=(), coverages=in_equal_parts("HN", "GT"), sectors=(SectorData("15130"), SectorData("15210")),
        transactions=(commits(900, "HN", sector_id="15130"), commits(100, "GT", sector_id="15210")),
    )  # fmt: skip
    file = tmp_path / "own.xml"
    file.write_bytes(etree.tostring(exported()))
    Program.objects.all().delete()
    imported(file)
    again = Program.objects.get(identifier=program.identifier)
    assert list(again.transactions.values_list("value", "country", "sector").order_by("-value")) == [
        (900, "HN", "15130"),
        (100, "GT", "15210"),
    ]
    assert by_country(reader_of_all()) == {"HN": 900, "GT": 100, None: 1000}


def test_where_the_activity_says_so_its_transactions_do_not() -> None:
    """The standard wants one of the two."""
    factories.program(
        coverages=(CoverageData("HN", None, Decimal(60)), CoverageData("GT", None, Decimal(40))),
        transactions=(commits(900, "HN"), commits(100)),
    )
    activity = exported()
    assert activity.xpath("//iati-activity/recipient-country/@percentage") == ["60", "40"]
    assert activity.xpath("count(//transaction/recipient-country)") == 0


def test_scripts_read_and_write_them() -> None:
    own = factories.organization()
    program = factories.program(own, coverages=in_equal_parts("HN", "GT"), locations=())
    api = Api(factories.user(own, "manager"))
    row = {"type": 2, "value": "600.00", "currency": "USD", "date": "2024-03-01", "country": "GT", "sector": "15130"}
    before = api.client.get(f"/api/v1/programs/{program.pk}/")
    answer = api.client.patch(
        f"/api/v1/programs/{program.pk}/",
        {"transactions": [row]},
        content_type="application/json",
        headers={"if-match": before.headers["etag"]},
    )
    assert answer.status_code == 200, answer.text
    (said,) = answer.json()["transactions"]
    assert (said["country"], said["region"], said["sector"]) == ("GT", None, "15130")
    wrong = api.client.patch(
        f"/api/v1/programs/{program.pk}/",
        {"transactions": [{**row, "country": "XX"}]},
        content_type="application/json",
        headers={"if-match": answer.headers["etag"]},
    )
    assert wrong.status_code == 400
    assert "“XX” is not in the list." in wrong.text


class TestPage:
    def test_it_says_what_counts_where_and_as_whose(self, signed_in: Any) -> None:
        donor, body = factories.organization("Donor of the fund"), factories.organization("Body")
        whole = factories.program(
            donor, "published", identifier="XM-F", title="The fund", coverages=in_equal_parts("HN", "GT"),
            participations=(*funded_by(donor), ParticipationData(body.pk, 4)),
            transactions=(commits(700, "HN"), commits(300, "GT")),
        )  # fmt: skip
        part = factories.program(
            body, "published", title="The part", participations=funded_by(body), transactions=(commits(400),),
            related=(RelatedData(1, "XM-F"),), visibility="restricted",
        )  # fmt: skip
        client = signed_in(factories.user(body))
        page = client.get(whole.get_absolute_url()).text
        assert "Totals count US$ 600 of US$ 1,000 here" in page
        assert "The part" in page
        assert '70 % · <span class="nowrap">US$ 420</span>' in page
        page = client.get(part.get_absolute_url()).text
        assert "Counts in full in all totals" in page
        assert "passed on by other organizations" in page
        # Who may not see the part sees no trace of it.
        page = signed_in(factories.user(factories.organization())).get(whole.get_absolute_url()).text
        assert "Counts in full in all totals" in page
        assert "The part" not in page
        assert "US$ 600" not in page

    def test_a_draft_counts_in_no_total(self, signed_in: Any) -> None:
        own = factories.organization()
        draft = factories.program(own, "draft")
        page = signed_in(factories.user(own, "editor")).get(draft.get_absolute_url()).text
        assert "This money counts in no total" in page
