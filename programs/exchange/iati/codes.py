"""Codes, languages, days and numbers that were understood, written as 2.03 has them. No database.

Publishers write words and letters of 1.0x, names, capitals and spaces where a code belongs, in files of every version.
"""

import re
from collections.abc import Mapping

from lxml.etree import _Element as Element

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.node import KEPT_LANG, XML_LANG, Node
from programs.exchange.iati.values import (
    clean,
    clean_code,
    parse_amount,
    parse_currency,
    parse_date,
    parse_language,
    parse_percentage,
)

# Elements that are a code: their text, where there was any, is the code's name in the list.
BARE_CODES = frozenset(
    {
        "activity-status", "activity-scope", "collaboration-type", "default-flow-type", "default-finance-type",
        "default-aid-type", "default-tied-status", "transaction-type", "disbursement-channel", "flow-type",
        "finance-type", "aid-type", "tied-status", "feature-designation", "language", "category", "related-activity",
        "transaction-date", "period-start", "period-end",
    }
)  # fmt: skip
ORGANIZATIONS = ("reporting-org", "participating-org", "provider-org", "receiver-org")
# (element, attribute) -> the words and letters for the codes of 2.0x.
CODES: dict[tuple[str, str], Mapping[str, int] | Mapping[str, str]] = {
    ("participating-org", "role"): words.ROLES,
    ("activity-status", "code"): words.STATUSES,
    ("activity-date", "type"): {"start-planned": 1, "start-actual": 2, "end-planned": 3, "end-actual": 4},
    ("transaction-type", "code"): words.TRANSACTION_TYPES,
    ("related-activity", "type"): words.RELATED_TYPES,
    ("description", "type"): {"general": 1, "objectives": 2, "target groups": 3, "other": 4},
    ("budget", "type"): words.BUDGET_TYPES,
    ("budget", "status"): words.BUDGET_STATUSES,
    ("planned-disbursement", "type"): words.BUDGET_TYPES,
    ("result", "type"): words.RESULT_TYPES,
    ("indicator", "measure"): words.INDICATOR_MEASURES,
    ("conditions", "attached"): {"yes": "1", "no": "0", "true": "1", "false": "0"},
    **{(name, "type"): words.ORGANISATION_TYPES for name in ORGANIZATIONS},
    ("sector", "vocabulary"): words.SECTOR_VOCABULARIES,
    ("policy-marker", "vocabulary"): {"dac": "1", "ro": "99"},
    ("recipient-region", "vocabulary"): {"dac": "1", "un": "2"},
    ("language", "code"): words.LANGUAGES,
    ("recipient-country", "code"): {name.lower(): code for name, code in words.COUNTRIES_BY_THREE_LETTERS.items()},
}
# Elements whose code is of a list of the standard, and may have no spaces.
LISTED = frozenset({"recipient-country", "recipient-region", "policy-marker", "sector"}) | BARE_CODES
# Attributes that are other activities' identifiers, which may have spaces inside.
IDENTIFIERS = ("activity-id", "provider-activity-id", "receiver-activity-id")
FLAGS = ("humanitarian", "secondary-reporter", "ascending", "aggregation-status")
# The first and the last day of a time: a year alone is its first day in one, its last in the other.
STARTS = {"period-start": False, "period-end": True}
DATE_TYPES_OF_AN_END = {"1": False, "2": False, "3": True, "4": True}
_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$")
_DECIMAL = re.compile(r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$")
_NO_LETTER = re.compile(r"[^0-9a-z]")


def say_by_the_lists(activity: Element) -> None:
    """Writes what an activity says in the codes and formats of 2.03, wherever it can be told; changes it."""
    for element in activity.iter("*"):
        if element.tag in BARE_CODES:
            _code_from_text(element, element.tag)
        _languages(element)
        if element.tag.startswith("{"):
            continue
        _codes(element)
        _days(element)
        _numbers(element)
    stated = clean(activity.get("last-updated-datetime"))
    if stated and (day := parse_date(stated)) and not _MOMENT.match(stated):
        activity.set("last-updated-datetime", f"{day.isoformat()}T00:00:00")


def _languages(element: Element) -> None:
    stated = element.get(XML_LANG)
    if stated is None:
        return
    language = parse_language(stated)
    if not clean(stated):
        del element.attrib[XML_LANG]
    elif len(language) == 2 and language != stated:
        element.set(XML_LANG, language)
        element.set(KEPT_LANG, stated)


def _code_from_text(element: Element, name: str) -> None:
    text = clean(element.text)
    element.attrib.pop(XML_LANG, None)
    attribute = "ref" if name == "related-activity" else "iso-date" if name in ("transaction-date", *STARTS) else "code"
    if text and not clean(element.get(attribute)):
        element.set(attribute, text)
    element.text = None


def _codes(element: Element) -> None:
    name = element.tag
    for attribute, value in element.attrib.items():
        stated = said = str(value)
        if attribute == "code":
            said = clean_code(stated) if name in LISTED else clean(stated)
            said = said.lower() if name == "language" else said
        elif attribute == "ref":
            said = clean_code(stated) if name in ORGANIZATIONS else clean(stated)
        elif attribute in IDENTIFIERS:
            said = clean(stated)
        elif attribute in ("currency", "default-currency"):
            said = parse_currency(stated) or stated
        elif attribute in FLAGS:
            said = clean(stated).lower()
        elif attribute == "percentage" and not _DECIMAL.match(stated):
            percentage = parse_percentage(stated)
            said = f"{percentage:f}" if percentage is not None else stated
        key = clean(stated).lower()
        if (name, attribute) == ("activity-date", "type"):
            key = key.replace(" ", "-").replace("_", "-")
        if key in (codes := CODES.get((name, attribute), {})):
            said = str(codes[key])
        elif name == "recipient-country" and attribute == "code" and len(said) == 2:
            said = said.upper()
        elif name == "policy-marker" and attribute in ("code", "significance") and said.strip().isdecimal():
            said = str(int(said))
        elif name in ("administrative", "location-id") and attribute == "vocabulary":
            if _NO_LETTER.sub("", key) in words.ISO_3166:
                said = words.COUNTRY_VOCABULARY.upper()
        if said != stated:
            element.set(attribute, said)


def _days(element: Element) -> None:
    for attribute in ("value-date", "extraction-date"):
        stated = element.get(attribute)
        if stated is not None and not _DATE.match(stated) and (day := parse_date(stated)):
            element.set(attribute, day.isoformat())
    if element.tag not in ("activity-date", "transaction-date", *STARTS):
        return
    stated = element.get("iso-date")
    if stated is not None and _DATE.match(stated):
        return
    last = DATE_TYPES_OF_AN_END.get(clean(element.get("type"))) if element.tag == "activity-date" else None
    last = STARTS.get(element.tag, last)
    texts = list(element.iterchildren("narrative")) if element.tag == "activity-date" else []
    for text in (stated, *(one.text for one in texts)):
        if text and (day := parse_date(text, last=last)):
            element.set("iso-date", day.isoformat())
            if text is not stated:
                for one in texts:
                    element.remove(one)
            return


def _numbers(element: Element) -> None:
    if element.tag != "value" or not clean(element.text):
        return
    amount, currency = parse_amount(element.text)
    if amount is not None:
        element.text = f"{amount:f}"
        if currency and not Node(element).get("currency"):
            element.set("currency", currency)
