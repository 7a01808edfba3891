"""How programs are linked: who says that one's money is another's, and how much of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from donors.models import User
from programs.codes import OUTGOING, SPENT, Role, TransactionType, sql_list
from programs.models import Program
from programs.money.sql import ask, asked_of
from programs.overlap.querysets import double_counted
from programs.querysets import WHOLE_OF, ProgramQuerySet, among

# All that is stated about two programs (whole, part, said_by, committed, disbursed), from whatever rows.
# A part is named by a relation, or by the identifier of a whole of the hierarchy above that its own begins with. Money
# is passed on where a transaction or a funder names the other's activity: the giver's word counts before the
# receiver's, and the name alone says that all of it comes from there. Names in double braces are the program whose rows
# say so, and the other: either may be narrowed to some programs, and what is said of two is complete each time.
_STATED = """
SELECT whole, part, 0 AS said_by, NULL::numeric AS committed, NULL::numeric AS disbursed FROM (
    SELECT CASE WHEN r.type = 1 THEN r.related_id ELSE r.program_id END AS whole,
        CASE WHEN r.type = 1 THEN r.program_id ELSE r.related_id END AS part
    FROM programs_relatedprogram r WHERE r.type IN (1, 2) AND r.related_id IS NOT NULL AND {of_related}
    UNION
    SELECT a.id, b.id FROM programs_program b JOIN programs_program a ON a.reporting_org_id = b.reporting_org_id
        AND a.identifier = {whole_of} AND a.hierarchy < b.hierarchy
    WHERE b.hierarchy IS NOT NULL AND {of_hierarchy}
) related
UNION ALL
SELECT t.program_id, b.id, 1, sum(t.value_usd) FILTER (WHERE t.type = {commitment}),
    sum(t.value_usd) FILTER (WHERE t.type IN {spent})
FROM programs_transaction t JOIN programs_program b ON b.identifier = t.receiver_activity
WHERE t.receiver_activity <> '' AND t.type IN {outgoing} AND {of_outgoing} GROUP BY 1, 2
UNION ALL
SELECT a.id, t.program_id, 2, sum(t.value_usd) FILTER (WHERE t.type = {promised}),
    sum(t.value_usd) FILTER (WHERE t.type = {received})
FROM programs_transaction t JOIN programs_program a ON a.identifier = t.provider_activity
WHERE t.provider_activity <> '' AND t.type IN ({promised}, {received}) AND {of_incoming} GROUP BY 1, 2
UNION ALL
SELECT a.id, f.program_id, 3, NULL, NULL
FROM programs_participation f JOIN programs_program a ON a.identifier = f.activity_identifier
WHERE f.activity_identifier <> '' AND f.role = {funding} AND {of_funder}
"""
# Who plans to pay whom, which links their plans alone.
_PAYING = """
SELECT d.program_id AS whole, b.id AS part
FROM programs_planneddisbursement d JOIN programs_program b ON b.identifier = d.receiver_activity
WHERE d.receiver_activity <> '' AND b.id <> d.program_id AND {of_payments}
"""
_CODES = {
    "commitment": TransactionType.COMMITMENT.value,
    "promised": TransactionType.INCOMING_COMMITMENT.value,
    "received": TransactionType.INCOMING_FUNDS.value,
    "outgoing": sql_list(OUTGOING),
    "spent": sql_list(SPENT),
    "funding": Role.FUNDING.value,
    "whole_of": WHOLE_OF.format("b.identifier"),
}
# Of each kind of statement the column of the program whose row it is, and of the one that it names.
_COLUMNS = {
    "of_related": ("r.program_id", "r.related_id"),
    "of_hierarchy": ("b.id", "a.id"),
    "of_outgoing": ("t.program_id", "b.id"),
    "of_incoming": ("t.program_id", "a.id"),
    "of_funder": ("f.program_id", "a.id"),
    "of_payments": ("d.program_id", "b.id"),
}
_ASKED = " asked AS MATERIALIZED (SELECT unnest(%s::bigint[]) AS id)"
_AMONG_ASKED = "{} IN (SELECT id FROM asked)"
_NEIGHBOURS = asked_of(
    "SELECT whole, part FROM ({said}) s UNION SELECT whole, part FROM ({named}) n UNION {pays} UNION {is_paid}", _ASKED
)
_PAYMENTS = asked_of(
    "SELECT whole, part FROM ({payments}) l JOIN shown w ON w.id = l.whole JOIN shown p ON p.id = l.part",
    _ASKED,
    "shown AS MATERIALIZED ({programs})",
)
# Links of which the reader may see both ends, with the amounts of both programs.
_LINKS = asked_of(
    """
