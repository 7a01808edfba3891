"""What an activity brings about: its results, with their indicators and periods."""

import re
from decimal import Decimal

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.activity import Activity
from programs.exchange.iati.node import Node
from programs.exchange.iati.parts import read_day
from programs.exchange.iati.values import parse_number
from programs.services.results import IndicatorData, PeriodData, ResultData

LARGEST_VALUE = Decimal(10) ** 16
_YEAR = re.compile(r"^(19|20|21)[0-9]{2}$")


def read_results(activity: Activity, node: Node, language: str) -> None:
    """Fills the results; what cannot be told of one (a title, a period's dates, a number) is left out, noted."""
    for child in node.all("result"):
        if (result := read_result(activity, child, language)) is not None:
            activity.results.append(result)


def read_result(activity: Activity, node: Node, language: str) -> ResultData | None:
    """One result, or None, noted, where it has no title."""
    title = _words(node, "title", language)
    if not title:
        activity.warn("result.title", node.get("type") or "—")
        return None
    stated = node.get("type").lower()
    kind = words.RESULT_TYPES.get(stated, 9)
    if stated not in words.RESULT_TYPES:
        activity.warn("result.type", stated or "—")
    indicators = (_indicator(activity, child, language) for child in node.all("indicator"))
    return ResultData(
        kind, title, _words(node, "description", language), tuple(row for row in indicators if row is not None)
    )


def _indicator(activity: Activity, node: Node, language: str) -> IndicatorData | None:
    title = _words(node, "title", language)
    if not title:
        activity.warn("indicator.title", "—")
        return None
    baseline = _whole(node.all("baseline"))
    year = baseline.get("year") if baseline else ""
    value = _value(activity, baseline)
    comment = _words(baseline, "comment", language) if baseline else ""
    if baseline and not _YEAR.match(year) and (value is not None or comment):
        activity.warn("indicator.baseline-year", year or "—")
    is_dated = bool(_YEAR.match(year))
    return IndicatorData(
        title=title,
        description=_words(node, "description", language),
        measure=words.INDICATOR_MEASURES.get(node.get("measure").lower(), 1),
        ascending=node.get("ascending").lower() not in ("0", "false"),
        baseline_year=int(year) if is_dated else None,
        baseline_value=value if is_dated else None,
        baseline_comment=comment if is_dated else "",
        periods=tuple(row for child in node.all("period") if (row := _period(activity, child, language)) is not None),
    )


def _period(activity: Activity, node: Node, language: str) -> PeriodData | None:
    start, end = (
        read_day(activity, child, name, last=name == "period-end") if (child := node.first(name)) else None
        for name in ("period-start", "period-end")
    )
    if start is None or end is None or end < start:
        activity.warn("indicator.period", f"{start} – {end}")
        return None
    target, actual = _whole(node.all("target")), _whole(node.all("actual"))
    return PeriodData(
        start=start,
        end=end,
        target=_value(activity, target),
        actual=_value(activity, actual),
        target_comment=_words(target, "comment", language) if target else "",
        actual_comment=_words(actual, "comment", language) if actual else "",
    )


def _whole(nodes: list[Node]) -> Node | None:
    """Of several values of one thing that for all of it: not for a dimension (sex, age …) or a place."""
    return next((node for node in nodes if not node.all("dimension") and not node.all("location")), None)


def _value(activity: Activity, node: Node | None) -> Decimal | None:
    stated = node.get("value") if node else ""
    number = parse_number(stated.rstrip("%"))
    if number is None or abs(number) >= LARGEST_VALUE:
        if stated:
            activity.warn("indicator.value", stated)
        return None
    return number


def _words(node: Node, name: str, language: str) -> str:
    child = node.first(name)
    return child.words(language) if child else ""
