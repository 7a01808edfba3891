from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonorsConfig(AppConfig):
    name = "donors"
    verbose_name = _("People and organizations")

    def ready(self) -> None:
        from allauth.mfa.models import Authenticator

        from core.ciphers import ENCRYPTED, Encrypted
        from donors import sign_in_events  # noqa: F401  (connects it)
        from donors.adapter import SECOND_FACTOR

        members = ("secret", "seed", "migrated_codes")  # of authenticator apps and of recovery codes
        ENCRYPTED.append(Encrypted(Authenticator, "data", SECOND_FACTOR, members))
