"""The page behind the link in each email that a person may turn off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from donors import services
from donors.emails import person_of_token
from donors.models import User


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_emails(request: HttpRequest, token: str) -> HttpResponse:
    """Ends a person's emails, without signing in: GET asks (programs that look at links end nothing), POST does it.

    A mail program sends the POST by itself (RFC 8058), without a cookie: the token, and not the session, says who.
    """
    person = person_of_token(token)
    if person is None:
        return render(request, "donors/stop_emails.html", {"known": False}, status=404)
    if request.method == "POST":
        services.choose_digest(person, User.Digest.OFF)
    # In the language of the email that led here.
    with translation.override(person.language or translation.get_language()):
        return render(request, "donors/stop_emails.html", {"known": True, "done": request.method == "POST"})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_emails_moved(request: HttpRequest, token: str) -> HttpResponse:
    """The address in emails of earlier releases: sends people on, and ends the emails for a mail program, which follows
    no redirect (RFC 8058)."""
    if request.method == "POST":
        return stop_emails(request, token)
    return redirect("donors:stop_emails", token, permanent=True)
