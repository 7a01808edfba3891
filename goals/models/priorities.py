"""What the countries and SICA asked for: the other side of the scales from programs."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Deferrable, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goals.bilingual import Bilingual
from goals.models.classification import Goal
from goals.models.places import Area, Country
from goals.querysets import PriorityQuerySet


class DateRange(models.Func):
    """The SQL daterange of two dates, both included."""

    function = "daterange"
    output_field = DateRangeField()


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True, exclude=["version"]
)
class Priority(models.Model):
    """What a country (or, with no country, the region through SICA) asked for under a goal, for a period.

    Ranks are 1 for the most urgent, and unique within country, area, goal and period. `version` goes up by one with
    each change: who changes an older one is told.
    """

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="priorities", verbose_name=_("goal"))
    country = models.ForeignKey(
        Country,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="priorities",
        verbose_name=_("country"),
        help_text=_("Leave empty for a priority of the whole region."),
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="priorities", verbose_name=_("area")
    )
    title_en = models.CharField(_("title in English"), max_length=255)
    title_es = models.CharField(_("title in Spanish"), max_length=255)
    rank = models.PositiveSmallIntegerField(_("rank"))
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    source = models.CharField(_("source"), max_length=255, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = PriorityQuerySet.as_manager()

    title = Bilingual("title")

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["country", "goal", "rank"]
        constraints = [
            models.CheckConstraint(name="priority_rank_begins_at_1", condition=Q(rank__gte=1)),
            models.CheckConstraint(
                name="priority_period_in_order", condition=Q(period_start__lte=models.F("period_end"))
            ),
            models.CheckConstraint(
                name="priority_area_has_its_country",
                condition=Q(area__isnull=True) | Q(country__isnull=False),
            ),
            ExclusionConstraint(
                name="priority_rank_once_in_a_period",
                expressions=[
                    (Coalesce("country_id", Value("")), RangeOperators.EQUAL),
                    (Coalesce("area_id", Value("")), RangeOperators.EQUAL),
                    ("goal", RangeOperators.EQUAL),
                    ("rank", RangeOperators.EQUAL),
                    (DateRange("period_start", "period_end", Value("[]")), RangeOperators.OVERLAPS),
                ],
                # Looked at when a statement ends, so that one statement swaps two ranks.
                deferrable=Deferrable.IMMEDIATE,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("priorities:detail", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.period_end < timezone.localdate()

    @property
    def place(self) -> str:
        """The area with its country, the country, or the region. Reads `area` and `country`."""
        if self.area is not None:
            return f"{self.area}, {self.country}"
        return str(self.country or _("The whole region"))
