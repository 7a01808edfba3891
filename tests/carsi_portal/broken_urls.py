"""The portal's addresses, and one that fails: for the tests of error pages."""

from typing import NoReturn

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.urls import path
from rest_framework.decorators import api_view, permission_classes

from carsi_portal.urls import handler400, handler403, handler404, handler500
from carsi_portal.urls import urlpatterns as real_addresses

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def fail(request: HttpRequest) -> NoReturn:
    raise RuntimeError("it is broken")


def refuse(request: HttpRequest) -> NoReturn:
    raise SuspiciousOperation("too odd")


def take_too_long(request: HttpRequest) -> NoReturn:
    """Asks the database for more than it may take, as it would after half a minute."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(60)")
    raise AssertionError("the database let it pass")


def find_no_database(request: HttpRequest) -> NoReturn:
    raise OperationalError("could not connect to server")


@api_view(["GET"])
@permission_classes([])
def api_takes_too_long(request: object) -> NoReturn:
    take_too_long(HttpRequest())


urlpatterns = [
    path("slow/", take_too_long),
    path("api/slow/", take_too_long),
    path("api/v1/slow/", api_takes_too_long),
    path("away/", find_no_database),
    path("api/away/", find_no_database),
    path("broken/", fail),
    path("api/broken/", fail),
    path("odd/", refuse),
    path("api/odd/", refuse),
    *real_addresses,
]
