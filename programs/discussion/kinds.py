"""The table of notifications: of each kind what it may speak of, which event it holds, its sentence and who hears it.

A new kind is a row here, a service that writes such notifications, and a migration: the constraint is made from here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.overlap.models import Review

if TYPE_CHECKING:
    from programs.discussion.models import Notification
    from programs.discussion.topics import TopicEvent

# The fields of a notification that hold what it speaks of, and those that hold what happened.
SUBJECTS = ("program", "overlap", "request", "topic")
EVENTS = ("comment", "review", "sharing", "topic_event")

Sentence = Callable[["Notification", "TopicEvent | None"], str]


@dataclass(frozen=True)
class Row:
    """`subjects` and `event` are fields of the notification; without an event the subject itself is what happened."""

    subjects: tuple[str, ...]
    event: str | None
    sentence: Sentence
    who_hears: Promise


def _mention(row: "Notification", event: "TopicEvent | None") -> str:
    return _("%(person)s mentioned you in a comment.") % {"person": _author(row)}


def _comment(row: "Notification", event: "TopicEvent | None") -> str:
    from programs.discussion.topics import kind_of

    if row.program_id:
        sentence = _("%(person)s commented on a program of your organization.")
    elif row.overlap_id:
        sentence = _("%(person)s commented on an overlap of your organization's program.")
    else:
        sentence = str(kind_of(row.subject).commented)
    return sentence % {"person": _author(row)}


def _author(row: "Notification") -> str:
    return row.comment.author.shown_name if row.comment else ""


def _flagged(row: "Notification", event: "TopicEvent | None") -> str:
    return _("A program of your organization was flagged as overlapping with another one.")


def _decision(row: "Notification", event: "TopicEvent | None") -> str:
    review = _review(row)
    person = review.actor.shown_name if review.actor else ""
    if review.action == Review.Action.CONFIRM:
        return _("%(person)s confirmed the overlap.") % {"person": person}
    reason = review.get_reason_display().lower()
    return _("%(person)s dismissed the overlap: %(reason)s.") % {"person": person, "reason": reason}


def _reopened(row: "Notification", event: "TopicEvent | None") -> str:
    review = _review(row)
    if review.actor:
        return _("%(person)s reopened the decision on the overlap.") % {"person": review.actor.shown_name}
    return _("A program changed, so the decision on the overlap was reopened.")


def _review(row: "Notification") -> Review:
    if row.review is None:
        raise ValueError("a notification of a decision has its review")
    return row.review


def _asked(row: "Notification", event: "TopicEvent | None") -> str:
    request: Any = row.request
    return _("%(person)s requests an organization that is not in the list.") % {"person": request.asked_by.shown_name}


def _answered(row: "Notification", event: "TopicEvent | None") -> str:
    request: Any = row.request
    if request.organization is None:
        return _("The name that you asked about is not an organization. Correct it where it is used.")
    names = {"organization": request.organization.name}
    if request.answer == type(request).Answer.ADDED:
        return _("The organization that you requested is now in the list: %(organization)s.") % names
    return _("The organization that you requested is in the list as %(organization)s.") % names


def _shared(row: "Notification", event: "TopicEvent | None") -> str:
    change: Any = row.sharing
    stated = {
        "person": change.actor.shown_name if change.actor else _("The portal"),
        "organization": row.program.reporting_org.name if row.program else "",
        "organizations": ", ".join(change.added),
        "before": change.get_before_display(),
        "after": change.get_after_display(),
    }
    if change.added:
        return _("%(person)s shared a program of %(organization)s with %(organizations)s.") % stated
    return _("%(person)s changed the visibility of a program of %(organization)s: %(before)s → %(after)s.") % stated


def _topic(row: "Notification", event: "TopicEvent | None") -> str:
    return event.sentence if event else ""


class Kind(models.TextChoices):
    """The kinds of notification: each as it is stored, its row, and its name."""

    row: Row

    def __new__(cls, value: str, row: Row) -> "Kind":
        member = str.__new__(cls, value)
        member._value_ = value
        member.row = row
        return member

    MENTION = (
        "mention",
        Row(("program", "overlap", "topic"), "comment", _mention, gettext_lazy("the people mentioned")),
        gettext_lazy("You were mentioned"),
    )
    COMMENT = (
        "comment",
        Row(
            ("program", "overlap", "topic"),
            "comment",
            _comment,
            gettext_lazy("members of the organizations involved, if they can see it"),
        ),
        gettext_lazy("A comment on your organization's program"),
    )
    FLAGGED = (
        "flagged",
        Row(("overlap",), None, _flagged, gettext_lazy("members of both organizations who can see both programs")),
        gettext_lazy("A program of your organization was flagged"),
    )
    DECISION = (
        "decision",
        Row(("overlap",), "review", _decision, gettext_lazy("members of both organizations who can see both programs")),
        gettext_lazy("A decision on an overlap of your organization's program"),
    )
    REOPENED = (
        "reopened",
        Row(("overlap",), "review", _reopened, gettext_lazy("members of both organizations who can see both programs")),
        gettext_lazy("A decision was reopened"),
    )
    ASKED = (
        "asked",
        Row(("request",), None, _asked, gettext_lazy("coordinators")),
        gettext_lazy("A new organization was requested"),
    )
    ANSWERED = (
        "answered",
        Row(("request",), None, _answered, gettext_lazy("the person who asked")),
        gettext_lazy("Answer to your request for an organization"),
    )
    SHARED = (
        "shared",
        Row(
            ("program",),
            "sharing",
            _shared,
            gettext_lazy("the other managers of its organization; coordinators if it has no other manager"),
        ),
        gettext_lazy("More people can see a program of your organization"),
    )
    TOPIC = (
        "topic",
        Row(("topic",), "topic_event", _topic, gettext_lazy("members of the organizations it concerns")),
        gettext_lazy("News for your organization"),
    )


def kind_fits() -> Q:
    """The condition that a notification has a subject and the event of its kind, and no other event."""
    fits = Q()
    for kind in Kind:
        subject = Q()
        for field in kind.row.subjects:
            subject |= Q(**{f"{field}__isnull": False})
        events = Q(**{f"{field}__isnull": field != kind.row.event for field in EVENTS})
        fits |= Q(kind=kind.value) & subject & events
    return fits


def one_of(fields: tuple[str, ...]) -> Q:
    """The condition that exactly one of these fields is not null."""
    found = Q()
    for wanted in fields:
        found |= Q(**{f"{field}__isnull": field != wanted for field in fields})
    return found
