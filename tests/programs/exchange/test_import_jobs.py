"""No import is taken up without end: attempts are counted, and its owner cancels and deletes it."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client

from core.errors import NotAllowed, Refused
from core.jobs import QUEUED_AGAIN_AFTER
from core.locks import Locked
from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.models import Import, ImportFile
from programs.exchange.services import apply as applying
from programs.exchange.services.moves import Superseded, chunk
from programs.exchange.spreadsheet import workbooks
from programs.exchange.spreadsheet.problems import sentence
from programs.exchange.spreadsheet.tables import csv_file, xlsx_file
from programs.exchange.tasks import sweep
from programs.models import Program
from tests import factories
from tests.programs.exchange.importing import HEADINGS, apply, bring_in_file, checked, row, upload_file

pytestmark = pytest.mark.django_db
# Every write to the rows of imports fails, as it would for whatever reason.
NO_ROW_IS_WRITTEN = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON exchange_importrow FOR EACH ROW EXECUTE FUNCTION refuse();
"""


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Fund of the North")


@pytest.fixture
def editor(organization: Organization) -> User:
    return factories.user(organization, "editor")


def rows(count: int) -> list[list[str]]:
    return [row(identifier=f"P-{number}", title=f"Title {number}") for number in range(count)]


def begun(step: str, organization: Organization, editor: User) -> Import:
    """An import at work in that step, of three rows."""
    if step == "reading":
        content = b"".join(csv_file([HEADINGS, *rows(3)]))
        return services.start_import(organization, file_name="a.csv", content=content, language="en", actor=editor)
    if step == "checking":
        job = upload_file(organization, editor, rows(3))
        return services.choose_columns(job, job.columns, date_order="", actor=editor)
    if step == "applying":
        return services.apply_import(checked(organization, editor, rows(3)), actor=editor)
    return services.undo_import(apply(checked(organization, editor, rows(3)), editor), actor=editor)


STEPS = ["reading", "checking", "applying", "undoing"]


class TestAttempts:
    @pytest.mark.parametrize("step", STEPS)
    def test_after_three_that_got_no_further_it_ends_in_words(
        self, step: str, organization: Organization, editor: User
    ) -> None:
        job = begun(step, organization, editor)
        if step == "reading":
            ImportFile.objects.all().delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute(NO_ROW_IS_WRITTEN)

        for attempt in range(1, 4):
            with pytest.raises((DatabaseError, ImportFile.DoesNotExist)):
                services.work_on(job.pk)
            job.refresh_from_db()
            assert (job.state, job.attempts) == (step, attempt)
        assert services.work_on(job.pk)

        job.refresh_from_db()
        assert (job.state, job.stopped_in, job.stopped_by) == ("stopped", step, None)
        assert "interrupted three times" in sentence(**job.problem or {})
        assert services.imports_to_queue() == []

    def test_who_gets_on_is_never_stopped(
        self, organization: Organization, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(applying, "ROWS_AT_ONCE", 1)
        job = services.apply_import(checked(organization, editor, rows(6)), actor=editor)

        for _ in range(6):
            assert services.work_on(job.pk, seconds=0) is False
        assert services.work_on(job.pk)

        job.refresh_from_db()
        assert (job.state, Program.objects.count()) == ("applied", 6)

    @pytest.mark.parametrize("step", STEPS)
    def test_what_was_stopped_goes_on_when_its_owner_says_so(
        self, step: str, organization: Organization, editor: User, signed_in: Callable[[User], Client]
    ) -> None:
        job = begun(step, organization, editor)
        Import.objects.filter(pk=job.pk).update(attempts=3)
        services.work_on(job.pk)
        page = signed_in(editor).get(job.get_absolute_url()).content.decode()
        assert "interrupted three times" in page

        move = {"applying": services.apply_import, "undoing": services.undo_import}.get(step, services.check_again)
        assert move.__name__.split("_")[0] in page.lower()
        move(job, actor=editor)
        assert services.work_on(job.pk)

        job.refresh_from_db()
        ends = {"reading": "uploaded", "checking": "checked", "applying": "applied", "undoing": "undone"}
        assert (job.state, job.problem, job.stopped_in) == (ends[step], None, "")


class TestSweeping:
    def test_what_a_worker_is_at_or_what_waits_in_the_queue_is_not_queued_again(
        self, organization: Organization, editor: User
    ) -> None:
        job = begun("checking", organization, editor)
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [int(Locked.IMPORT), job.pk])
            assert services.imports_to_queue() == []
            cursor.execute("SELECT pg_advisory_unlock_all()")
        other.close()

        assert services.imports_to_queue() == [job.pk]
        assert services.imports_to_queue() == []  # it waits in the queue
        job.refresh_from_db()
        Import.objects.update(queued_at=(job.queued_at or job.created_at) - QUEUED_AGAIN_AFTER)
        assert services.imports_to_queue() == [job.pk]  # the broker may have lost it

    def test_what_was_taken_up_and_left_is_queued_at_once(self, organization: Organization, editor: User) -> None:
        job = begun("applying", organization, editor)
        assert services.imports_to_queue() == [job.pk]
        with connection.cursor() as cursor:
            cursor.execute(NO_ROW_IS_WRITTEN)
        with pytest.raises(DatabaseError):
            services.work_on(job.pk)

        assert services.imports_to_queue() == [job.pk]
        sweep()  # as the scheduler does


