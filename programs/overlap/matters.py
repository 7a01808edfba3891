"""Clusters as one user sees them: figures and names from the pairs that the user may see, and from nothing else."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Func, Max, Q, QuerySet, Value, When, Window
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Area, Country, Region
from programs.overlap.clustering import ANYWHERE, Figures, PairInCluster, figures_of
from programs.overlap.models import Overlap
from programs.overlap.querysets import OverlapQuerySet

# A pair that never was in a cluster is a matter of its own, under its id with a minus.
KEY = Case(When(case__isnull=False, then=F("case")), default=-F("pk"))
# What orders of matters go by: the greatest of their pairs. No more than an order needs is reckoned of 50,000.
FIGURES_ORDERED_BY = {"most": "stake", "highest": "score", "money": "money_usd", "newest": "first_flagged_at"}
ORDERED_BY = {
    "stake": ("most", "highest"),
    "score": ("highest", "money"),
    "money": ("money", "highest"),
    "newest": ("newest",),
}
# In which orders matters may come.
ORDERS = {
    order: (*(F(name).desc(nulls_last=True) for name in names), F("key").desc()) for order, names in ORDERED_BY.items()
}


@dataclass
class Matter:
    """A cluster, or a pair without one: what a row of a list shows. `shown` are its surest pairs."""

    key: int
    figures: Figures
    title: str
    shown: list[Overlap] = field(default_factory=list)
    states: frozenset[str] = frozenset()

    @property
    def state(self) -> str:
        """Open as long as one of its pairs is; else confirmed, if one is."""
        return next((str(state) for state in Overlap.State if state in self.states), "")

    @property
    def state_label(self) -> str:
        return str(Overlap.State(self.state).label) if self.state else ""

    @property
    def weightiest(self) -> Overlap:
        """The pair of most at stake."""
        return self.shown[0]

    @property
    def assignees(self) -> list[str]:
        """Who sees to it."""
        return sorted({overlap.assignee.shown_name for overlap in self.shown if overlap.assignee})

    @property
    def cluster_id(self) -> int | None:
        return self.key if self.key > 0 else None

    @property
    def kinds(self) -> list[str]:
        """Its kinds in words."""
        return [str(Overlap.Kind(kind).label) for kind in self.figures.kinds]

    @property
    def organizations(self) -> list[str]:
        """Who reports the programs of the shown pairs."""
        return sorted({str(side.reporting_org) for overlap in self.shown for side in overlap.sides})


class _Over(Func):
    """A plain function over a window: the framework's own aggregates take no aggregates."""

    window_compatible = True


@dataclass(frozen=True)
class MatterPage:
    """A page of matters: their keys in order, the page for its links, and how many pairs all matters have."""

    keys: list[int]
    page: Page
    pairs: int


def page_of(pairs: OverlapQuerySet, order: str, asked: str | None, size: int) -> MatterPage:
    """The page that was asked for of the matters of these pairs, in one of ORDERS; past the end, the last one.

    One query: the matters are grouped once for the page and for how many there are."""
    counted = (
        _grouped(pairs, order)
        .annotate(matters=Window(_Over(Value(1), function="COUNT")), pairs=Window(_Over(F("of_it"), function="SUM")))
        .order_by(*ORDERS[order])
    )
    number = int(asked or 1) if (asked or "1").isdecimal() and len(asked or "") < 10 else 0
    paginator = Paginator(counted, size)
    rows = list(counted[(number - 1) * size : number * size]) if number else []
    if rows:
        paginator.count = rows[0]["matters"]
        page = Page(rows, number, paginator)
        return MatterPage([row["key"] for row in rows], page, rows[0]["pairs"])
    numbers = pairs.order_by().aggregate(matters=Count(KEY, distinct=True), pairs=Count("pk"))
    paginator.count = numbers["matters"]
    page = paginator.get_page(asked)
    return MatterPage([row["key"] for row in page.object_list], page, numbers["pairs"])


def _grouped(pairs: OverlapQuerySet, order: str) -> "QuerySet[Overlap, Any]":
    """The matters of these pairs as rows of `key`, how many pairs are `of_it`, and what the order goes by."""
    greatest = {name: Max(field) for name, field in FIGURES_ORDERED_BY.items() if name in ORDERED_BY[order]}
    return pairs.order_by().annotate(key=KEY).values("key").annotate(of_it=Count("pk"), **greatest)


def matters_of(pairs: OverlapQuerySet, keys: Collection[int], most: int, known: Iterable[Overlap] = ()) -> list[Matter]:
    """These matters, in this order, each with its `most` surest pairs; a fixed number of queries.

    `known` are pairs that were read `for_list` before: fewer are read, perhaps none."""
    clusters, single = [key for key in keys if key > 0], [-key for key in keys if key < 0]
    rows: dict[int, list[PairInCluster]] = defaultdict(list)
    there = pairs.filter(Q(case__in=clusters) | Q(case__isnull=True, pk__in=single)).order_by("-stake", "-score", "-pk")
    states: dict[int, set[str]] = defaultdict(set)
    for left, right, pk, sites, kind, score, money, cluster, state in there.values_list(
        "left_id", "right_id", "id", "sites", "kind", "score", "money_usd", "case", "state"
    ):
        states[cluster or -pk].add(state)
        rows[cluster or -pk].append(PairInCluster(left, right, pk, tuple(sites), kind, score, money, cluster))
    places = Places(site for of_it in rows.values() for pair in of_it for site in pair.sites)
    overlaps = {overlap.pk: overlap for overlap in known}
    wanted = {pair.id for of_it in rows.values() for pair in of_it[:most]} - overlaps.keys()
    overlaps |= {overlap.pk: overlap for overlap in pairs.for_list().filter(pk__in=wanted)}
    return [
        Matter(
            key,
            figures_of(rows[key]),
            places.title(rows[key]),
            [overlaps[pair.id] for pair in rows[key][:most] if pair.id in overlaps],
            frozenset(states[key]),
        )
        for key in keys
        if key in rows
    ]


class Places:
    """Names of the places where pairs meet: three queries, then none."""

    def __init__(self, sites: Iterable[str]) -> None:
        codes = {site.split("/")[0] for site in sites} - {ANYWHERE}
        self.areas = Area.objects.in_bulk(code for code in codes if "-" in code)
        self.countries = Country.objects.in_bulk(
            {code[:2] for code in codes if code not in self.areas and not code.isdigit()}
        )
        self.regions = Region.objects.in_bulk(code for code in codes if code.isdigit())

    def name(self, site: str) -> str:
        """A site in words: Choloma, Honduras; empty where it is nowhere."""
        code, _slash, locality = site.partition("/")
        known = self.areas.get(code) or self.countries.get(code) or self.regions.get(code)
        return ", ".join(part for part in (locality.title(), str(known) if known else "") if part)

    def title(self, pairs: Collection[PairInCluster]) -> str:
        """How many programs, and where most of the pairs meet."""
        number = len({pk for pair in pairs for pk in (pair.left, pair.right)})
        programs = ngettext("%(number)s program", "%(number)s programs", number) % {"number": number}
        counted = Counter(site for pair in pairs for site in pair.sites)
        site = min(counted, key=lambda site: (-counted[site], site), default=ANYWHERE)
        place = self.name(site)
        return _("%(programs)s in %(place)s") % {"programs": programs, "place": place} if place else programs
