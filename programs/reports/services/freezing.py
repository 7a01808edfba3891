"""The data of a report as they are at one moment: read in one transaction, kept as rows, some hundred at a time."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from core.money import as_list, left_out_of, to_cent
from goals.models import Country, Goal, Priority
from programs.agreements.models import Agreement
from programs.agreements.pages.agreements import rows_of
from programs.models import Program
from programs.money.memory import Memory
from programs.overlap.calibrated import current_model
from programs.overlap.cases import KEY
from programs.overlap.models import Overlap, Review
from programs.overlap.querysets import OverlapQuerySet
from programs.priorities.coverage import with_coverage
from programs.region.pictures import Pictures
from programs.reports.models import OverlapReport, ReportRow
from programs.reports.querysets import seen_as
from programs.reports.services.cases import Cases
from programs.reports.services.wording import both, pairs_in_words, program_in_words

A_CHUNK = 400
Tell = Callable[[float], None]
Row = TypeVar("Row")
Part = ReportRow.Part


def freeze(report: OverlapReport, tell: Tell) -> None:
    """Keeps what the asker may see of the selection, all of one moment; all of it, or nothing. `tell` is told the part
    (0 to 1) that is done."""
    with transaction.atomic(), _one_moment():
        report.rows.all().delete()
        report.seen_as, report.organizations = seen_as(report.asked_by), sorted(report.asked_by.organization_ids)
        report.engine_version = current_model().version
        pairs = pairs_of(report)
        summary = _summary(report, pairs)
        summary |= _keep_pairs(report, pairs, summary["pairs"], tell)
        _keep_programs(report, pairs)
        _keep_agreements(report, pairs)
        _keep_cells(report)
        report.summary = summary
        report.save(update_fields=["seen_as", "organizations", "engine_version", "summary"])
    tell(1.0)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every query of the transaction sees the same data, if it is the outermost one."""
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    yield


def pairs_of(report: OverlapReport) -> OverlapQuerySet:
    """The selected pairs that were flagged by the end of the period; dismissed ones only if that was within it."""
    pairs = Overlap.objects.visible_to(report.asked_by).flagged()
    pairs = pairs.filter(first_flagged_at__date__lte=report.period_end)
    dismissed = Review.objects.filter(overlap=OuterRef("pk"), action=Review.Action.DISMISS)
    within = Exists(dismissed.filter(created_at__date__range=(report.period_start, report.period_end)))
    pairs = pairs.filter(~Q(state=Overlap.State.DISMISSED) | within)
    if report.goal_id:
        pairs = pairs.for_goal(report.goal_id)
    if report.country:
        pairs = pairs.in_country(report.country)
    if report.donor is not None:
        pairs = pairs.of_donor(report.donor)
    if report.kind:
        pairs = pairs.filter(kind=report.kind)
    return pairs.filter(state=report.state) if report.state else pairs


