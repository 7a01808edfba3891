"""Migrating: what changes no field draws no model up again."""

from typing import Any

import pytest
from django.db.migrations import AddConstraint, AddIndex, AlterField, RemoveConstraint, RemoveIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import AutoField, CharField, CheckConstraint, Field, Index, Q
from pgtrigger.compiler import Trigger, UpsertTriggerSql
from pgtrigger.migrations import AddTrigger, RemoveTrigger


def trigger(name: str) -> Trigger:
    sql = UpsertTriggerSql(func="RETURN NULL;", hash="0", operation="INSERT", pgid=name, table="a_thing", when="AFTER")
    return Trigger(name=name, sql=sql)


def index(name: str) -> Index:
    return Index(fields=["id"], name=name)


def constraint(name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(id__gt=0), name=name)


KINDS: dict[str, tuple[Any, type[Operation], type[Operation]]] = {
    "triggers": (trigger, AddTrigger, RemoveTrigger),
    "indexes": (index, AddIndex, RemoveIndex),
    "constraints": (constraint, AddConstraint, RemoveConstraint),
}


def state() -> ProjectState:
    made = ProjectState()
    fields = [("id", AutoField(primary_key=True)), ("name", CharField("name", max_length=9))]
    made.add_model(ModelState("a", "Thing", fields))
    return made


def names(of: list[Any]) -> list[str]:
    return [each.name for each in of]


@pytest.mark.parametrize("option", KINDS)
def test_a_model_keeps_its_class_and_knows_what_was_added_and_removed(option: str) -> None:
    make, add, remove = KINDS[option]
    made = state()
    before = made.apps.get_model("a", "thing")

    for name in ("first", "second"):
        add("thing", make(name)).state_forwards("a", made)
    remove("thing", "first").state_forwards("a", made)

    assert made.apps.get_model("a", "thing") is before
    assert names(getattr(before._meta, option)) == ["second"]
    assert names(made.models["a", "thing"].options[option]) == ["second"]


@pytest.mark.parametrize("option", KINDS)
def test_a_model_that_is_drawn_up_later_knows_it_too(option: str) -> None:
    make, add, _remove = KINDS[option]
    made = state()

    add("thing", make("first")).state_forwards("a", made)

    assert "apps" not in made.__dict__
    assert names(getattr(made.apps.get_model("a", "thing")._meta, option)) == ["first"]


@pytest.mark.parametrize(
    ("field", "is_drawn_again"),
    [
        (CharField("title", max_length=9, help_text="In words.", choices=[("a", "A")], blank=True), False),
        (CharField("name", max_length=10), True),
        (CharField("name", max_length=9, null=True), True),
        (CharField("name", max_length=9, unique=True), True),
        (CharField("name", max_length=9, default="a"), True),
        (CharField("name", max_length=9, db_column="called"), True),
    ],
)
def test_a_model_is_drawn_up_again_where_a_column_changes_and_not_where_words_do(
    field: Field, is_drawn_again: bool
) -> None:
    made = state()
    before = made.apps.get_model("a", "thing")

    AlterField("thing", "name", field).state_forwards("a", made)

    assert (made.apps.get_model("a", "thing") is not before) == is_drawn_again
    assert made.models["a", "thing"].fields["name"] is field
