"""What is logged of sign-ins and denials, and what a change of password or second factor ends.

Events name people by number alone: no address, no name, no IP address (OWASP ASVS 5, 16.2 and 16.3).
"""

from typing import Any

import structlog
from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from donors.models import User
from donors.services import end_sessions

log = structlog.get_logger(__name__)


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    log.info("sign_in.succeeded", user_id=user.pk, second_factor=user.has_second_factor)


@receiver(user_login_failed)
def sign_in_failed(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    email = credentials.get("email") or credentials.get("username") or ""
    found = User.objects.filter(email__iexact=email).values_list("pk", flat=True).first() if email else None
    log.warning("sign_in.failed", user_id=found)


@receiver(authentication_failed)
def second_factor_failed(sender: Any, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    log.warning("sign_in.second_factor_failed", user_id=user.pk, type=authenticator.type)


@receiver(user_logged_out)
def signed_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        log.info("sign_in.ended", user_id=user.pk)


@receiver([password_changed, password_set, password_reset])
def password_is_new(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Anyone who knew the old password is signed out everywhere else."""
    log.info("account.password_changed", user_id=user.pk)
    end_sessions(user, but=request.session.session_key)


@receiver(authenticator_added)
def second_factor_added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Sessions that began without it end."""
    log.info("account.second_factor_added", user_id=user.pk, type=authenticator.type)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        end_sessions(user, but=request.session.session_key)


@receiver([authenticator_removed, authenticator_reset])
def second_factor_changed(sender: Any, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    log.info("account.second_factor_changed", user_id=user.pk, type=authenticator.type)
