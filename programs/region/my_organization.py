"""What an organization's own page shows its members."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Max, Q, When
from django.utils.translation import gettext as _

from donors.models import Organization, User
from programs.codes import Stage
from programs.iati_gaps import LEAVING_OUT, Gap, any_gap, gaps_of, incomplete_for_iati
from programs.models import Program, WorkingCopy
from programs.money.asking import sums_of_shown
from programs.money.memory import Memory, once_kept
from programs.overlap.describe import Names, explain
from programs.overlap.models import Overlap
from programs.services.completeness import missing_from
from programs.services.freshness import stale_reasons
from programs.services.lifecycle import MOVES, may_take
from programs.services.permissions import may
from programs.services.stored import stored_programs

MOST_SHOWN = 20
MOST_OVERLAPS = 10


@dataclass(frozen=True)
class Draft:
    """A draft of the organization, with how much of it publishing still waits for."""

    program: Program
    missing: int
    sent_back: str


@dataclass(frozen=True)
class Waiting:
    """Something that the reader can do something about."""

    program: Program
    why: list[object]


def of_organization(user: User, organization: Organization) -> dict[str, Any]:
    """The drafts, what waits for `user`, the open overlaps and the numbers; a fixed number of queries."""
    own = (
        Program.objects.visible_to(user)
        .filter(reporting_org=organization)
        .select_related("reporting_org", "updated_by")
    )
    drafts = list(own.filter(stage=Stage.DRAFT).order_by("-updated_at", "-id")[:MOST_SHOWN])
    open_pairs = Overlap.objects.visible_to(user).open().of_reporter(organization)
    overlaps = open_pairs.leading(MOST_OVERLAPS, "-stake", "-score", "-id")
    names = Names(overlaps)
    return {
        "drafts": _drafts(drafts),
        "waiting": _waiting(user, organization, own),
        "overlaps": [{"overlap": overlap, "reasons": explain(overlap, names, 1)} for overlap in overlaps],
        "numbers": own.aggregate(
            published=Count("pk", filter=Q(stage=Stage.PUBLISHED)),
            closed=Count("pk", filter=Q(stage=Stage.CLOSED)),
            drafts=Count("pk", filter=Q(stage=Stage.DRAFT)),
            last_change=Max("updated_at"),
        )
        | {"committed": _committed(user, own.filter(stage__in=[Stage.PUBLISHED, Stage.CLOSED]))},
        "may_save": may(user, "save", organization.pk),
        "iati": _iati(user, organization, own),
    }


def _committed(user: User, programs: Any) -> Decimal | None:
    """What they commit in US dollars, each dollar once; None where nothing is stated."""
    committed, _disbursed = sums_of_shown(programs, once_kept(user, Memory(user)))
    return committed


def _iati(user: User, organization: Organization, own: Any) -> list[tuple[Program, list[Gap]]]:
    """Programs that lack something for a valid IATI file, with what that is; those first that no file has."""
    if not may(user, "save", organization.pk):
        return []
    left_out_first = Case(When(any_gap(gaps=LEAVING_OUT), then=0), default=1)
    incomplete = incomplete_for_iati(own.listed())
    programs = list(incomplete.order_by(left_out_first, "-updated_at", "-id")[:MOST_SHOWN])
    gaps = gaps_of(programs)
    return [(program, gaps[program.pk]) for program in programs]


def _drafts(programs: list[Program]) -> list[Draft]:
    comments: dict[int, str] = {}
    for program_id, move, comment in (
        Program.objects.filter(pk__in=[program.pk for program in programs], stage_changes__isnull=False)
        .order_by("stage_changes__created_at", "stage_changes__pk")
        .values_list("pk", "stage_changes__move", "stage_changes__comment")
    ):
        comments[program_id] = comment if move == "send_back" else ""
    return [
        Draft(program, sum(one.blocks for one in missing_from(stored.data)), comments.get(program.pk, ""))
        for program, stored in zip(programs, stored_programs(programs), strict=True)
    ]


def _waiting(user: User, organization: Organization, own: Any) -> list[Waiting]:
    if not may(user, "save", organization.pk):
        return []
    found: dict[int, Waiting] = {}

    def add(program: Program, *why: object) -> None:
        found.setdefault(program.pk, Waiting(program, [])).why.extend(why)

    unsaved = WorkingCopy.objects.filter(user=user, program__in=own).exclude(program__stage=Stage.DRAFT)
    for copy in unsaved.select_related("program__reporting_org")[:MOST_SHOWN]:
        add(copy.program, _("You have unsaved changes"))
    if may_take(MOVES["publish"], user, organization.pk):
        for program in own.filter(stage=Stage.SUBMITTED).order_by("updated_at", "id")[:MOST_SHOWN]:
            add(program, _("Submitted: awaiting your decision to publish"))
    for program in own.needing_update().order_by(F("period__endswith").asc(nulls_last=True), "id")[:MOST_SHOWN]:
        add(program, *(reason.label for reason in stale_reasons(program)))
    return list(found.values())
