"""Files of the portal's own come in again as they were: what is beyond the standard is read back."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from donors.models import Organization
from goals.models import Country
from programs.exchange.demonstration.loader import load
from programs.exchange.iati import schema
from programs.exchange.iati.export import activities_file, organisations_file
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.node import XML_LANG
from programs.exchange.iati.own_files import LONGEST_PERIOD, restored, split_budgets
from programs.exchange.iati.reader import read_activity
from programs.exchange.iati.ruleset import broken_rules
from programs.models import Program
from programs.services import BudgetData, CoverageData, LocationData, TransactionData, stored_programs
from tests import factories
from tests.conftest import ROOT

CORPUS = ROOT / "tests/corpus/iati"
ACTIVITY = """<iati-activity default-currency="USD" xml:lang="en"><iati-identifier>XX-1-A</iati-identifier>
<reporting-org ref="XX-1" type="10"><narrative>Agency</narrative></reporting-org>
<title><narrative>Police</narrative></title><description><narrative>Trains police.</narrative></description>
<participating-org ref="XX-1" type="10" role="1"><narrative>Agency</narrative></participating-org>
<activity-status code="2"/><activity-date type="1" iso-date="2024-01-15"/>
<recipient-country code="HN" percentage="100"/><sector vocabulary="1" code="15130" percentage="100"/>
{more}</iati-activity>"""


def file_of(folder: Path, *activities: str) -> Path:
    path = folder / "file.xml"
    path.write_text(f'<iati-activities version="2.03">{"".join(activities)}</iati-activities>', encoding="utf-8")
    return path


def exported() -> Any:
    root = etree.fromstring(b"".join(activities_file(Program.objects.all())))
    assert schema.problems(root) == []
    return root


def take(path: Path) -> IatiImporter:
    importer = IatiImporter(include_all=True)
    report = importer.import_files([path])
    assert [one.reason for one in report.rejected] == []
    return importer


def out_and_in(folder: Path) -> None:
    """Exports all programs, forgets what was published of them, and takes the export."""
    path = folder / "own.xml"
    path.write_bytes(b"".join(activities_file(Program.objects.all())))
    take(path)


def budget(start: str, end: str, value: str) -> str:
    return (
        f'<budget type="1" status="1"><period-start iso-date="{start}"/><period-end iso-date="{end}"/>'
        f'<value currency="USD" value-date="{start}">{value}</value></budget>'
    )


def facts() -> dict[tuple[str, str], Any]:
    """(identifier, field) -> what may not be lost on the way out and in."""
    return {
        (stored.data.identifier, name): Counter(value) if isinstance(value, tuple) else value
        for stored in stored_programs(Program.objects.order_by("pk"))
        for name in (
            "title", "description", "language", "status", "planned_start", "planned_end", "actual_start", "actual_end",
            "coverages", "locations", "sectors", "transactions", "budgets", "participations", "policy_markers",
            "translations", "default_currency",
        )
        for value in (getattr(stored.data, name),)
    }  # fmt: skip


days = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
amounts = st.decimals(-(10**12), 10**12, places=2, allow_nan=False)


class TestBudgetsOfYears:
    @given(days, st.integers(0, 365 * 40), st.one_of(amounts, st.decimals(0, 10**6, places=4)))
    def test_no_cent_is_lost_or_won_and_the_years_become_the_budget_again(
        self, start: dt.date, length: int, amount: Decimal
    ) -> None:
        end = start + dt.timedelta(days=length)
        activity = etree.fromstring(ACTIVITY.format(more=budget(str(start), str(end), f"{amount:f}")))
        before = etree.tostring(activity, method="c14n", exclusive=True)

        split_budgets(activity)

        parts = activity.findall("budget")
        periods = [
            tuple(
                dt.date.fromisoformat(str(part.find(name).get("iso-date"))) for name in ("period-start", "period-end")
            )
            for part in parts
        ]
        assert sum(Decimal(part.findtext("value")) for part in parts) == amount
        assert all((last - first).days <= LONGEST_PERIOD for first, last in periods)
        assert (periods[0][0], periods[-1][1]) == (start, end)
        assert all(after[0] - before[1] == dt.timedelta(days=1) for before, after in itertools.pairwise(periods))
        assert etree.tostring(restored(activity), method="c14n", exclusive=True) == before

    @pytest.mark.django_db
    def test_are_written_where_a_budget_is_longer_than_a_year_and_read_as_one(self, tmp_path: Path) -> None:
        organization = factories.organization("Own", ref="XX-OWN")
        line = BudgetData(Decimal("1000000.01"), "USD", dt.date(2024, 2, 29), dt.date(2026, 12, 31))
        factories.program(organization, budgets=(line,), transactions=())
        before = facts()

        (activity,) = exported().findall("iati-activity")
        out_and_in(tmp_path)

        assert [one.find("period-end").get("iso-date") for one in activity.findall("budget")] == [
            "2025-02-27", "2026-02-27", "2026-12-31",
        ]  # fmt: skip
        assert sum(Decimal(one.findtext("value")) for one in activity.findall("budget")) == Decimal("1000000.01")
        assert facts() == before

    def test_stay_years_where_somebody_changed_one(self) -> None:
        activity = etree.fromstring(ACTIVITY.format(more=budget("2024-01-01", "2025-12-31", "200.00")))
        split_budgets(activity)
        activity.find("budget/value").text = "999.00"

        restored(activity)

        assert len(activity.findall("budget")) == 2

    def test_of_two_budgets_alike_are_two(self) -> None:
        activity = etree.fromstring(ACTIVITY.format(more=budget("2024-01-01", "2025-12-31", "200.00") * 2))
        split_budgets(activity)
        assert len(activity.findall("budget")) == 4

        assert [one.findtext("value") for one in restored(activity).findall("budget")] == ["200.00", "200.00"]


@pytest.mark.django_db
class TestComesInAgain:
    def test_a_budget_without_an_end(self) -> None:
        take(CORPUS / "10-own-export-loses-budget.xml")

        (line,) = stored_programs(Program.objects.all())[0].data.budgets
        assert (line.value, line.period_start, line.period_end) == (Decimal("38000000.00"), dt.date(2027, 3, 1), None)
        # And once only, however often it goes out and in.
        assert len(exported().findall(".//{urn:carsi-portal:as-published}budget")) == 1

    def test_everything_that_was_set_aside(self, tmp_path: Path) -> None:
        organization = factories.organization("Own", ref="XX-OWN")
        factories.program(
            organization,
            budgets=(BudgetData(Decimal(5), "USD", dt.date(2024, 1, 1), None),),
            transactions=(TransactionData(2, Decimal(7), "EUR"), TransactionData(3, Decimal(8), "USD", None)),
            locations=(
                LocationData("HN-CR", "Choloma", percentage=Decimal(60)), LocationData("HN-FM", percentage=Decimal(40))
            ),
        )  # fmt: skip
        before = facts()

        out_and_in(tmp_path)
        assert facts() == before

        out_and_in(tmp_path)
        assert facts() == before

    def test_words_that_nobody_wrote_stay_unwritten(self, tmp_path: Path) -> None:
        organization = factories.organization("Own", ref="XX-OWN")
        factories.program(organization, identifier="XX-OWN-1", description="", participations=())
        words = "<title><narrative>Police</narrative></title><description><narrative>Trains police.</narrative>"
        take(file_of(tmp_path, ACTIVITY.format(more="").replace(f"{words}</description>", "")))
        before = facts()

        first, second = exported().findall("iati-activity")
        out_and_in(tmp_path)

        assert first.findtext("description/narrative") == "Community policing in Choloma"
        assert first.findtext("participating-org/narrative") == "Own"
        assert second.findtext("title/narrative") == "XX-1-A"
        assert second.findtext("description/narrative") == "XX-1-A"
        assert facts() == before

    def test_a_vocabulary_of_sectors_that_is_on_no_list(self, tmp_path: Path) -> None:
        more = '<sector vocabulary="U.S. Sector Framework" code="7"/>'
        take(file_of(tmp_path, ACTIVITY.format(more=more)))

        sector = exported().find("iati-activity").findall("sector")[1]

        assert (sector.get("vocabulary"), sector.findtext("narrative")) == ("99", "U.S. Sector Framework 7")
        out_and_in(tmp_path)
        assert exported().find("iati-activity").findall("sector")[1].get("vocabulary") == "99"


@pytest.mark.django_db
class TestIsValid:
    def test_codes_that_were_understood_are_the_standards(self) -> None:
        take(CORPUS / "10b-known-codes-exported-invalid.xml")

        (activity,) = exported().findall("iati-activity")

        assert activity.find("activity-date").get("type") == "2"
        assert activity.find("participating-org").get("role") == "4"
        assert broken_rules(activity) == []

    @pytest.mark.parametrize(
        ("stated", "path", "attribute", "code"),
        [
            ('<recipient-country code="Honduras"/>', "recipient-country", "code", "HN"),
            ('<recipient-country code="hnd" percentage="100"/>', "recipient-country", "code", "HN"),
            ("<activity-status>Implementation</activity-status>", "activity-status", "code", "2"),
            ('<activity-status code="Implementation"/>', "activity-status", "code", "2"),
            ('<policy-marker vocabulary="DAC" code="01" significance="2"/>', "policy-marker", "code", "1"),
            ('<related-activity type="Parent" ref="XX-1-B"/>', "related-activity", "type", "1"),
            ('<default-finance-type code=" 110 "/>', "default-finance-type", "code", "110"),
            ('<transaction><transaction-type code="D"/><transaction-date iso-date="21-May-13"/>'
             '<value currency="usd" value-date="2013-05-21">5</value></transaction>',
             "transaction/transaction-type", "code", "3"),
            ('<transaction><transaction-type code="D"/><transaction-date iso-date="21-May-13"/>'
             '<value currency="usd" value-date="2013-05-21">5</value></transaction>',
             "transaction/transaction-date", "iso-date", "2013-05-21"),
            ('<transaction><transaction-type code="3"/><transaction-date iso-date="2013-05-21"/>'
             '<value currency="usd" value-date="2013-05-21">5</value></transaction>',
             "transaction/value", "currency", "USD"),
            ('<location><administrative vocabulary="ISO 3166-2" level="1" code="HN-CR"/></location>',
             "location/administrative", "vocabulary", "A4"),
            ('<contact-info><organisation xml:lang="en_US"><narrative xml:lang="eng">A</narrative></organisation>'
             "</contact-info>", "contact-info/organisation/narrative", XML_LANG, "en"),
        ],
    )  # fmt: skip
    def test_whatever_the_version_says(self, tmp_path: Path, stated: str, path: str, attribute: str, code: str) -> None:
        activity = ACTIVITY.format(more=stated)
        for name in ("recipient-country", "activity-status"):
            if f"<{name}" in stated:
                ours = {"recipient-country": '<recipient-country code="HN" percentage="100"/>'}
                activity = activity.replace(ours.get(name, '<activity-status code="2"/>'), "", 1)
        take(file_of(tmp_path, activity))

        assert exported().find("iati-activity").find(path).get(attribute) == code

    @pytest.mark.parametrize(
        ("stated", "day"),
        [("21-May-13", "2013-05-21"), ("2016", "2016-01-01"), ("2016-05", "2016-05-01"), ("15/01/2024", "2024-01-15")],
    )
    def test_an_activity_whose_only_date_can_mean_one_day_is_exported(
        self, tmp_path: Path, stated: str, day: str
    ) -> None:
        activity = ACTIVITY.format(more="").replace("2024-01-15", stated)
        take(file_of(tmp_path, activity))

        assert exported().find("iati-activity/activity-date").get("iso-date") == day

    def test_a_year_alone_ends_with_its_last_day(self, tmp_path: Path) -> None:
        more = '<activity-date type="3" iso-date="2016"/>'
        take(file_of(tmp_path, ACTIVITY.format(more=more).replace("2024-01-15", "2016")))

        assert Program.objects.get().planned_end == dt.date(2016, 12, 31)

    def test_an_activity_of_many_unknown_elements_is_exported(self, tmp_path: Path) -> None:
        take(file_of(tmp_path, ACTIVITY.format(more="".join(f"<own-{n}>said</own-{n}>" for n in range(40)))))

        kept = exported().findall("iati-activity/{urn:carsi-portal:as-published}as-published")
        assert len(kept) == 40

    def test_of_one_identifier_of_two_reporters_the_file_has_that_of_whose_it_is(self) -> None:
        theirs, own = factories.organization("Theirs", ref="XX-THEIRS"), factories.organization("Own", ref="XX-OWN")
        factories.program(theirs, identifier="XX-OWN-1", title="Second hand")
        factories.program(own, identifier="XX-OWN-1", title="First hand")

        root = exported()

        assert [one.findtext("title/narrative") for one in root.findall("iati-activity")] == ["First hand"]
        assert [str(one.text) for one in root.iter(etree.Comment)] == [
            " Left out, 1: their identifiers are those of activities of: XX-OWN-1 (XX-OWN) "
        ]

    def test_organizations_say_the_language_of_their_names(self) -> None:
        factories.organization("Policía Nacional", ref="HN-PN", country=Country.objects.get(code="HN"))
        factories.organization("Somebody", ref="XX-SB")

        root = etree.fromstring(b"".join(organisations_file(Organization.objects.order_by("ref"))))

        assert [
            (one.get(XML_LANG), one.find("name/narrative").get(XML_LANG)) for one in root.findall("iati-organisation")
        ] == [("es", "es"), ("en", "en")]

    def test_several_countries_in_one_code_are_countries(self, tmp_path: Path) -> None:
        factories.organization("Own", ref="XX-OWN")
        program = factories.program(
            Organization.objects.get(ref="XX-OWN"), coverages=(CoverageData("HN"), CoverageData("GT"))
        )

        codes = [one.get("code") for one in exported().find("iati-activity").findall("recipient-country")]

        assert (program.pk, codes) == (program.pk, ["HN", "GT"])


class TestTheDemonstrationData:
    @pytest.fixture(scope="class")
    def loaded(self, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
        with django_db_blocker.unblock(), transaction.atomic():
            load()
            yield
            transaction.set_rollback(True)

    def test_comes_in_again_with_no_money_day_place_or_sector_lost(
        self, loaded: None, db: None, tmp_path: Path
    ) -> None:
        before = facts()
        spent = sorted(Program.objects.values_list("identifier", "committed_usd", "disbursed_usd"))
        assert len(before) > 1_000

        out_and_in(tmp_path)

        after = facts()
        assert {key: (stated, after.get(key)) for key, stated in before.items() if after.get(key) != stated} == {}
        assert sorted(Program.objects.values_list("identifier", "committed_usd", "disbursed_usd")) == spent

    def test_is_read_as_it_was_from_the_file_alone(self, loaded: None, db: None) -> None:
        """Without the database: the sums of all budgets and transactions of the file."""
        root = etree.fromstring(b"".join(activities_file(Program.objects.all())))
        stored = stored_programs(Program.objects.all())

        said = [read_activity(activity, "2.03") for activity in root.findall("iati-activity")]

        assert sum(line.value for one in said for line in one.budgets) == sum(
            row.value for one in stored for row in one.data.budgets
        )
        assert sum(move.value for one in said for move in one.movements) == sum(
            row.value for one in stored for row in one.data.transactions
        )
