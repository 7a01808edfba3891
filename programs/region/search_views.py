"""The page of the one search."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from programs.region.search import look_for


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What one may see that the typed words ask for, grouped; the number or identifier of a program leads to it."""
    answer = look_for(request.user, request.GET.get("q", ""))  # type: ignore[arg-type]
    if answer.straight:
        return redirect(answer.straight)
    return render(request, "region/search.html", {"answer": answer, "searched": answer.text})
