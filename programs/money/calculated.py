"""Works out what programs count once, from what they state and how they are linked.

Three things make one dollar appear twice: a duplicate report of the same funds (an overlap that the engine flagged and
nobody dismissed), a whole beside its parts, and a program beside those that it pays. All three are taken from what the
reader may see: a program whose parts are hidden from them counts as a whole. docs/money.md has the rules in words.
"""

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from programs.codes import Role
from programs.money.families import Amounts, Counted, Link, count_once, without_circles
from programs.money.links import AMOUNTS, links, payments, seen_by
from programs.money.once import Once
from programs.money.origins import Takers, origins
from programs.money.plans import plans_once
from programs.money.sql import FUNDERS_OF, ask
from programs.overlap.querysets import SIDES, double_counted
from programs.querysets import among

if TYPE_CHECKING:
    from programs.money.once import Reader

_OTHERS = """
SELECT program_id, organization_id FROM programs_participation WHERE role <> {funding} AND program_id = ANY(%s)
UNION SELECT id, reporting_org_id FROM programs_program WHERE id = ANY(%s)
"""
_OF_TRANSACTIONS = (1, 2)
_COMMITTED, _DISBURSED = 0, 1


class _Stated(NamedTuple):
    """What a program states: US dollars, and the amounts by currency that no rate is known for."""

    committed: Decimal | None
    disbursed: Decimal | None
    committed_left_out: Mapping[str, Any]
    disbursed_left_out: Mapping[str, Any]


@dataclass(frozen=True)
class Calculated:
    """What differs from what programs state, and what it comes of.

    `through`: (whole, part) -> committed US dollars of the whole that the part counts, if any. `families`: program ->
    the lowest id of all that are linked with it, of each that is linked with another.
    """

    once: Once
    through: Mapping[tuple[int, int], Decimal]
    families: Mapping[int, int]


def calculated(reader: "Reader", programs: list[int] | None = None) -> Calculated:
    """What counts once for `reader`, of all programs or of these, with which all that are linked with them must be
    named: a fixed number of queries, whatever there is."""
    seen, found = seen_by(reader, programs), links(reader, programs)
    rows = [row[:5] for row in found]
    stated: dict[int, _Stated] = {}
    for row in found:
        if row[0] not in stated:
            stated[row[0]] = _as_stated(row[5:9])
        if row[1] not in stated:
            stated[row[1]] = _as_stated(row[9:13])
    chains = {frozenset(row[:2]) for row in rows if row[2] in _OF_TRANSACTIONS and any(row[3:])}
    pairs = _pairs(reader, programs)
    twice = _second_reports(pairs, chains, stated)
    joined = [(_first(twice, whole), _first(twice, part), *said) for whole, part, *said in rows]
    committed = {pk: one.committed for pk, one in stated.items()}
    disbursed = {pk: one.disbursed for pk, one in stated.items()}
    of_committed = count_once(committed, without_circles(_as_links(joined, _COMMITTED), committed))
    of_disbursed = count_once(disbursed, without_circles(_as_links(joined, _DISBURSED), committed))
    linked = {pk for pair in of_committed.through for pk in pair}
    once = Once(
        committed=_changed(of_committed, committed, twice),
        disbursed=_changed(of_disbursed, disbursed, twice),
        twice=twice,
        funders=origins(of_committed.through, committed, _takers(sorted(linked))),
        currencies=_of_currencies(joined, stated, committed, twice),
        plans=plans_once(joined, committed, seen, partial(_first, twice)),
    )
    return Calculated(
        once,
        through={pair: usd for pair, usd in of_committed.through.items() if usd},
        families=_families(row[:2] for row in (*rows, *pairs, *payments(reader, programs))),
    )


def _families(pairs: Iterable[Sequence[int]]) -> dict[int, int]:
    """Program -> the lowest id of all that these pairs link with it."""
    above: dict[int, int] = {}

    def lowest(program: int) -> int:
        while (higher := above.setdefault(program, program)) != program:
            above[program] = above[higher]
            program = higher
        return program

    for one, other in pairs:
        first, second = sorted((lowest(one), lowest(other)))
        above[second] = first
    return {program: lowest(program) for program in above}


