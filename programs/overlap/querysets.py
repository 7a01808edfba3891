"""Every question asked of the database about overlaps."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from goals.models import Area
from programs.codes import CARRYING_OUT
from programs.models import Coverage, Participation, Program, ProgramGoal, ProgramLocation
from programs.querysets import covering, rows_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import Organization, User
    from programs.overlap.models import (  # noqa: F401
        BegunScan,
        Calibration,
        Cluster,
        Overlap,
        Review,
        ScanPart,
        ScanRun,
        UncertainPair,
    )


SIDES = ("left", "right")


def duplicate_reports(user: "User | AnonymousUser") -> models.QuerySet[Any, Any]:
    """Ids of programs that are a duplicate report of another's funds which `user` may see as well."""
    return double_counted(user).values("second_report_id")


def double_counted(user: "User | AnonymousUser") -> "OverlapQuerySet":
    """Pairs that report the same funds, as far as `user` may see both. What was dismissed counts as money of its own.

    Sums leave the duplicate report out (programs/money/once.py).
    """
    from programs.overlap.models import Overlap

    pairs: OverlapQuerySet = Overlap.objects.visible_to(user)
    return pairs.flagged().filter(second_report__isnull=False).exclude(state=Overlap.State.DISMISSED)


class _OfPairs(models.QuerySet[Any]):
    """What is asked of rows with two programs, `left` and `right`."""

    def of_visible_programs(self, user: "User | AnonymousUser") -> Self:
        """Pairs of which `user` may see both programs."""
        if user.is_authenticated and user.is_active and user.is_superuser:
            return self
        hidden = Program.objects.hidden_from(user)
        return self.filter(*(~Exists(hidden.filter(pk=OuterRef(side))) for side in SIDES))

    def of_program(self, program: Program) -> Self:
        """Pairs that the program is one of."""
        return self.filter(Q(left=program) | Q(right=program))

    def for_goal(self, number: int) -> Self:
        """Pairs of which both serve the goal."""
        return self._both(ProgramGoal.objects.filter(goal=number))

    def in_country(self, code: str) -> Self:
        """Pairs of which both are for the country, or for the region where `code` is "regional"."""
        return self._both(Coverage.objects.filter(covering(code)))

    def in_area(self, code: str) -> Self:
        """Pairs of which both work in the area (ISO 3166-2) or in a municipality of it."""
        return self._both(ProgramLocation.objects.filter(area__in=Area.objects.within(code).values("code")))

    def _both(self, rows: models.QuerySet[Any]) -> Self:
        """Pairs of which both have a row among these."""
        return self.filter(*(Exists(rows.filter(program=OuterRef(side))) for side in SIDES))

    def of_donor(self, organization: "Organization") -> Self:
        """Pairs of which the organization funds at least one."""
        funding = Participation.objects.filter(organization=organization, role=Participation.Role.FUNDING)
        return self._either(funding.values("program"))

    def carried_out_by(self, organization: "Organization") -> Self:
        """Pairs of which the organization carries out at least one."""
        taking_part = Participation.objects.filter(organization=organization, role__in=CARRYING_OUT)
        return self._either(taking_part.values("program"))

    def of_reporter(self, organization: "Organization") -> Self:
        """Pairs of which the organization reports at least one."""
        return self._either(Program.objects.filter(reporting_org=organization).values("pk"))

    def _either(self, programs: models.QuerySet[Any, Any]) -> Self:
        """Pairs of which at least one is among these; each side by its own index."""
        left, right = (self.model._default_manager.filter(**{f"{side}__in": programs}) for side in SIDES)
        return self.filter(pk__in=left.order_by().values("pk").union(right.order_by().values("pk")))

    def for_list(self) -> Self:
        """With what a row of a list shows: one further query, however many rows."""
        return (
            self.select_related("left__reporting_org", "right__reporting_org")
            .defer("left__search", "right__search")
            .prefetch_related(*rows_of(Program, ["coverages"], "left__"))
        )

    def for_page(self) -> Self:
        """With what the two programs say side by side."""
        kinds = ["coverages", "locations", "goals", "sectors", "participations"]
        sides = [rows for side in SIDES for rows in rows_of(Program, kinds, f"{side}__")]
        return self.select_related("left__reporting_org", "right__reporting_org").prefetch_related(*sides)


