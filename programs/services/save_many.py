"""Saving many programs at once: the rules of ProgramSaver, with a number of queries that does not grow with them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pghistory
from django.db import transaction
from django.db.models import Q

from programs.models import ConfirmedWarning, PlannedYear, Program, RelatedProgram, SharingChange
from programs.services.bulk import insert_all, insert_rows, update_all
from programs.services.data import ProgramData
from programs.services.lists import LISTS, MONEY, NO_CHANGE_BY_ITSELF, difference, names_of
from programs.services.money import BudgetRow, Move, set_sums
from programs.services.permissions import require
from programs.services.planned import OF_BUDGET, OF_PAYMENT, Line, planned_rows
from programs.services.plausibility import NOTHING
from programs.services.save import ProgramSaver, Saved, confirmations
from programs.services.scan_requests import request_scan
from programs.services.sharing import visibility_change

# Of a row of a list: column -> value.
Values = dict[str, Any]
# What the queries below read of a list's row, after its key and the values of its kind.
EXTRA = dict.fromkeys(MONEY, ("value_usd",))


@dataclass(frozen=True)
class Wanted:
    """What a program is to become. `program_id` names the one to change; without it the identifier finds it.

    `stage` None leaves an existing program in its own; a new one gets `stage_of_new`. For undoing a change:
    `goals_proposed` takes back that a person set the goals, `as_it_was` that fewer people may see it. `confirmed` are
    codes or keys of unlikely values that the actor confirms; what is put back as it was needs none.
    """

    data: ProgramData
    stage: str | None = None
    program_id: int | None = None
    goals_proposed: bool = False
    as_it_was: bool = False
    confirmed: Collection[str] = NOTHING


class ManySaver(ProgramSaver):
    """Saves chunks of some hundreds of programs."""

    @transaction.atomic
    def save_many(self, wanted: Sequence[Wanted]) -> list[Saved]:
        """As `save` for each, in order, all or none: the same outcomes, versions, lists, sums and history.

        A program may be wanted once in a chunk. Raises what `save` raises, of whichever comes first.
        """
        for organization in {item.data.reporting_org_id for item in wanted}:
            require(self.actor, "save", organization)
        found = self._locked(wanted)
        stored = _stored_lists([program.pk for program in found.values()])
        known = confirmed_keys([program.pk for program in found.values()])
        warnings: list[ConfirmedWarning] = []
        results: list[Saved] = []
        surplus: dict[str, list[int]] = defaultdict(list)
        missing: dict[str, list[tuple[Program, Values]]] = defaultdict(list)
        new: list[Program] = []
        changed: list[Program] = []
        shared: list[SharingChange] = []
        planned: list[tuple[Program, list[Values]]] = []
        for position, item in enumerate(wanted):
            program = found.get(position)
            if program is None:
                program, lists = self._made(item.data, item.stage)
                confirmed = self._confirmed(program, item.data, item.confirmed, known=())
                warnings += confirmations(program, confirmed, self.actor)
                rows = {attribute: self._values(attribute, rows) for attribute, rows in lists.items()}
                new.append(program)
                results.append(Saved(program, "created"))
            else:
                seen_by = program.visibility
                rows, gone, differs = self._changes(program, item, stored[program.pk])
                if not differs:
                    results.append(Saved(program, "unchanged"))
                    continue
                self._sign(program)
                if not item.as_it_was:
                    confirmed = self._confirmed(program, item.data, item.confirmed, known=known[program.pk])
                    warnings += confirmations(program, confirmed, self.actor)
                changed.append(program)
                if sharing := visibility_change(program, seen_by, self.actor):
                    shared.append(sharing)
                for attribute, keys in gone.items():
                    surplus[attribute] += keys
                results.append(Saved(program, "updated"))
            planned += self._set_sums(program, rows, stored.get(program.pk) or {}, surplus)
            for attribute, made in rows.items():
                missing[attribute] += [(program, row) for row in made]
        with pghistory.context(user=self.actor.pk if self.actor else None, source=_source(wanted)):
            self._write(new, changed, surplus, missing, planned)
            insert_all(shared)
            insert_all(_of_saved(warnings))
        return results

    def _locked(self, wanted: Sequence[Wanted]) -> dict[int, Program]:
        """Position -> the stored program, locked in the order of ids, against deadlock; two queries."""
        ids = {item.program_id for item in wanted if item.program_id is not None}
        keys = {
            (item.data.reporting_org_id, item.data.identifier): position
            for position, item in enumerate(wanted)
            if item.program_id is None
        }
        by_key = Q(
            reporting_org__in={organization for organization, _identifier in keys},
            identifier__in={identifier for _organization, identifier in keys},
        )
        programs = list(Program.objects.select_for_update().filter(Q(pk__in=ids) | by_key).order_by("pk"))
        by_id = {program.pk: program for program in programs}
        found = {}
        for program in programs:
            position = keys.get((program.reporting_org_id, program.identifier))
            if position is not None:
                found[position] = program
        for position, item in enumerate(wanted):
            if item.program_id is not None and item.program_id in by_id:
                require(self.actor, "save", by_id[item.program_id].reporting_org_id)
                found[position] = by_id[item.program_id]
        return found

    def _changes(
        self, program: Program, item: Wanted, stored: dict[str, list[tuple[Any, ...]]]
    ) -> tuple[dict[str, list[Values]], dict[str, list[int]], bool]:
        """Rows to add, keys to delete, and whether anything differs; sets on `program` what is wanted."""
        origin = program.goals_origin
        if item.goals_proposed:
            program.goals_origin = Program.GoalsOrigin.PROPOSED
        columns, lists = self._revised(program, item.data, item.stage or program.stage, as_it_was=item.as_it_was)
        differs = bool(columns - NO_CHANGE_BY_ITSELF) or origin != program.goals_origin
        rows, gone = {}, {}
        for attribute, wanted_rows in lists.items():
            names = _names(attribute)
            known = [row[: len(names) + 1] for row in stored.get(attribute, ())]
            gone[attribute], added = difference(known, wanted_rows, names)
            rows[attribute] = self._values(attribute, added)
            differs |= bool(gone[attribute] or added)
        return rows, gone, differs

    def _set_sums(
        self,
        program: Program,
        added: dict[str, list[Values]],
        stored: dict[str, list[tuple[Any, ...]]],
        surplus: dict[str, list[int]],
    ) -> list[tuple[Program, list[Values]]]:
        """The sums of what stays and what comes, as refresh_money reads them from the database afterwards; and what
        the program plans by year, where its budgets or planned payments change."""
        money = {attribute: _to_be(attribute, added, stored, surplus) for attribute in MONEY}
        moves: list[Move] = [(row["type"], *amount_of(row)) for row in money["transactions"]]
        budgets: list[BudgetRow] = [
            (row["period_start"], row["period_end"], row["type"], *amount_of(row)) for row in money["budgets"]
        ]
        set_sums(program, moves, budgets)
        of_years = ("budgets", "planned_disbursements")
        stored_ids = {attribute: {pk for pk, *_values in stored.get(attribute, ())} for attribute in of_years}
        if not any(added.get(one) or stored_ids[one].intersection(surplus[one]) for one in of_years):
            return []
        lines = [
            [Line(*(row[column] for column in columns)) for row in money[attribute]]
            for attribute, columns in zip(of_years, (OF_BUDGET, OF_PAYMENT), strict=True)
        ]
        return [(program, planned_rows(*lines))]

    def _write(
        self,
        new: list[Program],
        changed: list[Program],
        surplus: dict[str, list[int]],
        missing: dict[str, list[tuple[Program, Values]]],
        planned: list[tuple[Program, list[Values]]],
    ) -> None:
        insert_all(new)
        update_all(changed)
        for attribute, (model, _row_type) in LISTS.items():
            if surplus[attribute]:
                model._default_manager.filter(pk__in=surplus[attribute]).delete()
            insert_rows(model, [{**values, "program_id": program.pk} for program, values in missing[attribute]])
        if replanned := {program.pk for program, _rows in planned} - {program.pk for program in new}:
            PlannedYear.objects.filter(program__in=replanned).delete()
        insert_rows(PlannedYear, [{**row, "program_id": program.pk} for program, rows in planned for row in rows])
        _link_related([*new, *changed])
        if self.ask_for_scan:
            for program in (*new, *changed):
                request_scan(program.pk)


def _to_be(
    attribute: str,
    added: dict[str, list[Values]],
    stored: dict[str, list[tuple[Any, ...]]],
    surplus: dict[str, list[int]],
) -> list[Values]:
    """A list's rows as they will be: those that stay, and those that come."""
    gone = set(surplus[attribute])
    kept = [_named(attribute, values) for pk, *values in stored.get(attribute, ()) if pk not in gone]
    return [*kept, *added.get(attribute, ())]


