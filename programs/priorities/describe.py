"""Why a program is proposed for a priority, and what was changed in a priority, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pghistory.models import Events

from donors.models import User
from goals.models import Area, Country, Goal, Priority
from programs.changes import Change, changes_in
from programs.overlap.engine.sentences import CLOSE_FROM, NEAR_FROM
from programs.priorities.models import PriorityLink
from programs.priorities.proposals import kind_of_work

MOST_EVENTS = 50


def reasons_of(link: PriorityLink) -> list[str]:
    """The engine's reasons as sentences of the reader's language; no query."""
    return list(_sentences(link.reasons))


def _sentences(reasons: list[dict[str, Any]]) -> Iterator[str]:
    for reason in reasons:
        if reason["what"] == "goal":
            yield _("%(share)s %% of the program serves goal %(goal)s") % {
                "share": reason["share"],
                "goal": reason["goal"],
            }
        elif reason["what"] == "area":
            yield _("works in the same area")
        elif reason["what"] == "country":
            yield _("works in the same country")
        elif reason["what"] == "region":
            yield _("works for the region as a whole")
        elif reason["what"] == "work":
            if kind := kind_of_work(reason["kind"], (get_language() or "en")[:2]):
                yield _("both mention: %(kind)s") % {"kind": kind}
        elif reason["what"] == "text":
            # A cosine times 100, which is no share of anything.
            if reason["near"] >= CLOSE_FROM * 100:
                yield _("the texts are close in meaning")
            elif reason["near"] >= NEAR_FROM * 100:
                yield _("the texts have something in common")


@dataclass(frozen=True)
class PastChange:
    """What somebody (None: the portal) did to a priority at one time."""

    at: datetime
    actor: User | None
    action: str
    changes: tuple[Change, ...]


def history_of(priority: Priority) -> list[PastChange]:
    """The priority's latest changes, newest first; a fixed number of queries."""
    events = list(
        Events.objects.tracks(priority).order_by("-pgh_created_at", "-pgh_id")[:MOST_EVENTS]  # type: ignore[attr-defined]
    )
    actors = User.objects.in_bulk({(event.pgh_context or {}).get("user") for event in events} - {None})
    labels = {"insert": _("Priority added"), "update": _("Priority changed"), "delete": _("Priority deleted")}
    names: dict[str, dict[Any, str]] = {
        "goal_id": {goal.pk: str(goal) for goal in Goal.objects.all()},
        "country_id": {country.pk: country.name for country in Country.objects.filter(in_carsi=True)},
        "area_id": dict(Area.objects.filter(country=priority.country_id).values_list("pk", "name")),
    }
    return [
        PastChange(
            event.pgh_created_at,
            actors.get((event.pgh_context or {}).get("user") or 0),
            labels.get(event.pgh_label, ""),
            tuple(changes_in(Priority, _named(event.pgh_diff, names))),
        )
        for event in events
    ]


def _named(diff: dict[str, list[Any]] | None, names: dict[str, dict[Any, str]]) -> dict[str, list[Any]] | None:
    """The differences with the names of goals, countries and areas in place of their ids."""
    if diff is None:
        return None
    return {
        field: [names[field].get(value, value) for value in values] if field in names else values
        for field, values in diff.items()
        if field != "version"
    }
