"""What programs are sorted by: the five CARSI goals and the DAC purpose codes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.bilingual import Bilingual
from goals.querysets import SectorQuerySet


class Goal(models.Model):
    """One of the five goals of the Central America Regional Security Initiative, in the official wording."""

    number = models.PositiveSmallIntegerField(_("number"), primary_key=True)
    name_en = models.TextField(_("name in English"))
    name_es = models.TextField(_("name in Spanish"))
    short_en = models.CharField(_("short name in English"), max_length=80)
    short_es = models.CharField(_("short name in Spanish"), max_length=80)

    name = Bilingual("name")
    short = Bilingual("short")

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="goal_number_is_1_to_5", condition=Q(number__gte=1, number__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.short}"


class Sector(models.Model):
    """A five-digit purpose code of the OECD DAC/CRS list (IATI code list Sector)."""

    code = models.CharField(_("code"), max_length=5, primary_key=True)
    name_en = models.CharField(_("name in English"), max_length=255)
    name_es = models.CharField(_("name in Spanish"), max_length=255, blank=True)
    category = models.CharField(_("category"), max_length=3, help_text=_("The three-digit DAC category."))
    description_en = models.TextField(_("description in English"), blank=True)
    is_withdrawn = models.BooleanField(_("withdrawn from the list"), default=False)

    objects = SectorQuerySet.as_manager()

    name = Bilingual("name")

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="sector_code_is_five_digits", condition=Q(code__regex=r"^[0-9]{5}$")),
            models.CheckConstraint(name="sector_category_is_three_digits", condition=Q(category__regex=r"^[0-9]{3}$")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
