"""Notifications in words, on the page and in emails."""

from typing import Any

from django.utils.text import Truncator

from donors.models import OrganizationRequest
from programs.discussion.models import Notification
from programs.discussion.topics import TopicEvent
from programs.models import Program
from programs.overlap.models import Overlap

Kind = Notification.Kind
LONGEST_EXCERPT = 240


def title_of(subject: Any) -> str:
    """A program's title, or both of an overlap; the name that was asked for; a topic's own words for itself."""
    if isinstance(subject, Program):
        return subject.shown_title
    if isinstance(subject, OrganizationRequest):
        return subject.name
    if isinstance(subject, Overlap):
        return f"{subject.left.shown_title} ↔ {subject.right.shown_title}"
    return str(subject)


def sentence(notification: Notification, event: TopicEvent | None = None) -> str:
    """What happened, in one sentence of the reader's language. Give notifications `for_list`, and a topic's event."""
    kind = Kind(notification.kind)  # type: ignore[call-arg]  # looked up by its value
    return kind.row.sentence(notification, event)


def excerpt(notification: Notification, event: TopicEvent | None = None) -> str:
    """The beginning of what was said, in one line; blank where nothing was."""
    stated = ""
    if notification.comment:
        stated = notification.comment.text
    elif happened := notification.review or event:
        stated = happened.note
    return Truncator(" ".join(stated.split())).chars(LONGEST_EXCERPT)
