"""Reads IATI activity files, 1.0x and 2.0x, one activity at a time in constant memory. Pure: no database."""

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _
from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.activity import (
    Activity,
    BudgetLine,
    Movement,
    OrganizationRef,
    Participant,
    Place,
    Share,
)
from programs.exchange.iati.values import (
    clean,
    parse_amount,
    parse_code,
    parse_currency,
    parse_date,
    parse_language,
    parse_number,
    parse_percentage,
)

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LONGEST_IDENTIFIER = 255
# Codes of the activity as a whole: element -> field of the program, longest code of the list.
DEFAULT_CODES = {
    "activity-scope": ("activity_scope", 1),
    "collaboration-type": ("collaboration_type", 2),
    "default-flow-type": ("flow_type", 3),
    "default-finance-type": ("finance_type", 4),
    "default-aid-type": ("aid_type", 4),
    "default-tied-status": ("tied_status", 1),
}


class NotIati(Exception):
    """The file as a whole cannot be read; the message says why, and where."""


def check_file(path: Path) -> None:
    """Raises NotIati for a file that is no well-formed XML or holds no IATI activities. Reads it all, keeps nothing.

    So a file that breaks off in the middle is refused before any of it is taken.
    """
    try:
        parser = _parse(path, events=("start", "end"))
        root: Element | None = None
        for event, element in parser:
            if root is None:
                root = element
                if element.getroottree().docinfo.doctype:
                    raise NotIati(_("It declares a DOCTYPE, which IATI files do not have."))
                if _local(element) not in ("iati-activities", "iati-activity"):
                    raise NotIati(
                        _("It is no file of IATI activities: its first element is <%(name)s>.")
                        % {"name": _local(element)}
                    )
            if event == "end" and _local(element) == "iati-activity":
                _free(element)
    except etree.XMLSyntaxError as error:
        raise NotIati(_("It is no well-formed XML: %(error)s") % {"error": error}) from error
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NotIati(_("It cannot be read: %(error)s") % {"error": reason}) from error


def read_activities(path: Path) -> Iterator[Activity]:
    """The activities of a file that `check_file` passed, in order, each freed after the next is asked for."""
    standard = ""
    for event, element in _parse(path, events=("start", "end")):
        if event == "start":
            if _local(element) == "iati-activities":
                standard = clean(element.get("version"))
        elif _local(element) == "iati-activity":
            yield read_activity(element, standard)
            _free(element)


def _parse(path: Path, events: tuple[str, ...]) -> etree.iterparse:
    return etree.iterparse(
        str(path),
        events=events,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )


def _free(element: Element) -> None:
    """Lets go of an element that has been read, and of all before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _local(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


class Node:
    """An element of the standard: its attributes, its text, its children by name; other namespaces are not seen."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.text = clean(element.text)
        namespace = etree.QName(element).namespace
        self.children: dict[str, list[Element]] = {}
        for child in element:
            if isinstance(child.tag, str) and etree.QName(child).namespace == namespace:
                self.children.setdefault(_local(child), []).append(child)

    def get(self, attribute: str) -> str:
        return clean(self.element.get(attribute))

    def all(self, name: str) -> list["Node"]:
        return [Node(child) for child in self.children.get(name, [])]

    def first(self, name: str) -> "Node | None":
        found = self.children.get(name)
        return Node(found[0]) if found else None

    def code(self, name: str, attribute: str = "code") -> str:
        """The code of the first child of that name, or its text where it has none; "" where there is no child."""
        child = self.first(name)
        return "" if child is None else child.get(attribute) or child.text

    def narratives(self, language: str) -> list[tuple[str, str]]:
        """(language, text) of each narrative (2.0x), or of the element's own text (1.0x); blank ones left out."""
        own = self.element.get(XML_LANG) or language
        found = [
            (parse_language(child.get(XML_LANG) or own), clean("".join(child.itertext())))
            for child in self.children.get("narrative", [])
        ]
        if not any(text for _language, text in found):
            found = [(parse_language(own), clean("".join(self.element.itertext())))]
        return [(spoken, text) for spoken, text in found if text]

    def words(self, language: str = "") -> str:
        """Its text in `language`, else in the first that it has."""
        narratives = self.narratives(language)
        return next(
            (text for spoken, text in narratives if spoken == language),
            narratives[0][1] if narratives else "",
        )