SELECT l.whole, l.part, l.said_by, l.committed, l.disbursed,
    w.committed_usd, w.disbursed_usd, w.committed_left_out, w.disbursed_left_out,
    p.committed_usd, p.disbursed_usd, p.committed_left_out, p.disbursed_left_out
FROM link l JOIN shown w ON w.id = l.whole JOIN shown p ON p.id = l.part
WHERE l.whole <> l.part ORDER BY l.whole, l.part, l.said_by
""",
    _ASKED,
    "link AS ({links})",
    "shown AS MATERIALIZED (SELECT * FROM ({programs}) p)",
)
AMOUNTS = ("committed_usd", "disbursed_usd", "committed_left_out", "disbursed_left_out")
# Who sees everything.
ADMINISTRATOR = User(is_superuser=True, is_active=True)


def _stated(side: int | None, statement: str = _STATED) -> str:
    """What is stated by (side 0) or about (side 1) the programs asked for, or by all (None)."""
    within = {
        kind: "true" if side is None else _AMONG_ASKED.format(columns[side]) for kind, columns in _COLUMNS.items()
    }
    return statement.format(**within, **_CODES)


def seen_by(reader: Any, programs: list[int] | None = None) -> ProgramQuerySet:
    """The programs that a reader's sums may be made of, of these or of all."""
    seen: ProgramQuerySet = Program.objects.visible_to(reader).listed().order_by()
    return seen if programs is None else seen.filter(pk__in=among(programs))


def links(reader: Any, programs: list[int] | None = None) -> list[tuple[Any, ...]]:
    """Links between programs that the reader may see, what is said of two most surely first: whole, part, who says so,
    committed and disbursed US dollars, then AMOUNTS of both. Of these programs, or of all; one statement."""
    shown, params = seen_by(reader, programs).values("id", *AMOUNTS).query.sql_with_params()
    statement = _LINKS.format(links=_stated(None if programs is None else 0), programs=shown)
    return ask(statement, programs or [], *params)


def payments(reader: Any, programs: list[int] | None = None) -> list[tuple[Any, ...]]:
    """(giver, receiver) of planned payments between programs that the reader may see, of these or of all."""
    shown, params = seen_by(reader, programs).values("id").query.sql_with_params()
    statement = _PAYMENTS.format(payments=_stated(None if programs is None else 0, _PAYING), programs=shown)
    return ask(statement, programs or [], *params)


def neighbours(programs: Iterable[int]) -> set[int]:
    """These programs and all that are linked with one of them, visible or not: two statements."""
    asked = sorted(set(programs))
    if not asked:
        return set()
    statement = _NEIGHBOURS.format(
        said=_stated(0), named=_stated(1), pays=_stated(0, _PAYING), is_paid=_stated(1, _PAYING)
    )
    pairs = double_counted(ADMINISTRATOR).filter(Q(left__in=among(asked)) | Q(right__in=among(asked))).order_by()
    linked = [*ask(statement, asked), *pairs.values_list("left", "right")]
    return {*asked, *(program for pair in linked for program in pair)}


def family_of(program: int) -> list[int]:
    """All programs that are linked with this one, directly or through others, visible or not."""
    family, newest = {program}, {program}
    while newest:
        found = neighbours(newest)
        newest = found - family
        family |= found
    return sorted(family)
