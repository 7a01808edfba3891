"""The kinds of events that the triggers write are those that one can subscribe to: none less, none more."""

import re

import pytest
from django.db import connection

from programs.agreements.models import Agreement
from programs.agreements.states import State
from programs.models import Program
from programs.overlap.models import Overlap, Review
from programs.webhooks.models import Endpoint, Event, Kind
from tests import factories, worlds
from tests.conftest import ROOT
from tests.worlds import World

pytestmark = pytest.mark.django_db

# The tables whose changes are made to happen below.
TRIED = {"programs_program", "overlap_overlap", "overlap_review", "agreements_agreement"}


def triggers() -> dict[str, set[str]]:
    """Table -> its triggers that write events, as the database has them."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE pg_get_functiondef(tgfoid) LIKE '%INTO webhooks_event%'"
        )
        for table, name in cursor.fetchall():
            found.setdefault(table, set()).add(name)
    return found


def only_with(table: str, kept: set[str]) -> None:
    """Takes the other triggers and the checks off a table, until the test is over: a row may then be in any state."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table])
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass", [table])
        for (name,) in cursor.fetchall():
            if name not in kept:
                cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')


def written() -> set[str]:
    """The kinds of the events so far, which are then forgotten."""
    kinds = set(Event.objects.values_list("kind", flat=True))
    Event.objects.all().delete()
    return kinds


@pytest.fixture(autouse=True)
def somebody_listens(db: None) -> Endpoint:
    hook = Endpoint(owner=factories.user(), name="Warehouse", url="https://example.org/hook", kinds=Kind.values)
    hook.make_secret()
    hook.save()
    return hook


def of_programs() -> set[str]:
    program = factories.program(factories.organization())
    only_with("programs_program", triggers()["programs_program"])
    written()
    for stage in Program.Stage.values:
        Program.objects.filter(pk=program.pk).update(stage="nowhere")
        Program.objects.filter(pk=program.pk).update(stage=stage)
        Program.objects.filter(pk=program.pk).update(version=program.version + 1)
        Program.objects.filter(pk=program.pk).update(version=program.version)
    return written()


def of_overlaps(world: World) -> set[str]:
    found = written()
    Overlap.objects.update(is_flagged=False)
    Overlap.objects.update(is_flagged=True)
    overlap = world.overlaps["own public"]
    only_with("overlap_review", triggers()["overlap_review"])
    for action in Review.Action.values:
        Review.objects.create(overlap=overlap, action=action, left_version=1, right_version=1)
    return {kind for kind in found | written() if kind.startswith("overlap.")}


def of_agreements(world: World) -> set[str]:
    agreement = worlds.agreement(world)
    only_with("agreements_agreement", triggers()["agreements_agreement"])
    happened: set[str] = set()
    for state in State.values:
        Agreement.objects.filter(pk=agreement.pk).update(state="nowhere")
        written()
        Agreement.objects.filter(pk=agreement.pk).update(state=state)
        happened |= written()
    return happened


def test_every_table_that_writes_events_is_tried() -> None:
    assert set(triggers()) == TRIED


def test_what_can_happen_is_what_one_can_subscribe_to() -> None:
    world = World()

    happened = of_overlaps(world) | of_agreements(world) | of_programs()

    assert happened == set(Kind.values)


def test_the_docs_list_every_kind() -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)\.(.*?) \|", page, re.MULTILINE)

    listed = [f"{subject}.{what}" for subject, cell in rows for what in re.findall(r"\w+", cell)]

    assert sorted(listed) == sorted(Kind.values)
