"""Saving a program: what is said of it against what is stored, only the difference written, in one transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import pghistory
from django.db import transaction
from django.utils import timezone

from core.money import to_cent
from goals.money import RateTable
from programs.models import (
    ConfirmedWarning,
    Coverage,
    Program,
    ProgramLocation,
    RelatedProgram,
)
from programs.services.checks import check
from programs.services.data import CoverageData, GoalData, LocationData, ProgramData
from programs.services.goals import propose_for
from programs.services.lists import COLUMNS, LISTS, MONEY, NO_CHANGE_BY_ITSELF, difference, names_of
from programs.services.money import refresh_money
from programs.services.permissions import Actor, may, require
from programs.services.places import places_outside, require_places_inside
from programs.services.planned import refresh_planned
from programs.services.plausibility import NOTHING, DataWarning, newly_confirmed, warnings_about
from programs.services.scan_requests import request_scan
from programs.services.sharing import require_may_share, visibility_change

Outcome = Literal["created", "updated", "unchanged"]


def stage_of_new(actor: Actor, reporting_org_id: int) -> str:
    """The stage in which a new program arrives that is not typed into the form: published by who may publish,
    submitted for publication by all others."""
    return Program.Stage.PUBLISHED if may(actor, "publish", reporting_org_id) else Program.Stage.SUBMITTED


@dataclass(frozen=True)
class Saved:
    """The program as it is now, what saving did to it, and the unlikely values that were confirmed by that."""

    program: Program
    outcome: Outcome
    confirmed: tuple[DataWarning, ...] = ()


def save_program(
    data: ProgramData,
    *,
    actor: Actor,
    stage: str | None = None,
    program: Program | None = None,
    confirmed: Collection[str] = NOTHING,
) -> Saved:
    """Creates or updates one program: see ProgramSaver.save."""
    return ProgramSaver(actor=actor).save(data, stage=stage, program=program, confirmed=confirmed)


class ProgramSaver:
    """Saves programs for one actor; reads the exchange rates once, so that many can be saved.

    `asks`: whether unlikely values must be confirmed. By default nobody is asked of what the portal itself saves.
    """

    def __init__(self, *, actor: Actor, ask_for_scan: bool = True, asks: bool | None = None) -> None:
        self.actor = actor
        self.asks = actor is not None if asks is None else asks
        self.ask_for_scan = ask_for_scan
        self.rates = RateTable()

    @transaction.atomic
    def save(
        self,
        data: ProgramData,
        *,
        stage: str | None = None,
        program: Program | None = None,
        confirmed: Collection[str] = NOTHING,
    ) -> Saved:
        """Makes the stored program equal to `data`: `program`, else the one with its organization and identifier.

        `stage` None leaves a stored program in its own; a new one gets `stage_of_new`.
        Writes only what differs; where anything does, the version goes up by one and a scan is asked for after
        commit. Goals a person confirmed stay, unless `data.goals` says others. `confirmed` are codes or keys of
        unlikely values that the actor confirms (services.plausibility). Raises NotAllowed, ValidationError (with the
        field's name), NeedsConfirmation, and IntegrityError where the database's constraints refuse what is left.
        """
        require(self.actor, "save", data.reporting_org_id)
        if program is None:
            stored = Program.objects.select_for_update().filter(
                reporting_org=data.reporting_org_id, identifier=data.identifier
            )
        else:
            require(self.actor, "save", program.reporting_org_id)
            stored = Program.objects.select_for_update().filter(pk=program.pk)
        found = stored.first()
        with pghistory.context(user=self.actor.pk if self.actor else None, source=data.source):
            if found is None:
                return self._create(data, stage, confirmed)
            return self._update(found, data, stage or found.stage, confirmed)

    def _create(self, data: ProgramData, stage: str | None, confirmed: Collection[str]) -> Saved:
        program, lists = self._made(data, stage)
        warnings = self._confirmed(program, data, confirmed, known=())
        program.save()
        ConfirmedWarning.objects.bulk_create(confirmations(program, warnings, self.actor))
        for attribute, rows in lists.items():
            self._insert(program, attribute, rows)
        self._follow_up(program, lists)
        return Saved(program, "created", tuple(warnings))

    def _made(self, data: ProgramData, stage: str | None) -> tuple[Program, dict[str, list[Any]]]:
        """A new program, checked and not yet saved, with the rows of its lists. Asks no query unless it refuses."""
        program = Program(
            reporting_org_id=data.reporting_org_id,
            identifier=data.identifier,
            stage=stage or stage_of_new(self.actor, data.reporting_org_id),
            created_by=self.actor,
            updated_by=self.actor,
            **{column: getattr(data, column) for column in COLUMNS},
        )
        lists = self._lists(program, data)
        lists["goals"] = self._goals(program, data)
        check(program)
        require_places_inside(data.coverages, data.locations)
        return program, lists

    def _update(self, program: Program, data: ProgramData, stage: str, confirmed: Collection[str]) -> Saved:
        before = program.visibility
        changed, lists = self._revised(program, data, stage)
        changed |= {attribute for attribute, rows in lists.items() if self._replace(program, attribute, rows)}
        if not changed - NO_CHANGE_BY_ITSELF:
            return Saved(program, "unchanged")
        self._sign(program)
        known = program.confirmed_warnings.values_list("key", flat=True)
        warnings = self._confirmed(program, data, confirmed, known=known)
        ConfirmedWarning.objects.bulk_create(confirmations(program, warnings, self.actor))
        program.save()
        if sharing := visibility_change(program, before, self.actor):
            sharing.save()
        self._follow_up(program, lists)
        return Saved(program, "updated", tuple(warnings))

    def _revised(
        self, program: Program, data: ProgramData, stage: str, *, as_it_was: bool = False
    ) -> tuple[set[str], dict[str, list[Any]]]:
        """Sets on `program` what `data` says; which columns that changed, and the lists wanted. Asks no query
        unless places lie outside the countries.

        `as_it_was`: puts back what the program said before, so that nobody is shown it who was not then.
        """
        if not as_it_was:
            require_may_share(self.actor, program, visibility=data.visibility, reporting_org_id=data.reporting_org_id)
            if places_outside(data.coverages, data.locations):
                require_places_inside(data.coverages, data.locations, tolerated=_outside_already(program))
        changed = {"stage"} if program.stage != stage else set()
        program.stage = stage
        wanted_columns = {"identifier": data.identifier, "reporting_org_id": data.reporting_org_id}
        wanted_columns |= {column: getattr(data, column) for column in COLUMNS}
        for column, value in wanted_columns.items():
            if getattr(program, column) != value:
                setattr(program, column, value)
                changed.add(column)
        derived = (program.scope, program.esca_component, program.goals_origin)
        lists = self._lists(program, data)
        if data.goals is not None or program.goals_origin == Program.GoalsOrigin.PROPOSED:
            lists["goals"] = self._goals(program, data)
        if derived != (program.scope, program.esca_component, program.goals_origin):
            changed |= {"scope", "esca_component", "goals_origin"}
        return changed, lists

    def _sign(self, program: Program) -> None:
        """The next version of a program that changed: checked, with who changed it and when."""
        check(program)
        program.version += 1
        program.updated_by = self.actor
        program.updated_at = timezone.now()

    def _confirmed(
        self, program: Program, data: ProgramData, confirmed: Collection[str], *, known: Iterable[str]
    ) -> list[DataWarning]:
        """The unlikely values that are confirmed by this save; `known` are the keys of what was confirmed before.

        NeedsConfirmation where one is not confirmed. A draft needs none.
        """
        if program.stage == Program.Stage.DRAFT or not (found := warnings_about(data, self.rates)):
            return []
        return newly_confirmed(found, set(known), confirmed, asks=self.asks)

    def _follow_up(self, program: Program, lists: dict[str, list[Any]]) -> None:
        refresh_money(program)
        refresh_planned(program.pk)
        link_related(program, [row.identifier for row in lists["related"]])
        if self.ask_for_scan:
            request_scan(program.pk)

    def _lists(self, program: Program, data: ProgramData) -> dict[str, list[Any]]:
        """What is wanted in each list but the goals, in the precision that the database keeps."""
        lists: dict[str, list[Any]] = {
            attribute: list(getattr(data, attribute)) for attribute in LISTS if attribute != "goals"
        }
        for attribute in MONEY:
            lists[attribute] = [replace(row, value=to_cent(row.value)) for row in lists[attribute]]
        lists["locations"] = [row.on_the_grid() for row in lists["locations"]]
        return lists

    def _goals(self, program: Program, data: ProgramData) -> list[GoalData]:
        """The goals that a person gave, or those proposed; sets scope, component and origin on `program`."""
        if data.goals is not None:
            program.goals_origin = Program.GoalsOrigin.CONFIRMED
            program.scope = Program.Scope.IN_SCOPE if data.goals else Program.Scope.OUT_OF_SCOPE
            program.esca_component = propose_for(data, self.rates).esca_component
            return list(data.goals)
        proposal = propose_for(data, self.rates)
        program.goals_origin = Program.GoalsOrigin.PROPOSED
        program.scope = proposal.scope
        program.esca_component = proposal.esca_component
        return [GoalData(goal.goal_id, goal.percentage, goal.reasons) for goal in proposal.goals]

    def _insert(self, program: Program, attribute: str, rows: Iterable[Any]) -> None:
        model, _row_type = LISTS[attribute]
        model._default_manager.bulk_create(self._rows(program, attribute, rows))

    def _rows(self, program: Program, attribute: str, rows: Iterable[Any]) -> list[Any]:
        """Rows of a list as the database keeps them, not saved."""
        model, _row_type = LISTS[attribute]
        return [model(program_id=program.pk, **values) for values in self._values(attribute, rows)]

    def _values(self, attribute: str, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """The values of the columns of a list's rows, with the worth of money in US dollars."""
        names = names_of(LISTS[attribute][1])
        made = []
        for row in rows:
            values = {name: getattr(row, name) for name in names}
            if "reasons" in values:
                values["reasons"] = list(values["reasons"])
            if attribute in MONEY:
                on = row.value_date or getattr(row, MONEY[attribute])  # converted_on
                dollars = self.rates.to_usd(row.value, row.currency, on)
                values["value_usd"] = dollars.value if dollars else None
                values["rate_month"] = dollars.rate_month if dollars else None
            made.append(values)
        return made

    def _replace(self, program: Program, attribute: str, rows: list[Any]) -> bool:
        """Makes the stored list equal to `rows`, in any order; True where it was not."""
        model, row_type = LISTS[attribute]
        names = names_of(row_type)
        stored = model._default_manager.filter(program=program).values_list("pk", *names)
        surplus, missing = difference(stored, rows, names)
        if surplus:
            model._default_manager.filter(pk__in=surplus).delete()
        if missing:
            self._insert(program, attribute, missing)
        return bool(surplus or missing)


def confirmations(program: Program, warnings: Iterable[DataWarning], actor: Actor) -> list[ConfirmedWarning]:
    """The record that `actor` confirms these, unsaved."""
    return [
        ConfirmedWarning(program=program, code=one.code, key=one.key, params=dict(one.params), actor=actor)
        for one in warnings
    ]


def _outside_already(program: Program) -> list[LocationData]:
    """The stored places of a program that lie outside its stored countries: what was saved before the rule stays."""
    coverages = [CoverageData(row.country_id, row.region_id) for row in Coverage.objects.filter(program=program)]
    places = ProgramLocation.objects.filter(program=program).values_list("area_id", "name", "latitude", "longitude")
    return places_outside(coverages, [LocationData(*place) for place in places])


def link_related(program: Program, identifiers: list[str]) -> None:
    """Ties links between activities to programs of the portal: those of `program`, and those that name it."""
    unlinked = RelatedProgram.objects.filter(related__isnull=True)
    unlinked.filter(identifier=program.identifier).exclude(program=program).update(related=program)
    if not identifiers:
        return
    known = dict(
        Program.objects.filter(identifier__in=identifiers).exclude(pk=program.pk).values_list("identifier", "pk")
    )
    for identifier, pk in known.items():
        unlinked.filter(program=program, identifier=identifier).update(related=pk)
