"""What is wrong with the rows of a program's lists, said by row and field before the database would refuse them."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.dates import END_BEFORE_START, FIRST_DATE, LAST_DATE, OUT_OF_RANGE, end_before_start, is_plausible
from goals.currencies import currency_codes
from programs.services import MOST_INDICATORS

# By these, each row of a list is another one.
ONCE = {
    "translations": ("language",),
    "participations": ("organization_id", "role"),
    "coverages": ("country_id", "region_id"),
    "goals": ("goal_id",),
    "sectors": ("sector_id",),
}

Row = dict[str, Any]
# The field that it is about (empty: the row as a whole), and the sentence.
Wrong = Iterator[tuple[str, str]]


def wrong_rows(name: str, rows: list[Row]) -> dict[int, dict[str, list[str]]]:
    """What is wrong with the rows of the list of that name: number of the row -> field -> sentences."""
    found: dict[int, dict[str, list[str]]] = {}
    seen: set[tuple[Any, ...]] = set()
    for number, row in enumerate(rows):
        wrong = [wrong for check in CHECKS.get(name, ()) for wrong in check(row)]
        if key := _key(name, row):
            if key in seen:
                wrong.append(("", _("This row appears twice in the list.")))
            seen.add(key)
        for field, sentence in wrong:
            found.setdefault(number, {}).setdefault(field or "non_field_errors", []).append(sentence)
    return found


def _key(name: str, row: Row) -> tuple[Any, ...] | None:
    if name == "locations":
        return (row.get("area_id"), row.get("name", "")) if row.get("latitude") is None else None
    return tuple(row.get(field) for field in ONCE[name]) if name in ONCE else None


def _share(row: Row) -> Wrong:
    share = row.get("percentage")
    if share is not None and not 0 < share <= 100:
        yield "percentage", _("A percentage must be more than 0 and at most 100.")


def _country_or_region(row: Row) -> Wrong:
    if (row.get("country_id") is None) == (row.get("region_id") is None):
        yield "", _("Give either a country or a region.")


def _where(row: Row) -> Wrong:
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if (latitude is None) != (longitude is None):
        yield ("longitude" if longitude is None else "latitude"), _("A point needs a latitude and a longitude.")
    for field, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if value is not None and not -most <= value <= most:
            yield field, _("It must be between -%(most)s and %(most)s degrees.") % {"most": most}
    if row.get("area_id") is None and not row.get("name") and latitude is None and longitude is None:
        yield "", _("Give the place: an area, a name or a point.")


def _says_something(row: Row) -> Wrong:
    if not row.get("title") and not row.get("description"):
        yield "title", _("Give a title or a description.")


def _currency(row: Row) -> Wrong:
    if row["currency"] not in currency_codes():
        sentence = _("“%(text)s” is not a currency. Write its three-letter code, such as USD.")
        yield "currency", sentence % {"text": row["currency"]}


def _days(row: Row) -> Wrong:
    for field in ("date", "value_date", "period_start", "period_end"):
        if (day := row.get(field)) and not is_plausible(day):
            yield field, OUT_OF_RANGE
    start, end = row.get("period_start"), row.get("period_end")
    if start and end and end < start:
        yield "period_end", end_before_start(start, end)


def _period(row: Row) -> Wrong:
    for field in ("start", "end"):
        if not is_plausible(row[field]):
            yield field, OUT_OF_RANGE
    if row["end"] < row["start"]:
        yield "end", END_BEFORE_START


def _baseline(row: Row) -> Wrong:
    year = row.get("baseline_year")
    if year is not None and not FIRST_DATE.year <= year <= LAST_DATE.year:
        yield "baseline_year", OUT_OF_RANGE
    if year is None and (row.get("baseline_value") is not None or row.get("baseline_comment")):
        yield "baseline_year", _("Enter the year of the baseline.")


CHECKS: dict[str, tuple[Callable[[Row], Wrong], ...]] = {
    "translations": (_says_something,),
    "coverages": (_country_or_region, _share),
    "goals": (_share,),
    "sectors": (_share,),
    "locations": (_where, _share),
    "transactions": (_currency, _days),
    "budgets": (_currency, _days),
    "planned_disbursements": (_currency, _days),
    "indicators": (_baseline,),
    "periods": (_period,),
}
# The list within each row of a list.
WITHIN = {"results": "indicators", "indicators": "periods"}


def wrong_results(results: list[Row]) -> dict[Any, Any]:
    """What is wrong with a program's results, their indicators and periods, by their places."""
    if sum(len(row.get("indicators", ())) for row in results) > MOST_INDICATORS:
        return {"non_field_errors": [_("A program can have at most %(most)s indicators.") % {"most": MOST_INDICATORS}]}
    return _wrong_within("results", results)


def _wrong_within(name: str, rows: list[Row]) -> dict[Any, Any]:
    found: dict[Any, Any] = wrong_rows(name, rows)
    inner = WITHIN.get(name)
    if inner:
        for number, row in enumerate(rows):
            if wrong := _wrong_within(inner, row.get(inner, [])):
                found.setdefault(number, {})[inner] = wrong
    return found


def wrong_sustainability(row: Row) -> dict[str, list[str]]:
    """What is wrong with what comes after a program's funding: field -> sentences."""
    ends = row.get("funding_ends")
    if ends is not None and not is_plausible(ends):
        return {"funding_ends": [str(OUT_OF_RANGE)]}
    if row.get("confirmed") and row.get("organization_id") is None and not row.get("budget_source"):
        return {"confirmed": [_("Enter who will continue it, or from which budget.")]}
    return {}
