"""What a party commits itself to, so named that the portal can see whether it was done."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donors.models import Organization
from goals.models import Area
from programs.agreements.models.agreement import Version, refuses
from programs.agreements.querysets import CommitmentQuerySet
from programs.models import Program


class Commitment(models.Model):
    """One commitment of a version. `kept_at` and `seen_at` are all that changes once the version is sealed.

    Of every kind but `other`, the portal itself sees in the program's data whether it is kept; `other` is said to be
    kept by the responsible organization, and counts once a coordinator has seen it. Money: `amount` in `currency` is
    what it frees in `program`, and `to_program` where that goes; `amount_usd` is its worth in US dollars at the rate
    of `rate_month`. `baseline_usd` is what the program had committed when the agreement came about, and `baseline` the
    same in `currency`, where it had committed in no other.
    """

    class Kind(models.TextChoices):
        MOVE_DATES = "move_dates", _("Move the dates of a program")
        LEAVE_AREA = "leave_area", _("Leave an area")
        TAKE_OVER_AREA = "take_over_area", _("Take over an area")
        CLOSE = "close", _("Close a program")
        REDUCE_MONEY = "reduce_money", _("Reduce the budget of a program")
        OTHER = "other", _("Other (describe)")

    class Mark(models.TextChoices):
        """How it stands today."""

        OPEN = "open", _("Open")
        OVERDUE = "overdue", _("Overdue")
        SAID = "said", _("Reported done, awaiting verification")
        KEPT = "kept", _("Done")

    version = models.ForeignKey(Version, models.CASCADE, related_name="commitments", verbose_name=_("version"))
    number = models.PositiveSmallIntegerField(_("number"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="commitments", verbose_name=_("responsible organization")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("program")
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area"))
    new_start = models.DateField(_("new start"), null=True, blank=True)
    new_end = models.DateField(_("new end"), null=True, blank=True)
    text = models.TextField(_("description"), blank=True)
    amount = models.DecimalField(_("funds released"), max_digits=20, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    amount_usd = models.DecimalField(
        _("funds released (US dollars)"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    rate_month = models.DateField(_("month of the exchange rate"), null=True, blank=True)
    to_program = models.ForeignKey(
        Program, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("funds go to")
    )
    due_on = models.DateField(_("due date"))
    follow_up = models.CharField(_("focal point"), max_length=150)
    baseline_usd = models.DecimalField(
        _("committed when agreed (US dollars)"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    baseline = models.DecimalField(
        _("committed when agreed (in the currency of the amount)"),
        max_digits=22,
        decimal_places=2,
        null=True,
        blank=True,
    )
    kept_at = models.DateTimeField(_("done on"), null=True, blank=True)
    seen_at = models.DateTimeField(_("verified on"), null=True, blank=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(name="commitment_once", fields=["version", "number"]),
            models.CheckConstraint(
                name="commitment_has_what_its_kind_needs",
                condition=(
                    Q(kind="move_dates", program__isnull=False)
                    & (Q(new_start__isnull=False) | Q(new_end__isnull=False))
                )
                | Q(kind__in=["leave_area", "take_over_area"], program__isnull=False, area__isnull=False)
                | Q(kind="close", program__isnull=False)
                | Q(kind="reduce_money", program__isnull=False, amount__isnull=False)
                | Q(kind="other", text__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="commitment_money_has_its_currency",
                condition=Q(amount__isnull=True, currency="", amount_usd__isnull=True, to_program__isnull=True)
                | Q(amount__gt=0, currency__regex=r"^[A-Z]{3}$"),
            ),
            models.CheckConstraint(
                name="commitment_dollars_are_dollars", condition=~Q(currency="USD") | Q(amount_usd=F("amount"))
            ),
            models.CheckConstraint(
                name="commitment_money_goes_elsewhere",
                condition=Q(to_program__isnull=True) | Q(program__isnull=True) | ~Q(to_program=F("program")),
            ),
            models.CheckConstraint(name="commitment_dates_in_order", condition=Q(new_end__gte=F("new_start"))),
            models.CheckConstraint(name="commitment_names_its_follow_up", condition=Q(follow_up__regex=r"\S")),
            models.CheckConstraint(
                name="commitment_seen_was_kept", condition=Q(seen_at__isnull=True) | Q(kept_at__isnull=False)
            ),
        ]
        indexes = [
            # What the portal watches of a program that was saved.
            models.Index(name="commitment_of_program", fields=["program"], condition=Q(program__isnull=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="commitment_of_a_sealed_version_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF TG_OP = 'UPDATE' THEN
                        IF (to_jsonb(NEW) - ARRAY['kept_at', 'seen_at', 'baseline_usd', 'baseline'])
                            = (to_jsonb(OLD) - ARRAY['kept_at', 'seen_at', 'baseline_usd', 'baseline']) THEN
                            RETURN NEW;
                        END IF;
                    END IF;
                    {
                    refuses(
                        "commitment_of_a_sealed_version_stays",
                        "EXISTS (SELECT 1 FROM agreements_version WHERE is_sealed AND id = "
                        "CASE TG_OP WHEN 'DELETE' THEN OLD.version_id ELSE NEW.version_id END)",
                        "what was proposed stays",
                    )
                }
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.due_on}"

    @property
    def converted_on(self) -> date:
        """The day whose rate counts for the amount: when this version was written."""
        return timezone.localdate(self.version.created_at)

    @property
    def is_watched(self) -> bool:
        """Whether the portal sees in the program's data whether it is kept."""
        return self.kind != self.Kind.OTHER

    @property
    def is_kept(self) -> bool:
        return self.kept_at is not None and (self.is_watched or self.seen_at is not None)

    def mark(self, today: date | None = None) -> "Commitment.Mark":
        """How it stands on a day, by default today."""
        if self.is_kept:
            return self.Mark.KEPT
        if self.kept_at is not None:
            return self.Mark.SAID
        return self.Mark.OVERDUE if self.due_on < (today or timezone.localdate()) else self.Mark.OPEN
