"""An agreement, its parties, the versions of its terms, and what each party answered to each."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from donors.models import Organization, User
from programs.agreements.querysets import IN_FORCE, AgreementQuerySet
from programs.agreements.states import STEPS, State
from programs.discussion.models import Topic
from programs.models import Program
from programs.overlap.models import Overlap

LONGEST_TEXT = 10_000


def refuses(name: str, condition: str, message: str) -> str:
    """PL/pgSQL that raises the violation `name` where `condition` holds."""
    return f"""
        IF {condition} THEN
            RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
        END IF;
    """


# Parties that must accept and have not accepted the current version.
_SOMEBODY_HAS_NOT_ACCEPTED = """
    EXISTS (SELECT 1 FROM agreements_party p WHERE p.agreement_id = NEW.id AND p.must_accept AND NOT EXISTS (
        SELECT 1 FROM agreements_answer a JOIN agreements_version v ON v.id = a.version_id
        WHERE v.agreement_id = NEW.id AND v.number = NEW.version AND a.organization_id = p.organization_id
            AND a.answer = 'accept'))
"""


class Agreement(models.Model):
    """What the partners of overlapping programs settle; its terms are those of its version `version`.

    `tells_parties`: the coordinator tells all parties of the programs named here, restricted ones too. `proposed_at`
    is when the parties first saw it. The state moves only as the table of states.py says, in the database too.
    `edition` goes up by one with each change of it: who read an older one overwrites nothing.
    """

    class Kind(models.TextChoices):
        LEAD = "lead", _("Lead organization")
        AREA = "area", _("Division by area")
        SEQUENCE = "sequence", _("Sequence in time")
        MERGE = "merge", _("Merger of the programs")
        POOL = "pool", _("Pooled funding")
        JOINT_MISSION = "joint_mission", _("Joint mission")
        SHARE_RESULTS = "share_results", _("Sharing of results")

    # What its parties say of it, and are told.
    topic = models.OneToOneField(Topic, models.PROTECT, related_name="agreement", verbose_name=_("topic"))
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(_("current version"), default=1)
    edition = models.PositiveIntegerField(_("version"), default=1, db_default=1)
    tells_parties = models.BooleanField(_("shares the named programs with the parties"), default=False)
    overlaps: models.ManyToManyField = models.ManyToManyField(
        Overlap, related_name="agreements", verbose_name=_("overlaps")
    )
    programs: models.ManyToManyField = models.ManyToManyField(
        Program, related_name="agreements", verbose_name=_("programs")
    )
    created_by = models.ForeignKey(
        User, models.PROTECT, related_name="agreements_drafted", verbose_name=_("drafted by")
    )
    created_at = models.DateTimeField(_("drafted"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    proposed_at = models.DateTimeField(_("proposed"), null=True, blank=True)
    agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.CheckConstraint(name="agreement_has_a_title", condition=Q(title__regex=r"\S")),
            models.CheckConstraint(
                name="agreement_kind_is_known",
                condition=Q(kind__in=["lead", "area", "sequence", "merge", "pool", "joint_mission", "share_results"]),
            ),
            models.CheckConstraint(name="agreement_version_begins_at_1", condition=Q(version__gte=1)),
            # No other state either.
            models.CheckConstraint(
                name="agreement_is_dated_as_it_stands",
                condition=Q(state="draft", proposed_at__isnull=True, agreed_at__isnull=True)
                | Q(state="withdrawn", agreed_at__isnull=True)
                | Q(state__in=["proposed", "declined"], proposed_at__isnull=False, agreed_at__isnull=True)
                | Q(
                    state__in=["agreed", "kept", "broken", "ended"],
                    proposed_at__isnull=False,
                    agreed_at__isnull=False,
                ),
            ),
        ]
        indexes = [models.Index(name="agreement_of_state", fields=["state", "-updated_at"])]
        triggers = [
            pgtrigger.Trigger(
                name="agreement_moves_as_the_table_says",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF TG_OP = 'INSERT' THEN
                        {refuses("agreement_begins_as_a_draft", "NEW.state <> 'draft'", "it begins as a draft")}
                    ELSIF NEW.state <> OLD.state THEN
                        {
                    refuses(
                        "agreement_moves_as_the_table_says",
                        f"(OLD.state, NEW.state) NOT IN ({', '.join(f'({a!r}, {b!r})' for a, b in STEPS)})",
                        "this state does not lead to that one",
                    )
                }
                        IF NEW.state = 'agreed' AND OLD.state = 'proposed' THEN
                            {
                    refuses("agreement_is_accepted_by_all", _SOMEBODY_HAS_NOT_ACCEPTED, "not all have accepted")
                }
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agreements:detail", args=[self.pk])

    @property
    def takes_comments(self) -> bool:
        """Whether its parties have seen it: what is said before, they would read later."""
        return self.proposed_at is not None

    @property
    def is_in_force(self) -> bool:
        """Whether its commitments are watched."""
        return self.state in IN_FORCE


class Party(models.Model):
    """An organization that the agreement is between; it must accept, or is only informed."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties", verbose_name=_("agreement"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="agreement_parties", verbose_name=_("organization")
    )
    must_accept = models.BooleanField(_("must accept"), default=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["-must_accept", "organization__name"]
        constraints = [models.UniqueConstraint(name="party_once", fields=["agreement", "organization"])]
        triggers = [
            pgtrigger.Trigger(
                name="parties_are_chosen_in_a_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    {
                    refuses(
                        "parties_are_chosen_in_a_draft",
                        "EXISTS (SELECT 1 FROM agreements_agreement WHERE state <> 'draft' AND id = "
                        "CASE TG_OP WHEN 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END)",
                        "the parties of a proposal stay",
                    )
                }
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization)


class Version(models.Model):
    """The terms as they were proposed once; sealed, they are never changed. `organization` is the party whose
    counter-proposal it is, null where a coordinator wrote it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="versions", verbose_name=_("agreement"))
    number = models.PositiveIntegerField(_("number"), default=1)
    kind = models.CharField(_("kind"), max_length=13, choices=Agreement.Kind)
    text = models.TextField(_("terms"), blank=True)
    note = models.TextField(_("reasons"), blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    is_sealed = models.BooleanField(_("final"), default=False)
    created_at = models.DateTimeField(_("written on"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of an agreement")
        verbose_name_plural = _("versions of agreements")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="version_once", fields=["agreement", "number"]),
            models.CheckConstraint(
                name="version_kind_is_known",
                condition=Q(kind__in=["lead", "area", "sequence", "merge", "pool", "joint_mission", "share_results"]),
            ),
            models.CheckConstraint(
                name="version_sealed_says_something", condition=Q(is_sealed=False) | Q(text__regex=r"\S")
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sealed_version_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__is_sealed=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} · {self.number}"


class Answer(models.Model):
    """What a party answered to one version, once; never changed afterwards."""

    class Choice(models.TextChoices):
        ACCEPT = "accept", _("Accepted")
        COUNTER = "counter", _("Proposed other terms")
        DECLINE = "decline", _("Declined")

    version = models.ForeignKey(Version, models.PROTECT, related_name="answers", verbose_name=_("version"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="agreement_answers", verbose_name=_("organization")
    )
    answer = models.CharField(_("answer"), max_length=7, choices=Choice)
    note = models.TextField(_("note"), blank=True)
    actor = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("answered by"))
    created_at = models.DateTimeField(_("answered"), auto_now_add=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(name="answer_once_a_version", fields=["version", "organization"]),
            models.CheckConstraint(name="answer_is_known", condition=Q(answer__in=["accept", "counter", "decline"])),
            models.CheckConstraint(
                name="answer_declining_says_why", condition=~Q(answer="decline") | Q(note__regex=r"\S")
            ),
        ]
        triggers = [pgtrigger.Protect(name="answer_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.get_answer_display()}"
