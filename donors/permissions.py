"""Who may do what with the people of an organization: role in it x action, as a table.

The actions: see the People page; manage the organization's machine accounts and their keys; send, send again and
withdraw an invitation; change a member's role; remove a member; ask for an organization that is not in the list, and
answer that; change the names that the organization goes by.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed

if TYPE_CHECKING:
    from donors.models import User

VIEWER, EDITOR, MANAGER, COORDINATOR = "viewer", "editor", "manager", "coordinator"

MAY_DO: dict[str, frozenset[str]] = {
    "see_people": frozenset({MANAGER}),
    "invite": frozenset({MANAGER}),
    "resend_invitation": frozenset({MANAGER}),
    "withdraw_invitation": frozenset({MANAGER}),
    "change_role": frozenset({MANAGER}),
    "remove_member": frozenset({MANAGER}),
    "ask_for_organization": frozenset({EDITOR, MANAGER}),
    "answer_organization_request": frozenset(),
    "see_to_machines": frozenset({MANAGER}),
    "change_names": frozenset({MANAGER}),
}
# What SICA's coordinators may do in every organization.
COORDINATORS_MAY = frozenset(MAY_DO)
# Role -> the roles that it may give to others, and take from them. Whoever sees everything is made by their like alone.
MAY_GIVE: dict[str, frozenset[str]] = {
    MANAGER: frozenset({VIEWER, EDITOR, MANAGER}),
    COORDINATOR: frozenset({VIEWER, EDITOR, MANAGER, COORDINATOR}),
}
# Roles whose last holder an organization keeps: nobody would be left to see to its people.
NEVER_WITHOUT = frozenset({MANAGER, COORDINATOR})


def may_anywhere(actor: "User", action: str) -> bool:
    """Whether `actor` may do `action` (a key of MAY_DO) in every organization."""
    if not actor.is_active:
        return False
    return actor.is_superuser or (action in COORDINATORS_MAY and actor.is_coordinator)


def organizations_where(actor: "User", action: str) -> list[int]:
    """The ids of the organizations in which `actor`'s own role allows `action`."""
    if not actor.is_active:
        return []
    return [organization_id for organization_id, role in actor.roles.items() if role in MAY_DO[action]]


def may(actor: "User", action: str, organization_id: int) -> bool:
    """Whether `actor` may do `action` (a key of MAY_DO) with the people of that organization."""
    return may_anywhere(actor, action) or organization_id in organizations_where(actor, action)


def require(actor: "User", action: str, organization_id: int) -> None:
    """NotAllowed where `may` says no."""
    if not may(actor, action, organization_id):
        raise NotAllowed()


def roles_given_by(actor: "User", organization_id: int) -> frozenset[str]:
    """The roles that `actor` may give and take in that organization."""
    if may_anywhere(actor, "change_role"):
        return MAY_GIVE[COORDINATOR]
    return MAY_GIVE.get(actor.roles.get(organization_id, ""), frozenset()) if actor.is_active else frozenset()


def require_role(actor: "User", role: str, organization_id: int) -> None:
    """NotAllowed where `actor` may not give or take `role` there."""
    if role not in roles_given_by(actor, organization_id):
        raise NotAllowed(_("Only a coordinator can assign or remove this role."))
