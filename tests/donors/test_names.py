import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.names import normalize_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Agencia Española de Cooperación (AECID)", "agencia espanola de cooperacion - aecid"),
        ("  Ministerio\nPúblico ", "MINISTERIO PUBLICO"),
        ("U.S. Department of State", "u s department of state"),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert normalize_name(one) == normalize_name(other)


@given(st.text())
def test_normalizing_twice_is_once(text: str) -> None:
    assert normalize_name(normalize_name(text)) == normalize_name(text)
    assert len(normalize_name(text)) <= 255