def read_activity(element: Element, standard: str = "") -> Activity:
    """One <iati-activity> as an Activity; never raises for what is in it: oddities are noted, problems told."""
    node = Node(element)
    language = parse_language(element.get(XML_LANG))
    activity = Activity(line=element.sourceline or 0, standard=node.get("version") or standard)
    activity.identifier = clean("".join(i.element.itertext())) if (i := node.first("iati-identifier")) else ""
    # Canonical XML, without the tail: the same activity has the same checksum wherever it stands in a file.
    tail, element.tail = element.tail, None
    activity.xml = etree.tostring(element, encoding="unicode")
    activity.checksum = hashlib.sha256(etree.tostring(element, method="c14n")).hexdigest()
    element.tail = tail

    reporters = node.all("reporting-org")
    if len(reporters) > 1:
        activity.odd("reporting-org.several", f"{len(reporters)} reporting organisations; the first is taken")
    if reporters:
        activity.reporting_org = _organization(reporters[0], language)
    if not activity.identifier:
        activity.problem = _("It has no iati-identifier.")
    elif len(activity.identifier) > LONGEST_IDENTIFIER:
        activity.problem = _("Its iati-identifier has more than 255 characters.")
        activity.identifier = activity.identifier[:80] + "…"
    elif not activity.reporting_org:
        activity.problem = _("It has no reporting-org that says who reports it.")
    if activity.problem:
        return activity

    _read_texts(activity, node, language)
    _read_status_and_dates(activity, node)
    _read_participants(activity, node, language)
    _read_places(activity, node, language)
    _read_sectors(activity, node, language)
    _read_markers(activity, node)
    _read_money(activity, node, language)
    _read_related(activity, node)
    for name, (field, longest) in DEFAULT_CODES.items():
        if stated := node.code(name):
            activity.codes[field] = parse_code(node.first(name).get("code"), longest)  # type: ignore[union-attr]
            if not activity.codes[field]:
                activity.odd("code.unknown", f"{name}: {stated}")
    hierarchy = node.get("hierarchy")
    if hierarchy.isdecimal() and int(hierarchy) < 100:
        activity.hierarchy = int(hierarchy)
    return activity


def _organization(node: Node, language: str) -> OrganizationRef:
    stated = node.get("type")
    kind = stated if stated.isdecimal() else words.ORGANISATION_TYPES.get(stated.lower(), "")
    return OrganizationRef(node.get("ref"), node.words(language), kind)


def _read_texts(activity: Activity, node: Node, language: str) -> None:
    for name, kept in (("title", activity.titles), ("description", activity.descriptions)):
        for child in node.all(name):
            kept += child.narratives(language)
    if not activity.titles:
        activity.odd("title.missing", activity.identifier)


def _read_status_and_dates(activity: Activity, node: Node) -> None:
    status = node.first("activity-status")
    if status is not None:
        stated = status.get("code") or status.text or status.words()
        activity.status = words.STATUSES.get(stated.lower()) or words.STATUSES.get(status.words().lower())
        if activity.status is None:
            activity.odd("status.unknown", stated)
    for child in node.all("activity-date"):
        kind = words.DATE_TYPES.get(child.get("type").lower())
        stated = child.get("iso-date") or child.text or child.words()
        if kind is None:
            activity.odd("date.type-unknown", child.get("type"))
        elif not stated:
            continue
        elif (day := parse_date(child.get("iso-date")) or parse_date(child.words())) is None:
            activity.odd("date.not-iso", f"{kind}: {stated}")
        elif kind in activity.dates and activity.dates[kind] != day:
            activity.odd("date.twice", f"{kind}: {activity.dates[kind]} and {day}; the first is taken")
        else:
            activity.dates.setdefault(kind, day)
    for first, last in (("planned_start", "planned_end"), ("actual_start", "actual_end")):
        if first in activity.dates and last in activity.dates and activity.dates[last] < activity.dates[first]:
            activity.odd("date.out-of-order", f"{first} {activity.dates[first]}, {last} {activity.dates[last]}")


