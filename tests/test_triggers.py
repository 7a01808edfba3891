"""What every trigger asks first: see core/triggers.py."""

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection

from programs.models import Program
from tests import factories


def answer(trigger: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT _pgtrigger_should_ignore(%s)", [trigger])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [(None, False), ("", False), ("{}", False), ("{other}", False), ("{this}", True), ("{other,this}", True)],
)
def test_only_a_trigger_that_is_named_is_ignored(db: None, setting: str | None, expected: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [setting])

    assert answer("this") is expected


def test_no_error_is_caught_for_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
        assert "EXCEPTION" not in cursor.fetchone()[0]


def test_a_migration_can_still_ignore_one(db: None) -> None:
    program = factories.program()
    kept = apps.get_model("programs", "ProgramEvent").objects.filter(pgh_obj=program)
    before = kept.count()
    with pgtrigger.ignore("programs.Program:update_update"):
        Program.objects.filter(pk=program.pk).update(title="Other")
    assert kept.count() == before

    Program.objects.filter(pk=program.pk).update(title="Another")
    assert kept.count() == before + 1
