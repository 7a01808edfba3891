"""The main rules of IATI's standard ruleset (iatistandard.org, version 2.03) beyond the schema, each with a name."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from lxml.etree import _Element as Element

from programs.exchange.iati.values import clean, parse_date

Rule = Callable[[Element], Iterator[str]]


def broken_rules(activity: Element) -> list[tuple[str, str]]:
    """(rule, what breaks it) of an activity of 2.03, in the order of RULES."""
    return [(name, detail) for name, rule in RULES.items() for detail in rule(activity)]


def _dates(activity: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for child in activity.findall("activity-date"):
        found.setdefault(clean(child.get("type")), []).append(clean(child.get("iso-date"))[:10])
    return found


def _has_a_start(activity: Element) -> Iterator[str]:
    if not _dates(activity).keys() & {"1", "2"}:
        yield "activity-date: no start, neither planned nor actual"


def _dates_once(activity: Element) -> Iterator[str]:
    for kind, days in _dates(activity).items():
        if len(days) > 1:
            yield f"activity-date type {kind}: {', '.join(days)}"


def _dates_in_order(activity: Element) -> Iterator[str]:
    dates = _dates(activity)
    for first, last in (("1", "3"), ("2", "4")):
        if first in dates and last in dates and dates[last][0] < dates[first][0]:
            yield f"activity-date: {dates[first][0]} to {dates[last][0]}"


def _actual_dates_are_past(activity: Element) -> Iterator[str]:
    today = timezone.localdate().isoformat()
    for kind in ("2", "4"):
        for day in _dates(activity).get(kind, ()):
            if day > today:
                yield f"activity-date type {kind}: {day}"


def _periods_in_order(activity: Element) -> Iterator[str]:
    for period in activity.iter("budget", "planned-disbursement", "period"):
        start, end = (period.find(name) for name in ("period-start", "period-end"))
        if start is not None and end is not None and clean(end.get("iso-date")) < clean(start.get("iso-date")):
            yield f"{period.tag}: {start.get('iso-date')} to {end.get('iso-date')}"


def _budgets_of_a_year(activity: Element) -> Iterator[str]:
    for budget in activity.findall("budget"):
        start, end = (parse_date(child.get("iso-date")) if (child := budget.find(name)) is not None else None
                      for name in ("period-start", "period-end"))  # fmt: skip
        if start and end and (end - start).days > 366:
            yield f"budget: {start} to {end}"


def _percentages(activity: Element) -> Iterator[str]:
    places = [*activity.findall("recipient-country"), *activity.findall("recipient-region")]
    yield from _hundred("recipient-country and recipient-region", places)
    for name in ("sector",):
        by_vocabulary: dict[str, list[Element]] = {}
        for child in activity.findall(name):
            by_vocabulary.setdefault(child.get("vocabulary") or "1", []).append(child)
        for vocabulary, children in by_vocabulary.items():
            yield from _hundred(f"{name}, vocabulary {vocabulary}", children)


def _hundred(name: str, children: list[Element]) -> Iterator[str]:
    stated = [clean(child.get("percentage")) for child in children]
    if len(children) == 1 and stated[0] in ("", "100"):
        return
    try:
        total = sum(Decimal(value or 0) for value in stated)
    except InvalidOperation:
        yield f"{name}: {', '.join(stated)}"
        return
    if children and total != 100:
        yield f"{name}: {total:f}"


def _identifiers(activity: Element) -> Iterator[str]:
    identifier = clean(activity.findtext("iati-identifier"))
    reporter = activity.find("reporting-org")
    prefix = clean(reporter.get("ref")) if reporter is not None else ""
    if prefix and not identifier.startswith(f"{prefix}-") and not _former_prefix(activity, identifier):
        yield f"{identifier}: does not begin with {prefix}-"


def _former_prefix(activity: Element, identifier: str) -> bool:
    return any(
        child.get("type") == "B1" and identifier.startswith(f"{child.get('ref')}-")
        for child in activity.findall("other-identifier")
    )


def _one_place_for_where(activity: Element) -> Iterator[str]:
    """Sectors, countries and regions are said of the activity or of each transaction, not of both."""
    for names in (("sector",), ("recipient-country", "recipient-region")):
        if any(activity.find(name) is not None for name in names) and any(
            activity.find(f"transaction/{name}") is not None for name in names
        ):
            yield f"{names[0]}: of the activity and of transactions"


def _somewhere(activity: Element) -> Iterator[str]:
    for names in (("sector",), ("recipient-country", "recipient-region")):
        if not any(
            activity.find(name) is not None or activity.find(f"transaction/{name}") is not None for name in names
        ):
            yield f"{names[0]}: none"


def _organizations(activity: Element) -> Iterator[str]:
    for child in activity.iter("participating-org", "provider-org", "receiver-org"):
        if not clean(child.get("ref")) and not clean("".join(child.itertext())):
            yield f"{child.tag}: neither identifier nor name"


def _past_transactions(activity: Element) -> Iterator[str]:
    today = timezone.localdate().isoformat()
    for child in activity.iter("transaction-date"):
        if clean(child.get("iso-date"))[:10] > today:
            yield f"transaction-date: {child.get('iso-date')}"


def _says_it(activity: Element) -> Iterator[str]:
    for path in ("title/narrative", "description/narrative"):
        if not clean(activity.findtext(path)):
            yield f"{path}: empty"
    status = activity.find("activity-status")
    if status is None or not clean(status.get("code")):
        yield "activity-status: unknown"


RULES: dict[str, Rule] = {
    "an activity has a start": _has_a_start,
    "each kind of date once": _dates_once,
    "dates in order": _dates_in_order,
    "actual dates are not in the future": _actual_dates_are_past,
    "periods in order": _periods_in_order,
    "a budget is for a year at most": _budgets_of_a_year,
    "percentages add up to 100": _percentages,
    "the identifier begins with the reporting organization's": _identifiers,
    "sector and place of the activity or of its transactions": _one_place_for_where,
    "sector and place are said": _somewhere,
    "organizations have an identifier or a name": _organizations,
    "transactions are not in the future": _past_transactions,
    "title, description and status are said": _says_it,
}
