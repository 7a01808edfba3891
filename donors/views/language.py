"""The button in the header that changes the language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.i18n import set_language as set_in_browser

from donors import services


def set_language(request: HttpRequest) -> HttpResponse | HttpResponseBase:
    """Keeps the choice in the browser, and in the profile of a person who is signed in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        services.choose_language(request.user, language)
    return set_in_browser(request)
