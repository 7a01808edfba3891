"""What other currencies were worth in US dollars, month by month."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ExchangeRate(models.Model):
    """The monthly average of US dollars for one unit of a currency (source: IMF, see goals/data/README.md)."""

    currency = models.CharField(_("currency"), max_length=3)
    month = models.DateField(_("month"), help_text=_("The first day of the month."))
    usd_per_unit = models.DecimalField(_("US dollars per unit"), max_digits=16, decimal_places=8)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "month"]
        constraints = [
            models.UniqueConstraint(name="rate_once_a_month", fields=["currency", "month"]),
            models.CheckConstraint(name="rate_is_positive", condition=Q(usd_per_unit__gt=0)),
            models.CheckConstraint(name="rate_currency_is_three_capitals", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(name="rate_month_is_its_first_day", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.month:%Y-%m}"
