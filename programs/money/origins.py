"""Whose money it is at its origin: what a donor gives to a body that passes it on is the donor's in the program that
it pays for, and not the body's once more."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from graphlib import TopologicalSorter

Shares = Mapping[int, Decimal]


@dataclass(frozen=True)
class Takers:
    """Who takes part in a program: `funders` with their shares of one, and ids of the `others`, its reporter too."""

    funders: Shares = field(default_factory=dict)
    others: Collection[int] = ()


def origins(
    through: Mapping[tuple[int, int], Decimal], own: Mapping[int, Decimal | None], takers: Mapping[int, Takers]
) -> dict[int, dict[int, Decimal]]:
    """Program -> organization -> share of one, of each part whose funders are others than it states itself.

    `through`: (whole, part) -> US dollars of the whole that the part counts. Of a part that states no funder they are
    the funders of its wholes. A funder that is in the whole to carry it out (it reports it, or is in it in another role
    than funding) passes the whole's money on: its share is theirs, as far as the money of the whole goes. What remains
    of a part without any funder is nobody's: its shares add up to less than one.
    """
    wholes: dict[int, list[int]] = defaultdict(list)
    for whole, part in through:
        wholes[part].append(whole)
    found: dict[int, dict[int, Decimal]] = {}
    for part in TopologicalSorter(wholes).static_order():
        stated = takers.get(part, Takers()).funders
        shares = dict(stated)
        came = sum((through[whole, part] for whole in wholes[part]), Decimal(0))
        total = max(own.get(part) or Decimal(0), came)
        for whole in sorted(wholes[part]):
            above = takers.get(whole, Takers())
            source = found.get(whole, above.funders)
            if not source or not through[whole, part]:
                continue
            portion = through[whole, part] / total
            passing = [one for one in stated if one in above.others and one not in source]
            if stated and not passing:
                continue
            held = sum((shares[one] for one in passing), Decimal(0)) if stated else Decimal(1)
            moved = min(portion, held)
            if not moved:
                continue
            for one in passing:
                shares[one] -= shares[one] * moved / held
            for one, share in source.items():
                shares[one] = shares.get(one, Decimal(0)) + share * moved
        if shares != stated:
            found[part] = {one: share for one, share in shares.items() if share}
    return found
