"""What a program says, in words a person can compare: field by field, line by line."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from donors.models import Organization
from goals.models import Area, Country, Goal, Region, Sector
from goals.vocabularies import vocabulary_name
from programs.models import (
    Budget,
    Participation,
    PlannedDisbursement,
    Program,
    RelatedProgram,
    SharingChange,
    Transaction,
)
from programs.services import CoverageData, ProgramData, TransactionData

# Fields that say a choice of the model's.
CHOICES: dict[str, dict[Any, Any]] = {
    "status": dict(Program.Status.choices),
    "visibility": dict(Program.Visibility.choices),
}


def field_labels() -> dict[str, str]:
    """The fields of ProgramData that people change, as the form calls them, in its order."""
    return {
        "reporting_org_id": _("Your organization"),
        "identifier": _("Identifier"),
        "title": _("Title"),
        "description": _("Description"),
        "language": _("Language of title and description"),
        "status": pgettext("program", "Status"),
        "coverages": _("Countries"),
        "locations": _("Places"),
        "planned_start": _("Planned start"),
        "planned_end": _("Planned end"),
        "actual_start": _("Actual start"),
        "actual_end": _("Actual end"),
        "sectors": _("Sectors"),
        "goals": _("Goals"),
        "participations": _("Organizations"),
        "transactions": _("Transactions"),
        "budgets": _("Budgets"),
        "planned_disbursements": _("Planned payments"),
        "related": _("Related programs"),
        "visibility": _("Visible to"),
        "translations": _("Translations"),
        "other_sectors": _("Sectors of other vocabularies"),
        "policy_markers": _("Policy markers"),
        "is_humanitarian": _("Humanitarian"),
        "is_secondary_report": _("Secondary report"),
    }


def sharing_lines(change: SharingChange) -> list[str]:
    """A change of who may see a program, one line for each part of it."""
    lines = []
    if change.before != change.after:
        words = {"before": change.get_before_display(), "after": change.get_after_display()}
        lines.append(_("Visible to: %(before)s → %(after)s") % words)
    if change.added:
        lines.append(_("Shared with: %(organizations)s") % {"organizations": ", ".join(change.added)})
    if change.removed:
        lines.append(_("No longer shared with: %(organizations)s") % {"organizations": ", ".join(change.removed)})
    return lines


class Describer:
    """Names for the codes and ids in some programs: a query a kind of thing, however many programs."""

    def __init__(self, programs: Iterable[ProgramData]) -> None:
        programs = list(programs)
        self.goals = Goal.objects.in_bulk()
        self.countries = Country.objects.in_bulk(
            {row.country_id for data in programs for row in _of_places(data)} - {None}
        )
        self.regions = Region.objects.in_bulk({row.region_id for data in programs for row in _of_places(data)} - {None})
        self.areas = Area.objects.select_related("country").in_bulk(
            {row.area_id for data in programs for row in data.locations} - {None}
        )
        self.sectors = Sector.objects.in_bulk(
            {row.sector_id for data in programs for rows in (data.sectors, data.transactions) for row in rows} - {None}
        )
        named = {data.reporting_org_id for data in programs}
        named |= {row.organization_id for data in programs for row in data.participations}
        named |= {
            pk
            for data in programs
            for rows in (data.transactions, data.planned_disbursements)
            for row in rows
            for pk in (row.provider_id, row.receiver_id)
            if pk
        }
        self.organizations = Organization.objects.in_bulk(named)

    def lines(self, data: ProgramData, field: str) -> list[str]:
        """What `data` says in `field`, one line a row; no line where it says nothing."""
        value = getattr(data, field)
        if value in (None, "", ()):
            return []
        if isinstance(value, tuple):
            return [self._row(field, row) for row in value]
        if field == "reporting_org_id":
            return [str(self.organizations.get(value, value))]
        if field == "language":
            return [language_name(value)]
        if isinstance(value, bool):
            return [_("Yes")] if value else []
        if field in CHOICES:
            return [str(CHOICES[field].get(value, value))]
        return [_day(value) if hasattr(value, "isoformat") else str(value)]

    def _row(self, field: str, row: Any) -> str:
        parts = ROWS[field](self, row)
        return " · ".join(str(part) for part in parts if part not in (None, ""))

    def _organization(self, pk: int | None) -> str:
        return str(self.organizations.get(pk, "")) if pk else ""

    def _between(self, row: Any) -> str:
        return " → ".join(
            name for name in (self._organization(row.provider_id), self._organization(row.receiver_id)) if name
        )

    def _transaction(self, row: Any) -> tuple[Any, ...]:
        kind = dict(Transaction.Type.choices).get(row.type, row.type)
        own = (
            self.countries.get(row.country_id or ""),
            self.regions.get(row.region_id or ""),
            self.sectors.get(row.sector_id or ""),
        )
        return (kind, _amount(row.value, row.currency), _day(row.date), self._between(row), *own, row.description)


def _of_places(data: ProgramData) -> list[CoverageData | TransactionData]:
    return [*data.coverages, *data.transactions]


def language_name(code: str) -> str:
    """The name of a language in the reader's; its code where that is rare."""
    try:
        return str(capfirst(get_language_info(code)["name_translated"]))
    except KeyError:
        return code


def _day(value: Any) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""


def _amount(value: Decimal, currency: str) -> str:
    return f"{number_format(value, decimal_pos=2, force_grouping=True)} {currency}"


def _period(row: Any) -> str:
    return f"{_day(row.period_start) or '?'} – {_day(row.period_end) or '?'}"


def _share(value: Decimal | None) -> str:
    return "" if value is None else f"{number_format(value, decimal_pos=2)} %"


ROWS: dict[str, Any] = {
    "coverages": lambda names, row: (
        names.countries.get(row.country_id) or names.regions.get(row.region_id),
        _share(row.percentage),
    ),
    "locations": lambda names, row: (
        row.name,
        names.areas[row.area_id].with_country if row.area_id in names.areas else "",
        f"{row.latitude}, {row.longitude}" if row.latitude is not None else "",
        _share(row.percentage),
    ),
    "goals": lambda names, row: (names.goals.get(row.goal_id), _share(row.percentage)),
    "sectors": lambda names, row: (names.sectors.get(row.sector_id), _share(row.percentage)),
    "participations": lambda names, row: (
        dict(Participation.Role.choices).get(row.role),
        names._organization(row.organization_id),
        row.activity_identifier,
    ),
    "transactions": lambda names, row: names._transaction(row),
    "budgets": lambda names, row: (
        _period(row),
        _amount(row.value, row.currency),
        dict(Budget.Type.choices).get(row.type),
        dict(Budget.Status.choices).get(row.status),
    ),
    "planned_disbursements": lambda names, row: (
        _period(row),
        _amount(row.value, row.currency),
        dict(PlannedDisbursement.Type.choices).get(row.type),
        names._between(row),
    ),
    "related": lambda names, row: (dict(RelatedProgram.Type.choices).get(row.type), row.identifier),
    "translations": lambda names, row: (language_name(row.language), row.title, row.description),
    "other_sectors": lambda names, row: (
        vocabulary_name(row.vocabulary),
        row.code,
        row.name,
        _share(row.percentage),
    ),
    "policy_markers": lambda names, row: (row.code, row.significance),
}
