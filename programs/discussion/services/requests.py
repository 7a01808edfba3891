"""Telling people of organizations that were asked for, derived from the database like all that people are told."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from donors.models import Membership, OrganizationRequest, User
from programs.discussion.models import Notification

Kind = Notification.Kind
# An answer that nobody could be told of for so long is not looked for any more.
TOLD_WITHIN = timedelta(days=7)


@transaction.atomic
def notify_of_requests() -> int:
    """Tells the coordinators of names that are asked for, and who asked of the answers; how many notifications are new.

    Safe to run twice, or at once.
    """
    since = timezone.now() - TOLD_WITHIN
    told = Notification.objects.filter(request=OuterRef("pk"))
    asked = OrganizationRequest.objects.open().exclude(Exists(told.filter(kind=Kind.ASKED)))
    answered = OrganizationRequest.objects.filter(answered_at__gt=since).exclude(answered_by=F("asked_by"))
    untold = answered.exclude(Exists(told.filter(kind=Kind.ANSWERED))).filter(asked_by__is_active=True)
    waiting = list(asked)
    coordinators = User.objects.filter(memberships__role=Membership.Role.COORDINATOR, is_active=True).distinct()
    people = list(coordinators) if waiting else []
    new = [
        Notification(recipient=person, kind=Kind.ASKED, request=request)
        for request in waiting
        for person in people
        if person.pk != request.asked_by_id
    ]
    new += [Notification(recipient_id=request.asked_by_id, kind=Kind.ANSWERED, request=request) for request in untold]
    Notification.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
