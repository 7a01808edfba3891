"""The goals of a program: proposed from what it says of itself, or set by a person."""

from collections.abc import Sequence
from decimal import Decimal

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import EditConflict
from core.numbers import to_hundred
from goals.money import RateTable
from goals.proposal import BEFORE_CODES, Proposal, propose_goals, rule_key
from programs.codes import OUTGOING, TransactionType
from programs.models import Program, ProgramGoal
from programs.services.data import GoalData, ProgramData
from programs.services.locked import locked_program
from programs.services.permissions import Actor, require
from programs.services.scan_requests import request_scan


def propose_for(data: ProgramData, rates: RateTable | None = None) -> Proposal:
    """The goals, the scope and the ESCA component that its sectors, texts and policy markers speak for.

    Sectors without shares have those of the transactions that name them; `rates` make their amounts comparable.
    """
    texts = [data.title, data.description, *(row.name for row in data.other_sectors if row.name.upper() != "NULL")]
    for translated in data.translations:
        texts += [translated.title, translated.description]
    return propose_goals(
        sectors=sector_shares(data, rates) or _other_sectors(data),
        texts=[text for text in texts if text],
        policy_markers=[(str(row.code), str(row.significance)) for row in data.policy_markers],
    )


def sector_shares(data: ProgramData, rates: RateTable | None = None) -> list[tuple[str, Decimal | None]]:
    """(purpose code, percentage) of each sector: as stated, else as its transactions divide it, else None for all.

    Commitments divide it, or what was spent where none names a sector; amounts without a rate take no part, unless all
    are in one currency.
    """
    shares = [(row.sector_id, row.percentage) for row in data.sectors]
    if len(shares) < 2 or any(share is not None for _code, share in shares):
        return shares
    own = [move for move in data.transactions if move.sector_id and move.type in OUTGOING]
    own = [move for move in own if move.type == TransactionType.COMMITMENT] or own
    is_alike = len({move.currency for move in own}) == 1
    amounts = dict.fromkeys((code for code, _share in shares), Decimal(0))
    for move in own:
        worth = (
            rates.to_usd(move.value, move.currency, move.value_date or move.date) if rates and not is_alike else None
        )
        if move.sector_id in amounts and (is_alike or worth):
            amounts[move.sector_id] += worth.value if worth else move.value
    amounts = {code: max(amount, Decimal(0)) for code, amount in amounts.items()}
    if not any(amounts.values()):
        return shares
    divided = {code: amount for code, amount in amounts.items() if amount}
    return list(zip(divided, to_hundred(list(divided.values())), strict=True))


def _other_sectors(data: ProgramData) -> list[tuple[str, Decimal | None]]:
    """The sectors in the first of the other vocabularies that speaks for goals."""
    for vocabulary in BEFORE_CODES:
        rows = [row for row in data.other_sectors if row.vocabulary == vocabulary and row.code]
        if rows:
            return [(rule_key(vocabulary, row.code), row.percentage) for row in rows]
    return []


@transaction.atomic
def confirm_goals(program: Program, goals: Sequence[GoalData], *, actor: Actor, version: int) -> Program:
    """Sets the program's goals as a person decided; no goals means outside the five. Imports leave them alone.

    `version` is the one that the person saw. Percentages add up to 100.00, else ValidationError; ChangedMeanwhile
    where the program has another version by now.
    """
    require(actor, "confirm_goals", program.reporting_org_id)
    if goals and sum(row.percentage for row in goals) != 100:
        raise ValidationError(_("The percentages of the goals must make 100."))
    locked = locked_program(program)
    if locked.version != version:
        raise EditConflict(locked.version)
    with pghistory.context(user=actor.pk if actor else None):
        locked.goals.all().delete()
        ProgramGoal.objects.bulk_create(
            ProgramGoal(program=locked, goal_id=row.goal_id, percentage=row.percentage) for row in goals
        )
        locked.goals_origin = Program.GoalsOrigin.CONFIRMED
        locked.scope = Program.Scope.IN_SCOPE if goals else Program.Scope.OUT_OF_SCOPE
        locked.version += 1
        locked.updated_by = actor
        locked.save()
    request_scan(locked.pk)
    return locked
