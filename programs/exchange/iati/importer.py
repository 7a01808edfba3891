"""Takes activities into the portal: matched, mapped to the portal's own lists, saved through the program services."""

import re
from collections.abc import Collection, Iterable, MutableMapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _

from core.errors import NeedsConfirmation, Refused
from core.names import normalize_name
from donors.permissions import may_anywhere
from donors.services import OrganizationFinder
from goals.models import Country, Region, Sector
from goals.vocabularies import PURPOSE_CODES
from programs.codes import INCOMING
from programs.exchange.failures import Reason, is_of_locks, is_of_the_database, is_of_the_moment
from programs.exchange.iati import by_year
from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.activity import Activity, Movement, OrganizationRef, PlannedPayment, Share
from programs.exchange.iati.converting import budget, coverages, other_sectors, texts
from programs.exchange.iati.files import read_activities, require_activities
from programs.exchange.iati.locations import locations
from programs.exchange.iati.opening import NotIati
from programs.exchange.iati.places import AreaFinder
from programs.exchange.iati.report import Asked, Rejection, Report
from programs.exchange.iati.scope import touches_central_america
from programs.exchange.iati.shares import merged_to_hundred
from programs.exchange.models import IatiRecord
from programs.models import Program
from programs.services import (
    MarkerData,
    OtherSectorData,
    ParticipationData,
    PlannedDisbursementData,
    ProgramData,
    ProgramSaver,
    RelatedData,
    SectorData,
    TransactionData,
    save_outlook,
)
from programs.services.permissions import Actor
from programs.services.plausibility import NOTHING, DataWarning

log = structlog.get_logger(__name__)

BETWEEN_NAMES = re.compile(r"\s*[,;/|&]\s*(?:and|y|e)?\s*|\s+(?:and|y|e)\s+", re.IGNORECASE)
# How many codes an example names.
SHOWN = 5
# Fields of ProgramData that no IATI file says: reading it again leaves what was entered.
DECIDED_HERE = ("visibility",)


Seen = MutableMapping[tuple[int, str], dict[str, str]]
# So often an activity is tried that another import stands in the way of.
MOST_ATTEMPTS = 4
SAID_BEFORE = _("The same identifier appeared earlier in this import, with different content.")


class OtherReporter(Refused):
    """The activity is another organization's than the one that the import is for."""


