"""An activity made valid by the schema of 2.03: what is known is said, what it has no place for kept apart."""

import re
from collections import Counter

from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati import schema
from programs.exchange.iati.node import DATED_BY, KEPT_NAMESPACE, XML_NAMESPACE, Node, is_good_xml, local_name
from programs.exchange.iati.upgrade import keep_as_published
from programs.exchange.iati.values import clean

VERSION = "2.03"
# Elements that must say something in words; below the activity itself, one that says nothing may be left out.
WORDS_OR_NOTHING = frozenset(
    {
        "description", "comment", "organisation", "department", "person-name", "job-title", "mailing-address", "name",
        "activity-description",
    }
)  # fmt: skip
MOST_ROUNDS = 12
# What a validator is told by a file, which is no part of what the file says.
XSI_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"
_IN_ACTIVITY = re.compile(r"^/[^/]+/[^/]+/([^/\[]+)(?:\[(\d+)\])?")
_ATTRIBUTE = re.compile(r"attribute '(?:\{([^}']*)\})?([^']+)'")


class CannotBeSaid(Exception):
    """The standard requires what is not known of the program; the message names it."""


def complete(activity: Element) -> Element:
    """Brings an activity into the schema's order and makes it valid; returns it. Raises CannotBeSaid.

    What is required and unknown is empty where the schema allows that (a status's code, the words of a title and a
    description, a participating organization's role): nothing is made up. A date cannot be empty, so an activity
    without any cannot be said.
    """
    _fill(activity)
    _mend_attributes(activity)
    if activity.find("activity-date") is None:
        raise CannotBeSaid("activity-date")
    for _round in range(MOST_ROUNDS):
        _require(activity)
        schema.put_in_order(activity)
        root = etree.Element("iati-activities", version=VERSION)
        root.append(activity)
        found = schema.problems(root)
        root.remove(activity)
        if not found:
            return activity
        _set_aside(activity, found)
        if activity.find("activity-date") is None:
            raise CannotBeSaid("activity-date")
    raise CannotBeSaid(found[0][1])


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
        if name in WORDS_OR_NOTHING and not Node(element).text and not set(element.attrib) - {"type"}:
            parent.remove(element)
        elif name in ("sector", "policy-marker") and element.get("code") is None:
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
    if activity.find("title/narrative") is None:
        title = activity.find("title")
        title = etree.SubElement(activity, "title") if title is None else title
        etree.SubElement(title, "narrative")
    if activity.find("description") is None:
        etree.SubElement(etree.SubElement(activity, "description"), "narrative")
    if activity.find("participating-org") is None:
        etree.SubElement(activity, "participating-org", role="")
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


def _set_attribute_aside(element: Element, name: str, namespace: str = "") -> None:
    """Moves an attribute into the namespace of what 2.03 has no place for; one that is there already goes."""
    value = element.attrib.pop(f"{{{namespace}}}{name}" if namespace else name, None)
    if value is not None and namespace != KEPT_NAMESPACE:
        element.set(f"{{{KEPT_NAMESPACE}}}{name}", value)


def _set_aside(activity: Element, found: list[tuple[str, str]]) -> None:
    """Moves what is wrong into the namespace of what 2.03 has no place for: an attribute of the activity itself, of
    another namespace, or of an element of another namespace; else the child of the activity that it is in."""
    children = _by_path(activity)
    wrong: list[Element] = []
    for path, message in found:
        place = _IN_ACTIVITY.match(path)
        child = children.get((place.group(1), int(place.group(2) or 1))) if place else None
        attribute = _ATTRIBUTE.search(message)
        if attribute and place is None:
            _set_attribute_aside(activity, attribute.group(2), attribute.group(1) or "")
        elif attribute and child is not None and (attribute.group(1) or child.tag.startswith("{")):
            # Also in elements of other namespaces the schema looks at the attributes that it knows by name.
            for element in child.iter("*"):
                _set_attribute_aside(element, attribute.group(2), attribute.group(1) or "")
        elif child is not None and child not in wrong:
            wrong.append(child)
    for child in wrong:
        keep_as_published(activity, child)


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
