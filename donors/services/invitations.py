"""Invitations: made, sent, sent again, withdrawn, accepted."""

from datetime import timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotAllowed, Refused
from donors.emails import absolute, send_email
from donors.models import Invitation, Membership, Organization, User
from donors.permissions import COORDINATOR, require, require_role

log = structlog.get_logger(__name__)

SALT = "donors.invitation"
LETTERS_AT_ONCE = 100


def invite(organization: Organization, *, email: str, role: str, language: str, actor: User) -> Invitation:
    """Offers a role in an organization to anyone who has that address, and sends the email in `language` (en, es).

    Says the same whether the address has an account or not. Where the email cannot be sent now, `sent_at` stays empty
    and `send_waiting_invitations` tries again. NotAllowed for anyone who may not invite there or not give that role;
    Refused for members, for addresses with an offer still open, and for coordinators outside the coordinating body.
    """
    require(actor, "invite", organization.pk)
    require_role(actor, role, organization.pk)
    email = email.strip().lower()
    if role == COORDINATOR and not organization.is_coordinating_body:
        raise Refused(_("Coordinators can be members of the coordinating body only."))
    if Membership.objects.filter(organization=organization, user__email__iexact=email).exists():
        raise Refused(_("This person is already a member. Change the role in the list of members."))
    try:
        with transaction.atomic():
            now = timezone.now()
            Invitation.objects.open().filter(organization=organization, email=email, expires_at__lte=now).update(
                withdrawn_at=now
            )
            invitation = Invitation.objects.create(
                organization=organization,
                email=email,
                role=role,
                language=language,
                invited_by=actor,
                expires_at=now + timedelta(days=settings.INVITATION_DAYS),
            )
    except IntegrityError as error:
        raise Refused(_("This address has already been invited. Send that invitation again or withdraw it.")) from error
    _log("people.invited", invitation, actor)
    return _sent(invitation)


def resend_invitation(invitation: Invitation, *, actor: User) -> Invitation:
    """Sends an open or expired invitation again, good for another seven days; links sent before stop working."""
    require(actor, "resend_invitation", invitation.organization_id)
    with transaction.atomic():
        locked = _locked(invitation.pk)
        require_role(actor, locked.role, locked.organization_id)
        locked.version += 1
        locked.expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
        locked.sent_at = None
        locked.save(update_fields=["version", "expires_at", "sent_at"])
    _log("people.invitation_sent_again", locked, actor)
    return _sent(locked)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, actor: User) -> Invitation:
    """Takes an offer back: its link no longer works. Refused when it was accepted or withdrawn in the meantime."""
    require(actor, "withdraw_invitation", invitation.organization_id)
    locked = _locked(invitation.pk)
    require_role(actor, locked.role, locked.organization_id)
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    _log("people.invitation_withdrawn", locked, actor)
    return locked


def link_to(invitation: Invitation) -> str:
    """The whole address of the page that accepts the invitation; good once, until it expires or is sent again."""
    token = signing.dumps([invitation.pk, invitation.version], salt=SALT)
    return absolute(reverse("donors:invitation", args=[token]))


def invitation_behind(token: str) -> Invitation | None:
    """The invitation that a link names, if it can still be accepted; one query."""
    try:
        pk, version = signing.loads(token, salt=SALT, max_age=timedelta(days=settings.INVITATION_DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    invitation = Invitation.objects.select_related("organization", "invited_by").filter(pk=pk, version=version).first()
    if invitation is None or invitation.state != Invitation.State.PENDING:
        return None
    return invitation


@transaction.atomic
def accept_as_new_person(invitation: Invitation, *, full_name: str, password: str, language: str) -> User:
    """Makes the account and the membership. Refused when the link was used in the meantime, or the address has an
    account."""
    locked = _locked(invitation.pk, invitation.version)
    try:
        with transaction.atomic():
            user = User.objects.create_user(locked.email, password, full_name=full_name.strip(), language=language)
    except IntegrityError as error:
        raise Refused(_("There is already an account with this address. Sign in to accept the invitation.")) from error
    return _join(locked, user)


@transaction.atomic
def accept_as_member(invitation: Invitation, *, user: User) -> User:
    """Adds the membership to the account that has the invitation's address. NotAllowed for any other account.

    Anyone who became a member by another way in the meantime keeps the role of then.
    """
    locked = _locked(invitation.pk, invitation.version)
    if user.email.lower() != locked.email:
        raise NotAllowed(_("This invitation is for another email address."))
    return _join(locked, user)


def send_waiting_invitations() -> int:
    """Sends the emails that could not be sent before; returns how many went out. Safe to run twice at once."""
    waiting = Invitation.objects.waiting_to_be_sent().order_by("pk").values_list("pk", flat=True)[:LETTERS_AT_ONCE]
    return sum(_send(pk) for pk in list(waiting))


def _locked(pk: int, version: int | None = None) -> Invitation:
    """The row, locked, if it is still open (and of that version, not expired); else Refused."""
    locked = Invitation.objects.open().select_for_update(of=("self",)).filter(pk=pk).first()
    if locked is None or (
        version is not None and (locked.version != version or locked.state != Invitation.State.PENDING)
    ):
        raise Refused(_("This invitation is no longer open."))
    return locked


def _join(invitation: Invitation, user: User) -> User:
    Membership.objects.get_or_create(
        user=user, organization_id=invitation.organization_id, defaults={"role": invitation.role}
    )
    user.forget_roles()
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _log("people.invitation_accepted", invitation, user)
    return user


def _sent(invitation: Invitation) -> Invitation:
    """The invitation after an attempt to send its email."""
    _send(invitation.pk)
    invitation.refresh_from_db(fields=["sent_at"])
    return invitation


@transaction.atomic
def _send(pk: int) -> bool:
    """Sends the email, if it still waits and nobody else is sending it; False when it could not be sent."""
    waiting = Invitation.objects.waiting_to_be_sent().select_related("organization", "invited_by")
    invitation = waiting.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if invitation is None:
        return False
    context = {"invitation": invitation, "link": link_to(invitation)}
    try:
        send_email("emails/invitation", to=invitation.email, language=invitation.language, context=context)
    except (SMTPException, OSError) as error:
        log.warning("people.invitation_not_sent", invitation_id=pk, error=type(error).__name__)
        return False
    invitation.sent_at = timezone.now()
    invitation.save(update_fields=["sent_at"])
    return True


def _log(event: str, invitation: Invitation, actor: User) -> None:
    log.info(
        event,
        invitation_id=invitation.pk,
        organization_id=invitation.organization_id,
        role=invitation.role,
        actor=actor.pk,
    )
