from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonorsConfig(AppConfig):
    name = "donors"
    verbose_name = _("People and organizations")

    def ready(self) -> None:
        from donors import sign_in_events  # noqa: F401  (connects it)
