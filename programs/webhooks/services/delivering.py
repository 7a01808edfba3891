"""Delivering a message: one worker at a time, tried again ever more slowly, and given up with an email to its owner."""

import json
import smtplib
import time
import uuid
from collections import Counter
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.jobs import MOST_ATTEMPTS
from donors.emails import absolute, send_email
from programs.webhooks.models import PING, Attempt, Delivery, Endpoint
from programs.webhooks.sending import Answer, CannotSend, Problem, post
from programs.webhooks.services.spreading import visible_subjects

log = structlog.get_logger(__name__)

# After the first try, and each further one: two days in all.
WAITS = [timedelta(seconds=s) for s in (10, 60, 300, 1800, 2 * 3600, 6 * 3600, 15 * 3600, 24 * 3600)]
SWITCHED_OFF_AFTER = timedelta(days=3)
# A worker that has said nothing for so long is gone.
STALE_AFTER = timedelta(minutes=2)
# How many messages wait for a worker at most, and how many of them of one address. Four at a time and fifteen seconds
# each (sending.ALL_SECONDS), they are done before they count as lost.
MOST_QUEUED, MOST_OF_ONE = 200, 50
LOST_AFTER = timedelta(minutes=15)


def queue_due() -> list[uuid.UUID]:
    """Ids of the messages to be sent now, the longest due first, which are noted as queued: no further call gives them
    until they were tried, or were lost.

    An address that fails has one message queued at a time: those of others do not wait behind all of its own.
    """
    now = timezone.now()
    queued = Counter(Delivery.objects.queued_since(now - LOST_AFTER).values_list("endpoint", flat=True))
    left = MOST_QUEUED - queued.total()
    due = Delivery.objects.due(now, now - STALE_AFTER).exclude(queued_at__gte=now - LOST_AFTER)
    chosen: list[uuid.UUID] = []
    rows = due.first_of_each_endpoint(MOST_OF_ONE).values_list("pk", "endpoint", "endpoint__failing_since")
    for pk, endpoint, failing_since in rows:
        if len(chosen) >= left:
            break
        if queued[endpoint] < (1 if failing_since else MOST_OF_ONE):
            queued[endpoint] += 1
            chosen.append(pk)
    Delivery.objects.filter(pk__in=chosen).update(queued_at=now)
    return chosen


def deliver(delivery_id: uuid.UUID) -> bool:
    """Tries one message, if it is due and no other worker is at it; whether it was delivered.

    It may arrive twice (a worker that dies after sending is not told apart from one that died before): receivers know
    a message by its webhook-id.
    """
    now = timezone.now()
    taken = Delivery.objects.due(now, now - STALE_AFTER).filter(pk=delivery_id)
    if not taken.update(claimed_at=now, tries=F("tries") + 1, lost=F("lost") + 1):
        return False
    delivery = Delivery.objects.select_related("endpoint__owner").get(pk=delivery_id)
    endpoint = delivery.endpoint
    if delivery.lost > MOST_ATTEMPTS:
        Attempt.objects.create(delivery=delivery, problem=Problem.STOPPED.value, milliseconds=0)
        _settle(delivery, Delivery.State.FAILED)
        log.error("webhook.gave_up", delivery_id=str(delivery_id))
        return False
    if not _is_still_visible(delivery):
        _settle(delivery, Delivery.State.WITHHELD)
        return False
    body = json.dumps(delivery.body, ensure_ascii=False, separators=(",", ":")).encode()
    began, answer, problem = time.monotonic(), None, ""
    try:
        answer = post(endpoint.url, endpoint.signing_secret, str(delivery.pk), body)
    except CannotSend as error:
        problem = error.problem.value
    milliseconds = round((time.monotonic() - began) * 1000)
    _record(delivery, answer, problem, milliseconds)
    return answer is not None and answer.is_success


def _is_still_visible(delivery: Delivery) -> bool:
    if delivery.kind == PING or delivery.subject_id is None:
        return True
    key = (delivery.kind, delivery.subject_id)
    return key in visible_subjects(delivery.endpoint.owner, {key})


def _record(delivery: Delivery, answer: Answer | None, problem: str, milliseconds: int) -> None:
    with transaction.atomic():
        if not Delivery.objects.select_for_update(no_key=True).filter(pk=delivery.pk).update(lost=0):
            return  # its owner has deleted it
        Attempt.objects.create(
            delivery=delivery,
            status=answer.status if answer else None,
            answer=answer.text if answer else "",
            problem=problem,
            milliseconds=milliseconds,
        )
        of_it = Endpoint.objects.filter(pk=delivery.endpoint_id)
        if answer and answer.is_success:
            of_it.update(failing_since=None)
            _settle(delivery, Delivery.State.DELIVERED)
            return
        of_it.update(failing_since=Coalesce("failing_since", timezone.now()))
        if delivery.tries > len(WAITS):
            _settle(delivery, Delivery.State.FAILED)
        else:
            wait = WAITS[delivery.tries - 1]
            _waiting(delivery).update(next_try_at=timezone.now() + wait, claimed_at=None, queued_at=None)
        ended = ""
        if answer and answer.is_gone:
            ended = Endpoint.Ended.GONE
        elif of_it.filter(failing_since__lt=timezone.now() - SWITCHED_OFF_AFTER).exists():
            ended = Endpoint.Ended.FAILING
        # Once: anyone who switches it off writes the email.
        if ended and of_it.filter(ended="").update(ended=ended):
            transaction.on_commit(lambda: _tell_owner(delivery.endpoint))
    log.info("webhook.not_delivered", endpoint_id=delivery.endpoint_id, tries=delivery.tries, problem=problem)


def _settle(delivery: Delivery, state: str) -> None:
    _waiting(delivery).update(state=state, next_try_at=None, claimed_at=None, queued_at=None)


def _waiting(delivery: Delivery) -> QuerySet[Delivery]:
    """The message, unless its owner has cancelled it while it was sent."""
    return Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.WAITING)


def _tell_owner(endpoint: Endpoint) -> None:
    owner = endpoint.owner
    try:
        send_email(
            "webhooks/emails/switched_off",
            to=owner.email,
            language=owner.language or settings.LANGUAGE_CODE,
            context={"recipient": owner, "endpoint": endpoint, "link": absolute(endpoint.get_absolute_url())},
        )
    except (smtplib.SMTPException, OSError) as error:
        log.warning("webhook.email_refused", endpoint_id=endpoint.pk, error=type(error).__name__)
