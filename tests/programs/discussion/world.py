"""A small world: two donors whose programs overlap, a third organization, and a coordinator."""

from dataclasses import dataclass

from donors.models import Organization, User
from programs.models import Program
from programs.overlap.models import Overlap
from programs.overlap.services import sweep
from tests import factories


@dataclass(frozen=True)
class World:
    """`ines` belongs to the left program's organization, `elena` to the right one's, `victor` to neither.

    Each of the three wants emails daily.
    """

    left: Program
    right: Program
    overlap: Overlap
    ines: User
    elena: User
    victor: User
    coordinator: User


def make(**of_right: object) -> World:
    """The right program may be made otherwise, such as restricted."""
    left = factories.program(factories.organization("INL"))
    right = factories.program(factories.organization("AECID"), title="Policía comunitaria en Choloma", **of_right)
    sweep(seconds=None)
    sica = factories.organization("SICA", is_coordinating_body=True)
    return World(
        left,
        right,
        Overlap.objects.get(),
        person(left.reporting_org, "Ines Miller"),
        person(right.reporting_org, "Elena Ruiz", language="es"),
        person(factories.organization("UNDP"), "Victor Unda"),
        factories.user(sica, "coordinator", full_name="Carmen Coordinadora"),
    )


def person(organization: Organization, full_name: str, **fields: object) -> User:
    return factories.user(organization, "editor", **{"full_name": full_name, "digest": "daily", **fields})
