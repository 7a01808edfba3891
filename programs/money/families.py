"""Which of a program's money is counted as its own, and which in the programs that it is passed on to.

A program holds others: its parts (IATI related-activity 1 and 2, or the next hierarchy under its identifier), and those
that it gives money to. Money of the part is money of the whole, told once more and in more detail. IATI asks
publishers to state money "at the lowest hierarchical level" for that reason (standard 2.03, iati-activity/@hierarchy);
many state it at several. So the part counts all of its money, where it works and for what it does; the whole counts
what is left.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from core.money import divided

Amounts = Mapping[int, Decimal | None]


@dataclass(frozen=True)
class Link:
    """`whole` holds `part`, both ids of programs.

    Where `passed` is None all money of the part is the whole's, as of a parent and its child; else so many US dollars.
    """

    whole: int
    part: int
    passed: Decimal | None = None


@dataclass(frozen=True)
class Counted:
    """`counts`: program -> US dollars of its own, of each that is part of a link and has an amount.

    `through`: (whole, part) -> US dollars that the whole states and the part counts.
    """

    counts: dict[int, Decimal]
    through: dict[tuple[int, int], Decimal]


def count_once(own: Amounts, links: Iterable[Link]) -> Counted:
    """What each program counts of what it states (`own`, None where it states nothing).

    A program and all that it holds come to what it states, or to what its parts do if that is more. A part of several
    wholes is money of each in the proportion of what they gave, or else of what they state, and never of more than it
    has. Amounts are to the cent, and add up to the cent. `links` have no circle (`without_circles`).
    """
    links = list(links)
    holding: dict[int, list[Link]] = defaultdict(list)
    held: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        holding[link.whole].append(link)
        held[link.part].append(link)
    through: dict[tuple[int, int], Decimal] = {}
    counts: dict[int, Decimal] = {}
    # Parts come before the wholes that hold them.
    parts_of = {one: [link.part for link in holding[one]] for one in {*holding, *held}}
    for program in TopologicalSorter(parts_of).static_order():
        stated = own.get(program)
        in_parts = sum((through[link.whole, link.part] for link in holding[program]), Decimal(0))
        if stated is not None:
            counts[program] = max(Decimal(0), stated - in_parts) if stated > 0 else stated
        total = max(stated or Decimal(0), in_parts, Decimal(0))
        through |= _divided_among(total, held[program], own)
    return Counted(counts, through)


def _divided_among(total: Decimal, links: list[Link], own: Amounts) -> dict[tuple[int, int], Decimal]:
    """How much of a part's `total` is money of each whole."""
    if not links:
        return {}
    known = {(link.whole, link.part): max(link.passed, Decimal(0)) for link in links if link.passed is not None}
    stated = sum(known.values(), Decimal(0))
    if stated > total:
        known = dict(zip(known, divided(total, list(known.values())), strict=True))
    rest = max(total - stated, Decimal(0))
    open_links = [(link.whole, link.part) for link in links if link.passed is None]
    weights = [max(own.get(whole) or Decimal(0), Decimal(0)) for whole, _part in open_links]
    if not any(weights):
        weights = [Decimal(1)] * len(open_links)
    parts = divided(rest, weights) if open_links else []
    return known | dict(zip(open_links, parts, strict=True))


def without_circles(links: Iterable[Link], own: Amounts) -> list[Link]:
    """The links, one for two programs, without those that would make a program a part of itself.

    Of several links between the same programs the first counts. Of a circle the link goes whose part states
    the most, as parts seldom do; of equal ones the one with the lowest ids.
    """
    kept: dict[tuple[int, int], Link] = {}
    for link in links:
        if link.whole != link.part:
            kept.setdefault((link.whole, link.part), link)
    while True:
        parts: dict[int, list[int]] = defaultdict(list)
        for whole, part in sorted(kept):
            parts[whole].append(part)
        try:
            TopologicalSorter(parts).prepare()
        except CycleError as error:
            # Each is before the one that follows it in the list: a part, then its whole.
            circle: list[int] = error.args[1]
            around = {(whole, part) for part, whole in pairwise(circle)}
            wrong = min(around, key=lambda pair: (-(own.get(pair[1]) or Decimal(0)), pair))
            del kept[wrong]
        else:
            return [kept[pair] for pair in sorted(kept)]
