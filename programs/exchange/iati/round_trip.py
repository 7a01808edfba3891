"""A file taken in and given out again: what came back otherwise, fact by fact and element by element."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction
from lxml import etree
from lxml.etree import _Element as Element

from programs.exchange.iati import schema
from programs.exchange.iati.activity import Activity
from programs.exchange.iati.export import activities_file
from programs.exchange.iati.files import check_file, read_activities
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.merging import AsImported
from programs.exchange.iati.node import KEPT_NAMESPACE, parsed
from programs.exchange.iati.own_files import KEPT, restored
from programs.exchange.iati.reader import read_activity
from programs.exchange.iati.ruleset import broken_rules
from programs.exchange.iati.upgrade import upgraded
from programs.exchange.iati.values import clean
from programs.models import Program
from programs.services import ProgramData
from programs.services.plausibility import EVERYTHING

Signature = tuple[str, tuple[tuple[str, str], ...], str, tuple["Signature", ...]]


@dataclass
class Journey:
    """What became of a file: `facts` and `elements` that differ, by name; `examples` shows one of each. `written` is
    the file that came out."""

    name: str
    written: bytes = b""
    activities: int = 0
    not_taken: list[str] = field(default_factory=list)
    not_given: list[str] = field(default_factory=list)
    same: int = 0
    kept_apart: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    elements: Counter[str] = field(default_factory=Counter)
    schema_problems: list[str] = field(default_factory=list)
    rules: Counter[str] = field(default_factory=Counter)
    rules_before: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)


def round_trip(path: Path, *, with_published: bool = True) -> Journey:
    """Imports the file, exports what came of it, compares, and takes all of it back (the database stays as it was).

    `with_published` False exports from the database's own tables alone, and compares facts only. Raises
    NotIati for a file that is none.
    """
    with transaction.atomic():
        journey = journey_of(path, with_published=with_published)
        transaction.set_rollback(True)
    return journey


def journey_of(path: Path, *, with_published: bool = True) -> Journey:
    """As `round_trip`, but leaves in the database what was imported."""
    check_file(path)
    journey = Journey(path.name)
    importer = IatiImporter(include_all=True, accept=EVERYTHING)
    taken: dict[str, Element] = {}
    for activity in read_activities(path):
        journey.activities += 1
        refused = len(importer.report.rejected)
        importer.take(activity, path.name)
        if len(importer.report.rejected) > refused:
            journey.not_taken.append(f"{activity.identifier}: {importer.report.rejected[-1].reason}")
        else:
            taken.setdefault(activity.identifier, upgraded(parsed(activity.xml)))
    programs = Program.objects.filter(identifier__in=list(taken), iati_record__isnull=False)
    journey.written = b"".join(activities_file(programs, with_published=with_published))
    root = etree.fromstring(journey.written)
    given = {clean(child.findtext("iati-identifier")): child for child in root.findall("iati-activity")}
    reader = AsImported()
    if given:  # the schema knows no file without an activity
        journey.schema_problems = [f"{place}: {message}" for place, message in schema.problems(root)]
    for identifier, before in taken.items():
        if identifier not in given:
            journey.not_given.append(identifier)
            continue
        broken = [rule for rule, _detail in broken_rules(given[identifier])]
        restored(given[identifier])
        _compare_facts(journey, identifier, before, given[identifier], reader)
        if with_published:
            _compare_elements(journey, identifier, before, given[identifier])
        journey.rules.update(broken)
        journey.rules_before.update(rule for rule, _detail in broken_rules(before))
    return journey


def _compare_facts(journey: Journey, identifier: str, before: Element, after: Element, reader: AsImported) -> None:
    """By what the portal makes of both: every field of a program, its lists and its results."""
    stated, again = (read_activity(element, "2.03") for element in (before, after))
    if stated.results != again.results:
        _note(journey, journey.facts, "results", identifier, stated.results, again.results)
    left, right = (_program(activity, reader) for activity in (stated, again))
    for one in fields(ProgramData):
        if not one.compare or one.name in ("source", "source_name"):
            continue
        was, now = getattr(left, one.name), getattr(right, one.name)
        if isinstance(was, tuple):
            was, now = Counter(was), Counter(now)
        if was != now:
            _note(journey, journey.facts, one.name, identifier, was, now)


def _program(activity: Activity, reader: AsImported) -> ProgramData:
    countries, regions = reader.coverage(activity)
    reporter = reader.organization(activity.reporting_org) or 0
    return reader.program_data(activity, reporter, countries, regions, "")


def _compare_elements(journey: Journey, identifier: str, before: Element, after: Element) -> None:
    """By what stands in the file: each child of the activity with all that is in it."""
    there = Counter(_signatures(after))
    apart = Counter(_signatures(child for kept in after.findall(KEPT) for child in kept))
    for signature in _signatures(before):
        if there[signature] > 0:
            there[signature] -= 1
            journey.same += 1
        elif apart[signature] > 0:
            apart[signature] -= 1
            journey.kept_apart[signature[0]] += 1
        else:
            now = [one for one in there if one[0] == signature[0] and there[one] > 0]
            _note(journey, journey.elements, signature[0], identifier, signature, now[:1])


def _note(journey: Journey, counter: Counter[str], name: str, identifier: str, was: object, now: object) -> None:
    counter[name] += 1
    journey.examples.setdefault(name, f"{identifier}: {str(was)[:300]} → {str(now)[:300]}")


def _signatures(children: Iterable[Element]) -> Iterator[Signature]:
    for child in children:
        if isinstance(child.tag, str) and child.tag != KEPT:
            signature = _signature(child)
            # An element that says nothing is none; nor is a description of a type that has no words.
            is_bare = child.tag == "description" and not signature[3]
            if not is_bare and (signature[1] or signature[2] or signature[3]):
                yield signature


def _signature(element: Element) -> Signature:
    """An element as it compares: spaces, and the order of what stands in it, make no difference; nor does what is
    empty, a number's way of being written, or a value's date that only repeats its transaction's."""
    tag = element.tag.removeprefix(f"{{{KEPT_NAMESPACE}}}")
    attributes = {
        str(name).removeprefix(f"{{{KEPT_NAMESPACE}}}"): _plain(value)
        for name, value in element.attrib.items()
        if clean(value)
    }
    parent = element.getparent()
    if tag == "value" and parent is not None:
        days = {str(child.get("iso-date")) for child in parent if "iso-date" in child.attrib}
        attributes.pop("dated-by", None)
        if attributes.get("value-date") in days:
            del attributes["value-date"]
    children = sorted(signature for signature in _signatures(element))
    return tag, tuple(sorted(attributes.items())), _plain(element.text or ""), tuple(children)


def _plain(text: str) -> str:
    words = clean(text)
    try:
        return f"{Decimal(words).normalize():f}" if words[:1].isdigit() or words[:1] == "-" else words
    except InvalidOperation:
        return words
