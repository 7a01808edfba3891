"""What a whole and its parts count: the law is a slow, plain one that goes down each tree."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from programs.money.families import Link, count_once, without_circles

CENTS = st.integers(-50_00, 2_000_000_00).map(lambda cents: Decimal(cents) / 100)


def test_a_parent_counts_what_its_children_do_not() -> None:
    own = {1: Decimal("1090315.00"), 2: Decimal("647734.80")}
    counted = count_once(own, [Link(1, 2)])
    assert counted.counts == {1: Decimal("442580.20"), 2: Decimal("647734.80")}
    assert counted.through == {(1, 2): Decimal("647734.80")}


def test_a_parent_that_states_less_than_its_children_counts_nothing() -> None:
    own = {1: Decimal(100), 2: Decimal(80), 3: Decimal(70)}
    assert count_once(own, [Link(1, 2), Link(1, 3)]).counts == {1: 0, 2: 80, 3: 70}


def test_a_parent_without_money_leaves_its_children_theirs() -> None:
    assert count_once({1: None, 2: Decimal(80)}, [Link(1, 2)]).counts == {2: 80}


def test_a_grandparent_counts_what_neither_level_does() -> None:
    own = {1: Decimal(1000), 2: Decimal(500), 3: Decimal(600)}
    assert count_once(own, [Link(1, 2), Link(2, 3)]).counts == {1: 400, 2: 0, 3: 600}


def test_a_child_of_two_parents_is_money_of_each_in_proportion() -> None:
    own = {1: Decimal(750), 2: Decimal(250), 3: Decimal(400)}
    counted = count_once(own, [Link(1, 3), Link(2, 3)])
    assert counted.through == {(1, 3): 300, (2, 3): 100}
    assert sum(counted.counts.values()) == 1000


def test_a_pool_passes_on_what_it_gave_and_no_more_than_the_other_has() -> None:
    own = {1: Decimal(10_000_000), 2: Decimal(5_000_000), 3: Decimal(1_000_000)}
    counted = count_once(own, [Link(1, 2, Decimal(3_000_000)), Link(1, 3, Decimal(2_000_000))])
    assert counted.counts == {1: 6_000_000, 2: 5_000_000, 3: 1_000_000}


def test_gifts_that_are_more_than_the_other_has_are_cut_in_proportion_to_the_cent() -> None:
    own = {1: Decimal(100), 2: Decimal(100), 3: Decimal("100.01")}
    counted = count_once(own, [Link(1, 3, Decimal(100)), Link(2, 3, Decimal(50))])
    assert counted.through == {(1, 3): Decimal("66.67"), (2, 3): Decimal("33.34")}


def test_what_takes_money_back_stays_as_it_is() -> None:
    assert count_once({1: Decimal(-5), 2: Decimal(7)}, [Link(1, 2)]).counts == {1: -5, 2: 7}


def test_of_a_circle_the_link_to_the_largest_goes() -> None:
    own = {1: Decimal(100), 2: Decimal(60), 3: Decimal(30)}
    links = [Link(1, 2), Link(2, 3), Link(3, 1), Link(2, 2)]
    assert without_circles(links, own) == [Link(1, 2), Link(2, 3)]


@st.composite
def forests(draw: st.DrawFn) -> tuple[dict[int, Decimal | None], list[Link]]:
    """Programs of which each but the first may be a part of one before it."""
    size = draw(st.integers(1, 12))
    own = {program: draw(st.none() | CENTS) for program in range(size)}
    wholes = {part: draw(st.none() | st.integers(0, part - 1)) for part in range(1, size)}
    return own, [Link(whole, part) for part, whole in wholes.items() if whole is not None]


@given(forests())
def test_a_family_comes_to_the_largest_of_what_it_and_its_parts_state(
    forest: tuple[dict[int, Decimal | None], list[Link]],
) -> None:
    own, links = forest
    parts: dict[int, list[int]] = defaultdict(list)
    for link in links:
        parts[link.whole].append(link.part)

    def worth(program: int) -> Decimal:
        return max(own[program] or Decimal(0), sum(map(worth, parts[program]), Decimal(0)), Decimal(0))

    counted = count_once(own, links).counts
    held = {link.part for link in links}
    tops = [program for program in own if program not in held and parts[program]]
    below_zero = sum((usd for usd in counted.values() if usd < 0), Decimal(0))
    assert sum(counted.values()) - below_zero == sum(map(worth, tops), Decimal(0))


@st.composite
def webs(draw: st.DrawFn) -> tuple[dict[int, Decimal | None], list[Link]]:
    """Programs linked as they like, also in circles and with themselves."""
    programs = st.integers(0, 7)
    own = {program: draw(st.none() | CENTS) for program in range(8)}
    passed = st.none() | CENTS.map(abs)
    return own, draw(st.lists(st.builds(Link, programs, programs, passed), max_size=14))


@given(webs())
def test_whatever_is_linked_nothing_counts_more_than_it_states_and_no_money_is_lost(
    web: tuple[dict[int, Decimal | None], list[Link]],
) -> None:
    own, said = web
    links = without_circles(said, own)
    counted = count_once(own, links)
    for program, usd in counted.counts.items():
        stated = own[program]
        assert stated is not None
        passed_on = sum((usd for (whole, _part), usd in counted.through.items() if whole == program), Decimal(0))
        assert usd == (stated if stated <= 0 else max(Decimal(0), stated - passed_on))
        assert usd == usd.quantize(Decimal("0.01"))
    for program in own:
        came = sum((usd for (_whole, part), usd in counted.through.items() if part == program), Decimal(0))
        went = sum((usd for (whole, _part), usd in counted.through.items() if whole == program), Decimal(0))
        assert 0 <= came <= max(own[program] or Decimal(0), went, Decimal(0))


def test_the_order_of_links_does_not_matter() -> None:
    own = {1: Decimal("100.01"), 2: Decimal(100), 3: Decimal("99.99"), 4: Decimal("300.02")}
    links = [Link(1, 4), Link(2, 4), Link(3, 4)]
    one, other = (count_once(own, without_circles(order, own)) for order in (links, links[::-1]))
    assert one == other
    assert sum(one.through.values()) == Decimal("300.02")
