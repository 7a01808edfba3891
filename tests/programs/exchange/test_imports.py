"""Imports of spreadsheets: what the check says, what applying does, and that undoing takes it back."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from math import inf
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import NotAllowed, Refused
from donors.models import Membership, Organization, User
from donors.services import OrganizationFinder
from programs.exchange import services
from programs.exchange.models import ColumnMeaning, Import
from programs.exchange.services import apply as applying
from programs.exchange.spreadsheet import export
from programs.exchange.spreadsheet.files import read_rows
from programs.exchange.spreadsheet.problems import FileProblem
from programs.exchange.spreadsheet.tables import csv_file, xlsx_file
from programs.exchange.spreadsheet.template import csv_template, xlsx_template
from programs.models import Program
from programs.overlap import services as overlap_services
from programs.overlap.models import Overlap
from programs.services import (
    BudgetData,
    CoverageData,
    GoalData,
    LocationData,
    ParticipationData,
    SectorData,
    TransactionData,
    save_program,
    stored_programs,
)
from tests import factories
from tests.programs.exchange.importing import (
    HEADINGS,
    apply,
    bring_in_file,
    check,
    checked,
    outcomes,
    problems,
    row,
    undo,
    upload_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return factories.organization("Fund of the North", ref="XX-FUND")


@pytest.fixture
def editor(organization: Organization) -> User:
    return factories.user(organization, "editor")


class TestChecking:
    def test_it_works(self, organization: Organization, editor: User) -> None:
        job = checked(organization, editor, [row(), row(identifier="P-2", title="Courts")])

        assert (job.state, outcomes(job)) == ("checked", ["created", "created"])
        assert not Program.objects.exists()

    def test_applying_makes_the_programs(self, organization: Organization, editor: User) -> None:
        job = apply(checked(organization, editor, [row()]), editor)

        program = Program.objects.get()
        assert job.state == "applied"
        assert (program.identifier, program.status, program.planned_start) == ("P-1", 2, dt.date(2024, 1, 15))
        assert (program.visibility, program.source, program.stage) == ("partners", "spreadsheet", "submitted")
        assert (program.coverages.get().country_id, program.sectors.get().sector_id) == ("HN", "15132")
        assert (program.locations.get().area_id, program.locations.get().name) == ("HN-CR", "Choloma")
        assert (program.committed_usd, program.created_by) == (Decimal("1250000.50"), editor)
        assert Program.objects.due_for_scan().exists()

    def test_the_same_file_again_says_unchanged(self, organization: Organization, editor: User) -> None:
        apply(checked(organization, editor, [row()]), editor)

        job = checked(organization, editor, [row()])

        assert outcomes(job) == ["unchanged"]
        with pytest.raises(Refused, match="nothing to apply"):
            services.apply_import(job, actor=editor)

    def test_a_change_names_its_columns(self, organization: Organization, editor: User) -> None:
        apply(checked(organization, editor, [row()]), editor)

        job = checked(organization, editor, [row(title="Renamed", amount="2000000", area="")])

        assert job.rows.get().changes == [
            ["title", "Community policing in Choloma", "Renamed"],
            ["amount", "1250000.5", "2000000"],
        ]

    def test_a_dash_takes_away(self, organization: Organization, editor: User) -> None:
        apply(checked(organization, editor, [row()]), editor)

        apply(checked(organization, editor, [row(area="-", amount="-", currency="")]), editor)

        program = Program.objects.get()
        assert (program.status, program.locations.count(), program.committed_usd) == (2, 0, None)

    @pytest.mark.parametrize(
        ("values", "problem"),
        [
            ({"title": ""}, ("title_missing", None)),
            ({"title": "-"}, ("cannot_be_empty", 1)),
            ({"status": "Running"}, ("choice", 2)),
            ({"planned": "12/03/2024"}, ("date_ambiguous", 3)),
            ({"country": "Honduras 60 %; El Salvador 30 %"}, ("shares_sum", 4)),
            ({"country": "Hondorus"}, ("country", 4)),
            ({"country": "HN; Honduras"}, ("twice", 4)),
            ({"country": "HN; SV", "area": "La Paz"}, ("area_ambiguous", 5)),
            ({"sector": "99"}, ("sector", 6)),
            ({"amount": "much"}, ("number", 7)),
            ({"currency": ""}, ("currency_missing", 7)),
            ({"currency": "doubloons"}, ("currency", 8)),
            ({"amount": ""}, ("amount_missing", 8)),
        ],
    )
    def test_what_is_wrong_is_said_of_its_cell(
        self, organization: Organization, editor: User, values: dict[str, str], problem: tuple[str, int | None]
    ) -> None:
        job = checked(organization, editor, [row(**values), row(identifier="P-2", title="A good one")])

        assert outcomes(job) == ["refused", "created"]
        assert problems(job.rows.order_by("number")[0]) == [problem]

    def test_organizations_are_found_and_never_made(self, organization: Organization, editor: User) -> None:
        factories.organization("Agencia Española de Cooperación", short_name="AECID")
        headings = ["Identifier", "Title", "Donante", "Ejecutor"]
        rows = [
            ["1", "One", "aecid; XX-FUND", "AGENCIA ESPANOLA DE COOPERACION"],
            ["2", "Two", "Agencia Espanola de Cooperacio", ""],
            ["3", "Three", "", "Nobody in particular"],
        ]

        job = checked(organization, editor, rows, headings=headings)

        assert outcomes(job) == ["created", "refused", "created"]
        assert [problems(row)[0][0] for row in job.rows.all()[1:]] == ["organization_near", "organization_awaited"]
        assert Organization.objects.count() == 2

    def test_an_unknown_organization_is_offered_the_nearest_by_any_of_its_names(
        self, organization: Organization, editor: User
    ) -> None:
        for name in ("Agencia Española de Cooperación", "Agencia Chilena de Cooperación", "Banco del Sur"):
            factories.organization(name, short_name=name[-4:])
        rows = [[str(number), f"Title {number}", "Agencia de Cooperacion"] for number in range(30)]

        with CaptureQueriesContext(connection) as captured:
            job = checked(organization, editor, rows, headings=["Identifier", "Title", "Donante"])

        problem = job.rows.first().problems[0]  # type: ignore[union-attr]
        near = problem["params"]["near"].split("; ")
        assert problem["code"] == "organization_near"
        assert set(near[:2]) == {"Agencia Española de Cooperación", "Agencia Chilena de Cooperación"}
        assert sum("similarity" in query["sql"].lower() for query in captured) == 1

    def test_an_identifier_comes_once(self, organization: Organization, editor: User) -> None:
        job = checked(organization, editor, [row(), row(title="Other")])

        assert problems(job.rows.order_by("number")[1]) == [("identifier_twice", 0)]

    def test_another_organizations_program_is_refused(self, organization: Organization, editor: User) -> None:
        factories.organization("Fund of the South")
        job = checked(
            organization, editor, [["Fund of the South", "X", "T"]],
            headings=["Reporting organization", "Identifier", "Title"],
        )  # fmt: skip

        assert problems(job.rows.get()) == [("other_organization", 0)]

    def test_queries_do_not_grow_with_the_rows(self, organization: Organization, editor: User) -> None:
        def queries(count: int) -> int:
            job = upload_file(
                organization, editor, [row(identifier=f"{count}-{n}", title=f"{n}") for n in range(count)]
            )
            services.choose_columns(job, job.columns, date_order="", actor=editor)
            with CaptureQueriesContext(connection) as captured:
                services.work_on(job.pk, seconds=inf)
            return len(captured)

        queries(1)  # the organization that the rows name is added to the register once
        assert queries(100) == queries(2)

    def test_a_file_that_breaks_off_is_unreadable(self, organization: Organization, editor: User) -> None:
        good = [row(identifier=f"P-{number}") for number in range(8)]

        job = checked(organization, editor, [*good, row(title="x" * 1_000_001)])

        assert (job.state, job.problem["code"]) == ("unreadable", "file_csv")


class TestColumns:
    def test_spanish_headings_are_guessed_and_set_the_day_first(self, organization: Organization, editor: User) -> None:
        headings = [
            "CÓDIGO",
            "Título del proyecto",
            "Fecha de inicio",
            "Pais 1",
            "País 1 %",
            "País 2",
            "País 2 %",
            "Otra",
        ]
        rows = [["P-1", "Policía comunitaria", "12/03/2024", "Honduras", "60", "El Salvador", "40", "x"]]

        job = upload_file(organization, editor, rows, headings=headings, language="es")

        assert job.columns == [
            "identifier", "title", "planned_start", "country", "country_share", "country", "country_share", "",
        ]  # fmt: skip
        apply(check(job, editor), editor)
        program = Program.objects.get()
        assert (program.planned_start, program.language) == (dt.date(2024, 3, 12), "es")
        assert {row.country_id: row.percentage for row in program.coverages.all()} == {"HN": 60, "SV": 40}

    def test_the_choice_is_remembered_for_the_organization(self, organization: Organization, editor: User) -> None:
        headings = ["Identifier", "Cosa"]
        check(upload_file(organization, editor, [["1", "x"]], headings=headings), editor, ["identifier", "title"])
        other = factories.organization()

        again = upload_file(organization, editor, [["1", "x"]], headings=["identifier", "CÓSA"])
        elsewhere = upload_file(other, factories.user(other, "editor"), [["1", "x"]], headings=headings)

        assert (again.columns, elsewhere.columns) == (["identifier", "title"], ["identifier", ""])
        assert ColumnMeaning.objects.filter(organization=organization).count() == 2

    @pytest.mark.parametrize("columns", [["", "description"], ["title", "title"]])
    def test_columns_that_cannot_be_read_are_refused(
        self, organization: Organization, editor: User, columns: list[str]
    ) -> None:
        job = upload_file(organization, editor, [["1", "x"]], headings=["a", "b"])

        with pytest.raises(Refused):
            services.choose_columns(job, columns, date_order="", actor=editor)

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_the_template_is_read_back(self, organization: Organization, editor: User, language: str) -> None:
        with xlsx_template(language) as file:
            headings = next(read_rows(file.read(), "xlsx"))[1]
        job = bring_in_file(organization, editor, b"".join(csv_template(language)))

        assert job.headings == headings
        assert all(job.columns)
        assert job.language == language
        assert outcomes(check(job, editor)) == ["created"], job.rows.get().problems


class TestMatches:
    def existing(self, organization: Organization) -> Program:
        data = factories.program_data(organization, identifier="OLD", planned_start=dt.date(2024, 1, 15))
        return save_program(data, actor=None).program

    def test_a_probable_match_is_offered_and_waits(self, organization: Organization, editor: User) -> None:
        old = self.existing(organization)

        job = checked(organization, editor, [row(identifier="")])

        assert [match["id"] for match in job.rows.get().candidates] == [old.pk]
        with pytest.raises(Refused, match="already exist"):
            services.apply_import(job, actor=editor)

    def test_the_same_program_is_updated(self, organization: Organization, editor: User) -> None:
        old = self.existing(organization)
        job = checked(organization, editor, [row(identifier="NEW")])

        row_id = job.rows.get().pk
        assert services.choose(job, {row_id: old.pk}, actor=editor) == {row_id}
        assert ["identifier", "OLD", "NEW"] in job.rows.get().changes
        apply(job, editor)

        assert Program.objects.get().identifier == "NEW"

    def test_another_program_is_added(self, organization: Organization, editor: User) -> None:
        self.existing(organization)
        job = checked(organization, editor, [row(identifier="")])

        assert len(services.choose_all(job, same=False, actor=editor)) == 1
        apply(job, editor)

        assert Program.objects.count() == 2

    def test_what_was_not_offered_is_passed_over(self, organization: Organization, editor: User) -> None:
        self.existing(organization)
        others = factories.program()
        job = checked(organization, editor, [row(identifier="")])

        assert services.choose(job, {job.rows.get().pk: others.pk, 10**9: 0}, actor=editor) == set()

    def test_two_rows_are_not_one_program(self, organization: Organization, editor: User) -> None:
        old = self.existing(organization)
        job = checked(organization, editor, [row(identifier="A"), row(identifier="B")])

        assert len(services.choose(job, {item.pk: old.pk for item in job.rows.all()}, actor=editor)) == 1

    def test_what_has_a_row_of_its_own_is_no_match(self, organization: Organization, editor: User) -> None:
        self.existing(organization)

        job = checked(organization, editor, [row(identifier="NEW"), row(identifier="OLD")])

        assert outcomes(job) == ["created", "changed"]
        assert not job.rows.asking().exists()

    def test_others_programs_are_never_offered(self, organization: Organization, editor: User) -> None:
        factories.program(planned_start=dt.date(2024, 1, 15))

        assert not checked(organization, editor, [row(identifier="")]).rows.asking().exists()


class TestApplying:
    def test_refused_rows_are_left_out_only_when_told(self, organization: Organization, editor: User) -> None:
        job = checked(organization, editor, [row(), row(identifier="P-2", sector="x")])

        with pytest.raises(Refused, match="rejected"):
            services.apply_import(job, actor=editor)
        apply(job, editor, leave_out_refused=True)

        assert [program.identifier for program in Program.objects.all()] == ["P-1"]

    def test_what_somebody_changed_after_the_check_is_not_overwritten(
        self, organization: Organization, editor: User
    ) -> None:
        apply(checked(organization, editor, [row()]), editor)
        job = checked(organization, editor, [row(title="Mine"), row(identifier="P-2", title="Second")])
        stored = stored_programs(Program.objects.all())[0]
        save_program(replace(stored.original, title="Theirs"), actor=None)
        factories.program(organization, identifier="P-2", title="Made meanwhile")

        apply(job, editor)

        assert {program.title for program in Program.objects.all()} == {"Theirs", "Made meanwhile"}
        assert [problems(item) for item in job.rows.all()] == [[("changed_meanwhile", None)]] * 2

    def test_once_is_enough(self, organization: Organization, editor: User) -> None:
        job = apply(checked(organization, editor, [row()]), editor)

        with pytest.raises(Refused, match="Applied"):
            services.apply_import(job, actor=editor)
        assert services.work_on(job.pk, seconds=inf)
        assert Program.objects.get().version == 1

    def test_a_job_that_ends_in_mid_chunk_goes_on(
        self, organization: Organization, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(applying, "ROWS_AT_ONCE", 2)
        job = checked(organization, editor, [row(identifier=f"P-{n}", title=f"Title {n}") for n in range(5)])
        services.apply_import(job, actor=editor)

        assert services.work_on(job.pk, seconds=0) is False
        assert Program.objects.count() == 2
        assert services.imports_to_queue() == [job.pk]
        assert services.work_on(job.pk, seconds=inf)
        assert Program.objects.count() == 5

    def test_a_row_that_the_database_refuses_keeps_no_other_out(
        self, organization: Organization, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = checked(
            organization, editor, [row(), row(identifier="P-2", title="Bad"), row(identifier="P-3", title="C")]
        )
        services.apply_import(job, actor=editor)
        wanted = applying._wanted

        def broken(item: Any, new_stage: str | None) -> Any:
            made = wanted(item, new_stage)
            return replace(made, data=replace(made.data, language="??")) if item.data.title == "Bad" else made

        monkeypatch.setattr(applying, "_wanted", broken)
        services.work_on(job.pk, seconds=inf)

        assert outcomes(job) == ["created", "refused", "created"]
        assert Program.objects.count() == 2

    @pytest.mark.parametrize("role", ["viewer", None])
    def test_only_editors_and_managers(self, organization: Organization, editor: User, role: str | None) -> None:
        other = factories.user(organization if role else None, role or "viewer")
        job = checked(organization, editor, [row()])

        for service in (services.apply_import, services.undo_import, services.check_again):
            with pytest.raises(NotAllowed):
                service(job, actor=other)
        with pytest.raises(NotAllowed):
            upload_file(organization, other, [row()])

    def test_coordinators_may_not(self, organization: Organization, editor: User, coordinator: User) -> None:
        with pytest.raises(NotAllowed):
            upload_file(organization, coordinator, [row()])


class TestUndoing:
    def test_takes_back_all_of_it(self, organization: Organization, editor: User) -> None:
        program = factories.program(organization, identifier="P-1", goals=None)
        before = stored_programs([program])[0]
        rows = [row(title="Changed"), row(identifier="P-2", title="Made")]
        headings = [*HEADINGS, "Goal 5 %"]
        job = apply(checked(organization, editor, [[*cells, "100"] for cells in rows], headings=headings), editor)
        assert Program.objects.count() == 2

        undo(job, editor)

        after = stored_programs(Program.objects.all())[0]
        assert (job.state, Program.objects.count()) == ("undone", 1)
        assert after.goals_proposed
        assert {**vars(after.data), "goals": None} == {**vars(before.data), "goals": None}
        assert {goal.goal_id for goal in after.data.goals or ()} == {goal.goal_id for goal in before.data.goals or ()}

    def test_keeps_what_somebody_changed_since(self, organization: Organization, editor: User) -> None:
        program = factories.program(organization, identifier="P-1")
        job = apply(checked(organization, editor, [row(title="Mine"), row(identifier="P-2", title="Made")]), editor)
        for stored in stored_programs(Program.objects.all()):
            save_program(replace(stored.original, description="Theirs"), actor=None)

        undo(job, editor)

        assert set(job.rows.values_list("kept_because", flat=True)) == {"changed_since"}
        assert Program.objects.get(pk=program.pk).title == "Mine"
        assert Program.objects.count() == 2

    def test_keeps_what_a_decision_rests_on(self, organization: Organization, editor: User, coordinator: User) -> None:
        factories.program(title="Community policing in Choloma", goals=None)
        job = apply(checked(organization, editor, [row(), row(identifier="P-2", title="Courts", area="")]), editor)
        overlap_services.sweep(seconds=None)
        overlap = Overlap.objects.filter(right__identifier="P-1").first() or Overlap.objects.get()
        overlap_services.confirm(overlap, actor=coordinator)

        undo(job, editor)

        assert list(job.rows.order_by("number").values_list("kept_because", flat=True)) == ["decided", ""]
        assert set(Program.objects.filter(reporting_org=organization).values_list("identifier", flat=True)) == {"P-1"}

    def test_says_what_is_gone(self, organization: Organization, editor: User) -> None:
        job = apply(checked(organization, editor, [row()]), editor)
        Program.objects.all().delete()

        undo(job, editor)

        assert job.rows.get().kept_because == "gone"


class TestExport:
    def programs(self, organization: Organization) -> None:
        other = factories.organization('Works; and @roads / “quoted” "name"')
        factories.program(organization, title="=HYPERLINK(1)", description="-\r\nTwo\rlines\n + more ", language="es")
        factories.program(
            organization,
            visibility="restricted",
            goals=None,
            participations=(ParticipationData(other.pk, 1, "THEIR-ID"), ParticipationData(other.pk, 4)),
            coverages=(CoverageData("HN", None, Decimal("33.33")), CoverageData(None, "1032", Decimal("66.67"))),
            locations=(
                LocationData("HN-CR", "Puerto; Cortés / norte", Decimal("15.5"), Decimal("-88.000001"), Decimal(25)),
                LocationData(None, "-", None, None, Decimal(25)),
                LocationData(None, "", Decimal("-1.5"), Decimal(0), Decimal(25)),
                LocationData("HN-FM", "", None, None, Decimal(25)),
            ),
            sectors=(SectorData("15130", Decimal(50)), SectorData("15132", Decimal(50))),
            transactions=(
                TransactionData(2, Decimal("5.5"), "EUR", dt.date(2024, 1, 1)),
                TransactionData(2, Decimal("6.25"), "EUR", dt.date(2025, 1, 1)),
                TransactionData(3, Decimal(7), "USD", dt.date(2024, 1, 1)),
            ),
        )
        factories.program(
            organization,
            goals=(GoalData(1, Decimal("33.34")), GoalData(2, Decimal("33.33")), GoalData(5, Decimal("33.33"))),
            transactions=(
                TransactionData(2, Decimal(5), "EUR", dt.date(2024, 1, 1)),
                TransactionData(2, Decimal(6), "USD", dt.date(2025, 1, 1)),
            ),
            budgets=(BudgetData(Decimal(9), "USD"),),
            planned_end=None,
        )
        factories.program(organization, goals=(), status=None, description="x" * 40_000)

    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_an_export_comes_back_unchanged(
        self, organization: Organization, editor: User, kind: str, language: str
    ) -> None:
        self.programs(organization)
        rows = export.table(Program.objects.all(), language)
        content = b"".join(csv_file(rows)) if kind == "csv" else xlsx_file(rows).read()

        job = check(bring_in_file(organization, editor, content), editor)

        assert all(job.columns)
        found = [(item.outcome, item.changes, problems(item)) for item in job.rows.all()]
        assert found == [("unchanged", [], [])] * 4

    def test_queries_do_not_grow_with_the_programs(self, organization: Organization) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                list(export.table(Program.objects.all(), "en"))
            return len(captured)

        factories.program(organization)
        first = queries()
        for _ in range(20):
            factories.program(organization)

        assert queries() == first

    def test_the_file_to_correct_is_the_file_with_a_column_more(self, organization: Organization, editor: User) -> None:
        job = checked(organization, editor, [row(status="=Running"), row(identifier="P-2", title="Good")])

        table = list(export.with_problems(job, "en"))

        assert table[0] == [*HEADINGS, "What to correct"]
        assert table[1][:-1] == row(status="=Running")
        assert table[1][-1].startswith("Status: “=Running” is not in the list.")
        assert table[2][-1] == ""
        assert list(export.cells_with_problems(job)) == [[2, 10], []]
        again = upload_file(organization, editor, table[1:], headings=table[0])
        assert again.columns[-1] == ""


class TestIati:
    XML = """<?xml version="1.0" encoding="UTF-8"?><iati-activities version="2.03">{}</iati-activities>"""
    ACTIVITY = """<iati-activity default-currency="USD"><iati-identifier>{id}</iati-identifier>
        <reporting-org ref="{org}" type="10"><narrative>Fund</narrative></reporting-org>
        <title><narrative>{title}</narrative></title><activity-status code="2"/>
        <recipient-country code="{country}" percentage="100"/><sector code="15130" vocabulary="1"/></iati-activity>"""

    def file(self, *activities: dict[str, str]) -> bytes:
        default = {"org": "XX-FUND", "country": "HN", "title": "Courts"}
        return self.XML.format("".join(self.ACTIVITY.format(**{**default, **fields}) for fields in activities)).encode()

    def start(self, organization: Organization, editor: User, *activities: dict[str, str]) -> Import:
        content = self.file(*activities)
        return bring_in_file(organization, editor, content, name="a.xml")

    def test_is_checked_applied_and_undone(self, organization: Organization, editor: User) -> None:
        factories.organization("Another Fund", ref="XX-OTHER")
        job = self.start(
            organization, editor, {"id": "A"}, {"id": "B", "org": "XX-OTHER"}, {"id": "C", "country": "KE"}
        )
        assert (job.state, outcomes(job)) == ("checked", ["created", "refused", "left_out"])
        assert not Program.objects.exists()

        apply(job, editor, leave_out_refused=True)
        assert Program.objects.get().identifier == "A"
        changed = self.start(organization, editor, {"id": "A", "title": "Courts and judges"})
        assert changed.rows.get().changes == [["title", "Courts", "Courts and judges"]]
        apply(changed, editor)
        undo(changed, editor)
        assert Program.objects.get().title == "Courts"
        undo(job, editor)
        assert [item.kept_because for item in job.rows.filter(is_applied=True)] == [""]
        assert not Program.objects.exists()

    def test_the_reporter_that_is_checked_is_the_one_that_is_written_for(
        self, organization: Organization, editor: User
    ) -> None:
        """A name means the police of the activity's country, whatever organization the import is for."""
        unclear = factories.organization("Policía Nacional Civil")
        salvadoran = OrganizationFinder().find_or_list("", "PNC", [["SV"]])
        assert salvadoran is not None
        for own in (unclear, salvadoran):
            Membership.objects.create(user=editor, organization=own, role="editor")
        named = self.file({"id": "A", "country": "SV"}).replace(b'ref="XX-FUND" ', b"")
        content = named.replace(b"<narrative>Fund<", "<narrative>Policía Nacional Civil<".encode())

        refused, taken = (bring_in_file(own, editor, content, name="a.xml") for own in (unclear, salvadoran))

        assert problems(refused.rows.get()) == [("other_organization", None)]
        assert (refused.rows.get().program_id, refused.rows.get().version_seen) == (None, None)
        apply(taken, editor)
        assert Program.objects.get().reporting_org == salvadoran

    def test_another_reporter_is_not_made(self, organization: Organization, editor: User) -> None:
        before = set(Organization.objects.all())

        job = self.start(organization, editor, {"id": "A", "org": "XX-NEW"}, {"id": "B", "org": "XM-DAC-41114"})

        assert [problems(row) for row in job.rows.all()] == [[("other_organization", None)]] * 2
        assert set(Organization.objects.all()) == before

    @pytest.mark.parametrize(("who", "is_kept"), [("editor", False), ("coordinator", True)])
    def test_an_identifier_is_given_to_others_by_coordinators_alone(
        self, organization: Organization, sica: Organization, who: str, is_kept: bool
    ) -> None:
        other = factories.organization("Calle Segura")
        actor = factories.user(organization, "editor")
        if who == "coordinator":
            Membership.objects.create(user=actor, organization=sica, role="coordinator")
        taking_part = '<participating-org ref="XX-7" role="4"><narrative>Calle Segura</narrative></participating-org>'
        content = self.file({"id": "A"}).replace(b"<title>", f"{taking_part}<title>".encode())

        apply(bring_in_file(organization, actor, content, name="a.xml"), actor)

        assert Program.objects.get().participations.get().organization == other
        assert other.aliases.filter(kind="ref", text="XX-7").exists() == is_kept

    def test_a_file_without_reporter_says_so(self, organization: Organization, editor: User) -> None:
        content = self.file({"id": "A"}).replace(b'ref="XX-FUND" ', b"").replace(b"Fund<", b"<")

        job = bring_in_file(organization, editor, content, name="a.xml")

        assert outcomes(job) == ["refused"]
        assert "no reporting-org" in str(job.rows.get().problems)

    def test_a_broken_file_is_unreadable_and_what_is_no_iati_file_is_refused_at_once(
        self, organization: Organization, editor: User
    ) -> None:
        broken = bring_in_file(organization, editor, self.file({"id": "A"})[:-30])
        assert (broken.state, broken.problem and broken.problem["code"]) == ("unreadable", "file_iati")

        with pytest.raises(FileProblem, match="first element is <rss>"):
            bring_in_file(organization, editor, b"<?xml version='1.0'?><rss/>")