def _named(attribute: str, values: Sequence[Any]) -> Values:
    """A stored row of a list by the names of its columns, EXTRA included."""
    return dict(zip((*_names(attribute), *EXTRA[attribute]), values, strict=True))


def amount_of(row: Values) -> tuple[Decimal | None, str, Decimal]:
    """What a row of money is summed from (services.money.AMOUNT)."""
    return row["value_usd"], row["currency"], row["value"]


def confirmed_keys(ids: list[int]) -> dict[int, set[str]]:
    """Program -> the keys of what was confirmed of it; one query, none without programs."""
    keys: dict[int, set[str]] = {pk: set() for pk in ids}
    if ids:
        for program, key in ConfirmedWarning.objects.filter(program__in=ids).values_list("program_id", "key"):
            keys[program].add(key)
    return keys


def _of_saved(warnings: list[ConfirmedWarning]) -> list[ConfirmedWarning]:
    """The same, with the ids that new programs have by now."""
    for warning in warnings:
        warning.program_id = warning.program.pk
    return warnings


def _source(wanted: Sequence[Wanted]) -> str:
    return wanted[0].data.source if wanted else ""


def _names(attribute: str) -> list[str]:
    return names_of(LISTS[attribute][1])


def _stored_lists(ids: list[int]) -> dict[int, dict[str, list[tuple[Any, ...]]]]:
    """Program -> list -> its rows: key, the values of its kind, and EXTRA; a query a list."""
    stored: dict[int, dict[str, list[tuple[Any, ...]]]] = {pk: defaultdict(list) for pk in ids}
    if not ids:
        return stored
    for attribute, (model, _row_type) in LISTS.items():
        columns = ("pk", *_names(attribute), *EXTRA.get(attribute, ()))
        for program, *values in model._default_manager.filter(program__in=ids).values_list("program_id", *columns):
            stored[program][attribute].append(tuple(values))
    return stored


def _link_related(programs: list[Program]) -> None:
    """As link_related for each of the programs, in two queries and one for each link that is tied."""
    unlinked = RelatedProgram.objects.filter(related__isnull=True)
    by_identifier = {program.identifier: program for program in programs}
    naming_them = unlinked.filter(identifier__in=by_identifier)
    of_them = unlinked.filter(program__in=programs)
    loose = list((naming_them | of_them).distinct())
    known = dict(
        Program.objects.filter(identifier__in={row.identifier for row in loose}).values_list("identifier", "pk")
    )
    for row in loose:
        other = by_identifier.get(row.identifier)
        target = other.pk if other is not None else known.get(row.identifier)
        if target is not None and target != row.program_id:
            RelatedProgram.objects.filter(pk=row.pk).update(related=target)
