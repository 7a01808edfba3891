"""An activity made valid by the schema of 2.03: what is known is said, what it has no place for kept apart."""

import re
from collections import Counter
from decimal import Decimal, InvalidOperation

from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati import schema
from programs.exchange.iati.node import DATED_BY, KEPT_NAMESPACE, XML_LANG, XML_NAMESPACE, Node, is_good_xml, local_name
from programs.exchange.iati.own_files import (
    VOCABULARY,
    drop_empty_narratives,
    has_words,
    keep_as_published,
    repeat_words,
    split_budgets,
)
from programs.exchange.iati.values import clean
from programs.exchange.iati.vocabulary import DAC_MARKER_VOCABULARIES, DAC_SECTOR_VOCABULARIES, VOCABULARIES_OF_SECTORS

VERSION = "2.03"
# Elements that must say something in words; below the activity itself, one that says nothing may be left out.
WORDS_OR_NOTHING = frozenset(
    {
        "description", "comment", "organisation", "department", "person-name", "job-title", "mailing-address", "name",
        "activity-description",
    }
)  # fmt: skip
# Elements that are a code and may be left out.
CODES_OR_NOTHING = frozenset(
    {
        "activity-scope", "collaboration-type", "default-flow-type", "default-finance-type", "default-aid-type",
        "default-tied-status", "disbursement-channel", "flow-type", "finance-type", "aid-type", "tied-status",
    }
)  # fmt: skip
# Organizations that may be left out.
NAMES_OR_NOTHING = frozenset({"provider-org", "receiver-org", "owner-org"})
# Attributes that may be left out, and say nothing where they are empty: those of any element, and of some.
_OF_ALL = ("currency", "percentage")
_OPTIONAL = {
    **dict.fromkeys(
        ("participating-org", "provider-org", "receiver-org", "owner-org"),
        ("ref", "type", "activity-id", "provider-activity-id", "receiver-activity-id"),
    ),
    **dict.fromkeys(("sector", "recipient-region", "default-aid-type", "aid-type"), (*_OF_ALL, "vocabulary")),
    "policy-marker": ("vocabulary", "significance"),
    "budget": ("type", "status"),
    "planned-disbursement": ("type",),
    "description": ("type",),
    "contact-info": ("type",),
}
_PURPOSE, _CATEGORY = re.compile("[0-9]{5}"), re.compile("[0-9]{3}")
# What a validator is told by a file, which is no part of what the file says.
XSI_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"
_IN_ACTIVITY = re.compile(r"^/[^/]+/[^/]+/([^/\[]+)(?:\[(\d+)\])?")
_ATTRIBUTE = re.compile(r"attribute '(?:\{([^}']*)\})?([^']+)'")
# An attribute that is not there cannot be set aside: its element is.
_LACKS = "is required but missing"


class CannotBeSaid(Exception):
    """The standard requires what is not known of the program; the message names it."""


def complete(activity: Element) -> Element:
    """Brings an activity into the schema's order and makes it valid; returns it. Raises CannotBeSaid.

    What is required and unknown is empty where the schema allows that (a status's code, a participating organization's
    role), and where the ruleset wants words they are said again (`repeat_words`): nothing is made up. A date cannot be
    empty, so an activity without any cannot be said.
    """
    _fill(activity)
    drop_empty_narratives(activity)
    _mend_attributes(activity)
    _name_vocabularies(activity)
    split_budgets(activity)
    for child in list(activity.iterchildren("*")):
        if not child.tag.startswith("{") and (not schema.is_known(child.tag) or _says_nothing(child)):
            keep_as_published(activity, child)
    while True:
        if activity.find("activity-date") is None:
            raise CannotBeSaid("activity-date")
        _require(activity)
        schema.put_in_order(activity)
        root = etree.Element("iati-activities", version=VERSION)
        root.append(activity)
        found = schema.problems(root)
        root.remove(activity)
        if not found:
            return activity
        # Each round sets something aside, so that there are no more rounds than parts of the activity.
        if not _set_aside(activity, found):
            raise CannotBeSaid(found[0][1])


def _says_nothing(child: Element) -> bool:
    """Whether a child of the activity lacks what alone makes it one: an organization its name, a sector code and words,
    a marker its code or significance, a result its title."""
    if child.tag == "participating-org":
        return not clean(child.get("ref")) and not has_words(child)
    if child.tag == "sector":
        return not clean(child.get("code")) and not has_words(child)
    if child.tag == "policy-marker":
        is_dac = clean(child.get("vocabulary")) in DAC_MARKER_VOCABULARIES
        return not clean(child.get("code")) or (is_dac and not clean(child.get("significance")))
    if child.tag == "result":
        titled = [child, *child.iter("indicator")]
        return not all((title := one.find("title")) is not None and has_words(title) for one in titled)
    return False


def _name_vocabularies(activity: Element) -> None:
    """A sector whose vocabulary is on no list, or whose code cannot be one of DAC's, is to the standard the reporting
    organization's own (99, then 98), which must have words. A list whose shares do not add up to 100 is kept apart."""
    own: dict[str, str] = {}
    lists: dict[str, list[Element]] = {}
    for sector in activity.iter("sector"):
        stated, code = clean(sector.get("vocabulary")), clean(sector.get("code"))
        is_dac = stated.lower() in DAC_SECTOR_VOCABULARIES
        if is_dac and _CATEGORY.fullmatch(code):
            wanted = "2"
        elif is_dac if _PURPOSE.fullmatch(code) else not is_dac and stated in VOCABULARIES_OF_SECTORS:
            wanted = stated
        else:
            wanted = own.setdefault(stated.lower(), "99" if not own else "98")
            if not has_words(sector) and code:
                etree.SubElement(sector, "narrative").text = f"{stated} {code}".strip()
        if wanted != stated:
            sector.set(VOCABULARY, stated)
            sector.set("vocabulary", wanted)
        sector.set("code", code)
        if sector.getparent() is activity and wanted.lower() not in DAC_SECTOR_VOCABULARIES:
            lists.setdefault(wanted, []).append(sector)
    for sectors in lists.values():
        if not _is_whole([clean(one.get("percentage")) for one in sectors]):
            for one in sectors:
                keep_as_published(activity, one)


