"""From an event to a message for each address whose owner may see what it is about."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from donors.models import User
from programs.agreements.models import Agreement
from programs.models import Program
from programs.overlap.models import Overlap
from programs.webhooks.describe import Subject, body_of
from programs.webhooks.models import Delivery, Endpoint, Event

AT_ONCE = 1000
# The first half of an event's name -> what it is about.
MODELS: dict[str, Any] = {"program": Program, "overlap": Overlap, "agreement": Agreement}
KEPT = timedelta(days=30)


def spread_events() -> int:
    """Makes the deliveries of events that have none yet, the oldest first; how many events. Safe to run at once."""
    done = 0
    while number := _spread_some():
        done += number
    return done


@transaction.atomic
def _spread_some() -> int:
    events = list(
        Event.objects.select_for_update(skip_locked=True).filter(spread_at__isnull=True).order_by("pk")[:AT_ONCE]
    )
    if not events:
        return 0
    endpoints: dict[User, list[Endpoint]] = defaultdict(list)
    for endpoint in Endpoint.objects.switched_on().select_related("owner"):
        endpoints[endpoint.owner].append(endpoint)
    now = timezone.now()
    for owner, own in endpoints.items():
        subjects = visible_subjects(owner, {(event.kind, event.subject_id) for event in events})
        Delivery.objects.bulk_create(
            [
                Delivery(
                    endpoint=endpoint,
                    event=event,
                    kind=event.kind,
                    subject_id=event.subject_id,
                    body=body_of(event.kind, event.happened_at, subjects[event.kind, event.subject_id]),
                    next_try_at=now,
                )
                for event in events
                for endpoint in own
                # What happened before a webhook was made is not told to it.
                if event.kind in endpoint.kinds and event.happened_at >= endpoint.created_at
                if (event.kind, event.subject_id) in subjects
            ],
            ignore_conflicts=True,
        )
    Event.objects.filter(pk__in=[event.pk for event in events]).update(spread_at=now)
    return len(events)


def visible_subjects(owner: User, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Subject]:
    """Of these (kind of event, id), what they are about, as far as `owner` may see it: a query for each sort of thing
    that is asked for."""
    ids = defaultdict(set)
    for kind, pk in wanted:
        ids[kind.partition(".")[0]].add(pk)
    found = {sort: MODELS[sort].objects.visible_to(owner).in_bulk(some) for sort, some in ids.items()}
    subjects = {(kind, pk): found[kind.partition(".")[0]].get(pk) for kind, pk in wanted}
    return {key: subject for key, subject in subjects.items() if subject is not None}


def forget_old() -> None:
    """Takes away events and messages of over thirty days."""
    before = timezone.now() - KEPT
    Delivery.objects.filter(created_at__lt=before).delete()
    Event.objects.filter(happened_at__lt=before, spread_at__isnull=False).delete()
