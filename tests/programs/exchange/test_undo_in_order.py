"""Undoing imports one after the other, and what counts as somebody's change."""

import copy
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donors.models import Organization, User
from programs.exchange import services
from programs.exchange.iati.export import activities_file
from programs.exchange.models import IatiRecord, Import, ImportRow
from programs.exchange.services.snapshot import CannotPutBack, as_json, from_json
from programs.models import Program, ProgramResult
from programs.overlap import services as overlap_services
from programs.services import save_program, stored_programs
from programs.services.lists import LISTS
from tests import factories
from tests.programs.exchange.importing import apply, checked, outcomes, row, undo

pytestmark = pytest.mark.django_db

ACTIVITY = """<iati-activities version="2.03"><iati-activity default-currency="USD" last-updated-datetime="{at}">
    <iati-identifier>XX-FUND-1</iati-identifier>
    <reporting-org ref="XX-FUND" type="10"><narrative>Fund</narrative></reporting-org>
    <title><narrative>{title}</narrative></title>
    <participating-org ref="{partner}" type="22" role="4"><narrative>{partner}</narrative></participating-org>
    <activity-status code="2"/><activity-date type="1" iso-date="2024-01-15"/>
    <contact-info><email>{title}@example.org</email></contact-info>
    <recipient-country code="HN" percentage="100"/><sector code="15130" vocabulary="1"/>
    <result type="1"><title><narrative>Result of {title}</narrative></title>
      <indicator measure="1"><title><narrative>Lamps</narrative></title><baseline year="2023" value="5"/>
        <period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/><target value="7.5"/></period>
      </indicator></result>
    </iati-activity></iati-activities>"""


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Fund", ref="XX-FUND", kind="10")


@pytest.fixture
def editor(organization: Organization) -> User:
    return factories.user(organization, "editor")


def iati(organization: Organization, editor: User, *texts: str, name: str = "a.xml", at: str = "2024-01-01T00:00:00Z",
         partner: str = "XX-PART") -> Import:  # fmt: skip
    """An IATI file of one activity for each title, all of one identifier, uploaded and checked."""
    one = [ACTIVITY.format(title=text, at=at, partner=partner) for text in texts]
    inside = "".join(text[text.index(">") + 1 : text.rindex("</iati-activities>")] for text in one)
    content = f'<iati-activities version="2.03">{inside}</iati-activities>'.encode()
    job = services.start_import(organization, file_name=name, content=content, language="en", actor=editor)
    services.work_on(job.pk)
    job.refresh_from_db()
    return job


def state() -> dict[str, Any]:
    """All that the portal holds of the only program, but for its version."""
    program = Program.objects.get()
    stored = stored_programs([program])[0]
    record = IatiRecord.objects.filter(program=program).values("xml", "checksum", "file_name", "oddities").first()
    results = list(ProgramResult.objects.values_list("title", "indicators__periods__target"))
    return {**vars(replace(stored, version=0, updated_at=None)), "record": record, "results": results}


class TestInOrder:
    def test_of_iati_files_each_step_back_is_the_state_before_it(
        self, organization: Organization, editor: User
    ) -> None:
        jobs, states = [], []
        for title in ("Courts", "Courts and judges", "Judges"):
            jobs.append(apply(iati(organization, editor, title), editor))
            states.append(state())

        undo(jobs[2], editor)
        assert state() == states[1]
        assert b"Courts and judges@example.org" in b"".join(activities_file(Program.objects.all()))
        undo(jobs[1], editor)
        assert state() == states[0]
        undo(jobs[0], editor)
        assert not Program.objects.exists()

    def test_of_spreadsheets_onto_a_program_that_was_there(self, organization: Organization, editor: User) -> None:
        factories.program(organization, identifier="P-1", title="Before both")
        before = state()
        older = apply(checked(organization, editor, [row(title="Older")]), editor)
        newer = apply(checked(organization, editor, [row(title="Newer")]), editor)

        undo(newer, editor)
        assert Program.objects.get().title == "Older"
        undo(older, editor)

        after = state()
        assert after["data"] == replace(before["data"], goals=after["data"].goals)
        assert {goal.goal_id for goal in after["data"].goals} == {goal.goal_id for goal in before["data"].goals}

    def test_of_a_spreadsheet_the_published_activity_stays(self, organization: Organization, editor: User) -> None:
        apply(iati(organization, editor, "Courts"), editor)
        before = state()
        job = apply(checked(organization, editor, [row(identifier="XX-FUND-1", title="Changed")]), editor)

        undo(job, editor)

        assert state()["record"] == before["record"]
        assert state()["data"].title == "Courts"

    def test_the_older_one_first_is_kept_and_not_mixed(self, organization: Organization, editor: User) -> None:
        older = apply(iati(organization, editor, "Courts"), editor)
        apply(iati(organization, editor, "Judges"), editor)

        undo(older, editor)

        assert older.rows.get().kept_because == "later_import"
        assert Program.objects.get().title == "Judges"


