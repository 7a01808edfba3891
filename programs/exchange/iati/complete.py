"""An activity made valid by the schema of 2.03: what is known is said, what it has no place for kept apart."""

import re
from collections import Counter

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
from programs.exchange.iati.vocabulary import DAC_SECTOR_VOCABULARIES, VOCABULARIES_OF_SECTORS

VERSION = "2.03"
# Elements that must say something in words; below the activity itself, one that says nothing may be left out.
WORDS_OR_NOTHING = frozenset(
    {
        "description", "comment", "organisation", "department", "person-name", "job-title", "mailing-address", "name",
        "activity-description",
    }
)  # fmt: skip
# What a validator is told by a file, which is no part of what the file says.
XSI_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"
_IN_ACTIVITY = re.compile(r"^/[^/]+/[^/]+/([^/\[]+)(?:\[(\d+)\])?")
_ATTRIBUTE = re.compile(r"attribute '(?:\{([^}']*)\})?([^']+)'")


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
    """Whether a child of the activity lacks what alone makes it one: a sector its code, a result its title."""
    if child.tag == "sector":
        return not clean(child.get("code"))
    if child.tag == "result":
        titled = [child, *child.iter("indicator")]
        return not all((title := one.find("title")) is not None and has_words(title) for one in titled)
    return False


def _name_vocabularies(activity: Element) -> None:
    """A vocabulary of sectors that is on no list is the reporting organization's own (99), which must have words."""
    for sector in activity.iter("sector"):
        stated = clean(sector.get("vocabulary"))
        if stated and stated not in VOCABULARIES_OF_SECTORS and stated.lower() not in DAC_SECTOR_VOCABULARIES:
            sector.set(VOCABULARY, stated)
            sector.set("vocabulary", "99")
            if not has_words(sector):
                etree.SubElement(sector, "narrative").text = f"{stated} {clean(sector.get('code'))}".strip()


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
        if name in WORDS_OR_NOTHING and not Node(element).text and not set(element.attrib) - {"type", XML_LANG}:
            parent.remove(element)
        elif name == "policy-marker" and element.get("code") is None:
            element.set("code", "")
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
        elif attribute and child is not None and (attribute.group(1) or child.tag.startswith("{")):
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
