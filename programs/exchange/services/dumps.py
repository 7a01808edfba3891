"""The nightly files: made, kept for two weeks, forgotten."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.api.pulling import all_changes_known_until
from programs.exchange.downloads import API_FORMATS
from programs.exchange.models import Dump, DumpPart
from programs.models import Program

log = structlog.get_logger(__name__)

DAYS_KEPT = 14
PART_BYTES = 1_000_000
GZIP = 16 + zlib.MAX_WBITS


def make_dumps(day: date) -> list[Dump]:
    """The day's files that are not there yet, in memory that does not grow with the programs; forgets old ones.

    What a worker that died left unfinished is made anew; of two workers at once one makes a file.
    """
    made = [dump for form in Dump.Form.values if (dump := _make(day, form))]
    Dump.objects.filter(day__lte=day - timedelta(days=DAYS_KEPT)).delete()
    return made


def content_of(dump: Dump) -> Iterator[bytes]:
    """The file, part by part."""
    for number in dump.parts.values_list("number", flat=True):
        yield bytes(DumpPart.objects.values_list("content", flat=True).get(dump=dump, number=number))


def _make(day: date, form: str) -> Dump | None:
    if Dump.objects.finished().filter(day=day, form=form).exists():
        return None
    Dump.objects.filter(day=day, form=form).delete()
    try:
        with transaction.atomic():
            dump = Dump.objects.create(day=day, form=form, as_of=all_changes_known_until())
    except IntegrityError:
        return None
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
