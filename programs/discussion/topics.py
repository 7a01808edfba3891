"""What people speak of beside programs and overlaps: things of higher apps, which add themselves when they start.

This app knows no such thing by name. A higher app registers a TopicKind from its `AppConfig.ready`, and its rows point
to a `Topic`; comments and notifications point there too.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise


@dataclass(frozen=True)
class TopicEvent:
    """What happened to a topic, in one sentence of the reader's language, and what was said with it."""

    sentence: str
    note: str = ""


@dataclass(frozen=True)
class TopicKind:
    """A kind of topic. `name` is how the API names it, and how its row is reached from a `Topic`.

    `model` has `visible_to(user)` on its manager and a one-to-one field `topic`. `owners` are the ids of the
    organizations whose members are told of a comment, `also_told` finds further people; `commented` is the sentence for
    them, with %(person)s. `no_comments_yet` refuses a comment while a row's `takes_comments` is false. `events` gives
    the events of these numbers.
    """

    name: str
    label: Promise
    model: Any
    owners: Callable[[Any], set[int]]
    also_told: Callable[[Any], Q]
    comments_address: Callable[[Any], str]
    commented: Promise
    no_comments_yet: Promise
    events: Callable[[Collection[int]], Mapping[int, TopicEvent]]


_kinds: dict[str, TopicKind] = {}


def register_topic(kind: TopicKind) -> None:
    """Makes the kind known: from now on people may comment on its rows."""
    _kinds[kind.name] = kind


def topic_kinds() -> list[TopicKind]:
    """All kinds, in the order in which they were added."""
    return list(_kinds.values())


def kind_of(row: Any) -> TopicKind:
    """The kind of a row of a higher app. Raises LookupError for what is none."""
    found = next((kind for kind in _kinds.values() if isinstance(row, kind.model)), None)
    if found is None:
        raise LookupError(f"{type(row).__name__} is no topic")
    return found


def row_of(topic: Any) -> Any:
    """The row of a topic: one query, unless it was read before (`topic_rows`)."""
    return getattr(topic, topic.kind)


def topic_rows(before: str = "topic") -> list[str]:
    """For select_related: the rows of topics, whatever their kind."""
    return [before, *(f"{before}__{kind.name}" for kind in _kinds.values())]


def events_of(notifications: Iterable[Any]) -> dict[int, TopicEvent]:
    """What happened, by the notification's id: one query for each kind of topic among them."""
    wanted: dict[str, dict[int, int]] = {}
    for row in notifications:
        if row.topic_id is not None and row.topic_event is not None:
            wanted.setdefault(row.topic.kind, {})[row.pk] = row.topic_event
    found: dict[int, TopicEvent] = {}
    for name, numbers in wanted.items():
        events = _kinds[name].events(set(numbers.values()))
        found |= {pk: events[number] for pk, number in numbers.items() if number in events}
    return found
