"""Takes activities into the portal: matched, mapped (mapping.py), saved through the program services."""

from collections.abc import Collection, Iterable, MutableMapping
from dataclasses import replace
from pathlib import Path

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _

from core.errors import NeedsConfirmation, Refused
from programs.exchange.failures import Reason, is_of_locks, is_of_the_database, is_of_the_moment
from programs.exchange.iati import by_year
from programs.exchange.iati.activity import Activity, OrganizationRef
from programs.exchange.iati.files import read_activities, require_activities
from programs.exchange.iati.mapping import ActivityMapper
from programs.exchange.iati.opening import NotIati
from programs.exchange.iati.report import Asked, Rejection, Report
from programs.exchange.iati.scope import touches_central_america
from programs.exchange.models import IatiRecord
from programs.models import Program
from programs.services import (
    ProgramSaver,
    save_outlook,
)
from programs.services.permissions import Actor
from programs.services.plausibility import NOTHING, DataWarning

log = structlog.get_logger(__name__)

# Fields of ProgramData that no IATI file says: reading it again leaves what was entered.
DECIDED_HERE = ("visibility",)


Seen = MutableMapping[tuple[int, str], dict[str, str]]
# So often an activity is tried that another import stands in the way of.
MOST_ATTEMPTS = 4
SAID_BEFORE = _("The same identifier appeared earlier in this import, with different content.")


class OtherReporter(Refused):
    """The activity is another organization's than the one that the import is for."""


