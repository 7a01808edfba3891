"""One activity in several files: money of other periods adds up, money of the same period is replaced."""

from decimal import Decimal
from pathlib import Path

import pytest

from donors.models import Organization
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.report import Report
from programs.exchange.models import IatiRecord
from programs.models import Program
from tests import factories
from tests.programs.exchange.iati.writing import budget, document, one_activity, transaction
from tests.programs.exchange.importing import apply, bring_in_file, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, name: str, *money: str, **parts: str) -> Path:
    path = folder / name
    path.write_text(document(one_activity(more="".join(money), **parts)))
    return path


def imported(*paths: Path) -> Report:
    return IatiImporter().import_files(paths)


def money() -> tuple[list[Decimal], list[Decimal]]:
    """The values of the transactions and of the budgets of the one program."""
    program = Program.objects.get()
    return (
        sorted(program.transactions.values_list("value", flat=True)),
        sorted(program.budgets.values_list("value", flat=True)),
    )


def told(report: Report) -> dict[str, str]:
    return {note.code: note.detail for note in report.notes}


def year(number: int, value: int) -> tuple[str, str]:
    return transaction(value, f"{number}-03-01"), budget(value * 2, f"{number}-01-01", f"{number}-12-31")


def test_a_later_year_adds_to_the_earlier_and_says_so(folder: Path) -> None:
    imported(write(folder, "2023.xml", *year(2023, 100)))

    report = imported(write(folder, "2024.xml", *year(2024, 30), title="New title"))

    assert money() == ([30, 100], [60, 200])
    assert Program.objects.get().title == "New title"
    assert told(report)["years.kept"] == "1 × budget 2023-01-01/2023-12-31; 1 × transaction 2023"
    assert (report.updated, report.rejected) == (1, [])


def test_files_by_year_in_one_import_add_up_too(folder: Path) -> None:
    report = imported(write(folder, "2023.xml", *year(2023, 100)), write(folder, "2024.xml", *year(2024, 30)))

    assert money() == ([30, 100], [60, 200])
    assert (report.created, report.updated, report.rejected) == (1, 1, [])


def test_again_nothing_changes_in_any_order(folder: Path) -> None:
    paths = [write(folder, f"{number}.xml", *year(number, number)) for number in (2022, 2023, 2024)]
    imported(*paths)
    version = Program.objects.get().version

    report = imported(*reversed(paths))

    assert (report.unchanged, report.updated) == (3, 0)
    assert money()[0] == [2022, 2023, 2024]
    assert Program.objects.get().version == version


def test_the_same_period_is_replaced_and_never_counted_twice(folder: Path) -> None:
    imported(write(folder, "may.xml", *year(2023, 100), *year(2024, 10)))

    report = imported(write(folder, "june.xml", *year(2023, 110), *year(2024, 10)))

    assert money() == ([10, 110], [20, 220])
    assert "years.kept" not in told(report)


def test_a_corrected_year_replaces_its_own_file_alone(folder: Path) -> None:
    imported(write(folder, "2023.xml", *year(2023, 100)))
    imported(write(folder, "2024.xml", *year(2024, 30)))

    # The day of 2023 was wrong: the whole belongs to 2022.
    report = imported(write(folder, "2023.xml", *year(2022, 100)))

    assert money() == ([30, 100], [60, 200])
    assert told(report)["years.gone"] == "1 × budget 2023-01-01/2023-12-31; 1 × transaction 2023"
    assert set(Program.objects.get().transactions.values_list("date__year", flat=True)) == {2022, 2024}


def test_what_a_file_no_longer_says_goes_and_is_told(folder: Path) -> None:
    imported(write(folder, "all.xml", *year(2023, 100), *year(2024, 30)))

    report = imported(write(folder, "all.xml", *year(2024, 30)))

    assert money() == ([30], [60])
    assert "transaction 2023" in told(report)["years.gone"]


def test_a_transaction_with_its_reference_is_the_same_in_another_year(folder: Path) -> None:
    imported(write(folder, "a.xml", transaction(100, "2023-12-31", reference="T-1")))

    imported(write(folder, "b.xml", transaction(100, "2024-01-01", reference="T-1")))

    assert money()[0] == [100]


