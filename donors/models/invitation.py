"""Invitations: how people come to the portal, and to another organization."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donors.models.organization import Organization
from donors.models.triggers import coordinators_in_the_coordinating_body
from donors.models.user import Membership, User
from donors.querysets import InvitationQuerySet


class Invitation(models.Model):
    """An offer, sent to an email address, of a role in an organization; whether it has an account is not asked.

    The link in the email is signed and names the invitation and its `version`; sending it again raises the version,
    so that earlier links stop working. `sent_at` is empty while the email of this version still waits to be sent.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        EXPIRED = "expired", _("expired")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="invitations", verbose_name=_("organization")
    )
    email = models.EmailField(_("email"), max_length=254)
    role = models.CharField(_("role"), max_length=12, choices=Membership.Role)
    language = models.CharField(_("language"), max_length=2, choices=[("en", _("English")), ("es", _("Spanish"))])
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="invitations_made", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="invitations_taken", verbose_name=_("accepted by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="invitation_email_has_an_at", condition=Q(email__contains="@")),
            models.CheckConstraint(name="invitation_email_is_lower_case", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="invitation_role_is_known",
                condition=Q(role__in=["viewer", "editor", "manager", "coordinator"]),
            ),
            models.CheckConstraint(name="invitation_language_is_known", condition=Q(language__in=["en", "es"])),
            models.CheckConstraint(name="invitation_version_begins_at_1", condition=Q(version__gte=1)),
            models.CheckConstraint(
                name="invitation_expires_after_it_is_made", condition=Q(expires_at__gt=F("created_at"))
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_withdrawn",
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_whoever_accepted",
                condition=Q(accepted_by__isnull=True) | Q(accepted_at__isnull=False),
            ),
            # One open offer an address and organization; it also finds those that the People page lists.
            models.UniqueConstraint(
                fields=["organization", "email"],
                name="invitation_open_once",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
        triggers = [
            coordinators_in_the_coordinating_body("invitation_coordinator_in_coordinating_body"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organization} · {self.get_role_display()}"

    @property
    def state(self) -> str:
        """Where the invitation stands now (State)."""
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        return self.State.PENDING if self.expires_at > timezone.now() else self.State.EXPIRED

    @property
    def state_in_words(self) -> str:
        return str(self.State(self.state).label)
