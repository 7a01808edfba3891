"""How the bytes of a file become XML, for uploads, the API and the command alike: gzip, byte orders, encodings."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _

# Bytes of a file, or where it is.
Source = Path | bytes

GZIP = b"\x1f\x8b"
FIRST_BYTES = 4_000
# A file of the command may be this large when it is unpacked; uploads have their own, lower limit.
MOST_UNPACKED = 4 * 1024**3
_BLOCK = 1024 * 1024
# Longest mark first: that of UTF-32 begins as that of UTF-16 does.
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32LE",
    b"\x00\x00\xfe\xff": "UTF-32BE",
    b"\xef\xbb\xbf": "UTF-8",
    b"\xff\xfe": "UTF-16LE",
    b"\xfe\xff": "UTF-16BE",
}
_STATED = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# What may stand before the first element: white space, comments, instructions.
_BEFORE_ELEMENT = re.compile(r"\A(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)


class NotIati(Exception):
    """The file as a whole cannot be read; the message says why, and where, in the language of its reader."""


def said(sentence: Promise, **values: object) -> Promise:
    """A sentence with its values, put together in the language in which it is read."""
    return lazystr(_Sentence(sentence, values))


class _Sentence:
    def __init__(self, sentence: Promise, values: dict[str, object]) -> None:
        self.sentence, self.values = sentence, values

    def __str__(self) -> str:
        return str(self.sentence) % {name: str(value) for name, value in self.values.items()}


@contextmanager
def opened(source: Source) -> Iterator[tuple[IO[bytes], str | None]]:
    """The XML of a file as a stream, and the encoding that it is in: None where it is the one that it states.

    NotIati for what is no file, and while reading for one that is damaged or unpacks beyond all measure.
    """
    with _bytes_of(source) as raw:
        start = raw.read(len(GZIP))
        raw.seek(0)
        stream = cast(IO[bytes], _Unpacked(raw, MOST_UNPACKED)) if start == GZIP else raw
        first = stream.read(FIRST_BYTES)
        encoding = encoding_of(first)
        blank = 0 if encoding not in (None, "UTF-8") else len(first) - len(first.removeprefix(b"\xef\xbb\xbf").lstrip())
        stream.seek(blank)
        yield stream, encoding


@contextmanager
def _bytes_of(source: Source) -> Iterator[IO[bytes]]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    if not source.is_file():
        raise NotIati(_("The file does not exist.") if not source.exists() else _("This is not a file."))
    try:
        file = source.open("rb")
    except OSError as error:
        raise NotIati(said(_("The file cannot be read: %(error)s"), error=error.strerror or "")) from error
    with file:
        yield file


class _Unpacked(gzip.GzipFile):
    """A gzip file that is read up to a limit; what is wrong with it is NotIati."""

    def __init__(self, raw: IO[bytes], most: int) -> None:
        super().__init__(fileobj=raw, mode="rb")
        self._most = most

    def read(self, size: int | None = -1) -> bytes:
        try:
            block = super().read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise NotIati(_("The gzip file is damaged or incomplete. Compress it again.")) from error
        if self.tell() > self._most:
            raise NotIati(_("Unpacked, the file is too large. Split it into several files."))
        return block


def unpacked(content: bytes, most: int) -> bytes | None:
    """A file without its gzip; as it is where it has none. None where that is more than `most` bytes.

    NotIati where it is damaged.
    """
    if not content.startswith(GZIP):
        return content
    parts, size = [], 0
    with io.BytesIO(content) as raw:
        stream = _Unpacked(raw, most + _BLOCK)
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > most:
                return None
            parts.append(block)
    return b"".join(parts)


def encoding_of(first: bytes) -> str | None:
    """The encoding of a file by its first bytes, whatever it states; None where nothing speaks against that."""
    for mark, encoding in _MARKS.items():
        if first.startswith(mark):
            return encoding
    sample = first[:200]
    zeros_at_even, zeros_at_odd = sample[0::2].count(0), sample[1::2].count(0)
    # What XML begins with is nearly all of one byte a letter.
    if zeros_at_odd > len(sample) / 4 > zeros_at_even:
        return "UTF-16LE"
    if zeros_at_even > len(sample) / 4 > zeros_at_odd:
        return "UTF-16BE"
    stated = _STATED.match(first)
    if stated and stated.group(1).upper().startswith((b"UTF-16", b"UTF16", b"UCS-2", b"UTF-32", b"UCS-4")):
        return "UTF-8"
    return None


def beginning(content: bytes) -> str:
    """What the file says from its first element on, as far as it can be told; it may break off in the middle."""
    first = content[:FIRST_BYTES]
    text = first.decode(encoding_of(first) or "utf-8", errors="replace").lstrip("\ufeff")
    return text[_BEFORE_ELEMENT.match(text).end() :]  # type: ignore[union-attr]


def looks_like_xml(content: bytes) -> bool:
    """Whether the file begins as XML does: with an element, or with what can come before one."""
    first = content[:FIRST_BYTES]
    text = first.decode(encoding_of(first) or "utf-8", errors="replace").lstrip("\ufeff").lstrip()
    if text[:9].lower().startswith(("<?", "<!--", "<!doctype")):
        return True
    return re.match(r"<[A-Za-z_][\w.:-]*[\s/>]", text) is not None


def count_of(content: bytes, words: str) -> int:
    """How often words stand in a file, without reading it as XML."""
    encoding = encoding_of(content[:FIRST_BYTES]) or "utf-8"
    return content.count(words.encode(encoding))
