"""Clusters as one user sees them: figures and names from the pairs that the user may see, and from nothing else."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Func, Max, Q, QuerySet, Value, When, Window
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Area, Country, Region
from programs.models import ProgramLocation
from programs.overlap.clustering import ANYWHERE, Figures, PairInCluster, figures_of, series_among, with_series
from programs.overlap.describe import place_name
from programs.overlap.engine.text import plain_words
from programs.overlap.models import Overlap
from programs.overlap.profiles import stored_series
from programs.overlap.querysets import OverlapQuerySet
from programs.querysets import among

# A pair that never was in a cluster is a case of its own, under its id with a minus.
KEY = Case(When(case__isnull=False, then=F("case")), default=-F("pk"))
# In which orders cases may come: by the greatest that one of their pairs has of this; of as much, by their keys, the
# greatest first.
ORDERED_BY = {"stake": "stake", "score": "score", "money": "money_usd", "newest": "first_flagged_at"}
# So many cases are found by following the pairs in the order; so many pairs are read for each at first, and more for
# a large one.
MOST_FOLLOWED = 600
PAIRS_A_MATTER, PAIRS_OF_A_LARGE_ONE = 3, 100
# The weightiest pair of a case first.
WEIGHTIEST = ("-stake", "-score", "-pk")


@dataclass(frozen=True)
class PairRow(PairInCluster):
    """A pair as its case needs it; its duplicate report and the assignee by their ids."""

    state: str
    second_report: int | None
    assignee: int | None


_READ = ("left_id", "right_id", "id", "sites", "kind", "score", "money_usd", "case", "state")


def pair_rows(pairs: OverlapQuerySet) -> list[PairRow]:
    """The pairs as their cases need them, the highest priority first: two queries."""
    read = pairs.order_by(*WEIGHTIEST).values_list(*_READ, "second_report_id", "assignee_id")
    rows = [PairRow(left, right, pk, tuple(sites), *others) for left, right, pk, sites, *others in read]
    return with_series(rows, stored_series(pk for row in rows for pk in (row.left, row.right)))


@dataclass
class OverlapCase:
    """A cluster, or a pair without one: what a row of a list shows. `rows` are its pairs, those of the highest priority
    first; `shown` are the first of them."""

    key: int
    rows: list[PairRow]
    title: str
    shown: list[Overlap] = field(default_factory=list)

    @cached_property
    def figures(self) -> Figures:
        return figures_of(self.rows)

    @property
    def state(self) -> str:
        """Open as long as one of its pairs is; else confirmed, if one is."""
        states = {row.state for row in self.rows}
        return next((str(state) for state in Overlap.State if state in states), "")

    @property
    def state_label(self) -> str:
        return str(Overlap.State(self.state).label) if self.state else ""

    @property
    def first_pair(self) -> Overlap:
        """The pair of the highest priority."""
        return self.shown[0]

    @property
    def assignees(self) -> list[str]:
        """The people it is assigned to."""
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
class CasePage:
    """A page of cases: their keys in order, the page for its links, and how many pairs all cases have."""

    keys: list[int]
    page: Page
    pairs: int


def page_of(pairs: OverlapQuerySet, order: str, asked: str | None, size: int, narrowed: bool = False) -> CasePage:
    """The page that was asked for of the cases of these pairs, in an order of ORDERED_BY; past the end, the last one.

    `narrowed`: the pairs are those that a search among programs left, which is dear to make twice; one query then
    groups them and counts. Else two queries are quicker than grouping all: the first pairs in the order lead to the
    page, and only the counting goes through all of them. A page beyond MOST_FOLLOWED is found by grouping.
    """
    overlap_cases = _grouped(pairs, order)
    paginator = Paginator(overlap_cases, size)
    if narrowed and (found := _narrowed_page(overlap_cases, paginator, asked)):
        return found
    numbers = pairs.order_by().aggregate(
        pairs=Count("pk"), alone=Count("pk", filter=Q(case__isnull=True)), cases=Count("case", distinct=True)
    )
    paginator.count = numbers["alone"] + numbers["cases"]
    page = paginator.get_page(asked)
    keys = _followed(pairs, order, page) if page.end_index() <= MOST_FOLLOWED else [row["key"] for row in page]
    return CasePage(keys, page, numbers["pairs"])


def _grouped(pairs: OverlapQuerySet, order: str) -> "QuerySet[Overlap, Any]":
    """The cases of these pairs in the order, as rows of `key` and how many pairs are `of_it`."""
    grouped = pairs.order_by().annotate(key=KEY).values("key").annotate(of_it=Count("pk"), most=Max(ORDERED_BY[order]))
    return grouped.order_by(F("most").desc(nulls_last=True), "-key")


def _narrowed_page(overlap_cases: "QuerySet[Overlap, Any]", paginator: Paginator, asked: str | None) -> CasePage | None:
    """The page by one query; None where there is no such page."""
    number = int(asked or 1) if (asked or "1").isdecimal() and len(asked or "") < 10 else 0
    counted = overlap_cases.annotate(
        overlap_cases=Window(_Over(Value(1), function="COUNT")), pairs=Window(_Over(F("of_it"), function="SUM"))
    )
    rows = list(counted[(number - 1) * paginator.per_page : number * paginator.per_page]) if number else []
    if not rows:
        return None
    paginator.count = rows[0]["overlap_cases"]
    return CasePage([row["key"] for row in rows], Page(rows, number, paginator), rows[0]["pairs"])


def _followed(pairs: OverlapQuerySet, order: str, page: Page) -> list[int]:
    """The keys of the page's cases: those whose first pair in the order comes then, as `_grouped` has them."""
    name = ORDERED_BY[order]
    # An index in the order is of use for what is said as it says it: without a word on nulls where there are none.
    nulls_last = Overlap._meta.get_field(name).null or None
    in_order = (
        pairs.annotate(key=KEY).order_by(F(name).desc(nulls_last=nulls_last), "-key").values_list("key", flat=True)
    )
    wanted = page.end_index()
    limit = PAIRS_A_MATTER * wanted + PAIRS_OF_A_LARGE_ONE
    while True:
        keys = list(in_order[:limit])
        found = list(dict.fromkeys(keys))
        if len(found) >= wanted or len(keys) < limit:
            return found[max(0, page.start_index() - 1) : wanted]
        limit *= 8