class OverlapQuerySet(_OfPairs, models.QuerySet["Overlap"]):
    """Overlaps; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Pairs of which `user` may see both programs; for anybody else the pair does not exist. What the engine was
        not sure of and a coordinator dismissed is there for coordinators alone."""
        found = self.of_visible_programs(user)
        if user.is_authenticated and user.sees_everything:
            return found
        # Flagged comes first: within an index of flagged pairs this is known without reading the other column.
        return found.filter(Q(is_flagged=True) | Q(is_sampled=False))

    def flagged(self) -> Self:
        """Pairs that the last scan of either program flagged."""
        return self.filter(is_flagged=True)

    def open(self) -> Self:
        """Flagged pairs on which nobody has decided, or whose decision was reopened."""
        return self.filter(is_flagged=True, state="open")

    def in_clusters(self) -> Self:
        """Pairs that are part of a cluster: flagged and not dismissed."""
        return self.filter(cluster__isnull=False)

    def of_case(self, case: int) -> Self:
        """The pairs that the case is about; where all were dismissed or are flagged no longer, those it was about."""
        there = self.filter(cluster=case)
        return there if there.exists() else self.filter(case=case)

    def leading(self, most: int, *order: Any) -> "list[Overlap]":
        """The first so many in an order, with what a row of a list shows; which they are is asked by itself, since
        rows are large."""
        ids = list(self.order_by(*order).values_list("pk", flat=True)[:most])
        return list(self.model._default_manager.filter(pk__in=ids).for_list().order_by(*order))

    def for_list(self) -> Self:
        """With what a row of a list shows: one further query, however many rows."""
        return super().for_list().select_related("assignee")

    def for_page(self) -> Self:
        """With all that the pair's own page shows."""
        return super().for_page().select_related("second_report").prefetch_related("reviews__actor")


class ReviewQuerySet(models.QuerySet["Review"]):
    """Decisions; begin with those on overlaps that the user may see."""

    def judgements(self) -> Self:
        """What people last said of each pair, yes or no, and did not take back. A change of a program that reopened
        the pair takes nothing back: the answer was to the pair as it was."""
        later = self.model._default_manager.filter(overlap=OuterRef("overlap"), pk__gt=OuterRef("pk"))
        return self.filter(
            ~Exists(later.filter(actor__isnull=False)), actor__isnull=False, action__in=["confirm", "dismiss"]
        )

    def standing(self) -> Self:
        """Those of them that still hold: the pair was not reopened."""
        return self.judgements().exclude(overlap__state="open")


class UncertainPairQuerySet(_OfPairs, models.QuerySet["UncertainPair"]):
    """Pairs that the engine is not sure of; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """For coordinators and administrators, who are asked about them; for anybody else there are none."""
        if not (user.is_authenticated and user.sees_everything):
            return self.none()
        return self.of_visible_programs(user)

    def unanswered(self) -> Self:
        """Those that nobody has decided on, or whose decision was taken back."""
        return self.filter(~Exists(decided_as("confirmed", "dismissed")))


def decided_as(*states: str) -> OverlapQuerySet:
    """Of a query on uncertain pairs: the overlap of each row, if it is in one of these states."""
    from programs.overlap.models import Overlap

    return Overlap.objects.filter(left=OuterRef("left"), right=OuterRef("right"), state__in=states)


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    """Calibrations; for coordinators and administrators."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """All of them for coordinators and administrators, none for anybody else."""
        return self if user.is_authenticated and user.sees_everything else self.none()

    def in_effect(self, base_version: str) -> Self:
        """The one that is in effect with these weights, if any."""
        return self.filter(base_version=base_version, state="in_effect")

    def proposed(self, base_version: str) -> Self:
        """The open proposal for these weights, if any."""
        return self.filter(base_version=base_version, state="proposed")


class ClusterQuerySet(models.QuerySet["Cluster"]):
    """Clusters; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Clusters with a pair of which `user` may see both programs; for anybody else the cluster does not exist."""
        from programs.overlap.models import Overlap

        visible = Overlap.objects.visible_to(user).in_clusters()
        return self.filter(pk__in=visible.order_by().values("cluster"))


class ScanRunQuerySet(models.QuerySet["ScanRun"]):
    """Full scans; only for coordinators."""

    def with_progress(self) -> Self:
        """With `done` (programs read and compared), `compared`, `pairs_compared`, `pairs_flagged` and `given_up` (parts
        that no worker came to the end of)."""
        comparing = Q(parts__step=2)
        return self.annotate(
            done=Sum("parts__programs", default=0),
            compared=Sum("parts__programs", filter=comparing, default=0),
            pairs_compared=Sum("parts__pairs", default=0),
            pairs_flagged=Sum("parts__flagged", default=0),
            given_up=Count("parts", filter=Q(parts__is_given_up=True)),
        )


class ScanPartQuerySet(models.QuerySet["ScanPart"]):
    def unfinished(self) -> Self:
        """Parts of running scans that no worker has finished or given up."""
        return self.filter(done_at__isnull=True, is_given_up=False, run__finished_at__isnull=True)


class BegunScanQuerySet(models.QuerySet["BegunScan"]):
    """Scans of single programs that came to no end so far."""

    def of_current_versions(self) -> Self:
        """Those of programs that nobody has changed since."""
        return self.filter(version=F("program__version"))

    def given_up(self, most_attempts: int) -> Self:
        """Programs that are left alone until they are changed."""
        return self.of_current_versions().filter(attempts__gte=most_attempts)

    def begin(self, ids: Sequence[int]) -> None:
        """Counts an attempt for each of these programs; one query."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO overlap_begunscan AS b (program_id, version, attempts)"
                " SELECT id, version, 1 FROM programs_program WHERE id = ANY(%s) ORDER BY id"
                " ON CONFLICT (program_id) DO UPDATE SET version = excluded.version,"
                " attempts = CASE WHEN b.version = excluded.version THEN b.attempts + 1 ELSE 1 END",
                [list(ids)],
            )
