"""Who can be called about a program: the people of the organization that reports it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from donors.models import Membership, Organization
from programs.models import Program

MOST_PEOPLE = 3


@dataclass(frozen=True)
class Contact:
    """An organization, whom to ask for there, and the address that it gives for itself."""

    organization: Organization
    people: list[str]


def names_of_people(organizations: Iterable[int]) -> dict[int, list[str]]:
    """The names of managers, then editors, of each organization; people without a name are not named by their email."""
    found: dict[int, list[str]] = {}
    members = Membership.objects.filter(
        organization__in=organizations, role__in=["manager", "editor"], user__is_active=True
    ).exclude(user__full_name="")
    for organization, name in members.order_by("-role", "user__full_name").values_list(
        "organization_id", "user__full_name"
    ):
        found.setdefault(organization, []).append(name)
    return found


def people_to_call(programs: Sequence[Program]) -> list[Contact]:
    """Whom to call at each reporting organization: one query."""
    organizations = {program.reporting_org_id: program.reporting_org for program in programs}
    people = names_of_people(organizations)
    contacts = [Contact(body, people.get(pk, [])[:MOST_PEOPLE]) for pk, body in organizations.items()]
    return sorted(contacts, key=lambda contact: str(contact.organization))
