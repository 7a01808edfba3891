"""What people say of programs, overlaps and other topics, and what they are told of them: on the page, by email."""

import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donors.models import OrganizationRequest, User
from programs.discussion.kinds import EVENTS, SUBJECTS, Kind, kind_fits, one_of
from programs.discussion.querysets import CommentQuerySet, LetterQuerySet, NotificationQuerySet
from programs.discussion.topics import row_of
from programs.models import Program, SharingChange
from programs.overlap.models import Overlap, Review

LONGEST_COMMENT = 5000


class Topic(models.Model):
    """Something of a higher app that people comment on and are told of: that app's row points here (see topics.py)."""

    kind = models.CharField(_("kind"), max_length=20)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.CheckConstraint(name="topic_has_a_kind", condition=Q(kind__regex=r"^[a-z_]+$"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Comment(models.Model):
    """What a person said of a program, of an overlap, or of another topic. Never changed; its author may withdraw it:
    the text is hidden.

    `key` is the form's own: the same form sent twice on a slow link is one comment.
    """

    # PROTECT: what people spoke of is archived, not deleted; an overlap stays when it is no longer flagged.
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name=_("program")
    )
    overlap = models.ForeignKey(
        Overlap, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name=_("overlap")
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="comments", verbose_name=_("topic")
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="comments", verbose_name=_("author"))
    text = models.TextField(_("text"))
    key = models.UUIDField(_("key of the form"), default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("written on"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    mentioned: models.ManyToManyField = models.ManyToManyField(
        User, through="Mention", related_name="mentioned_in", verbose_name=_("mentioned")
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="comment_on_one_thing",
                condition=one_of(("program", "overlap", "topic")),
            ),
            models.CheckConstraint(name="comment_says_something", condition=Q(text__regex=r"\S")),
            models.CheckConstraint(
                name="comment_text_is_not_too_long", condition=Q(LessThanOrEqual(Length("text"), LONGEST_COMMENT))
            ),
            models.UniqueConstraint(name="comment_once_a_form", fields=["author", "key"]),
        ]
        indexes = [
            models.Index(name="comment_of_program", fields=["program", "id"], condition=Q(program__isnull=False)),
            models.Index(name="comment_of_overlap", fields=["overlap", "id"], condition=Q(overlap__isnull=False)),
            models.Index(name="comment_of_topic", fields=["topic", "id"], condition=Q(topic__isnull=False)),
        ]
        triggers = [
            pgtrigger.Protect(name="comment_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="comment_is_only_withdrawn",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
                        OR (to_jsonb(NEW) - 'withdrawn_at') <> (to_jsonb(OLD) - 'withdrawn_at') THEN
                        RAISE EXCEPTION 'a comment is never changed, only withdrawn'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_is_only_withdrawn';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} · {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return f"{self.subject.get_absolute_url()}#comments"

    @property
    def subject(self) -> Any:
        """What it is about: a program, an overlap, or the row of another topic."""
        return self.program or self.overlap or row_of(self.topic)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class Mention(models.Model):
    """A person whom a comment calls by name."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="mentions", verbose_name=_("comment"))
    person = models.ForeignKey(User, models.CASCADE, related_name="mentions", verbose_name=_("person"))

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(name="mention_once_in_a_comment", fields=["comment", "person"])]

    def __str__(self) -> str:
        return f"@{self.person}"


class Notification(models.Model):
    """What a person is told, of a program, of an overlap, of a request for an organization, or of another topic.

    Which event each kind holds stands in kinds.py; `topic_event` is the number of an event in the app of the topic.
    Shown only through `Notification.objects.visible_to`: who may no longer see the subject does not see what was said.
    """

    Kind = Kind

    recipient = models.ForeignKey(User, models.CASCADE, related_name="notifications", verbose_name=_("recipient"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    program = models.ForeignKey(
        Program, models.CASCADE, null=True, blank=True, related_name="notifications", verbose_name=_("program")
    )
    overlap = models.ForeignKey(
        Overlap, models.CASCADE, null=True, blank=True, related_name="notifications", verbose_name=_("overlap")
    )
    request = models.ForeignKey(
        OrganizationRequest,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("request for a new organization"),
    )
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, blank=True, related_name="notifications", verbose_name=_("comment")
    )
    review = models.ForeignKey(
        Review, models.CASCADE, null=True, blank=True, related_name="notifications", verbose_name=_("review")
    )
    topic = models.ForeignKey(
        Topic, models.CASCADE, null=True, blank=True, related_name="notifications", verbose_name=_("topic")
    )
    topic_event = models.PositiveBigIntegerField(_("event"), null=True, blank=True)
    sharing = models.ForeignKey(
        SharingChange,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("change of visibility"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("emailed"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="notification_of_one_thing", condition=one_of(SUBJECTS)),
            # No other kind either.
            models.CheckConstraint(name="notification_has_the_event_of_its_kind", condition=kind_fits()),
            # However often an event is looked at, and by however many workers, a person is told once.
            models.UniqueConstraint(
                name="notification_once_an_event",
                fields=["recipient", "kind", *SUBJECTS, *EVENTS],
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(name="notification_newest_first", fields=["recipient", "-id"]),
            # The count in the header of every page.
            models.Index(name="notification_unread", fields=["recipient"], condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.recipient_id}"

    def get_absolute_url(self) -> str:
        """Where it leads: marks what is told of the same subject as read, and goes there."""
        return reverse("discussion:open", args=[self.pk])

    @property
    def subject(self) -> Any:
        """What it speaks of: a program, an overlap, a request, or the row of another topic."""
        return self.program or self.overlap or self.request or row_of(self.topic)


class Letter(models.Model):
    """A digest that is due to a person: what a worker claims before it sends, so that two do not send it.

    What it says is put together when it is sent, from what the recipient may see by then.
    """

    recipient = models.ForeignKey(User, models.CASCADE, related_name="letters", verbose_name=_("recipient"))
    due_on = models.DateField(_("due date"))
    claimed_at = models.DateTimeField(_("taken by a worker"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("emails")
        ordering = ["-due_on", "-id"]
        constraints = [
            models.UniqueConstraint(name="letter_once_a_day", fields=["recipient", "due_on"]),
            models.UniqueConstraint(
                name="letter_unsent_is_one", fields=["recipient"], condition=Q(sent_at__isnull=True)
            ),
            models.CheckConstraint(
                name="letter_sent_was_claimed", condition=Q(sent_at__isnull=True) | Q(claimed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} · {self.recipient_id}"


class Reached(models.Model):
    """How far the events of a source have been told, by the id of the last one that every worker has seen."""

    class Source(models.TextChoices):
        OVERLAP = "overlap", _("flagged overlaps")
        REVIEW = "review", _("decisions")

    source = models.CharField(_("source"), max_length=7, choices=Source, primary_key=True)
    last_id = models.BigIntegerField(_("last notified"), default=0)

    class Meta:
        verbose_name = _("progress of notifications")
        verbose_name_plural = _("progress of notifications")
        constraints = [
            models.CheckConstraint(name="reached_source_is_known", condition=Q(source__in=["overlap", "review"])),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.last_id}"
