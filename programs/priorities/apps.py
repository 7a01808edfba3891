from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrioritiesConfig(AppConfig):
    name = "programs.priorities"
    label = "priorities"
    verbose_name = _("Priorities and the programs that respond to them")
