"""How documents are asked for and answered: language, file name, type."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language


def language_asked(request: HttpRequest) -> str:
    """ "en" or "es": of ?lang=, else the page's."""
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else (get_language() or "en")[:2]


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser shows."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer
