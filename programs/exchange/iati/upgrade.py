"""Activities of any version said in the elements of 2.03, with nothing lost.

By IATI's own guide for going from 1.0x to 2.01: text goes into narratives, words and letters become the code lists'
numbers (codes.py), elements that were taken out become those that took their place. What 2.03 has no place for is kept
in a namespace of ours (own_files.py), as it was, where the schema allows what others add.
"""

from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.codes import say_by_the_lists
from programs.exchange.iati.node import KEPT_SHARE, XML_LANG, local_name, parsed
from programs.exchange.iati.own_files import restored
from programs.exchange.iati.values import clean, clean_code, parse_date

# Elements whose text becomes a narrative.
WITH_NARRATIVES = frozenset(
    {
        "title", "description", "comment", "organisation", "department", "person-name", "job-title", "mailing-address",
        "name", "activity-description", "activity-date", "reporting-org", "participating-org", "provider-org",
        "receiver-org", "owner-org", "sector", "recipient-country", "recipient-region", "policy-marker", "condition",
    }
)  # fmt: skip


def upgraded(activity: Element) -> Element:
    """A copy of an <iati-activity> of any version, in the words of 2.03; the order of its elements is as it was."""
    copy = restored(_without_namespace(activity))
    if _is_of_version_2(copy):
        _split_text(copy)
    else:
        _change(copy)
        _one_title(copy)
    say_by_the_lists(copy)
    return copy


def _without_namespace(activity: Element) -> Element:
    """A copy whose elements of the standard have no namespace, and which carries none it does not use."""
    copy = parsed(etree.tostring(activity, with_tail=False))
    prefix = copy.tag[: copy.tag.rindex("}") + 1] if copy.tag.startswith("{") else ""
    for element in list(copy.iter()):
        if not isinstance(element.tag, str):
            if element.getparent() is not None:
                etree.strip_tags(element.getparent(), element.tag)
        elif prefix and element.tag.startswith(prefix):
            element.tag = element.tag.removeprefix(prefix)
    etree.cleanup_namespaces(copy)
    return copy


def _is_of_version_2(activity: Element) -> bool:
    """By what it looks like: real files state versions that they do not follow."""
    return activity.find(".//narrative") is not None or (activity.get("version") or "").startswith("2")


def _split_text(activity: Element) -> None:
    """Text that stands beside narratives, where 2.0x allows none, becomes a narrative where there is no other."""
    for element in activity.iter():
        if local_name(element) in WITH_NARRATIVES and clean(element.text):
            if not any(clean("".join(child.itertext())) for child in element.findall("narrative")):
                for child in element.findall("narrative"):
                    element.remove(child)
                _into_narrative(element)
            element.text = None


def _change(activity: Element) -> None:
    """1.0x to 2.0x, element by element."""
    for element in list(activity.iter()):
        name = local_name(element)
        if name in REPLACED:
            REPLACED[name](element)
        if name in WITH_NARRATIVES and (name != "description" or element.find("narrative") is None):
            _into_narrative(element)
        for attribute in ("ref", "code"):
            if (stated := element.get(attribute)) and name != "related-activity":
                element.set(attribute, clean_code(stated))


def _into_narrative(element: Element) -> None:
    text, language = clean("".join(element.itertext())), element.attrib.pop(XML_LANG, None)
    if local_name(element) == "activity-date" and (day := parse_date(text)) and not element.get("iso-date"):
        element.set("iso-date", day.isoformat())
        text = ""
    for child in list(element):
        if not (isinstance(child.tag, str) and child.tag.startswith("{")):
            element.remove(child)
    element.text = None
    if text:
        narrative = etree.Element("narrative")
        narrative.text = text
        if language:
            narrative.set(XML_LANG, language)
        element.insert(0, narrative)


def _website(element: Element) -> None:
    """activity-website: a document of the category A12, web page of the activity."""
    address = clean(element.text)
    element.tag, element.text = "document-link", None
    element.attrib.clear()
    element.set("url", address)
    element.set("format", "text/html")
    title = etree.SubElement(element, "title")
    etree.SubElement(title, "narrative").text = address
    etree.SubElement(element, "category").set("code", "A12")


def _other_identifier(element: Element) -> None:
    text = clean(element.text)
    owner, name = element.attrib.pop("owner-ref", None), element.attrib.pop("owner-name", None)
    element.text = None
    element.set("ref", text)
    element.set("type", "A9")
    if owner or name:
        owning = etree.SubElement(element, "owner-org")
        if owner:
            owning.set("ref", clean_code(owner))
        if name:
            etree.SubElement(owning, "narrative").text = clean(name)


def _coordinates(element: Element) -> None:
    latitude, longitude = element.get("latitude"), element.get("longitude")
    if latitude is None or longitude is None:
        return
    element.tag, element.text = "point", None
    element.attrib.clear()
    element.set("srsName", "http://www.opengis.net/def/crs/EPSG/0/4326")
    etree.SubElement(element, "pos").text = f"{clean(latitude)} {clean(longitude)}"


def _share(element: Element) -> None:
    """1.0x has the share of a place; 2.0x has no place for it."""
    if (stated := element.attrib.pop("percentage", None)) and KEPT_SHARE not in element.attrib:
        element.set(KEPT_SHARE, stated)


def _location_type(element: Element) -> None:
    element.tag, element.text = "feature-designation", None


def _administrative(element: Element) -> None:
    """1.0x: country, adm1 and adm2 as attributes; 2.0x: one element for each, with the level."""
    parent = element.getparent()
    if element.get("vocabulary") or parent is None:
        return
    stated = [(element.get("country"), "0", words.COUNTRY_VOCABULARY.upper())]
    stated += [(element.get(f"adm{level}"), str(level), words.COUNTRY_VOCABULARY.upper()) for level in (1, 2)]
    place = parent.index(element)
    made = [(code, level, vocabulary) for code, level, vocabulary in stated if code]
    if not made:
        return
    for number, (code, level, vocabulary) in enumerate(made):
        one = etree.Element("administrative", code=clean_code(code), level=level, vocabulary=vocabulary)
        parent.insert(place + number, one)
    if not clean(element.text):
        parent.remove(element)


REPLACED: dict[str, Callable[[Element], None]] = {
    "activity-website": _website,
    "other-identifier": _other_identifier,
    "coordinates": _coordinates,
    "location": _share,
    "location-type": _location_type,
    "administrative": _administrative,
}


def _one_title(activity: Element) -> None:
    """1.0x repeats a title for each language; 2.0x has one with a narrative for each."""
    first, *others = activity.findall("title") or [None]
    for other in others:
        for narrative in other.findall("narrative"):
            first.append(narrative)
        activity.remove(other)
    for result in activity.iter("result", "indicator"):
        for name in ("title", "description"):
            first, *others = result.findall(name) or [None]
            for other in others:
                for narrative in other.findall("narrative"):
                    first.append(narrative)
                result.remove(other)
