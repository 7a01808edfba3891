"""Telling somebody else that a program is shown to more people, derived from the database."""

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
    """Tells the other managers of its organization, or the coordinators where it has none, of each program that more
    people may see; how many notifications are new. Nobody is told what they did themselves.

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
    active = Membership.objects.filter(user__is_active=True)
    organizations = {change.program.reporting_org_id for change in changes}
    managers = active.filter(organization__in=organizations, role=Membership.Role.MANAGER)
    by_organization: dict[int, set[int]] = {}
    for organization, person in managers.values_list("organization_id", "user_id"):
        by_organization.setdefault(organization, set()).add(person)
    coordinators = set(active.filter(role=Membership.Role.COORDINATOR).values_list("user_id", flat=True))
    new = [
        Notification(recipient_id=person, kind=Notification.Kind.SHARED, program=change.program, sharing=change)
        for change in changes
        for person in sorted(
            by_organization.get(change.program.reporting_org_id, set()) - {change.actor_id}
            or coordinators - {change.actor_id}
        )
    ]
    Notification.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
