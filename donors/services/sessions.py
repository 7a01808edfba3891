"""A person's open sessions: which there are, and how they are ended."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

import structlog
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from donors.models import User

log = structlog.get_logger(__name__)

# What a browser says of itself -> how people call it; the first that is found counts.
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class OpenSession:
    """A session as its person sees it; `browser` and `system` are "" where unknown."""

    pk: int
    began_at: datetime
    seen_at: datetime
    browser: str
    system: str
    ip: str
    is_this_one: bool


def open_sessions(user: User, this_key: str | None) -> list[OpenSession]:
    """The user's sessions that still let in, the last used first; two queries, which also clear away ended ones."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    UserSession.objects.filter(user=user).exclude(session_key__in=alive).delete()
    return [
        OpenSession(
            pk=row.pk,
            began_at=row.created_at,
            seen_at=row.last_seen_at,
            browser=_first_in(row.user_agent, BROWSERS),
            system=_first_in(row.user_agent, SYSTEMS),
            ip=row.ip,
            is_this_one=row.session_key == this_key,
        )
        for row in UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk")
    ]


def end_session(user: User, pk: int) -> bool:
    """Ends one of the user's own sessions; False when there is none of that number."""
    return _end(user, UserSession.objects.filter(user=user, pk=pk))


def end_sessions(user: User, *, but: str | None = None) -> bool:
    """Ends all sessions of a user but the one with the key `but`; whether there were any."""
    return _end(user, UserSession.objects.filter(user=user).exclude(session_key=but or ""))


def note_session_seen(key: str | None) -> None:
    """Records that a session is in use now."""
    UserSession.objects.filter(session_key=key or "").update(last_seen_at=timezone.now())


def _end(user: User, rows: QuerySet[UserSession]) -> bool:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    ended = list(rows)
    for row in ended:
        store.delete(row.session_key)
        row.delete()
    if ended:
        log.info("session.ended", user_id=user.pk, sessions=len(ended))
    return bool(ended)


def _first_in(text: str, names: dict[str, str]) -> str:
    return next((name for sign, name in names.items() if sign in text), "")
