"""Maps activities to the portal's own lists: countries, areas, sectors, organizations."""

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from core.names import normalize_name
from donors.permissions import may_anywhere
from donors.services import OrganizationFinder
from goals.models import Country, Region, Sector
from goals.vocabularies import PURPOSE_CODES
from programs.codes import INCOMING
from programs.exchange.iati import vocabulary as words
from programs.exchange.iati.activity import Activity, Movement, OrganizationRef, PlannedPayment, Share
from programs.exchange.iati.converting import budget, coverages, other_sectors, texts
from programs.exchange.iati.locations import locations
from programs.exchange.iati.places import AreaFinder
from programs.exchange.iati.shares import merged_to_hundred
from programs.models import Program
from programs.services import (
    MarkerData,
    OtherSectorData,
    ParticipationData,
    PlannedDisbursementData,
    ProgramData,
    RelatedData,
    SectorData,
    TransactionData,
)
from programs.services.permissions import Actor

BETWEEN_NAMES = re.compile(r"\s*[,;/|&]\s*(?:and|y|e)?\s*|\s+(?:and|y|e)\s+", re.IGNORECASE)
# How many codes an example names.
SHOWN = 5


class ActivityMapper:
    """Maps what activities say for one actor; reads the reference lists and the register of organizations once.

    What no list knows is told by a warning of the activity (`Activity.warn`). Programs that it makes are for those
    whom `visibility` names.
    """

    def __init__(self, actor: Actor, visibility: str) -> None:
        self.actor, self.visibility = actor, visibility
        self.read_organizations()
        self.areas = AreaFinder()
        self.sectors = set(Sector.objects.values_list("code", flat=True))
        self.regions = set(Region.objects.values_list("code", flat=True))
        countries = list(Country.objects.values_list("code", "name_en", "name_es", "in_carsi"))
        self.countries = {code for code, *_rest in countries}
        self.seven = {code for code, _en, _es, in_carsi in countries if in_carsi}
        self.country_names = {normalize_name(name): code for code, en, es, _in in countries for name in (en, es)}
        # Where the names of organizations are looked for: in the activity's countries, then in its reporter's.
        self.within: list[Collection[str]] = []

    def read_organizations(self) -> None:
        """Reads the register of organizations, also after changes to it were taken back."""
        # Else a file could give its ways of writing to organizations of others, and so what they report later.
        keeps = self.actor is None or may_anywhere(self.actor, "answer_organization_request")
        self.organizations = OrganizationFinder(keeps_identifiers=keeps)

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
        """The id of the organization, made where nobody is called so; None where nothing is said."""
        if not ref:
            return None
        found = self.organizations.find_or_create(ref.ref, ref.name, ref.kind, self.within)
        return found.pk if found else None

    def program_data(
        self, activity: Activity, reporter: int, countries: list, regions: list, file_name: str
    ) -> ProgramData:
        """An activity as the services take it; `coverage` was asked for it before."""
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
