"""The glossary page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from goals.glossary import terms_in_order


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """All terms of the portal in the reader's language; open to everyone, without signing in."""
    return render(request, "goals/glossary.html", {"terms": terms_in_order()})