def test_a_budget_of_overlapping_periods_is_replaced_and_told(folder: Path) -> None:
    imported(write(folder, "a.xml", budget(100, "2023-07-01", "2024-06-30")))

    report = imported(write(folder, "b.xml", budget(70, "2024-01-01", "2024-12-31")))

    assert money()[1] == [70]
    assert "2023-07-01/2024-06-30" in told(report)["years.gone"]


def test_kept_money_keeps_its_currency(folder: Path) -> None:
    imported(write(folder, "a.xml", transaction(100, "2023-03-01"), attributes='default-currency="EUR" xml:lang="en"'))

    imported(write(folder, "b.xml", transaction(30, "2024-03-01")))

    assert set(Program.objects.get().transactions.values_list("value", "currency")) == {(100, "EUR"), (30, "USD")}


def test_a_record_of_the_release_before_counts_as_one_file(folder: Path) -> None:
    imported(write(folder, "2023.xml", *year(2023, 100)))
    IatiRecord.objects.update(parts=[])

    imported(write(folder, "2024.xml", *year(2024, 30)))

    assert money()[0] == [30, 100]


def test_twice_in_a_file_with_other_contents_stays_rejected(folder: Path) -> None:
    path = folder / "twice.xml"
    path.write_text(document(one_activity(more=year(2023, 1)[0]), one_activity(more=year(2024, 2)[0])))

    report = imported(path)

    assert [row.reason for row in report.rejected] == [
        "The same identifier appeared earlier in this import, with different content."
    ]
    assert money()[0] == [1]


def test_undoing_the_later_file_leaves_the_earlier(folder: Path) -> None:
    reporter: Organization = factories.organization("Test Agency", ref="XX-TEST-1")
    manager = factories.user(reporter, "manager")
    first, second = (
        document(one_activity(more="".join(year(number, value)))).encode()
        for number, value in ((2023, 100), (2024, 30))
    )
    apply(bring_in_file(reporter, manager, first, name="2023.xml"), manager)
    later = apply(bring_in_file(reporter, manager, second, name="2024.xml"), manager)
    assert money()[0] == [30, 100]

    undo(later, manager)

    assert money()[0] == [100]
    again = bring_in_file(reporter, manager, first, name="2023.xml")
    assert again.rows.get().outcome == "unchanged"
    redone = apply(bring_in_file(reporter, manager, second, name="2024.xml"), manager)
    assert (redone.rows.get().outcome, money()[0]) == ("changed", [30, 100])


class TestOfWhatWaits:
    """An activity with an unlikely value is not imported: nothing of the same import adds to it."""

    HUGE = transaction(10**14, "2019-03-01")

    def test_another_year_is_imported_without_it(self, folder: Path) -> None:
        waits, other = write(folder, "2019.xml", self.HUGE), write(folder, "2020.xml", transaction(7, "2020-03-01"))

        report = imported(waits, other)

        assert ([one.file for one in report.asked], report.created, report.rejected) == (["2019.xml"], 1, [])
        assert money() == ([7], [])

    def test_the_same_again_is_not_unchanged(self, folder: Path) -> None:
        activity = one_activity(more=self.HUGE)
        (folder / "twice.xml").write_text(document(activity, activity))

        report = imported(folder / "twice.xml")

        assert (len(report.asked), report.unchanged, report.rejected) == (2, 0, [])

    def test_another_of_its_identifier_in_the_same_file_is_rejected(self, folder: Path) -> None:
        path = folder / "twice.xml"
        path.write_text(document(one_activity(more=self.HUGE), one_activity(more=transaction(7, "2020-03-01"))))

        report = imported(path)

        assert (len(report.asked), len(report.rejected), Program.objects.count()) == (1, 1, 0)

    def test_organizations_that_went_with_it_are_made_again(self, folder: Path) -> None:
        path = folder / "two.xml"
        path.write_text(document(one_activity(1, more=self.HUGE), one_activity(2)))

        report = imported(path)

        assert (len(report.asked), report.created, report.rejected) == (1, 1, [])
        assert Program.objects.get().reporting_org == Organization.objects.get(ref="XX-TEST-1")
