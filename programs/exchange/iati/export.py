"""Programs and organizations as files of IATI 2.03, as streams: memory does not grow with their number."""

import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from lxml import etree
from lxml.etree import _Element as Element

from core.streams import Writing
from donors.listed import SPEAK_SPANISH, listed
from donors.models import Organization
from goals.models import Area
from programs.exchange.iati import write
from programs.exchange.iati.complete import VERSION, CannotBeSaid, complete
from programs.exchange.iati.merge import merged
from programs.exchange.iati.merging import AsImported, Organizations
from programs.exchange.iati.node import KEPT_NAMESPACE, XML_LANG, parsed
from programs.exchange.iati.upgrade import upgraded
from programs.exchange.models import IatiRecord
from programs.models import Program
from programs.services import Outlook, StoredProgram, stored_outlooks, stored_programs

PROGRAMS_AT_ONCE = 100
# As many records are named in a comment.
NAMED_AT_MOST = 1_000
_HYPHEN_BEFORE_HYPHEN = re.compile("-(?=-)")


def activities_file(programs: Any, *, with_published: bool = True) -> Iterator[bytes]:
    """A file of the programs of a queryset, in the order of their ids.

    Comments at its end name what is left out: programs of which nothing is known that the standard requires (a date),
    with what is missing; those of an identifier that another organization in the file reports, whose it is; and those
    that could not be written. `with_published` False writes only what the database models.
    """
    yield _head("iati-activities")
    unsaid: list[str] = []
    twice: list[str] = []
    with Writing("iati") as writing:
        writer = ActivityWriter(writing, with_published=with_published)
        stream = programs.order_by("pk").iterator(chunk_size=PROGRAMS_AT_ONCE)
        while chunk := list(itertools.islice(stream, PROGRAMS_AT_ONCE)):
            others = _of_others(programs, chunk)
            twice += [f"{program.identifier} ({others[program.pk]})" for program in chunk if program.pk in others]
            for stored, made in writer.activities([program for program in chunk if program.pk not in others]):
                if isinstance(made, CannotBeSaid):
                    unsaid.append(f"{stored.data.identifier} ({made})")
                else:
                    yield made
    if unsaid:
        yield _comment(f"Left out, {len(unsaid)}: the standard requires what is not known of", unsaid)
    if twice:
        yield _comment(f"Left out, {len(twice)}: their identifiers are those of activities of", twice)
    yield from _not_written(writing)
    yield b"</iati-activities>\n"


def _of_others(programs: Any, chunk: list[Program]) -> dict[int, str]:
    """Programs whose identifier is in the file for another organization -> that organization; one query.

    It is that of the organization whose own identifier it begins with, else of the first that reported it.
    """
    rows = programs.filter(identifier__in=[program.identifier for program in chunk]).order_by("pk")
    reported: dict[str, list[tuple[int, str, str]]] = {}
    for identifier, *rest in rows.values_list("identifier", "pk", "reporting_org__ref", "reporting_org__name"):
        reported.setdefault(identifier, []).append(tuple(rest))
    found: dict[int, str] = {}
    for identifier, reports in reported.items():
        if len(reports) > 1:
            owner = max(reports, key=lambda row: len(row[1]) if row[1] and identifier.startswith(f"{row[1]}-") else 0)
            found |= {pk: owner[1] or owner[2] for pk, _ref, _name in reports if pk != owner[0]}
    return found


def organisations_file(organizations: Iterable[Organization]) -> Iterator[bytes]:
    """A file of organizations that have an identifier of the standard; it can say nothing of others.

    Reported by themselves: the register says no more than who they are.
    """
    yield _head("iati-organisations")
    with Writing("iati-organisations", of="organization") as writing:
        for body in organizations:
            if body.ref and (made := writing.attempt(body.pk, body.ref, _organisation, body)) is not None:
                yield made
    yield from _not_written(writing)
    yield b"</iati-organisations>\n"


