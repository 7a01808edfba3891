"""Reads one <iati-activity>, of 1.0x or 2.0x, into an Activity. Pure: no database."""

import hashlib
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.activity import Activity, Participant
from programs.exchange.iati.node import XML_NAMESPACE, Node, is_good_xml, local_name, parsed, stated_language
from programs.exchange.iati.own_files import restored
from programs.exchange.iati.parts import organization, read_day, read_shares
from programs.exchange.iati.read_money import read_money
from programs.exchange.iati.read_places import read_places
from programs.exchange.iati.read_results import read_results
from programs.exchange.iati.values import (
    clean,
    clean_code,
    from_windows_1252,
    has_control_characters,
    has_markup,
    parse_code,
    parse_flag,
    parse_language,
    parse_small_number,
)

# The day on which a publisher wrote an activity, which says nothing of the program.
WRITTEN_AT = "last-updated-datetime"
# Elements, beside the activity, that hold elements alone in every version of the standard.
WITHOUT_TEXT = frozenset(
    {
        "transaction", "budget", "planned-disbursement", "location", "result", "indicator", "period", "contact-info",
        "document-link", "conditions", "country-budget-items", "capital-spend", "fss", "crs-add",
    }
)  # fmt: skip
_XML_ATTRIBUTES = {
    name: etree.XPath(f"descendant-or-self::*/@xml:{name}", namespaces={"xml": XML_NAMESPACE})
    for name in ("lang", "space")
}
LONGEST_IDENTIFIER = 255
SHOWN_WORDS = 5
HIGHEST_HIERARCHY = 99
# Codes of the activity as a whole: element -> field of the program, longest code of the list.
DEFAULT_CODES = {
    "activity-scope": ("activity_scope", 1),
    "collaboration-type": ("collaboration_type", 2),
    "default-flow-type": ("flow_type", 3),
    "default-finance-type": ("finance_type", 4),
    "default-aid-type": ("aid_type", 4),
    "default-tied-status": ("tied_status", 1),
}


def read_activity(element: Element, standard: str = "") -> Activity:
    """One <iati-activity> as an Activity; never raises for what is in it: oddities are noted, problems told."""
    mended = _mend_characters(element)
    node = Node(element)
    language = parse_language(stated_language(element))
    activity = Activity(line=element.sourceline or 0, standard=node.get("version") or standard)
    _read_source(activity, element)
    node = Node(restored(element))
    _read_identity(activity, node, language)
    if activity.problem:
        return activity
    if mended:
        activity.warn("text.encoding", ", ".join(mended))
    if not activity.standard:
        activity.warn("version.missing", "")
    _note_what_is_not_exported(activity, element)
    _read_texts(activity, node, language)
    _read_status_and_dates(activity, node)
    _read_participants(activity, node, language)
    read_places(activity, node, language)
    _read_sectors(activity, node, language)
    read_markers(activity, node)
    read_money(activity, node, language)
    read_related(activity, node)
    _read_codes(activity, node)
    read_flags(activity, node)
    read_results(activity, node, language)
    return activity


def _mend_characters(element: Element) -> list[str]:
    """Control characters that windows-1252 has letters and quotes for, as these: what a file of that encoding has that
    says to be ISO-8859-1. Returns some of the words that had them."""
    found: list[str] = []

    def mended(text: str) -> str:
        said = from_windows_1252(text)
        if len(found) < SHOWN_WORDS:
            found.extend(
                now for now, was in zip(said.split(), text.split(), strict=False) if now != was and now not in found
            )
        return said

    for part in element.iter():
        for name, value in part.attrib.items():
            if has_control_characters(value):
                part.set(name, mended(value))
        if has_control_characters(part.text):
            part.text = mended(part.text or "")
        if part is not element and has_control_characters(part.tail):
            part.tail = mended(part.tail or "")
    return found[:SHOWN_WORDS]


def _read_source(activity: Activity, element: Element) -> None:
    """The activity as published, and its checksum."""
    tail, element.tail = element.tail, None
    activity.xml = etree.tostring(element, encoding="unicode")
    activity.checksum = _checksum(element)
    element.tail = tail


