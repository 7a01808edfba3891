"""Proves over the whole base that what goes in comes out, to the cent: `manage.py check_money`."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser

from core.money import CENT
from donors.models import User
from programs.codes import SPENT, CommittedBasis, Stage, TransactionType, Visibility, sql_list
from programs.models import Program
from programs.money.asking import ask_of, sums_of_shown
from programs.money.calculated import Calculated, calculated
from programs.money.checking_plans import check_planned, wrong_plans
from programs.money.links import ADMINISTRATOR, neighbours
from programs.money.models import Counted, Due
from programs.money.once import Once
from programs.money.sql import FUNDED, LOCATED, PLACED, SHOWN, ask, asked_of
from programs.money.stored import once_for, renew, rows_of
from programs.querysets import ProgramQuerySet
from programs.services.money import sums_of

if TYPE_CHECKING:
    from programs.money.once import Reader

# Shares are divisions: what they add up to may differ in the last of their twenty digits.
NEARLY_NOTHING = Decimal("0.000001")
_SHARES = {
    "goals": asked_of(
        "SELECT g.program_id, sum(g.percentage) / 100 FROM shown s JOIN programs_programgoal g ON g.program_id = s.id "
        "GROUP BY 1 HAVING sum(g.percentage) <> 100 OR min(g.percentage) < 0",
        SHOWN,
    ),
    "places": asked_of(
        "SELECT program_id, sum(share) FROM placed GROUP BY 1 HAVING abs(sum(share) - 1) > {little} OR min(share) < 0",
        SHOWN,
        PLACED,
    ),
    "areas": asked_of(
        "SELECT program_id, sum(share) FROM located GROUP BY 1 HAVING sum(share) - 1 > {little} OR min(share) < 0",
        SHOWN,
        LOCATED,
    ),
    "donors": asked_of(
        "SELECT program_id, sum(share) FROM funded GROUP BY 1 HAVING sum(share) - 1 > {little} OR min(share) < 0 "
        "OR (1 - sum(share) > {little} AND bool_and(is_stated))",
        SHOWN,
        FUNDED,
    ),
}
# The whole, its parts by shares, and what has no share.
_PARTS = {
    "goals": asked_of(
        "SELECT sum(committed_usd * COALESCE(g.share, 1)) FROM shown s LEFT JOIN (SELECT program_id, "
        "percentage / 100 AS share FROM programs_programgoal) g ON g.program_id = s.id",
        SHOWN,
    ),
    "places": asked_of(
        "SELECT sum(committed_usd * COALESCE(share, 1)) FROM shown s LEFT JOIN placed p ON p.program_id = s.id",
        SHOWN,
        PLACED,
    ),
    "donors": asked_of(
        "SELECT sum(part) FROM (SELECT committed_usd * share AS part FROM shown s JOIN funded f ON f.program_id = s.id "
        "UNION ALL SELECT committed_usd * (1 - COALESCE(known, 0)) FROM shown s LEFT JOIN (SELECT program_id, "
        "sum(share) AS known FROM funded GROUP BY 1) f ON f.program_id = s.id) q",
        SHOWN,
        FUNDED,
    ),
}
# Sums that are stored beside each program, against its rows; those of budgets follow a rule that Python alone knows.
_STORED = """
SELECT p.id, p.committed_usd, m.usd FROM programs_program p LEFT JOIN (
    SELECT program_id, sum(value_usd) FILTER (WHERE type = {commitment}) AS promised,
        sum(value_usd) FILTER (WHERE type IN {spent}) AS spent
    FROM programs_transaction GROUP BY 1
) t ON t.program_id = p.id, LATERAL (
    SELECT CASE p.committed_basis WHEN '{commitments}' THEN t.promised WHEN '{disbursed}' THEN t.spent END AS usd
) m
WHERE p.committed_basis IN ('{commitments}', '{disbursed}') AND p.committed_usd IS DISTINCT FROM m.usd
    OR p.disbursed_usd IS DISTINCT FROM t.spent
ORDER BY p.id
"""
_CODES: dict[str, Any] = {
    "commitment": TransactionType.COMMITMENT.value,
    "spent": sql_list(SPENT),
    "commitments": CommittedBasis.COMMITMENTS.value,
    "disbursed": CommittedBasis.DISBURSED.value,
}


@dataclass(frozen=True)
class Checked:
    """What one reader's sums come to, and what is wrong with them, in sentences."""

    reader: str
    programs: int
    committed: Decimal
    problems: list[str]


def check_stored() -> list[str]:
    """What is wrong with the sums that are stored beside programs."""
    wrong = [_not_its_rows(*row) for row in ask(_STORED.format(**_CODES))]
    budgeted = Program.objects.filter(committed_basis=CommittedBasis.BUDGETS).only("committed_usd").order_by("pk")
    for program in budgeted.prefetch_related("transactions", "budgets").iterator(chunk_size=1000):
        right = sums_of(
            [(row.type, row.value_usd, row.currency, row.value) for row in program.transactions.all()],
            [
                (row.period_start, row.period_end, row.type, row.value_usd, row.currency, row.value)
                for row in program.budgets.all()
            ],
        ).committed
        if right != program.committed_usd:
            wrong.append(_not_its_rows(program.pk, program.committed_usd, right))
    return [*wrong, *check_planned()]


