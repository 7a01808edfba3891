"""Pages of cases in an order: by the number that each case shows to its reader."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Func, Max, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce

from programs.overlap.cases import KEY, leading, rows_by_case
from programs.overlap.clustering import money_at_stake
from programs.overlap.models import Overlap
from programs.overlap.querysets import OverlapQuerySet

if TYPE_CHECKING:
    from donors.models import User

# In which orders cases may come: by the greatest that one of their pairs has of this; of as much, by their keys, the
# greatest first.
ORDERED_BY = {"stake": "stake", "score": "score", "money": "money_usd", "newest": "first_flagged_at"}
# Those of them that are a case's own: they do not depend on what a list was narrowed to.
OF_THE_CASE = ("stake", "money")
# So many cases are found by following the pairs in the order; so many pairs are read for each at first, and more for
# a large one.
MOST_FOLLOWED = 600
PAIRS_A_MATTER, PAIRS_OF_A_LARGE_ONE = 3, 100


class _Over(Func):
    """A plain function over a window: the framework's own aggregates take no aggregates."""

    window_compatible = True


@dataclass(frozen=True)
class CasePage:
    """A page of cases: their keys in order, the page for its links, and how many pairs all cases have."""

    keys: list[int]
    page: Page
    pairs: int


@dataclass(frozen=True)
class Asked:
    """Which pairs a list is of. `narrowed`: those that a search among programs left, which is dear to make twice.
    `all_open`: all open pairs that the reader may see. `dismissed`: there may be dismissed ones among them."""

    narrowed: bool = False
    all_open: bool = False
    dismissed: bool = False


def page_of(
    pairs: OverlapQuerySet, order: str, page: str | None, size: int, *, user: "User", asked: Asked = Asked()
) -> CasePage:
    """The page that was asked for of the cases of these pairs, in an order of ORDERED_BY; past the end, the last one.

    What a case shows of itself is of all its pairs that `user` may see, and so is its place in the order. Of all open
    pairs the first ones in the order lead to the page, and only the counting goes through all of them; a page beyond
    MOST_FOLLOWED, and every page of a narrower list, is found by grouping.
    """
    is_of_the_case = order in OF_THE_CASE and not (order == "stake" and asked.all_open)
    if is_of_the_case and (asked.dismissed or not user.sees_everything):
        return _corrected_page(pairs, order, page, size, user)
    overlap_cases = _grouped(pairs, order, is_of_the_case)
    paginator = Paginator(overlap_cases, size)
    is_grouped = asked.narrowed or is_of_the_case
    if is_grouped and (found := _grouped_page(overlap_cases, paginator, page)):
        return found
    numbers = pairs.order_by().aggregate(
        pairs=Count("pk"), alone=Count("pk", filter=Q(case__isnull=True)), cases=Count("case", distinct=True)
    )
    paginator.count = numbers["alone"] + numbers["cases"]
    of_it = paginator.get_page(page)
    if is_grouped or of_it.end_index() > MOST_FOLLOWED:
        return CasePage([row["key"] for row in of_it], of_it, numbers["pairs"])
    keys = _followed(pairs, order, max(0, of_it.start_index() - 1), of_it.end_index())
    return CasePage(keys, of_it, numbers["pairs"])


def first_cases(pairs: OverlapQuerySet, most: int) -> list[int]:
    """The keys of the cases with the highest priority among these, which are all open pairs that somebody may see."""
    return _followed(pairs, "stake", 0, most)


def _grouped(pairs: OverlapQuerySet, order: str, is_of_the_case: bool) -> "QuerySet[Overlap, Any]":
    """The cases of these pairs in the order, as rows of `key`, how many pairs are `of_it`, and what they are ordered
    by: what their clusters keep, or else the greatest of these pairs."""
    name = ORDERED_BY[order]
    value: Any = Coalesce(F(f"cluster__{name}"), F(name)) if is_of_the_case else F(name)
    grouped = pairs.order_by().annotate(key=KEY).values("key").annotate(of_it=Count("pk"), most=Max(value))
    return grouped.order_by(F("most").desc(nulls_last=True), "-key")


def _grouped_page(overlap_cases: "QuerySet[Overlap, Any]", paginator: Paginator, asked: str | None) -> CasePage | None:
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


def _corrected_page(pairs: OverlapQuerySet, order: str, asked: str | None, size: int, user: "User") -> CasePage:
    """The page where the figures that clusters keep are not those of every case: of some the reader may not see all
    pairs, and dismissed ones are in none. Four queries."""
    visible = Overlap.objects.visible_to(user)
    outside = Count("pk", filter=Q(case__isnull=False, cluster__isnull=True))
    found = {row["key"]: row for row in _grouped(pairs, order, True).annotate(outside=outside)}
    partly = visible.in_clusters().order_by().values("cluster").annotate(n=Count("pk")).exclude(n=F("cluster__pairs"))
    own = found.keys() & set(partly.values_list("cluster", flat=True))
    own |= {key for key, row in found.items() if row["outside"]}
    for key, rows in rows_by_case(visible, own).items():
        found[key]["most"] = leading(rows).stake if order == "stake" else money_at_stake(rows)
    ranked = sorted(
        found.values(), key=lambda row: (row["most"] is not None, row["most"] or 0, row["key"]), reverse=True
    )
    page = Paginator(ranked, size).get_page(asked)
    return CasePage([row["key"] for row in page], page, sum(row["of_it"] for row in ranked))


def _followed(pairs: OverlapQuerySet, order: str, start: int, end: int) -> list[int]:
    """The keys of the cases from `start` to `end`: those whose first pair in the order comes then, as `_grouped` has
    them."""
    name = ORDERED_BY[order]
    # An index in the order is of use for what is said as it says it: without a word on nulls where there are none.
    nulls_last = Overlap._meta.get_field(name).null or None
    in_order = (
        pairs.annotate(key=KEY).order_by(F(name).desc(nulls_last=nulls_last), "-key").values_list("key", flat=True)
    )
    limit = PAIRS_A_MATTER * end + PAIRS_OF_A_LARGE_ONE
    while True:
        keys = list(in_order[:limit])
        found = list(dict.fromkeys(keys))
        if len(found) >= end or len(keys) < limit:
            return found[start:end]
        limit *= 8
