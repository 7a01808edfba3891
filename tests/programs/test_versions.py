"""Versions read from the history, shown and put back. On a committed database: each save has a time of its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from core.errors import EditConflict, NotAllowed
from donors.models import Organization, User
from programs.models import Program
from programs.services import (
    BudgetData,
    CoverageData,
    GoalData,
    LocationData,
    MarkerData,
    OtherSectorData,
    ParticipationData,
    ProgramData,
    RelatedData,
    SectorData,
    TransactionData,
    TranslationData,
    edit_program,
    move_program,
    save_program,
    stored_programs,
)
from programs.services.versions import data_at, restore_version
from programs.versions import versions_of
from tests import factories

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def org() -> Organization:
    return factories.organization("Agency")


@pytest.fixture
def editor(org: Organization) -> User:
    return factories.user(org, "editor", full_name="Elena Ruiz")


def rich(org: Organization) -> ProgramData:
    """A program with a row in every list."""
    return factories.program_data(
        org,
        translations=(TranslationData("es", "Policía comunitaria", "Patrullas."),),
        coverages=(CoverageData("HN", None, Decimal(60)), CoverageData("GT", None, Decimal(40))),
        locations=(LocationData("HN-CR", "Choloma"), LocationData("GT-01", "", Decimal("14.6"), Decimal("-90.5"))),
        goals=(GoalData(1, Decimal(70)), GoalData(3, Decimal(30))),
        sectors=(SectorData("15132", Decimal(50)), SectorData("15130", Decimal(50))),
        other_sectors=(OtherSectorData("99", "SEG-1", "Seguridad", Decimal(100)),),
        is_humanitarian=True,
        policy_markers=(MarkerData(1, 1),),
        budgets=(BudgetData(Decimal(5), "EUR", date(2024, 1, 1), date(2024, 12, 31)),),
        related=(RelatedData(3, "OTHER-1"),),
    )


def the_same(left: ProgramData | None, right: ProgramData | None) -> bool:
    """Equal, whatever the order of rows."""
    assert left is not None
    assert right is not None
    for name in ProgramData.__dataclass_fields__:
        one, other = getattr(left, name), getattr(right, name)
        if isinstance(one, tuple) and isinstance(other, tuple):
            one, other = sorted(map(repr, one)), sorted(map(repr, other))
        assert one == other, name
    return True


def changed_everywhere(data: ProgramData, org: Organization) -> ProgramData:
    other = factories.organization()
    return replace(
        data,
        title="Another",
        description="Other words.",
        status=3,
        planned_end=None,
        visibility="restricted",
        translations=(),
        participations=(ParticipationData(other.pk, 1), ParticipationData(org.pk, 4, "OWN-7")),
        coverages=(CoverageData("SV", None, Decimal(100)),),
        locations=(),
        goals=(GoalData(5, Decimal(100)),),
        sectors=(SectorData("15110"),),
        other_sectors=(),
        is_secondary_report=True,
        policy_markers=(),
        transactions=(TransactionData(3, Decimal("7.25"), "GTQ", date(2025, 2, 3), None, None, other.pk),),
        budgets=(),
        related=(RelatedData(1, "WHOLE"),),
    )


def test_a_version_put_back_says_what_it_said(org: Organization, editor: User) -> None:
    first = rich(org)
    program = save_program(first, actor=editor, stage="draft").program
    moment, before = Program.objects.get().updated_at, stored_programs([program])[0].data
    edit_program(changed_everywhere(first, org), actor=editor, program=program, version=1)

    saved = restore_version(program, moment, actor=editor, version=2)

    assert the_same(stored_programs([Program.objects.get()])[0].data, before)
    assert (saved.outcome, saved.program.version) == ("updated", 3)


def test_every_save_is_a_version_told_in_words(org: Organization, editor: User) -> None:
    data = rich(org)
    program = save_program(data, actor=None, stage="draft").program
    edit_program(replace(data, title="Renamed"), actor=editor, program=program, version=1)
    edit_program(replace(data, title="Renamed", transactions=()), actor=editor, program=program, version=2)

    versions, has_older = versions_of(Program.objects.get())

    assert [version.actor for version in versions] == [editor, editor, None]
    assert [[change.label for change in version.changes] for version in versions[:2]] == [["Transactions"], ["Title"]]
    assert versions[1].changes[0].gone == ["Community policing in Choloma"]
    assert versions[1].changes[0].come == ["Renamed"]
    assert (versions[0].is_current, has_older) == (True, False)


def test_autosaves_of_one_sitting_are_one_version(org: Organization, editor: User) -> None:
    data = rich(org)
    program = save_program(data, actor=editor, stage="draft").program
    for version, title in enumerate(("C", "Co", "Com"), start=1):
        edit_program(replace(data, title=title), actor=editor, program=program, version=version, autosaved=True)

    versions, _has_older = versions_of(Program.objects.get())

    assert [version.autosaved for version in versions] == [True, False]
    assert versions[0].changes[0].come == ["Com"]


def test_goals_that_were_proposed_are_proposed_again(org: Organization, editor: User) -> None:
    proposed = replace(rich(org), goals=None)
    program = save_program(proposed, actor=editor, stage="draft").program
    moment = Program.objects.get().updated_at
    edit_program(replace(proposed, goals=(GoalData(5, Decimal(100)),)), actor=editor, program=program, version=1)

    restore_version(program, moment, actor=editor, version=2)

    restored = Program.objects.get()
    assert restored.goals_origin == "proposed"
    assert restored.goals.filter(goal=1).exists()


def test_the_stage_stays(org: Organization, editor: User) -> None:
    manager = factories.user(org, "manager")
    data = rich(org)
    program = save_program(data, actor=editor, stage="draft").program
    moment = Program.objects.get().updated_at
    edit_program(replace(data, title="Better"), actor=manager, program=program, version=1, then="publish")

    restore_version(program, moment, actor=editor, version=3)

    restored = Program.objects.get()
    assert (restored.stage, restored.title) == ("published", data.title)


def test_who_may_not_save_may_not_restore(org: Organization, editor: User) -> None:
    program = save_program(rich(org), actor=editor).program
    moment = Program.objects.get().updated_at

    with pytest.raises(NotAllowed):
        restore_version(program, moment, actor=factories.user(org, "viewer"), version=1)
    with pytest.raises(EditConflict):
        restore_version(program, moment, actor=editor, version=7)


def test_an_older_version_shows_it_to_no_more_people_by_an_editor(org: Organization, editor: User) -> None:
    manager = factories.user(org, "manager")
    program = save_program(rich(org), actor=None, stage="published").program
    was_public = Program.objects.get().updated_at
    data = replace(rich(org), identifier=program.identifier, visibility="restricted")
    edit_program(data, actor=manager, program=program, version=1)

    with pytest.raises(ValidationError, match="Ask a manager"):
        restore_version(program, was_public, actor=editor, version=2)
    assert restore_version(program, was_public, actor=manager, version=2).program.visibility == "public"


def test_before_it_was_made_there_is_nothing(org: Organization, editor: User) -> None:
    before = factories.program(org).updated_at
    program = save_program(rich(org), actor=editor).program

    assert data_at(program, before) is None


class TestPages:
    def test_restore_from_the_page(self, org: Organization, editor: User, signed_in: Callable[[User], Client]) -> None:
        data = rich(org)
        program = save_program(data, actor=editor).program
        edit_program(replace(data, title="Worse"), actor=editor, program=program, version=1)
        client = signed_in(editor)
        page = client.get(reverse("programs:history", args=[program.pk]))
        older = page.context["versions"][1]

        answer = client.post(
            reverse("programs:restore", args=[program.pk]), {"moment": older.moment, "version": 2}, follow=True
        )

        assert "The version is restored" in answer.content.decode()
        assert Program.objects.get().title == data.title
        assert len(answer.context["versions"]) == 3

    def test_nonsense_is_not_found(self, org: Organization, editor: User, signed_in: Callable[[User], Client]) -> None:
        program = save_program(rich(org), actor=editor).program
        address = reverse("programs:restore", args=[program.pk])

        for moment in ("", "yesterday", "2024-13-45T00:00", "2024-01-01T00:00"):
            assert signed_in(editor).post(address, {"moment": moment, "version": 1}).status_code == 404

    def test_the_comparison_offers_what_each_changed(
        self, org: Organization, editor: User, signed_in: Callable[[User], Client]
    ) -> None:
        program = save_program(rich(org), actor=editor, stage="draft").program
        client = signed_in(editor)
        address = reverse("programs:edit", args=[program.pk])
        opened = dict(client.get(address).context["editor"].raw)
        client.post(address, {**opened, "title": "Theirs", "status": "3"})

        answer = client.post(address, {**opened, "title": "Mine", "description": "Mine"})

        sides = {one.field: (one.side, one.both_changed) for one in answer.context["differences"]}
        assert sides == {"title": ("mine", True), "description": ("mine", False), "status": ("theirs", False)}


def test_a_move_is_a_version_without_changes(org: Organization, editor: User) -> None:
    program = save_program(rich(org), actor=editor, stage="published").program
    move_program(program, "close", actor=editor)

    versions, _has_older = versions_of(Program.objects.get())

    assert [(version.stage, bool(version.changes)) for version in versions] == [("Closed", False), ("Published", True)]
    assert not any(version.is_worth_restoring for version in versions)


def test_what_restoring_would_change_nothing_of_is_not_offered(org: Organization, editor: User) -> None:
    data = rich(org)
    program = save_program(data, actor=editor, stage="published").program
    move_program(program, "close", actor=editor)
    edit_program(replace(data, title="Worse", language="en"), actor=editor, program=Program.objects.get(), version=2)

    versions, _has_older = versions_of(Program.objects.get())

    assert [version.is_worth_restoring for version in versions] == [False, False, True]


def test_a_language_is_shown_by_its_name(org: Organization, editor: User) -> None:
    program = save_program(replace(rich(org), language="es"), actor=editor).program

    with translation.override("es"):
        shown = {change.label: change.come for change in versions_of(program)[0][0].changes}

    assert shown["Idioma del título y la descripción"] == ["Español"]


def test_more_versions_ask_no_more_queries(org: Organization, editor: User) -> None:
    data = rich(org)
    program = save_program(data, actor=editor, stage="draft").program

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            versions_of(Program.objects.get())
        return len(captured)

    before = queries()
    for version in range(1, 16):
        edit_program(replace(data, title=f"Title {version}"), actor=editor, program=program, version=version)

    assert queries() == before
