"""What pages of lower layers show of comments and notifications: a template may ask upwards where Python may not."""

from typing import Any

from django import template
from django.db import DatabaseError
from django.urls import reverse

from programs.discussion.describe import title_of
from programs.discussion.forms import CommentForm
from programs.discussion.models import Comment, Notification
from programs.discussion.querysets import takes_part
from programs.discussion.services import may_withdraw
from programs.discussion.topics import kind_of
from programs.models import Program
from programs.overlap.cases import OverlapCase
from programs.overlap.models import Overlap

register = template.Library()
MOST_COMMENTS = 20
MOST_COUNTED = 99


@register.inclusion_tag("discussion/of_subject.html", takes_context=True)
def comments_of(context: dict[str, Any], subject: Any) -> dict[str, Any]:
    """The last comments on a program, an overlap or another topic, and the form for another; nothing for who takes no
    part, and on a topic that takes none yet."""
    user = context["request"].user
    if not takes_part(user) or not getattr(subject, "takes_comments", True):
        return {"takes_part": False}
    comments = Comment.objects.visible_to(user).on(subject)
    count = comments.count()
    shown = list(comments.for_page().order_by("-pk")[:MOST_COMMENTS])[::-1] if count else []
    return {
        "takes_part": True,
        "user": user,
        "subject": subject,
        "comments": shown,
        "count": count,
        "has_more": count > len(shown),
        "form": CommentForm(subject, user),
    }


@register.inclusion_tag("discussion/of_subject.html", takes_context=True)
def comments_of_case(context: dict[str, Any], case: OverlapCase) -> dict[str, Any]:
    """The last comments on all pairs of a case as its reader sees it, each with its pair, and the form for another on
    the weightiest one."""
    user = context["request"].user
    if not takes_part(user):
        return {"takes_part": False}
    comments = Comment.objects.on_pairs(row.id for row in case.rows)
    # Of most cases nobody spoke: that is a look into an index, what the person may see of comments is not.
    comments = comments.visible_to(user) if comments.exists() else comments.none()
    newest = comments.for_page().select_related("author", "overlap__left", "overlap__right").order_by("-pk")
    shown = list(newest[:MOST_COMMENTS])[::-1]
    return {
        "takes_part": True,
        "user": user,
        "subject": case.first_pair,
        "case": case.key,
        "has_many": len(case.rows) > 1,
        "comments": shown,
        "count": comments.count() if len(shown) == MOST_COMMENTS else len(shown),
        "form": CommentForm(case.first_pair, user),
        "as_document": context.get("as_document", False),
    }


@register.filter
def pair_title(overlap: Overlap) -> str:
    """Both programs of an overlap."""
    return str(title_of(overlap))


@register.filter
def withdrawable_by(comment: Comment, user: Any) -> bool:
    """Whether the page offers to withdraw it."""
    return may_withdraw(comment, user)


@register.filter
def comments_address(subject: Any) -> str:
    """Where all comments on it are, and another is sent to."""
    if isinstance(subject, Program):
        return reverse("discussion:comments_on_program", args=[subject.pk])
    if isinstance(subject, Overlap):
        return reverse("discussion:comments_on_overlap", args=[subject.pk])
    return kind_of(subject).comments_address(subject)


@register.simple_tag(takes_context=True)
def unread_notifications(context: dict[str, Any]) -> str:
    """How many the person has not read, as the header shows it; "" for none."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return ""
    try:
        # On every page: that there is none at all is a look into an index, what the person may see of it is not.
        if not Notification.objects.filter(recipient=user).unread().exists():
            return ""
        count = Notification.objects.visible_to(user).unread()[: MOST_COUNTED + 1].count()
    except DatabaseError:  # the page that says so has this header too
        return ""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
