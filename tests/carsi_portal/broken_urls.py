"""The portal's addresses, and one that fails: for the tests of error pages."""

from typing import NoReturn

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.urls import path

from carsi_portal.urls import handler400, handler403, handler404, handler500
from carsi_portal.urls import urlpatterns as real_addresses

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def fail(request: HttpRequest) -> NoReturn:
    raise RuntimeError("it is broken")


def refuse(request: HttpRequest) -> NoReturn:
    raise SuspiciousOperation("too odd")


urlpatterns = [
    path("broken/", fail),
    path("api/broken/", fail),
    path("odd/", refuse),
    path("api/odd/", refuse),
    *real_addresses,
]
