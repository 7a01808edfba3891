"""Machine accounts of an organization: what acts for a ministry's nightly job or a donor's own system, and stays when a
person goes. Nobody signs in with one; it has keys alone, made by those who manage the organization's people."""

import secrets
from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from donors.models import Membership, Organization, User
from donors.permissions import require
from donors.services.keys import NewKey, create_api_key
from donors.services.people import MACHINE_ROLES

log = structlog.get_logger(__name__)

# Where its address would be, if it had one (RFC 2606): no email goes there.
NO_MAIL = "machine.invalid"


@transaction.atomic
def add_machine(organization: Organization, name: str, role: str, *, actor: User) -> User:
    """A machine account of the organization, as viewer or editor. NotAllowed for who does not see to its machines;
    Refused without a name, for one that another machine there has, and for another role."""
    require(actor, "see_to_machines", organization.pk)
    Organization.objects.select_for_update().get(pk=organization.pk)
    name = name.strip()
    if not name:
        raise Refused(_("Give the machine account a name, so that everyone sees what it does."))
    if role not in MACHINE_ROLES:
        raise Refused(_("A machine account can only be a viewer or an editor."))
    if organization.machines.filter(is_active=True, full_name__iexact=name[:150]).exists():
        raise Refused(_("Your organization already has a machine account with this name."))
    machine = User.objects.create_user(
        f"{secrets.token_hex(8)}@{NO_MAIL}", full_name=name[:150], digest=User.Digest.OFF, machine_of=organization
    )
    Membership.objects.create(user=machine, organization=organization, role=role)
    log.info("machine.added", organization_id=organization.pk, machine=machine.pk, role=role, actor=actor.pk)
    return machine


def create_machine_key(
    machine: User, name: str, *, actor: User, expires_at: datetime | None = None, scopes: Iterable[str] = ()
) -> NewKey:
    """A key for a machine account: refusals as for `create_api_key`, and NotAllowed as for `add_machine`."""
    require(actor, "see_to_machines", organization_of(machine))
    made = create_api_key(machine, name, expires_at=expires_at, scopes=scopes)
    log.info("machine.key_made", machine=machine.pk, key=made.key.prefix, actor=actor.pk)
    return made


@transaction.atomic
def stop_machine(machine: User, *, actor: User) -> User:
    """Ends a machine account and its keys at once; what it did stays under its name. NotAllowed as for adding."""
    require(actor, "see_to_machines", organization_of(machine))
    machine.api_keys.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    machine.memberships.all().delete()
    machine.is_active = False
    machine.save(update_fields=["is_active"])
    log.info("machine.stopped", machine=machine.pk, actor=actor.pk)
    return machine


def organization_of(machine: User) -> int:
    """The id of the organization whose machine it is; Refused for a person."""
    if machine.machine_of_id is None:
        raise Refused(_("This is a person's account."))
    return machine.machine_of_id
