"""What came in from other systems, as it came."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models import Program


class IatiRecord(models.Model):
    """The IATI activity that a program was last imported from, as published, with the money of other periods that
    earlier files had of it (see iati/by_year.py).

    `parts` says which files that is made of: for each its name, the checksum of the activity in it, and which periods
    are from it. Empty where an earlier release read it.
    `checksum` (SHA-256 of the canonical XML) tells an unchanged activity at once; `oddities` is what differed from
    the standard, as objects with `code` and `detail`. `planned_taken` is false where an earlier release read it, which
    left planned disbursements in the file alone.
    """

    program = models.OneToOneField(
        Program, models.CASCADE, primary_key=True, related_name="iati_record", verbose_name=_("program")
    )
    identifier = models.CharField(_("IATI identifier"), max_length=255, db_index=True)
    checksum = models.CharField(_("checksum"), max_length=64)
    standard = models.CharField(_("version of the standard"), max_length=10, blank=True)
    xml = models.TextField(_("activity as published"))
    file_name = models.CharField(_("file"), max_length=255)
    line = models.PositiveIntegerField(_("line"))
    oddities = models.JSONField(_("warnings"), default=list, blank=True)
    parts = models.JSONField(
        _("files that it is made of"), default=list, db_default=models.Value([], models.JSONField()), blank=True
    )
    planned_taken = models.BooleanField(_("planned payments taken in"), default=True, db_default=False)
    imported_at = models.DateTimeField(_("imported"), auto_now=True)

    class Meta:
        verbose_name = _("IATI record")
        verbose_name_plural = _("IATI records")
        ordering = ["identifier"]
        constraints = [
            models.CheckConstraint(
                name="iati_record_checksum_is_sha256", condition=Q(checksum__regex="^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="iati_record_has_an_identifier", condition=~Q(identifier="")),
        ]

    def __str__(self) -> str:
        return self.identifier