def _not_its_rows(program: int, stored: Decimal | None, right: Decimal | None) -> str:
    return f"Program {program}: a sum of US$ {stored} is stored, and its rows come to US$ {right}."


def check_kept() -> list[str]:
    """What is wrong with what is kept of families; what is due is calculated first."""
    renew()
    right = {row.program_id: row for row in rows_of(calculated(ADMINISTRATOR))}
    kept = {row.program_id: row for row in Counted.objects.iterator()}
    due = neighbours(Due.objects.values_list("program_id", flat=True).distinct())
    return [
        f"Program {pk}: what is kept of its family is not what comes out if it is calculated."
        for pk in sorted(pk for pk in {*kept, *right} - due if _as_kept(kept.get(pk)) != _as_kept(right.get(pk)))
    ]


def _as_kept(row: Counted | None) -> Any:
    return row and (row.family, row.committed, row.disbursed, row.first, row.funders, row.left_out, row.plans)


def check_reader(name: str, reader: "Reader") -> Checked:
    """Checks all that the reader's sums are made of: shares, parts and wholes, and every way of adding up."""
    programs: ProgramQuerySet = Program.objects.visible_to(reader).listed()
    found = calculated(reader)
    once = found.once
    committed, _disbursed = sums_of_shown(programs, once)
    whole = committed or Decimal(0)
    problems = [
        *_of_shares(programs, once),
        *_of_families(programs, found, whole),
        *wrong_plans(programs, once),
        *_of_kept(once, once_for(reader)),
    ]
    for what, statement in _PARTS.items():
        ((parts,),) = ask_of(programs, once, statement)
        if abs((parts or Decimal(0)) - whole) >= CENT:
            problems.append(f"By {what} the programs come to US$ {parts}, and together to US$ {whole}.")
    return Checked(name, programs.count(), whole, problems)


def _of_shares(programs: ProgramQuerySet, once: Once) -> Iterator[str]:
    for what, statement in _SHARES.items():
        for pk, share in ask_of(programs, once, statement, little=NEARLY_NOTHING):
            yield f"Program {pk}: its shares of {what} come to {share} instead of 1."


def _of_kept(right: Once, given: Once) -> Iterator[str]:
    """What sums count, of families that are kept, is what comes out if all are calculated."""
    for what in ("committed", "disbursed", "twice", "funders", "plans"):
        kept, fresh = getattr(given, what), getattr(right, what)
        for pk in sorted(pk for pk in {*kept, *fresh} if kept.get(pk) != fresh.get(pk)):
            yield f"Program {pk}: sums take {kept.get(pk)} as {what}, and its family comes to {fresh.get(pk)}."
    for code in sorted({*given.currencies, *right.currencies}):
        if given.in_currency(code) != right.in_currency(code):
            yield f"What programs count in {code} is not what their families come to."


def _of_families(programs: ProgramQuerySet, found: Calculated, whole: Decimal) -> Iterator[str]:
    """What programs state, without duplicate reports, is what they count and what others count of it."""
    once = found.once
    rows = programs.exclude(committed_usd=None).values_list("pk", "committed_usd")
    stated: dict[int, Decimal] = {pk: usd for pk, usd in rows if usd is not None}
    passed: dict[int, Decimal] = defaultdict(Decimal)
    for (program, _part), usd in found.through.items():
        passed[program] += usd
    for program, usd in passed.items():
        counts = once.committed.get(program, stated.get(program, Decimal(0)))
        own = stated.get(program, Decimal(0))
        if program not in once.twice and counts != (max(own - usd, Decimal(0)) if own > 0 else own):
            yield f"Program {program} states US$ {own}, passes on US$ {usd} and counts US$ {counts}."
    elsewhere = sum((min(max(stated.get(pk, Decimal(0)), Decimal(0)), usd) for pk, usd in passed.items()), Decimal(0))
    first = sum((usd for pk, usd in stated.items() if pk not in once.twice), Decimal(0))
    if first - elsewhere != whole:
        yield f"Programs state US$ {first}, other programs count US$ {elsewhere} of it, and US$ {whole} are counted."


def readers(most: int) -> Iterator[tuple[str, Any]]:
    """Everybody, an administrator, and a member of each of up to `most` organizations with restricted programs."""
    yield "everybody", AnonymousUser()
    yield "administrators", User(is_superuser=True, is_active=True)
    own = Program.objects.filter(visibility=Visibility.RESTRICTED).exclude(stage__in=[Stage.DRAFT, Stage.ARCHIVED])
    people = User.objects.filter(is_active=True, memberships__organization__in=own.values("reporting_org"))
    seen: set[int] = set()
    for person in people.order_by("pk").distinct().iterator():
        organization = min(person.organization_ids, default=0)
        if organization and organization not in seen:
            if len(seen) == most:
                return
            seen.add(organization)
            yield f"members of organization {organization}", person
