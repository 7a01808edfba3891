"""The tables that every sum of money is made of: programs once each, and the shares of their places and funders.

`shown` are the programs asked for, with what they count of their money (programs/money/once.py). Each further one is a
share of one for each program: `placed` of its countries and regions, `located` of its areas, `funded` of its funders.
"""

from typing import Any

from django.db import connection

from programs.codes import OUTGOING, SPENT, Role, TransactionType, sql_list

_CODES = {
    "funding": Role.FUNDING.value,
    "commitment": TransactionType.COMMITMENT.value,
    "promised": TransactionType.INCOMING_COMMITMENT.value,
    "received": TransactionType.INCOMING_FUNDS.value,
    "spent": sql_list(SPENT),
    "moved": sql_list(OUTGOING),
}


def ask(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def asked_of(statement: str, *tables: str) -> str:
    """A statement over these tables, in their order; `SHOWN` is the first."""
    return f"WITH{', '.join(tables)} {statement}"


def _filled(statement: str, **names: str) -> str:
    return statement.format(**_CODES, **names)


# `committed_part` and `disbursed_part` are what of each of its transactions counts.
SHOWN = """
once AS MATERIALIZED (
    SELECT * FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::boolean[])
        AS o(id, committed, disbursed, twice)
), shown AS MATERIALIZED (
    SELECT p.id, p.period, p.scope, p.status, p.unended, COALESCE(o.twice, false) AS twice,
        p.committed_usd AS stated_usd,
        CASE WHEN o.twice THEN NULL ELSE COALESCE(o.committed, p.committed_usd) END AS committed_usd,
        CASE WHEN o.twice THEN NULL ELSE COALESCE(o.disbursed, p.disbursed_usd) END AS disbursed_usd,
        CASE WHEN o.twice THEN 0 WHEN o.committed IS NULL OR p.committed_usd <= 0 THEN 1
            ELSE o.committed / p.committed_usd END AS committed_part,
        CASE WHEN o.twice THEN 0 WHEN o.disbursed IS NULL OR p.disbursed_usd <= 0 THEN 1
            ELSE o.disbursed / p.disbursed_usd END AS disbursed_part
    FROM ({programs}) p LEFT JOIN once o USING (id)
)"""
# Percentages where they are stated; else as the transactions say that have a place of their own; else equal parts.
PLACED = _filled("""
moved AS (
    SELECT program_id, country_id, CASE WHEN country_id IS NULL THEN region_id END AS region_id,
        greatest(COALESCE(sum(value_usd) FILTER (WHERE type = {commitment}), 0), 0) AS promised,
        greatest(COALESCE(sum(value_usd) FILTER (WHERE type IN {spent}), 0), 0) AS spent
    FROM programs_transaction
    WHERE (country_id IS NOT NULL OR region_id IS NOT NULL) AND type IN {moved} GROUP BY 1, 2, 3
), weighed AS (
    SELECT c.program_id, c.country_id, c.region_id, c.percentage, m.promised, m.spent
    FROM shown s JOIN programs_coverage c ON c.program_id = s.id LEFT JOIN moved m ON m.program_id = c.program_id
        AND (m.country_id = c.country_id OR m.region_id = c.region_id)
), placed AS (
    SELECT program_id, country_id, region_id,
        CASE WHEN percentage IS NOT NULL THEN percentage / 100
            WHEN sum(promised) OVER whole > 0 THEN COALESCE(promised, 0) / sum(promised) OVER whole
            WHEN sum(spent) OVER whole > 0 THEN COALESCE(spent, 0) / sum(spent) OVER whole
            ELSE 1.0 / count(*) OVER whole END AS share
    FROM weighed WINDOW whole AS (PARTITION BY program_id)
)""")
# Localities of which nobody knows the area take no part.
LOCATED = """
located AS (
    SELECT program_id, area_id, COALESCE(percentage, 100.0 / count(*) OVER (PARTITION BY program_id)) / 100 AS share
    FROM shown s JOIN programs_programlocation l ON l.program_id = s.id WHERE area_id IS NOT NULL
)"""
# What organizations gave by the program's incoming money; other funders have the rest in equal parts. Without incoming
# money equal parts, unless every funder is named as the provider of what went out. `is_stated`: as a funder.
_FUNDER = """
came AS (
    SELECT program_id, provider_id AS organization_id,
        greatest(sum(value_usd) FILTER (WHERE type = {promised}), sum(value_usd) FILTER (WHERE type = {received})) usd
    FROM programs_transaction
    WHERE provider_id IS NOT NULL AND type IN ({promised}, {received}) AND {only} GROUP BY 1, 2
), went AS (
    SELECT program_id, provider_id AS organization_id, sum(value_usd) AS usd FROM programs_transaction
    WHERE provider_id IS NOT NULL AND type = {commitment} AND {only} GROUP BY 1, 2
), stated AS (
    SELECT program_id, organization_id FROM programs_participation WHERE role = {funding} AND {only}
), giver AS (
    SELECT program_id, organization_id, s.organization_id IS NOT NULL AS is_stated,
        c.usd AS gave, CASE WHEN w.usd > 0 THEN w.usd END AS sent
    FROM stated s FULL JOIN (SELECT * FROM came WHERE usd > 0) c USING (program_id, organization_id)
    LEFT JOIN went w USING (program_id, organization_id)
), funder AS (
    SELECT program_id, organization_id, is_stated,
        CASE WHEN count(gave) OVER whole = 0 THEN
            CASE WHEN count(sent) OVER whole = count(*) OVER whole THEN sent / sum(sent) OVER whole
                ELSE 1.0 / count(*) OVER whole END
        WHEN count(gave) OVER whole = count(*) OVER whole THEN gave / sum(gave) OVER whole
        WHEN gave IS NOT NULL THEN gave / greatest(sum(gave) OVER whole, p.committed_usd)
        ELSE (1 - sum(gave) OVER whole / greatest(sum(gave) OVER whole, p.committed_usd))
            / (count(*) OVER whole - count(gave) OVER whole) END AS share
    FROM giver JOIN programs_program p ON p.id = program_id WINDOW whole AS (PARTITION BY program_id)
)"""
FUNDERS_OF = _filled(
    "WITH {funder} SELECT program_id, organization_id, share FROM funder",
    funder=_filled(_FUNDER, only="program_id = ANY(%s)"),
)
# With the money that is known to come from further up (programs/money/origins.py) as its donors'.
_FUNDED = """
{funder}, inherited AS MATERIALIZED (
    SELECT i.* FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS i(program_id, organization_id, share)
    JOIN shown s ON s.id = i.program_id
), funded AS (
    SELECT f.program_id, f.organization_id, f.is_stated,
        CASE WHEN h.program_id IS NULL THEN f.share ELSE COALESCE(i.share, 0) END AS share
    FROM funder f LEFT JOIN (SELECT DISTINCT program_id FROM inherited) h USING (program_id)
    LEFT JOIN inherited i USING (program_id, organization_id)
    UNION ALL
    SELECT i.program_id, i.organization_id, false, i.share FROM inherited i
    WHERE NOT EXISTS (
        SELECT FROM funder f WHERE f.program_id = i.program_id AND f.organization_id = i.organization_id
    )
)"""
FUNDED = _filled(_FUNDED, funder=_filled(_FUNDER, only="program_id IN (SELECT id FROM shown)"))
