"""What files of the portal's own carry beyond the standard, and how it is read when they come in again.

All of it is in a namespace of ours, which other readers pass over: what 2.03 has no place for, words that stand in for
words that nobody wrote, the budget that years were made of, a vocabulary of sectors that is on no list.
"""

import calendar
import datetime as dt
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal

from lxml import etree
from lxml.etree import _Element as Element

from core.money import divided
from programs.exchange.iati.node import KEPT_NAMESPACE, REPEATS
from programs.exchange.iati.values import clean, parse_amount, parse_date

KEPT = f"{{{KEPT_NAMESPACE}}}as-published"
# On `KEPT`: why it is not in its own place. What was corrected stands there as well, what is not valid does not.
BECAUSE = f"{{{KEPT_NAMESPACE}}}because"
CORRECTED, INVALID = "corrected", "invalid"
# Elements that files written before `BECAUSE` was kept apart beside corrected ones.
WITH_SHARES = frozenset({"sector", "recipient-country", "recipient-region"})
# An activity has one of each of these: the one in its place counts.
ONE_OF_A_KIND = frozenset({"reporting-org", "activity-status"})
# On each year of a budget: the whole budget's period and amount, and which of its years this is.
WHOLE, PART = f"{{{KEPT_NAMESPACE}}}budget", f"{{{KEPT_NAMESPACE}}}part"
# The days between the first and the last of a budget, at most: what IATI's validator takes for a year.
LONGEST_PERIOD = 365
VOCABULARY = f"{{{KEPT_NAMESPACE}}}vocabulary"
_PREFIX = f"{{{KEPT_NAMESPACE}}}"
_REPEATED = etree.XPath("descendant::*[@portal:repeats]", namespaces={"portal": KEPT_NAMESPACE})


def keep_as_published(activity: Element, child: Element, because: str = INVALID) -> None:
    """Moves a child of the activity into the namespace of what 2.03 has no place for."""
    activity.remove(child)
    place = etree.SubElement(activity, KEPT, {BECAUSE: because}, nsmap={"portal": KEPT_NAMESPACE})
    for element in child.iter():
        if isinstance(element.tag, str) and not element.tag.startswith("{"):
            element.tag = _PREFIX + element.tag
    child.tail = None
    place.append(child)


def restored(activity: Element) -> Element:
    """An activity of a file of ours as it was before it was made valid; any other stays as it is. Returns it."""
    for place in activity.findall(KEPT):
        _put_back(activity, place)
    for child in _REPEATED(activity):
        child.getparent().remove(child)
    for sector in activity.iter("sector"):
        stated = sector.attrib.pop(VOCABULARY, None)
        if stated:
            sector.set("vocabulary", stated)
        elif stated is not None:
            del sector.attrib["vocabulary"]
    _join_budgets(activity)
    return activity


def _put_back(activity: Element, place: Element) -> None:
    because = place.get(BECAUSE)
    for child in list(place):
        name = child.tag.removeprefix(_PREFIX) if isinstance(child.tag, str) else ""
        if name == child.tag or not name or because == CORRECTED or name in ONE_OF_A_KIND:
            continue
        if because is None and name in WITH_SHARES:
            continue
        for element in child.iter("*"):
            element.tag = element.tag.removeprefix(_PREFIX)
        activity.append(child)
    if not len(place):
        activity.remove(place)


def split_budgets(activity: Element) -> None:
    """Writes each budget that is longer than a year as years, which the standard asks for.

    The money is divided by days, to the last cent; each year carries the whole budget's period and amount.
    """
    for budget in activity.findall("budget"):
        period, value = _period(budget), budget.find("value")
        amount = parse_amount(value.text)[0] if value is not None else None
        if period is None or amount is None or (period[1] - period[0]).days <= LONGEST_PERIOD:
            continue
        years = list(_years(*period))
        whole = f"{period[0].isoformat()}/{period[1].isoformat()} {clean(value.text)}"  # type: ignore[union-attr]
        made = []
        for number, (year, part) in enumerate(zip(years, shared_by_days(amount, years), strict=True), start=1):
            one = deepcopy(budget)
            one.tail = None
            _set_period(one, *year)
            one.find("value").text = f"{part:f}"
            one.set(WHOLE, whole)
            one.set(PART, f"{number}/{len(years)}")
            made.append(one)
        place = activity.index(budget)
        activity[place : place + 1] = made


