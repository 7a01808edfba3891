"""Rows of a program as elements of IATI 2.03. No database: organizations and areas are handed in."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from donors.models import Organization
from goals.vocabularies import VOCABULARIES
from programs.exchange.iati.node import KEPT_SHARE, REPEATS, XML_LANG
from programs.services import (
    BudgetData,
    CoverageData,
    IndicatorData,
    LocationData,
    MarkerData,
    OtherSectorData,
    ParticipationData,
    PeriodData,
    PlannedDisbursementData,
    ResultData,
    SectorData,
    TransactionData,
)

WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DATE_TYPES = {"planned_start": "1", "actual_start": "2", "planned_end": "3", "actual_end": "4"}


def element(name: str, parent: Element | None = None, **attributes: Any) -> Element:
    """An element with those attributes that are not None; an underscore in a name is a hyphen there."""
    stated = {key.replace("_", "-"): printable(str(value)) for key, value in attributes.items() if value is not None}
    return etree.Element(name, stated) if parent is None else etree.SubElement(parent, name, stated)


def narrative(parent: Element, text: str, language: str = "") -> None:
    """A narrative of `parent`, none for an empty text."""
    if text:
        child = element("narrative", parent)
        child.text = printable(text)
        if language and language != "und":
            child.set(XML_LANG, language)


def text(name: str, words: str, parent: Element | None = None, language: str = "", **attributes: Any) -> Element:
    made = element(name, parent, **attributes)
    narrative(made, words, language)
    return made


def organization(name: str, body: Organization, parent: Element | None = None, **attributes: Any) -> Element:
    """Who it is: identifier where it has one, type, name."""
    return text(name, body.name, parent, ref=body.ref or None, type=body.kind, **attributes)


def number(value: Decimal) -> str:
    """A number without the zeros that the database adds."""
    return f"{value.normalize():f}"


def share(value: Decimal | None) -> str | None:
    return None if value is None else number(value)


def participation(row: ParticipationData, known: dict[int, Organization]) -> Element:
    return organization(
        "participating-org",
        known[row.organization_id],
        role=row.role,
        activity_id=row.activity_identifier or None,
    )


def coverage(row: CoverageData) -> Element:
    if row.country_id:
        return element("recipient-country", code=row.country_id, percentage=share(row.percentage))
    return element("recipient-region", code=row.region_id, vocabulary="1", percentage=share(row.percentage))


def location(row: LocationData, areas: dict[str, str]) -> Element:
    """`areas` are the names of areas by code. The standard has no shares of places: its share is beyond it."""
    made = element("location")
    put_share(made, row.percentage)
    if row.name:
        text("name", row.name, made)
    elif row.area_id:
        text("name", areas.get(row.area_id, ""), made).set(REPEATS, "administrative")
    if row.area_id:
        element("administrative", made, vocabulary="A4", level=0, code=row.area_id[:2])
        element("administrative", made, vocabulary="A4", level=1, code=row.area_id)
    if row.latitude is not None and row.longitude is not None:
        element("pos", element("point", made, srsName=WGS84))
        put_point(made, row)
    return made


def put_point(made: Element, row: LocationData) -> None:
    """Writes the point of a row into the <pos> of a location, if it has one."""
    pos = made.find("point/pos")
    if pos is not None and row.latitude is not None and row.longitude is not None:
        pos.text = f"{number(row.latitude)} {number(row.longitude)}"


def put_share(location: Element, percentage: Decimal | None) -> None:
    """Says a place's share of the money, in an attribute of ours."""
    location.attrib.pop(KEPT_SHARE, None)
    if percentage is not None:
        location.set(KEPT_SHARE, number(percentage))


def sector(row: SectorData) -> Element:
    return element("sector", vocabulary="1", code=row.sector_id, percentage=share(row.percentage))