class TestTheOlderOneFirst:
    """It keeps what a later import changed, and is completed as soon as that one is undone."""

    def test_a_program_that_both_changed_is_as_before_both(self, organization: Organization, editor: User) -> None:
        factories.program(organization, identifier="P-1", title="Before both")
        older = apply(checked(organization, editor, [row(title="Older")]), editor)
        newer = apply(checked(organization, editor, [row(title="Newer")]), editor)

        undo(older, editor)
        undo(newer, editor)

        assert Program.objects.get().title == "Before both"
        assert older.rows.values_list("is_undone", "kept_because").get() == (True, "")

    def test_a_program_that_the_older_one_made_is_deleted(self, organization: Organization, editor: User) -> None:
        jobs = [apply(iati(organization, editor, title), editor) for title in ("Courts", "Courts and judges", "Judges")]

        for job in jobs:
            undo(job, editor)

        assert not Program.objects.exists()
        assert [job.rows.get().is_undone for job in jobs] == [True, True, True]

    def test_what_a_person_changed_in_between_stays(self, organization: Organization, editor: User) -> None:
        older = apply(iati(organization, editor, "Courts"), editor)
        save_program(replace(stored_programs(Program.objects.all())[0].original, description="Theirs"), actor=editor)
        newer = apply(iati(organization, editor, "Judges"), editor)

        undo(older, editor)
        undo(newer, editor)

        assert older.rows.get().kept_because == "changed_since"
        assert Program.objects.get().description == "Theirs"

    def test_an_older_one_that_nobody_undid_stays(self, organization: Organization, editor: User) -> None:
        apply(iati(organization, editor, "Courts"), editor)

        undo(apply(iati(organization, editor, "Judges"), editor), editor)

        assert Program.objects.get().title == "Courts"

    def test_its_report_says_so(self, organization: Organization, editor: User, client: Client) -> None:
        older = apply(iati(organization, editor, "Courts"), editor)
        apply(iati(organization, editor, "Judges"), editor)
        undo(older, editor)
        client.force_login(editor)

        page = client.get(reverse("exchange:import", args=[older.pk])).content.decode()

        assert "A later import changed the program. Once that import is undone too" in page


class TestWhoChangedIt:
    def test_a_scan_and_a_migration_are_nobody(self, organization: Organization, editor: User) -> None:
        job = apply(iati(organization, editor, "Courts"), editor)
        overlap_services.sweep(seconds=None)
        program = Program.objects.get()
        # As a migration writes, which signs nothing.
        Program.objects.filter(pk=program.pk).update(version=program.version + 1, description="Mended")

        newer = apply(iati(organization, editor, "Judges"), editor)
        undo(newer, editor)
        undo(job, editor)

        assert job.rows.get().kept_because == ""
        assert not Program.objects.exists()

    @pytest.mark.parametrize("when", ["before the undo", "after the undo"])
    def test_a_person_or_a_command_is_somebody(self, organization: Organization, editor: User, when: str) -> None:
        older = apply(iati(organization, editor, "Courts"), editor)
        newer = apply(iati(organization, editor, "Judges"), editor)
        if when == "after the undo":
            undo(newer, editor)
        stored = stored_programs(Program.objects.all())[0]
        save_program(replace(stored.original, description="Theirs"), actor=None)

        if when == "before the undo":
            undo(newer, editor)
            assert newer.rows.get().kept_because == "changed_since"
        undo(older, editor)

        assert older.rows.get().kept_because == "changed_since"
        assert Program.objects.get().description == "Theirs"


