"""What a file is, by its first bytes, whatever its name; of a file that cannot be read, what it is instead."""

import io
import zipfile

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from programs.exchange.iati.opening import beginning, looks_like_xml
from programs.exchange.spreadsheet.problems import FileProblem
from programs.exchange.spreadsheet.workbook_limits import MIB, check_directory

log = structlog.get_logger(__name__)

XLSX, CSV, IATI = "xlsx", "csv", "iati"
# Read by python-calamine: workbooks of Excel before 2007, of LibreOffice, and Excel's binary ones.
XLS, ODS, XLSB = "xls", "ods", "xlsb"
WORKBOOKS = (XLSX, XLS, ODS, XLSB)
ZIPS = (XLSX, ODS, XLSB)
MOST_BYTES = {XLSX: 20 * MIB, XLS: 20 * MIB, ODS: 20 * MIB, XLSB: 20 * MIB, CSV: 60 * MIB, IATI: 20 * MIB}
LARGEST = max(MOST_BYTES.values())
# Bytes that no text has; a stray one or two may be in anybody's export.
_NO_TEXT = frozenset(range(32)) - frozenset(b"\t\n\v\f\r")
MOST_SIGNS_OF_NO_TEXT = 10

# How files begin that no spreadsheet does (after a mark of UTF-8 and white space, in small letters) -> why it is
# refused.
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%pdf", "file_pdf"),
    (b"<!doctype html", "file_web_page"),
    (b"<html", "file_web_page"),
    (b"\x89png", "file_picture"),
    (b"\xff\xd8\xff", "file_picture"),
    (b"gif8", "file_picture"),
    (b"rar!", "file_packed"),
    (b"7z\xbc\xaf", "file_packed"),
    (b"\x1f\x8b", "file_packed"),
    (b"bzh", "file_packed"),
    (b"{\\rtf", "file_document"),
    (b'{"', "file_json"),
    (b"{\n", "file_json"),
    (b"{\r\n", "file_json"),
    (b"[{", "file_json"),
    (b"[\n", "file_json"),
    (b"[\r\n", "file_json"),
)
# Names of parts that say what a zip is that is no workbook -> why it is refused.
PARTS: tuple[tuple[str, str], ...] = (
    ("Index/Document.iwa", "file_numbers"),
    ("Index.zip", "file_numbers"),
    ("word/document.xml", "file_document"),
    ("ppt/presentation.xml", "file_document"),
)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_COMPOUND = b"\xd0\xcf\x11\xe0"


def kind_of(content: bytes) -> str:
    """FileProblem where it is none of those that can be read, with the name of what it is."""
    if not content.strip():
        raise FileProblem("file_empty")
    if content.startswith(b"PK"):
        return _kind_of_zip(content)
    if content.startswith(_COMPOUND):
        return _kind_of_compound(content)
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if looks_like_xml(content):
        return _kind_of_xml(content)
    for first, code in BEGINNINGS:
        if start.startswith(first):
            raise FileProblem(code)
    if utf_16(content) is None and sum(byte in _NO_TEXT for byte in content[:1000]) > MOST_SIGNS_OF_NO_TEXT:
        raise FileProblem("file_kind")
    return CSV


def _kind_of_xml(content: bytes) -> str:
    start = beginning(content).lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise FileProblem("file_xml_workbook")
    if start.startswith(("<html", "<!doctype html")):
        raise FileProblem("file_web_page")
    return IATI


def _kind_of_zip(content: bytes) -> str:
    """What the names of its parts say; nothing is unpacked but the mark of OpenDocument."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            mark = b""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mark = archive.read("mimetype").strip()
            encrypted = any(part.flag_bits & 1 for part in archive.infolist())
            if mark.startswith(_OPEN_DOCUMENT) and archive.getinfo("META-INF/manifest.xml").file_size < MIB:
                encrypted |= b"encryption-data" in archive.read("META-INF/manifest.xml")
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # whatever zipfile raises for broken or hostile archives
        log.warning("import.file_unreadable", exc_info=True)
        raise FileProblem("file_broken") from error
    if encrypted:
        raise FileProblem("file_password")
    for part, code in PARTS:
        if any(name == part or name.endswith(f"/{part}") for name in names):
            raise FileProblem(code)
    if mark.startswith(_OPEN_DOCUMENT):
        return ODS
    if mark.startswith(b"application/vnd.oasis.opendocument"):
        raise FileProblem("file_document")
    if "[Content_Types].xml" not in names:
        raise FileProblem("file_packed" if names else "file_kind")
    return XLSB if "xl/workbook.bin" in names else XLSX


def _kind_of_compound(content: bytes) -> str:
    """Of the files that Microsoft's older programs write: the names of their streams say what they are."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileProblem("file_password")
    # Each name fills 64 bytes with zeros, so that "Book" is no part of another word.
    if any(name.encode("utf-16-le") + b"\0\0" in content for name in ("Workbook", "Book")):
        return XLS
    if "WordDocument".encode("utf-16-le") in content or "PowerPoint Document".encode("utf-16-le") in content:
        raise FileProblem("file_document")
    raise FileProblem("file_kind")


def utf_16(content: bytes) -> str | None:
    """Which UTF-16 the text is in, by its mark or by the zeros beside its first letters; None where it is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(content) >= 4 and content[1] == content[3] == 0:
        return "utf-16-le"
    return "utf-16-be" if len(content) >= 4 and content[0] == content[2] == 0 else None


def check_size(size: int, most: int) -> None:
    """FileProblem where a file is larger than `most` bytes."""
    if size > most:
        raise FileProblem("file_too_large", size=f"{size / MIB:.1f}", most=most // MIB)


def check_kind(content: bytes) -> str:
    """The kind of a file that may be stored: its size, also unpacked, is within the limits."""
    kind = kind_of(content)
    check_size(len(content), MOST_BYTES[kind])
    if kind in ZIPS:
        check_directory(content)
    return kind