def other_sector(row: OtherSectorData) -> Element:
    """A sector of another vocabulary; one that the code list does not have is the reporter's own to the standard."""
    vocabulary = row.vocabulary if row.vocabulary in VOCABULARIES else "99"
    return text("sector", row.name, vocabulary=vocabulary, code=row.code, percentage=share(row.percentage))


def marker(row: MarkerData) -> Element:
    return element("policy-marker", vocabulary="1", code=row.code, significance=row.significance)


def budget(row: BudgetData) -> Element:
    made = element("budget", type=row.type, status=row.status)
    day("period-start", row.period_start, made)
    day("period-end", row.period_end, made)
    money(made, row.value, row.currency, row.value_date)
    return made


def planned_disbursement(row: PlannedDisbursementData, known: dict[int, Organization]) -> Element:
    made = element("planned-disbursement", type=row.type)
    day("period-start", row.period_start, made)
    day("period-end", row.period_end, made)
    money(made, row.value, row.currency, row.value_date)
    parties(made, row, known)
    return made


def parties(made: Element, row: TransactionData | PlannedDisbursementData, known: dict[int, Organization]) -> None:
    """Who pays and who is paid, as far as that is known."""
    if row.provider_id:
        organization("provider-org", known[row.provider_id], made, provider_activity_id=row.provider_activity or None)
    if row.receiver_id:
        organization("receiver-org", known[row.receiver_id], made, receiver_activity_id=row.receiver_activity or None)


def transaction(row: TransactionData, known: dict[int, Organization]) -> Element:
    made = element("transaction", ref=row.reference or None)
    element("transaction-type", made, code=row.type)
    day("transaction-date", row.date, made)
    money(made, row.value, row.currency, row.value_date)
    if row.description:
        text("description", row.description, made)
    parties(made, row, known)
    if row.sector_id:
        element("sector", made, vocabulary="1", code=row.sector_id)
    if row.country_id:
        element("recipient-country", made, code=row.country_id)
    elif row.region_id:
        element("recipient-region", made, code=row.region_id, vocabulary="1")
    if row.finance_type:
        element("finance-type", made, code=row.finance_type)
    return made


def result(row: ResultData) -> Element:
    made = element("result", type=row.type)
    text("title", row.title, made)
    if row.description:
        text("description", row.description, made)
    for indicator in row.indicators:
        _indicator(indicator, made)
    return made


def _indicator(row: IndicatorData, parent: Element) -> None:
    made = element("indicator", parent, measure=row.measure, ascending=1 if row.ascending else 0)
    text("title", row.title, made)
    if row.description:
        text("description", row.description, made)
    if row.baseline_year is not None:
        _measured("baseline", row.baseline_value, row.baseline_comment, made, year=row.baseline_year)
    for period in row.periods:
        _period(period, made)


def _period(row: PeriodData, parent: Element) -> None:
    made = element("period", parent)
    day("period-start", row.start, made)
    day("period-end", row.end, made)
    if row.target is not None or row.target_comment:
        _measured("target", row.target, row.target_comment, made)
    if row.actual is not None or row.actual_comment:
        _measured("actual", row.actual, row.actual_comment, made)


def _measured(name: str, value: Decimal | None, comment: str, parent: Element, **attributes: Any) -> None:
    made = element(name, parent, value=share(value), **attributes)
    if comment:
        text("comment", comment, made)


def day(name: str, value: dt.date | None, parent: Element, **attributes: Any) -> None:
    """A dated element; none where the day is not known."""
    if value is not None:
        element(name, parent, iso_date=value.isoformat(), **attributes)


def money(parent: Element, value: Decimal, currency: str, value_date: dt.date | None) -> None:
    made = element("value", parent, currency=currency, value_date=value_date.isoformat() if value_date else None)
    made.text = f"{value:f}"


def printable(words: str) -> str:
    """Without the characters that XML has no place for (section 2.2 of its standard)."""
    return _UNPRINTABLE.sub("", words)
