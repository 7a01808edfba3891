"""Keeping when a person last looked at the region."""

from datetime import datetime, timedelta

from django.db.models import Case, F, When
from django.utils import timezone

from donors.models import User
from programs.region.models import LastVisit

ONE_VISIT = timedelta(minutes=30)


def note_visit(user: User) -> datetime | None:
    """Notes that the person looks now; when their visit before this one ended, None on the first."""
    now = timezone.now()
    is_new = When(at__lt=now - ONE_VISIT, then=F("at"))
    if not LastVisit.objects.filter(user=user).update(before=Case(is_new, default=F("before")), at=now):
        LastVisit.objects.get_or_create(user=user, defaults={"at": now})
        return None
    return LastVisit.objects.values_list("before", flat=True).get(user=user)
