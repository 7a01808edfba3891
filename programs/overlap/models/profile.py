"""What the engine needs of each program, made once a version: its facts in one row, and the keys it is found by."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Program


class ProgramProfile(models.Model):
    """A program's facts as the engine compares them, in the version that they were read from.

    A profile is current where `version` is the program's and `made_by` is today's way of making one. What is not
    scanned (drafts, archived programs) has a profile without keys.
    """

    program = models.OneToOneField(
        Program, models.CASCADE, primary_key=True, related_name="profile", verbose_name=_("program")
    )
    version = models.PositiveIntegerField(_("version of the program"))
    made_by = models.CharField(_("engine version"), max_length=20)
    # Neighbours lie together in its order: parts of a full scan read few programs twice.
    home = models.TextField(_("location"))
    facts = models.TextField(_("facts"))
    # What is compared of it, and what is read in its texts: see engine/profile.py and engine/reading.py.
    numbers = models.TextField(_("numbers"))
    reading = models.BinaryField(_("text analysis"))
    # The series of one reporter's records that it belongs to, as numbers: see engine/series.py.
    series = ArrayField(models.BigIntegerField(), verbose_name=_("series"), default=list, db_default=[])

    class Meta:
        verbose_name = _("profile of a program")
        verbose_name_plural = _("profiles of programs")
        indexes = [GinIndex(name="profile_of_series", fields=["series"])]

    def __str__(self) -> str:
        return f"{self.program_id} · {self.version}"


class CandidateKey(models.Model):
    """A key under which a program is found; see keys.py for what they are made of.

    `starts` and `ends` are days (date.toordinal) with half the margin in them.
    """

    pk = models.CompositePrimaryKey("program_id", "key")
    program = models.ForeignKey(
        Program, models.CASCADE, related_name="candidate_keys", db_index=False, verbose_name=_("program")
    )
    key = models.BigIntegerField(_("key"))
    family = models.PositiveSmallIntegerField(_("family"))
    least = models.PositiveSmallIntegerField(_("minimum in common"))
    mask = models.BigIntegerField(_("goals and types of work"))
    starts = models.IntegerField(_("first day"))
    ends = models.IntegerField(_("last day"))
    # Programs of the same one, by their standard text or by their title, do not meet under the key.
    series = models.BigIntegerField(_("series"), default=0, db_default=0)
    title_series = models.BigIntegerField(_("series by the title"), default=0, db_default=0)

    class Meta:
        verbose_name = _("candidate key")
        verbose_name_plural = _("candidate keys")
        indexes = [
            # The look-up of candidates reads nothing but this index, and steps over a program's own series in it.
            models.Index(
                name="candidatekey_by_series",
                fields=["key", "least", "series"],
                include=["program", "mask", "starts", "ends", "title_series"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} · {self.key}"
