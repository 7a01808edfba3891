"""Notifications in words, on the page and in letters."""

from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from donors.models import OrganizationRequest
from programs.discussion.models import Notification
from programs.models import Program
from programs.overlap.models import Overlap, Review

Kind = Notification.Kind
LONGEST_EXCERPT = 240


def title_of(subject: Any) -> str:
    """A program's title, or both of an overlap; the name that was asked for; an agreement's title."""
    if isinstance(subject, Program):
        return subject.shown_title
    if isinstance(subject, OrganizationRequest):
        return subject.name
    if isinstance(subject, Overlap):
        return f"{subject.left.shown_title} ↔ {subject.right.shown_title}"
    return str(subject)


def sentence(notification: Notification) -> str:
    """What happened, in one sentence of the reader's language. Give notifications `for_list`."""
    comment, review = notification.comment, notification.review
    if notification.step:
        return notification.step.in_words()
    if notification.request:
        return _of_request(notification.kind, notification.request)
    actor = review.actor.shown_name if review and review.actor else ""
    if notification.kind == Kind.MENTION and comment:
        return _("%(person)s mentioned you in a comment.") % {"person": comment.author.shown_name}
    if comment and notification.program_id:
        return _("%(person)s commented on a program of your organization.") % {"person": comment.author.shown_name}
    if comment and notification.agreement_id:
        return _("%(person)s commented on the agreement.") % {"person": comment.author.shown_name}
    if comment:
        return _("%(person)s commented on an overlap of your organization's program.") % {
            "person": comment.author.shown_name
        }
    if review and review.action == Review.Action.CONFIRM:
        return _("%(person)s confirmed the overlap.") % {"person": actor}
    if review and review.action == Review.Action.DISMISS:
        return _("%(person)s dismissed the overlap: %(reason)s.") % {
            "person": actor,
            "reason": review.get_reason_display().lower(),
        }
    if review and actor:
        return _("%(person)s reopened the decision on the overlap.") % {"person": actor}
    if review:
        return _("A program changed, so the decision on the overlap was reopened.")
    return _("Your organization's program was flagged as overlapping with another one.")


def _of_request(kind: str, request: OrganizationRequest) -> str:
    if kind == Kind.ASKED:
        return _("%(person)s asks for an organization that is not in the list.") % {
            "person": request.asked_by.shown_name
        }
    if request.organization is None:
        return _("The name that you asked for is no organization's. Correct it where it stands.")
    names = {"organization": request.organization.name}
    if request.answer == OrganizationRequest.Answer.ADDED:
        return _("The organization that you asked for is in the list now: %(organization)s.") % names
    return _("The organization that you asked for is in the list as %(organization)s.") % names


def excerpt(notification: Notification) -> str:
    """The beginning of what was said, in one line; blank where nothing was."""
    said = ""
    if notification.comment:
        said = notification.comment.text
    elif event := notification.review or notification.step:
        said = event.note
    return Truncator(" ".join(said.split())).chars(LONGEST_EXCERPT)
