"""Candidate keys and clusters as functions of programs and pairs alone."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.overlap.clustering import (
    PairInCluster,
    components,
    figures_of,
    inherited_ids,
    money_at_stake,
    sites_of,
)
from programs.overlap.engine.facts import ProgramFacts
from programs.overlap.engine.profile import profile_of, read_facts
from programs.overlap.keys import NOT_OF_ITS_OWN, keys_of
from programs.overlap.profiles import from_numbers, in_numbers, packed, unpacked
from tests.programs.overlap.test_engine import programs

HERE = ProgramFacts(
    id=1, version=1, identifier="P-1", reporting_org=1, title="Community policing", texts=("Community policing",),
    start=dt.date(2020, 1, 1), end=dt.date(2022, 1, 1), goals=frozenset({1}), sectors=frozenset(),
    countries=frozenset({"HN"}), regions=frozenset(), areas=frozenset({"HN-CR"}), localities=frozenset({"choloma"}),
    funders=frozenset({1}), implementers=frozenset({5}), others=frozenset(), money=(), budgets=frozenset(),
    committed_usd=Decimal(1_000_000), activity_identifiers=frozenset(),
)  # fmt: skip
THERE = replace(
    HERE, id=2, identifier="P-2", reporting_org=2, texts=("Policía comunitaria",), funders=frozenset({2}),
    implementers=frozenset({6}), committed_usd=Decimal(3_000_000), start=dt.date(2021, 6, 1),
)  # fmt: skip


def meet(left: ProgramFacts, right: ProgramFacts) -> bool:
    """What the candidate query says of two programs."""
    mine, theirs = keys_of(left, read_facts(left)), keys_of(right, read_facts(right))
    by_key = {key.key: key for key in theirs.keys}
    return any(
        (other := by_key.get(key.key)) is not None
        and min(key.least, other.least) < NOT_OF_ITS_OWN
        and key.series != other.series
        and key.title_series != other.title_series
        and key.starts <= other.ends
        and other.starts <= key.ends
        and (mine.mask & theirs.mask).bit_count() >= min(key.least, other.least)
        for key in mine.keys
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, True),
        ({"goals": frozenset({3})}, True),
        ({"goals": frozenset()}, True),
        ({"localities": frozenset({"tela"})}, False),
        ({"localities": frozenset()}, True),
        ({"localities": frozenset(), "areas": frozenset()}, True),
        ({"localities": frozenset(), "areas": frozenset(), "goals": frozenset({4})}, True),
        ({"localities": frozenset(), "areas": frozenset({"HN-FM"})}, False),
        ({"countries": frozenset({"GT"}), "areas": frozenset({"GT-01"})}, False),
        ({"start": dt.date(2022, 3, 1), "end": dt.date(2023, 1, 1)}, True),
        ({"start": dt.date(2022, 6, 1), "end": dt.date(2023, 1, 1)}, False),
        ({"start": None, "end": None}, True),
        ({"localities": frozenset({"tela"}), "activity_identifiers": frozenset({"P-1"})}, True),
        # One program recorded twice with a wrong place, and another one of that size elsewhere.
        ({"localities": frozenset({"tela"}), "committed_usd": Decimal(1_050_000), "start": HERE.start}, True),
        ({"goals": frozenset({3}), "title": "Courts and judges", "texts": ("Courts and judges",)}, False),
    ],
)
def test_who_is_a_candidate(change: dict[str, object], expected: bool) -> None:
    other = replace(THERE, **change)  # type: ignore[arg-type]

    assert meet(HERE, other) is expected
    assert meet(other, HERE) is expected


def test_a_sector_brings_together_those_for_a_whole_country_whose_texts_say_little() -> None:
    nowhere = {"areas": frozenset(), "localities": frozenset(), "goals": frozenset(), "sectors": frozenset({"21020"})}
    ours = replace(HERE, title="Compact", texts=("Compact",), **nowhere)
    theirs = replace(THERE, title="Second grant", texts=("Second grant",), **nowhere)

    assert meet(ours, theirs)
    assert not meet(ours, replace(theirs, sectors=frozenset({"12220"})))
    assert not meet(ours, replace(theirs, countries=frozenset({"GT"})))


@given(programs(7))
@settings(deadline=None)
def test_keys_and_facts_are_the_same_after_they_were_stored(facts: ProgramFacts) -> None:
    stored = unpacked(packed(facts))

    assert stored == facts
    assert (stored.places, stored.words) == (facts.places, facts.words)
    assert from_numbers(*in_numbers(profile_of(facts))) == profile_of(stored)
    assert keys_of(stored, read_facts(stored)) == keys_of(facts, read_facts(facts))


def test_a_program_for_the_country_meets_each_town_at_the_town() -> None:
    everywhere = replace(HERE, areas=frozenset(), localities=frozenset())
    tela = replace(HERE, localities=frozenset({"tela"}))

    assert sites_of(HERE, THERE) == ["HN/choloma"]
    assert sites_of(everywhere, THERE) == ["HN/choloma"]
    assert sites_of(everywhere, tela) == ["HN/tela"]
    assert sites_of(HERE, tela) == ["HN-CR"]
    assert sites_of(everywhere, everywhere) == ["HN"]


def pair(number: int, left: int, right: int, *sites: str, money: int | None = None, cluster: int | None = None):  # type: ignore[no-untyped-def]
    amount = None if money is None else Decimal(money)
    return PairInCluster(left, right, number, sites or ("HN/choloma",), "overlap", 0.9, amount, cluster)


def test_a_regional_program_does_not_chain_its_towns() -> None:
    pairs = [pair(1, 1, 9, "HN/choloma"), pair(2, 2, 9, "HN/choloma"), pair(3, 3, 9, "HN/tela")]

    assert [[one.id for one in part] for part in components(pairs)] == [[1, 2], [3]]


def test_five_donors_in_one_town_are_one_matter() -> None:
    pairs = [pair(10 * i + j, i, j) for i in range(5) for j in range(i + 1, 5)]

    assert len(components(pairs)) == 1
    assert figures_of(pairs).programs == 5


def test_money_at_stake_counts_nothing_twice() -> None:
    # Three programs of 10, 6 and 2: one of them is needed, the other two may be in vain.
    assert money_at_stake([pair(1, 1, 2, money=6), pair(2, 1, 3, money=2), pair(3, 2, 3, money=2)]) == Decimal(8)
    assert money_at_stake([pair(1, 1, 2)]) is None


def test_the_larger_part_keeps_the_id_when_a_cluster_falls_apart() -> None:
    small, large = [pair(1, 1, 2, cluster=7)], [pair(2, 3, 4, cluster=7), pair(3, 4, 5, cluster=7)]

    assert inherited_ids([small, large]) == [None, 7]


def test_the_larger_cluster_gives_its_id_when_two_become_one() -> None:
    merged = [pair(1, 1, 2, cluster=3), pair(2, 2, 3, cluster=9), pair(3, 3, 4, cluster=9)]

    assert inherited_ids([merged]) == [9]
    assert inherited_ids([merged[:2]]) == [3]


PAIRS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(7, 12), st.sets(st.sampled_from("abc"), min_size=1)), max_size=12
)


@given(PAIRS, st.randoms())
@settings(deadline=None)
def test_the_order_of_pairs_does_not_matter(rows: list[tuple[int, int, set[str]]], random: object) -> None:
    pairs = [pair(i, left, right, *sorted(sites)) for i, (left, right, sites) in enumerate(rows)]
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert components(shuffled) == components(pairs)
