"""PDF documents from HTML. Nothing is fetched: styles and fonts come from the portal's own static files."""

import logging
from functools import cache
from io import BytesIO
from mimetypes import guess_type
from typing import Any

from django.contrib.staticfiles import finders

# How a document names a static file: <link href="static:css/document.css">.
SCHEME = "static:"


class PdfUnavailable(Exception):
    """This machine lacks the system's library for text layout (Pango) that PDF documents need."""


def pdf_of(html: str) -> bytes:
    """The document as a PDF; the same HTML gives the same bytes. PdfUnavailable where the machine cannot make one."""
    weasyprint = _weasyprint()
    document = weasyprint.HTML(string=html, base_url=SCHEME, url_fetcher=_StaticFiles.make(weasyprint))
    return document.write_pdf(pdf_identifier=b"carsi-portal")


@cache
def _weasyprint() -> Any:
    """Loaded at the first document: it is large, and most processes make none."""
    try:
        import weasyprint
    except OSError as error:
        raise PdfUnavailable(str(error)) from error
    for talkative in ("weasyprint", "fontTools"):
        logging.getLogger(talkative).setLevel(logging.ERROR)
    return weasyprint


class _StaticFiles:
    """What documents may use: static files and data in the address itself; all else is left out, and logged."""

    @staticmethod
    @cache
    def make(weasyprint: Any) -> Any:
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        class Fetcher(URLFetcher):  # type: ignore[misc]
            def fetch(self, url: str, headers: Any = None) -> Any:
                if url.startswith("data:"):
                    return super().fetch(url, headers)
                found = finders.find(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
                if not isinstance(found, str):
                    raise ValueError(f"A document may not fetch {url}")
                return URLFetcherResponse(url, _content(found), {"Content-Type": guess_type(found)[0] or ""})

        return Fetcher(allowed_protocols=("data", "static"))


def _content(path: str) -> bytes:
    if path.endswith(".woff2"):
        return _unpacked_font(path)
    with open(path, "rb") as file:
        return file.read()


@cache
def _unpacked_font(path: str) -> bytes:
    """A font unpacked once in a process: unpacking it for every document takes a third of all that a page takes."""
    from fontTools.ttLib import woff2

    unpacked = BytesIO()
    with open(path, "rb") as file:
        woff2.decompress(file, unpacked)
    return unpacked.getvalue()
