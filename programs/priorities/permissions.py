"""Who may enter priorities, and who settles which programs answer them."""

from django.db.models import QuerySet

from core.errors import NotAllowed
from donors.models import Membership, Organization, User
from goals.models import Country
from programs.models import Program

# A country speaks through the managers of its government's organizations (IATI OrganisationType 10).
SPEAKS_FOR_ITS_COUNTRY = frozenset({Organization.Kind.GOVERNMENT.value})
# Who settles what a program of their organization answers.
SETTLES = frozenset({Membership.Role.EDITOR.value, Membership.Role.MANAGER.value})


def may_set_all(actor: User) -> bool:
    """SICA's coordinators and administrators: those of all countries, and those of the region."""
    return actor.sees_everything


def countries_to_set(actor: User) -> QuerySet[Country]:
    """The countries whose priorities `actor` may enter; one query."""
    seven = Country.objects.filter(in_carsi=True)
    if may_set_all(actor):
        return seven
    if not actor.is_active:
        return seven.none()
    managed = [pk for pk, role in actor.roles.items() if role == Membership.Role.MANAGER]
    bodies = Organization.objects.filter(pk__in=managed, kind__in=SPEAKS_FOR_ITS_COUNTRY)
    return seven.filter(pk__in=bodies.values("country"))


def may_set(actor: User, country: str | None) -> bool:
    """Whether `actor` may enter and change the priorities of a country (None: of the region)."""
    return may_set_all(actor) or (country is not None and countries_to_set(actor).filter(pk=country).exists())


def may_set_any(actor: User) -> bool:
    return may_set_all(actor) or countries_to_set(actor).exists()


def require_may_set(actor: User, country: str | None) -> None:
    """NotAllowed where `may_set` says no."""
    if not may_set(actor, country):
        raise NotAllowed()


def may_settle(actor: User, program: Program) -> bool:
    """Whether `actor` says if the program answers a priority: its organization's editors, coordinators."""
    return actor.sees_everything or (actor.is_active and actor.roles.get(program.reporting_org_id) in SETTLES)
