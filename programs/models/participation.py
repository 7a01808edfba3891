"""Who takes part in a program, and which other programs it belongs with."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from donors.models import Organization
from programs import codes
from programs.models.history import keeps_history
from programs.models.program import Program
from programs.querysets import RelatedProgramQuerySet


@keeps_history()
class Participation(models.Model):
    """An organization's role in a program. `activity_identifier` is the organization's own name for it, if known."""

    Role = codes.Role

    program = models.ForeignKey(Program, models.CASCADE, related_name="participations", verbose_name=_("program"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="participations", verbose_name=_("organization")
    )
    role = models.PositiveSmallIntegerField(_("role"), choices=Role)
    activity_identifier = models.CharField(_("organization's own reference"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["role", "id"]
        constraints = [
            models.UniqueConstraint(name="participation_once_in_a_role", fields=["program", "organization", "role"]),
            models.CheckConstraint(name="participation_role_is_known", condition=Q(role__in=codes.Role.values)),
        ]
        indexes = [
            models.Index(name="participation_of_donors", fields=["organization", "role", "program"]),
            models.Index(
                name="participation_identifier",
                fields=["activity_identifier"],
                condition=~Q(activity_identifier=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.organization}"


@keeps_history()
class RelatedProgram(models.Model):
    """A link that one program's report makes to another activity; `related` once that one is in the portal too."""

    class Type(models.IntegerChoices):
        """IATI code list RelatedActivityType."""

        PARENT = 1, _("Parent")
        CHILD = 2, _("Child")
        SIBLING = 3, _("Sibling")
        CO_FUNDED = 4, _("Co-funded")
        THIRD_PARTY = 5, _("Reported by a third party")

    program = models.ForeignKey(Program, models.CASCADE, related_name="related_programs", verbose_name=_("program"))
    type = models.PositiveSmallIntegerField(_("type"), choices=Type)
    identifier = models.CharField(_("identifier"), max_length=255)
    related = models.ForeignKey(
        Program,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="linked_from",
        verbose_name=_("program linked"),
    )

    objects = RelatedProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("related program")
        verbose_name_plural = _("related programs")
        ordering = ["type", "identifier"]
        constraints = [
            models.UniqueConstraint(name="related_program_once", fields=["program", "type", "identifier"]),
            models.CheckConstraint(name="related_type_is_known", condition=Q(type__in=[1, 2, 3, 4, 5])),
            models.CheckConstraint(name="related_has_an_identifier", condition=~Q(identifier="")),
            models.CheckConstraint(
                name="related_is_another", condition=Q(related__isnull=True) | ~Q(related=F("program"))
            ),
        ]
        indexes = [models.Index(name="related_identifier", fields=["identifier"])]

    def __str__(self) -> str:
        return f"{self.get_type_display()}: {self.identifier}"