def _not_written(writing: Writing) -> Iterator[bytes]:
    if left_out := writing.left_out:
        yield _comment(f"Left out, {len(left_out)}: they could not be written", [one.name for one in left_out])


def _comment(what: str, names: list[str]) -> bytes:
    """A comment that names records, the first thousand of them. No comment holds two hyphens in a row."""
    named = "; ".join(names[:NAMED_AT_MOST]) + (" …" if len(names) > NAMED_AT_MOST else "")
    return f"<!-- {what}: {_HYPHEN_BEFORE_HYPHEN.sub('- ', write.printable(named))} -->\n".encode()


def _head(name: str) -> bytes:
    moment = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} version="{VERSION}" generated-datetime="{moment}"'
        f' xmlns:portal="{KEPT_NAMESPACE}">\n'
    ).encode()


def _as_bytes(made: Element) -> bytes:
    return etree.tostring(made, encoding="utf-8") + b"\n"


def _organisation(body: Organization) -> bytes:
    made = etree.Element("iati-organisation")
    write.element("organisation-identifier", made).text = write.printable(body.ref)
    names = names_of(body)
    name = write.element("name", made)
    reporter = write.element("reporting-org", made, ref=body.ref, type=body.kind)
    for language, text in names.items():
        write.narrative(name, text, language)
    for language, text in list(names.items())[:1]:
        made.set(XML_LANG, language)
        write.narrative(reporter, text, language)
    return _as_bytes(made)


def names_of(body: Organization) -> dict[str, str]:
    """Language (es, en) -> name: its own first, and the translation of a body of the list of known bodies.

    The portal calls a body in the language of its country; of one without a country, or where neither is spoken, the
    name is taken for English.
    """
    known = listed().by_key.get(body.listed_as)
    country = body.country_id or (known.country if known else "")
    language = "es" if country in SPEAK_SPANISH else "en"
    if known and body.name in (known.name_es, known.name_en) and known.name_es != known.name_en:
        language = "es" if body.name == known.name_es else "en"
    names = {language: body.name}
    if known:
        names.setdefault("en", known.name_en)
        names.setdefault("es", known.name_es)
    return names


class ActivityWriter:
    """Writes programs as activities; reads the register and the list of areas once."""

    def __init__(self, writing: Writing, *, with_published: bool = True) -> None:
        self.writing = writing
        self.importer = AsImported()
        self.with_published = with_published
        self.known = Organizations(
            organizations=Organization.objects.in_bulk(), areas=dict(Area.objects.values_list("code", "name"))
        )

    def activities(self, programs: list[Program]) -> Iterator[tuple[StoredProgram, bytes | CannotBeSaid]]:
        """The activity of each program, or why it cannot be said; a fixed number of queries.

        A program that cannot be written for another reason is left out, and in the note of what is written.
        """
        ids = [program.pk for program in programs]
        outlooks = stored_outlooks(ids)
        records = IatiRecord.objects.filter(program__in=ids).in_bulk() if self.with_published else {}
        updated = {program.pk: program.updated_at for program in programs}
        for stored in stored_programs(programs):
            record, outlook = records.get(stored.id), outlooks.get(stored.id, Outlook())
            stated = self.writing.attempt(
                stored.id, stored.data.identifier, self._activity, stored, outlook, record, updated[stored.id]
            )
            if stated is not None:
                yield stored, stated

    def _activity(
        self, stored: StoredProgram, outlook: Outlook, record: IatiRecord | None, updated_at: datetime
    ) -> bytes | CannotBeSaid:
        published = upgraded(parsed(record.xml)) if record else None
        made = merged(
            stored.data,
            outlook,
            published,
            self.importer,
            self.known,
            planned_taken=record is None or record.planned_taken,
        )
        if record is None or updated_at > record.imported_at:
            made.set("last-updated-datetime", updated_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        try:
            return _as_bytes(complete(made))
        except CannotBeSaid as refusal:
            return refusal
