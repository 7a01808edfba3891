"""Makes valid things by default."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from donors.models import Invitation, Membership, Organization, User
from donors.services import create_organization
from goals.models import ExchangeRate, HeldRate, Priority
from programs.models import Program
from programs.priorities.models import PriorityLink
from programs.services import (
    CoverageData,
    GoalData,
    LocationData,
    ParticipationData,
    ProgramData,
    SectorData,
    TransactionData,
    save_program,
)
from programs.services.places import places_outside
from programs.services.plausibility import DATES


def numbers_of_this_process() -> Iterator[int]:
    """From a million on of its own: a process may work on a copy of a database that another one has filled."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return itertools.count(1_000_000 * process + 1)


_numbers = numbers_of_this_process()


def organization(name: str = "", **fields: Any) -> Organization:
    return create_organization(name or f"Organization {next(_numbers)}", **fields)


PASSWORD = "a-long-password"


@cache
def _hashed_password() -> str:
    """Hashed once for all users: hashing is meant to be slow."""
    return make_password(PASSWORD)


def user(member_of: Organization | None = None, role: str = "viewer", **fields: Any) -> User:
    """A person whose password is PASSWORD."""
    fields.setdefault("email", f"person{next(_numbers)}@example.org")
    made = User.objects.create(password=_hashed_password(), **fields)
    if member_of is not None:
        Membership.objects.create(user=made, organization=member_of, role=role)
    return made


def member(organization: Organization, role: str = "viewer", **fields: Any) -> Membership:
    """A membership of a new person."""
    return Membership.objects.get(user=user(organization, role, **fields))


def invitation(organization: Organization, **fields: Any) -> Invitation:
    """An open invitation whose email was sent, made by the machine."""
    now = timezone.now()
    values = {
        "email": f"invited{next(_numbers)}@example.org",
        "role": "editor",
        "language": "en",
        "sent_at": now,
        "expires_at": now + timedelta(days=7),
    }
    return Invitation.objects.create(organization=organization, **{**values, **fields})


def session(owner: User, **fields: Any) -> UserSession:
    """A session of a person that lets in."""
    client = Client()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    values = {"ip": "192.0.2.1", "user_agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"}
    return UserSession.objects.create(user=owner, session_key=client.session.session_key, **{**values, **fields})


def second_factor(owner: User, secret: str = "JBSWY3DPEHPK3PXP") -> Authenticator:
    """An authenticator app with that secret."""
    return TOTP.activate(owner, secret).instance


def rate_of_today(currency: str = "EUR", usd_per_unit: str = "1.16") -> ExchangeRate:
    """A rate of this month: those of the reference data end some day."""
    month = timezone.localdate().replace(day=1)
    values = {"usd_per_unit": Decimal(usd_per_unit)}
    return ExchangeRate.objects.update_or_create(currency=currency, month=month, defaults=values)[0]


def held_rate(**fields: Any) -> HeldRate:
    """A rate of the lempira that is half of what it was, and waits for a person."""
    values: dict[str, Any] = {
        "currency": "HNL",
        "month": date(2027, 1, 1),
        "usd_per_unit": Decimal("0.02"),
        "known": Decimal("0.04"),
        "source": "A source",
    }
    return HeldRate.objects.create(**{**values, **fields})


def program_data(reporting_org: Organization, implementer: Organization | None = None, **fields: Any) -> ProgramData:
    """A program of community policing in Choloma, Honduras, funded by its reporting organization."""
    participations = [ParticipationData(reporting_org.pk, 1)]
    if implementer is not None:
        participations.append(ParticipationData(implementer.pk, 4))
    values: dict[str, Any] = {
        "reporting_org_id": reporting_org.pk,
        "identifier": f"XX-{next(_numbers)}",
        "title": "Community policing in Choloma",
        "description": "Community police patrols in Choloma, with training for officers and radios.",
        "status": 2,
        "planned_start": date(2024, 1, 1),
        "planned_end": date(2026, 12, 31),
        "visibility": "public",
        "participations": tuple(participations),
        "coverages": (CoverageData(country_id="HN", percentage=Decimal(100)),),
        "locations": (LocationData(area_id="HN-CR", name="Choloma"),),
        "goals": (GoalData(1, Decimal(100)),),
        "sectors": (SectorData("15132", Decimal(100)),),
        "transactions": (
            TransactionData(2, Decimal(1_000_000), "USD", date(2024, 1, 1), date(2024, 1, 1), reporting_org.pk),
        ),
    }
    # Days may be given as texts, which are shorter.
    fields = {
        name: date.fromisoformat(value) if name in DATES and isinstance(value, str) else value
        for name, value in fields.items()
    }
    data = ProgramData(**{**values, **fields})
    if "locations" in fields:
        return data
    # A program of another country is not in Choloma.
    outside = places_outside(data.coverages, data.locations)
    return replace(data, locations=tuple(row for row in data.locations if row not in outside))


def program(reporting_org: Organization | None = None, stage: str = "published", **fields: Any) -> Program:
    saved = save_program(program_data(reporting_org or organization(), **fields), actor=None, stage=stage)
    return Program.objects.get(pk=saved.program.pk)


def priority(**fields: Any) -> Priority:
    """A priority of Honduras under goal 1, of these years, at the end of its list."""
    values: dict[str, Any] = {
        "goal_id": 1,
        "country_id": "HN",
        "title_en": "Community policing in Cortés",
        "title_es": "Policía comunitaria en Cortés",
        "period_start": date(2020, 1, 1),
        "period_end": date(2099, 12, 31),
    }
    made = Priority(**{**values, **fields})
    if not made.rank:
        made.rank = Priority.objects.in_the_same_list(made).count() + 1
    made.save()
    return made


def priority_link(program: Program, **fields: Any) -> PriorityLink:
    """The program as the engine would have proposed it for a priority."""
    values: dict[str, Any] = {"score": 0.7, "reasons": [{"what": "goal", "goal": 1, "share": 100}]}
    return PriorityLink.objects.create(
        **{**values, "program": program, **({} if "priority" in fields else {"priority": priority()}), **fields}
    )
