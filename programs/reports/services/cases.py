"""Cases: the clusters of a report's pairs, put together while the pairs go by, cluster by cluster."""

from decimal import Decimal
from typing import Any

from programs.overlap.cases import Places
from programs.overlap.clustering import PairInCluster, figures_of, with_series
from programs.overlap.models import Overlap
from programs.overlap.profiles import stored_series
from programs.reports.services.wording import both

Row = dict[str, Any]


class Cases:
    """Takes the pairs in the order of their cluster; holds one cluster at a time, and those not yet fetched."""

    def __init__(self) -> None:
        self.money = Decimal(0)
        self._key: int | None = None
        self._pairs: list[PairInCluster] = []
        self._surest: Row = {}
        self._organizations: set[str] = set()
        self._done: list[tuple[list[PairInCluster], Row]] = []

    def add(self, overlap: Overlap, row: Row) -> None:
        """The next pair, and what is kept of it; the first of a cluster is its surest."""
        if row["case"] != self._key:
            self._close()
            self._key, self._surest = row["case"], row
        self._organizations.update((row["left"]["by"], row["right"]["by"]))
        self._pairs.append(
            PairInCluster(
                overlap.left_id,
                overlap.right_id,
                overlap.pk,
                tuple(overlap.sites),
                overlap.kind,
                overlap.score,
                overlap.money_usd,
                overlap.cluster_id,
            )
        )

    def ready(self, *, to_the_end: bool = False) -> list[tuple[Row, float]]:
        """The cases that are whole, each with what it weighs: score times money. Five queries."""
        if to_the_end:
            self._close()
        if not self._done:
            return []
        pairs_of_all = [pair for pairs, _row in self._done for pair in pairs]
        places = Places(pairs_of_all)
        series = stored_series(pk for pair in pairs_of_all for pk in (pair.left, pair.right))
        rows = [self._case(with_series(pairs, series), row, places) for pairs, row in self._done]
        self._done = []
        return rows

    def _case(self, pairs: list[PairInCluster], row: Row, places: Places) -> tuple[Row, float]:
        figures = figures_of(pairs)
        self.money += figures.money_usd or 0
        case = row | {
            "title": both(lambda: places.title(pairs)),
            "kinds": figures.kinds,
            "programs": figures.programs,
            "pairs": figures.pairs,
            "score": round(figures.score, 4),
            "money": None if figures.money_usd is None else str(figures.money_usd),
        }
        return case, float(figures.money_usd or 0) * figures.score + figures.score

    def _close(self) -> None:
        if not self._pairs:
            return
        kept = {"case": self._key, "organizations": sorted(self._organizations), "surest": self._surest}
        self._done.append((self._pairs, kept))
        self._pairs, self._organizations = [], set()
