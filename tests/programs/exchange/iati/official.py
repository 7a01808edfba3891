"""IATI's official ruleset and code lists, as its validator runs them over a file (IATI/js-validator-api).

Both are read where they lie beside the project; they are not part of it.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from lxml.etree import _Element as Element

from goals.models import Region, Sector
from tests.conftest import SHARED

RULESET = SHARED / "data/iati/ruleset/standard.json"
CODELISTS = SHARED / "data/codelists"
XML = {"xml": "http://www.w3.org/XML/1998/namespace"}
LONGEST_PERIOD = 365
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Broken:
    """A rule that a part of a file breaks: its number in the ruleset, error or warning, and where."""

    rule: str
    severity: str
    message: str
    line: int
    identifier: str


class UnknownRule(Exception):
    """The ruleset has a kind of rule that is not known here: the tests must not pass over it."""


@cache
def ruleset() -> dict[str, dict[str, Any]]:
    return json.loads(RULESET.read_text(encoding="utf-8"))


def broken(root: Element) -> list[Broken]:
    """What a whole file breaks, part by part in the order of the ruleset."""
    found = []
    for context, kinds in ruleset().items():
        for element in root.getroottree().xpath(context, namespaces=XML):
            for kind, rule in kinds.items():
                for case in rule["cases"]:
                    found += _broken(element, kind, case)
    return [*found, *_identifiers_twice(root)]


def errors(root: Element) -> list[Broken]:
    return [one for one in broken(root) if one.severity != "warning"]


def wrong_codes(root: Any) -> set[tuple[str, str]]:
    """Paths and codes that are on no list of the standard, and that the portal does not know either."""
    known = {*Sector.objects.values_list("code", flat=True), *Region.objects.values_list("code", flat=True)}
    return {
        (path, code)
        for path, code in codes_of_no_list(root)
        if not (code in known and ("sector" in path or "recipient-region" in path))
    }


def _broken(element: Element, kind: str, case: dict[str, Any]) -> Iterator[Broken]:
    if kind == "loop":
        for value in dict.fromkeys(_select(element, case["foreach"])):
            for inner, rule in case["do"].items():
                for one in rule["cases"]:
                    yield from _broken(element, inner, _filled(one, case["subs"], str(value)))
        return
    if kind not in KINDS:
        raise UnknownRule(kind)
    if "condition" in case and not _holds(element, case["condition"]):
        return
    if not KINDS[kind](element, case):
        said = case["ruleInfo"]
        activity = next(iter(element.xpath("ancestor-or-self::iati-activity/iati-identifier")), None)
        identifier = activity.text or "" if activity is not None else ""
        yield Broken(said["id"], said["severity"], said["message"], element.sourceline or 0, identifier)


def _filled(case: dict[str, Any], names: list[str], value: str) -> dict[str, Any]:
    def put(stated: Any) -> Any:
        return [put(one) for one in stated] if isinstance(stated, list) else stated.replace("$1", value)

    return {**case, **{name: put(case[name]) for name in names if name in case}}


def _select(element: Element, path: str) -> list[Any]:
    found = element.xpath(path, namespaces=XML)
    return found if isinstance(found, list) else [found]


def _holds(element: Element, path: str) -> bool:
    return bool(element.xpath(path, namespaces=XML))


def _paths(element: Element, case: dict[str, Any]) -> list[Any]:
    return [one for path in case["paths"] for one in _select(element, path)]


def _texts(element: Element, case: dict[str, Any]) -> list[str]:
    return [str(one) if isinstance(one, str) else "".join(one.itertext()) for one in _paths(element, case)]


def _day(element: Element, path: str) -> date | None:
    if path == "NOW":
        return datetime.now(UTC).date()
    stated = next(iter(_select(element, path)), "")
    return date.fromisoformat(stated[:10]) if _DAY.match(stated) else None


def _in_order(element: Element, case: dict[str, Any]) -> bool:
    less, more = _day(element, case["less"]), _day(element, case["more"])
    return less is None or more is None or less <= more


def _is_past(element: Element, case: dict[str, Any]) -> bool:
    day = _day(element, case["date"])
    return day is None or day <= datetime.now(UTC).date()


def _is_within(element: Element, case: dict[str, Any]) -> bool:
    day, start, end = (_day(element, case[name]) for name in ("date", "start", "end"))
    return day is None or start is None or end is None or start <= day <= end


def _is_of_a_year(element: Element, case: dict[str, Any]) -> bool:
    start, end = _day(element, case["start"]), _day(element, case["end"])
    return start is None or end is None or (end - start).days <= LONGEST_PERIOD


def _one_or_all(element: Element, case: dict[str, Any]) -> bool:
    if _holds(element, case["one"]):
        return True
    wanted = {
        "lang": ("descendant::narrative", "@xml:lang"),
        "sector": ("transaction", "sector"),
        "currency": ("descendant::value | descendant::forecast | descendant::loan-status", "@currency"),
    }[case["all"]]
    return all(_holds(one, wanted[1]) for one in _select(element, wanted[0]))


def _begins(element: Element, case: dict[str, Any]) -> bool:
    if case["prefix"] == ["ORG-ID-PREFIX"]:
        return True  # the list of agencies is not among the files
    starts = [str(one) + case.get("separator", "") for path in case["prefix"] for one in _select(element, path)]
    return all(text.startswith(tuple(starts)) for text in _texts(element, case))


def _sums_up(element: Element, case: dict[str, Any]) -> bool:
    return round(sum(Decimal(text or 0) for text in _texts(element, case)), 4) == Decimal(case["sum"])


def _in_range(element: Element, case: dict[str, Any]) -> bool:
    return all(case["min"] <= float(text) <= case["max"] for text in _texts(element, case) if text)


KINDS: dict[str, Callable[[Element, dict[str, Any]], bool]] = {
    "atleast_one": lambda element, case: len(_paths(element, case)) >= 1,
    "no_more_than_one": lambda element, case: len(_paths(element, case)) <= 1,
    "one_or_all": _one_or_all,
    "unique": lambda element, case: len(set(_texts(element, case))) == len(_texts(element, case)),
    "startswith": _begins,
    "date_order": _in_order,
    "date_now": _is_past,
    "between_dates": _is_within,
    "time_limit": _is_of_a_year,
    "regex_matches": lambda element, case: all(
        re.search(case["regex"], text) for text in _texts(element, case) if text
    ),
    "no_spaces": lambda element, case: all(text == text.strip() for text in _texts(element, case)),
    "strict_sum": _sums_up,
    "range": _in_range,
    "if_then": lambda element, case: not _holds(element, case["if"]) or _holds(element, case["then"]),
}


def _identifiers_twice(root: Element) -> Iterator[Broken]:
    """The validator finds these by itself: no rule of the file says it."""
    seen: set[str] = set()
    for element in root.iter("iati-identifier", "organisation-identifier"):
        text = element.text or ""
        if text in seen:
            yield Broken("1.1.2", "error", "The identifier must be unique.", element.sourceline or 0, text)
        seen.add(text)


# Attribute -> the code list that it is from (IATI/IATI-Codelists, mapping.xml), for the lists that are at hand, and
# under which condition: another vocabulary has other codes.
DAC = "[not(@vocabulary) or @vocabulary='1']"
CODES: dict[str, str] = {
    "//activity-date/@type": "ActivityDateType",
    "//activity-scope/@code": "ActivityScope",
    "//activity-status/@code": "ActivityStatus",
    f"//default-aid-type{DAC}/@code": "AidType",
    f"//aid-type{DAC}/@code": "AidType",
    "//budget/@status": "BudgetStatus",
    "//budget/@type": "BudgetType",
    "//planned-disbursement/@type": "BudgetType",
    "//collaboration-type/@code": "CollaborationType",
    "//condition/@type": "ConditionType",
    "//contact-info/@type": "ContactType",
    "//@currency": "Currency",
    "//@default-currency": "Currency",
    "//iati-activity/description/@type": "DescriptionType",
    "//disbursement-channel/@code": "DisbursementChannel",
    "//document-link/category/@code": "DocumentCategory",
    "//default-finance-type/@code": "FinanceType",
    "//finance-type/@code": "FinanceType",
    "//default-flow-type/@code": "FlowType",
    "//flow-type/@code": "FlowType",
    "//location/exactness/@code": "GeographicExactness",
    "//location-class/@code": "GeographicLocationClass",
    "//humanitarian-scope/@type": "HumanitarianScopeType",
    "//indicator/@measure": "IndicatorMeasure",
    "//feature-designation/@code": "LocationType",
    "//participating-org/@role": "OrganisationRole",
    "//reporting-org/@type": "OrganisationType",
    "//participating-org/@type": "OrganisationType",
    "//provider-org/@type": "OrganisationType",
    "//receiver-org/@type": "OrganisationType",
    f"//policy-marker{DAC}/@code": "PolicyMarker",
    "//policy-marker/@significance": "PolicySignificance",
    f"//recipient-region{DAC}/@code": "Region",
    "//related-activity/@type": "RelatedActivityType",
    "//result/@type": "ResultType",
    f"//sector{DAC}/@code": "Sector",
    "//sector[@vocabulary='2']/@code": "SectorCategory",
    "//sector/@vocabulary": "SectorVocabulary",
    "//default-tied-status/@code": "TiedStatus",
    "//tied-status/@code": "TiedStatus",
    "//transaction-type/@code": "TransactionType",
}
# Lists that are not among the files, whole or as patterns (IATI/IATI-Codelists-NonEmbedded).
PATTERNS: dict[str, str] = {
    "//location-id/@vocabulary": "A[1-4]|G[12]",
    "//administrative/@vocabulary": "A[1-4]|G[12]",
    "//@xml:lang": "[a-z]{2}",
    "//recipient-country/@code": "[A-Z]{2}",
    "//recipient-region/@vocabulary": "1|2|99",
    "//policy-marker/@vocabulary": "1|99",
}


@cache
def codes(name: str) -> frozenset[str]:
    with (CODELISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


def codes_of_no_list(root: Element) -> list[tuple[str, str]]:
    """(path, code) of each code that is on no list that it should be on."""
    found = []
    for path, name in CODES.items():
        found += [(path, str(one)) for one in root.xpath(path, namespaces=XML) if str(one) not in codes(name)]
    for path, pattern in PATTERNS.items():
        found += [(path, str(one)) for one in root.xpath(path, namespaces=XML) if not re.fullmatch(pattern, str(one))]
    return found
