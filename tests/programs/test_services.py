from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.errors import EditConflict, NotAllowed
from programs import services
from programs.changes import changes_of
from programs.models import Program, RelatedProgram
from programs.services import BudgetData, CoverageData, GoalData, LocationData, RelatedData, SectorData, TransactionData
from tests import factories

pytestmark = pytest.mark.django_db


class TestSaving:
    def test_it_works(self) -> None:
        data = factories.program_data(factories.organization())

        first = services.save_program(data, actor=None)
        second = services.save_program(data, actor=None)

        assert (first.outcome, second.outcome) == ("created", "unchanged")
        assert Program.objects.get().version == 1

    def test_a_change_raises_the_version_and_writes_only_the_difference(self) -> None:
        data = factories.program_data(factories.organization())
        services.save_program(data, actor=None)
        kept = Program.objects.get().transactions.get().pk
        more = TransactionData(3, Decimal("5.50"), "EUR", date(2024, 5, 5))

        saved = services.save_program(replace(data, transactions=(*data.transactions, more)), actor=None)

        program = Program.objects.get()
        assert (saved.outcome, program.version) == ("updated", 2)
        assert program.transactions.filter(pk=kept).exists()
        assert program.transactions.count() == 2

    def test_the_same_lists_in_another_order_are_no_change(self) -> None:
        sectors = (SectorData("15130", Decimal(40)), SectorData("15132", Decimal(60)))
        data = factories.program_data(factories.organization(), sectors=sectors)
        services.save_program(data, actor=None)

        assert services.save_program(replace(data, sectors=sectors[::-1]), actor=None).outcome == "unchanged"

    def test_amounts_are_compared_in_the_precision_that_is_kept(self) -> None:
        data = factories.program_data(
            factories.organization(),
            transactions=(TransactionData(2, Decimal("10.005"), "USD", date(2024, 1, 1)),),
            locations=(LocationData("HN-CR", "", Decimal("15.12345678"), Decimal("-88.1")),),
        )
        services.save_program(data, actor=None)

        assert services.save_program(data, actor=None).outcome == "unchanged"

    def test_commitments_count_else_budgets_else_what_moved(self) -> None:
        org = factories.organization()
        spent = TransactionData(4, Decimal(7), "USD", date(2024, 1, 1))
        budgets = (
            BudgetData(Decimal(100), "USD", date(2024, 1, 1), date(2024, 12, 31), type=1),
            BudgetData(Decimal(80), "USD", date(2024, 1, 1), date(2024, 12, 31), type=2),
        )

        committed = factories.program(org)
        budgeted = factories.program(org, transactions=(spent,), budgets=budgets)
        moved = factories.program(org, transactions=(spent,))
        silent = factories.program(org, transactions=())

        assert (committed.committed_usd, committed.committed_basis) == (Decimal(1_000_000), "commitments")
        assert (budgeted.committed_usd, budgeted.committed_basis) == (Decimal(80), "budgets")
        assert (moved.committed_usd, moved.committed_basis, moved.disbursed_usd) == (7, "disbursed", 7)
        assert (silent.committed_usd, silent.committed_basis) == (None, "none")

    def test_an_amount_without_a_known_rate_has_no_dollars(self) -> None:
        program = factories.program(transactions=(TransactionData(2, Decimal(9), "VES", date(2024, 1, 1)),))

        assert program.transactions.get().value_usd is None
        assert (program.committed_usd, program.committed_basis) == (None, "commitments")
        assert program.committed_left_out == {"VES": "9.00"}

    def test_wrong_dates_are_refused_by_field(self) -> None:
        with pytest.raises(ValidationError) as refusal:
            factories.program(planned_start=date(2024, 1, 2), planned_end=date(2024, 1, 1))

        assert list(refusal.value.message_dict) == ["planned_end"]

    def test_links_are_tied_when_the_other_end_comes(self) -> None:
        org = factories.organization()
        child = factories.program(org, related=(RelatedData(1, "PARENT"),))

        parent = factories.program(org, identifier="PARENT")

        assert RelatedProgram.objects.get(program=child).related == parent


