"""The database says no: every constraint and every refusing trigger of our apps, each tried with raw SQL.

The statements lie in tests/constraints/, an app a file. The rows they are tried on are made once; what a statement
does is rolled back.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction

from tests.constraints.world import BREAKS, REFUSED, fill, refusal

pytestmark = pytest.mark.django_db


def our_models() -> list[type[models.Model]]:
    """The models of every app in the settings whose code is ours, and not a package's."""
    here = Path(settings.BASE_DIR)
    ours = [config for config in apps.get_app_configs() if Path(config.path).parent in (here, here / "programs")]
    return [model for config in ours for model in config.get_models()]


def refusing_triggers() -> dict[str, str]:
    """Table and name of each trigger that can refuse -> the name of its function in the database.

    Those that let nobody change what is in a table of history are in HISTORY.
    """
    return {
        f"{model._meta.db_table}.{trigger.name}": trigger.get_pgid(model)
        for model, trigger in pgtrigger.registered()
        if "RAISE" in str(trigger.get_func(model))
    }


HISTORY = sorted(
    name for name in refusing_triggers() if name.endswith(".append_only") and name.split(".")[0].endswith("event")
)


@pytest.fixture(scope="module")
def names(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, object]]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield fill()
        transaction.set_rollback(True)


def test_every_constraint_is_tried() -> None:
    assert {constraint.name for model in our_models() for constraint in model._meta.constraints} == set(BREAKS)


def test_every_trigger_that_refuses_is_tried() -> None:
    assert set(refusing_triggers()) == {*REFUSED, *HISTORY}


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_holds(name: str, names: dict[str, object]) -> None:
    error = refusal(BREAKS[name], names)

    assert isinstance(error, IntegrityError), error
    assert error.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


@pytest.mark.parametrize("name", REFUSED)
def test_the_trigger_refuses(name: str, names: dict[str, object]) -> None:
    error = refusal(REFUSED[name], names)

    assert error is not None
    assert f"function {refusing_triggers()[name]}()" in error.__cause__.diag.context  # type: ignore[union-attr]


@pytest.mark.parametrize("change", ["UPDATE {} SET pgh_label = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("name", HISTORY)
def test_history_is_append_only(name: str, change: str, names: dict[str, object]) -> None:
    error = refusal(change.format(name.split(".")[0]), names)

    assert error is not None
    assert f"function {refusing_triggers()[name]}()" in error.__cause__.diag.context  # type: ignore[union-attr]


def test_a_draft_that_is_published_must_add_up(names: dict[str, object]) -> None:
    error = refusal(REFUSED["programs_program.published_shares_add_up"], names)

    assert "add up to 40.00, not 100" in str(error)


@pytest.mark.parametrize("table", ["overlap_review", "overlap_assignment"])
def test_what_was_decided_is_not_deleted(table: str, names: dict[str, object]) -> None:
    error = refusal(f"DELETE FROM {table}", names)

    assert error is not None
    assert f"function {refusing_triggers()[table + '.append_only']}()" in error.__cause__.diag.context  # type: ignore[union-attr]