def _read_participants(activity: Activity, node: Node, language: str) -> None:
    for child in node.all("participating-org"):
        role = words.ROLES.get(child.get("role").lower())
        organization = _organization(child, language)
        if role is None:
            activity.odd("participant.role-unknown", f"{child.get('role')}: {organization.name or organization.ref}")
        elif not organization:
            activity.odd("participant.nameless", child.get("role"))
        else:
            identifier = child.get("activity-id")[:LONGEST_IDENTIFIER]
            activity.participants.append(Participant(organization, role, identifier))


def _read_shares(activity: Activity, nodes: list[Node], name: str, language: str) -> list[Share]:
    shares = []
    for child in nodes:
        stated = child.get("percentage")
        percentage = parse_percentage(stated)
        if stated and percentage is None:
            activity.odd("percentage.unreadable", f"{name}: {stated}")
        shares.append(Share(child.get("code"), percentage, child.words(language), child.get("vocabulary").lower()))
    return shares


def _read_places(activity: Activity, node: Node, language: str) -> None:
    moves = node.all("transaction")
    for name, kept in (("recipient-country", activity.countries), ("recipient-region", activity.regions)):
        nodes = node.all(name)
        if not nodes and not node.children.get("recipient-country") and not node.children.get("recipient-region"):
            # 2.0x lets each transaction name its country instead; shares of the whole are not known then.
            named = {child.get("code"): child for move in moves for child in move.all(name)}
            nodes = list(named.values())
        kept += _read_shares(activity, nodes, name, language)
    for child in node.all("location"):
        activity.places.append(_place(activity, child, language))


def _place(activity: Activity, node: Node, language: str) -> Place:
    latitude = longitude = None
    point, coordinates = node.first("point"), node.first("coordinates")
    stated: list[str] = []
    if point is not None:
        stated = point.code("pos").split()
    elif coordinates is not None:
        stated = [coordinates.get("latitude"), coordinates.get("longitude")]
    if len(stated) == 2 and any(stated):
        latitude, longitude = parse_number(stated[0]), parse_number(stated[1])
        on_globe = latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180
        # 0, 0 lies in the Gulf of Guinea: what software writes for a point that nobody gave.
        if not on_globe or (latitude == 0 and longitude == 0):
            activity.odd("location.point", " ".join(stated))
            latitude = longitude = None
    countries, codes, names = [], [], []
    for child in node.all("administrative"):
        countries.append(child.get("country").upper())
        codes += [child.get("code"), child.get("adm1"), child.get("adm2")]
        names.append(child.words(language))
    codes += [child.get("code") for child in node.all("location-id")]
    name = node.first("name")
    return Place(
        name=(name.words(language) if name else "")[:255],
        latitude=latitude,
        longitude=longitude,
        percentage=parse_percentage(node.get("percentage")),
        country=next((country for country in countries if country), ""),
        admin_codes=tuple(code for code in codes if code),
        admin_names=tuple(text for text in names if text),
    )


def _read_sectors(activity: Activity, node: Node, language: str) -> None:
    nodes = node.all("sector")
    if not nodes:
        named = {
            (child.get("vocabulary"), child.get("code")): child
            for move in node.all("transaction")
            for child in move.all("sector")
        }
        nodes = list(named.values())
    activity.sectors += _read_shares(activity, nodes, "sector", language)


