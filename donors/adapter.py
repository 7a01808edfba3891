"""How sign-in differs from django-allauth's default: by invitation alone, emails in the recipient's language."""

import base64
import secrets
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.ciphers import cipher
from donors.emails import absolute, send_email
from donors.models import User

log = structlog.get_logger(__name__)

# allauth's name of an email -> our template of it; every other one is a notice of what was changed.
LETTERS = {
    "account/email/password_reset_key": "emails/password_reset",
    "account/email/unknown_account": "emails/no_account",
}
NOTICE = "emails/notice"
SECOND_FACTOR = "second-factor"
NOTICES = {
    "account/email/password_changed": gettext_lazy("Your password was changed."),
    "account/email/password_set": gettext_lazy("Your password was changed."),
    "account/email/password_reset": gettext_lazy("Your password was changed."),
    "mfa/email/totp_activated": gettext_lazy("An authenticator app was added to your account."),
    "mfa/email/totp_deactivated": gettext_lazy("The authenticator app was removed from your account."),
    "mfa/email/webauthn_added": gettext_lazy("A security key was added to your account."),
    "mfa/email/webauthn_removed": gettext_lazy("A security key was removed from your account."),
    "mfa/email/recovery_codes_generated": gettext_lazy("New recovery codes were created; the old ones no longer work."),
}


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """Accounts are made from an invitation or by an administrator; there is no open registration."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "rate_limited": gettext_lazy("Too many attempts in a short time. Wait a few minutes, then try again."),
        "too_many_login_attempts": gettext_lazy("Too many failed attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends an email in the language of the person who has that address."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        known = {
            "email": email,
            "what": NOTICES.get(template_prefix, ""),
            "account": absolute(reverse("donors:account")),
            "ask_again": absolute(reverse("account_reset_password")),
        }
        template = LETTERS.get(template_prefix, NOTICE)
        send_email(template, to=email, language=user.language if user else "", context={**context, **known})


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted with a key made from SECRET_KEY.

    A stolen copy of the database alone does not hold anybody's second factor. When SECRET_KEY is changed, the one of
    before goes into SECRET_KEY_FALLBACKS; without it the people concerned must set up their second factor again.
    """

    def encrypt(self, text: str) -> str:
        return cipher(SECOND_FACTOR).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return cipher(SECOND_FACTOR).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Not "": codes made from an empty secret could be guessed. No code fits one that nobody has.
            log.error("second_factor.unreadable")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user: User, type: str) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Security key %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}
