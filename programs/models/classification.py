"""What a program is for: goals, sectors, policy markers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goals.models import Goal, Sector
from goals.vocabularies import listed_name, vocabulary_name
from programs.models.history import keeps_history
from programs.models.program import Program
from programs.models.shares import percentage_check, percentage_field, shares_add_up


@keeps_history()
class ProgramGoal(models.Model):
    """A goal that a program serves; `reasons` is why goals.proposal proposed it, [] where a person set it."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="goals", verbose_name=_("program"))
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="program_goals", verbose_name=_("goal"))
    percentage = percentage_field(stated=True)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)

    class Meta:
        verbose_name = _("goal of a program")
        verbose_name_plural = _("goals of programs")
        ordering = ["-percentage", "goal"]
        constraints = [
            models.UniqueConstraint(name="program_goal_once", fields=["program", "goal"]),
            percentage_check("goal_percentage_is_a_share"),
        ]
        indexes = [models.Index(name="program_goal_by_goal", fields=["goal", "program"])]
        triggers = [shares_add_up("programs_programgoal")]

    def __str__(self) -> str:
        return str(self.goal)


@keeps_history()
class ProgramSector(models.Model):
    """A DAC purpose code of a program."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="sectors", verbose_name=_("program"))
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="program_sectors", verbose_name=_("sector"))
    percentage = percentage_field()

    class Meta:
        verbose_name = _("sector of a program")
        verbose_name_plural = _("sectors of programs")
        ordering = ["-percentage", "sector"]
        constraints = [
            models.UniqueConstraint(name="program_sector_once", fields=["program", "sector"]),
            percentage_check("sector_percentage_is_a_share"),
        ]
        triggers = [shares_add_up("programs_programsector")]

    def __str__(self) -> str:
        return str(self.sector)


@keeps_history()
class OtherSector(models.Model):
    """A sector as its reporter published it, in another vocabulary than the DAC purpose codes (IATI code list
    SectorVocabulary: 2 the three-digit categories of the DAC, 7 to 9 the SDGs, 10 clusters, 98 and 99 the reporter's
    own), or a code that the list of purpose codes does not have. It is in no total."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="other_sectors", verbose_name=_("program"))
    vocabulary = models.CharField(_("vocabulary"), max_length=20, blank=True)
    code = models.CharField(_("code"), max_length=255, blank=True)
    name = models.TextField(_("name"), blank=True)
    percentage = percentage_field()

    class Meta:
        verbose_name = _("sector of another vocabulary")
        verbose_name_plural = _("sectors of other vocabularies")
        ordering = ["vocabulary", "-percentage", "id"]
        constraints = [
            percentage_check("other_sector_percentage_is_a_share"),
            models.CheckConstraint(name="other_sector_says_something", condition=~Q(code="") | ~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()

    @property
    def shown(self) -> str:
        """Its code with its name: the list's own in the reader's language, else as published."""
        return f"{self.code} {listed_name(self.vocabulary, self.code) or self.name}".strip()

    @property
    def shown_vocabulary(self) -> str:
        return vocabulary_name(self.vocabulary)


@keeps_history()
class PolicyMarker(models.Model):
    """A DAC policy marker of a program (IATI code lists PolicyMarker and PolicySignificance)."""

    class Code(models.IntegerChoices):
        GENDER = 1, _("Gender equality")
        ENVIRONMENT = 2, _("Aid to environment")
        GOVERNANCE = 3, _("Participatory development and good governance")
        TRADE = 4, _("Trade development")
        BIODIVERSITY = 5, _("Convention on Biological Diversity")
        CLIMATE_MITIGATION = 6, _("Climate change mitigation")
        CLIMATE_ADAPTATION = 7, _("Climate change adaptation")
        DESERTIFICATION = 8, _("Convention to Combat Desertification")
        MATERNAL_HEALTH = 9, _("Reproductive, maternal, newborn and child health")
        DISASTER_RISK = 10, _("Disaster risk reduction")
        DISABILITY = 11, _("Disability")
        NUTRITION = 12, _("Nutrition")

    class Significance(models.IntegerChoices):
        NOT_TARGETED = 0, _("not targeted")
        SIGNIFICANT = 1, _("significant objective")
        PRINCIPAL = 2, _("principal objective")
        PRINCIPAL_SUPPORT = 3, _("principal objective and in support of an action programme")
        EXPLICIT_PRIMARY = 4, _("explicit primary objective")

    program = models.ForeignKey(Program, models.CASCADE, related_name="policy_markers", verbose_name=_("program"))
    code = models.PositiveSmallIntegerField(_("policy marker"), choices=Code)
    significance = models.PositiveSmallIntegerField(_("significance"), choices=Significance)

    class Meta:
        verbose_name = _("policy marker")
        verbose_name_plural = _("policy markers")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(name="policy_marker_once", fields=["program", "code"]),
            models.CheckConstraint(name="policy_marker_is_known", condition=Q(code__gte=1, code__lte=12)),
            models.CheckConstraint(
                name="policy_significance_is_known", condition=Q(significance__gte=0, significance__lte=4)
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()