def checksum_of(xml: str) -> str:
    """The checksum that an activity kept as published has today; "" where it can no longer be read."""
    try:
        return _checksum(parsed(xml))
    except etree.XMLSyntaxError:
        return ""


def _checksum(element: Element) -> str:
    """SHA-256 of an activity's exclusive canonical XML: the same wherever the activity stands, in whatever file, and
    whenever its publisher says to have written it (last-updated-datetime). `element` has no tail."""
    said = element.attrib.pop(WRITTEN_AT, None)
    try:
        canonical = etree.tostring(element, method="c14n", exclusive=True)
    except etree.C14NError:  # it has none where a namespace is a relative address, such as xmlns:own="own"
        canonical = etree.tostring(element)
    if said is not None:
        element.set(WRITTEN_AT, said)
    return hashlib.sha256(canonical).hexdigest()


def _note_what_is_not_exported(activity: Activity, element: Element) -> None:
    """Attributes of XML that are none, and text between elements, where nobody reads it."""
    for name, code in (("lang", "language.no-tag"), ("space", "space.unknown")):
        bad = {value for value in _XML_ATTRIBUTES[name](element) if not is_good_xml(name, value)}
        for value in sorted(bad):
            activity.warn(code, value)
    prefix = element.tag.removesuffix(local_name(element))
    for part in (element, *element.iter(*(prefix + name for name in WITHOUT_TEXT))):
        for text in (part.text, *(child.tail for child in part)):
            if stray := clean(text):
                activity.warn("text.stray", stray[:80])


def _read_identity(activity: Activity, node: Node, language: str) -> None:
    """Who reports it under which identifier; without either there is nothing to know it by."""
    identifiers = [text for child in node.all("iati-identifier") if (text := child.text)]
    activity.identifier = identifiers[0] if identifiers else ""
    reporters = [ref for child in node.all("reporting-org") if (ref := organization(child, language))]
    if reporters:
        activity.reporting_org = reporters[0]
    if not activity.identifier:
        activity.problem = _("The activity has no iati-identifier.")
    elif len(activity.identifier) > LONGEST_IDENTIFIER:
        activity.problem = _("The iati-identifier has more than 255 characters.")
        activity.identifier = activity.identifier[:80] + "…"
    elif not reporters:
        activity.problem = _("The activity has no reporting-org, so its reporter is unknown.")
    if len(set(identifiers)) > 1:
        activity.warn("identifier.several", ", ".join(identifiers))
    if len(set(reporters)) > 1:
        activity.warn("reporting-org.several", ", ".join(ref.name or ref.ref for ref in reporters))


def _read_texts(activity: Activity, node: Node, language: str) -> None:
    for name, kept in (("title", activity.titles), ("description", activity.descriptions)):
        for child in node.all(name):
            kept += child.narratives(language)
            if has_markup(raw := child.text):
                activity.warn("text.markup", f"{name}: {raw[:80]}")
    if not activity.titles:
        activity.warn("title.missing", "")


def _read_status_and_dates(activity: Activity, node: Node) -> None:
    status = node.first("activity-status")
    if status is not None:
        stated = status.get("code") or status.text
        activity.status = words.STATUSES.get(stated.lower()) or words.STATUSES.get(status.text.lower())
        if activity.status is None and stated:
            activity.warn("status.unknown", stated)
    for child in node.all("activity-date"):
        kind = words.DATE_TYPES.get(child.get("type").lower().replace(" ", "-").replace("_", "-"))
        stated = child.get("iso-date") or child.text
        if kind is None:
            activity.warn("date.type-unknown", f"{child.get('type')}: {stated}")
        elif not stated:
            continue
        elif (day := read_day(activity, child, kind, last=kind.endswith("_end"))) is None:
            activity.warn("date.not-iso", f"{kind}: {stated}")
        elif kind in activity.dates and activity.dates[kind] != day:
            activity.warn("date.twice", f"{kind}: {activity.dates[kind]}, {day}")
        else:
            activity.dates.setdefault(kind, day)
    for first, last in (("planned_start", "planned_end"), ("actual_start", "actual_end")):
        start, end = activity.dates.get(first), activity.dates.get(last)
        if start and end and end < start:
            activity.warn("date.out-of-order", f"{first} {start}, {last} {end}")


