"""What production refuses, beside Django's own list: `manage.py check --deploy --fail-level WARNING`.

The service `migrate` of docker-compose.yml runs it first, and nothing else starts where it fails.
"""

import os
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

# Endings of names that only one's own machine or network knows (RFC 6761, RFC 6762, ICANN's .internal).
NAMES_AT_HOME = (".localhost", ".local", ".test", ".internal")
SHORTEST_KEY, FEWEST_CHARACTERS = 50, 10
KEYS_FROM_A_TEMPLATE = ("django-insecure-", "change", "secret", "example")


def is_public(host: str) -> bool:
    """Whether an entry of ALLOWED_HOSTS may name this site to the internet; every wildcard may."""
    host = host.strip("[]")
    if host == "*" or host.startswith("."):
        return True
    try:
        return not ip_address(host).is_private
    except ValueError:
        return "." in host and not host.endswith(NAMES_AT_HOME)


@register(Tags.security)
def demonstration_stays_at_home(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Made-up programs, and accounts whose password is printed, belong on no public site."""
    public = [host for host in settings.ALLOWED_HOSTS if is_public(host)]
    if not settings.DEMONSTRATION or not public:
        return []
    return [
        Error(
            f"DEMONSTRATION is on, and ALLOWED_HOSTS names a public host ({', '.join(public)}).",
            hint="Unset DEMONSTRATION: it shows invented programs, and anyone can sign in with a known password.",
            id="carsi_portal.E001",
        )
    ]


@register(Tags.security, deploy=True)
def secret_key_is_given(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A key from var/ is one machine's own: two web servers would not know each other's sessions."""
    key = settings.SECRET_KEY
    hint = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    if not os.environ.get("SECRET_KEY"):
        return [Error("SECRET_KEY is not set.", hint=hint, id="carsi_portal.E002")]
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS or key.lower().startswith(KEYS_FROM_A_TEMPLATE):
        return [Error("SECRET_KEY is weak: it can be guessed.", hint=hint, id="carsi_portal.E003")]
    return []


@register(Tags.security, deploy=True)
def hosts_are_named(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A site that answers to any name sends password emails with links to any name."""
    wild = [host for host in settings.ALLOWED_HOSTS if "*" in host or host.startswith(".")]
    if not wild:
        return []
    return [
        Error(
            f"ALLOWED_HOSTS has a wildcard ({', '.join(wild)}).",
            hint="Name each host of the site.",
            id="carsi_portal.E004",
        )
    ]


@register(Tags.security, deploy=True)
def servers_are_given(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The embedded servers have no password and no backup; they are for `make run`."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if not missing:
        return []
    return [
        Error(
            f"{' and '.join(missing)} not set: the embedded servers of `make run` are not meant for real data.",
            hint="docs/deploy.md lists what a production site sets.",
            id="carsi_portal.E005",
        )
    ]


@register(Tags.security, deploy=True)
def emails_are_sent(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without a mail server, emails go to the log or to a file: anyone who reads them could take over an account."""
    if not settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "filebased.EmailBackend")):
        return []
    return [
        Warning(
            "EMAIL_URL is not set: emails with links that set a password are written to the log or to a file.",
            hint="EMAIL_URL=smtp+tls://user:password@mail.example.org:587",
            id="carsi_portal.W001",
        )
    ]


@register(Tags.security, deploy=True)
def second_factor_is_required(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """One stolen password of a coordinator would open every program, restricted ones too."""
    if settings.MFA_REQUIRED:
        return []
    return [
        Error(
            "MFA_REQUIRED is off: coordinators, managers and administrators could sign in with a password alone.",
            hint="Unset MFA_REQUIRED; it is for the demonstration site.",
            id="carsi_portal.E006",
        )
    ]


@register(Tags.database)
def rates_are_new(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Money of today is converted with the latest rate; an old one is an estimate (`check --database default`)."""
    if "default" not in (databases or ()):
        return []
    from goals.rates.state import NEW_MONTHS, ages

    try:
        months = ages()
    except DatabaseError:
        return []  # Not migrated yet.
    old = [f"{currency} ({age})" for currency, age in sorted(months.items()) if age > NEW_MONTHS]
    if months and not old:
        return []
    said = f"Exchange rates are so many months old: {', '.join(old)}." if months else "There are no exchange rates."
    hint = "See the page /rates/, or run: manage.py fetch_rates, or manage.py load_rates FILE"
    return [Warning(said, hint=hint, id="carsi_portal.W006")]
