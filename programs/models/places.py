"""Where a program works."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.models import Area, Country, Region
from programs.models.history import keeps_history
from programs.models.program import Program
from programs.models.shares import percentage_check, percentage_field, shares_add_up


@keeps_history()
class Coverage(models.Model):
    """A country, or a DAC region, that a program is for (IATI recipient-country, recipient-region)."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="coverages", verbose_name=_("program"))
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="coverages", verbose_name=_("country")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="coverages", verbose_name=_("region")
    )
    percentage = percentage_field()

    class Meta:
        verbose_name = _("country or region covered")
        verbose_name_plural = _("countries and regions covered")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(name="coverage_country_once", fields=["program", "country"]),
            models.UniqueConstraint(name="coverage_region_once", fields=["program", "region"]),
            models.CheckConstraint(
                name="coverage_is_a_country_or_a_region",
                condition=Q(country__isnull=False, region__isnull=True) | Q(country__isnull=True, region__isnull=False),
            ),
            percentage_check("coverage_percentage_is_a_share"),
        ]
        triggers = [shares_add_up("programs_coverage")]

    def __str__(self) -> str:
        return str(self.country or self.region)


@keeps_history()
class ProgramLocation(models.Model):
    """A place where a program works: an area of the list, a locality by name, a point, or several of these."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="locations", verbose_name=_("program"))
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="program_locations", verbose_name=_("area")
    )
    name = models.CharField(_("locality"), max_length=255, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    percentage = percentage_field()

    class Meta:
        verbose_name = _("location of a program")
        verbose_name_plural = _("locations of programs")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="location_says_where",
                condition=Q(area__isnull=False) | ~Q(name="") | Q(latitude__isnull=False),
            ),
            models.CheckConstraint(
                name="location_point_is_whole_and_on_the_globe",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                # Of a half one, the ranges alone would be unknown, which a CHECK lets pass.
                | Q(latitude__isnull=False, latitude__gte=-90, latitude__lte=90)
                & Q(longitude__isnull=False, longitude__gte=-180, longitude__lte=180),
            ),
            models.UniqueConstraint(
                name="location_once",
                fields=["program", "area", "name"],
                nulls_distinct=False,
                condition=Q(latitude__isnull=True),
            ),
            percentage_check("location_percentage_is_a_share"),
        ]
        indexes = [models.Index(name="location_in_an_area", fields=["area", "program"])]
        triggers = [shares_add_up("programs_programlocation")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.area.name if self.area else "") if part)