def cases_of_pairs(pairs: OverlapQuerySet, keys: Collection[int], most: int) -> list[OverlapCase]:
    """These cases, in this order, each with its `most` weightiest pairs; a fixed number of queries."""
    clusters, single = [key for key in keys if key > 0], [-key for key in keys if key < 0]
    rows: dict[int, list[PairRow]] = defaultdict(list)
    for row in pair_rows(pairs.filter(Q(case__in=clusters) | Q(case__isnull=True, pk__in=single))):
        rows[row.cluster or -row.id].append(row)
    there = [(key, rows[key]) for key in keys if key in rows]
    places = Places(pair for _key, of_it in there for pair in of_it)
    shown = {pair.id for _key, of_it in there for pair in of_it[:most]}
    overlaps = Overlap.objects.for_list().in_bulk(shown)
    overlap_cases = [
        OverlapCase(
            key, of_it, places.title(of_it), [overlaps[pair.id] for pair in of_it[:most] if pair.id in overlaps]
        )
        for key, of_it in there
    ]
    # A scan may have taken the pairs away since they were found.
    return [overlap_case for overlap_case in overlap_cases if overlap_case.shown]


class Places:
    """Names of the places where pairs meet, localities as the pairs' programs write them: four queries, then none."""

    def __init__(self, pairs: Iterable[PairInCluster]) -> None:
        sites: set[str] = set()
        programs: set[int] = set()
        for pair in pairs:
            sites.update(pair.sites)
            programs.update((pair.left, pair.right))
        codes = {site.partition("/")[0] for site in sites} - {ANYWHERE}
        self.areas = Area.objects.defer("outline").in_bulk(code for code in codes if "-" in code)
        self.countries = Country.objects.in_bulk(
            {code[:2] for code in codes if code not in self.areas and not code.isdigit()}
        )
        self.regions = Region.objects.in_bulk(code for code in codes if code.isdigit())
        self._written = _with_accents(programs) if any("/" in site for site in sites) else {}

    def name(self, site: str) -> str:
        """A site in words: Choloma, Honduras; empty where it is nowhere."""
        code, _slash, locality = site.partition("/")
        known = self.areas.get(code) or self.countries.get(code) or self.regions.get(code)
        written = place_name(self._written.get(locality, locality))
        return ", ".join(part for part in (written, str(known) if known else "") if part)

    def title(self, pairs: Collection[PairInCluster]) -> str:
        """How many programs, and where most of the pairs meet; and how many of them are records of a series."""
        number = len({pk for pair in pairs for pk in (pair.left, pair.right)})
        programs = ngettext("%(number)s program", "%(number)s programs", number) % {"number": number}
        counted = Counter(site for pair in pairs for site in pair.sites)
        site = min(counted, key=lambda site: (-counted[site], site), default=ANYWHERE)
        place = self.name(site)
        title = _("%(programs)s in %(place)s") % {"programs": programs, "place": place} if place else programs
        if not (series := series_among(pairs)):
            return title
        values = {"title": title, "records": sum(series), "series": len(series)}
        return (
            ngettext(
                "%(title)s (%(records)s of them one series)",
                "%(title)s (%(records)s of them %(series)s series)",
                len(series),
            )
            % values
        )


def _with_accents(programs: Iterable[int]) -> dict[str, str]:
    """Localities of these programs in small letters, by the form that the engine compares; where some write accents
    and others none, with them."""
    named = ProgramLocation.objects.filter(program__in=among(programs)).exclude(name="")
    written = named.order_by("name").values_list("name", flat=True).distinct()
    return {" ".join(plain_words(name)): name.lower() for name in sorted(written, key=lambda name: not name.isascii())}
