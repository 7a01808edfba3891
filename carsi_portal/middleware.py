"""What every request and answer goes through, beside Django's own."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_vary_headers

# Types of text that pages and scripts ask for over slow links.
COMPRESSED = ("text/html", "application/json", "application/geo+json", "text/csv", "application/problem+json")
GetResponse = Callable[[HttpRequest], HttpResponse]


class UserLanguageMiddleware:
    """The language chosen in this browser wins; without a choice, that of the user's profile.

    Stands behind Django's LocaleMiddleware, which reads the cookie and the browser's languages.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) and request.user.is_authenticated:
            language = request.user.language
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self.get_response(request)


class CompressedTextMiddleware(GZipMiddleware):
    """Compresses pages and JSON. Not downloads, which are compressed already or sent piece by piece; nor what has an
    ETag, which compressing would make a weak one that If-Match never matches."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if response.streaming or response.has_header("ETag") or kind not in COMPRESSED:
            return response
        return super().process_response(request, response)


class PrivatePagesMiddleware:
    """Keeps what a signed-in person sees out of every cache on the way."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


# Methods that answer with the same headers: HEAD asks for those alone.
READING = ("GET", "HEAD")


class ApiCopiesMiddleware:
    """ETags for what the API shows, so that what a client has already is not sent again (304), and gzip for the rest.

    An ETag begins with the version where the thing has one: it is what If-Match takes.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.zip = GZipMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> Any:
        is_api = request.path.startswith("/api/")
        response: Any = self.get_response(request)
        if not is_api:
            return response
        version = getattr(response, "version", None)
        if not response.streaming and response.status_code < 300 and (version or request.method in READING):
            sign = hashlib.sha256(response.content).hexdigest()[:16]
            response["ETag"] = f'"{version}-{sign}"' if version else f'"{sign}"'
        if request.method in READING and response.status_code == 200 and "ETag" in response:
            if getattr(request, "auth", None) is not None:
                # To be kept by the script alone, and asked about before each use; browsers keep nothing.
                response["Cache-Control"] = "private, no-cache"
            response = get_conditional_response(request, etag=response["ETag"], response=response)
        zipped: Any = self.zip.process_response(request, response)
        return zipped
