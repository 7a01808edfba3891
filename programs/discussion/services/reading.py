"""Notifications that a person has read."""

from django.utils import timezone

from donors.models import User
from programs.discussion.models import Notification


def mark_read(notification: Notification, *, actor: User) -> int:
    """Marks one of the actor's own; how many were unread."""
    return _mark(Notification.objects.filter(pk=notification.pk, recipient=actor.pk))


def mark_subject_read(notification: Notification, *, actor: User) -> int:
    """Marks all that the actor was told of the same program or overlap: it is before their eyes now."""
    return _mark(Notification.objects.visible_to(actor).about(notification))


def mark_all_read(*, actor: User, up_to: int) -> int:
    """Marks all up to the newest that the page showed (its id): what came in the meantime stays unread."""
    return _mark(Notification.objects.visible_to(actor).filter(pk__lte=up_to))


def _mark(notifications) -> int:  # type: ignore[no-untyped-def]
    return notifications.unread().update(read_at=timezone.now())
