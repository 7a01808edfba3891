"""Asks the sources for their rates; works without a network by saying so."""

from datetime import date
from urllib.error import HTTPError

import structlog
from django.utils import timezone

from goals.models import Origin, RateFetch
from goals.rates.providers import PROVIDERS, Provider, download
from goals.rates.readings import Reading, Unreadable
from goals.rates.storing import store

KEPT_ATTEMPTS = 100
NOT_THERE = 404
log = structlog.get_logger(__name__)


def fetch_rates(today: date | None = None) -> list[RateFetch]:
    """Reads each source that is switched on, and keeps how that went; one that fails stops no other."""
    day = today or timezone.localdate()
    attempts = [_fetch(provider, day) for provider in PROVIDERS if provider.address]
    latest = RateFetch.objects.values_list("pk", flat=True)[:KEPT_ATTEMPTS]
    RateFetch.objects.exclude(pk__in=list(latest)).delete()
    return attempts


def _fetch(provider: Provider, today: date) -> RateFetch:
    attempt = RateFetch.objects.create(provider=provider.name)
    try:
        readings = _read(provider, today)
        found = store(readings, origin=Origin.FETCHED)
        attempt.stored, attempt.held = len(found.changed), len(found.held)
    except Unreadable as error:
        attempt.problem, attempt.detail = "unreadable", str(error)[:300]
    except OSError as error:
        attempt.problem, attempt.detail = "unreachable", _why(error)[:300]
    attempt.ended_at = timezone.now()
    attempt.save()
    log.info("rates.fetched", provider=provider.name, stored=attempt.stored, held=attempt.held, problem=attempt.problem)
    return attempt


def _read(provider: Provider, today: date) -> list[Reading]:
    """Of all its files; one that is not published yet is none, but some file there must be."""
    readings, missing = [], None
    addresses = provider.addresses(today)
    for address in addresses:
        try:
            readings += provider.read(download(address), today)
        except HTTPError as error:
            if error.code != NOT_THERE:
                raise
            missing = error
    if not readings and missing:
        raise missing
    return readings


def _why(error: OSError) -> str:
    """What did not work, without the address, which may hold a password."""
    if isinstance(error, HTTPError):
        return f"HTTP {error.code}"
    reason = getattr(error, "reason", None) or error
    return str(getattr(reason, "strerror", None) or reason) or type(error).__name__
