"""Every migration that constrains a table which a release before had already, tried on data that it accepted.

The migrations run in their order in a database of their own; before each such one, rows are put in that were good until
then. Anyone who adds such a migration adds its rows to ROWS.
"""

import itertools
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import (
    AddConstraint,
    AddIndex,
    AlterField,
    AlterUniqueTogether,
    CreateModel,
    Migration,
    RunSQL,
)
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.models import Model

from core.names import normalize_name
from tests.conftest import database_of_its_own
from tests.migrating import StepByStepLoader, step_by_step

ALIAS = "upgraded"
NUMBERS = itertools.count(1)
Key = tuple[str, str]
Make = Callable[..., Any]  # make("donors.User", email="…"): a row of the model as it was then


def program(make: Make, identifier: str) -> Any:
    organization = make("donors.Organization", name=f"Reporter of {identifier}")
    return make("programs.Program", identifier=identifier, title="Police training", reporting_org=organization)


def namesakes(make: Make) -> None:
    of = make("donors.Organization", name="Policía Nacional Civil")
    for text, kind in (("Policía Nacional Civil", "name"), ("PNC", "name"), ("SV-GOV-PNC", "ref")):
        make("donors.OrganizationAlias", organization=of, text=text, normalized=normalize_name(text), kind=kind)


def person(make: Make, email: str, **fields: Any) -> Any:
    return make("donors.User", email=email, full_name="Ana", language="es", **fields)


def half_points(make: Make) -> None:
    of = program(make, "HALF-POINTS")
    half = {"program": of, "latitude": "14.6"}
    make("programs.ProgramLocation", **half, name="Mixco")
    make("programs.ProgramLocation", **half, name="Villa Nueva")
    make("programs.ProgramLocation", **half, name="Villa Nueva")
    make("programs.ProgramLocation", program=of, name="Villa Nueva", longitude="-90.5")
    make("programs.ProgramLocation", **half)
    make("programs.ProgramLocation", program=of, name="Antigua", latitude="14.5", longitude="-90.7")


def parts_of_a_scan(make: Make) -> None:
    run = make("overlap.ScanRun", model_version="1")
    make("overlap.ScanPart", run=run, first_id=1, last_id=250)
    make("overlap.ScanPart", run=run, first_id=251, last_id=500)


def notifications(make: Make) -> None:
    number = next(NUMBERS)
    of, ana = program(make, f"TOLD-{number}"), person(make, f"told-{number}@example.org")
    comment = make("discussion.Comment", program=of, author=ana, text="Since when?")
    for kind in ("comment", "mention"):
        make("discussion.Notification", kind=kind, recipient=ana, program=of, comment=comment)


def steps(make: Make) -> None:
    agreement = make("agreements.Agreement", title="Who leads", kind="lead", created_by=person(make, "s@example.org"))
    for kind in ("drafted", "withdrawn"):
        make("agreements.Step", agreement=agreement, kind=kind, version=1)


def talk_about_an_agreement(make: Make) -> None:
    ana = person(make, "party@example.org")
    agreement = make("agreements.Agreement", title="Who follows", kind="lead", created_by=ana)
    step = make("agreements.Step", agreement=agreement, kind="drafted", version=1)
    make("discussion.Comment", agreement=agreement, author=ana, text="We agree.")
    make("discussion.Notification", kind="agreement", recipient=ana, agreement=agreement, step=step)


def an_import(make: Make) -> None:
    organization = make("donors.Organization", name=f"Importer {next(NUMBERS)}")
    make("exchange.Import", organization=organization, kind="iati", file_name="programs.xml", language="en")


def a_report(make: Make) -> None:
    ana = person(make, "report@example.org")
    make("reports.OverlapReport", asked_by=ana, seen_as=1, period_start="2026-01-01", period_end="2026-01-31")