def _changed(counted: Counted, stated: Amounts, twice: Container[int]) -> dict[int, Decimal]:
    return {pk: amount for pk, amount in counted.counts.items() if amount != stated[pk] and pk not in twice}


def _of_currencies(
    rows: Sequence[Sequence[Any]], stated: Mapping[int, _Stated], committed: Amounts, twice: Container[int]
) -> dict[str, tuple[dict[int, Decimal], dict[int, Decimal]]]:
    """What counts once of the amounts without a rate. How much of them was passed on nobody states in dollars: only
    parts are taken out of their wholes."""
    links = without_circles([link for link in _as_links(rows, _COMMITTED) if link.passed is None], committed)
    found = {}
    linked = {pk for link in links for pk in (link.whole, link.part)}
    for currency in sorted({code for pk in linked for left_out in _left_out(stated[pk]) for code in left_out}):
        sums = []
        for column in (_COMMITTED, _DISBURSED):
            amounts = {pk: _left_out(one)[column].get(currency) for pk, one in stated.items()}
            own = {pk: None if amount is None else Decimal(amount) for pk, amount in amounts.items()}
            sums.append(_changed(count_once(own, links), own, twice))
        found[currency] = (sums[0], sums[1])
    return found


def _left_out(one: _Stated) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return one.committed_left_out, one.disbursed_left_out


def _as_stated(amounts: Sequence[Any]) -> _Stated:
    committed, disbursed, *left_out = amounts
    # A statement of one's own gives JSON as its text; nearly always nothing is left out.
    return _Stated(
        committed,
        disbursed,
        *((json.loads(one) if one != "{}" else {}) if isinstance(one, str) else one for one in left_out),
    )


def _pairs(reader: "Reader", programs: list[int] | None) -> list[tuple[Any, ...]]:
    """Pairs that report the same funds: both programs, the duplicate report, and AMOUNTS of both."""
    amounts = [f"{side}__{amount}" for side in SIDES for amount in AMOUNTS]
    pairs = double_counted(reader)
    if programs is not None:
        pairs = pairs.filter(left__in=among(programs), right__in=among(programs))
    return list(pairs.order_by("left", "right").values_list(*SIDES, "second_report", *amounts))


def _second_reports(
    pairs: Iterable[Sequence[Any]], chains: Container[frozenset[int]], stated: dict[int, _Stated]
) -> dict[int, int]:
    """Duplicate report -> the program that has its money, which is added to `stated`.

    Of two between which the money's way is stated (`chains`), what was passed on is known: none is left out whole.
    """
    found: dict[int, int] = {}
    for left, right, second, *said in pairs:
        if frozenset((left, right)) in chains:
            continue
        first = left if second == right else right
        if found.setdefault(second, first) == first:
            stated[first] = _as_stated(said[:4] if first == left else said[4:])
    return found


def _first(twice: Mapping[int, int], program: int) -> int:
    """The report that counts the program's money: itself, unless that is a duplicate report."""
    seen = {program}
    while (first := twice.get(program)) is not None and first not in seen:
        seen.add(first)
        program = first
    return program


def _as_links(rows: Iterable[Sequence[Any]], measure: int) -> Iterator[Link]:
    """One link for two programs, of what is said of them first: a part, the giver's word, the receiver's, the name."""
    known: set[tuple[int, int]] = set()
    for whole, part, said_by, *amounts in sorted(rows, key=lambda row: tuple(row[:3])):
        # What was paid out was promised, whether or not that is stated.
        passed = amounts[measure] or (amounts[_DISBURSED] if measure == _COMMITTED else None)
        if (whole, part) in known or (said_by in _OF_TRANSACTIONS and not passed):
            continue
        known.add((whole, part))
        yield Link(whole, part, passed if said_by in _OF_TRANSACTIONS else None)


def _takers(programs: list[int]) -> dict[int, Takers]:
    """Who takes part in these programs: two queries."""
    funders: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for program, organization, share in ask(FUNDERS_OF, programs, programs, programs):
        funders[program][organization] = share
    others: dict[int, set[int]] = defaultdict(set)
    for program, organization in ask(_OTHERS.format(funding=Role.FUNDING.value), programs, programs):
        others[program].add(organization)
    return {program: Takers(funders[program], others[program]) for program in programs}
