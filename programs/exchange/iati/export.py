"""Programs and organizations as files of IATI 2.03, as streams: memory does not grow with their number."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from lxml import etree
from lxml.etree import _Element as Element

from donors.models import Organization
from goals.models import Area
from programs.exchange.iati import write
from programs.exchange.iati.complete import VERSION, CannotBeSaid, complete
from programs.exchange.iati.merge import AsImported, Bodies, merged
from programs.exchange.iati.node import KEPT_NAMESPACE
from programs.exchange.iati.upgrade import upgraded
from programs.exchange.models import IatiRecord
from programs.models import Program
from programs.services import Outlook, StoredProgram, stored_outlooks, stored_programs

PROGRAMS_AT_ONCE = 100


def activities_file(programs: Any, *, with_published: bool = True) -> Iterator[bytes]:
    """A file of the programs of a queryset, in the order of their ids.

    Programs of which nothing is known that the standard requires (a date) are named in a comment at its end, with
    what is missing. `with_published` False writes only what the database models.
    """
    writer = ActivityWriter(with_published=with_published)
    yield _head("iati-activities")
    left_out: list[str] = []
    stream = programs.order_by("pk").iterator(chunk_size=PROGRAMS_AT_ONCE)
    while chunk := list(itertools.islice(stream, PROGRAMS_AT_ONCE)):
        for stored, made in writer.activities(chunk):
            if isinstance(made, CannotBeSaid):
                left_out.append(f"{stored.data.identifier} ({made})")
            else:
                yield etree.tostring(made, encoding="utf-8") + b"\n"
    if left_out:
        named = write.printable("; ".join(left_out[:1000])).replace("--", "- -")
        yield f"<!-- Left out, {len(left_out)}: the standard requires what is not known of: {named} -->\n".encode()
    yield b"</iati-activities>\n"


def organisations_file(organizations: Iterable[Organization]) -> Iterator[bytes]:
    """A file of organizations that have an identifier of the standard; it can say nothing of others.

    Reported by themselves: the register says no more than who they are.
    """
    yield _head("iati-organisations")
    for body in organizations:
        if body.ref:
            yield etree.tostring(_organisation(body), encoding="utf-8") + b"\n"
    yield b"</iati-organisations>\n"


def _head(name: str) -> bytes:
    moment = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} version="{VERSION}" generated-datetime="{moment}"'
        f' xmlns:portal="{KEPT_NAMESPACE}">\n'
    ).encode()


def _organisation(body: Organization) -> Element:
    made = etree.Element("iati-organisation")
    write.element("organisation-identifier", made).text = body.ref
    write.text("name", body.name, made)
    reporter = write.element("reporting-org", made, ref=body.ref, type=body.kind)
    write.narrative(reporter, body.name)
    return made


class ActivityWriter:
    """Writes programs as activities; reads the register and the list of areas once."""

    def __init__(self, *, with_published: bool = True) -> None:
        self.importer = AsImported()
        self.with_published = with_published
        self.bodies = Bodies(
            organizations=Organization.objects.in_bulk(), areas=dict(Area.objects.values_list("code", "name"))
        )

    def activities(self, programs: list[Program]) -> Iterator[tuple[StoredProgram, Element | CannotBeSaid]]:
        """The activity of each program, or why it cannot be said; a fixed number of queries."""
        ids = [program.pk for program in programs]
        outlooks = stored_outlooks(ids)
        records = IatiRecord.objects.filter(program__in=ids).in_bulk() if self.with_published else {}
        updated = {program.pk: program.updated_at for program in programs}
        for stored in stored_programs(programs):
            record = records.get(stored.id)
            published = upgraded(etree.fromstring(record.xml)) if record else None
            made = merged(stored.data, outlooks.get(stored.id, Outlook()), published, self.importer, self.bodies)
            if record is None or updated[stored.id] > record.imported_at:
                made.set("last-updated-datetime", updated[stored.id].strftime("%Y-%m-%dT%H:%M:%SZ"))
            try:
                yield stored, complete(made)
            except CannotBeSaid as refusal:
                yield stored, refusal
