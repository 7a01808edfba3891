"""Clusters as one user sees them: figures and names from the pairs that the user may see, and from nothing else."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.db.models import Case, F, Q, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Area, Country, Region
from programs.models import ProgramLocation
from programs.overlap.clustering import ANYWHERE, Figures, PairInCluster, figures_of, series_among, with_series
from programs.overlap.describe import place_name
from programs.overlap.engine.text import plain_words
from programs.overlap.formula import Formula, in_words, stake_of_pair, where_of
from programs.overlap.models import Overlap
from programs.overlap.profiles import stored_series
from programs.overlap.querysets import OverlapQuerySet
from programs.overlap.stake import Priority, priority_of
from programs.querysets import among

# A pair that never was in a cluster is a case of its own, under its id with a minus.
KEY = Case(When(case__isnull=False, then=F("case")), default=-F("pk"))
# The weightiest pair of a case first.
WEIGHTIEST = ("-stake", "-score", "-pk")


@dataclass(frozen=True)
class PairRow(PairInCluster):
    """A pair as its case needs it; its duplicate report and the assignee by their ids. `is_in_it`: flagged and not
    dismissed."""

    state: str
    second_report: int | None
    assignee: int | None
    stake: float
    is_in_it: bool


_READ = ("left_id", "right_id", "id", "sites", "kind", "score", "money_usd", "case", "state")
_READ_BESIDE = ("second_report_id", "assignee_id", "stake", "cluster_id", "smaller_id")


def pair_rows(pairs: OverlapQuerySet) -> list[PairRow]:
    """The pairs as their cases need them, the highest priority first: two queries."""
    read = pairs.order_by(*WEIGHTIEST).values_list(*_READ, *_READ_BESIDE)
    rows = [
        PairRow(left, right, pk, tuple(sites), *others, cluster is not None, smaller=smaller)
        for left, right, pk, sites, *others, cluster, smaller in read
    ]
    return with_series(rows, stored_series(pk for row in rows for pk in (row.left, row.right)))


def what_it_is_about(rows: Sequence[PairRow]) -> list[PairRow]:
    """Of all pairs of a case those that it is about (querysets.of_case): those in it; where all were dismissed or are
    flagged no longer, those it was about."""
    return [row for row in rows if row.is_in_it] or list(rows)


def rows_by_case(visible: OverlapQuerySet, keys: Collection[int]) -> dict[int, list[PairRow]]:
    """By its key each of these cases with the pairs it is about, of those that the reader may see, the highest priority
    first: two queries."""
    rows = _all_by_case(visible, keys)
    return {key: what_it_is_about(rows[key]) for key in keys if key in rows}


def _all_by_case(visible: OverlapQuerySet, keys: Collection[int]) -> dict[int, list[PairRow]]:
    """The same with the pairs that these cases are no longer about."""
    clusters, single = [key for key in keys if key > 0], [-key for key in keys if key < 0]
    rows: dict[int, list[PairRow]] = defaultdict(list)
    for row in pair_rows(visible.filter(Q(case__in=clusters) | Q(case__isnull=True, pk__in=single))):
        rows[row.cluster or -row.id].append(row)
    return rows


def leading(rows: Sequence[PairRow]) -> PairRow:
    """The pair that a case has its priority from: the weightiest open one; where none is open, the weightiest."""
    return next((row for row in rows if row.state == Overlap.State.OPEN), rows[0])


@dataclass
class OverlapCase:
    """A cluster, or a pair without one: what a row of a list shows. `rows` are its pairs, those of the highest priority
    first; `found` are those of them that a list is about, and `shown` the first of these. On its own page, `formula`
    says how its amount and its priority come about."""

    key: int
    rows: list[PairRow]
    title: str
    shown: list[Overlap] = field(default_factory=list)
    found: list[PairRow] | None = None
    formula: Formula | None = None

    @cached_property
    def figures(self) -> Figures:
        return figures_of(self.rows)

    @property
    def money_usd(self) -> Decimal | None:
        """What may be spent or counted twice in it, in US dollars; None where unknown."""
        return self.figures.money_usd

    @property
    def lead(self) -> PairRow:
        return leading(self.rows)

    @property
    def points(self) -> int:
        """Its priority, 0 to 100."""
        return round(self.lead.stake)

    @property
    def priority(self) -> Priority:
        return priority_of(self.lead.stake)

    @property
    def state(self) -> str:
        """Open as long as one of its pairs is; else confirmed, if one is."""
        states = {row.state for row in self.found or self.rows}
        return next((str(state) for state in Overlap.State if state in states), "")

    @property
    def state_label(self) -> str:
        return str(Overlap.State(self.state).label) if self.state else ""

    @property
    def first_pair(self) -> Overlap:
        """The shown pair of the highest priority."""
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


def cases_of_pairs(
    pairs: OverlapQuerySet, keys: Collection[int], most: int, visible: OverlapQuerySet | None = None
) -> list[OverlapCase]:
    """These cases, in this order, each with its `most` weightiest of these pairs; a fixed number of queries. Amounts
    and priorities are of all that is `visible` to the reader of them, whatever a list was narrowed to; of a pair that a
    case is no longer about, they are its own."""
    whole = _all_by_case(pairs if visible is None else visible, keys)
    ids = {row.id for of_it in whole.values() for row in of_it}
    wanted = ids if visible is None else set(pairs.filter(pk__in=ids).values_list("pk", flat=True))
    there = []
    for key in keys:
        about = what_it_is_about(whole[key]) if key in whole else []
        if found := [row for row in about if row.id in wanted]:
            there.append((key, about, found))
        elif found := [row for row in whole.get(key, ()) if row.id in wanted]:
            there.append((key, found, found))
    shown = {row.id for _key, _whole, of_it in there for row in of_it[:most]}
    overlaps = Overlap.objects.for_list().in_bulk(shown)
    places = Places(row for _key, of_it, _wanted in there for row in of_it)
    overlap_cases = [
        OverlapCase(
            key,
            of_it,
            places.title(of_it),
            [overlaps[row.id] for row in found[:most] if row.id in overlaps],
            found,
        )
        for key, of_it, found in there
    ]
    # A scan may have taken the pairs away since they were found.
    return [overlap_case for overlap_case in overlap_cases if overlap_case.shown]


def formula_of_pair(overlap: Overlap) -> Formula:
    """The formula of one pair by itself; three queries."""
    return Formula(stake_of_pair(overlap), [in_words(overlap, Places([], where_of([overlap])).name)], 0)


class Places:
    """Names of the places where pairs meet, localities as the pairs' programs write them: four queries, then none."""

    def __init__(self, pairs: Iterable[PairInCluster], more: Iterable[str] = ()) -> None:
        sites: set[str] = set(more)
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
