"""Every question asked of the database about comments, notifications and emails."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q

from donors.models import Membership, OrganizationRequest
from programs.discussion.topics import topic_kinds, topic_rows
from programs.models import Program
from programs.overlap.models import Overlap
from programs.querysets import among

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User
    from programs.discussion.models import Comment, Letter, Notification  # noqa: F401


def takes_part(user: "User | AnonymousUser") -> bool:
    """Whether the person reads and writes comments at all: a member of an organization, or an administrator."""
    return user.is_authenticated and user.is_active and (user.is_superuser or bool(user.roles))


def subject_visible_to(user: "User | AnonymousUser") -> Q:
    """Rows whose program, overlap or topic `user` may see; row by row, since a person's own are few and programs
    many."""
    seen = Q(Exists(Program.objects.visible_to(user).filter(pk=OuterRef("program"))))
    seen |= Q(Exists(Overlap.objects.visible_to(user).filter(pk=OuterRef("overlap"))))
    for kind in topic_kinds():
        seen |= Q(Exists(kind.model.objects.visible_to(user).filter(topic=OuterRef("topic"))))
    return seen


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Comments on what `user` may see; none for who belongs to no organization."""
        return self.filter(subject_visible_to(user)) if takes_part(user) else self.none()

    def on(self, subject: Any) -> Self:
        """Those on a program, an overlap or the row of a topic."""
        return self.filter(**subject_fields(subject))

    def on_pairs(self, ids: Iterable[int]) -> Self:
        """Those on the overlaps of these ids."""
        return self.filter(overlap__in=among(ids))

    def for_page(self) -> Self:
        """With who wrote each, for whom, and who was called by name: four further queries."""
        memberships = Prefetch("author__memberships", Membership.objects.select_related("organization"))
        return self.select_related("author").prefetch_related(memberships, "mentioned")


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The person's own, of what they may see now; none of a comment that was withdrawn, or a question answered."""
        if not takes_part(user):
            return self.none()
        own = self.filter(recipient=user.pk)
        # Asked of the subjects of the person's own rows, which are few: beside "or", PostgreSQL answers "is there one"
        # with a list of everything that the person may see.
        subject = Q()
        for field, model in (("program", Program), ("overlap", Overlap)):
            visible = model.objects.visible_to(user)  # type: ignore[attr-defined]
            subject |= Q(**{f"{field}__in": visible.filter(pk__in=own.order_by().values(field)).values("pk")})
        for kind in topic_kinds():
            rows = kind.model.objects.visible_to(user).filter(topic__in=own.order_by().values("topic"))
            subject |= Q(topic__in=rows.values("topic"))
        requests = OrganizationRequest.objects.visible_to(user).filter(pk=OuterRef("request"))
        to_know = Q(kind="answered") & Exists(requests) | Q(kind="asked") & Exists(requests.open())
        return own.filter(subject | to_know, comment__withdrawn_at__isnull=True)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def about(self, notification: "Notification") -> Self:
        """Those of the same program, overlap, request or topic."""
        return self.filter(
            program=notification.program_id,
            overlap=notification.overlap_id,
            request=notification.request_id,
            topic=notification.topic_id,
        )

    def to_be_mailed(self) -> Self:
        """Neither read on the page nor mailed."""
        return self.filter(read_at__isnull=True, mailed_at__isnull=True)

    def summary(self) -> dict[str, Any]:
        """`unread`, how many the person has not read; `newest`, the highest id, None where there is none. One query."""
        return self.aggregate(unread=Count("pk", filter=Q(read_at__isnull=True)), newest=Max("pk"))

    def by_ids(self, ids: Iterable[int]) -> Self:
        """Those of these ids, the newest first."""
        return self.filter(pk__in=list(ids)).order_by("-pk")

    def for_list(self) -> Self:
        """With all that a row shows but what happened to topics (topics.events_of). For the rows of one page: each is
        joined to many tables."""
        return self.select_related(
            "program__reporting_org",
            "overlap__left__reporting_org",
            "overlap__right__reporting_org",
            "request__asked_by",
            "request__organization",
            "comment__author",
            "review__actor",
            "sharing__actor",
            *topic_rows(),
        )


class LetterQuerySet(models.QuerySet["Letter"]):
    def to_be_sent(self, stale_before: datetime, most_attempts: int) -> Self:
        """Emails that no worker is at: never claimed, or claimed before `stale_before` and still not sent."""
        unclaimed = Q(claimed_at__isnull=True) | Q(claimed_at__lt=stale_before)
        return self.filter(unclaimed, sent_at__isnull=True, attempts__lt=most_attempts)


def subject_fields(subject: Any) -> dict[str, Any]:
    """What is spoken of as the field of a comment or notification that holds it."""
    if isinstance(subject, Program):
        return {"program": subject}
    if isinstance(subject, Overlap):
        return {"overlap": subject}
    return {"topic": subject.topic}
