"""Files that are sent while they are made: none ends silently, and no record keeps the others out.

A record that cannot be written is left out of the file and named in it; anything else that fails once the first byte is
sent breaks the answer off, so that its reader sees that the end is missing. Both are in the log, with the record's id.
"""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import structlog
from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

log = structlog.get_logger(__name__)

Made = TypeVar("Made")


@dataclass(frozen=True)
class LeftOut:
    """A record that could not be written: its id, and the name that the file has for such records."""

    id: int | str
    name: str

    def sentence(self, language: str) -> str:
        """What the file says in its place, in `language` (en, es)."""
        with translation.override(language):
            return _("Left out: the portal could not write this record (number %(id)s). Its administrators can look it "
                     "up in the log.") % {"id": self.id}  # fmt: skip


class Writing:
    """The writing of one file: knows which record it is at, and which it has left out.

    Used as a context around all that makes the file; a failure that leaves the context is logged as `export.broken`.
    `of` names the kind of record in the log: program_id, organization_id, area_id.
    """

    def __init__(self, form: str, of: str = "program") -> None:
        self.form, self.key = form, f"{of}_id"
        self.at: int | str | None = None
        self.left_out: list[LeftOut] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # GeneratorExit: the reader has gone, which is no failure of ours.
        if error is not None and not isinstance(error, GeneratorExit):
            # `at` is the record at work, or the last one before the failure.
            log.error("export.broken", form=self.form, **{self.key: self.at}, exc_info=error)

    def attempt(self, pk: int | str, name: str, write: Callable[..., Made], *args: Any) -> Made | None:
        """What `write(*args)` makes of a record; None where it fails, and the record is left out.

        A failure of the database is not in the record's, and is raised.
        """
        self.at = pk
        try:
            return write(*args)
        except DatabaseError:
            raise
        except Exception as error:
            self.left_out.append(LeftOut(pk, name))
            log.error("export.left_out", form=self.form, **{self.key: pk}, exc_info=error)
            return None


def streamed(request: HttpRequest, pieces: Iterable[bytes], media_type: str) -> StreamingHttpResponse | FileResponse:
    """The answer that carries a file made piece by piece.

    Sent in chunks, an answer that breaks off lacks its last chunk, and every client sees it. A client or proxy that
    speaks HTTP/1.0 (nginx does, unless told otherwise) knows no chunks and would take the break for the end: for it
    the file is made whole first, on the disk, and sent with its length.
    """
    if request.META.get("SERVER_PROTOCOL") != "HTTP/1.0":
        return StreamingHttpResponse(pieces, content_type=media_type)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    try:
        file.writelines(pieces)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(file, content_type=media_type)
