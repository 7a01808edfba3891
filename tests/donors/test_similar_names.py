import pytest

from donors.models import Organization
from donors.services import add_alias
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def aecid() -> Organization:
    factories.organization("Ministerio de Seguridad de Honduras")
    factories.organization("Asian Development Bank")
    return factories.organization(
        "Agencia Española de Cooperación Internacional para el Desarrollo", short_name="AECID", ref="ES-DIR3-EA0035768"
    )


@pytest.mark.parametrize("typed", ["aecidd", "Agencia Espanola Cooperacion", "cooperación internacional española"])
def test_what_was_meant_comes_first(aecid: Organization, typed: str) -> None:
    assert Organization.objects.similar_to(typed).first() == aecid


@pytest.mark.parametrize("typed", ["Policía de Panamá", "xyz", ""])
def test_what_is_like_nothing_finds_nothing(aecid: Organization, typed: str) -> None:
    assert not Organization.objects.similar_to(typed).exists()


def test_an_alias_counts_as_a_name(aecid: Organization) -> None:
    add_alias(aecid, "Cooperación Española")

    assert Organization.objects.similar_to("Cooperacion Espanhola").first() == aecid


def test_many_names_are_found_in_two_queries(aecid: Organization, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        found = Organization.objects.by_names(["AECID", "es-dir3-ea0035768", " agencia espanola de nada ", ""])

    assert set(found.values()) == {aecid.pk}
    assert set(found) == {"aecid", "es dir3 ea0035768"}
