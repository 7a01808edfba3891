"""Cases: the clusters of a report's pairs, put together while the pairs go by, cluster by cluster."""

from decimal import Decimal
from typing import Any

from programs.overlap.cases import PairRow, Places, leading, rows_by_case
from programs.overlap.clustering import PairInCluster, figures_of, money_at_stake, with_series
from programs.overlap.models import Overlap
from programs.overlap.profiles import stored_series
from programs.overlap.querysets import OverlapQuerySet
from programs.overlap.stake import priority_of
from programs.reports.services.wording import both

Row = dict[str, Any]


class Cases:
    """Takes the pairs in the order of their cluster; holds one cluster at a time, and those not yet fetched.

    What a case may cost twice, and its priority, are of all pairs of it that are `visible` to the reader, whatever the
    report was narrowed to: the same as on the pages.
    """

    def __init__(self, visible: OverlapQuerySet) -> None:
        self.visible = visible
        self.money = Decimal(0)
        self.unknown = 0
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
        """The cases that are whole, each with what it weighs: its priority. Seven queries."""
        if to_the_end:
            self._close()
        if not self._done:
            return []
        pairs_of_all = [pair for pairs, _row in self._done for pair in pairs]
        places = Places(pairs_of_all)
        series = stored_series(pk for pair in pairs_of_all for pk in (pair.left, pair.right))
        whole = rows_by_case(self.visible, [row["case"] for _pairs, row in self._done])
        rows = [self._case(with_series(pairs, series), row, places, whole[row["case"]]) for pairs, row in self._done]
        self._done = []
        return rows

    def _case(self, pairs: list[PairInCluster], row: Row, places: Places, whole: list[PairRow]) -> tuple[Row, float]:
        figures, money, lead = figures_of(pairs), money_at_stake(whole), leading(whole)
        self.money += money or 0
        self.unknown += money is None
        case = row | {
            "title": both(lambda: places.title(pairs)),
            "kinds": figures.kinds,
            "programs": figures.programs,
            "pairs": figures.pairs,
            "score": round(figures.score, 4),
            "money": None if money is None else str(money),
            "priority": str(priority_of(lead.stake)),
            "points": round(lead.stake),
        }
        return case, lead.stake

    def _close(self) -> None:
        if not self._pairs:
            return
        kept = {"case": self._key, "organizations": sorted(self._organizations), "surest": self._surest}
        self._done.append((self._pairs, kept))
        self._pairs, self._organizations = [], set()
