from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OverlapConfig(AppConfig):
    name = "programs.overlap"
    label = "overlap"
    verbose_name = _("Overlaps")
