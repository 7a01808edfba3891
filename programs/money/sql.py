"""The tables that every sum of money is made of: programs once each, and the shares of their places and funders.

`shown` are the programs asked for, with what they count of their money (programs/money/once.py). Each further one is a
share of one for each program: `placed` of its countries and regions, `located` of its areas, `funded` of its funders.
"""

from typing import Any

from django.db import connection

from goals.codes import REGIONS_AROUND, SEVEN
from programs.codes import OUTGOING, SPENT, Role, TransactionType, sql_list

_CODES = {
    "funding": Role.FUNDING.value,
    "commitment": TransactionType.COMMITMENT.value,
    "promised": TransactionType.INCOMING_COMMITMENT.value,
    "received": TransactionType.INCOMING_FUNDS.value,
    "spent": sql_list(SPENT),
    "moved": sql_list(OUTGOING),
    "seven": sql_list(SEVEN),
    "regions": sql_list(REGIONS_AROUND),
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
), shown AS (
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
# Which programs a table holds: those that are shown, or all: quicker where nearly all are shown, and what is made
# of the table is joined with them anyway.
# What is made of those shown is kept apart, or PostgreSQL takes a thousand rows for one and joins them one by one.
_OF_SHOWN, _OF_ALL = (
    {"only": "program_id IN (SELECT id FROM shown)", "kept": "MATERIALIZED"},
    {"only": "true", "kept": ""},
)
# Percentages where they are stated; else as the transactions say that have a place of their own; else equal parts.
# `place` is one of the seven countries or "regional", and null elsewhere. Of a program's places there one is the first;
# several regions are one place, of which one row is new.
_PLACED = """
moved AS (
    SELECT program_id, country_id, CASE WHEN country_id IS NULL THEN region_id END AS region_id,
        greatest(COALESCE(sum(value_usd) FILTER (WHERE type = {commitment}), 0), 0) AS promised,
        greatest(COALESCE(sum(value_usd) FILTER (WHERE type IN {spent}), 0), 0) AS spent
    FROM programs_transaction
    WHERE (country_id IS NOT NULL OR region_id IS NOT NULL) AND type IN {moved} GROUP BY 1, 2, 3
), moving AS (
    SELECT program_id, sum(promised) AS promised, sum(spent) AS spent
    FROM moved m JOIN programs_coverage c USING (program_id)
    WHERE m.country_id = c.country_id OR m.region_id = c.region_id GROUP BY 1
), several AS (
    SELECT program_id, count(*) AS places,
        min(id) FILTER (WHERE country_id IN {seven} OR region_id IN {regions}) AS first_place,
        min(id) FILTER (WHERE region_id IN {regions}) AS first_region
    FROM programs_coverage WHERE {only} GROUP BY 1 HAVING count(*) > 1
), placed AS {kept} (
    SELECT c.program_id, c.country_id, c.region_id,
        CASE WHEN c.country_id IN {seven} THEN c.country_id WHEN c.region_id IN {regions} THEN 'regional' END AS place,
        v.places IS NULL AS is_only_place, COALESCE(c.id = v.first_place, true) AS is_first_place,
        COALESCE(c.country_id IS NOT NULL OR c.id = v.first_region, true) AS is_new_place,
        CASE WHEN percentage IS NOT NULL THEN percentage * 0.01
            WHEN w.promised > 0 THEN COALESCE(m.promised, 0) / w.promised
            WHEN w.spent > 0 THEN COALESCE(m.spent, 0) / w.spent
            WHEN v.places IS NULL THEN 1.0
            ELSE 1.0 / v.places END AS share
    FROM (SELECT * FROM programs_coverage WHERE {only}) c LEFT JOIN several v USING (program_id)
    LEFT JOIN moving w USING (program_id) LEFT JOIN moved m
        ON m.program_id = c.program_id AND (m.country_id = c.country_id OR m.region_id = c.region_id)
)"""
PLACED, PLACED_OF_ALL = (_filled(_PLACED, **which) for which in (_OF_SHOWN, _OF_ALL))
# Localities of which nobody knows the area take no part.
_LOCATED = """
spread AS (
    SELECT program_id, count(*) AS places FROM programs_programlocation
    WHERE area_id IS NOT NULL AND {only} GROUP BY 1 HAVING count(*) > 1
), located AS {kept} (
    SELECT program_id, area_id, v.program_id IS NULL AS is_only_place,
        COALESCE(percentage * 0.01, CASE WHEN v.places IS NULL THEN 1.0 ELSE 1.0 / v.places END) AS share
    FROM programs_programlocation l LEFT JOIN spread v USING (program_id) WHERE area_id IS NOT NULL AND {only}
)"""
LOCATED, LOCATED_OF_ALL = (_filled(_LOCATED, **which) for which in (_OF_SHOWN, _OF_ALL))
# What organizations gave by the program's incoming money; other funders have the rest in equal parts. Without incoming
# money equal parts, unless every funder is named as the provider of what went out. `is_stated`: as a funder.
_FUNDER = """
came AS (
    SELECT c.*, p.committed_usd FROM (
        SELECT program_id, provider_id AS organization_id,
            greatest(sum(value_usd) FILTER (WHERE type = {promised}), sum(value_usd) FILTER (WHERE type = {received}))
            AS usd
        FROM programs_transaction
        WHERE provider_id IS NOT NULL AND type IN ({promised}, {received}) AND {only} GROUP BY 1, 2
    ) c JOIN programs_program p ON p.id = c.program_id
), went AS (
    SELECT program_id, provider_id AS organization_id, sum(value_usd) AS usd FROM programs_transaction
    WHERE provider_id IS NOT NULL AND type = {commitment} AND {only} GROUP BY 1, 2
), stated AS (
    SELECT program_id, organization_id FROM programs_participation WHERE role = {funding} AND {only}
), said AS MATERIALIZED (
    SELECT program_id FROM came WHERE usd > 0 UNION SELECT program_id FROM went WHERE usd > 0
), giver AS (
    SELECT program_id, organization_id, s.organization_id IS NOT NULL AS is_stated,
        c.usd AS gave, c.committed_usd, CASE WHEN w.usd > 0 THEN w.usd END AS sent
    FROM (SELECT * FROM stated WHERE program_id IN (SELECT program_id FROM said)) s
    FULL JOIN (SELECT * FROM came WHERE usd > 0) c USING (program_id, organization_id)
    LEFT JOIN went w USING (program_id, organization_id)
), shared AS (
    SELECT program_id, count(*) AS funders FROM stated GROUP BY 1 HAVING count(*) > 1
), funder AS (
    SELECT program_id, organization_id, true AS is_stated,
        CASE WHEN v.funders IS NULL THEN 1.0 ELSE 1.0 / v.funders END AS share
    FROM stated LEFT JOIN shared v USING (program_id) WHERE program_id NOT IN (SELECT program_id FROM said)
    UNION ALL
    SELECT program_id, organization_id, is_stated,
        CASE WHEN count(gave) OVER whole = 0 THEN
            CASE WHEN count(sent) OVER whole = count(*) OVER whole THEN sent / sum(sent) OVER whole
                ELSE 1.0 / count(*) OVER whole END
        WHEN count(gave) OVER whole = count(*) OVER whole THEN gave / sum(gave) OVER whole
        WHEN gave IS NOT NULL THEN gave / greatest(sum(gave) OVER whole, max(committed_usd) OVER whole)
        ELSE (1 - sum(gave) OVER whole / greatest(sum(gave) OVER whole, max(committed_usd) OVER whole))
            / (count(*) OVER whole - count(gave) OVER whole) END AS share
    FROM giver WINDOW whole AS (PARTITION BY program_id)
)"""
FUNDERS_OF = _filled(
    "WITH {funder} SELECT program_id, organization_id, share FROM funder",
    funder=_filled(_FUNDER, only="program_id = ANY(%s)"),
)
# With the money that is known to come from further up (programs/money/origins.py) as its donors'.
_FUNDED = """
{funder}, inherited AS MATERIALIZED (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::numeric[]) AS i(program_id, organization_id, share)
    WHERE {only}
), funded AS {kept} (
    SELECT * FROM funder WHERE program_id NOT IN (SELECT program_id FROM inherited)
    UNION ALL
    SELECT program_id, organization_id, COALESCE(f.is_stated, false), COALESCE(i.share, 0)
    FROM (SELECT * FROM funder WHERE program_id IN (SELECT program_id FROM inherited)) f
    FULL JOIN inherited i USING (program_id, organization_id)
)"""
FUNDED, FUNDED_OF_ALL = (
    _filled(_FUNDED, funder=_filled(_FUNDER, only=which["only"]), **which) for which in (_OF_SHOWN, _OF_ALL)
)
