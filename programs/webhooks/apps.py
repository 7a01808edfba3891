from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "programs.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from core.ciphers import ENCRYPTED, Encrypted
        from programs.webhooks.models import CIPHER, Endpoint

        ENCRYPTED.append(Encrypted(Endpoint, "secret", CIPHER))
