"""What a person does with their own webhooks."""

from collections.abc import Sequence

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowed, Refused
from core.jobs import request_job
from donors.models import User
from programs.webhooks.describe import PROBLEMS, body_of
from programs.webhooks.models import PING, Delivery, Endpoint
from programs.webhooks.sending import CannotSend, target_of

log = structlog.get_logger(__name__)

MOST_A_PERSON = 10
DELIVER_TASK = "programs.webhooks.deliver"


def create_endpoint(*, actor: User, name: str, url: str, kinds: Sequence[str]) -> tuple[Endpoint, str]:
    """A new webhook of the actor's own, and its secret. Refused where the address is none that we call."""
    check_address(url)
    with transaction.atomic():
        # One after the other, so that the limit holds.
        User.objects.select_for_update().get(pk=actor.pk)
        if Endpoint.objects.of(actor).count() >= MOST_A_PERSON:
            raise Refused(_("You already have ten webhooks. Delete one first."))
        endpoint = Endpoint(owner=actor, name=name, url=url, kinds=list(kinds))
        secret = endpoint.make_secret()
        try:
            with transaction.atomic():
                endpoint.save()
        except IntegrityError:
            raise Refused(_("You already have a webhook with this address.")) from None
    log.info("webhook.made", endpoint_id=endpoint.pk, actor=actor.pk)
    return endpoint, secret


def check_address(url: str) -> None:
    """Refused, with the reason, where an address is none that we call."""
    try:
        target_of(url)
    except CannotSend as refusal:
        raise Refused(PROBLEMS[refusal.problem]) from None


def switch_off(endpoint: Endpoint, *, actor: User) -> None:
    """It hears of nothing until it is switched on again; what waits for it waits."""
    _own(endpoint, actor)
    Endpoint.objects.filter(pk=endpoint.pk, ended="").update(ended=Endpoint.Ended.BY_OWNER)


def switch_on(endpoint: Endpoint, *, actor: User) -> None:
    """It hears of what happens from now on, and of what waited for it."""
    _own(endpoint, actor)
    check_address(endpoint.url)
    Endpoint.objects.filter(pk=endpoint.pk).update(ended="", failing_since=None)


def new_secret(endpoint: Endpoint, *, actor: User) -> str:
    """A new secret in the place of the old one, which signs nothing more."""
    _own(endpoint, actor)
    secret = endpoint.make_secret()
    endpoint.save(update_fields=["secret"])
    log.info("webhook.new_secret", endpoint_id=endpoint.pk, actor=actor.pk)
    return secret


def delete_endpoint(endpoint: Endpoint, *, actor: User) -> None:
    """Takes a webhook away, with the record of its deliveries."""
    _own(endpoint, actor)
    endpoint.delete()
    log.info("webhook.deleted", actor=actor.pk)


def ping(endpoint: Endpoint, *, actor: User) -> Delivery:
    """A message without content, to try the address; a worker is asked to send it at once."""
    _own(endpoint, actor)
    now = timezone.now()
    body = body_of(PING, now, None)
    with transaction.atomic():
        sent = Delivery.objects.create(endpoint=endpoint, kind=PING, body=body, next_try_at=now, queued_at=now)
        request_job(DELIVER_TASK, str(sent.pk))
    return sent


def replay(delivery: Delivery, *, actor: User) -> Delivery:
    """Sends a message once more, the very same under the same id: its receiver can tell that it had it."""
    _own(delivery.endpoint, actor)
    Delivery.objects.filter(pk=delivery.pk).exclude(state=Delivery.State.WAITING).update(
        state=Delivery.State.WAITING, tries=0, lost=0, next_try_at=timezone.now(), claimed_at=None, queued_at=None
    )
    delivery.refresh_from_db()
    return delivery


def cancel_delivery(delivery: Delivery, *, actor: User) -> None:
    """Sends a waiting message no more. Refused where it does not wait."""
    _own(delivery.endpoint, actor)
    waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)
    if not waiting.update(state=Delivery.State.CANCELLED, next_try_at=None, claimed_at=None, queued_at=None):
        raise Refused(_("There is nothing to cancel: this message is not waiting to be sent."))


def delete_delivery(delivery: Delivery, *, actor: User) -> None:
    """Takes a message and the record of its tries away. Refused while it waits to be sent."""
    _own(delivery.endpoint, actor)
    if not Delivery.objects.filter(pk=delivery.pk).exclude(state=Delivery.State.WAITING).delete()[0]:
        raise Refused(_("This message is still waiting to be sent. Cancel it first, then delete it."))


def _own(endpoint: Endpoint, actor: User) -> None:
    if endpoint.owner_id != actor.pk:
        raise NotAllowed()
