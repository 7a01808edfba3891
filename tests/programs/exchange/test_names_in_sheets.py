"""Which organizations the cells of a spreadsheet mean: by any name, in the countries of the row."""

import pytest

from donors.models import Organization
from donors.services import create_organization
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.exchange.spreadsheet.problems import CellError

pytestmark = pytest.mark.django_db


def called(text: str, *countries: str) -> list[str]:
    found = SheetLookups().organizations_of(text, frozenset(countries))
    return [Organization.objects.get(pk=pk).name for pk in found]


@pytest.mark.parametrize("text", ["A.E.C.I.D.", "AECID", "Cooperación Española", "es-dir3-ea0035768", "aeci"])
def test_one_body_under_many_names(text: str) -> None:
    assert called(text, "HN") == ["Agencia Española de Cooperación Internacional para el Desarrollo"]


@pytest.mark.parametrize(("country", "name"), [("SV", "El Salvador"), ("GT", "Guatemala")])
def test_a_name_of_several_states_is_the_row_s(country: str, name: str) -> None:
    assert called("Policía Nacional Civil", country) == [f"Policía Nacional Civil de {name}"]


@pytest.mark.parametrize("countries", [(), ("SV", "GT")])
def test_a_name_that_may_mean_several_is_asked_about(countries: tuple[str, ...]) -> None:
    with pytest.raises(CellError) as error:
        SheetLookups().organization("PNC", frozenset(countries))

    assert error.value.code == "organization_several"
    assert "Policía Nacional Civil de El Salvador" in error.value.params["names"]


def test_two_with_a_stroke_between_them_are_both() -> None:
    assert called("USAID/INL") == [
        "U.S. Agency for International Development",
        "Bureau of International Narcotics and Law Enforcement Affairs",
    ]
    assert called("State/INL") == ["Bureau of International Narcotics and Law Enforcement Affairs"]


def test_one_of_two_that_nobody_knows_is_asked_about_as_a_whole() -> None:
    with pytest.raises(CellError) as error:
        SheetLookups().organizations_of("USAID/Nobody at all", frozenset())
    assert error.value.params["text"] == "USAID/Nobody at all"


def test_what_is_exported_is_found_again() -> None:
    first = create_organization("Policía Nacional Civil", ref="XX-1")
    second = create_organization("Policía Nacional Civil", ref="XX-2", may_share_name=True)
    lookups = SheetLookups()

    for organization in (first, second):
        name = lookups.organization_name(organization.pk)
        assert lookups.organization(name, frozenset({"GT"})) == organization.pk


def test_the_same_name_in_every_row_asks_no_query(django_assert_num_queries: object) -> None:
    lookups = SheetLookups()
    lookups.organizations_of("AECID", frozenset({"HN"}))
    with django_assert_num_queries(0):  # type: ignore[operator]
        for number in range(50):
            lookups.organizations_of("AECID", frozenset({"HN"}))
            lookups.organizations_of(("A.E.C.I.D.", "aecid")[number % 2], frozenset({"GT"}))