def _is_whole(stated: list[str]) -> bool:
    """Whether the shares of a list are as the ruleset wants them: 100 in all, or none of a single entry."""
    try:
        return stated == [""] or sum(Decimal(value) for value in stated) == 100
    except InvalidOperation:
        return False


def _fill(activity: Element) -> None:
    """Says what is known in another place, and takes out what says nothing."""
    activity.attrib.pop("version", None)
    for name in ("hierarchy", "last-updated-datetime", "humanitarian", "default-currency", "linked-data-uri"):
        if name in activity.attrib and not clean(activity.get(name)):
            del activity.attrib[name]
    for element in list(activity.iter()):
        name, parent = local_name(element), element.getparent()
        if parent is None or not isinstance(element.tag, str) or element.tag.startswith("{"):
            continue
        for attribute in _OPTIONAL.get(name, _OF_ALL):
            if attribute in element.attrib and not clean(element.get(attribute)):
                del element.attrib[attribute]
        is_empty_code = name in CODES_OR_NOTHING and not clean(element.get("code"))
        if (
            is_empty_code
            or (name in NAMES_OR_NOTHING and not set(element.attrib) - {"type"} and not Node(element).text)
            or (name in WORDS_OR_NOTHING and not Node(element).text and not set(element.attrib) - {"type", XML_LANG})
        ):
            parent.remove(element)
        elif name == "value" and not clean(element.get("value-date")):
            _date_the_value(element, parent)


def _date_the_value(value: Element, parent: Element) -> None:
    """A value's date is the day of its transaction, or on which its period begins: the portal counts it so too.

    Marked, so that it comes back as not known.
    """
    for name in ("transaction-date", "period-start"):
        dated = parent.find(name)
        if dated is not None and dated.get("iso-date"):
            value.set("value-date", str(dated.get("iso-date")))
            value.set(DATED_BY, name)
            return


def _require(activity: Element) -> None:
    """The elements that must be there."""
    repeat_words(activity)
    if activity.find("activity-status") is None:
        etree.SubElement(activity, "activity-status", code="")


def _mend_attributes(activity: Element) -> None:
    """Moves attributes of XML itself that say nothing valid (a language that is no language tag) into our namespace."""
    for element in activity.iter("*"):
        for name, value in element.attrib.items():
            of = etree.QName(name)
            if of.namespace == XSI_NAMESPACE:
                del element.attrib[name]
            elif of.namespace == XML_NAMESPACE and not is_good_xml(of.localname, value):
                _set_attribute_aside(element, of.localname, XML_NAMESPACE)


def _set_attribute_aside(element: Element, name: str, namespace: str = "") -> bool:
    """Moves an attribute into the namespace of what 2.03 has no place for; one that is there already goes. Whether
    there was one."""
    value = element.attrib.pop(f"{{{namespace}}}{name}" if namespace else name, None)
    if value is not None and namespace != KEPT_NAMESPACE:
        element.set(f"{{{KEPT_NAMESPACE}}}{name}", value)
    return value is not None


def _set_aside(activity: Element, found: list[tuple[str, str]]) -> int:
    """Moves what is wrong into the namespace of what 2.03 has no place for: an attribute of the activity itself, of
    another namespace, or of an element of another namespace; else the child of the activity that it is in. Returns how
    many it moved."""
    children = _by_path(activity)
    wrong: list[Element] = []
    moved = 0
    for path, message in found:
        place = _IN_ACTIVITY.match(path)
        child = children.get((place.group(1), int(place.group(2) or 1))) if place else None
        attribute = _ATTRIBUTE.search(message)
        if attribute and place is None:
            moved += _set_attribute_aside(activity, attribute.group(2), attribute.group(1) or "")
        elif (
            attribute
            and _LACKS not in message
            and child is not None
            and (attribute.group(1) or child.tag.startswith("{"))
        ):
            # Also in elements of other namespaces the schema looks at the attributes that it knows by name.
            for element in child.iter("*"):
                moved += _set_attribute_aside(element, attribute.group(2), attribute.group(1) or "")
        elif child is not None and child not in wrong:
            wrong.append(child)
    for child in wrong:
        keep_as_published(activity, child)
    return moved + len(wrong)


def _by_path(activity: Element) -> dict[tuple[str, int], Element]:
    """The children of an activity by the step to them in libxml2's paths: (name, place among those of that name).

    A step is the name with its prefix; for a child in a namespace without prefix it is a star, counted among all.
    """
    found: dict[tuple[str, int], Element] = {}
    counted: Counter[str] = Counter()
    for number, child in enumerate(activity.iterchildren("*"), start=1):
        name = etree.QName(child)
        if name.namespace and not child.prefix:
            found["*", number] = child
            continue
        step = f"{child.prefix}:{name.localname}" if name.namespace else name.localname
        counted[step] += 1
        found[step, counted[step]] = child
    return found
