"""The life of a program: each row of its table, and the docs that are printed from it."""

from pathlib import Path

import pytest

from core.errors import EditConflict, NotAllowed, Refused
from donors.models import Organization, User
from programs.models import Program, StageChange
from programs.services import MOVES, confirm_goals, delete_program, move_program, moves_open_to
from programs.services.permissions import may_delete
from programs.services.write import change_program
from tests import factories
from tools.print_program_life import as_markdown

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent
STAGES = Program.Stage.values
PEOPLE = ("stranger", "viewer", "editor", "manager", "coordinator")
# Who may take which move, said here a second time on purpose: a change of the table is a change of this one.
MAY = {
    "submit": {"editor", "manager"},
    "publish": {"manager"},
    "accept": {"coordinator"},
    "send_back": {"manager", "coordinator"},
    "withdraw": {"editor", "manager"},
    "close": {"editor", "manager"},
    "reopen": {"manager"},
    "archive": {"manager"},
}
LEADS = {
    "submit": ({"draft"}, "submitted"),
    "publish": ({"draft", "submitted"}, "published"),
    "accept": ({"submitted"}, "published"),
    "send_back": ({"submitted"}, "draft"),
    "withdraw": ({"submitted"}, "draft"),
    "close": ({"published"}, "closed"),
    "reopen": ({"closed", "archived"}, "published"),
    "archive": ({"draft", "submitted", "published", "closed"}, "archived"),
}


@pytest.fixture
def org() -> Organization:
    return factories.organization()


@pytest.fixture
def people(org: Organization, coordinator: User) -> dict[str, User]:
    return {
        "stranger": factories.user(factories.organization(), "manager"),
        "viewer": factories.user(org, "viewer"),
        "editor": factories.user(org, "editor"),
        "manager": factories.user(org, "manager"),
        "coordinator": coordinator,
    }


@pytest.mark.parametrize("key", list(MOVES))
def test_every_move_from_every_stage_by_everybody(key: str, org: Organization, people: dict[str, User]) -> None:
    leaves, leads_to = LEADS[key]
    for name in PEOPLE:
        for stage in STAGES:
            program = factories.program(org, stage=stage)
            if name not in MAY[key]:
                with pytest.raises(NotAllowed):
                    move_program(program, key, actor=people[name], comment="Why")
            elif stage not in leaves:
                with pytest.raises(Refused):
                    move_program(program, key, actor=people[name], comment="Why")
            else:
                moved = move_program(program, key, actor=people[name], comment="Why")
                assert (moved.stage, moved.version) == (leads_to, program.version + 1)


@pytest.mark.parametrize(
    ("name", "stage", "offered"),
    [
        ("editor", "draft", ["submit"]),
        ("manager", "draft", ["publish", "archive"]),
        ("editor", "submitted", ["withdraw"]),
        ("manager", "submitted", ["publish", "send_back", "withdraw", "archive"]),
        ("coordinator", "submitted", ["accept", "send_back"]),
        ("editor", "published", ["close"]),
        ("viewer", "published", []),
        ("stranger", "published", []),
        ("manager", "archived", ["reopen"]),
    ],
)
def test_buttons_are_what_one_may_do(
    name: str, stage: str, offered: list[str], org: Organization, people: dict[str, User]
) -> None:
    program = factories.program(org, stage=stage)

    assert [move.key for move in moves_open_to(people[name], program)] == offered


def test_a_move_is_recorded_with_its_comment(org: Organization, people: dict[str, User]) -> None:
    program = factories.program(org, stage="submitted")

    move_program(program, "send_back", actor=people["coordinator"], comment=" Name the department. ")

    change = StageChange.objects.get()
    assert (change.before, change.after, change.comment) == ("submitted", "draft", "Name the department.")
    assert change.actor == people["coordinator"]


def test_sending_back_says_why(org: Organization, people: dict[str, User]) -> None:
    program = factories.program(org, stage="submitted")

    with pytest.raises(Refused, match="comment"):
        move_program(program, "send_back", actor=people["coordinator"])


def test_what_somebody_else_changed_is_not_moved_unseen(org: Organization, people: dict[str, User]) -> None:
    program = factories.program(org, stage="submitted")

    with pytest.raises(EditConflict):
        move_program(program, "publish", actor=people["manager"], version=program.version - 1)


@pytest.mark.parametrize("stage", STAGES)
def test_only_drafts_are_deleted_and_by_those_who_enter_them(
    stage: str, org: Organization, people: dict[str, User]
) -> None:
    for name in PEOPLE:
        program = factories.program(org, stage=stage)
        if name not in ("editor", "manager"):
            with pytest.raises(NotAllowed):
                delete_program(program, actor=people[name])
        elif stage != "draft":
            with pytest.raises(Refused, match="Archive it instead"):
                delete_program(program, actor=people[name])
        else:
            with pytest.raises(EditConflict):
                delete_program(program, actor=people[name], version=program.version + 1)
            assert Program.objects.filter(pk=program.pk).exists()
            delete_program(program, actor=people[name], version=program.version)
            delete_program(program, actor=people[name])  # gone already
        is_gone = stage == "draft" and name in ("editor", "manager")
        assert Program.objects.filter(pk=program.pk).exists() is not is_gone


def test_the_docs_say_what_the_table_says() -> None:
    assert (ROOT / "docs" / "program-life.md").read_text(encoding="utf-8") == as_markdown()


def test_a_draft_that_was_sent_back_keeps_what_was_said_of_it(org: Organization, people: dict[str, User]) -> None:
    program = factories.program(org, stage="draft")
    move_program(program, "submit", actor=people["editor"])
    move_program(program, "send_back", actor=people["coordinator"], comment="Where?")

    with pytest.raises(Refused, match="Archive it instead"):
        delete_program(program, actor=people["manager"])
    assert not may_delete(people["manager"], Program.objects.get())
    delete_program(program, actor=None)


def test_who_comes_after_a_deletion_is_told_of_it(org: Organization, people: dict[str, User]) -> None:
    program = factories.program(org, stage="draft")
    delete_program(Program.objects.get(pk=program.pk), actor=people["editor"])

    for late in (
        lambda: move_program(program, "publish", actor=people["manager"]),
        lambda: change_program(program, lambda before: before, actor=people["editor"], version=program.version),
        lambda: confirm_goals(program, [], actor=people["editor"], version=program.version),
    ):
        with pytest.raises(Refused, match="deleted in the meantime"):
            late()
