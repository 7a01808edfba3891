"""Telling people what happened to overlaps, derived from the database: nothing is lost or doubled with a worker.

Events are overlaps and reviews in the order of their ids. `Reached` moves only over events so old that no transaction
with a smaller id can still be open; younger ones are looked at again, and `notification_once_an_event` makes that once.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from programs.discussion.models import Notification, Reached
from programs.discussion.people import members_of, owners_of, seen_by, with_roles
from programs.overlap.models import Overlap, Review
from programs.overlap.services.full_scan import LONGEST_TRANSACTION

log = structlog.get_logger(__name__)

Kind, Source = Notification.Kind, Reached.Source
EVENTS_AT_ONCE = 200
SECONDS_A_RUN = 25.0
SETTLED_AFTER = LONGEST_TRANSACTION + timedelta(minutes=1)
KIND_OF_ACTION = {
    Review.Action.CONFIRM: Kind.DECISION,
    Review.Action.DISMISS: Kind.DECISION,
    Review.Action.REOPEN: Kind.REOPENED,
}


@dataclass(frozen=True)
class Event:
    """Something that the members of an overlap's organizations are told; `actor_id` did it and is not told."""

    id: int
    is_settled: bool
    overlap: Overlap
    kind: str
    review: Review | None = None
    actor_id: int | None = None
    is_notified: bool = True


def notify_of_overlaps(seconds: float | None = SECONDS_A_RUN) -> int:
    """Tells of all overlaps and reviews that are new, for so many seconds (None: to the end); how many notifications.

    Safe to run twice, or at once.
    """
    began = time.monotonic()
    told = 0
    for source in Source:
        after = Reached.objects.get_or_create(source=source)[0].last_id
        while seconds is None or time.monotonic() - began < seconds:
            events = (_flagged if source == Source.OVERLAP else _decided)(after)
            if not events:
                break
            told += _tell(source, events)
            after = events[-1].id
    if told:
        log.info("notifications.told", notifications=told)
    return told


def _flagged(after: int) -> list[Event]:
    settled_before = timezone.now() - SETTLED_AFTER
    found = Overlap.objects.filter(pk__gt=after).select_related("left", "right").order_by("pk")[:EVENTS_AT_ONCE]
    return [
        Event(row.pk, row.first_flagged_at < settled_before, row, Kind.FLAGGED, is_notified=row.is_flagged)
        for row in found
    ]


def _decided(after: int) -> list[Event]:
    settled_before = timezone.now() - SETTLED_AFTER
    found = Review.objects.filter(pk__gt=after).select_related("overlap__left", "overlap__right").order_by("pk")
    return [
        Event(
            row.pk,
            row.created_at < settled_before,
            row.overlap,
            KIND_OF_ACTION[Review.Action(row.action)],
            review=row,
            actor_id=row.actor_id,
            # That a pair is none of which the engine was not sure is no news to anybody.
            is_notified=row.overlap.is_flagged or not row.is_sampled,
        )
        for row in found[:EVENTS_AT_ONCE]
    ]


@transaction.atomic
def _tell(source: str, events: list[Event]) -> int:
    """Tells the members of both organizations, as far as they may see both programs; how many notifications are new."""
    to_tell = [event for event in events if event.is_notified]
    organizations = {pk for event in to_tell for pk in owners_of(event.overlap)}
    people = with_roles(members_of(organizations))
    seen = seen_by(Overlap, {event.overlap.pk for event in to_tell}, people)
    wanted = {
        (person.pk, event.id): Notification(
            recipient=person, kind=event.kind, overlap=event.overlap, review=event.review
        )
        for event in to_tell
        for person in people
        if event.overlap.pk in seen[person.pk]
        and person.pk != event.actor_id
        and owners_of(event.overlap) & person.roles.keys()
    }
    before = _known(to_tell)
    new = [row for row in wanted.values() if (row.recipient_id, row.kind, row.overlap_id, row.review_id) not in before]
    Notification.objects.bulk_create(new, ignore_conflicts=True)
    _move_on(source, events)
    return len(new)


def _known(events: list[Event]) -> set[tuple[int, str, int | None, int | None]]:
    """What was told of them before, so that looking again writes nothing."""
    told = Notification.objects.filter(overlap__in=[event.overlap.pk for event in events])
    return set(told.filter(comment__isnull=True).values_list("recipient_id", "kind", "overlap_id", "review_id"))


def _move_on(source: str, events: list[Event]) -> None:
    """Moves the mark over the settled events at the beginning, never back."""
    last = 0
    for event in events:
        if not event.is_settled:
            break
        last = event.id
    Reached.objects.filter(source=source, last_id__lt=last).update(last_id=last)
