"""The overlap report: what it holds, for whom, that it stays as it was, and that the monthly one goes out once."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from core.errors import Refused
from donors.models import User
from programs.models import Program
from programs.overlap.models import Overlap
from programs.overlap.services import confirm, dismiss, reopen
from programs.reports import services
from programs.reports.models import MonthlyReport, OverlapReport, ReportFile
from programs.reports.services import Selected, ask_for_report, make
from programs.reports.services.freezing import freeze
from programs.reports.services.making import document
from programs.services import CoverageData
from tests import factories
from tests.api import Api
from tests.conftest import wait_until
from tests.pdf import pages_in
from tests.queries import queries_of
from tests.worlds import World, kept_through, overlap

pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 1, 1)


def made(actor: User, **selected: Any) -> OverlapReport:
    """A report of all days so far, made."""
    report = ask_for_report(actor, LONG_AGO, timezone.localdate(), Selected(**selected))
    make(report.pk)
    report.refresh_from_db()
    return report


@dataclass
class Reported:
    """A report on one confirmed pair of programs, made, and the coordinator who asked for it."""

    coordinator: User
    pair: Overlap
    report: OverlapReport


def reported() -> Reported:
    coordinator = factories.user(factories.organization("SICA", is_coordinating_body=True), "coordinator")
    pair = overlap(factories.program(title="First"), factories.program(title="Second"))
    confirm(pair, actor=coordinator, note="One plan.")
    return Reported(coordinator, pair, made(coordinator))


def frozen(actor: User, first: date = LONG_AGO, last: date | None = None, **selected: Any) -> OverlapReport:
    """A report whose data are kept, without its documents, which take longer than all else."""
    report = ask_for_report(actor, first, last or timezone.localdate(), Selected(**selected))
    freeze(report, lambda part: None)
    OverlapReport.objects.filter(pk=report.pk).update(status="failed")
    return report


def sheets(report: OverlapReport, language: str = "en") -> dict[str, list[tuple[Any, ...]]]:
    return sheets_of(bytes(ReportFile.objects.get(report=report, format="xlsx", language=language).content))


def sheets_of(workbook: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(BytesIO(workbook))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


class TestMade:
    """What becomes of a report that is made, once for all of these: its documents take longer than all else."""

    @pytest.fixture(scope="class")
    def kept(self, django_db_setup: None, django_db_blocker: Any) -> Iterator[Reported]:
        with kept_through(django_db_blocker, reported) as kept:
            yield kept

    @pytest.fixture
    def the(self, kept: Reported) -> Reported:
        return deepcopy(kept)

    def test_it_works(self, the: Reported) -> None:
        report = the.report

        found = sheets(report)
        assert list(found) == ["Summary", "Cases", "Pairs", "Programs", "Agreements", "Goals and countries", "Gaps"]
        row = found["Pairs"][1]
        assert {"First", "Second", "Confirmed", 1_000_000} <= set(row)
        assert "Both work in Cortés." in row[14]
        assert "One plan." in row[15]
        assert {line[0] for line in found["Programs"][1:]} == {"First", "Second"}
        assert ("Engine version", report.engine_version) in found["Summary"]
        assert report.files.count() == 4

    def test_both_languages(self, the: Reported) -> None:
        found = sheets(the.report, "es")

        assert "Resumen" in found
        assert "Ambos trabajan en Cortés." in found["Pares"][1][14]

    def test_changed_data_change_nothing_in_a_report(self, the: Reported) -> None:
        reopen(the.pair, actor=the.coordinator, note="Two plans.")
        dismiss(the.pair, actor=the.coordinator, reason="complementary")
        Overlap.objects.update(score=0.1, money_usd=5)
        Program.objects.update(title="Changed")

        assert the.report.files.count() == 4
        for file in the.report.files.all():
            assert document(the.report, file.format, file.language) == bytes(file.content), file

    def test_twice_is_once(self, the: Reported) -> None:
        before = OverlapReport.objects.values().get()

        make(the.report.pk)

        assert OverlapReport.objects.values().get() == before
        assert (the.report.files.count(), the.report.rows.filter(part="pairs").count()) == (4, 1)

    def test_nobody_else_ends_it(self, the: Reported, signed_in: Callable[[User], Client]) -> None:
        another = factories.user(the.coordinator.memberships.get().organization, "coordinator")
        client, address = signed_in(another), the.report.get_absolute_url()

        assert "delete/" not in client.get(address).content.decode()
        for action in ("cancel", "delete"):
            client.post(f"{address}{action}/")
        assert OverlapReport.objects.get().status == "made"
        assert Api(another).send("DELETE", f"reports/{the.report.pk}/", None, 403)


class TestMaking:
    def test_an_empty_selection_is_a_document_that_says_so(self, coordinator: User) -> None:
        report = frozen(coordinator, kind="duplicate")

        summary = dict(row[:2] for row in sheets_of(document(report, "xlsx", "en"))["Summary"])
        assert summary["Result"] == "There are no overlaps in this selection and period."
        assert pages_in(document(report, "pdf", "en")) >= 1

    def test_a_cell_never_becomes_a_formula(self, coordinator: User) -> None:
        overlap(factories.program(title="=1+1"), factories.program(title="@cmd"))

        report = frozen(coordinator)

        assert {"=1+1", "@cmd"} <= set(sheets_of(document(report, "xlsx", "en"))["Pairs"][1])

    def test_what_a_dead_worker_left_is_taken_up(self, coordinator: User) -> None:
        report = ask_for_report(coordinator, LONG_AGO, timezone.localdate(), Selected())
        OverlapReport.objects.update(attempts=1)

        assert services.reports_to_queue() == [report.pk]
        assert services.reports_to_queue() == []  # it waits in the queue
        make(report.pk)
        assert OverlapReport.objects.get().status == "made"
        assert services.reports_to_queue() == []

    def test_one_that_never_comes_to_an_end_fails(self, coordinator: User) -> None:
        report = ask_for_report(coordinator, LONG_AGO, timezone.localdate(), Selected())
        OverlapReport.objects.update(attempts=3)

        make(report.pk)

        report.refresh_from_db()
        assert report.status == "failed"

    def test_its_asker_cancels_and_deletes_it(self, coordinator: User, signed_in: Callable[[User], Client]) -> None:
        report = ask_for_report(coordinator, LONG_AGO, timezone.localdate(), Selected())
        client, address = signed_in(coordinator), report.get_absolute_url()
        client.post(f"{address}delete/")
        assert OverlapReport.objects.get().status == "waiting"  # not while it is being made

        assert "cancelled before it was created" in client.post(f"{address}cancel/", follow=True).content.decode()
        make(report.pk)
        assert (OverlapReport.objects.get().status, services.reports_to_queue()) == ("cancelled", [])
        client.post(f"{address}delete/")
        assert not OverlapReport.objects.exists()

    def test_one_that_is_cancelled_while_its_data_are_read_is_not_made(self, coordinator: User) -> None:
        overlap(factories.program(), factories.program())
        report = ask_for_report(coordinator, LONG_AGO, timezone.localdate(), Selected())
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION cancel() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " UPDATE reports_overlapreport SET status = 'cancelled'; RETURN NEW; END $$;"
                "CREATE TRIGGER cancel AFTER INSERT ON reports_reportrow FOR EACH ROW EXECUTE FUNCTION cancel()"
            )

        make(report.pk)

        assert (OverlapReport.objects.get().status, ReportFile.objects.count()) == ("cancelled", 0)


class TestSelection:
    def pairs(self, report: OverlapReport) -> int:
        return report.rows.filter(part="pairs").count()

    def test_by_goal_country_donor_kind_and_state(self, coordinator: User) -> None:
        donor = factories.organization()
        there = (CoverageData("GT"),)
        overlap(factories.program(donor), factories.program())
        overlap(
            factories.program(coverages=there, locations=()),
            factories.program(coverages=there, locations=()),
            kind="duplicate",
            state="confirmed",
        )

        for selected, expected in (
            ({}, 2),
            ({"country": "GT"}, 1),
            ({"country": "BZ"}, 0),
            ({"donor": donor}, 1),
            ({"kind": "duplicate"}, 1),
            ({"state": "open"}, 1),
        ):
            assert self.pairs(frozen(coordinator, **selected)) == expected, selected

    def test_by_period(self, coordinator: User) -> None:
        dismissed, later = (overlap(factories.program(), factories.program()) for _ in range(2))
        dismiss(dismissed, actor=coordinator, reason="complementary")
        today = timezone.localdate()
        Overlap.objects.filter(pk=dismissed.pk).update(first_flagged_at=timezone.now() - timedelta(days=50))

        def of(first: date, last: date) -> list[int]:
            return [row["id"] for row in frozen(coordinator, first, last).rows.data("pairs")]

        assert sorted(of(today, today)) == sorted([dismissed.pk, later.pk])
        assert of(today - timedelta(days=60), today - timedelta(days=1)) == []
        assert of(today + timedelta(days=1), today + timedelta(days=1)) == [later.pk]

    def test_pairs_of_a_cluster_are_one_case_whose_money_counts_once(self, coordinator: User) -> None:
        from programs.overlap.models import Cluster

        one, two, three = (factories.program() for _ in range(3))
        cluster = Cluster.objects.create(score=0.8, kinds=["overlap"], programs=3, pairs=3)
        for left, right in ((one, two), (two, three), (one, three)):
            overlap(left, right, cluster=cluster, case=cluster.pk, sites=["HN-CR"], stake=50)
        overlap(factories.program(), factories.program())

        report = frozen(coordinator)

        assert (report.summary["cases"], report.summary["pairs"]) == (2, 4)  # type: ignore[index]
        assert [row["money"] for row in report.rows.data("cases")] == ["2000000.00", "1000000.00"]
        assert next(row["title"]["es"] for row in report.rows.data("cases")) == "3 programas en Cortés"

    def test_a_period_that_ends_before_it_begins_is_refused(self, coordinator: User) -> None:
        with pytest.raises(Refused):
            ask_for_report(coordinator, date(2026, 2, 1), date(2026, 1, 1), Selected())


class TestWhoSees:
    def test_it_holds_what_its_asker_may_see(self) -> None:
        world = World()

        for role, pairs in {"member of nobody": 2, "viewer": 5, "coordinator": 6}.items():
            report = frozen(world.person(role))  # type: ignore[arg-type]
            assert report.summary["pairs"] == pairs  # type: ignore[index]
            assert ("other restricted" in str(list(report.rows.values_list("data")))) == (role == "coordinator")

    def test_only_who_may_see_all_of_it_sees_it(self, signed_in: Callable[[User], Client]) -> None:
        world = World()
        people = {role: world.person(role) for role in ("viewer", "editor", "coordinator", "superuser")}
        reports = {role: frozen(person) for role, person in people.items()}  # type: ignore[arg-type]
        OverlapReport.objects.update(status="made", made_at=timezone.now())
        for report in reports.values():
            # Who sees a document does not depend on what it says.
            ReportFile.objects.create(report=report, format="pdf", language="en", content=b"%PDF-")
        expected = {
            "viewer": {"viewer"},
            "editor": {"editor"},
            "coordinator": {"coordinator"},
            "superuser": {"coordinator", "superuser"},
        }
        for role, person in people.items():
            client = signed_in(person)  # type: ignore[arg-type]
            seen = {of for of, report in reports.items() if client.get(report.get_absolute_url()).status_code == 200}
            files = {of for of, r in reports.items() if client.get(f"/reports/{r.pk}/overlaps.pdf").status_code == 200}
            assert seen == files == expected[role], role

    def test_who_left_the_organization_no_longer_sees_its_report(self) -> None:
        world = World()
        viewer = world.person("viewer")
        assert viewer is not None
        report = frozen(viewer)
        assert OverlapReport.objects.visible_to(viewer).filter(pk=report.pk).exists()

        viewer.memberships.all().delete()
        viewer.forget_roles()

        assert not OverlapReport.objects.visible_to(viewer).filter(pk=report.pk).exists()


class TestPages:
    @pytest.fixture
    def client(self, signed_in: Callable[[User], Client], coordinator: User) -> Client:
        return signed_in(coordinator)

    def test_one_asks_watches_and_fetches(self, client: Client) -> None:
        overlap(factories.program(), factories.program())
        asked = client.post("/reports/", {"first": "2026-01-01", "last": "2099-01-01"}, follow=True)
        report = OverlapReport.objects.get()
        assert "The report is in preparation." in asked.text
        assert client.get(f"/reports/{report.pk}/progress/").json()["at_work"] is True

        make(report.pk)

        assert client.get(f"/reports/{report.pk}/progress/").json() == {
            "state": "made", "at_work": False, "percent": 100, "words": "100 %",
        }  # fmt: skip
        assert "US$ 1,000,000" in client.get(f"/reports/{report.pk}/").text
        for name, beginning in (("pdf", b"%PDF"), ("xlsx", b"PK")):
            assert client.get(f"/reports/{report.pk}/overlaps.{name}?lang=es").content.startswith(beginning)

    def test_bad_input_is_answered_beside_its_field(self, client: Client) -> None:
        for data, words in (
            ({"first": "", "last": ""}, "This field is required."),
            ({"first": "2026-02-01", "last": "2026-01-01"}, "The period cannot end before it begins."),
            ({"first": "0001-01-01", "last": "2026-01-01"}, "Dates must be between 1900 and 2199."),
            ({"first": "2026-01-01", "last": "2026-01-02", "country": "XX"}, "XX"),
        ):
            answer = client.post("/reports/", data)
            assert (answer.status_code, words in answer.text) == (400, True), words
        assert not OverlapReport.objects.exists()

    def test_as_many_queries_for_50_reports_as_for_1(self, client: Client, coordinator: User) -> None:
        fields = {"asked_by": coordinator, "seen_as": 2, "period_start": LONG_AGO, "period_end": LONG_AGO}
        OverlapReport.objects.create(**fields)
        one = queries_of(client, "/reports/")
        OverlapReport.objects.bulk_create(OverlapReport(**fields) for _ in range(20))

        assert queries_of(client, "/reports/") == one


class TestMonthly:
    TODAY = date(2026, 11, 1)

    def run(self) -> list[mail.EmailMessage]:
        """A month's first day, from the schedule to the letters, twice over."""
        mail.outbox.clear()
        for _ in range(2):
            for report_id in services.prepare_monthly(self.TODAY):
                make(report_id)
            for report_id in services.emails_to_send():
                services.send_report(report_id)
        return list(mail.outbox)

    def test_who_asked_gets_one_letter_with_a_link(self, coordinator: User) -> None:
        services.get_monthly(coordinator, Selected(country="HN"))
        factories.user()

        letters = self.run()

        report = OverlapReport.objects.get()
        assert [letter.to for letter in letters] == [[coordinator.email]]
        assert letters[0].subject == "CARSI Portal: overlap report of October 2026"
        assert f"http://localhost:8000/reports/{report.pk}/" in letters[0].body
        assert (report.period_start, report.period_end, report.country) == (date(2026, 10, 1), date(2026, 10, 31), "HN")

    def test_one_click_ends_it(self, coordinator: User) -> None:
        services.get_monthly(coordinator, Selected())
        header = self.run()[0].extra_headers["List-Unsubscribe"]
        path = header.strip("<>").removeprefix("http://localhost:8000")

        asked, done = Client().get(path), Client().post(path)

        assert "Should the portal stop" in asked.text
        assert "Done." in done.text
        assert not MonthlyReport.objects.exists()
        assert Client().get("/reports/monthly/end/nobody/").status_code == 404

    def test_it_is_begun_changed_and_ended_on_the_page(
        self, signed_in: Callable[[User], Client], coordinator: User
    ) -> None:
        client = signed_in(coordinator)
        for goal in ("1", "2"):
            client.post("/reports/monthly/", {"monthly-goal": goal})
            assert [str(row.goal_id) for row in MonthlyReport.objects.all()] == [goal]
        client.post("/reports/monthly/stop/")
        assert not MonthlyReport.objects.exists()
        assert client.post("/reports/monthly/", {"monthly-goal": "9"}).status_code == 400

    def test_who_ended_it_meanwhile_or_left_gets_none(self, coordinator: User) -> None:
        services.get_monthly(coordinator, Selected())
        report_id = services.prepare_monthly(self.TODAY)[0]
        services.end_monthly(coordinator)
        mail.outbox.clear()
        make(report_id)

        assert mail.outbox == []
        assert services.emails_to_send() == []

    def test_late_in_a_month_nothing_is_made_up_for(self, coordinator: User) -> None:
        services.get_monthly(coordinator, Selected())

        assert services.prepare_monthly(date(2026, 11, 6)) == []