def a_message(make: Make) -> None:
    ana = person(make, "webhook@example.org")
    endpoint = make(
        "webhooks.Endpoint", owner=ana, name="a", url="https://a.example.org/", kinds=["overlap.flagged"], secret="a"
    )
    event = make("webhooks.Event", kind="overlap.flagged", subject_id=1)
    make("webhooks.Delivery", endpoint=endpoint, event=event, kind="overlap.flagged", body="{}", state="failed")


ROWS: dict[Key, Callable[[Make], None]] = {
    ("donors", "0002_user_digest"): lambda make: person(make, "before-digests@example.org"),
    ("donors", "0008_key_scopes_and_use"): lambda make: make(
        "donors.ApiKey", name="script", prefix="abc", digest="0" * 64, user=person(make, "script@example.org")
    ),
    ("donors", "0015_one_name_of_several_bodies"): namesakes,
    ("donors", "0010_machine_accounts"): lambda make: person(make, "root@example.org", is_superuser=True),
    ("goals", "0002_priorities_keep_their_history"): lambda make: make(
        "goals.Priority", goal=make("goals.Goal", number=1), rank=1, period_start="2024-01-01", period_end="2026-12-31"
    ),
    ("goals", "0004_rates_with_their_sources"): lambda make: make(
        "goals.ExchangeRate", currency="XAU", month="2024-01-01", usd_per_unit="2063.7"
    ),
    ("programs", "0005_points_are_whole"): half_points,
    ("overlap", "0004_profiles_keys_and_clusters"): parts_of_a_scan,
    ("discussion", "0002_notifications_of_requests"): notifications,
    ("discussion", "0003_notifications_of_agreements"): notifications,
    ("discussion", "0004_comments_on_agreements"): notifications,
    ("agreements", "0003_editions_and_dropped_drafts"): steps,
    ("discussion", "0005_notifications_of_sharing"): notifications,
    ("agreements", "0004_each_agreement_is_a_topic"): talk_about_an_agreement,
    ("discussion", "0008_topics_instead_of_agreements"): notifications,
    ("exchange", "0005_table_found_and_for_whom_checked"): an_import,
    ("exchange", "0006_imports_are_counted_and_stopped"): an_import,
    ("exchange", "0011_kinds_of_workbooks_and_what_they_hide"): an_import,
    ("reports", "0002_reports_are_cancelled"): a_report,
    ("webhooks", "0004_messages_are_given_up_and_cancelled"): a_message,
}


def constrains(migration: Migration) -> bool:
    """Whether it adds a constraint to a table that is older than itself, or makes a column of it unique or not null."""
    if migration.initial:
        return False
    own = {operation.name_lower for operation in migration.operations if isinstance(operation, CreateModel)}
    return any(
        isinstance(operation, AddConstraint | AlterUniqueTogether)
        or (isinstance(operation, AlterField) and operation.field.unique)
        for operation in migration.operations
        if getattr(operation, "model_name_lower", getattr(operation, "name_lower", "")) not in own
    )


@contextmanager
def connected(alias: str, *, migrated: bool = False) -> Iterator[BaseDatabaseWrapper]:
    """To a database of its own that is called like that, empty or as those of the tests are."""
    name = f"{alias}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    with database_of_its_own(name, migrated=migrated):
        connections.databases[alias] = {**connection.settings_dict, "NAME": name}
        try:
            yield connections[alias]
        finally:
            connections[alias].close()
            del connections[alias]
            del connections.databases[alias]


@pytest.fixture(scope="module")
def upgrading(django_db_blocker: Any) -> Iterator[MigrationExecutor]:
    """Of a database whose rows have gone through every migration since they were written."""
    with django_db_blocker.unblock(), connected(ALIAS) as database:
        made = step_by_step(database)
        upgrade(made)
        yield made


@pytest.fixture
def upgraded(upgrading: MigrationExecutor) -> BaseDatabaseWrapper:
    """That database."""
    return upgrading.connection


