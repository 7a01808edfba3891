"""What counts once, kept for those who see whole families, and what has changed since."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Counted(models.Model):
    """What a program of a family counts for a reader from whom nobody in the family is hidden.

    A family are all programs that are linked with one another (programs/money/links.py); `family` is the lowest of
    their ids. `committed` and `disbursed` are US dollars, null where they are what the program states; `first`, on a
    duplicate report, is the program that has its money; `funders` (organization -> share of one) and `left_out`
    (currency -> committed and disbursed) are empty where they are what the program states; `plans` are year, currency
    (empty for US dollars) and amount, of years of which it counts something else than it plans. Amounts in them are
    texts.

    Rows are calculated, and written by programs/money/stored.py alone. They have no foreign key: one of a program that
    is gone stays until its family is calculated again, and is used by nobody, since the program is due.
    """

    program_id = models.BigIntegerField(_("program"), primary_key=True)
    family = models.BigIntegerField(_("family"), db_index=True)
    committed = models.DecimalField(_("committed that counts"), max_digits=20, decimal_places=2, null=True)
    disbursed = models.DecimalField(_("disbursed that counts"), max_digits=20, decimal_places=2, null=True)
    first = models.BigIntegerField(_("program counted instead"), null=True)
    funders = models.JSONField(_("funders by way of others"), default=dict)
    left_out = models.JSONField(_("amounts without a rate that count"), default=dict)
    plans = models.JSONField(_("planned amounts that count"), default=list)

    class Meta:
        verbose_name = _("what a program of a family counts")
        verbose_name_plural = _("what programs of families count")

    def __str__(self) -> str:
        return f"{self.program_id} ({self.family})"


class Due(models.Model):
    """A program whose family must be calculated again: written by the database whenever something changes that the
    rules of programs/money/ look at. The same program may be due several times."""

    program_id = models.BigIntegerField(_("program"))

    class Meta:
        verbose_name = _("program whose family has changed")
        verbose_name_plural = _("programs whose family has changed")

    def __str__(self) -> str:
        return str(self.program_id)
