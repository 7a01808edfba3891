"""Where programs work: countries, regions of the DAC list, and administrative areas."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.bilingual import Bilingual
from goals.codes import SEVEN
from goals.querysets import AreaQuerySet


class Country(models.Model):
    """A country by its ISO 3166-1 alpha-2 code; seven of them are CARSI's."""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    name_en = models.CharField(_("name in English"), max_length=100)
    name_es = models.CharField(_("name in Spanish"), max_length=100)
    in_carsi = models.BooleanField(_("one of the seven countries"), default=False, db_index=True)

    name = Bilingual("name")

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name_en"]
        constraints = [
            models.CheckConstraint(name="country_code_is_two_capitals", condition=Q(code__regex=r"^[A-Z]{2}$")),
            models.CheckConstraint(
                name="country_in_carsi_is_one_of_seven",
                condition=Q(in_carsi=False) | Q(code__in=list(SEVEN)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Region(models.Model):
    """A group of countries by its code on the DAC list of recipients (IATI code list Region)."""

    code = models.CharField(_("code"), max_length=5, primary_key=True)
    name_en = models.CharField(_("name in English"), max_length=100)
    name_es = models.CharField(_("name in Spanish"), max_length=100)
    is_central_america = models.BooleanField(_("Central America as a whole"), default=False)

    name = Bilingual("name")

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="region_code_is_digits", condition=Q(code__regex=r"^[0-9]+$")),
        ]

    def __str__(self) -> str:
        return self.name


# The types that ISO 3166-2 gives the areas of the seven countries.
AREA_TYPES = {
    "Autonomous region": _("Autonomous region"),
    "Department": _("Department"),
    "District": _("District"),
    "Indigenous region": _("Indigenous region"),
    "Province": _("Province"),
}


class Area(models.Model):
    """An administrative area: a department or province (level 1) or a municipality (level 2).

    Level 1 carries its ISO 3166-2 code. `outline` is a GeoJSON geometry in WGS 84 degrees, null where no source
    draws it; `latitude` and `longitude` are a point inside.
    """

    class Level(models.IntegerChoices):
        ADMIN_1 = 1, _("department, province or district")
        ADMIN_2 = 2, _("municipality")

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    country = models.ForeignKey(Country, models.PROTECT, related_name="areas", verbose_name=_("country"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, default=Level.ADMIN_1)
    type = models.CharField(_("type"), max_length=60, help_text=_("The ISO 3166-2 term: department, …"))
    name = models.CharField(_("name"), max_length=120)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6)
    outline = models.JSONField(_("outline"), null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="area_level_is_1_or_2", condition=Q(level__in=[1, 2])),
            models.CheckConstraint(
                name="area_code_begins_with_its_country",
                condition=Q(code__startswith=models.functions.Concat("country_id", models.Value("-"))),
            ),
            models.CheckConstraint(
                name="area_of_level_2_is_part_of_one",
                condition=Q(level=1) | Q(parent__isnull=False),
            ),
            models.CheckConstraint(
                name="area_point_is_on_the_globe",
                condition=Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def type_name(self) -> str:
        """What ISO 3166-2 calls such an area, in the reader's language."""
        return str(AREA_TYPES.get(self.type, self.type))

    @property
    def with_country(self) -> str:
        """As it is written where the country is not clear: Cortés, Honduras. Reads `country`."""
        return f"{self.name}, {self.country.name}"