def upgrade(upgrading: MigrationExecutor) -> None:
    leaves = upgrading.loader.graph.leaf_nodes()
    plan = [(migration.app_label, migration.name) for migration, _back in upgrading.migration_plan(leaves)]
    state = None
    for key in plan:
        if key not in ROWS:
            continue
        # The state before it: of each app the last migration that comes earlier in the order.
        newest = dict(plan[: plan.index(key)])
        state = upgrading.migrate(list(newest.items()), state=state)
        upgrading.loader.build_graph()  # reads which are applied now
        # Drawn up for themselves: in those that migrating has used, some know others as they were before.
        models = {name: model.clone() for name, model in state.models.items()}
        then = ProjectState(models, state.real_apps).apps

        def make(label: str, /, *, apps: Any = then, **fields: Any) -> Model:
            row: Model = apps.get_model(*label.split(".")).objects.using(ALIAS).create(**fields)
            return row

        ROWS[key](make)
    # As a site goes on with a new release: it knows the squashed migrations too, some of which have run in part.
    site = MigrationExecutor(upgrading.connection)
    site.migrate(site.loader.graph.leaf_nodes())
    upgrading.loader.build_graph()


def test_every_migration_that_constrains_is_tried() -> None:
    loader = StepByStepLoader(None)
    ours = [
        key
        for key, migration in loader.disk_migrations.items()
        if "site-packages" not in (__import__(migration.__module__, fromlist=["_"]).__file__ or "")
    ]

    constraining = {key for key in ours if constrains(loader.disk_migrations[key])}

    assert constraining == set(ROWS), "a migration that constrains needs rows of the release before, in ROWS"


# Indexes that migrations of earlier releases built while nobody could write to the table.
LOCKED_WRITERS = {
    "alias_normalized", "program_unended", "program_not_for_everybody", "program_shown", "program_by_title",
    "program_latest_start", "program_most_money", "overlap_by_stake", "overlap_of_case", "overlap_surest_first",
    "overlap_queue_by_stake", "overlap_by_money", "overlap_newest_first", "import_at_work", "comment_of_agreement",
    "comment_of_topic",
}  # fmt: skip


def test_no_further_migration_locks_a_table_while_it_builds_an_index() -> None:
    loader = StepByStepLoader(None)
    locking = set()
    for key, migration in loader.disk_migrations.items():
        file = __import__(migration.__module__, fromlist=["_"]).__file__ or ""
        if migration.initial or "site-packages" in file:
            continue
        own = {operation.name_lower for operation in migration.operations if isinstance(operation, CreateModel)}
        locking |= {
            operation.index.name
            for operation in migration.operations
            if isinstance(operation, AddIndex)
            and not isinstance(operation, AddIndexConcurrently)
            and operation.model_name_lower not in own
        }
        # RunSQL may build one too: beside readers and writers, which no transaction allows.
        for operation in migration.operations:
            if isinstance(operation, RunSQL) and re.search(
                r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)", str(operation.sql)
            ):
                locking.add(key)

    assert locking == LOCKED_WRITERS, "use AddIndexConcurrently in a migration of its own, with atomic = False"


INDEXES_OF_SERIES = {"candidatekey_by_series": True, "profile_of_series": True}


