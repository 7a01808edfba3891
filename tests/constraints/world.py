"""A valid row in every table, and how a statement is tried against them."""

from datetime import date
from decimal import Decimal
from types import ModuleType

from django.db import DatabaseError, connection, transaction

from programs.services import (
    BudgetData,
    MarkerData,
    OtherSectorData,
    PlannedDisbursementData,
    RelatedData,
    TranslationData,
)
from tests import factories
from tests.constraints import (
    agreements,
    discussion,
    donors,
    exchange,
    goals,
    overlap,
    priorities,
    programs,
    reports,
    webhooks,
)
from tests.programs.agreements.world import World

# In the order in which rows name each other.
APPS: tuple[ModuleType, ...] = (
    goals, donors, programs, overlap, exchange, discussion, priorities, agreements, reports, webhooks,
)  # fmt: skip
BREAKS: dict[str, str] = {name: statement for app in APPS for name, statement in app.BREAKS.items()}
REFUSED: dict[str, str] = {name: statement for app in APPS for name, statement in app.REFUSED.items()}


def fill() -> dict[str, object]:
    """Puts a valid row into every table; returns what the statements name: ids, and lists of columns."""
    org, other_org = factories.organization("A"), factories.organization("B")
    user = factories.user(org, "editor")
    p, q, other = (
        factories.program(
            owner,
            translations=(TranslationData("es", "Policía comunitaria"),),
            other_sectors=(OtherSectorData("2", "152", "Peace", Decimal(100)),),
            policy_markers=(MarkerData(1, 1),),
            budgets=(BudgetData(Decimal(5), "USD"),),
            planned_disbursements=(PlannedDisbursementData(Decimal(5), "USD", date(2025, 1, 1)),),
            related=(RelatedData(1, "PARENT-1"),),
        )
        for owner in (org, other_org, org)
    )
    partners = World()
    partners.draft()
    ids: dict[str, object] = {
        "p": p.pk, "q": q.pk, "other": other.pk, "org": org.pk, "user": user.pk, "inl": partners.inl.pk,
        "aecid": partners.aecid.pk, "carmen": partners.carmen.pk, "ines": partners.ines.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for app in APPS:
            cursor.execute(app.ROWS, ids)
        cursor.execute("SELECT id FROM overlap_overlap WHERE left_id = %(p)s", ids)
        ids["o"] = cursor.fetchone()[0]
    return ids | overlap.COLUMNS | exchange.COLUMNS | discussion.COLUMNS


def refusal(statement: str, names: dict[str, object]) -> DatabaseError | None:
    """What the database says to the statement, as far as its commit; nothing of it stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(statement.format(**names))
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as error:
        return error
    return None
