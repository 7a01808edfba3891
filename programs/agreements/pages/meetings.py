"""What the pages and the minutes of a meeting show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string

from core.pdf import pdf_of
from donors.models import User
from programs.agreements.models import Agreement, Item, Meeting, Outcome
from programs.models import Program
from programs.overlap.cases import Places
from programs.overlap.clustering import PairInCluster, money_at_stake, with_series
from programs.overlap.describe import Names, explain
from programs.overlap.models import Overlap
from programs.overlap.profiles import stored_series
from programs.querysets import rows_of

REASONS = 4


@dataclass
class Case:
    """A case of the meeting: where it is and what it comes to, of the pairs that the reader may see."""

    item: Item
    title: str
    money_usd: Any
    pairs: list[Overlap] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome | None:
        """The latest, which counts."""
        return self.outcomes[-1] if self.outcomes else None

    @property
    def states(self) -> list[tuple[str, str]]:
        """The states of its pairs, each once, with its words."""
        return sorted({(pair.state, str(pair.get_state_display())) for pair in self.pairs})


def cases_of(items: Iterable[Item], user: User) -> list[Case]:
    """The cases in their order, with a fixed number of queries."""
    rows = list(items)
    through = Item.overlaps.through.objects.filter(item__in=rows)
    of_item: dict[int, list[int]] = {}
    for item, overlap in through.order_by("overlap_id").values_list("item_id", "overlap_id"):
        of_item.setdefault(item, []).append(overlap)
    ids = {pk for of_it in of_item.values() for pk in of_it}
    pairs = Overlap.objects.visible_to(user).filter(pk__in=ids).order_by("-score", "pk")
    overlaps = {pair.pk: pair for pair in pairs}
    programs = (
        Program.objects.visible_to(user)
        .filter(pk__in={pk for pair in overlaps.values() for pk in (pair.left_id, pair.right_id)})
        .for_list()
        .prefetch_related(*rows_of(Program, ["locations", "participations"]))
        .order_by("reporting_org__name", "pk")
    )
    by_id = {program.pk: program for program in programs}
    clustered = {
        pair.pk: PairInCluster(
            pair.left_id,
            pair.right_id,
            pair.pk,
            tuple(pair.sites),
            pair.kind,
            pair.score,
            pair.money_usd,
            None,
            smaller=pair.smaller_id,
        )
        for pair in overlaps.values()
    }
    series = stored_series(pk for pair in clustered.values() for pk in (pair.left, pair.right))
    clustered = {pair.id: pair for pair in with_series(clustered.values(), series)}
    places = Places(clustered.values())
    outcomes: dict[int, list[Outcome]] = {}
    for outcome in Outcome.objects.filter(item__in=rows).select_related("actor", "agreement").order_by("pk"):
        outcomes.setdefault(outcome.item_id, []).append(outcome)
    cases = []
    for item in rows:
        mine = sorted(
            (overlaps[pk] for pk in of_item.get(item.pk, ()) if pk in overlaps), key=lambda pair: (-pair.score, pair.pk)
        )
        for pair in mine:
            # Who sees the pair sees both.
            pair.left, pair.right = by_id[pair.left_id], by_id[pair.right_id]
        of_it = [clustered[pair.pk] for pair in mine]
        about = [clustered[pair.pk] for pair in mine if pair.is_flagged and pair.state != Overlap.State.DISMISSED]
        wanted = {pk for pair in mine for pk in (pair.left_id, pair.right_id)}
        cases.append(
            Case(
                item,
                places.title(of_it) if of_it else "–",
                money_at_stake(about or of_it),
                mine,
                [program for pk, program in by_id.items() if pk in wanted],
                outcomes.get(item.pk, []),
            )
        )
    return cases


def screen_of(meeting: Meeting, position: int, user: User) -> dict[str, Any] | None:
    """One case on the screen, with its neighbours; None where the meeting has no such place."""
    items = list(meeting.items.order_by("position"))
    here = next((item for item in items if item.position == position), None)
    if here is None:
        return None
    case = cases_of([here], user)[0]
    surest = case.pairs[:1]
    agreements = Agreement.objects.visible_to(user).of_overlaps([pair.pk for pair in case.pairs])
    last = Outcome.objects.filter(item__meeting=meeting).exclude(present="").order_by("-pk").first()
    return {
        "meeting": meeting,
        "case": case,
        "position": position,
        "count": len(items),
        "previous": position - 1 if position > 1 else None,
        "next": position + 1 if position < len(items) else None,
        "reasons": explain(surest[0], Names(surest), REASONS) if surest else [],
        "agreements": agreements,
        "present": last.present if last else meeting.present,
    }


def minutes_of(meeting: Meeting, user: User) -> dict[str, Any]:
    """All that the minutes say."""
    cases = cases_of(meeting.items.order_by("position"), user)
    return {
        "meeting": meeting,
        "cases": cases,
        "decided": sum(1 for case in cases if case.outcome),
        "present": [line for line in meeting.present.splitlines() if line.strip()],
    }


def minutes_pdf(meeting: Meeting, user: User) -> bytes:
    """The minutes as a document in the active language."""
    return pdf_of(render_to_string("agreements/minutes_document.html", minutes_of(meeting, user)))