class TestASnapshotOfAnEarlierRelease:
    """A field that did not exist then has its default; an undo never fails for it."""

    @pytest.fixture
    def job(self, organization: Organization, editor: User) -> Import:
        apply(iati(organization, editor, "Courts"), editor)
        return apply(iati(organization, editor, "Judges"), editor)

    def places(self, value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """The path to every key of a snapshot, in the first row of each list."""
        if isinstance(value, dict):
            return [one for key, part in value.items() for one in [(*path, key), *self.places(part, (*path, key))]]
        return self.places(value[0], (*path, 0)) if isinstance(value, list) and value else []

    def test_ends_whichever_key_it_lacks(self, job: Import, editor: User) -> None:
        before = job.rows.get().before
        places = self.places(before)
        assert {"data", "results", "record"} <= {path[0] for path in places}
        assert {path[1] for path in places if len(path) > 1 and path[0] == "data"} >= set(LISTS)
        applied = Program.objects.get().version

        for path in places:
            now = Program.objects.get()
            kept = copy.deepcopy(before)
            inside = kept
            for step in path[:-1]:
                inside = inside[step]
            del inside[path[-1]]
            as_left = {"version_applied": now.version, "applied_stamp": now.updated_at, "undone_stamp": None}
            ImportRow.objects.filter(of_import=job).update(before=kept, is_undone=False, kept_because="", **as_left)
            Import.objects.filter(pk=job.pk).update(state="undoing", undone_by=editor)

            assert services.work_on(job.pk), path

            job.refresh_from_db()
            assert job.state == "undone", path
            assert job.rows.get().kept_because in ("", "unreadable"), path
        assert Program.objects.get().version > applied
        assert Program.objects.get().title == "Courts"

    def test_has_the_default_of_a_field_that_did_not_exist(self) -> None:
        program = factories.program(factories.organization(), hierarchy=2)
        kept = as_json(stored_programs([program])[0])
        for name in ("hierarchy", "budgets"):
            del kept["data"][name]
        del kept["data"]["transactions"][0]["finance_type"]

        data = from_json(kept).data

        assert (data.hierarchy, data.budgets, data.transactions[0].finance_type) == (None, (), "")

    def test_says_what_it_lacks_where_there_is_no_default(self) -> None:
        kept = as_json(stored_programs([factories.program()])[0])
        del kept["data"]["transactions"][0]["currency"]

        with pytest.raises(CannotPutBack, match=r"TransactionData\.currency"):
            from_json(kept)


class TestOneIdentifierTwice:
    @pytest.mark.parametrize(
        ("titles", "second"), [(("Courts", "Judges"), "refused"), (("Courts", "Courts"), "unchanged")]
    )
    @pytest.mark.parametrize("is_new", [True, False])
    def test_in_an_iati_file_is_taken_once(
        self, organization: Organization, editor: User, titles: tuple[str, str], second: str, is_new: bool
    ) -> None:
        if not is_new:
            apply(iati(organization, editor, "Before"), editor)

        job = iati(organization, editor, *titles)

        assert (job.state, outcomes(job)) == ("checked", ["created" if is_new else "changed", second])
        assert job.rows.get(number=2).program_id is None
        apply(job, editor, leave_out_refused=True)
        assert job.state == "applied"
        assert Program.objects.get().title == "Courts"

    @pytest.mark.parametrize("between", [0, 600])
    def test_in_a_spreadsheet_is_taken_once(self, organization: Organization, editor: User, between: int) -> None:
        others = [row(identifier=f"P-{number}", title=f"Other {number}") for number in range(2, 2 + between)]

        job = checked(organization, editor, [row(title="Courts"), *others, row(title="Judges")])

        assert job.state == "checked"
        last = job.rows.order_by("number").last()
        assert (last.outcome, last.program_id) == ("refused", None)
        assert outcomes(job).count("created") == 1 + between

    def test_what_changed_between_check_and_apply_leaves_the_rest_to_go_in(
        self, organization: Organization, editor: User
    ) -> None:
        """An organization that only the row taken back had made is made again for the next one."""
        first = iati(organization, editor, "Courts", partner="XX-NEW")
        job = iati(organization, editor, "Courts", partner="XX-NEW")
        one = bytes(job.file.content).decode()
        other = one[one.index("<iati-activity ") :].replace("XX-FUND-1", "XX-FUND-2")
        content = (one.replace("</iati-activities>", "") + other).encode()
        job = services.start_import(organization, file_name="b.xml", content=content, language="en", actor=editor)
        services.work_on(job.pk)
        assert outcomes(job) == ["created", "created"]
        assert first.state == "checked"
        factories.program(organization, identifier="XX-FUND-1", title="Entered by hand since")

        job.refresh_from_db()
        apply(job, editor)

        assert outcomes(job) == ["refused", "created"]
        assert Program.objects.get(identifier="XX-FUND-2").participations.get().organization.ref == "XX-NEW"
        assert Program.objects.get(identifier="XX-FUND-1").title == "Entered by hand since"


class TestTheSameFileAgain:
    @pytest.mark.parametrize(
        "otherwise",
        [{"name": "b.xml"}, {"at": "2026-11-28T09:00:00Z"}, {"name": "b.xml", "at": "2026-11-28T09:00:00Z"}],
    )
    def test_under_another_name_or_with_another_time_stamp_is_unchanged(
        self, organization: Organization, editor: User, otherwise: dict[str, str]
    ) -> None:
        apply(iati(organization, editor, "Courts"), editor)
        before = Program.objects.values("version", "updated_at").get()

        job = iati(organization, editor, "Courts", **otherwise)

        assert outcomes(job) == ["unchanged"]
        assert Program.objects.values("version", "updated_at").get() == before

    def test_that_an_earlier_release_imported_is_unchanged_though_somebody_has_edited_the_program(
        self, organization: Organization, editor: User
    ) -> None:
        apply(iati(organization, editor, "Courts"), editor)
        IatiRecord.objects.update(checksum="0" * 64, parts=[])  # made another way, of one file
        stored = stored_programs(Program.objects.all())[0]
        save_program(replace(stored.original, title="Theirs"), actor=None)

        job = iati(organization, editor, "Courts", at="2026-11-28T09:00:00Z")

        assert outcomes(job) == ["unchanged"]

    def test_with_other_contents_is_changed_and_named_by_the_new_file(
        self, organization: Organization, editor: User
    ) -> None:
        apply(iati(organization, editor, "Courts"), editor)

        apply(iati(organization, editor, "Judges", name="b.xml"), editor)

        assert Program.objects.values_list("source_name", "version").get() == ("b.xml", 2)
