"""When pairs are one case: pure functions of the pairs.

Two pairs belong together when they have a program in common and meet in a place in common; what hangs together so is
a cluster. The place guards against chains: a program for a whole country takes part in a case in each of its towns
and does not make one of them. A pair is in one cluster; a program may be in several.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from programs.overlap.engine.facts import ProgramFacts

ANYWHERE = "*"


@dataclass(frozen=True, order=True)
class PairInCluster:
    """A flagged pair as far as clusters go. `money_usd` is in US dollars."""

    left: int
    right: int
    id: int
    sites: tuple[str, ...]
    kind: str
    score: float
    money_usd: Decimal | None
    cluster: int | None


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

    def find(node: Any) -> Any:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    ordered = sorted(pairs)
    for pair in ordered:
        for end in product((pair.left, pair.right), pair.sites):
            root[find(end)] = find((pair.left, pair.sites[0]))
    found: dict[Any, list[PairInCluster]] = defaultdict(list)
    for pair in ordered:
        found[find((pair.left, pair.sites[0]))].append(pair)
    return list(found.values())


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
    """What may be spent twice, in US dollars, without counting any of it twice; None where no pair knows.

    Of three programs that pair with each other two may be in vain, not three: the sum is taken over the pairs of
    most money that tie the programs together without a circle (Kruskal's spanning forest).
    """
    known = [(pair.money_usd, pair.left, pair.right) for pair in pairs if pair.money_usd is not None]
    if not known:
        return None
    group: dict[int, int] = {}

    def find(pk: int) -> int:
        while group.setdefault(pk, pk) != pk:
            pk = group[pk]
        return pk

    total = Decimal(0)
    for money, left, right in sorted(known, key=lambda row: (-row[0], row[1], row[2])):
        a, b = find(left), find(right)
        if a != b:
            group[a] = b
            total += money
    return total
