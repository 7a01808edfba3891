"""Changes to people and to their part in organizations."""

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from donors.models import Invitation, Membership, Organization, User
from donors.permissions import COORDINATOR, EDITOR, MAY_GIVE, NEVER_WITHOUT, VIEWER, require, require_role

# What a machine account may be: never one who sees to people or decides on overlaps.
MACHINE_ROLES = frozenset({VIEWER, EDITOR})

log = structlog.get_logger(__name__)


def change_profile(user: User, *, full_name: str, language: str, digest: str | None = None) -> User:
    """Changes what a person may change of themselves.

    `language` is "", "en" or "es"; `digest` one of User.Digest, or None to leave it as it is.
    """
    user.full_name, user.language = full_name.strip(), language
    if digest is not None:
        user.digest = digest
    user.save(update_fields=["full_name", "language", "digest"])
    return user


def choose_language(user: User, language: str) -> User:
    """Sets the language of a person's pages and emails; Refused for one that the portal does not speak."""
    if language not in dict(settings.LANGUAGES):
        raise Refused(_("The portal is not available in that language."))
    user.language = language
    user.save(update_fields=["language"])
    return user


def choose_digest(user: User, digest: str) -> User:
    """Sets how often the portal writes to a person; Refused for a rhythm that there is not."""
    if digest not in User.Digest.values:
        raise Refused(_("Unknown email frequency."))
    user.digest = digest
    user.save(update_fields=["digest"])
    log.info("people.digest_chosen", user_id=user.pk, digest=digest)
    return user


@transaction.atomic
def change_role(membership: Membership, role: str, *, actor: User) -> Membership:
    """Gives a member another role.

    NotAllowed for anyone who may not manage that organization's people, or may not give or take one of the two roles.
    Refused where the organization would lose its last manager or coordinator, or is not SICA and the role coordinator.
    """
    locked = _locked(membership)
    require(actor, "change_role", locked.organization_id)
    if role == locked.role:
        return locked
    require_role(actor, locked.role, locked.organization_id)
    require_role(actor, role, locked.organization_id)
    if locked.user.is_machine and role not in MACHINE_ROLES:
        raise Refused(_("A machine account can only be a viewer or an editor."))
    if role == COORDINATOR and not locked.organization.is_coordinating_body:
        raise Refused(_("Coordinators can be members of the coordinating body only."))
    _refuse_to_lose_the_last(locked)
    before, locked.role = locked.role, role
    locked.save(update_fields=["role"])
    _withdraw_offers_of(locked, before)
    log.info(
        "people.role_changed",
        organization_id=locked.organization_id,
        user_id=locked.user_id,
        before=before,
        role=role,
        actor=actor.pk,
    )
    return locked


@transaction.atomic
def remove_member(membership: Membership, *, actor: User) -> None:
    """Ends a person's part in an organization; the account and what it did stay. Refusals as in `change_role`."""
    locked = _locked(membership)
    require(actor, "remove_member", locked.organization_id)
    require_role(actor, locked.role, locked.organization_id)
    _refuse_to_lose_the_last(locked)
    _withdraw_offers_of(locked, locked.role)
    locked.delete()
    log.info(
        "people.member_removed",
        organization_id=membership.organization_id,
        user_id=membership.user_id,
        role=membership.role,
        actor=actor.pk,
    )


def _locked(membership: Membership) -> Membership:
    """The row as it is now, with its organization locked: two changes at once must not each take the last but one."""
    organization = Organization.objects.select_for_update().get(pk=membership.organization_id)
    locked = Membership.objects.select_for_update().filter(pk=membership.pk).first()
    if locked is None:
        raise Refused(_("This person is no longer a member."))
    locked.organization = organization
    return locked


def _refuse_to_lose_the_last(membership: Membership) -> None:
    if membership.role not in NEVER_WITHOUT:
        return
    others = Membership.objects.filter(
        organization_id=membership.organization_id, role=membership.role, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise Refused(
            _("This is the organization's last %(role)s. Assign this role to someone else first.")
            % {"role": membership.get_role_display()}
        )


def _withdraw_offers_of(membership: Membership, role: str) -> None:
    """Withdraws the open invitations that a person made by a role which they lose: no way back in for themselves."""
    if role not in MAY_GIVE:
        return
    offers = Invitation.objects.open().filter(invited_by_id=membership.user_id)
    if role != COORDINATOR:
        offers = offers.filter(organization_id=membership.organization_id)
    offers.update(withdrawn_at=timezone.now())
