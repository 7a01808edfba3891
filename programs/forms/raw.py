"""A program as the text of its form, field by field: what empty forms, stored programs and kept copies begin from."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from django.utils.translation import get_language

from donors.models import Organization, User
from goals.models import Area, Sector
from programs.codes import Visibility
from programs.forms.money_rows import CARRIED_OVER
from programs.forms.program import BY_ME, LANGUAGES, PLAIN, PROPOSED
from programs.forms.row_forms import LISTS
from programs.services import PlannedDisbursementData, ProgramData, StoredProgram, TransactionData, new_token

# What a form carries that is no part of the program.
NOT_TYPED = ("csrfmiddlewaretoken", "do", "confirm")


def typed_in(posted: Mapping[str, str]) -> dict[str, str]:
    """The fields of a form that was sent, without what is no part of the program."""
    known = {f"{name}-" for name in LISTS}
    return {
        key: value
        for key, value in posted.items()
        if key not in NOT_TYPED and ("-" not in key or any(key.startswith(prefix) for prefix in known))
    }


def raw_of_new(user: User, organization: Organization | None) -> dict[str, str]:
    """An empty form: the person's language, and their organization as who pays."""
    language = (get_language() or "en")[:2]
    raw = {
        "language": language if language in dict(LANGUAGES) else "en",
        "token": new_token(),
        "goals_by": PROPOSED,
        "visibility": Visibility.PARTNERS.value,
        "version": "",
    }
    if organization is not None:
        raw |= {
            "reporting_org": str(organization.pk),
            "organizations-0-name": organization.name,
            "organizations-0-role": "1",
        }
    return raw


def raw_of(stored: StoredProgram, shared_with: Iterable[int]) -> dict[str, str]:
    """A stored program as its form; three queries for the names in it."""
    data = stored.data
    raw = {name: _text(getattr(data, name)) for name in PLAIN}
    raw |= {
        "reporting_org": str(data.reporting_org_id),
        "identifier": data.identifier,
        "version": str(stored.version),
        "goals_by": PROPOSED if stored.goals_proposed else BY_ME,
    }
    if not stored.goals_proposed:
        raw |= {f"goal_{row.goal_id}": _text(row.percentage) for row in data.goals or ()}
    shared = list(shared_with)
    organizations = Organization.objects.in_bulk(
        [row.organization_id for row in data.participations]
        + [
            pk
            for rows in (data.transactions, data.planned_disbursements)
            for row in rows
            for pk in (row.provider_id, row.receiver_id)
            if pk
        ]
        + shared
    )
    names = {pk: organization.name for pk, organization in organizations.items()}
    areas = Area.objects.select_related("country").in_bulk([row.area_id for row in data.locations if row.area_id])
    sectors = Sector.objects.in_bulk([row.sector_id for row in data.sectors])
    lists: dict[str, list[dict[str, Any]]] = {
        "countries": [
            {"place": row.country_id or row.region_id, "percentage": row.percentage} for row in data.coverages
        ],
        "places": [
            {
                "area": areas[row.area_id].with_country if row.area_id else "",
                "name": row.name,
                "percentage": row.percentage,
                "latitude": row.latitude,
                "longitude": row.longitude,
            }
            for row in data.locations
        ],
        "sectors": [{"sector": str(sectors[row.sector_id]), "percentage": row.percentage} for row in data.sectors],
        "organizations": [
            {"name": names[row.organization_id], "role": row.role, "activity_identifier": row.activity_identifier}
            for row in data.participations
        ],
        "transactions": [_transaction(row, names) for row in data.transactions],
        "budgets": [{field.name: getattr(row, field.name) for field in fields(row)} for row in data.budgets],
        "payments": [_payment(row, names) for row in data.planned_disbursements],
        "related": [{"type": row.type, "identifier": row.identifier} for row in data.related],
        "shared": [{"name": names[pk]} for pk in shared if pk in names],
    }
    return raw | _numbered(lists)


def _transaction(row: TransactionData, names: Mapping[int, str]) -> dict[str, Any]:
    more = {name: _text(getattr(row, name)) for name in CARRIED_OVER if getattr(row, name)}
    if more.get("value_date") == _text(row.date):
        del more["value_date"]
    return {
        "type": row.type,
        "value": row.value,
        "currency": row.currency,
        "date": row.date,
        "provider": names.get(row.provider_id or 0, ""),
        "receiver": names.get(row.receiver_id or 0, ""),
        "more": json.dumps(more) if more else "",
    }


def _payment(row: PlannedDisbursementData, names: Mapping[int, str]) -> dict[str, Any]:
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return values | {
        "provider": names.get(values.pop("provider_id") or 0, ""),
        "receiver": names.get(values.pop("receiver_id") or 0, ""),
    }


def _numbered(lists: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, str]:
    return {
        f"{name}-{number}-{field}": _text(value)
        for name, rows in lists.items()
        for number, row in enumerate(rows)
        for field, value in row.items()
    }


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def keys_of(field: str, raw: Mapping[str, str]) -> list[str]:
    """The fields of a form that say an attribute of ProgramData (or `shared_with`)."""
    if field == "goals":
        return [key for key in raw if key == "goals_by" or key.startswith("goal_")]
    if field == "reporting_org_id":
        return ["reporting_org"] if "reporting_org" in raw else []
    prefix = {attribute: name for name, (_form, attribute, _spare) in LISTS.items()}.get(field)
    if field == "shared_with":
        prefix = "shared"
    return [key for key in raw if (key.startswith(f"{prefix}-") if prefix else key == field)]


def empty_data(reporting_org_id: int, identifier: str) -> ProgramData:
    """A program of which nothing is said yet."""
    return ProgramData(reporting_org_id=reporting_org_id, identifier=identifier)
