"""What of each program's money a reader's sums count, so that every dollar is in them once.

Three things make one dollar appear twice: a duplicate report of the same funds (an overlap that the engine flagged and
nobody dismissed), a whole beside its parts, and a program beside those that it pays. All three are taken from what the
reader may see: a program whose parts are hidden from them counts as a whole. docs/money.md has the rules in words.
"""

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from programs.codes import OUTGOING, SPENT, Role, TransactionType, sql_list
from programs.models import Program
from programs.money.families import Amounts, Counted, Link, count_once, without_circles
from programs.money.origins import Takers, origins
from programs.money.plans import plans_once
from programs.money.sql import FUNDERS_OF
from programs.overlap.querysets import SIDES, double_counted

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User

    Reader = User | AnonymousUser

# Links of all programs, narrowed to those of which the reader may see both ends; then the amounts of these programs.
# A part is named by a relation, or by the identifier of a whole of the hierarchy above that its own begins with. Money
# is passed on where a transaction or a funder names the other's activity: the giver's word counts before the
# receiver's, and the name alone says that all of it comes from there.
_LINKS = """
WITH related AS (
    SELECT CASE WHEN type = 1 THEN related_id ELSE program_id END AS whole,
        CASE WHEN type = 1 THEN program_id ELSE related_id END AS part
    FROM programs_relatedprogram WHERE type IN (1, 2) AND related_id IS NOT NULL
    UNION
    SELECT a.id, b.id FROM programs_program b JOIN programs_program a ON a.reporting_org_id = b.reporting_org_id
        AND a.identifier = regexp_replace(b.identifier, '[-/._:][^-/._:]*$', '') AND a.hierarchy < b.hierarchy
), passed AS (
    SELECT t.program_id AS whole, b.id AS part, 1 AS said_by,
        sum(t.value_usd) FILTER (WHERE t.type = {commitment}) AS committed,
        sum(t.value_usd) FILTER (WHERE t.type IN {spent}) AS disbursed
    FROM programs_transaction t JOIN programs_program b ON b.identifier = t.receiver_activity
    WHERE t.receiver_activity <> '' AND t.type IN {outgoing} GROUP BY 1, 2
    UNION ALL
    SELECT a.id, t.program_id, 2, sum(t.value_usd) FILTER (WHERE t.type = {promised}),
        sum(t.value_usd) FILTER (WHERE t.type = {received})
    FROM programs_transaction t JOIN programs_program a ON a.identifier = t.provider_activity
    WHERE t.provider_activity <> '' AND t.type IN ({promised}, {received}) GROUP BY 1, 2
    UNION ALL
    SELECT a.id, f.program_id, 3, NULL, NULL
    FROM programs_participation f JOIN programs_program a ON a.identifier = f.activity_identifier
    WHERE f.activity_identifier <> '' AND f.role = {funding}
), link AS (
    SELECT whole, part, 0 AS said_by, NULL::numeric AS committed, NULL::numeric AS disbursed FROM related
    UNION ALL SELECT whole, part, said_by, committed, disbursed FROM passed
), shown AS MATERIALIZED (
    SELECT * FROM ({programs}) p
)
SELECT l.whole, l.part, l.said_by, l.committed, l.disbursed,
    w.committed_usd, w.disbursed_usd, w.committed_left_out, w.disbursed_left_out,
    p.committed_usd, p.disbursed_usd, p.committed_left_out, p.disbursed_left_out
FROM link l JOIN shown w ON w.id = l.whole JOIN shown p ON p.id = l.part
WHERE l.whole <> l.part ORDER BY l.whole, l.part, l.said_by
"""
_OTHERS = """
SELECT program_id, organization_id FROM programs_participation WHERE role <> {funding} AND program_id = ANY(%s)
UNION SELECT id, reporting_org_id FROM programs_program WHERE id = ANY(%s)
"""
_OF_TRANSACTIONS = (1, 2)
_COMMITTED, _DISBURSED = 0, 1
_CODES = {
    "commitment": TransactionType.COMMITMENT.value,
    "promised": TransactionType.INCOMING_COMMITMENT.value,
    "received": TransactionType.INCOMING_FUNDS.value,
    "outgoing": sql_list(OUTGOING),
    "spent": sql_list(SPENT),
    "funding": Role.FUNDING.value,
}