def _read_participants(activity: Activity, node: Node, language: str) -> None:
    for child in node.all("participating-org"):
        role = words.ROLES.get(child.get("role").lower())
        taking_part = organization(child, language)
        if not taking_part:
            activity.warn("participant.nameless", child.get("role"))
        elif role is None:
            activity.warn("participant.role-unknown", f"{child.get('role')}: {taking_part.name or taking_part.ref}")
        else:
            identifier = child.get("activity-id")[:LONGEST_IDENTIFIER]
            activity.participants.append(Participant(taking_part, role, identifier))


def _read_sectors(activity: Activity, node: Node, language: str) -> None:
    nodes = node.all("sector")
    if not any(sector_vocabulary_of(child) == "1" for child in nodes):
        # 2.0x lets each transaction name its sector instead; shares of the whole are not known then.
        named = {
            (child.get("vocabulary"), child.get("code")): child
            for move in node.all("transaction")
            for child in move.all("sector")
        }
        nodes += named.values()
    shares = read_shares(activity, nodes, "sector", language)
    activity.sectors += [
        replace(share, vocabulary=words.sector_vocabulary(share.vocabulary, share.code)) for share in shares
    ]


def sector_vocabulary_of(node: Node) -> str:
    """The vocabulary that a <sector> is in, as the code of 2.0x."""
    return words.sector_vocabulary(node.get("vocabulary"), clean_code(node.element.get("code")))


def read_markers(activity: Activity, node: Node) -> None:
    for child in node.all("policy-marker"):
        if child.get("vocabulary").lower() not in words.DAC_MARKER_VOCABULARIES:
            activity.warn("marker.other", f"{child.get('code')} {child.words()}".strip())
            continue
        stated = child.get("code"), child.get("significance")
        code, significance = parse_small_number(stated[0], 1, 12), parse_small_number(stated[1], 0, 4)
        if code is not None and significance is not None:
            activity.markers.append((code, significance))
        elif any(stated):
            activity.warn("marker.unknown", ": ".join(stated))


def read_related(activity: Activity, node: Node) -> None:
    for child in node.all("related-activity"):
        kind = words.RELATED_TYPES.get(child.get("type").lower())
        identifier = child.get("ref") or child.text
        if kind is None or not identifier or len(identifier) > LONGEST_IDENTIFIER:
            activity.warn("related.unreadable", f"{child.get('type')}: {identifier}")
        else:
            activity.related.append((kind, identifier))


def _read_codes(activity: Activity, node: Node) -> None:
    for name, (field, longest) in DEFAULT_CODES.items():
        found = node.all(name)
        if name == "default-aid-type":
            found = [child for child in found if child.get("vocabulary") in words.DAC_AID_TYPE_VOCABULARIES]
        if not found:
            continue
        activity.codes[field] = parse_code(found[0].get("code"), longest)
        if not activity.codes[field] and (stated := found[0].get("code") or found[0].text):
            activity.warn("code.unknown", f"{name}: {stated}")
    stated = clean(node.element.get("hierarchy"))
    activity.hierarchy = parse_small_number(stated, 0, HIGHEST_HIERARCHY)
    if stated and activity.hierarchy is None:
        activity.warn("code.unknown", f"hierarchy: {stated}")


def read_flags(activity: Activity, node: Node) -> None:
    """Whether it is humanitarian (by its transactions where it does not say so itself), and reported by a second
    body beside the one that carries it out."""
    activity.is_humanitarian = _flag(activity, node, "humanitarian")
    if activity.is_humanitarian is None:
        activity.is_humanitarian = any(parse_flag(move.get("humanitarian")) for move in node.all("transaction"))
    reporter = node.first("reporting-org")
    activity.is_secondary_report = bool(reporter and _flag(activity, reporter, "secondary-reporter"))
    if activity.is_secondary_report:
        activity.warn("reporting-org.secondary", "")


def _flag(activity: Activity, node: Node, name: str) -> bool | None:
    stated = node.get(name)
    flag = parse_flag(stated)
    if stated and flag is None:
        activity.warn("code.unknown", f"{name}: {stated}")
    return flag