def _summary(report: OverlapReport, pairs: OverlapQuerySet) -> dict[str, Any]:
    period = (report.period_start, report.period_end)
    decided = Review.objects.filter(overlap__in=pairs.values("pk"), created_at__date__range=period).order_by()
    kinds = dict(pairs.order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n"))
    states = dict(pairs.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n"))
    return {
        "asked_by": report.asked_by.shown_name,
        "frozen_at": timezone.now().isoformat(),
        "selection": {
            "goal": report.goal_id,
            "country": report.country,
            "donor": report.donor.name if report.donor else "",
            "kind": report.kind,
            "state": report.state,
        },
        "pairs": sum(kinds.values()),
        "kinds": kinds,
        "states": states,
        "flagged_in_period": pairs.filter(first_flagged_at__date__gte=report.period_start).count(),
        "decisions": dict(decided.values("action").annotate(n=Count("pk")).values_list("action", "n")),
        "programs": _programs_of(pairs).count(),
        "goals": {str(goal.number): both(lambda goal=goal: str(goal)) for goal in Goal.objects.all()},
        "countries": {c.code: {"en": c.name_en, "es": c.name_es} for c in Country.objects.filter(in_carsi=True)},
    }


def _keep_pairs(report: OverlapReport, pairs: OverlapQuerySet, total: int, tell: Tell) -> dict[str, Any]:
    """The pairs, cluster by cluster, and the cases that they make up; how many cases, and their money."""
    cases = Cases(Overlap.objects.visible_to(report.asked_by))
    in_order = (
        pairs.annotate(key=KEY)
        .select_related("left__reporting_org", "right__reporting_org")
        .prefetch_related("reviews__actor")
        .order_by("key", "-score", "pk")
    )
    writer, of_cases = _Writer(report, Part.PAIRS), _Writer(report, Part.CASES)
    done = 0
    for chunk in _chunks(in_order.iterator(chunk_size=A_CHUNK)):
        rows = pairs_in_words(chunk)
        for overlap, row in zip(chunk, rows, strict=True):
            cases.add(overlap, row)
            writer.add(row, overlap.score)
        of_cases.add_all(cases.ready())
        writer.flush()
        done += len(chunk)
        tell(0.9 * done / max(total, 1))
    of_cases.add_all(cases.ready(to_the_end=True))
    of_cases.flush()
    return {"cases": of_cases.number, "money": str(cases.money), "money_unknown": cases.unknown}


def _keep_programs(report: OverlapReport, pairs: OverlapQuerySet) -> None:
    count: Counter[int] = Counter()
    for left, right in pairs.order_by().values_list("left", "right").iterator(chunk_size=5000):
        count.update((left, right))
    writer = _Writer(report, Part.PROGRAMS)
    for chunk in _chunks(_programs_of(pairs).for_list().order_by("pk").iterator(chunk_size=A_CHUNK)):
        for program in chunk:
            writer.add(program_in_words(program) | {"pairs": count[program.pk]}, float(program.committed_usd or 0))
        writer.flush()


def _programs_of(pairs: OverlapQuerySet) -> Any:
    of = pairs.order_by()
    return Program.objects.filter(Q(pk__in=of.values("left")) | Q(pk__in=of.values("right")))


def _keep_agreements(report: OverlapReport, pairs: OverlapQuerySet) -> None:
    """The agreements on these pairs that the asker may see, what is overdue first, with what is kept of each."""
    found = Agreement.objects.visible_to(report.asked_by).of_overlaps(pairs.order_by().values("pk"))
    writer = _Writer(report, Part.AGREEMENTS)
    for row in rows_of(found.for_list().order_by("-updated_at", "-pk"), report.asked_by):
        in_words = both(lambda row=row: f"{row.agreement.get_state_display()}|{row.kept_in_words}")
        text = {
            language: {
                "title": row.agreement.title,
                "state": stated.partition("|")[0],
                "kept": stated.partition("|")[2],
            }
            for language, stated in in_words.items()
        }
        due = row.next_due.isoformat() if row.next_due else None
        writer.add({**text, "partners": row.parties, "due": due}, row.overdue)
    writer.flush()


def _keep_cells(report: OverlapReport) -> None:
    """Each goal in each country (or regionally) that was selected: programs, money, open overlaps, what was asked; and
    its gap as of today, which is the same whatever donor was selected."""
    reader, today = report.asked_by, timezone.localdate()
    pictures = Pictures(reader, today, Memory(reader, renew=True))
    found = pictures.matrix(report.donor)
    needs = {(need.goal.pk, need.code): need for need in pictures.needs}
    current = with_coverage(Priority.objects.within(report.period_start, report.period_end), reader)
    asked: dict[tuple[int, str], list[Priority]] = {}
    for priority in current.order_by("rank", "pk"):
        asked.setdefault((priority.goal_id, priority.country_id or "regional"), []).append(priority)
    writer = _Writer(report, Part.CELLS)
    for (goal, country), cell in found.cells.items():
        if report.goal_id not in (None, goal) or report.country not in ("", "region", country):
            continue
        wanted, need = asked.get((goal, country), []), needs[goal, country]
        writer.add(
            {
                "goal": goal,
                "country": country,
                "programs": cell.programs,
                "money": str(to_cent(cell.committed_usd)),
                "left_out": as_list(committed_usd=left_out_of(cell.committed_usd)),
                "overlaps": cell.overlaps,
                "gap": str(need.gap) if need.gap else None,
                "current": need.programs,
                "current_money": str(to_cent(need.money)),
                "expected": str(need.expected),
                "missing": str(need.missing),
                "priorities": [_asked(one) for one in wanted],
            },
            # Gaps first, what is missing most before the others.
            1 + float(need.missing) if need.gap else 0,
        )
    writer.flush()


def _asked(priority: Any) -> dict[str, Any]:
    return {
        "rank": priority.rank,
        "en": priority.title_en,
        "es": priority.title_es or priority.title_en,
        "confirmed": priority.confirmed,
        "proposed": priority.proposed,
    }


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, A_CHUNK)):
        yield chunk


class _Writer:
    """Keeps rows of a part, a chunk at a time."""

    def __init__(self, report: OverlapReport, part: str) -> None:
        self.report, self.part, self.number = report, part, 0
        self.waiting: list[ReportRow] = []

    def add(self, data: dict[str, Any], weight: float) -> None:
        self.number += 1
        self.waiting.append(ReportRow(report=self.report, part=self.part, number=self.number, weight=weight, data=data))

    def add_all(self, rows: list[tuple[dict[str, Any], float]]) -> None:
        for data, weight in rows:
            self.add(data, weight)
        if len(self.waiting) >= A_CHUNK:
            self.flush()

    def flush(self) -> None:
        ReportRow.objects.bulk_create(self.waiting)
        self.waiting = []
