"""What occurs in several places of an activity: organizations, and lists with percentages."""

import datetime as dt
import re

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.activity import Activity, OrganizationRef, Share
from programs.exchange.iati.node import Node
from programs.exchange.iati.values import clean_code, parse_date, parse_percentage

_BETWEEN_CODES = re.compile(r"\s*[,;/|+&]\s*|\s+")
_WORDS = re.compile(r"[^\W\d_][^\d_]* [^\d_]*[^\W\d_]")
_CODE = re.compile(r"[A-Za-z]{2,3}|[0-9]{3,5}")


def organization(node: Node | None, language: str) -> OrganizationRef:
    """What an element says of an organization; empty where it says nothing, or is not there."""
    if node is None:
        return OrganizationRef("", "")
    stated = node.get("type")
    kind = stated if stated.isdecimal() else words.ORGANISATION_TYPES.get(stated.lower(), "")
    ref, name = node.get("ref"), node.words(language)
    if not name and _WORDS.fullmatch(ref):
        return OrganizationRef("", ref, kind)  # no identifier has several words: it is its name
    return OrganizationRef(clean_code(ref), name, kind)


def several_codes(stated: str) -> list[str]:
    """The codes of countries or regions that stand in one attribute (“HN, GT, SV”); one for any other text."""
    codes = _BETWEEN_CODES.split(stated)
    are_codes = all(_CODE.fullmatch(code) for code in codes)
    return [*dict.fromkeys(code.upper() for code in codes)] if len(codes) > 1 and are_codes else [stated]


def read_day(activity: Activity, node: Node, name: str, *, last: bool | None = None) -> dt.date | None:
    """The day that an element says, by its attribute or else its text; noted where it says a year or a month alone, of
    which a time that ends (`last`) has the last day and one that begins the first."""
    for stated in (node.get("iso-date"), node.text):
        if day := parse_date(stated):
            return day
        if day := parse_date(stated, last=last):
            activity.warn("date.part", f"{name}: {stated}")
            return day
    return None


def read_shares(activity: Activity, nodes: list[Node], name: str, language: str) -> list[Share]:
    """Entries of a list with percentages, as they stand; `name` is what oddities call the list."""
    shares = []
    for child in nodes:
        stated = child.get("percentage")
        percentage = parse_percentage(stated)
        if stated and percentage is None:
            activity.warn("percentage.unreadable", f"{name}: {stated}")
        code = clean_code(child.element.get("code"))
        if len(codes := several_codes(child.get("code"))) > 1:
            # How much is for which of them is said nowhere.
            activity.warn("code.several", f"{name}: {child.get('code')}")
            shares += [Share(code, None, "", child.get("vocabulary")) for code in codes]
            continue
        shares.append(Share(code, percentage, child.words(language), child.get("vocabulary")))
    return shares