class TestCancelling:
    @pytest.mark.parametrize("step", ["reading", "checking", "undoing"])
    def test_it_is_stopped_where_it_is(self, step: str, organization: Organization, editor: User) -> None:
        job = begun(step, organization, editor)

        services.cancel_import(job, actor=editor)
        assert services.work_on(job.pk)

        job.refresh_from_db()
        assert (job.state, job.stopped_in, job.stopped_by) == ("stopped", step, editor)
        assert "cancelled" in sentence(**job.problem or {})
        assert services.imports_to_queue() == []
        with pytest.raises(Refused):
            services.cancel_import(job, actor=editor)

    def test_before_a_row_is_applied_it_is_as_it_was_checked(self, organization: Organization, editor: User) -> None:
        job = services.cancel_import(begun("applying", organization, editor), actor=editor)

        assert (job.state, job.applied_by, job.rows.counts().created) == ("checked", None, 3)
        assert apply(job, editor).state == "applied"

    def test_what_was_applied_stays_and_is_undone(
        self, organization: Organization, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(applying, "ROWS_AT_ONCE", 1)
        job = begun("applying", organization, editor)
        services.work_on(job.pk, seconds=0)
        services.cancel_import(job, actor=editor)
        services.work_on(job.pk)
        assert Program.objects.count() == 1

        with pytest.raises(Refused):
            services.check_again(job, actor=editor)  # it would forget what was applied
        services.undo_import(job, actor=editor)
        services.work_on(job.pk)

        job.refresh_from_db()
        assert (job.state, Program.objects.count()) == ("undone", 0)

    @pytest.mark.parametrize("and_then", ["nothing", "check_again"])
    def test_a_worker_that_is_at_it_writes_nothing_more(
        self, and_then: str, organization: Organization, editor: User
    ) -> None:
        begun("checking", organization, editor)
        taken_up = Import.objects.get()
        services.cancel_import(taken_up, actor=editor)
        if and_then == "check_again":
            services.check_again(taken_up, actor=editor)

        with pytest.raises(Superseded), chunk(taken_up):
            taken_up.rows.create(number=2, outcome="created")

        assert not taken_up.rows.exists()

    def test_only_who_may_import_cancels_and_deletes(self, organization: Organization, editor: User) -> None:
        job = begun("checking", organization, editor)
        for service in (services.cancel_import, services.delete_import):
            with pytest.raises(NotAllowed):
                service(job, actor=factories.user(organization, "viewer"))


class TestDeleting:
    def test_programs_stay(self, organization: Organization, editor: User, signed_in: Callable[[User], Client]) -> None:
        job = apply(checked(organization, editor, rows(2)), editor)

        signed_in(editor).post(f"{job.get_absolute_url()}delete/")

        assert not Import.objects.exists()
        assert not ImportFile.objects.exists()
        assert Program.objects.count() == 2

    @pytest.mark.parametrize("step", STEPS)
    def test_not_while_work_goes_on(self, step: str, organization: Organization, editor: User) -> None:
        job = begun(step, organization, editor)
        with pytest.raises(Refused, match="Cancel it first"):
            services.delete_import(job, actor=editor)

    def test_not_while_a_worker_is_leaving_it(
        self, organization: Organization, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("programs.exchange.services.moves.SECONDS_TO_LEAVE", 0.1)
        job = services.cancel_import(begun("checking", organization, editor), actor=editor)
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [int(Locked.IMPORT), job.pk])
            with pytest.raises(Refused, match="still stopping"):
                services.delete_import(job, actor=editor)
            cursor.execute("SELECT pg_advisory_unlock_all()")
        other.close()
        services.delete_import(job, actor=editor)


class TestReadingIsTheWorkersAlone:
    def test_no_page_opens_a_workbook(
        self,
        organization: Organization,
        editor: User,
        signed_in: Callable[[User], Client],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        opened = []
        load = workbooks.openpyxl.load_workbook
        monkeypatch.setattr(workbooks.openpyxl, "load_workbook", lambda *a, **o: opened.append(1) or load(*a, **o))
        client = signed_in(editor)
        file = SimpleUploadedFile("a.xlsx", xlsx_file([HEADINGS, *rows(2)]).read())
        page = client.post("/imports/", {"organization": organization.pk, "file": file}, follow=True)
        assert "being read" in page.content.decode()
        assert not opened

        job = Import.objects.get()
        services.work_on(job.pk)
        assert opened
        opened.clear()
        page = client.get(job.get_absolute_url(), follow=True).content.decode()
        assert "Community policing" not in page
        assert "Title 0" in page
        job.refresh_from_db()
        assert (job.sheets, len(job.sample)) == (["Programs"], 2)
        assert not opened

    def test_a_workbook_of_too_many_texts_is_refused_by_its_limit(
        self, organization: Organization, editor: User
    ) -> None:
        file = io.BytesIO(xlsx_file([HEADINGS, *rows(2)]).read())
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts["xl/sharedStrings.xml"] = b"<sst>" + b"<si/>" * 600_001 + b"</sst>"
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

        job = bring_in_file(organization, editor, file.getvalue())

        assert job.state == "unreadable"
        assert "more than 600000 different texts" in sentence(**job.problem or {})

    def test_an_activity_of_too_many_attributes_is_refused_by_its_limit(
        self, organization: Organization, editor: User
    ) -> None:
        attributes = " ".join(f'a{number}=""' for number in range(200_000))
        content = f"<iati-activities version='2.03'><iati-activity {attributes}/></iati-activities>".encode()

        job = bring_in_file(organization, editor, content)

        assert job.state == "unreadable"
        assert "<iati-activity> in line 1 has more than 100 attributes" in sentence(**job.problem or {})