def test_a_worker_makes_it(committed_db: None, worker: Callable[[], Any]) -> None:
    sica = factories.organization("SICA", is_coordinating_body=True)
    coordinator = factories.user(sica, "coordinator")
    overlap(factories.program(), factories.program())
    worker()

    report = ask_for_report(coordinator, LONG_AGO, timezone.localdate(), Selected())

    wait_until(lambda: OverlapReport.objects.get().status == "made")
    assert sorted(report.files.values_list("format", "language")) == [
        ("pdf", "en"), ("pdf", "es"), ("xlsx", "en"), ("xlsx", "es"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE reports_overlapreport SET period_end = '2000-01-01'", "report_period_in_order"),
        ("UPDATE reports_overlapreport SET seen_as = 9", "report_seen_as_is_known"),
        ("UPDATE reports_overlapreport SET status = 'lost'", "report_status_is_known"),
        ("UPDATE reports_overlapreport SET status = 'made'", "report_made_has_its_data"),
        ("UPDATE reports_overlapreport SET month = '2026-01-02'", "report_month_is_its_first_day"),
    ],
)
def test_the_database_says_no(coordinator: User, statement: str, constraint: str) -> None:
    ask_for_report(coordinator, LONG_AGO, timezone.localdate(), Selected())

    with pytest.raises(IntegrityError, match=constraint), connection.cursor() as cursor:
        cursor.execute(statement)
