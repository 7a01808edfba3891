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
from donors.models import Organization
from goals.models import Area
from programs.exchange.iati import write
from programs.exchange.iati.complete import VERSION, CannotBeSaid, complete
from programs.exchange.iati.merge import AsImported, Organizations, merged
from programs.exchange.iati.node import KEPT_NAMESPACE, parsed
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

    Two comments at its end name what is left out: programs of which nothing is known that the standard requires (a
    date), with what is missing, and those that could not be written. `with_published` False writes only what the
    database models.
    """
    yield _head("iati-activities")
    unsaid: list[str] = []
    with Writing("iati") as writing:
        writer = ActivityWriter(writing, with_published=with_published)
        stream = programs.order_by("pk").iterator(chunk_size=PROGRAMS_AT_ONCE)
        while chunk := list(itertools.islice(stream, PROGRAMS_AT_ONCE)):
            for stored, made in writer.activities(chunk):
                if isinstance(made, CannotBeSaid):
                    unsaid.append(f"{stored.data.identifier} ({made})")
                else:
                    yield made
    if unsaid:
        yield _comment(f"Left out, {len(unsaid)}: the standard requires what is not known of", unsaid)
    yield from _not_written(writing)
    yield b"</iati-activities>\n"


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
    write.text("name", body.name, made)
    reporter = write.element("reporting-org", made, ref=body.ref, type=body.kind)
    write.narrative(reporter, body.name)
    return _as_bytes(made)


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
        made = merged(stored.data, outlook, published, self.importer, self.known)
        if record is None or updated_at > record.imported_at:
            made.set("last-updated-datetime", updated_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        try:
            return _as_bytes(complete(made))
        except CannotBeSaid as refusal:
            return refusal
