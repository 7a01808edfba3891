"""One activity in several files, such as a file for each year: how they add to one another.

The file that is read last says what the activity is; money is kept period by period. Transactions (by the year of
their date), budgets and planned disbursements (by their periods) of an earlier file stay where the later one has none
of that period. What a file of the same name said before is replaced by what it says now, and a transaction with the
same reference is the same one whatever its year: so no money is counted twice, and what goes is told. No query.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from lxml.etree import _Element as Element

from programs.exchange.iati.activity import Activity
from programs.exchange.iati.node import Node, local_name, parsed
from programs.exchange.iati.reader import checksum_of, read_activity
from programs.exchange.iati.values import clean, parse_date
from programs.exchange.models import IatiRecord

DATED, WITH_PERIODS = "transaction", ("budget", "planned-disbursement")
# So many files of one activity are remembered.
MOST_PARTS = 60
UNKNOWN = "?"


@dataclass
class Joint:
    """An activity with what earlier files add to it: `parts` as IatiRecord keeps them; whether money was `kept`."""

    activity: Activity
    parts: list[dict[str, Any]]
    kept: bool = False


def is_known(record: IatiRecord, checksum: str) -> bool:
    """Whether a file with exactly this activity was read already, and no later one of the same name.

    One that an earlier release read is not, while its planned disbursements are in the file alone."""
    if not record.planned_taken and WITH_PERIODS[1] in record.xml:
        return False
    if not record.parts:
        # Of an earlier release, which may have made its checksum in another way.
        return checksum in (record.checksum, checksum_of(record.xml))
    known = {part["checksum"] for part in record.parts}
    return checksum in known and record.checksum in known


def joined(activity: Activity, record: IatiRecord | None, file_name: str) -> Joint:
    """The activity with the money that stays of earlier files, and what it tells of that; itself where none does."""
    later = parsed(activity.xml)
    money = _Money(later)
    own = {"file": file_name, "checksum": activity.checksum, "holds": sorted(money.periods)}
    if record is None:
        return Joint(activity, [own])
    before = parsed(record.xml)
    parts = record.parts or [
        {"file": record.file_name, "checksum": record.checksum, "holds": sorted(map(_period, _money_of(before)))}
    ]
    said_before = {period for part in parts if part["file"] == file_name for period in part["holds"]}
    kept, gone = Counter[str](), Counter[str]()
    for child in _money_of(before):
        period = _period(child)
        if not money.has(child) and period not in said_before:
            kept[period] += 1
            later.append(_as_in(later, child, before))
        elif period not in money.periods and not money.has_reference(child):
            gone[period] += 1
    left = [part | {"holds": [one for one in part["holds"] if one in kept]} for part in parts]
    parts = [*(part for part in left if part["file"] != file_name), own][-MOST_PARTS:]
    taken = activity
    if kept:
        taken = read_activity(later, activity.standard)
        taken.line, taken.checksum = activity.line, activity.checksum
        taken.oddities += [note for note in activity.oddities if note.code == "file.nested"]
        taken.warn("years.kept", _named(kept))
    if gone:
        taken.warn("years.gone", _named(gone))
    return Joint(taken, parts, bool(kept))


def _named(found: Counter[str]) -> str:
    return "; ".join(f"{number} × {period}" for period, number in sorted(found.items()))


def _money_of(activity: Element) -> list[Element]:
    return [child for child in activity if local_name(child) == DATED or local_name(child) in WITH_PERIODS]


def _period(child: Element) -> str:
    """The period of money by which files add up: “transaction 2019”, “budget 2019-01-01/2019-12-31”."""
    name, node = local_name(child), Node(child)
    if name == DATED:
        day = _day(node, "transaction-date")
        return f"{name} {day[:4] if day else UNKNOWN}"
    return f"{name} {_day(node, 'period-start') or UNKNOWN}/{_day(node, 'period-end') or UNKNOWN}"


def _day(node: Node, name: str) -> str:
    child = node.first(name)
    day = (parse_date(child.get("iso-date")) or parse_date(child.text)) if child else None
    if day is None and name == "transaction-date" and (value := node.first("value")):
        day = parse_date(value.get("value-date"))
    return day.isoformat() if day else ""


class _Money:
    """The money that an activity has itself."""

    def __init__(self, activity: Element) -> None:
        rows = _money_of(activity)
        self.periods = {_period(child) for child in rows}
        self.references = {clean(child.get("ref")) for child in rows if local_name(child) == DATED} - {""}
        self.spans = {name: [_span(child) for child in rows if local_name(child) == name] for name in WITH_PERIODS}

    def has(self, child: Element) -> bool:
        """Whether it says itself what there is of the period of `child`, or has that very transaction."""
        name = local_name(child)
        if name == DATED:
            return _period(child) in self.periods or self.has_reference(child)
        start, end = _span(child)
        return any(start <= other_end and other_start <= end for other_start, other_end in self.spans[name])

    def has_reference(self, child: Element) -> bool:
        return local_name(child) == DATED and clean(child.get("ref")) in self.references


def _span(child: Element) -> tuple[str, str]:
    """From when to when; one that is not known meets all others."""
    node = Node(child)
    return _day(node, "period-start") or "0", _day(node, "period-end") or "9"


def _as_in(element: Element, child: Element, before: Element) -> Element:
    """A copy of money of `before` that says the same in `element`: its currency and language are stated, its names
    are of the namespace there."""
    copy = deepcopy(child)
    copy.tail = None
    was, now = _prefix(before), _prefix(element)
    for part in copy.iter():
        if isinstance(part.tag, str) and was != now and part.tag.startswith(was):
            part.tag = now + part.tag.removeprefix(was)
    currency = clean(before.get("default-currency"))
    if currency and currency != clean(element.get("default-currency")):
        for value in copy.iter(f"{now}value"):
            if not clean(value.get("currency")):
                value.set("currency", currency)
    return copy


def _prefix(element: Element) -> str:
    return element.tag.removesuffix(local_name(element))
