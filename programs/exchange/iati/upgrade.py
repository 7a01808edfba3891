"""Activities of any version said in the elements of 2.03, with nothing lost.

By IATI's own guide for going from 1.0x to 2.01: text goes into narratives, words and letters become the code lists'
numbers, elements that were taken out become those that took their place. What 2.03 has no place for is kept in an
element of a namespace of ours (`KEPT`), as it was, where the schema allows what others add.
"""

import re
from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.node import KEPT_NAMESPACE, XML_LANG, Node, local_name, parsed
from programs.exchange.iati.values import clean, clean_code, parse_amount, parse_date

KEPT = f"{{{KEPT_NAMESPACE}}}as-published"

# Elements whose text becomes a narrative.
WITH_NARRATIVES = frozenset(
    {
        "title", "description", "comment", "organisation", "department", "person-name", "job-title", "mailing-address",
        "name", "activity-description", "activity-date", "reporting-org", "participating-org", "provider-org",
        "receiver-org", "owner-org", "sector", "recipient-country", "recipient-region", "policy-marker", "condition",
    }
)  # fmt: skip
# Elements that are a code: their text, where there was any, is the code's name in the list.
BARE_CODES = frozenset(
    {
        "activity-status", "activity-scope", "collaboration-type", "default-flow-type", "default-finance-type",
        "default-aid-type", "default-tied-status", "transaction-type", "disbursement-channel", "flow-type",
        "finance-type", "aid-type", "tied-status", "feature-designation", "language", "category", "related-activity",
        "transaction-date", "period-start", "period-end",
    }
)  # fmt: skip
# (element, attribute) -> the words and letters of 1.0x for the codes of 2.0x.
CODES: dict[tuple[str, str], dict[str, int] | dict[str, str]] = {
    ("participating-org", "role"): words.ROLES,
    ("activity-status", "code"): words.STATUSES,
    ("activity-date", "type"): {"start-planned": 1, "start-actual": 2, "end-planned": 3, "end-actual": 4},
    ("transaction-type", "code"): words.TRANSACTION_TYPES,
    ("related-activity", "type"): words.RELATED_TYPES,
    ("budget", "type"): words.BUDGET_TYPES,
    ("planned-disbursement", "type"): words.BUDGET_TYPES,
    ("result", "type"): words.RESULT_TYPES,
    ("indicator", "measure"): words.INDICATOR_MEASURES,
    ("conditions", "attached"): {"yes": "1", "no": "0", "true": "1", "false": "0"},
    **{(name, "type"): words.ORGANISATION_TYPES
       for name in ("reporting-org", "participating-org", "provider-org", "receiver-org")},
    **{(name, "vocabulary"): words.SECTOR_VOCABULARIES for name in ("sector",)},
    ("policy-marker", "vocabulary"): {"dac": "1", "ro": "99"},
    ("recipient-region", "vocabulary"): {"dac": "1", "un": "2"},
}  # fmt: skip
_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$")


def upgraded(activity: Element) -> Element:
    """A copy of an <iati-activity> of any version, in the words of 2.03; the order of its elements is as it was."""
    copy = _without_namespace(activity)
    if _is_of_version_2(copy):
        _split_text(copy)
    else:
        _change(copy)
        _one_title(copy)
    _mend_formats(copy)
    return copy


def keep_as_published(activity: Element, child: Element) -> None:
    """Moves a child of the activity into the namespace of what 2.03 has no place for."""
    activity.remove(child)
    place = etree.SubElement(activity, KEPT, nsmap={"portal": KEPT_NAMESPACE})
    for element in child.iter():
        if isinstance(element.tag, str) and not element.tag.startswith("{"):
            element.tag = f"{{{KEPT_NAMESPACE}}}{element.tag}"
    child.tail = None
    place.append(child)


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
        elif name in BARE_CODES:
            _code_from_text(element, name)
        for (of, attribute), codes in CODES.items():
            if of == name and (stated := clean(element.get(attribute)).lower()) in codes:
                element.set(attribute, str(codes[stated]))
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


def _code_from_text(element: Element, name: str) -> None:
    text = clean(element.text)
    element.attrib.pop(XML_LANG, None)
    attribute = {"related-activity": "ref"}.get(name, "code")
    if name in ("transaction-date", "period-start", "period-end"):
        attribute = "iso-date"
        day = parse_date(element.get(attribute)) or parse_date(text)
        text = day.isoformat() if day else text
    codes = CODES.get((name, attribute), {})
    if text and not clean(element.get(attribute)):
        element.set(attribute, str(codes.get(text.lower(), text)))
    element.text = None


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


def _location_type(element: Element) -> None:
    element.tag, element.text = "feature-designation", None


def _administrative(element: Element) -> None:
    """1.0x: country, adm1 and adm2 as attributes; 2.0x: one element for each, with the level."""
    parent = element.getparent()
    if element.get("vocabulary") or parent is None:
        return
    stated = [(element.get("country"), "0", words.COUNTRY_VOCABULARY.upper())]
    stated += [(element.get(f"adm{level}"), str(level), "ISO-3166-2") for level in (1, 2)]
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


def _mend_formats(activity: Element) -> None:
    """Dates as xsd:date and amounts as xsd:decimal, where they were written otherwise and can be told."""
    for element in activity.iter():
        for attribute in ("iso-date", "value-date", "extraction-date"):
            stated = element.get(attribute)
            if stated is not None and not _DATE.match(stated) and (day := parse_date(stated)):
                element.set(attribute, day.isoformat())
        if local_name(element) == "value" and clean(element.text):
            amount, currency = parse_amount(element.text)
            if amount is not None:
                element.text = f"{amount:f}"
                if currency and not Node(element).get("currency"):
                    element.set("currency", currency)
    stated = clean(activity.get("last-updated-datetime"))
    if stated:
        day = parse_date(stated)
        is_whole = re.match(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$", stated)
        if day and not is_whole:
            activity.set("last-updated-datetime", f"{day.isoformat()}T00:00:00")