class TestGoals:
    def test_are_proposed_from_sectors_and_text_with_their_reasons(self) -> None:
        program = factories.program(goals=None)

        row = program.goals.order_by("-percentage").first()
        assert row is not None
        assert (row.goal_id, program.scope, program.goals_origin) == (1, "in_scope", "proposed")
        assert {reason["kind"] for reason in row.reasons} == {"sector", "term"}

    def test_a_correction_survives_the_next_import(self) -> None:
        org = factories.organization()
        data = factories.program_data(org, goals=None)
        program = services.save_program(data, actor=None).program
        services.confirm_goals(
            program, [GoalData(5, Decimal(100))], actor=factories.user(org, "editor"), version=program.version
        )

        services.save_program(replace(data, title="Community policing, renamed"), actor=None)

        program.refresh_from_db()
        assert [row.goal_id for row in program.goals.all()] == [5]
        assert (program.goals_origin, program.title) == ("confirmed", "Community policing, renamed")

    def test_who_comes_second_is_told(self) -> None:
        org = factories.organization()
        program = factories.program(org)
        editor = factories.user(org, "editor")
        services.confirm_goals(program, [GoalData(5, Decimal(100))], actor=editor, version=1)

        with pytest.raises(EditConflict) as refused:
            services.confirm_goals(program, [GoalData(2, Decimal(100))], actor=editor, version=1)

        assert refused.value.version == 2
        assert [row.goal_id for row in program.goals.all()] == [5]

    def test_no_goals_means_out_of_scope(self) -> None:
        org = factories.organization()
        program = factories.program(org)

        services.confirm_goals(program, [], actor=factories.user(org, "manager"), version=program.version)

        program.refresh_from_db()
        assert program.scope == "out_of_scope"

    def test_percentages_must_add_up(self) -> None:
        with pytest.raises(ValidationError, match="100"):
            services.confirm_goals(factories.program(), [GoalData(1, Decimal(90))], actor=None, version=1)


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "may_save", "may_archive"),
        [("viewer", False, False), ("editor", True, False), ("manager", True, True)],
    )
    def test_roles_in_the_own_organization(self, role: str, may_save: bool, may_archive: bool) -> None:
        org = factories.organization()
        person = factories.user(org, role)
        program = factories.program(org)

        for may, attempt in (
            (may_save, lambda: services.save_program(factories.program_data(org), actor=person)),
            (may_archive, lambda: services.archive_program(program, actor=person)),
        ):
            if may:
                attempt()
            else:
                with pytest.raises(NotAllowed):
                    attempt()

    def test_nobody_saves_for_another_organization(self) -> None:
        person = factories.user(factories.organization(), "manager")

        with pytest.raises(NotAllowed):
            services.save_program(factories.program_data(factories.organization()), actor=person)


class TestPeriod:
    @pytest.mark.parametrize(
        ("dates", "first", "last"),
        [
            ({}, None, None),
            ({"planned_start": date(2024, 1, 1)}, date(2024, 1, 1), None),
            ({"planned_end": date(2024, 1, 1)}, None, date(2024, 1, 2)),
            ({"planned_start": date(2024, 1, 1), "planned_end": date(2024, 1, 1)}, date(2024, 1, 1), date(2024, 1, 2)),
            # It began after it was to end: when it ends is not known.
            ({"actual_start": date(2024, 6, 1), "planned_end": date(2024, 1, 1)}, date(2024, 6, 1), None),
        ],
    )
    def test_is_what_is_known(self, dates: dict[str, date], first: date | None, last: date | None) -> None:
        program = factories.program(**{"planned_start": None, "planned_end": None, **dates})

        program.refresh_from_db()
        assert (program.period.lower, program.period.upper) == (first, last)


@pytest.mark.usefixtures("committed_db")
class TestHistory:
    def test_says_who_changed_what(self) -> None:
        org = factories.organization()
        editor = factories.user(org, "editor", full_name="Elena Editor")
        data = factories.program_data(org)
        services.save_program(data, actor=None)

        services.save_program(replace(data, title="New title"), actor=editor)

        newest = changes_of(Program.objects.get())[0]
        assert newest.actor == editor
        assert [(change.label, change.after) for change in newest.changes] == [("title", "New title")]

    def test_sees_bulk_updates(self) -> None:
        program = factories.program()
        Program.objects.filter(pk=program.pk).update(title="Changed behind the services")

        assert "Changed behind the services" in str(changes_of(program)[0].changes)

    def test_what_the_machine_derives_leaves_no_trace(self) -> None:
        program = factories.program()
        before = len(changes_of(program))

        Program.objects.filter(pk=program.pk).update(scanned_version=1)

        assert len(changes_of(program)) == before


def test_a_share_needs_a_place() -> None:
    program = factories.program(coverages=(CoverageData(region_id="1032", percentage=Decimal(100)),))

    assert program.coverages.get().region_id == "1032"
