"""Every question asked of the database about imports."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Count, F, Q

from programs.services.permissions import MAY_DO

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import User
    from programs.exchange.models import Dump, Import, ImportRow  # noqa: F401

AT_WORK = ("reading", "checking", "applying", "undoing")


@dataclass(frozen=True)
class Counts:
    """Number of rows of an import by outcome."""

    rows: int
    created: int
    changed: int
    unchanged: int
    refused: int
    left_out: int
    asking: int
    applied: int
    undone: int
    kept: int
    warned: int

    @property
    def to_apply(self) -> int:
        """Rows that applying saves."""
        return self.created + self.changed


@dataclass(frozen=True)
class Standing:
    """A state of a program: when it was last saved, and its version then."""

    saved_at: datetime | None
    version: int


class DumpQuerySet(models.QuerySet["Dump"]):
    """Nightly files: of public programs alone, so everybody who is signed in may have them."""

    def finished(self) -> Self:
        return self.filter(finished_at__isnull=False)


class ImportQuerySet(models.QuerySet["Import"]):
    """Imports; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those of the organizations that the user may import for; for anybody else they do not exist."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(organization__in=[pk for pk, role in user.roles.items() if role in MAY_DO["import"]])

    def at_work(self) -> Self:
        """Imports with something left to do by a job."""
        return self.filter(state__in=AT_WORK)

    def for_list(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("organization", "created_by")


# What jobs write on rows, with PostgreSQL's type of each.
RESULTS: dict[str, str] = {
    "outcome": "text",
    "problems": "jsonb",
    "is_applied": "boolean",
    "program_id": "bigint",
    "version_applied": "integer",
    "before": "jsonb",
    "is_undone": "boolean",
    "kept_because": "text",
    "applied_stamp": "timestamptz",
    "undone_stamp": "timestamptz",
}
_WRITE_RESULTS = """
    UPDATE exchange_importrow SET {values}
    FROM jsonb_to_recordset(%s::jsonb) AS new (id bigint, {columns})
    WHERE exchange_importrow.id = new.id
"""


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    """Rows of imports; the import is the guard."""

    def asking(self) -> Self:
        """Rows for which someone must still choose the program."""
        return self.filter(outcome="created", choice="", is_applied=False).exclude(candidates=[])

    def warned(self) -> Self:
        """Rows with unlikely values that applying them confirms."""
        return self.to_apply().exclude(warnings=[])

    def to_apply(self) -> Self:
        """Rows that a job has yet to apply."""
        return self.filter(outcome__in=["created", "changed"], is_applied=False)

    def to_undo(self) -> Self:
        """Rows that a job has yet to undo."""
        return self.filter(is_applied=True, is_undone=False, kept_because="")

    def undone_to(self, programs: Iterable[int]) -> dict[int, dict[datetime, Standing]]:
        """Program -> when undoing an import saved it -> the state that this brought back."""
        found: dict[int, dict[datetime, Standing]] = {}
        undone = self.filter(program__in=programs, undone_stamp__isnull=False, before__updated_at__isnull=False)
        values = undone.values_list("program_id", "undone_stamp", "before__updated_at", "before__version")
        for program, stamp, before, version in values:
            found.setdefault(program, {})[stamp] = Standing(datetime.fromisoformat(before), version)
        return found

    def last_changed_by_another(self, job: "Import", programs: Iterable[int]) -> set[int]:
        """Those of the programs (ids) that are as another import left them, which is not undone; one query."""
        rows = self.filter(program__in=programs, is_applied=True, is_undone=False).exclude(of_import=job)
        return set(rows.filter(applied_stamp=F("program__updated_at")).values_list("program_id", flat=True))

    def counts(self) -> Counts:
        """How many there are of each kind; one query."""
        of = {name: Count("pk", filter=Q(outcome=name)) for name in ("created", "changed", "unchanged", "refused")}
        found = self.aggregate(
            rows=Count("pk"),
            left_out=Count("pk", filter=Q(outcome="left_out")),
            asking=Count("pk", filter=Q(outcome="created", choice="", is_applied=False) & ~Q(candidates=[])),
            applied=Count("pk", filter=Q(is_applied=True)),
            undone=Count("pk", filter=Q(is_undone=True)),
            kept=Count("pk", filter=~Q(kept_because="")),
            warned=Count("pk", filter=Q(outcome__in=["created", "changed"], is_applied=False) & ~Q(warnings=[])),
            **of,
        )
        return Counts(**found)

    def showing(self, what: str) -> Self:
        """Those of one kind: an outcome, "asking", "warned" or "kept"; all for anything else."""
        if what == "asking":
            return self.asking()
        if what == "warned":
            return self.warned()
        if what == "kept":
            return self.exclude(kept_because="")
        return self.filter(outcome=what) if what in ("created", "changed", "unchanged", "refused", "left_out") else self

    def write_results(self, rows: "Iterable[ImportRow]", names: Iterable[str]) -> None:
        """Writes some of RESULTS on stored rows; one query, several times faster than bulk_update's CASE."""
        names = list(names)
        values: list[dict[str, Any]] = [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in rows]
        query = _WRITE_RESULTS.format(
            values=", ".join(f"{name} = new.{name}" for name in names),
            columns=", ".join(f"{name} {RESULTS[name]}" for name in names),
        )
        with connection.cursor() as cursor:
            cursor.execute(query, [json.dumps(values, default=str)])
