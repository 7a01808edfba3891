"""Names that somebody needs and the register does not know, and what a coordinator answered."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donors.models.organization import Organization
from donors.models.user import User
from donors.querysets import OrganizationRequestQuerySet


class OrganizationRequest(models.Model):
    """A person's question who goes by `name`. Answered once: with an organization, new or there, or that it is none.

    `place` is where the name stands, in the asker's words or the portal's: a file, a program.
    """

    class Answer(models.TextChoices):
        OPEN = "", _("Awaiting an answer")
        ADDED = "added", _("Added to the list")
        OTHER = "other", _("Another name of one in the list")
        NONE = "none", _("Not an organization")

    name = models.CharField(_("name"), max_length=255)
    normalized = models.CharField(_("normalized"), max_length=255, editable=False)
    kind = models.CharField(_("kind"), max_length=2, choices=Organization.Kind, default=Organization.Kind.OTHER)
    place = models.CharField(_("where it is used"), max_length=255, blank=True)
    asked_by = models.ForeignKey(
        User, models.CASCADE, related_name="organization_requests", verbose_name=_("requested by")
    )
    asked_for = models.ForeignKey(Organization, models.CASCADE, related_name="+", verbose_name=_("requested for"))
    asked_at = models.DateTimeField(_("request date"), auto_now_add=True)
    answer = models.CharField(_("answer"), max_length=5, choices=Answer, blank=True)
    organization = models.ForeignKey(
        Organization, models.SET_NULL, null=True, blank=True, related_name="requests", verbose_name=_("organization")
    )
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = OrganizationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a new organization")
        verbose_name_plural = _("requests for new organizations")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(name="organization_request_has_a_name", condition=~Q(normalized="")),
            models.CheckConstraint(
                name="organization_request_answer_is_known", condition=Q(answer__in=["", "added", "other", "none"])
            ),
            models.CheckConstraint(
                name="organization_request_answered_when_answered",
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="organization_request_organization_is_an_answer",
                condition=Q(organization__isnull=True) | Q(answer__in=["added", "other"]),
            ),
            # A person asks once for a name; it also finds the open ones of a name, anyone who asked.
            models.UniqueConstraint(
                name="organization_request_open_once", fields=["normalized", "asked_by"], condition=Q(answer="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("donors:organization_request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.answer == self.Answer.OPEN
