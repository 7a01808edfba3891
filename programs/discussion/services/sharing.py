"""Telling managers that a program of their organization is shown to more people, derived from the database."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from donors.models import Membership
from programs.discussion.models import Notification
from programs.models import SharingChange

# A change that nobody could be told of for so long is not looked for any more.
TOLD_WITHIN = timedelta(days=7)


@transaction.atomic
def tell_of_sharing() -> int:
    """Tells the managers of its organization, but for who did it, of each program that more people may see; how many
    notifications are new.

    Safe to run twice, or at once.
    """
    told = Notification.objects.filter(sharing=OuterRef("pk"))
    since = timezone.now() - TOLD_WITHIN
    changes = list(
        SharingChange.objects.filter(is_wider=True, created_at__gt=since)
        .exclude(Exists(told))
        .select_related("program")
        .order_by("pk")
    )
    managers = Membership.objects.filter(
        organization__in={change.program.reporting_org_id for change in changes},
        role=Membership.Role.MANAGER,
        user__is_active=True,
    )
    by_organization: dict[int, list[int]] = {}
    for organization, person in managers.values_list("organization_id", "user_id"):
        by_organization.setdefault(organization, []).append(person)
    new = [
        Notification(recipient_id=person, kind=Notification.Kind.SHARED, program=change.program, sharing=change)
        for change in changes
        for person in by_organization.get(change.program.reporting_org_id, [])
        if person != change.actor_id
    ]
    Notification.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
