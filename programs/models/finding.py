"""The words under which a program is found."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models.program import Program


class FindingWords(models.Model):
    """What a program is looked for by, beyond its own title and texts: the names, in both languages, of its places,
    organizations, sectors and types of work. Written with the program's profile, soon after it is saved; until then
    its own words alone find it."""

    program = models.OneToOneField(
        Program, models.CASCADE, primary_key=True, related_name="finding_words", verbose_name=_("program")
    )
    words = SearchVectorField(_("words"))

    class Meta:
        verbose_name = _("words that find a program")
        verbose_name_plural = _("words that find programs")
        indexes = [GinIndex(name="finding_words", fields=["words"])]

    def __str__(self) -> str:
        return str(self.program_id)