def _years(start: dt.date, end: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The years of a period, from its first day on; the last may be shorter."""
    first, number = start, 1
    while first <= end:
        following = _years_after(start, number)
        yield first, min(end, following - dt.timedelta(days=1))
        first, number = following, number + 1


def _years_after(day: dt.date, years: int) -> dt.date:
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def shared_by_days(amount: Decimal, periods: list[tuple[dt.date, dt.date]]) -> list[Decimal]:
    """An amount divided by the days of periods, in cents (or as fine as it was stated); it adds up to the amount."""
    exponent = amount.as_tuple().exponent
    unit = Decimal(1).scaleb(min(-2, exponent if isinstance(exponent, int) else 0))
    return divided(amount, [(end - start).days + 1 for start, end in periods], unit=unit)


def _join_budgets(activity: Element) -> None:
    """Years of one budget as that budget, where all of them are there and add up to it; else they stay years."""
    years: dict[str, list[Element]] = {}
    for budget in activity.findall("budget"):
        if whole := budget.get(WHOLE):
            years.setdefault(whole, []).append(budget)
    for whole, parts in years.items():
        for run in _runs(parts):
            _join(activity, whole, run)
        for part in parts:
            part.attrib.pop(WHOLE, None)
            part.attrib.pop(PART, None)


def _runs(parts: list[Element]) -> Iterator[list[Element]]:
    """The years from the first to the last, as often as they come: a budget may stand twice in an activity."""
    run: list[Element] = []
    for part in parts:
        number, _slash, count = str(part.get(PART)).partition("/")
        run = run if number == str(len(run) + 1) else []
        if number == str(len(run) + 1):
            run.append(part)
            if number == count:
                yield run
                run = []


def _join(activity: Element, whole: str, parts: list[Element]) -> None:
    period, _space, stated = whole.partition(" ")
    start, end = (parse_date(day) for day in (period.split("/") + [""])[:2])
    amounts = [parse_amount(part.findtext("value"))[0] for part in parts]
    periods = [_period(part) for part in parts]
    if (
        start is None or end is None or None in amounts or None in periods
        or sum(amount for amount in amounts if amount is not None) != parse_amount(stated)[0]
        or [one for one in periods if one] != list(_years(start, end))
    ):  # fmt: skip
        return
    first, *others = parts
    _set_period(first, start, end)
    first.find("value").text = stated
    for other in others:
        activity.remove(other)


def _period(budget: Element) -> tuple[dt.date, dt.date] | None:
    start, end = (
        parse_date(child.get("iso-date")) if (child := budget.find(name)) is not None else None
        for name in ("period-start", "period-end")
    )
    return (start, end) if start and end else None


def _set_period(budget: Element, start: dt.date, end: dt.date) -> None:
    for name, day in (("period-start", start), ("period-end", end)):
        budget.find(name).set("iso-date", day.isoformat())


def repeat_words(activity: Element) -> None:
    """Says again what is known where the standard asks for words that nobody wrote: the identifier as the title, the
    title as the description, the address as a document's title, the reporter as who takes part."""
    title = activity.find("title")
    if title is None or not has_words(title):
        if title is not None:
            activity.remove(title)
        title = etree.SubElement(activity, "title", {REPEATS: "iati-identifier"})
        etree.SubElement(title, "narrative").text = activity.findtext("iati-identifier")
    if not any(has_words(one) for one in activity.findall("description")):
        for empty in activity.findall("description"):
            activity.remove(empty)
        description = etree.SubElement(activity, "description", {REPEATS: "title"})
        description.extend(deepcopy(one) for one in title.findall("narrative") if clean(one.text))
    if activity.find("participating-org") is None:
        reporter = activity.find("reporting-org")
        one = etree.SubElement(activity, "participating-org", {"role": "", REPEATS: "reporting-org"})
        for name in ("ref", "type"):
            if reporter is not None and reporter.get(name):
                one.set(name, reporter.get(name))
        one.extend(deepcopy(child) for child in (reporter if reporter is not None else ()) if child.tag == "narrative")
    for document in activity.iter("document-link"):
        title = document.find("title")
        if title is None or not has_words(title):
            if title is not None:
                document.remove(title)
            title = etree.SubElement(document, "title", {REPEATS: "url"})
            etree.SubElement(title, "narrative").text = document.get("url") or "–"


def has_words(element: Element) -> bool:
    """Whether an element has a narrative that is not empty."""
    return any(clean(one.text) for one in element.findall("narrative"))


def drop_empty_narratives(element: Element) -> None:
    """Takes out narratives that say nothing where others beside them say something."""
    for one in list(element.iter("narrative")):
        parent = one.getparent()
        if parent is not None and not clean("".join(one.itertext())) and has_words(parent):
            parent.remove(one)
