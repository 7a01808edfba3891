"""Webhooks: addresses that are told of events, the events, and what became of each delivery."""

import base64
import secrets
import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.ciphers import cipher
from donors.models import User
from programs.webhooks.querysets import DeliveryQuerySet, EndpointQuerySet

SECRET_BYTES = 32
SECRET_PREFIX = "whsec_"
CIPHER = "webhook"  # the purpose of the key that secrets are kept under


class Kind(models.TextChoices):
    """What is told of; the names of the API's changelog and of the payload's `type`."""

    PROGRAM_PUBLISHED = "program.published", _("A program is published")
    PROGRAM_CHANGED = "program.changed", _("A published program has changed")
    PROGRAM_CLOSED = "program.closed", _("A program is closed")
    PROGRAM_ARCHIVED = "program.archived", _("A program is archived")
    OVERLAP_FLAGGED = "overlap.flagged", _("An overlap is flagged")
    OVERLAP_CONFIRMED = "overlap.confirmed", _("An overlap is confirmed")
    OVERLAP_DISMISSED = "overlap.dismissed", _("An overlap is dismissed")
    OVERLAP_REOPENED = "overlap.reopened", _("A decision on an overlap is reopened")
    AGREEMENT_PROPOSED = "agreement.proposed", _("An agreement is proposed")
    AGREEMENT_AGREED = "agreement.agreed", _("A proposal is agreed")
    AGREEMENT_DECLINED = "agreement.declined", _("A proposal is declined")
    AGREEMENT_WITHDRAWN = "agreement.withdrawn", _("A proposal is withdrawn")
    AGREEMENT_KEPT = "agreement.kept", _("An agreement is kept")
    AGREEMENT_BROKEN = "agreement.broken", _("An agreement is broken")
    AGREEMENT_ENDED = "agreement.ended", _("An agreement is ended")


PING = "ping"


class Endpoint(models.Model):
    """An address of a person's own system. It hears of what that person may see, and of nothing else."""

    class Ended(models.TextChoices):
        BY_OWNER = "owner", _("Switched off")
        FAILING = "failing", _("Switched off after failing for days")
        GONE = "gone", _("Switched off: the address reported that it no longer exists")

    owner = models.ForeignKey(User, models.CASCADE, related_name="webhooks", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(_("address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=20, choices=Kind), verbose_name=_("events"))
    # Encrypted: it signs, so it must be read again.
    secret = models.TextField(_("secret"), editable=False)
    ended = models.CharField(_("switched off"), max_length=7, choices=Ended, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="webhook_hears_of_something", condition=~Q(kinds=[])),
            models.CheckConstraint(
                name="webhook_end_is_known", condition=Q(ended__in=["", "owner", "failing", "gone"])
            ),
            models.UniqueConstraint(name="webhook_address_once_a_person", fields=["owner", "url"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("webhooks:detail", args=[self.pk])

    @property
    def is_on(self) -> bool:
        return not self.ended

    @property
    def kind_labels(self) -> list[str]:
        """What it hears of, in words."""
        return [str(Kind(kind).label) for kind in self.kinds]

    @property
    def signing_secret(self) -> str:
        """The secret as its owner keeps it: whsec_ and base64 (Standard Webhooks)."""
        return cipher(CIPHER).decrypt(self.secret.encode()).decode()

    def make_secret(self) -> str:
        """Gives it a new secret, not saved yet; the secret."""
        made = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
        self.secret = cipher(CIPHER).encrypt(made.encode()).decode()
        return made


class Event(models.Model):
    """Something that happened, written by the database in the transaction in which it happens (see the migration).

    No foreign key: what happened stays true when its subject is gone.
    """

    kind = models.CharField(_("event"), max_length=20)
    subject_id = models.BigIntegerField(_("subject"))
    happened_at = models.DateTimeField(_("happened at"), db_default=models.functions.Now())
    spread_at = models.DateTimeField(_("distributed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(name="event_to_be_spread", fields=["id"], condition=Q(spread_at__isnull=True)),
            models.Index(name="event_by_time", fields=["happened_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.subject_id}"


class Delivery(models.Model):
    """One event for one address: what is sent, how often it was tried, and what is next.

    `lost` counts tries of which nothing was heard again, since the worker died or failed: they cost no more than
    MOST_ATTEMPTS of them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        WITHHELD = "withheld", _("Withheld: you can no longer see it")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    event = models.ForeignKey(
        Event, models.SET_NULL, null=True, blank=True, related_name="deliveries", verbose_name=_("event")
    )
    kind = models.CharField(_("event"), max_length=20)
    subject_id = models.BigIntegerField(_("subject"), null=True, blank=True)
    body = models.JSONField(_("what is sent"))
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    # When a worker was asked for it: it is not asked again before that was long enough ago for the message to be lost.
    queued_at = models.DateTimeField(_("sent to a worker on"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("taken by a worker"), null=True, blank=True)
    lost = models.PositiveSmallIntegerField(_("tries lost"), default=0, db_default=0)
    created_at = models.DateTimeField(_("created on"), auto_now_add=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(name="delivery_once_an_event", fields=["endpoint", "event"]),
            models.CheckConstraint(
                name="delivery_state_is_known",
                condition=Q(state__in=["waiting", "delivered", "failed", "withheld", "cancelled"]),
            ),
            models.CheckConstraint(
                name="delivery_waiting_has_a_next_try",
                condition=Q(state="waiting", next_try_at__isnull=False)
                | (~Q(state="waiting") & Q(next_try_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(name="delivery_due", fields=["next_try_at"], condition=Q(state="waiting")),
            models.Index(name="delivery_of_endpoint", fields=["endpoint", "-created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.get_state_display()}"

    @property
    def kind_label(self) -> str:
        """The event in words."""
        return str(Kind(self.kind).label) if self.kind in Kind.values else str(_("A test"))


class Attempt(models.Model):
    """One try to deliver: what the address answered, or why there was no answer."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts", verbose_name=_("delivery"))
    made_at = models.DateTimeField(_("created on"), auto_now_add=True)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    # One of sending.PROBLEMS, where there was no answer.
    problem = models.CharField(_("problem"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="attempt_stays_as_it_was", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} · {self.status or self.problem}"
