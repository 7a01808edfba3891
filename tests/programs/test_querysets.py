from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from programs.models import Program
from tests import factories

pytestmark = pytest.mark.django_db


def seen(user: Any) -> set[str]:
    """The titles of what the person sees; all others are what is hidden from that person."""
    shown, hidden = (
        list(programs.values_list("title", flat=True))
        for programs in (Program.objects.visible_to(user), Program.objects.hidden_from(user))
    )
    assert sorted([*shown, *hidden]) == sorted(Program.objects.values_list("title", flat=True))
    return set(shown)


class TestVisibleTo:
    @pytest.fixture(autouse=True)
    def world(self) -> None:
        self.own, self.named, self.other = (factories.organization() for _ in range(3))
        for visibility in ("public", "partners", "restricted"):
            factories.program(self.own, title=visibility, visibility=visibility)
        Program.objects.get(title="restricted").shared_with.add(self.named)
        factories.program(self.own, title="draft", stage="draft")
        factories.program(self.own, title="submitted", stage="submitted")

    def test_the_own_organization_sees_all_of_it(self) -> None:
        assert seen(factories.user(self.own)) == {"public", "partners", "restricted", "draft", "submitted"}

    def test_named_organizations_see_restricted_ones(self) -> None:
        assert seen(factories.user(self.named)) == {"public", "partners", "restricted"}

    def test_other_members_see_what_is_for_partners(self) -> None:
        assert seen(factories.user(self.other)) == {"public", "partners"}

    @pytest.mark.parametrize("outsider", [AnonymousUser, factories.user])
    def test_who_belongs_to_nobody_sees_what_is_public(self, outsider: type) -> None:
        assert seen(outsider()) == {"public"}

    def test_coordinators_see_all_but_drafts(self, coordinator: object) -> None:
        assert seen(coordinator) == {"public", "partners", "restricted", "submitted"}

    def test_administrators_see_all(self) -> None:
        assert len(seen(factories.user(is_superuser=True))) == 5


class TestSearch:
    @pytest.mark.parametrize("text", ["policia", "POLICÍA", "prox choloma", "XX-7", "agencia espanola"])
    def test_finds_without_accents_by_beginnings_identifier_and_organization(self, text: str) -> None:
        org = factories.organization("Agencia Española")
        factories.program(org, title="Policía de proximidad en Choloma", identifier="XX-7")
        factories.program(factories.organization(), title="Courts", description="Judges", identifier="YY-8")

        assert [program.identifier for program in Program.objects.search(text)] == ["XX-7"]

    @pytest.mark.parametrize("text", ["", "&|!():*'", "a & b", "\\", "%"])
    def test_takes_any_text(self, text: str) -> None:
        list(Program.objects.search(text))
