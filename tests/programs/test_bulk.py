"""Rows written by one statement are as Django writes them: types, defaults, constraints, history."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from programs.models import Program, ProgramGoal
from programs.services import ManySaver, Wanted
from programs.services.bulk import insert_rows, update_all
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_a_row_leaves_out_gets_its_default_and_json_stays_json() -> None:
    program = factories.program(goals=())
    reasons = [{"kind": "term", "term": 'policía \\ "x"', "weight": "1.5"}]

    keys = insert_rows(
        ProgramGoal,
        [
            {"program_id": program.pk, "goal_id": 1, "percentage": Decimal("33.33"), "reasons": reasons},
            {"program_id": program.pk, "goal_id": 2, "percentage": Decimal("66.67"), "reasons": []},
        ],
    )

    assert [ProgramGoal.objects.get(pk=pk).goal_id for pk in keys] == [1, 2]
    assert ProgramGoal.objects.get(pk=keys[0]).reasons == reasons
    assert insert_rows(ProgramGoal, []) == []


def test_the_database_still_says_no() -> None:
    program = factories.program(goals=())
    row = {"program_id": program.pk, "goal_id": 1, "percentage": Decimal(101), "reasons": []}

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(ProgramGoal, [row])


def test_an_update_writes_each_row_its_own_values() -> None:
    programs = [factories.program(title="A"), factories.program(title="B")]
    for program in programs:
        program.title *= 2
    programs[1].status = None

    update_all(programs)

    assert list(Program.objects.order_by("pk").values_list("title", "status")) == [
        ("AA", programs[0].status),
        ("BB", None),
    ]


def test_history_knows_who_it_was() -> None:
    organization = factories.organization()
    editor = factories.user(organization, "editor")
    data = factories.program_data(organization, title="First")
    saver = ManySaver(actor=editor)
    with transaction.atomic():
        saver.save_many([Wanted(data)])
    with transaction.atomic():
        saver.save_many([Wanted(factories.program_data(organization, identifier=data.identifier, title="Second"))])

    events = Program.pgh_event_model.objects.order_by("pgh_id").values_list(
        "pgh_label", "title", "pgh_context__metadata__user"
    )
    assert list(events) == [("insert", "First", editor.pk), ("update", "Second", editor.pk)]