def _read_markers(activity: Activity, node: Node) -> None:
    for child in node.all("policy-marker"):
        if child.get("vocabulary").lower() not in words.DAC_MARKER_VOCABULARIES:
            continue
        code, significance = child.get("code"), child.get("significance")
        if not code and not significance:
            continue
        if not (code.isdecimal() and 1 <= int(code) <= 12 and significance.isdecimal() and int(significance) <= 4):
            activity.odd("marker.unknown", f"{code}: {significance}")
        else:
            activity.markers.append((int(code), int(significance)))


def _money(activity: Activity, node: Node, name: str) -> tuple[Decimal, str, Node] | None:
    """The amount and currency of a transaction or budget, with its value element; None, noted, where one lacks."""
    value = node.first("value")
    amount = parse_amount(value.text) if value is not None else None
    if value is None or amount is None:
        activity.odd(f"{name}.value", value.text if value is not None else "—")
        return None
    currency = parse_currency(value.get("currency")) or activity.codes.get("default_currency", "")
    if not currency:
        activity.odd(f"{name}.currency", f"{amount} without a currency")
        return None
    return amount, currency, value


def _read_money(activity: Activity, node: Node, language: str) -> None:
    activity.codes["default_currency"] = parse_currency(node.get("default-currency"))
    for child in node.all("transaction"):
        stated = child.first("transaction-type")
        kind = words.TRANSACTION_TYPES.get(stated.get("code").lower()) if stated else None
        if kind is None and stated is not None:
            kind = words.TRANSACTION_TYPES.get(stated.words().lower())
        if kind is None:
            activity.odd("transaction.type", (stated.get("code") or stated.words()) if stated else "—")
            continue
        if (money := _money(activity, child, "transaction")) is None:
            continue
        amount, currency, value = money
        provider, receiver = child.first("provider-org"), child.first("receiver-org")
        day = child.first("transaction-date")
        description = child.first("description")
        nobody = OrganizationRef("", "")
        activity.movements.append(
            Movement(
                type=kind,
                value=amount,
                currency=currency,
                date=(parse_date(day.get("iso-date")) or parse_date(day.words())) if day else None,
                value_date=parse_date(value.get("value-date")),
                provider=_organization(provider, language) if provider else nobody,
                receiver=_organization(receiver, language) if receiver else nobody,
                provider_activity=provider.get("provider-activity-id")[:LONGEST_IDENTIFIER] if provider else "",
                receiver_activity=receiver.get("receiver-activity-id")[:LONGEST_IDENTIFIER] if receiver else "",
                description=description.words(language) if description else "",
                reference=child.get("ref")[:255],
                finance_type=parse_code(child.code("finance-type"), 4),
            )
        )
    for child in node.all("budget"):
        if (money := _money(activity, child, "budget")) is None:
            continue
        amount, currency, value = money
        start, end = (
            parse_date(period.get("iso-date")) or parse_date(period.words()) if period else None
            for period in (child.first("period-start"), child.first("period-end"))
        )
        if start and end and end < start:
            activity.odd("budget.period", f"{start} to {end}; the end is left unknown")
            end = None
        activity.budgets.append(
            BudgetLine(
                value=amount,
                currency=currency,
                type=words.BUDGET_TYPES.get(child.get("type").lower(), 1),
                status=words.BUDGET_STATUSES.get(child.get("status").lower(), 1),
                period_start=start,
                period_end=end,
                value_date=parse_date(value.get("value-date")),
            )
        )


def _read_related(activity: Activity, node: Node) -> None:
    for child in node.all("related-activity"):
        kind = words.RELATED_TYPES.get(child.get("type").lower())
        identifier = child.get("ref") or child.text
        if kind is None or not identifier or len(identifier) > LONGEST_IDENTIFIER:
            activity.odd("related.unreadable", f"{child.get('type')}: {identifier}")
        else:
            activity.related.append((kind, identifier))
