"""Writing a comment, and taking it back."""

import uuid
from collections.abc import Collection
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from donors.models import User
from programs.discussion.models import LONGEST_COMMENT, Comment, Mention, Notification
from programs.discussion.people import concerned_by, who_see, with_roles
from programs.discussion.querysets import subject_fields, takes_part
from programs.discussion.topics import kind_of

log = structlog.get_logger(__name__)

Kind = Notification.Kind


@transaction.atomic
def write_comment(
    subject: Any,
    *,
    actor: User,
    text: str,
    mentioned: Collection[int] = (),
    key: uuid.UUID | None = None,
) -> Comment:
    """A comment on a program, an overlap or another topic; tells the people it mentions (by id), and the members of its
    organizations.

    `key` is the form's: sent twice, it is one comment. NotAllowed for who takes no part; Refused where the text is
    blank or too long, where a person mentioned may not see the subject, or on a topic that
    takes no comments yet.
    """
    if not takes_part(actor):
        raise NotAllowed()
    text = text.strip()
    if not text:
        raise Refused(_("Write a comment."))
    if len(text) > LONGEST_COMMENT:
        raise Refused(_("A comment can have at most 5,000 characters."))
    # Held until commit: a scan must not delete an overlap that somebody is speaking of.
    target = (
        type(subject)
        .objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=subject.pk)
        .first()
    )
    if target is None:
        raise Refused(_("What you comment on no longer exists."))
    if not getattr(target, "takes_comments", True):
        raise Refused(kind_of(target).no_comments_yet)
    key = key or uuid.uuid4()
    if stated := Comment.objects.filter(author=actor, key=key).first():
        return stated
    called = with_roles(User.objects.filter(pk__in=mentioned, is_active=True).exclude(pk=actor.pk))
    if len(who_see(target, called)) < len(set(mentioned) - {actor.pk}):
        raise Refused(_("One of the people you chose cannot be mentioned here."))
    comment = Comment.objects.create(**subject_fields(target), author=actor, text=text, key=key)
    Mention.objects.bulk_create(Mention(comment=comment, person=person) for person in called)
    _tell(comment, called)
    log.info("comment.written", comment_id=comment.pk, actor=actor.pk, mentions=len(called))
    return comment


def _tell(comment: Comment, called: list[User]) -> None:
    """Tells who is mentioned, and the members of the organizations concerned, each once."""
    subject = comment.subject
    told = {comment.author_id, *(person.pk for person in called)}
    members = who_see(subject, with_roles(concerned_by(subject).exclude(pk__in=told)))
    Notification.objects.bulk_create(
        Notification(recipient=person, kind=kind, comment=comment, **subject_fields(subject))
        for kind, people in ((Kind.MENTION, called), (Kind.COMMENT, members))
        for person in people
    )


def may_withdraw(comment: Comment, actor: User) -> bool:
    """Whether `actor` may take the comment back: its author, once."""
    return comment.author_id == actor.pk and not comment.is_withdrawn


@transaction.atomic
def withdraw(comment: Comment, *, actor: User) -> Comment:
    """Hides the text of the comment for good; that there was one stays. Twice is once; NotAllowed for all others."""
    if comment.author_id != actor.pk:
        raise NotAllowed()
    locked = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if not locked.is_withdrawn:
        locked.withdrawn_at = timezone.now()
        locked.save(update_fields=["withdrawn_at"])
        log.info("comment.withdrawn", comment_id=locked.pk, actor=actor.pk)
    return locked
