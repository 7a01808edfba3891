"""When a person last looked at the region."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from donors.models import User


class LastVisit(models.Model):
    """A person's visit of the region at a glance: when the present one was last seen, and when the one before ended.

    Looks within half an hour are one visit. `before` is null on the first.
    """

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="last_visit", verbose_name=_("person")
    )
    at = models.DateTimeField(_("last seen"))
    before = models.DateTimeField(_("end of the previous visit"), null=True, blank=True)

    class Meta:
        verbose_name = _("last visit")
        verbose_name_plural = _("last visits")

    def __str__(self) -> str:
        return f"{self.user} · {self.at:%Y-%m-%d %H:%M}"
