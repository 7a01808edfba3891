"""Keeping clusters equal to their pairs, in the transaction that changes the pairs."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from programs.overlap.clustering import (
    ANYWHERE,
    Figures,
    PairInCluster,
    components,
    figures_of,
    inherited_ids,
    with_series,
)
from programs.overlap.models import CaseMoved, Cluster, ClusterDue, Overlap
from programs.overlap.profiles import stored_series
from programs.overlap.querysets import OverlapQuerySet
from programs.overlap.services.stakes import write_stakes
from programs.overlap.services.writing import one_at_a_time

_NEIGHBOURS = """
SELECT DISTINCT o.cluster_id FROM overlap_overlap mine
JOIN overlap_overlap o ON (o.left_id IN (mine.left_id, mine.right_id) OR o.right_id IN (mine.left_id, mine.right_id))
WHERE mine.id = ANY(%s) AND o.sites && mine.sites AND o.cluster_id IS NOT NULL
"""

_UPDATE_FIGURES = """
UPDATE overlap_cluster c SET score = r.score, kinds = r.kinds, money_usd = r.money_usd, programs = r.programs,
    pairs = r.pairs, updated_at = %s
FROM jsonb_to_recordset(%s) AS r(id bigint, score float8, kinds varchar[], money_usd numeric, programs int, pairs int)
WHERE c.id = r.id AND (c.score, c.kinds, c.money_usd, c.programs, c.pairs)
    IS DISTINCT FROM (r.score, r.kinds, r.money_usd, r.programs, r.pairs)
"""


def update_clusters(changed: Sequence[int], clusters: Iterable[int | None] = ()) -> None:
    """Makes clusters what their pairs say, after these pairs were made, changed or taken away.

    `clusters` are those that pairs which are gone were in. Looks at no cluster that has nothing to do with them. Call
    it under `one_at_a_time`, in the transaction of the change.
    """
    due = {cluster for cluster in clusters if cluster is not None} | _take_due()
    if not changed and not due:
        return
    touched = Q(pk__in=list(changed))
    due.update(Overlap.objects.filter(touched, cluster__isnull=False).values_list("cluster_id", flat=True))
    due.update(_neighbours(changed))
    _settle(Overlap.objects.filter(touched | Q(cluster__in=due)), due)


@transaction.atomic
def settle_due_clusters() -> None:
    """Looks at clusters that lost pairs without a scan: with a program that was deleted."""
    if ClusterDue.objects.exists():
        one_at_a_time()
        update_clusters([])


@transaction.atomic
def rebuild_clusters() -> None:
    """All clusters from all pairs; they keep their ids as far as they can."""
    one_at_a_time()
    _take_due()
    _settle(Overlap.objects.all(), set(Cluster.objects.values_list("pk", flat=True)))


def _settle(overlaps: OverlapQuerySet, old: set[int]) -> None:
    """Forms clusters of these pairs, which are all that the `old` clusters have."""
    overlaps.filter(~Q(is_flagged=True) | Q(state=Overlap.State.DISMISSED), cluster__isnull=False).update(
        cluster=None, updated_at=timezone.now()
    )
    rows = overlaps.filter(is_flagged=True).exclude(state=Overlap.State.DISMISSED).order_by("left", "right")
    stored = list(
        rows.values_list(
            "left_id", "right_id", "id", "sites", "kind", "score", "money_usd", "smaller_id", "cluster_id", "case"
        )
    )
    free = _free_ids({case for *_pair, cluster, case in stored if cluster is None and case is not None})
    series = stored_series(pk for left, right, *_pair in stored for pk in (left, right))
    pairs = (
        PairInCluster(
            left, right, pk, tuple(sites) or (ANYWHERE,), kind, score, money, cluster or free.get(case), smaller=smaller
        )
        for left, right, pk, sites, kind, score, money, smaller, cluster, case in stored
    )
    parts = components(with_series(pairs, series))
    figures = [figures_of(part) for part in parts]
    ids = _with_new_ids(inherited_ids(parts), figures)
    now = {pair.id: pk for part, pk in zip(parts, ids, strict=True) for pair in part}
    before = {pk: cluster for _left, _right, pk, *_pair, cluster, _case in stored}
    _move({pk: cluster for pk, cluster in now.items() if before[pk] != cluster})
    _write_figures(dict(zip(ids, figures, strict=True)))
    _lead_on(old - set(ids), before, now)
    Cluster.objects.filter(pk__in=old - set(ids)).delete()
    write_stakes(list(now))


def _free_ids(cases: set[int]) -> dict[int | None, int]:
    """Those of these cases whose cluster is gone and not part of another: a pair that comes back brings it back."""
    taken = set(Cluster.objects.filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()
    moved = set(CaseMoved.objects.filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()
    return {case: case for case in cases - taken - moved}


def _lead_on(gone: set[int], before: Mapping[int, int | None], now: dict[int, int]) -> None:
    """Lets cases that became part of others lead there: with most of their pairs; what was dismissed of them, too."""
    for case in sorted(gone):
        went = Counter(now[pk] for pk, cluster in before.items() if cluster == case)
        if went:
            there = min(went, key=lambda cluster: (-went[cluster], cluster))
            CaseMoved.objects.filter(now=case).update(now=there)
            CaseMoved.objects.update_or_create(case=case, defaults={"now": there})
            Overlap.objects.filter(case=case, cluster__isnull=True).update(case=there)


def _with_new_ids(ids: list[int | None], figures: list[Figures]) -> list[int]:
    there = set(Cluster.objects.filter(pk__in=[pk for pk in ids if pk is not None]).values_list("pk", flat=True))
    new = Cluster.objects.bulk_create(
        Cluster(
            pk=pk,
            score=figure.score,
            kinds=figure.kinds,
            money_usd=figure.money_usd,
            programs=figure.programs,
            pairs=figure.pairs,
        )
        for pk, figure in zip(ids, figures, strict=True)
        if pk not in there
    )
    made = iter(new)
    return [pk if pk in there else next(made).pk for pk in ids]


def _move(clusters: dict[int, int]) -> None:
    """Puts pairs (by id) into clusters."""
    if not clusters:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            # A copy of the overlaps has a change to read.
            'UPDATE overlap_overlap o SET cluster_id = m.cluster, "case" = m.cluster, updated_at = %s'
            " FROM unnest(%s::bigint[], %s::bigint[]) AS m(id, cluster) WHERE o.id = m.id",
            [timezone.now(), list(clusters), list(clusters.values())],
        )


def _write_figures(figures: dict[int, Figures]) -> None:
    rows = [
        {
            "id": pk,
            "score": of_it.score,
            "kinds": of_it.kinds,
            "money_usd": None if of_it.money_usd is None else str(of_it.money_usd),
            "programs": of_it.programs,
            "pairs": of_it.pairs,
        }
        for pk, of_it in figures.items()
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE_FIGURES, [timezone.now(), json.dumps(rows)])


def _neighbours(changed: Sequence[int]) -> set[int]:
    """Clusters with a pair that shares a program and a place with one of these."""
    if not changed:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_NEIGHBOURS, [list(changed)])
        return {pk for (pk,) in cursor.fetchall()}


def _take_due() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM overlap_clusterdue RETURNING cluster_id")
        return {pk for (pk,) in cursor.fetchall()}
