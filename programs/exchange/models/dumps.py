"""Files made each night of all that everybody may see, for those who want the whole at once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.exchange.querysets import DumpQuerySet


class Dump(models.Model):
    """The public programs of a day as one gzip file; kept in parts in the database, where every server reaches it.

    Nothing that changed before `as_of` is missing in it. `finished_at` null: a worker is at it, or died at it;
    `attempts` counts how often one began.
    """

    class Form(models.TextChoices):
        NDJSON = "ndjson", "NDJSON"
        CSV = "csv", "CSV"

    day = models.DateField(_("day"))
    form = models.CharField(_("format"), max_length=6, choices=Form)
    as_of = models.DateTimeField(_("data as of"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    objects = DumpQuerySet.as_manager()

    class Meta:
        verbose_name = _("nightly file")
        verbose_name_plural = _("nightly files")
        ordering = ["-day", "form"]
        constraints = [
            models.UniqueConstraint(name="dump_once_a_day", fields=["day", "form"]),
            models.CheckConstraint(name="dump_form_is_known", condition=Q(form__in=["ndjson", "csv"])),
            models.CheckConstraint(
                name="dump_finished_has_its_sum",
                condition=Q(finished_at__isnull=True) | Q(size__gt=0, sha256__regex="^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        return f"programs-{self.day:%Y-%m-%d}.{self.form}.gz"


class DumpPart(models.Model):
    """A piece of a nightly file, in its order."""

    dump = models.ForeignKey(Dump, models.CASCADE, related_name="parts", verbose_name=_("nightly file"))
    number = models.PositiveIntegerField(_("number"))
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("part of a nightly file")
        verbose_name_plural = _("parts of nightly files")
        ordering = ["dump", "number"]
        constraints = [models.UniqueConstraint(name="dump_part_once", fields=["dump", "number"])]

    def __str__(self) -> str:
        return f"{self.dump_id}: {self.number}"
