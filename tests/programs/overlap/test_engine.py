"""The engine's laws."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from programs.overlap.engine.factors import FACTORS, measure, time
from programs.overlap.engine.facts import Money, ProgramFacts
from programs.overlap.engine.score import KINDS, judge, model, probability, terms_of
from programs.overlap.services.scan import second_report

dates = st.dates(dt.date(2015, 1, 1), dt.date(2030, 1, 1))
few = st.frozensets(st.integers(1, 4), max_size=3)
TEXTS = (
    "Community policing in Choloma",
    "Policía comunitaria en Choloma",
    "Courts and judges",
    "Capacitación de fiscales en extinción de dominio",
    "",
)


@st.composite
def programs(draw: st.DrawFn, number: int) -> ProgramFacts:
    start = draw(st.none() | dates)
    end = draw(st.none() | dates)
    return ProgramFacts(
        id=number,
        version=1,
        identifier=f"P-{number}",
        reporting_org=draw(st.integers(1, 4)),
        title="",
        texts=tuple(text for text in draw(st.lists(st.sampled_from(TEXTS), max_size=2)) if text),
        start=start,
        end=end if not (start and end and end < start) else None,
        goals=draw(few),
        sectors=frozenset(draw(st.lists(st.sampled_from(["15130", "15132", "15220"]), max_size=2))),
        countries=frozenset(draw(st.lists(st.sampled_from(["HN", "GT"]), max_size=2))),
        regions=frozenset(draw(st.lists(st.just("1032"), max_size=1))),
        areas=frozenset(draw(st.lists(st.sampled_from(["HN-CR", "HN-FM"]), max_size=2))),
        localities=frozenset(draw(st.lists(st.sampled_from(["choloma", "tela"]), max_size=1))),
        funders=draw(few),
        implementers=draw(few),
        others=frozenset(),
        money=tuple(
            Money(out, Decimal(value), "USD", day, 1, 2, "", "")
            for out, value, day in draw(st.lists(st.tuples(st.booleans(), st.integers(1, 9), dates), max_size=2))
        ),
        budgets=frozenset(),
        committed_usd=draw(st.none() | st.decimals(0, 10**8, places=2)),
        activity_identifiers=frozenset(draw(st.lists(st.sampled_from(["P-1", "P-2", "P-9"]), max_size=1))),
        related=frozenset(draw(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["P-1", "P-2"])), max_size=1))),
    )


pairs = st.tuples(programs(1), programs(2))


@given(pairs)
def test_a_pair_is_judged_alike_from_both_sides(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    assert judge(*pair) == judge(*pair[::-1])


@given(pairs)
def test_values_and_scores_lie_between_0_and_1(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    assert all(factor.value is None or 0 <= factor.value <= 1 for factor in measure(*pair))
    assert 0 <= judge(*pair).score <= 1


@given(pairs)
def test_the_terms_add_up_to_the_score(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    verdict = judge(*pair)

    bits = model().prior_bits[verdict.kind] + sum(term.bits for term in verdict.terms)
    assert verdict.score == probability(bits)


@given(pairs, st.sampled_from(KINDS))
def test_what_is_not_known_adds_nothing(pair: tuple[ProgramFacts, ProgramFacts], kind: str) -> None:
    for term in terms_of(kind, measure(*pair)):
        if term.factor.value is None:
            assert term.bits == 0


@given(pairs, st.integers(0, 900), st.integers(0, 900))
@settings(max_examples=60)
def test_moving_further_apart_in_time_never_raises_the_value(
    pair: tuple[ProgramFacts, ProgramFacts], near: int, further: int
) -> None:
    left, right = pair
    left = replace(left, start=dt.date(2020, 1, 1), end=dt.date(2022, 1, 1))

    def moved(days: int) -> float | None:
        apart = dt.timedelta(days)
        return time(left, replace(right, start=dt.date(2020, 1, 1) + apart, end=dt.date(2022, 1, 1) + apart)).value

    assert moved(near) >= moved(near + further)  # type: ignore[operator]


@given(pairs)
def test_parents_and_children_are_not_flagged(pair: tuple[ProgramFacts, ProgramFacts]) -> None:
    left, right = pair

    assert not judge(left, replace(right, related=frozenset({(1, left.identifier)}))).is_flagged


@given(st.permutations([1, 2, 3]), st.lists(st.booleans(), min_size=3, max_size=3))
def test_a_chain_of_reports_always_keeps_one(order: list[int], funds_itself: list[bool]) -> None:
    base = ProgramFacts(
        1, 1, "P", 7, "", (), None, None, *[frozenset()] * 6, frozenset(), frozenset(), frozenset(), (), frozenset(),
        None, frozenset(),
    )  # fmt: skip
    chain = [
        replace(base, id=number, funders=frozenset({7}) if own else frozenset({8}))
        for number, own in zip(order, funds_itself, strict=True)
    ]

    left_out = {second_report("same_money", chain[i], chain[j]) for i in range(3) for j in range(3) if i != j}

    assert len(left_out) == 2


def test_every_factor_has_a_weight_somewhere_or_is_a_rule() -> None:
    weighed = {name for weights in model().weights.values() for name in weights}

    assert {factor.__name__ for factor in FACTORS} - weighed == {"lineage"}