@pytest.mark.parametrize(
    "before",
    [
        "",
        # As 0011 was at first.
        """
        CREATE INDEX candidatekey_by_series ON overlap_candidatekey (key, least, series)
            INCLUDE (program_id, mask, starts, ends, title_series);
        DROP INDEX candidatekey_lookup;
        CREATE INDEX profile_of_series ON overlap_programprofile USING gin (series);
        """,
        # One that was broken off while it was built.
        """
        CREATE INDEX profile_of_series ON overlap_programprofile USING gin (series);
        UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'profile_of_series'::regclass;
        """,
    ],
)
def test_indexes_of_series_are_there_once_whatever_was_there(
    upgrading: MigrationExecutor, upgraded: BaseDatabaseWrapper, before: str
) -> None:
    def indexes() -> dict[str, bool]:
        found = rows(
            upgraded,
            "SELECT relname, indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid"
            " WHERE relname IN ('candidatekey_by_series', 'profile_of_series', 'candidatekey_lookup')",
        )
        return dict(found)

    assert indexes() == INDEXES_OF_SERIES
    upgrading.migrate([("overlap", "0012_decisions_teach_the_engine")])
    upgrading.loader.build_graph()
    assert indexes() == {"candidatekey_lookup": True}
    if before:
        with upgraded.cursor() as cursor:
            cursor.execute(before)

    upgrading.migrate(upgrading.loader.graph.leaf_nodes())
    upgrading.loader.build_graph()

    assert indexes() == INDEXES_OF_SERIES


def rows(database: BaseDatabaseWrapper, sql: str) -> list[tuple[Any, ...]]:
    with database.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


# What a database is made of, but for the order of columns that had others before them.
STRUCTURE = (
    "SELECT table_name, column_name, rank() OVER (PARTITION BY table_name ORDER BY ordinal_position), udt_name,"
    " character_maximum_length, numeric_precision, numeric_scale, is_nullable, column_default, is_identity,"
    " generation_expression FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), indisvalid FROM pg_index"
    " JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled, obj_description(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    " AND proname !~ '^_pg' AND prolang IN (SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql'))",
    "SELECT extname FROM pg_extension",
)


def test_a_new_database_is_made_of_the_same_as_one_that_was_migrated_step_by_step(
    upgraded: BaseDatabaseWrapper,
) -> None:
    with connected("new", migrated=True) as new:
        for sql in STRUCTURE:
            once, in_steps = ({tuple(map(str, row)) for row in rows(of, sql)} for of in (new, upgraded))

            assert once == in_steps
            assert once


def test_nothing_is_left_to_do_for_a_site_that_was_migrated_step_by_step(upgraded: BaseDatabaseWrapper) -> None:
    site = MigrationExecutor(upgraded)

    assert site.migration_plan(site.loader.graph.leaf_nodes()) == []
    assert not site.loader.detect_conflicts()


def test_half_a_point_is_cleared_and_nothing_else_is_lost(upgraded: BaseDatabaseWrapper) -> None:
    found = rows(
        upgraded,
        "SELECT l.name, latitude::float, longitude::float FROM programs_programlocation l"
        " JOIN programs_program p ON p.id = program_id WHERE identifier = 'HALF-POINTS' ORDER BY l.id",
    )

    assert found == [
        ("Mixco", None, None),
        ("Villa Nueva (14.600000, ?)", None, None),
        ("Villa Nueva (14.600000, ?) 2", None, None),
        ("Villa Nueva (?, -90.500000) 3", None, None),
        ("(14.600000, ?)", None, None),
        ("Antigua", 14.5, -90.7),
    ]


def test_the_history_keeps_the_half_that_was_known(upgraded: BaseDatabaseWrapper) -> None:
    found = rows(
        upgraded,
        "SELECT pgh_label, latitude::float FROM programs_programlocationevent WHERE name = 'Mixco' ORDER BY pgh_id",
    )

    assert found == [("insert", 14.6), ("update", None)]


def test_a_scan_that_was_cut_otherwise_begins_again(upgraded: BaseDatabaseWrapper) -> None:
    assert rows(upgraded, "SELECT (SELECT count(*) FROM overlap_scanpart), (SELECT count(*) FROM overlap_scanrun)") == [
        (0, 0)
    ]


@pytest.mark.parametrize(
    ("table", "number"),
    [("discussion_notification", 11), ("agreements_step", 3), ("donors_apikey", 1), ("goals_priority", 1)],
)
def test_what_needs_no_repair_stays(upgraded: BaseDatabaseWrapper, table: str, number: int) -> None:
    assert rows(upgraded, f"SELECT count(*) FROM {table}") == [(number,)]
