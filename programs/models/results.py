"""What a program brings about, and what becomes of it when its funding ends."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.dates import FIRST_DATE, LAST_DATE
from donors.models import Organization
from programs.models.history import keeps_history
from programs.models.program import Program


def measured_field(name: Any) -> models.DecimalField:
    """A value of an indicator, in the unit that its title says."""
    return models.DecimalField(name, max_digits=20, decimal_places=4, null=True, blank=True)


@keeps_history()
class ProgramResult(models.Model):
    """What a program is to bring about (IATI result), told by its indicators."""

    class Type(models.IntegerChoices):
        """IATI code list ResultType."""

        OUTPUT = 1, pgettext_lazy("kind of result", "Output")
        OUTCOME = 2, pgettext_lazy("kind of result", "Outcome")
        IMPACT = 3, pgettext_lazy("kind of result", "Impact")
        OTHER = 9, pgettext_lazy("kind of result", "Other")

    program = models.ForeignKey(Program, models.CASCADE, related_name="results", verbose_name=_("program"))
    type = models.PositiveSmallIntegerField(_("type"), choices=Type)
    title = models.TextField(_("result"))
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="result_type_is_known", condition=Q(type__in=[1, 2, 3, 9])),
            models.CheckConstraint(name="result_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


@keeps_history()
class ResultIndicator(models.Model):
    """How a result is measured, and where it stood before. `program` is its result's: the history is read by it."""

    class Measure(models.IntegerChoices):
        """IATI code list IndicatorMeasure."""

        UNIT = 1, _("Unit")
        PERCENTAGE = 2, _("Percentage")
        NOMINAL = 3, _("Nominal")
        ORDINAL = 4, _("Ordinal")
        QUALITATIVE = 5, _("Qualitative")

    program = models.ForeignKey(Program, models.CASCADE, related_name="+", verbose_name=_("program"))
    result = models.ForeignKey(ProgramResult, models.CASCADE, related_name="indicators", verbose_name=_("result"))
    title = models.TextField(_("indicator"))
    description = models.TextField(_("description"), blank=True)
    measure = models.PositiveSmallIntegerField(_("measure"), choices=Measure, default=Measure.UNIT)
    ascending = models.BooleanField(_("more is better"), default=True)
    baseline_year = models.PositiveSmallIntegerField(_("baseline year"), null=True, blank=True)
    baseline_value = measured_field(_("baseline"))
    baseline_comment = models.TextField(_("comment on the baseline"), blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="indicator_measure_is_known", condition=Q(measure__gte=1, measure__lte=5)),
            models.CheckConstraint(name="indicator_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="indicator_baseline_is_dated",
                condition=Q(
                    baseline_year__isnull=False,
                    baseline_year__gte=FIRST_DATE.year,
                    baseline_year__lte=LAST_DATE.year,
                )
                | Q(baseline_year__isnull=True, baseline_value__isnull=True, baseline_comment=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@keeps_history()
class IndicatorPeriod(models.Model):
    """What an indicator was to reach in a period, and what it reached; null where it is not known."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="+", verbose_name=_("program"))
    indicator = models.ForeignKey(ResultIndicator, models.CASCADE, related_name="periods", verbose_name=_("indicator"))
    start = models.DateField(_("from"))
    end = models.DateField(_("to"))
    target = measured_field(_("target"))
    actual = measured_field(_("achieved"))
    target_comment = models.TextField(_("comment on the target"), blank=True)
    actual_comment = models.TextField(_("comment on the achieved value"), blank=True)

    class Meta:
        verbose_name = _("period of an indicator")
        verbose_name_plural = _("periods of indicators")
        ordering = ["start", "end", "id"]
        constraints = [
            models.CheckConstraint(name="indicator_period_in_order", condition=Q(end__gte=F("start"))),
            models.CheckConstraint(
                name="indicator_period_is_plausible", condition=Q(start__gte=FIRST_DATE, end__lte=LAST_DATE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} – {self.end}"


@keeps_history()
class Sustainability(models.Model):
    """Who carries a program on when its funding ends, and from which budget. `confirmed` null is: not known."""

    program = models.OneToOneField(Program, models.CASCADE, related_name="sustainability", verbose_name=_("program"))
    funding_ends = models.DateField(_("funding ends on"), null=True, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("continued by")
    )
    budget_source = models.TextField(_("budget source"), blank=True)
    confirmed = models.BooleanField(_("confirmed by them"), null=True, blank=True)

    class Meta:
        verbose_name = _("sustainability")
        verbose_name_plural = _("sustainability")
        constraints = [
            models.CheckConstraint(
                name="sustainability_date_is_plausible",
                condition=Q(funding_ends__isnull=True) | Q(funding_ends__gte=FIRST_DATE, funding_ends__lte=LAST_DATE),
            ),
            models.CheckConstraint(
                name="sustainability_is_confirmed_of_something",
                condition=~Q(confirmed=True) | Q(organization__isnull=False) | ~Q(budget_source=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization or self.budget_source or self.funding_ends or "")
