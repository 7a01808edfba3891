"""The main rules of IATI's standard ruleset (iatistandard.org, version 2.03) beyond the schema, each with a name."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from lxml.etree import _Element as Element

from programs.exchange.iati.node import XML_LANG
from programs.exchange.iati.own_files import LONGEST_PERIOD
from programs.exchange.iati.values import clean, parse_date

WHERE_AND_WHAT = (("sector",), ("recipient-country", "recipient-region"))
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
        if start and end and (end - start).days > LONGEST_PERIOD:
            yield f"budget: {start} to {end}"


def _percentages(activity: Element) -> Iterator[str]:
    places = [*activity.findall("recipient-country"), *activity.findall("recipient-region")]
    yield from _hundred("recipient-country and recipient-region", places)
    by_vocabulary: dict[str, list[Element]] = {}
    for child in activity.findall("sector"):
        by_vocabulary.setdefault(child.get("vocabulary") or "1", []).append(child)
    for vocabulary, children in by_vocabulary.items():
        yield from _hundred(f"sector, vocabulary {vocabulary}", children)


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


def _is_not_its_reporter(activity: Element) -> Iterator[str]:
    reporter = activity.find("reporting-org")
    if reporter is not None and reporter.get("ref") == activity.findtext("iati-identifier"):
        yield f"iati-identifier: {reporter.get('ref')}"


def _one_place_for_where(activity: Element) -> Iterator[str]:
    """Sectors, countries and regions are said of the activity or of each transaction, not of both."""
    for names in WHERE_AND_WHAT:
        if any(activity.find(name) is not None for name in names) and any(
            activity.find(f"transaction/{name}") is not None for name in names
        ):
            yield f"{names[0]}: of the activity and of transactions"


def _somewhere(activity: Element) -> Iterator[str]:
    """Of the activity, else of all of its transactions."""
    for names in WHERE_AND_WHAT:
        if any(activity.find(name) is not None for name in names):
            continue
        moves = activity.findall("transaction")
        without = [move for move in moves if all(move.find(name) is None for name in names)]
        if without or not moves:
            yield f"{names[0]}: none" + (f" of {len(without)} transactions" if moves else "")


def _percentages_in_range(activity: Element) -> Iterator[str]:
    for child in activity.iter("recipient-country", "recipient-region", "sector", "capital-spend", "budget-item"):
        stated = clean(child.get("percentage"))
        try:
            is_share = not stated or 0 <= Decimal(stated) <= 100
        except InvalidOperation:
            is_share = False
        if not is_share:
            yield f"{child.tag}: {stated}"


def _languages(activity: Element) -> Iterator[str]:
    if activity.get(XML_LANG) is None and any(one.get(XML_LANG) is None for one in activity.iter("narrative")):
        yield "xml:lang: neither of the activity nor of each narrative"


def _currencies(activity: Element) -> Iterator[str]:
    if activity.get("default-currency") is None:
        for child in activity.iter("value", "forecast", "loan-status"):
            if child.get("currency") is None:
                yield f"{child.tag}: no currency"


def _own_codes_have_words(activity: Element) -> Iterator[str]:
    for child in activity.iter("sector", "policy-marker"):
        if child.get("vocabulary") in ("98", "99") and child.find("narrative") is None:
            yield f"{child.tag} {child.get('code')}: no words"


def _markers_are_weighed(activity: Element) -> Iterator[str]:
    for child in activity.findall("policy-marker"):
        if child.get("vocabulary", "1") in ("", "1") and child.get("significance") is None:
            yield f"policy-marker {child.get('code')}: no significance"


def _results_are_measured(activity: Element) -> Iterator[str]:
    for indicator in activity.iter("indicator"):
        if indicator.get("measure") in ("1", "2", "3", "4"):
            for child in indicator.iter("baseline", "target", "actual"):
                if child.get("value") is None:
                    yield f"{child.tag}: no value"
        parent = indicator.getparent()
        if indicator.find("reference") is not None and parent is not None and parent.find("reference") is not None:
            yield "reference: of the result and of its indicator"


def _is_written(activity: Element) -> Iterator[str]:
    if (stated := clean(activity.get("last-updated-datetime"))[:10]) > timezone.localdate().isoformat():
        yield f"last-updated-datetime: {stated}"


def _organizations(activity: Element) -> Iterator[str]:
    for child in activity.iter("participating-org", "provider-org", "receiver-org", "owner-org"):
        if not clean(child.get("ref")) and not clean("".join(child.itertext())):
            yield f"{child.tag}: neither identifier nor name"


def _past_transactions(activity: Element) -> Iterator[str]:
    today = timezone.localdate().isoformat()
    for move in activity.findall("transaction"):
        for path, attribute in (("transaction-date", "iso-date"), ("value", "value-date")):
            child = move.find(path)
            if child is not None and clean(child.get(attribute))[:10] > today:
                yield f"{path}: {child.get(attribute)}"


def _says_it(activity: Element) -> Iterator[str]:
    for path in ("title/narrative", "description/narrative"):
        if not clean(activity.findtext(path)):
            yield f"{path}: empty"
    for child in activity.iter("title", "description"):
        if child.getparent() is not activity and not any(one.text for one in child.findall("narrative")):
            yield f"{child.tag}: empty"
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
    "percentages are from 0 to 100": _percentages_in_range,
    "the identifier begins with the reporting organization's": _identifiers,
    "sector and place of the activity or of its transactions": _one_place_for_where,
    "sector and place are said": _somewhere,
    "organizations have an identifier or a name": _organizations,
    "transactions are not in the future": _past_transactions,
    "title, description and status are said": _says_it,
    "the identifier is not its reporter's": _is_not_its_reporter,
    "a language of all words": _languages,
    "a currency of all money": _currencies,
    "codes of a vocabulary of one's own have words": _own_codes_have_words,
    "policy markers have a significance": _markers_are_weighed,
    "results are measured": _results_are_measured,
    "written in the past": _is_written,
}
# Rule -> what it finds of the standard's ruleset (IATI/IATI-Rulesets, standard.json), by the numbers of its errors.
NUMBERS: dict[str, tuple[str, ...]] = {
    "an activity has a start": ("6.11.1",),
    "dates in order": ("11.1.2", "11.1.3"),
    "actual dates are not in the future": ("11.1.4", "11.1.5"),
    "periods in order": ("8.6.1", "8.6.3"),
    "a budget is for a year at most": ("7.5.3",),
    "percentages add up to 100": (
        "2.1.1", "2.1.2", "2.1.4", "3.1.1", "3.1.2", "3.1.4", "3.4.1", "3.4.2", "3.4.4",
    ),
    "percentages are from 0 to 100": ("12.1.1", "12.2.1", "12.3.1"),
    "sector and place of the activity or of its transactions": ("3.6.2", "6.6.2"),
    "sector and place are said": ("3.7.1", "3.7.2", "6.2.2", "6.7.2"),
    "organizations have an identifier or a name": ("6.8.1", "6.9.1", "6.9.2", "6.10.1"),
    "transactions are not in the future": ("11.2.1", "11.2.2"),
    "title, description and status are said": ("4.3.1", "4.4.1"),
    "the identifier is not its reporter's": ("1.1.3",),
    "a language of all words": ("4.1.1",),
    "a currency of all money": ("7.8.1",),
    "codes of a vocabulary of one's own have words": ("2.2.1", "6.13.1"),
    "policy markers have a significance": ("6.14.1",),
    "results are measured": ("8.8.1", "8.9.1", "8.10.1", "8.11.1"),
    "written in the past": ("11.1.1",),
}  # fmt: skip