class IatiImporter:
    """Imports files for one actor; reads the reference lists and the register of organizations once.

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
        self.new_stage, self.visibility = new_stage, visibility
        self.report = Report()
        self.saver = ProgramSaver(actor=actor, ask_for_scan=False, asks=True)
        self.read_organizations()
        self.areas = AreaFinder()
        self.sectors = set(Sector.objects.values_list("code", flat=True))
        self.regions = set(Region.objects.values_list("code", flat=True))
        countries = list(Country.objects.values_list("code", "name_en", "name_es", "in_carsi"))
        self.countries = {code for code, *_rest in countries}
        self.seven = {code for code, _en, _es, in_carsi in countries if in_carsi}
        self.country_names = {normalize_name(name): code for code, en, es, _in in countries for name in (en, es)}
        # (reporter's id, identifier) -> file -> checksum, of what this import has read already.
        self.seen: Seen = {}
        # (reporter as the file says it, identifier, file) -> checksum, of what waits for a person: a reporter that it
        # would make is not there yet, and has no id.
        self.waiting: dict[tuple[OrganizationRef, str, str], str] = {}
        # Where the names of organizations are looked for: in the activity's countries, then in its reporter's.
        self.within: list[Collection[str]] = []

    def read_organizations(self) -> None:
        """Reads the register of organizations, also after changes to it were taken back."""
        actor = self.saver.actor
        # Else a file could give its ways of writing to organizations of others, and so what they report later.
        keeps = actor is None or may_anywhere(actor, "answer_organization_request")
        self.organizations = OrganizationFinder(keeps_identifiers=keeps)

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

    def coverage(self, activity: Activity) -> tuple[list[tuple[str, Decimal | None]], list[tuple[str, Decimal | None]]]:
        """(country, percentage) and (region, percentage) as far as the lists know them."""
        countries: list[tuple[str, Decimal | None]] = []
        for share in activity.countries:
            if code := self._country(share):
                countries.append((code, share.percentage))
            elif several := self._countries_named(share.text or share.code):
                activity.warn("code.several", f"recipient-country: {share.text or share.code}")
                countries += [(code, None) for code in several]
            else:
                activity.warn("country.unknown", share.code or share.text)
        regions = []
        for share in activity.regions:
            if code := self._region(share):
                regions.append((code, share.percentage))
            else:
                activity.warn("region.unknown", share.code or share.text)
        self.within = [frozenset(code for code, _percentage in countries) or (self.seven if regions else frozenset())]
        return countries, regions

    def _country(self, share: Share | None) -> str | None:
        """The country of a recipient-country, by its code or else its name; None where the list has none."""
        if share is None:
            return None
        code = words.COUNTRIES_BY_THREE_LETTERS.get(share.code.upper(), share.code.upper())
        return code if code in self.countries else self.country_names.get(normalize_name(share.text or share.code))

    def _region(self, share: Share | None) -> str | None:
        """The DAC region of a recipient-region; None where the list has none."""
        is_dac = share is not None and share.vocabulary.lower() in words.DAC_REGION_VOCABULARIES
        return share.code if share is not None and is_dac and share.code in self.regions else None

    def _purpose(self, shares: Iterable[Share]) -> str | None:
        """The purpose code among the sectors of a transaction."""
        known = (one.code for one in shares if one.vocabulary == PURPOSE_CODES and one.code in self.sectors)
        return next(known, None)

    def _countries_named(self, text: str) -> list[str]:
        """The codes of several countries in one text (“Honduras, Guatemala y El Salvador”); none unless all are
        known."""
        codes = [self.country_names.get(normalize_name(name), "") for name in BETWEEN_NAMES.split(text)]
        return [*dict.fromkeys(codes)] if len(codes) > 1 and all(codes) else []

    def organization(self, ref: OrganizationRef) -> int | None:
        if not ref:
            return None
        found = self.organizations.find_or_create(ref.ref, ref.name, ref.kind, self.within)
        return found.pk if found else None

    def program_data(
        self, activity: Activity, reporter: int, countries: list, regions: list, file_name: str
    ) -> ProgramData:
        self.within = [self.within[0], [self.organizations.home_of(reporter)]]
        language, title, description, translations = texts(activity)
        stated: dict[str, Any] = {**activity.dates, **activity.codes}
        sectors, others = self._sectors(activity)
        if activity.movements and not activity.budgets and all(move.type in INCOMING for move in activity.movements):
            activity.warn("money.incoming-only", "")
        return ProgramData(
            reporting_org_id=reporter,
            identifier=activity.identifier,
            title=title,
            description=description,
            language=language,
            status=activity.status,
            visibility=self.visibility,
            source=Program.Source.IATI,
            source_name=file_name[:255],
            hierarchy=activity.hierarchy,
            translations=translations,
            participations=self._participations(activity),
            coverages=coverages(activity, countries, regions),
            locations=locations(
                activity, {code for code, _percentage in countries}, self.areas, anywhere=bool(regions)
            ),
            sectors=sectors,
            other_sectors=others,
            policy_markers=tuple(
                MarkerData(code, significance) for code, significance in dict(activity.markers).items()
            ),
            transactions=tuple(self.transaction(move) for move in activity.movements),
            budgets=tuple(budget(line) for line in activity.budgets),
            planned_disbursements=tuple(self.payment(one) for one in activity.payments),
            related=tuple(RelatedData(kind, identifier) for kind, identifier in dict.fromkeys(activity.related)),
            is_humanitarian=bool(activity.is_humanitarian),
            is_secondary_report=activity.is_secondary_report,
            **stated,
        )

    def transaction(self, move: Movement) -> TransactionData:
        """A movement as the services take it."""
        return TransactionData(
            type=move.type,
            value=move.value,
            currency=move.currency,
            date=move.date,
            value_date=move.value_date,
            provider_id=self.organization(move.provider),
            receiver_id=self.organization(move.receiver),
            provider_activity=move.provider_activity,
            receiver_activity=move.receiver_activity,
            description=move.description,
            reference=move.reference,
            finance_type=move.finance_type,
            country_id=self._country(move.country),
            region_id=self._region(move.region),
            sector_id=self._purpose(move.sectors),
        )

    def payment(self, planned: PlannedPayment) -> PlannedDisbursementData:
        """A planned payment as the services take it."""
        return PlannedDisbursementData(
            value=planned.value,
            currency=planned.currency,
            period_start=planned.period_start,
            period_end=planned.period_end,
            type=planned.type,
            value_date=planned.value_date,
            provider_id=self.organization(planned.provider),
            receiver_id=self.organization(planned.receiver),
            provider_activity=planned.provider_activity,
            receiver_activity=planned.receiver_activity,
        )

    def _participations(self, activity: Activity) -> tuple[ParticipationData, ...]:
        parts: dict[tuple[int, int], ParticipationData] = {}
        for participant in activity.participants:
            organization = self.organization(participant.organization)
            if organization is not None:
                part = ParticipationData(organization, participant.role, participant.activity_identifier)
                parts.setdefault((organization, participant.role), part)
        return tuple(parts.values())

    def _sectors(self, activity: Activity) -> tuple[tuple[SectorData, ...], tuple[OtherSectorData, ...]]:
        """DAC purpose codes with their shares, and all other sectors, each vocabulary with shares of its own."""
        known, others = [], []
        for share in activity.sectors:
            if share.vocabulary == PURPOSE_CODES and share.code in self.sectors:
                known.append((share.code, share.percentage))
            elif share.code or share.text:
                others.append(share)
                if share.vocabulary == PURPOSE_CODES:
                    activity.warn("sector.unknown", f"{share.code} {share.text}")
        shares = merged_to_hundred(activity, "sector", known)
        rows = other_sectors(activity, others)
        if rows and not shares:
            activity.warn("sector.vocabulary", "; ".join(f"{row.code} {row.name}".strip() for row in rows[:SHOWN]))
        return tuple(SectorData(code, percentage) for code, percentage in shares.items()), rows
