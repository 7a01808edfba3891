"""A made-up world's places are known while its programs are read, and only then; real sets get no help."""

from collections.abc import Iterable
from typing import Any

from programs.overlap.engine.gazetteer import entry_of, words_of
from programs.overlap.evaluation.labelled import LabelledSet
from programs.overlap.evaluation.places import localities, places_of


def a_set(*names: str, **values: Any) -> LabelledSet:
    return LabelledSet([{"localities": list(names), "countries": ["HN"], "areas": ["HN-CR"]} | values], {})


def known(names: Iterable[str]) -> list[bool]:
    return [entry_of(words_of(name)) is not None for name in names]


def test_localities_of_a_made_up_world_are_places_within_and_unknown_after() -> None:
    names = ("Chehuesama", "Tollemchenan", "Choloma")
    with places_of(a_set(*names)):
        assert known(names) == [True, True, True]

    assert known(names) == [False, False, True]


def test_a_set_with_real_places_is_read_with_the_gazetteer_alone() -> None:
    names = ("Choloma", "Villanueva", "Chehuesama")
    with places_of(a_set(*names)):
        assert known(names) == [True, True, False]


def test_a_set_without_localities_needs_none() -> None:
    with places_of(a_set()):
        assert known(["Choloma"]) == [True]


def test_each_name_goes_with_each_country_of_its_program() -> None:
    assert localities(a_set("Raja", countries=["GT"], areas=["HN-CR"])) == [("Raja", "GT"), ("Raja", "HN")]