class IatiImporter(ActivityMapper):
    """Imports files for one actor.

    New programs arrive in the stage `new_stage` (None: published, or submitted where the actor may not publish) and
    are for partners, unless `visibility` says otherwise. With `only` (an organization's id) activities that another
    organization reports are rejected, and it is never made. `accept` are codes or keys of unlikely values
    (programs.services.plausibility) that are confirmed; activities with others wait, and are listed in the report.
    """

    def __init__(
        self,
        *,
        actor: Actor = None,
        include_all: bool = False,
        new_stage: str | None = None,
        visibility: str = Program.Visibility.PARTNERS,
        only: int | None = None,
        accept: Collection[str] = NOTHING,
    ) -> None:
        self.include_all, self.only, self.accept = include_all, only, accept
        # What the last activity that was taken was confirmed of.
        self.confirmed: tuple[DataWarning, ...] = ()
        self.new_stage = new_stage
        self.report = Report()
        self.saver = ProgramSaver(actor=actor, ask_for_scan=False, asks=True)
        super().__init__(actor, visibility)
        # (reporter's id, identifier) -> file -> checksum, of what this import has read already.
        self.seen: Seen = {}
        # (reporter as the file says it, identifier, file) -> checksum, of what waits for a person: a reporter that it
        # would make is not there yet, and has no id.
        self.waiting: dict[tuple[OrganizationRef, str, str], str] = {}

    def import_files(self, paths: Iterable[Path]) -> Report:
        """Imports each file that is whole; one that is not is refused, named in the report, and keeps no other out."""
        for path in paths:
            try:
                require_activities(path)
            except NotIati as refusal:
                self.report.refused_files.append((str(path), str(refusal)))
                continue
            for activity in read_activities(path):
                self.take(activity, path.name)
        return self.report

    def take(self, activity: Activity, file_name: str) -> Activity:
        """Takes one activity, whole or not at all, and notes in the report what became of it.

        Returns it as it was taken: with the money that earlier files have of it (see by_year).
        """
        self.report.activities += 1
        self.confirmed = ()
        if activity.problem:
            self._reject(activity, activity.problem, file_name)
        else:
            activity = self._taken(activity, file_name)
        self.report.note(activity, file_name)
        return activity

    def _taken(self, activity: Activity, file_name: str) -> Activity:
        is_inside = connection.in_atomic_block
        known, noted = self.organizations.changes, len(activity.oddities)
        for attempt in range(1, MOST_ATTEMPTS + 1):
            del activity.oddities[noted:]
            try:
                with transaction.atomic():
                    return self._in_portal(activity, file_name)
            except (Refused, ValidationError, DatabaseError) as error:
                if is_of_the_database(error) or (is_inside and is_of_locks(error)):
                    raise
                if self.organizations.changes != known:
                    # The organizations that it made are gone again: the next activity must not name them.
                    self.read_organizations()
                    known = self.organizations.changes
                if isinstance(error, NeedsConfirmation):
                    self.report.asked.append(Asked(activity.identifier, activity.line, file_name, error.warnings))
                    return activity
                if attempt < MOST_ATTEMPTS and is_of_the_moment(error):
                    self.read_organizations()
                    continue
                log.info("iati.activity_rejected", identifier=activity.identifier, error=str(error))
                self._reject(activity, lazystr(Reason(error)), file_name, is_anothers=isinstance(error, OtherReporter))
                return activity
        raise AssertionError  # pragma: no cover

    def _in_portal(self, activity: Activity, file_name: str) -> Activity:
        """Finds out whose it is and whether it is for the portal, and saves it."""
        countries, regions = self.coverage(activity)
        is_ours = self.include_all or touches_central_america(activity, countries, self.seven, self.areas)
        if not is_ours and self.only is None:
            self.report.leave_out(activity, file_name)
            return activity
        # Asked once: whose activity it is said to be is whose it becomes.
        reporter = self.reporter(activity)
        if not is_ours:
            self.report.leave_out(activity, file_name)
            return activity
        read = self.seen.setdefault((reporter, activity.identifier), {})
        if activity.checksum in read.values():
            self.report.unchanged += 1
            return activity
        place = (activity.reporting_org, activity.identifier, file_name)
        if self.waiting.get(place, activity.checksum) != activity.checksum:
            raise Refused(SAID_BEFORE)
        try:
            taken = self._save(activity, reporter, countries, regions, file_name, read)
        except NeedsConfirmation:
            # It waits: what other files say of it has nothing in this import to agree with.
            self.waiting.setdefault(place, activity.checksum)
            raise
        except Exception as error:
            if not is_of_the_moment(error):
                read.setdefault(file_name, activity.checksum)
            raise
        read.setdefault(file_name, activity.checksum)
        return taken

    def reporter(self, activity: Activity) -> int:
        """The id of the organization that reports the activity. Refused where it says of none; OtherReporter where that
        is another one than the import's.

        A name alone is looked for in the countries of the activity, but who goes by it nowhere is one for all of them.
        """
        said = activity.reporting_org
        is_known_there = said.ref or self.organizations.who("", said.name, self.within) is not None
        within = self.within if is_known_there else ()
        if self.only is not None and said:
            known = self.organizations.find(said.ref, said.name, within)
            if known is None or known.pk != self.only:
                raise OtherReporter(_("Another organization reports the activity."))
            return known.pk
        found = self.organizations.find_or_create(said.ref, said.name, said.kind, within)
        if found is None:
            raise Refused(_("The activity has no reporting-org, so its reporter is unknown."))
        return found.pk

    def _reject(self, activity: Activity, reason: str | Promise, file_name: str, *, is_anothers: bool = False) -> None:
        self.report.rejected.append(Rejection(activity.identifier, activity.line, reason, file_name, is_anothers))

    def _save(
        self, activity: Activity, reporter: int, countries: list, regions: list, file_name: str, read: Collection[str]
    ) -> Activity:
        """Saves the activity. `read` are the files of this import that it came in before: of another one it must add
        money of other periods, else it contradicts that one. Refused then, and where it came twice in this file."""
        record = (
            IatiRecord.objects.select_related("program")
            .filter(program__reporting_org=reporter, identifier=activity.identifier)
            .first()
        )
        if record is not None and by_year.is_known(record, activity.checksum):
            self.report.unchanged += 1
            self.report.out_of_scope += record.program.scope == Program.Scope.OUT_OF_SCOPE
            return activity
        joint = by_year.joined(activity, record, file_name)
        if file_name in read or (read and not joint.kept):
            raise Refused(SAID_BEFORE)
        if joint.activity is not activity:
            activity = joint.activity
            countries, regions = self.coverage(activity)
        data = self.program_data(activity, reporter, countries, regions, file_name)
        own = Program.objects.filter(reporting_org=reporter, identifier=activity.identifier)
        existing = record.program if record is not None else own.first()
        stage = self.new_stage
        if existing is not None:
            # What the file cannot say, and where the program is in its life, was decided here.
            data = replace(data, **{name: getattr(existing, name) for name in DECIDED_HERE})
            stage = existing.stage
        saved = self.saver.save(data, stage=stage, confirmed=self.accept)
        is_signed = saved.outcome != "unchanged"
        # A new program without results has nothing there that could differ.
        if (existing is not None or activity.results) and save_outlook(
            saved.program, actor=self.saver.actor, results=activity.results, is_signed=is_signed
        ):
            saved = saved if is_signed else replace(saved, outcome="updated")
        record = record or IatiRecord(program=saved.program)
        record.identifier, record.checksum = activity.identifier, activity.checksum
        record.standard, record.xml = activity.standard[:10], activity.xml.replace("\x00", "")
        record.file_name, record.line = file_name[:255], activity.line
        record.oddities = [{"code": warn.code, "detail": warn.detail} for warn in activity.oddities]
        record.parts, record.planned_taken = joint.parts, True
        record.save()
        self.confirmed = saved.confirmed
        setattr(self.report, saved.outcome, getattr(self.report, saved.outcome) + 1)
        self.report.out_of_scope += saved.program.scope == Program.Scope.OUT_OF_SCOPE
        return activity
