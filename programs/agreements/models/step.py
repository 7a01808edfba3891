"""What happened to an agreement, step by step; never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from donors.models import Organization, User
from programs.agreements.models.agreement import Agreement
from programs.agreements.models.commitment import Commitment
from programs.agreements.querysets import StepQuerySet

SENTENCES = {
    "drafted": _("%(who)s drafted the agreement."),
    "proposed": _("%(who)s proposed the agreement to the parties."),
    "accepted": _("%(who)s accepted version %(version)s."),
    "countered": _("%(who)s proposed other terms: version %(version)s."),
    "revised": _("%(who)s proposed new terms: version %(version)s."),
    "declined": _("%(who)s declined."),
    "agreed": _("It is agreed: all have accepted version %(version)s."),
    "commitment_kept": _("Kept: %(commitment)s."),
    "commitment_lost": _("No longer as agreed: %(commitment)s."),
    "said_kept": _("%(who)s says that it is kept: %(commitment)s."),
    "taken_back": _("%(who)s took back that it is kept: %(commitment)s."),
    "seen": _("%(who)s has seen that it is kept: %(commitment)s."),
    "kept": _("All commitments are kept."),
    "fell_back": _("Not all commitments are kept any more."),
    "broken": _("%(who)s recorded that the agreement was broken."),
    "ended": _("%(who)s ended the agreement."),
    "withdrawn": _("%(who)s withdrew the proposal."),
    "dropped": _("%(who)s dropped the draft."),
    "answer_awaited": _("%(who)s has not answered yet."),
    "due_soon": _("Due soon: %(commitment)s."),
    "overdue": _("Overdue: %(commitment)s."),
}


class Step(models.Model):
    """One thing that happened; without an actor it is the portal's. `organization` is the party that it concerns."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("Drafted")
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Accepted")
        COUNTERED = "countered", _("Other terms proposed")
        REVISED = "revised", _("New terms proposed")
        DECLINED = "declined", _("Declined")
        AGREED = "agreed", _("Agreed")
        COMMITMENT_KEPT = "commitment_kept", _("Commitment kept")
        COMMITMENT_LOST = "commitment_lost", _("No longer as agreed")
        SAID_KEPT = "said_kept", _("Said to be kept")
        TAKEN_BACK = "taken_back", _("Taken back")
        SEEN = "seen", _("Seen")
        KEPT = "kept", _("Kept")
        FELL_BACK = "fell_back", _("No longer kept")
        BROKEN = "broken", _("Broken")
        ENDED = "ended", _("Ended")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DROPPED = "dropped", _("Draft dropped")
        ANSWER_AWAITED = "answer_awaited", _("Answer awaited")
        DUE_SOON = "due_soon", _("Due soon")
        OVERDUE = "overdue", _("Overdue")

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
            models.CheckConstraint(name="step_is_known", condition=Q(kind__in=sorted(SENTENCES))),
            # Whoever is reminded is reminded once of each.
            models.UniqueConstraint(
                name="step_reminds_once",
                fields=["agreement", "kind", "version", "organization", "commitment"],
                nulls_distinct=False,
                condition=Q(kind__in=["answer_awaited", "due_soon", "overdue"]),
            ),
        ]
        triggers = [pgtrigger.Protect(name="step_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.agreement_id} · {self.kind}"

    def in_words(self) -> str:
        """What happened, in one sentence of the reader's language. Wants actor, organization and commitment read."""
        from programs.agreements.describe import commitment_in_words

        organization = str(self.organization) if self.organization else ""
        if self.actor and organization:
            who = gettext("%(person)s for %(organization)s") % {
                "person": self.actor.shown_name,
                "organization": organization,
            }
        else:
            who = self.actor.shown_name if self.actor else organization or gettext("The portal")
        commitment = commitment_in_words(self.commitment).rstrip(".") if self.commitment else ""
        return str(SENTENCES[self.kind]) % {"who": who, "version": self.version, "commitment": commitment}
