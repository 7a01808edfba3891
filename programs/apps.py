from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from core.triggers import answer_without_errors


class ProgramsConfig(AppConfig):
    name = "programs"
    verbose_name = _("Programs")

    def ready(self) -> None:
        """A rate that changes has sums in US dollars renewed."""
        from goals.signals import rates_changed
        from programs.services.dollars import ask_to_renew

        rates_changed.connect(ask_to_renew, dispatch_uid="programs.ask_to_renew")
        post_migrate.connect(answer_without_errors, sender=self)
