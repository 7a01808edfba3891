"""What happened to an agreement, step by step; never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from donors.models import Organization, User
from programs.agreements.models.agreement import Agreement
from programs.agreements.models.commitment import Commitment
from programs.agreements.querysets import StepQuerySet


class StepKind(models.TextChoices):
    """What can happen to an agreement: how it is stored, the sentence that tells of it, and its name."""

    sentence: Promise

    def __new__(cls, value: str, sentence: Promise) -> "StepKind":
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member

    DRAFTED = "drafted", _("%(who)s drafted the agreement."), _("Drafted")
    PROPOSED = "proposed", _("%(who)s proposed the agreement to the parties."), _("Proposed")
    ACCEPTED = "accepted", _("%(who)s accepted version %(version)s."), _("Accepted")
    COUNTERED = "countered", _("%(who)s proposed other terms: version %(version)s."), _("Other terms proposed")
    REVISED = "revised", _("%(who)s proposed new terms: version %(version)s."), _("New terms proposed")
    DECLINED = "declined", _("%(who)s declined."), _("Declined")
    AGREED = "agreed", _("Agreed: all parties accepted version %(version)s."), _("Agreed")
    COMMITMENT_KEPT = "commitment_kept", _("Done: %(commitment)s."), _("Commitment done")
    COMMITMENT_LOST = "commitment_lost", _("No longer as agreed: %(commitment)s."), _("No longer as agreed")
    SAID_KEPT = "said_kept", _("%(who)s reported this as done: %(commitment)s."), _("Reported done")
    TAKEN_BACK = (
        "taken_back",
        _("%(who)s withdrew the report that this is done: %(commitment)s."),
        _("Report withdrawn"),
    )
    SEEN = "seen", _("%(who)s verified that this is done: %(commitment)s."), _("Verified")
    KEPT = "kept", _("All commitments are done."), _("Kept")
    FELL_BACK = "fell_back", _("Some commitments are no longer done."), _("No longer kept")
    BROKEN = "broken", _("%(who)s recorded that the agreement was broken."), _("Broken")
    ENDED = "ended", _("%(who)s ended the agreement."), _("Ended")
    WITHDRAWN = "withdrawn", _("%(who)s withdrew the proposal."), _("Withdrawn")
    DROPPED = "dropped", _("%(who)s discarded the draft."), _("Draft discarded")
    ANSWER_AWAITED = "answer_awaited", _("%(who)s has not answered yet."), _("Awaiting an answer")
    DUE_SOON = "due_soon", _("Due soon: %(commitment)s."), _("Due soon")
    OVERDUE = "overdue", _("Overdue: %(commitment)s."), _("Overdue")


# Nobody is reminded twice of the same.
REMINDERS = (StepKind.ANSWER_AWAITED, StepKind.DUE_SOON, StepKind.OVERDUE)


class Step(models.Model):
    """One thing that happened; without an actor it is the portal's. `organization` is the party that it concerns."""

    Kind = StepKind

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="steps", verbose_name=_("agreement"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    version = models.PositiveIntegerField(_("version"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organization")
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="steps", verbose_name=_("commitment")
    )
    note = models.TextField(_("note"), blank=True)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of an agreement")
        verbose_name_plural = _("steps of agreements")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(name="step_is_known", condition=Q(kind__in=sorted(StepKind.values))),
            # Anyone who is reminded is reminded once of each.
            models.UniqueConstraint(
                name="step_reminds_once",
                fields=["agreement", "kind", "version", "organization", "commitment"],
                nulls_distinct=False,
                condition=Q(kind__in=[kind.value for kind in REMINDERS]),
            ),
        ]
        triggers = [pgtrigger.Protect(name="step_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.agreement_id} · {self.kind}"
