"""Who may do what to a program: role in its reporting organization x action, as a table."""

from django.db.models import QuerySet

from core.errors import NotAllowed
from donors.models import Membership, Organization, User
from programs.models import Program

Role = Membership.Role
# The machine itself (an import from the command line, a scan) acts as None and may do all of it.
Actor = User | None

MAY_DO: dict[str, frozenset[str]] = {
    "save": frozenset({Role.EDITOR, Role.MANAGER}),
    "confirm_goals": frozenset({Role.EDITOR, Role.MANAGER}),
    # Drafts alone: what others have seen is archived.
    "delete": frozenset({Role.EDITOR, Role.MANAGER}),
    # Files of programs: upload, check, apply, and undo what was applied.
    "import": frozenset({Role.EDITOR, Role.MANAGER}),
    "publish": frozenset({Role.MANAGER}),
    # To more people than those who see it now (services.sharing).
    "share": frozenset({Role.MANAGER}),
}
# What SICA's coordinators may do to everybody's programs.
COORDINATORS_MAY = frozenset({"confirm_goals"})


def may(actor: Actor, action: str, reporting_org_id: int) -> bool:
    """Whether `actor` may do `action` (a key of MAY_DO) to programs of that organization."""
    if actor is None or (actor.is_active and actor.is_superuser):
        return True
    if action in COORDINATORS_MAY and actor.is_coordinator:
        return True
    return actor.is_active and actor.roles.get(reporting_org_id) in MAY_DO[action]


def require(actor: Actor, action: str, reporting_org_id: int) -> None:
    """NotAllowed where `may` says no."""
    if not may(actor, action, reporting_org_id):
        raise NotAllowed()


def may_delete(actor: User, program: Program) -> bool:
    """Whether a person may delete the program: a draft that was never submitted, of an organization whose programs they
    may enter."""
    is_theirs = program.stage == Program.Stage.DRAFT and may(actor, "delete", program.reporting_org_id)
    return is_theirs and not program.stage_changes.exists()


def may_change_goals(actor: Actor, program: Program) -> bool:
    return may(actor, "confirm_goals", program.reporting_org_id)


def organizations_where_may(actor: User, action: str) -> QuerySet[Organization]:
    """The organizations for which `may` says yes to a person, by name; whom none belongs to may it nowhere."""
    if actor.is_active and actor.is_superuser:
        return Organization.objects.order_by("name")
    ids = [pk for pk in actor.organization_ids if may(actor, action, pk)] if actor.is_active else []
    return Organization.objects.by_ids(ids).order_by("name")


def may_see_versions(actor: Actor, program: Program) -> bool:
    """Whether `actor` sees every version of a program, drafts included: its own organization, and coordinators."""
    return actor is None or actor.sees_everything or program.reporting_org_id in actor.roles


def organizations_to_save_for(actor: User) -> QuerySet[Organization]:
    """The organizations whose programs `actor` may enter and change, by name; for an administrator, all."""
    if actor.is_active and actor.is_superuser:
        return Organization.objects.order_by("name")
    mine = [pk for pk in actor.roles if may(actor, "save", pk)]
    return Organization.objects.filter(pk__in=mine).order_by("name")


def may_log_programs(actor: User) -> bool:
    """Whether there is any organization that `actor` may enter programs for; no query beyond the memberships."""
    return actor.is_active and (actor.is_superuser or any(may(actor, "save", pk) for pk in actor.roles))
