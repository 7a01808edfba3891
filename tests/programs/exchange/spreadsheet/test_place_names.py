"""Countries, areas and municipalities as cells name them, several in one cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.exchange.spreadsheet.lists import entries
from programs.exchange.spreadsheet.lookups import SheetLookups
from programs.exchange.spreadsheet.place_names import split_names
from programs.exchange.spreadsheet.problems import CellError

pytestmark = pytest.mark.django_db


@pytest.fixture
def lookups() -> SheetLookups:
    return SheetLookups()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Honduras, Guatemala", "HN GT"),
        ("El Salvador y Honduras", "SV HN"),
        ("Honduras/Guatemala", "HN GT"),
        ("HN, GT", "HN GT"),
        ("Guatemala & Honduras", "GT HN"),
        ("Guatemala e Honduras", "GT HN"),
        ("Guatemala and Honduras", "GT HN"),
        ("Guatemala, El Salvador y Honduras", "GT SV HN"),
        ("Honduras - Guatemala", "HN GT"),
        ("Trinidad y Tobago, Honduras", "TT HN"),
        ("Honduras y Trinidad y Tobago", "HN TT"),
        ("República de Honduras", "HN"),
        ("HND", "HN"),
        ("Triángulo Norte", "GT SV HN"),
        ("Centroamérica", "1032"),
        ("Central America", "1032"),
        ("All CA countries", "1032"),
        ("Todos los países de Centroamérica", "1032"),
        ("7 países de Centroamérica", "1032"),
        ("CA", "CA"),
    ],
)
def test_countries(lookups: SheetLookups, text: str, codes: str) -> None:
    assert [code for _kind, code in lookups.places(text)] == codes.split()


@pytest.mark.parametrize(
    ("text", "named"), [("Honduras, Narnia", "Narnia"), ("Hondorus", "Hondorus"), ("todos", "todos"), (",", ",")]
)
def test_the_part_that_is_no_country_is_named(lookups: SheetLookups, text: str, named: str) -> None:
    with pytest.raises(CellError) as refusal:
        lookups.places(text)
    assert (refusal.value.code, refusal.value.params["text"]) == ("country", named)


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("Honduras 60%, Guatemala 40%", [("Honduras", 60), ("Guatemala", 40)]),
        ("Honduras (60%), Guatemala (40 %)", [("Honduras", 60), ("Guatemala", 40)]),
        ("60% Honduras y 40% Guatemala", [("Honduras", 60), ("Guatemala", 40)]),
        ("Honduras: 60 %; Guatemala: 40 %", [("Honduras", 60), ("Guatemala", 40)]),
        ('"Zona 18, 50 %, norte"', [('"Zona 18, 50 %, norte"', None)]),
    ],
)
def test_shares_beside_names(text: str, shares: list[tuple[str, int | None]]) -> None:
    assert list(entries(text)) == shares


@pytest.mark.parametrize(
    ("text", "areas", "localities"),
    [
        ("Depto. de Cortés", "HN-CR", [""]),
        ("Departamento de Cortés", "HN-CR", [""]),
        ("Dpto. Cortés", "HN-CR", [""]),
        ("DEPTO DE ATLANTIDA", "HN-AT", [""]),
        ("Cortés (HN)", "HN-CR", [""]),
        ("Cortés, Honduras", "HN-CR", [""]),
        ("Honduras - Cortés", "HN-CR", [""]),
        ("La Paz (SV)", "SV-PA", [""]),
        ("Cortés, Atlántida", "HN-CR HN-AT", ["", ""]),
        ("Cortés y Atlántida", "HN-CR HN-AT", ["", ""]),
        ("HN05", "HN-CR", [""]),
        ("HN05, HN01", "HN-CR HN-AT", ["", ""]),
        ("PA10", "PA-KY", [""]),
        ("PA-10", "PA-10", [""]),
        ("Choloma", "HN-CR", ["Choloma"]),
        ("Choloma, Cortés", "HN-CR", ["Choloma"]),
        ("San Pedro Sula (Honduras)", "HN-CR", ["San Pedro Sula"]),
    ],
)
def test_areas(lookups: SheetLookups, text: str, areas: str, localities: list[str]) -> None:
    found = lookups.areas_named(text)

    assert [code for one in found for code in one.areas] == areas.split()
    assert [one.locality for one in found] == localities


@pytest.mark.parametrize(
    ("text", "code"), [("Atlantis", "area"), ("Cortés, Atlantis", "area"), ("Cortés (GT)", "area_other_country")]
)
def test_what_is_no_area(lookups: SheetLookups, text: str, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        lookups.areas_named(text)
    assert refusal.value.code == code


def test_a_municipality_s_code_is_read_as_its_area(lookups: SheetLookups) -> None:
    (found,) = lookups.areas_named("HN0502")

    assert (found.areas, found.is_within) == (("HN-CR",), True)


@given(st.lists(st.sampled_from(["Honduras", "Trinidad y Tobago", "Antigua and Barbuda", "GT", "x"]), min_size=1),
       st.sampled_from([", ", " y ", "/", " & ", "; "]))  # fmt: skip
def test_a_list_is_split_into_its_names(names: list[str], sign: str) -> None:
    known = {"Honduras", "Trinidad y Tobago", "Antigua and Barbuda", "GT"}
    assert split_names(sign.join(names), lambda part: part in known) == names
