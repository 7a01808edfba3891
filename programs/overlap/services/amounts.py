"""Keeping what pairs may cost twice: written with each scan, and again each night, since time goes on."""

import json
from collections.abc import Sequence
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from goals.models import Country
from programs.overlap.amounts import Amount, Shares, amount_of
from programs.overlap.models import Overlap
from programs.overlap.services.clusters import update_clusters
from programs.overlap.services.stakes import write_stakes
from programs.overlap.services.writing import one_at_a_time
from programs.overlap.shares import read_shares

PAIRS_AT_A_TIME = 5000
# Pairs of before amounts had parts: so many are done in one sweep.
PAIRS_A_SWEEP = 2000

_WRITE = """
UPDATE overlap_overlap o SET money_usd = a.money_usd, smaller_id = a.smaller_id, parts = a.parts, updated_at = %s
FROM jsonb_to_recordset(%s) AS a(id bigint, money_usd numeric, smaller_id bigint, parts jsonb)
WHERE o.id = a.id AND (o.money_usd, o.smaller_id, o.parts) IS DISTINCT FROM (a.money_usd, a.smaller_id, a.parts)
RETURNING o.id
"""


class Amounts:
    """The amounts of pairs of some programs; six queries, then none."""

    def __init__(self, programs: Sequence[int], today: date | None = None) -> None:
        self.shares: dict[int, Shares] = read_shares(programs, today or timezone.localdate()) if programs else {}
        self.countries = Country.objects.filter(in_carsi=True).count() if programs else 0

    def of(self, left: int, right: int, kind: str, sites: Sequence[str]) -> Amount | None:
        """The amount of a pair; None where one of the programs is gone."""
        if left not in self.shares or right not in self.shares:
            return None
        return amount_of(kind, self.shares[left], self.shares[right], sites, self.countries)


def write_amounts(ids: Sequence[int]) -> int:
    """Writes the amounts of these pairs as they are today, with their clusters; how many changed. Call it under
    `one_at_a_time`."""
    pairs = list(Overlap.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "left", "right", "kind", "sites"))
    amounts = Amounts(sorted({pk for _id, left, right, *_rest in pairs for pk in (left, right)}))
    rows = [
        {"id": pk, "money_usd": str(usd) if (usd := amount.usd) is not None else None,
         "smaller_id": amount.smaller, "parts": amount.as_json()}
        for pk, left, right, kind, sites in pairs
        if (amount := amounts.of(left, right, kind, sites)) is not None
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [timezone.now(), json.dumps(rows)])
        changed = [pk for (pk,) in cursor.fetchall()]
    update_clusters(changed)
    return len(changed)


@transaction.atomic
def write_missing_amounts(most: int = PAIRS_A_SWEEP) -> int:
    """Writes the amounts of pairs that were stored before amounts had parts, `most` of them; how many there were."""
    if not Overlap.objects.filter(parts__isnull=True).exists():
        return 0
    one_at_a_time()
    ids = list(Overlap.objects.filter(parts__isnull=True).order_by("-pk").values_list("pk", flat=True)[:most])
    write_amounts(ids)
    return len(ids)


def renew_stakes() -> int:
    """Writes the amounts and priorities of all pairs in clusters, some thousands at a time; how many changed."""
    ids = list(Overlap.objects.in_clusters().order_by("pk").values_list("pk", flat=True))
    changed = 0
    for first in range(0, len(ids), PAIRS_AT_A_TIME):
        with transaction.atomic():
            one_at_a_time()
            some = ids[first : first + PAIRS_AT_A_TIME]
            changed += write_amounts(some) + write_stakes(some)
    return changed
