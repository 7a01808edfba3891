"""What other currencies were worth in US dollars, month by month, and how the portal came to know it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

RATE_DIGITS, RATE_PLACES = 20, 12


class Basis(models.TextChoices):
    """What a rate is."""

    MONTH = "month", _("average of the month")
    SET = "set", _("rate set for the month")
    YEAR = "year", _("average of the year")


class Origin(models.TextChoices):
    """How a rate came into the table; what a person said is not overwritten by the others."""

    FILE = "file", _("table of the portal")
    FETCHED = "fetched", _("read from its source")
    PERSON = "person", _("entered by a person")


def rate_field(*, null: bool = False) -> models.DecimalField:
    return models.DecimalField(
        _("US dollars per unit"), max_digits=RATE_DIGITS, decimal_places=RATE_PLACES, null=null, blank=null
    )


class RateOfMonth(models.Model):
    """A currency in a month: US dollars for one unit, whose figure that is, and what it is.

    A yearly average has the first month of its year.
    """

    currency = models.CharField(_("currency"), max_length=3)
    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    usd_per_unit = rate_field()
    basis = models.CharField(_("what it is"), max_length=5, choices=Basis, default=Basis.MONTH, db_default=Basis.MONTH)
    source = models.CharField(_("source"), max_length=100, default="IMF", db_default="IMF")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.currency} {self.month:%Y-%m}"


class ExchangeRate(RateOfMonth):
    """A rate that money is converted with (sources: see goals/data/README.md)."""

    origin = models.CharField(_("origin"), max_length=7, choices=Origin, default=Origin.FILE, db_default=Origin.FILE)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "month"]
        constraints = [
            models.UniqueConstraint(name="rate_once_a_month", fields=["currency", "month"]),
            models.CheckConstraint(name="rate_is_positive", condition=Q(usd_per_unit__gt=0)),
            models.CheckConstraint(name="rate_currency_is_three_capitals", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(name="rate_month_is_its_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="rate_basis_is_known", condition=Q(basis__in=Basis.values)),
            models.CheckConstraint(name="rate_origin_is_known", condition=Q(origin__in=Origin.values)),
            models.CheckConstraint(name="rate_has_a_source", condition=~Q(source="")),
        ]


class HeldRate(RateOfMonth):
    """A rate that was read from its source and differs by more than a fifth from the last one known before it.

    It counts once a person accepts it. `known` is the rate that it was compared with.
    """

    class Decision(models.TextChoices):
        OPEN = "open", _("not decided")
        ACCEPTED = "accepted", _("rate accepted")
        REJECTED = "rejected", _("rate rejected")

    known = rate_field()
    held_at = models.DateTimeField(_("held since"), default=timezone.now)
    decision = models.CharField(_("decision"), max_length=8, choices=Decision, default=Decision.OPEN)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=320, blank=True)

    class Meta:
        verbose_name = _("held exchange rate")
        verbose_name_plural = _("held exchange rates")
        ordering = ["-month", "currency"]
        constraints = [
            models.UniqueConstraint(
                name="held_rate_is_asked_once", fields=["currency", "month", "usd_per_unit", "source"]
            ),
            models.CheckConstraint(name="held_rate_is_positive", condition=Q(usd_per_unit__gt=0, known__gt=0)),
            models.CheckConstraint(
                name="held_rate_is_decided_by_somebody",
                condition=Q(decision="open", decided_at__isnull=True)
                | Q(decision__in=["accepted", "rejected"], decided_at__isnull=False),
            ),
        ]


class RateChange(RateOfMonth):
    """A rate that came or changed: what it was before, when, and who changed it (an email address; empty: a job).

    Never changed and never deleted. Stored sums in US dollars are renewed up to a change (programs.services.dollars).
    """

    before = rate_field(null=True)
    origin = models.CharField(_("origin"), max_length=7, choices=Origin)
    by = models.CharField(_("by"), max_length=320, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("change of an exchange rate")
        verbose_name_plural = _("changes of exchange rates")
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class RateFetch(models.Model):
    """An attempt to read rates from a source, and how it ended. `problem` is what an administrator can act on."""

    provider = models.CharField(_("source"), max_length=20)
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=20, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    stored = models.PositiveIntegerField(_("rates stored"), default=0)
    held = models.PositiveIntegerField(_("rates held"), default=0)

    class Meta:
        verbose_name = _("attempt to read rates")
        verbose_name_plural = _("attempts to read rates")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.provider} {self.began_at:%Y-%m-%d %H:%M}"
