"""A program's money: what was promised and what has moved, each in its own currency and in dated US dollars."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.dates import FIRST_DATE, LAST_DATE
from core.money import UsdSum, from_json
from donors.models import Organization
from goals.models import Country, Region, Sector
from programs import codes
from programs.models.history import keeps_history
from programs.models.program import Program


def amount_field(name: Any, *, null: bool = False) -> models.DecimalField:
    return models.DecimalField(name, max_digits=20, decimal_places=2, null=null, blank=null)


def period_checks(prefix: str) -> list[models.CheckConstraint]:
    """A period ends after it begins, and its days are plausible; either may be unknown."""
    return [
        models.CheckConstraint(name=f"{prefix}_period_in_order", condition=Q(period_end__gte=F("period_start"))),
        models.CheckConstraint(
            name=f"{prefix}_period_is_plausible",
            condition=(Q(period_start__isnull=True) | Q(period_start__gte=FIRST_DATE))
            & (Q(period_end__isnull=True) | Q(period_end__lte=LAST_DATE)),
        ),
    ]


def money_checks(prefix: str) -> list[models.CheckConstraint]:
    """Currency is an ISO 4217 code; a rate month comes with a dollar value and is the first of its month."""
    return [
        models.CheckConstraint(name=f"{prefix}_currency_is_three_capitals", condition=Q(currency__regex=r"^[A-Z]{3}$")),
        models.CheckConstraint(
            name=f"{prefix}_rate_month_dates_a_value",
            condition=Q(rate_month__isnull=True) | Q(value_usd__isnull=False, rate_month__day=1),
        ),
        models.CheckConstraint(
            name=f"{prefix}_dollars_are_dollars",
            condition=~Q(currency="USD") | Q(value_usd=F("value")),
        ),
        models.CheckConstraint(
            name=f"{prefix}_value_date_is_plausible",
            condition=Q(value_date__isnull=True) | Q(value_date__gte=FIRST_DATE, value_date__lte=LAST_DATE),
        ),
    ]


@keeps_history(exclude=["value_usd", "rate_month"])
class Transaction(models.Model):
    """A commitment, disbursement, expenditure or other movement of a program's money.

    `country`, `region` and `sector` (a DAC purpose code) are null where they are those of the program.
    `value` is in `currency` and negative for a correction; `value_usd` is its worth in US dollars at the rate of
    `rate_month`, null where no rate is known (rate_month is null for currencies whose rate is fixed by law).
    """

    Type = codes.TransactionType

    program = models.ForeignKey(Program, models.CASCADE, related_name="transactions", verbose_name=_("program"))
    type = models.PositiveSmallIntegerField(_("type"), choices=Type)
    value = amount_field(_("value"))
    currency = models.CharField(_("currency"), max_length=3)
    value_date = models.DateField(_("value date"), null=True, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    provider = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provider")
    )
    receiver = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("receiver")
    )
    provider_activity = models.CharField(_("provider's identifier for its activity"), max_length=255, blank=True)
    receiver_activity = models.CharField(_("receiver's identifier for its activity"), max_length=255, blank=True)
    description = models.TextField(_("description"), blank=True)
    reference = models.CharField(_("reference"), max_length=255, blank=True)
    finance_type = models.CharField(_("finance type"), max_length=4, blank=True)
    # Where this money goes and for what, if its reporter says so of the transaction and not of the program.
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    sector = models.ForeignKey(
        Sector, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sector")
    )
    value_usd = amount_field(_("value in US dollars"), null=True)
    rate_month = models.DateField(_("month of the exchange rate"), null=True, blank=True)

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        ordering = ["date", "value_date", "id"]
        constraints = [
            models.CheckConstraint(name="transaction_type_is_known", condition=Q(type__gte=1, type__lte=13)),
            models.CheckConstraint(
                name="transaction_date_is_plausible",
                condition=Q(date__isnull=True) | Q(date__gte=FIRST_DATE, date__lte=LAST_DATE),
            ),
            *money_checks("transaction"),
        ]
        indexes = [
            models.Index(
                name="transaction_provider_activity",
                fields=["provider_activity"],
                condition=~Q(provider_activity=""),
            ),
            models.Index(
                name="transaction_receiver_activity",
                fields=["receiver_activity"],
                condition=~Q(receiver_activity=""),
            ),
            models.Index(
                name="transaction_of_a_place",
                fields=["program"],
                condition=Q(country__isnull=False) | Q(region__isnull=False),
            ),
            # Candidates of the same money: one amount, about one day.
            models.Index(name="transaction_same_amount", fields=["currency", "value", "date"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.value} {self.currency}"

    @property
    def converted_on(self) -> dt.date | None:
        """The day whose rate counts."""
        return self.value_date or self.date


@keeps_history(exclude=["value_usd", "rate_month"])
class Budget(models.Model):
    """What a program is meant to cost in a period, in `currency` and in US dollars (see Transaction)."""

    Type = codes.BudgetType
    Status = codes.BudgetStatus

    program = models.ForeignKey(Program, models.CASCADE, related_name="budgets", verbose_name=_("program"))
    type = models.PositiveSmallIntegerField(_("type"), choices=Type, default=Type.ORIGINAL)
    status = models.PositiveSmallIntegerField(_("status"), choices=Status, default=Status.INDICATIVE)
    period_start = models.DateField(_("from"), null=True, blank=True)
    period_end = models.DateField(_("to"), null=True, blank=True)
    value = amount_field(_("value"))
    currency = models.CharField(_("currency"), max_length=3)
    value_date = models.DateField(_("value date"), null=True, blank=True)
    value_usd = amount_field(_("value in US dollars"), null=True)
    rate_month = models.DateField(_("month of the exchange rate"), null=True, blank=True)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["period_start", "id"]
        constraints = [
            models.CheckConstraint(name="budget_type_is_known", condition=Q(type__in=codes.BudgetType.values)),
            models.CheckConstraint(name="budget_status_is_known", condition=Q(status__in=codes.BudgetStatus.values)),
            *period_checks("budget"),
            *money_checks("budget"),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.currency}"

    @property
    def converted_on(self) -> dt.date | None:
        """The day whose rate counts."""
        return self.value_date or self.period_start


@keeps_history(exclude=["value_usd", "rate_month"])
class PlannedDisbursement(models.Model):
    """A payment that is planned for a period (IATI planned-disbursement), in `currency` and in US dollars (see
    Transaction); without an end it is for its first day."""

    Type = codes.BudgetType

    program = models.ForeignKey(
        Program, models.CASCADE, related_name="planned_disbursements", verbose_name=_("program")
    )
    type = models.PositiveSmallIntegerField(_("type"), choices=Type, default=Type.ORIGINAL)
    period_start = models.DateField(_("from"), null=True, blank=True)
    period_end = models.DateField(_("to"), null=True, blank=True)
    value = amount_field(_("value"))
    currency = models.CharField(_("currency"), max_length=3)
    value_date = models.DateField(_("value date"), null=True, blank=True)
    provider = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provider")
    )
    receiver = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("receiver")
    )
    provider_activity = models.CharField(_("provider's identifier for its activity"), max_length=255, blank=True)
    receiver_activity = models.CharField(_("receiver's identifier for its activity"), max_length=255, blank=True)
    value_usd = amount_field(_("value in US dollars"), null=True)
    rate_month = models.DateField(_("month of the exchange rate"), null=True, blank=True)

    class Meta:
        verbose_name = _("planned payment")
        verbose_name_plural = _("planned payments")
        ordering = ["period_start", "id"]
        constraints = [
            models.CheckConstraint(name="planned_type_is_known", condition=Q(type__in=codes.BudgetType.values)),
            *period_checks("planned"),
            *money_checks("planned"),
        ]
        indexes = [
            models.Index(
                name="planned_receiver_activity",
                fields=["receiver_activity"],
                condition=~Q(receiver_activity=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.currency}"

    @property
    def converted_on(self) -> dt.date | None:
        """The day whose rate counts."""
        return self.value_date or self.period_start


class PlannedYear(models.Model):
    """What a program plans for a calendar year, worked out of its budgets and planned payments when it is saved
    (services.planned): `usd` in US dollars, None where no rate is known of any of it; `left_out` currency -> amount."""

    Basis = codes.PlannedBasis

    program = models.ForeignKey(Program, models.CASCADE, related_name="planned_years", verbose_name=_("program"))
    year = models.PositiveSmallIntegerField(_("calendar year"))
    basis = models.CharField(_("made of"), max_length=8, choices=Basis)
    usd = amount_field(_("planned US dollars"), null=True)
    left_out = models.JSONField(_("left out"), default=dict, db_default={}, blank=True)

    class Meta:
        verbose_name = _("planned year")
        verbose_name_plural = _("planned years")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(name="planned_year_once", fields=["program", "year"]),
            models.CheckConstraint(
                name="planned_year_is_plausible", condition=Q(year__gte=FIRST_DATE.year, year__lte=LAST_DATE.year)
            ),
            models.CheckConstraint(
                name="planned_year_basis_is_known", condition=Q(basis__in=codes.PlannedBasis.values)
            ),
            models.CheckConstraint(
                name="planned_year_says_something", condition=Q(usd__isnull=False) | ~Q(left_out={})
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"

    @property
    def planned(self) -> UsdSum:
        """US dollars, with what they leave out."""
        return UsdSum(self.usd or 0, from_json(self.left_out))
