"""The nightly files: made, kept for two weeks, forgotten."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import structlog
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from core.api.pulling import all_changes_known_until
from core.jobs import MOST_ATTEMPTS
from core.locks import Locked, if_free
from core.streams import Writing
from programs.exchange.downloads import API_FORMATS
from programs.exchange.models import Dump, DumpPart
from programs.models import Program

log = structlog.get_logger(__name__)

DAYS_KEPT = 14
PART_BYTES = 1_000_000
GZIP = 16 + zlib.MAX_WBITS


def make_dumps(day: date) -> list[Dump]:
    """The day's files that are not there yet, in memory that does not grow with the programs; forgets old ones.

    What a worker that died left unfinished is made again, MOST_ATTEMPTS times in all; of two workers at once one makes
    a file.
    """
    made = [dump for form in Dump.Form.values if (dump := _make(day, form))]
    Dump.objects.filter(day__lte=day - timedelta(days=DAYS_KEPT)).delete()
    return made


def content_of(dump: Dump) -> Iterator[bytes]:
    """The file, part by part. DumpPart.DoesNotExist where it is deleted while it is sent."""
    with Writing("dump", of="dump") as writing:
        writing.at = dump.pk
        sent = number = 0
        while sent < dump.size:
            part = bytes(DumpPart.objects.values_list("content", flat=True).get(dump=dump.pk, number=number))
            yield part
            sent, number = sent + len(part), number + 1


def _make(day: date, form: str) -> Dump | None:
    with if_free(Locked.DUMP, day.toordinal() * 10 + Dump.Form.values.index(form)) as got_it:
        return _begin(day, form) if got_it else None


def _begin(day: date, form: str) -> Dump | None:
    dump, _made = Dump.objects.get_or_create(day=day, form=form, defaults={"as_of": timezone.now()})
    if dump.finished_at or dump.attempts >= MOST_ATTEMPTS:
        return None
    dump.parts.all().delete()
    dump.as_of, dump.size, dump.attempts = all_changes_known_until(), 0, dump.attempts + 1
    dump.save(update_fields=["as_of", "size", "attempts"])
    if dump.attempts == MOST_ATTEMPTS:
        log.error("dump.last_attempt", day=str(day), form=form)
    everybodys = Program.objects.visible_to(AnonymousUser()).listed()
    digest = hashlib.sha256()
    for number, part in enumerate(_parts(_zipped(API_FORMATS[form].make(everybodys, "en")))):
        digest.update(part)
        dump.size += len(part)
        DumpPart.objects.create(dump=dump, number=number, content=part)
    dump.sha256, dump.finished_at = digest.hexdigest(), timezone.now()
    dump.save(update_fields=["size", "sha256", "finished_at"])
    log.info("dump.made", day=str(day), form=form, bytes=dump.size)
    return dump


def _zipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    zipper = zlib.compressobj(wbits=GZIP)
    for piece in pieces:
        yield zipper.compress(piece)
    yield zipper.flush()


def _parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in parts of PART_BYTES; the last one has what is left."""
    waiting = b""
    for piece in pieces:
        waiting += piece
        while len(waiting) >= PART_BYTES:
            yield waiting[:PART_BYTES]
            waiting = waiting[PART_BYTES:]
    if waiting:
        yield waiting
