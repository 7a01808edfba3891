"""Overlaps before saving: the engine's own answer, of what one may see."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from donors.models import Organization, User
from programs.models import Program
from programs.overlap.loading import load_facts
from programs.overlap.models import Overlap
from programs.overlap.services import scan_programs
from programs.overlap.services.preview import preview
from programs.overlap.unsaved import facts_of
from programs.services import BudgetData, RelatedData, save_program, stored_programs
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organization:
    return factories.organization("My agency")


@pytest.fixture
def editor(org: Organization) -> User:
    return factories.user(org, "editor")


@pytest.fixture
def neighbour() -> Program:
    theirs = factories.organization("Their agency")
    factories.user(theirs, "manager", full_name="Mario Zelaya")
    factories.user(theirs, "viewer", full_name="Victor Viewer")
    program = factories.program(theirs, title="Community police patrols in Choloma", visibility="partners")
    scan_programs([program.pk])
    return program


def test_an_unsaved_program_is_to_the_engine_what_it_will_be_saved(org: Organization) -> None:
    data = factories.program_data(
        org,
        goals=None,
        related=(RelatedData(1, "WHOLE"), RelatedData(4, "TWIN")),
        budgets=(BudgetData(Decimal("1000.00"), "EUR"),),
    )

    program = save_program(data, actor=None, stage="draft").program

    saved = load_facts([program.pk])[program.pk]
    assert replace(facts_of(data, program.pk), version=saved.version) == saved


def test_says_what_the_scan_will_say(org: Organization, editor: User, neighbour: Program) -> None:
    data = factories.program_data(org)

    (before,) = preview(facts_of(data), editor)

    program = save_program(data, actor=None).program
    scan_programs([program.pk])
    overlap = Overlap.objects.get()
    assert (before.program, before.kind, round(before.score, 4)) == (neighbour, overlap.kind, overlap.score)


def test_names_whom_to_speak_to(org: Organization, editor: User, neighbour: Program) -> None:
    (found,) = preview(facts_of(factories.program_data(org)), editor)

    assert found.people == ["Mario Zelaya"]
    assert found.reasons


def test_what_one_may_not_see_leaves_no_trace(org: Organization, editor: User, neighbour: Program) -> None:
    Program.objects.filter(pk=neighbour.pk).update(visibility="restricted")

    assert preview(facts_of(factories.program_data(org)), editor) == []


def test_a_program_does_not_overlap_itself(org: Organization, editor: User) -> None:
    program = factories.program(org)

    assert preview(facts_of(stored_programs([program])[0].data, program.pk), editor) == []


class TestPanel:
    def form(self, org: Organization) -> dict[str, str]:
        return {
            "reporting_org": str(org.pk),
            "title": "Community policing in Choloma",
            "description": "Community police patrols in Choloma, with training for officers and radios.",
            "language": "en",
            "planned_start": "2024-01-01",
            "planned_end": "2026-12-31",
            "visibility": "partners",
            "countries-0-place": "HN",
            "places-0-area": "Cortes",
            "places-0-name": "Choloma",
            "sectors-0-sector": "15132",
        }

    def test_is_drawn_from_the_form(
        self, org: Organization, editor: User, neighbour: Program, signed_in: Callable[[User], Client]
    ) -> None:
        page = signed_in(editor).post(reverse("overlap:preview"), self.form(org)).content.decode()

        assert neighbour.title in page
        assert "Mario Zelaya" in page
        assert "Both work in Choloma" in page
        assert f'value="link:{neighbour.identifier}"' in page

    def test_waits_for_title_place_and_goal(
        self, org: Organization, editor: User, neighbour: Program, signed_in: Callable[[User], Client]
    ) -> None:
        page = signed_in(editor).post(reverse("overlap:preview"), {**self.form(org), "title": ""}).content.decode()

        assert "Enter a title, a place and a goal" in page

    def test_is_for_those_who_log_programs(self, org: Organization, signed_in: Callable[[User], Client]) -> None:
        viewer = signed_in(factories.user(org, "viewer"))

        assert viewer.post(reverse("overlap:preview"), self.form(org)).status_code == 403

    def test_what_is_no_number_of_a_program_is_none(
        self, org: Organization, editor: User, signed_in: Callable[[User], Client]
    ) -> None:
        answer = signed_in(editor).post(reverse("overlap:preview"), {**self.form(org), "program": "²"})

        assert answer.status_code == 200

    def test_anothers_draft_is_not_found(
        self, org: Organization, editor: User, signed_in: Callable[[User], Client]
    ) -> None:
        draft = factories.program(stage="draft")

        answer = signed_in(editor).post(reverse("overlap:preview"), {**self.form(org), "program": draft.pk})

        assert answer.status_code == 404

    def test_stands_on_the_page_without_javascript(
        self, org: Organization, editor: User, neighbour: Program, signed_in: Callable[[User], Client]
    ) -> None:
        mine = factories.program(org, stage="draft")

        page = signed_in(editor).get(reverse("programs:edit", args=[mine.pk])).content.decode()

        assert neighbour.title in page