@dataclass(frozen=True)
class Once:
    """What differs from what programs state; all other programs count what they state.

    `committed` and `disbursed`: program -> US dollars that it counts. `twice`: duplicate reports, which count nothing,
    with the program that has their money. `through`: (whole, part) -> committed US dollars that the part counts.
    `funders`: part -> (organization, share of one) where its money is known to come from further up. `currencies`: the
    same as `committed` and `disbursed` of amounts that no rate is known for, each in its own currency. `plans`: what
    they count of what they plan for a year (programs/money/plans.py).
    """

    committed: Mapping[int, Decimal] = field(default_factory=dict)
    disbursed: Mapping[int, Decimal] = field(default_factory=dict)
    twice: Mapping[int, int] = field(default_factory=dict)
    through: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)
    funders: Mapping[int, Mapping[int, Decimal]] = field(default_factory=dict)
    currencies: Mapping[str, tuple[Mapping[int, Decimal], Mapping[int, Decimal]]] = field(default_factory=dict)
    plans: Mapping[tuple[int, int, str], Decimal] = field(default_factory=dict)

    def in_currency(self, currency: str) -> "Once":
        """What counts once of the amounts in a currency (ISO 4217) that no rate is known for."""
        committed, disbursed = self.currencies.get(currency, ({}, {}))
        return replace(self, committed=committed, disbursed=disbursed)


class _Stated(NamedTuple):
    """What a program states: US dollars, and the amounts by currency that no rate is known for."""

    committed: Decimal | None
    disbursed: Decimal | None
    committed_left_out: Mapping[str, Any]
    disbursed_left_out: Mapping[str, Any]


_AMOUNTS = ("committed_usd", "disbursed_usd", "committed_left_out", "disbursed_left_out")


def once_for(reader: "Reader") -> Once:
    """What counts once for `reader`: a fixed number of queries, whatever there is."""
    rows, stated = _links(reader)
    chains = {frozenset(row[:2]) for row in rows if row[2] in _OF_TRANSACTIONS and any(row[3:])}
    twice = _second_reports(reader, chains, stated)
    joined = [(_first(twice, whole), _first(twice, part), *said) for whole, part, *said in rows]
    committed = {pk: one.committed for pk, one in stated.items()}
    disbursed = {pk: one.disbursed for pk, one in stated.items()}
    of_committed = count_once(committed, without_circles(_as_links(joined, _COMMITTED), committed))
    of_disbursed = count_once(disbursed, without_circles(_as_links(joined, _DISBURSED), committed))
    linked = {pk for pair in of_committed.through for pk in pair}
    return Once(
        committed=_changed(of_committed, committed, twice),
        disbursed=_changed(of_disbursed, disbursed, twice),
        twice=twice,
        through={pair: usd for pair, usd in of_committed.through.items() if usd},
        funders=origins(of_committed.through, committed, _takers(sorted(linked))),
        currencies=_of_currencies(joined, stated, committed, twice),
        plans=plans_once(joined, committed, _seen_by(reader), partial(_first, twice)),
    )


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


def _links(reader: "Reader") -> tuple[list[tuple[Any, ...]], dict[int, _Stated]]:
    """Links between programs that the reader may see (whole, part, who says so, committed, disbursed), and what the
    linked programs state."""
    seen = _seen_by(reader).values("id", *_AMOUNTS)
    programs, params = seen.query.sql_with_params()
    rows = ask(_LINKS.format(programs=programs, **_CODES), *params)
    stated: dict[int, _Stated] = {}
    for row in rows:
        stated[row[0]], stated[row[1]] = _as_stated(row[5:9]), _as_stated(row[9:13])
    return [row[:5] for row in rows], stated


def _seen_by(reader: "Reader") -> Any:
    """The programs that a reader's sums may be made of."""
    return Program.objects.visible_to(reader).listed().order_by()


def _as_stated(amounts: Sequence[Any]) -> _Stated:
    committed, disbursed, *left_out = amounts
    # A statement of one's own gives JSON as its text.
    return _Stated(committed, disbursed, *(json.loads(one) if isinstance(one, str) else one for one in left_out))


def _second_reports(reader: "Reader", chains: Container[frozenset[int]], stated: dict[int, _Stated]) -> dict[int, int]:
    """Duplicate report -> the program that has its money, which is added to `stated`.

    Of two between which the money's way is stated (`chains`), what was passed on is known: none is left out whole.
    """
    found: dict[int, int] = {}
    amounts = [f"{side}__{amount}" for side in SIDES for amount in _AMOUNTS]
    pairs = double_counted(reader).order_by("left", "right").values_list(*SIDES, "second_report", *amounts)
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
    for program, organization in ask(_OTHERS.format(**_CODES), programs, programs):
        others[program].add(organization)
    return {program: Takers(funders[program], others[program]) for program in programs}


def ask(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()
