"""When pairs are one case: pure functions of the pairs.

Two pairs belong together when they have a program in common and meet in a place in common; what hangs together so is
a cluster. The place guards against chains: a program for a whole country takes part in a case in each of its towns
and does not make one of them. A pair is in one cluster; a program may be in several.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import Any, TypeVar

from programs.overlap.engine.facts import ProgramFacts

ANYWHERE = "*"
# Two records with one standard title may be chance or two phases; so many are called a series.
LEAST_OF_A_SERIES = 3


@dataclass(frozen=True, order=True)
class PairInCluster:
    """A flagged pair as far as clusters go. `money_usd` is its amount in US dollars, and `smaller` the program whose
    part that is (see amounts.py); `series` are those of its left and of its right program (see engine/series.py), as
    numbers."""

    left: int
    right: int
    id: int
    sites: tuple[str, ...]
    kind: str
    score: float
    money_usd: Decimal | None
    cluster: int | None
    smaller: int | None = field(default=None, kw_only=True)
    series: tuple[tuple[int, ...], tuple[int, ...]] = field(default=((), ()), kw_only=True)

    @property
    def is_within_a_series(self) -> bool:
        """Whether both are records of one series: flagged, so probably one record entered twice."""
        return not set(self.series[0]).isdisjoint(self.series[1])


P = TypeVar("P", bound=PairInCluster)


def with_series(pairs: Iterable[P], series: Mapping[int, tuple[int, ...]]) -> list[P]:
    """The pairs with the series of their programs, by program id."""
    return [replace(pair, series=(series.get(pair.left, ()), series.get(pair.right, ()))) for pair in pairs]


@dataclass(frozen=True)
class Figures:
    """What pairs of a cluster come to; `programs` and `pairs` are how many."""

    score: float
    kinds: list[str]
    money_usd: Decimal | None
    programs: int
    pairs: int


def sites_of(left: ProgramFacts, right: ProgramFacts) -> list[str]:
    """Where the two meet, as narrowly as it is known.

    Localities in common; where one names none, the other's, if nothing speaks against it; else areas in common, and
    where one names none, the other's; else countries or regions in common. A pair without any meets nowhere: it
    belongs to other such pairs of its programs.
    """
    countries = _countries(left) & _countries(right)
    areas = left.located & right.located
    mine, theirs = left.places, right.places
    areas_agree = bool(areas or not left.located or not right.located)
    localities = mine & theirs if mine and theirs else (mine | theirs) if areas_agree else frozenset()
    if localities and countries:
        return sorted(f"{country}/{name}" for country, name in product(countries, localities))
    if not areas and areas_agree:
        areas = frozenset(area for area in left.located | right.located if area[:2] in countries)
    return sorted(areas or countries or left.regions & right.regions) or [ANYWHERE]


def _countries(facts: ProgramFacts) -> frozenset[str]:
    return facts.countries or frozenset(area[:2] for area in facts.areas)


def components(pairs: Iterable[PairInCluster]) -> list[list[PairInCluster]]:
    """Which pairs hang together, each component and the list of them in order."""
    root: dict[Any, Any] = {}
    find = _finder(root)
    ordered = sorted(pairs)
    for pair in ordered:
        for end in product((pair.left, pair.right), pair.sites):
            root[find(end)] = find((pair.left, pair.sites[0]))
    found: dict[Any, list[PairInCluster]] = defaultdict(list)
    for pair in ordered:
        found[find((pair.left, pair.sites[0]))].append(pair)
    return list(found.values())


def _finder(root: dict[Any, Any]) -> Callable[[Any], Any]:
    """A function that finds the node that all those tied to a node lead to; `root` says where each leads next."""

    def find(node: Any) -> Any:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    return find


def inherited_ids(parts: list[list[PairInCluster]]) -> list[int | None]:
    """For each component the id that it keeps: of the cluster that most of its pairs come from, the oldest of equals.

    Each id goes to one component, the one with most of the old cluster's pairs; None where there is no id left.
    """
    claims = [
        (-count, cluster, number)
        for number, part in enumerate(parts)
        for cluster, count in Counter(pair.cluster for pair in part if pair.cluster is not None).items()
    ]
    ids: list[int | None] = [None] * len(parts)
    taken: set[int] = set()
    for _count, cluster, number in sorted(claims):
        if ids[number] is None and cluster not in taken:
            ids[number] = cluster
            taken.add(cluster)
    return ids


def figures_of(pairs: Collection[PairInCluster]) -> Figures:
    """The figures of pairs of one cluster, of at least one."""
    return Figures(
        score=max(pair.score for pair in pairs),
        kinds=sorted({pair.kind for pair in pairs}),
        money_usd=money_at_stake(pairs),
        programs=len({pk for pair in pairs for pk in (pair.left, pair.right)}),
        pairs=len(pairs),
    )


def money_at_stake(pairs: Iterable[PairInCluster]) -> Decimal | None:
    """What may be spent twice, in US dollars, without counting any of it twice; None where no pair knows."""
    counted = counted_pairs(pairs)
    return None if counted is None else sum((pair.money_usd or Decimal(0) for pair in counted), Decimal(0))


def counted_pairs(pairs: Iterable[P]) -> list[P] | None:
    """The pairs whose amounts add up to that of their case, the largest first; None where no pair knows its amount.

    Of three programs that pair with each other two may be in vain, not three: the sum is taken over the pairs of
    most money that tie the programs together without a circle (Kruskal's spanning forest). And each program's money is
    spent twice once at most: beside five others, that of the smallest counts once. The records of a series are one
    program there, so that a program beside ten yearly records counts once, by the largest; what is within a series is
    one record entered twice, and counts beside.
    """
    known = [pair for pair in pairs if pair.money_usd is not None]
    if not known:
        return None
    within = [pair for pair in known if pair.is_within_a_series]
    across = [pair for pair in known if not pair.is_within_a_series]
    series: dict[Any, Any] = {}
    of_series = _finder(series)
    for pair in across:
        for pk, named in zip((pair.left, pair.right), pair.series, strict=True):
            for one in named:
                series[of_series(("series", one))] = of_series(pk)
    counted = _spanned(within, {}, {}) + _spanned(across, dict(series), series)
    return sorted(counted, key=_most_money)


def _spanned(pairs: Iterable[P], root: dict[Any, Any], series: dict[Any, Any]) -> list[P]:
    """The pairs that tie together what does not hang together yet, those of most money first; of those in which the
    same program's part is the smaller one, the first."""
    find, body, found, counted = _finder(root), _finder(series), [], set()
    for pair in sorted(pairs, key=_most_money):
        a, b = find(pair.left), find(pair.right)
        whose = None if pair.smaller is None else body(pair.smaller)
        if a != b and (whose is None or whose not in counted):
            root[a] = b
            counted.add(whose)
            found.append(pair)
    return found


def _most_money(pair: PairInCluster) -> tuple[Decimal, int, int]:
    return -(pair.money_usd or Decimal(0)), pair.left, pair.right


def series_among(pairs: Collection[PairInCluster]) -> list[int]:
    """How many records each series has among the programs of the pairs, the largest first; what is called one."""
    root: dict[Any, Any] = {}
    find = _finder(root)
    for pair in pairs:
        for pk, named in zip((pair.left, pair.right), pair.series, strict=True):
            for one in named:
                root[find(("series", one))] = find(pk)
    together = Counter(find(pk) for pk in {pk for pair in pairs for pk in (pair.left, pair.right)})
    return sorted((number for number in together.values() if number >= LEAST_OF_A_SERIES), reverse=True)
