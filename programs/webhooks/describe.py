"""Webhooks in words, and what is sent: the body of a message about a program, an overlap or an agreement."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from donors.emails import absolute
from programs.agreements.models import Agreement
from programs.models import Program
from programs.overlap.models import Overlap
from programs.webhooks.models import PING
from programs.webhooks.sending import Problem

Subject = Program | Overlap | Agreement
PROBLEMS = {
    Problem.NOT_HTTPS: _("The address must start with https://."),
    Problem.USERINFO: _("The address must not contain a user name or a password."),
    Problem.PORT: _("The port must be 443, 80 or at least 1024."),
    Problem.UNKNOWN_NAME: _("There is no server with that name."),
    Problem.INSIDE: _("The address is in a private network; it must be reachable from the internet."),
    Problem.TLS: _("The certificate of the server is not valid."),
    Problem.TIMEOUT: _("The server did not answer in time."),
    Problem.CONNECTION: _("The connection failed."),
    Problem.STOPPED: _("The message was not sent: sending it was interrupted three times. Send it again."),
}


def problem_in_words(problem: str) -> str:
    """Why there was no answer."""
    return str(PROBLEMS[Problem(problem)]) if problem else ""


def body_of(kind: str, happened_at: dt.datetime, subject: Subject | None) -> dict[str, Any]:
    """What is sent: `type`, `timestamp` and `data` (Standard Webhooks); `data` names the object, its page and its
    place in the API, and what a receiver needs to decide whether to fetch it."""
    return {"type": kind, "timestamp": happened_at.astimezone(dt.UTC).isoformat(), "data": _data(kind, subject)}


def _data(kind: str, subject: Subject | None) -> dict[str, Any]:
    if isinstance(subject, Program):
        return {
            "id": subject.pk,
            "identifier": subject.identifier,
            "title": subject.title,
            "stage": subject.stage,
            "version": subject.version,
            "url": absolute(subject.get_absolute_url()),
            "api": absolute(f"/api/v1/programs/{subject.pk}/"),
        }
    if isinstance(subject, Overlap):
        return {
            "id": subject.pk,
            "kind": subject.kind,
            "score": subject.score,
            "state": subject.state,
            "programs": [subject.left_id, subject.right_id],
            "url": absolute(subject.get_absolute_url()),
            "api": absolute(f"/api/v1/overlaps/{subject.pk}/"),
        }
    if isinstance(subject, Agreement):
        return {
            "id": subject.pk,
            "kind": subject.kind,
            "title": subject.title,
            "state": subject.state,
            "version": subject.version,
            "url": absolute(subject.get_absolute_url()),
            "api": absolute(f"/api/v1/agreements/{subject.pk}/"),
        }
    assert kind == PING
    return {}
