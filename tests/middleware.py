"""One chain of middleware for all clients of the tests, as a server has one for all that it is asked.

Django's client makes each of its handlers a chain of its own, which takes longer than some of the pages asked for.
"""

from typing import Any

from django.core.signals import setting_changed
from django.test.client import ClientHandler

PARTS = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")
_kept: dict[str, Any] = {}
_make = ClientHandler.load_middleware


def make_once() -> None:
    """From now on; after a change of settings the chain is made again, since a middleware may have read them."""
    ClientHandler.load_middleware = _take
    setting_changed.connect(_forget)


def _take(handler: ClientHandler, is_async: bool = False) -> None:
    if not _kept:
        _make(handler, is_async)
        _kept.update({part: getattr(handler, part) for part in PARTS})
    handler.__dict__.update(_kept)


def _forget(**_changed: Any) -> None:
    _kept.clear()
