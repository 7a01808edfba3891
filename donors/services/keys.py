"""Keys with which a person's scripts read the API."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import NotAllowed, Refused
from donors.models import ApiKey, User
from donors.permissions import may

KEY_TYPE = "carsi_"
PREFIX_LENGTH = 12


@dataclass(frozen=True)
class NewKey:
    """A key just made; `secret` is shown this once and kept nowhere."""

    key: ApiKey
    secret: str


def create_api_key(user: User, name: str, *, expires_at: datetime | None = None, scopes: Iterable[str] = ()) -> NewKey:
    """A new key for `user`'s scripts. It reads; `scopes` (of ApiKey.Scope) say what else it is for.

    Refused without a name, for a scope that there is none, or with an expiry in the past."""
    name = name.strip()
    if not name:
        raise Refused(_("Give the key a name, so that you recognize it later."))
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused(_("The key's expiry date must be in the future."))
    wanted = {ApiKey.Scope.READ.value, *scopes}
    if not wanted <= set(ApiKey.Scope.values):
        raise Refused(_("Unknown scope."))
    secret = KEY_TYPE + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        user=user,
        name=name[:80],
        prefix=secret[:PREFIX_LENGTH],
        digest=digest_of(secret),
        expires_at=expires_at,
        scopes=[scope for scope in ApiKey.Scope.values if scope in wanted],
    )
    return NewKey(key, secret)


def digest_of(secret: str) -> str:
    """The SHA-256 of a key, in hexadecimal: what the database keeps of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def revoke_api_key(key: ApiKey, *, actor: User) -> ApiKey:
    """Ends a key at once; twice is once. NotAllowed for anybody but its owner, an administrator and, of a machine's
    key, those who manage it."""
    machine_of = key.user.machine_of_id
    sees_to_it = machine_of is not None and may(actor, "see_to_machines", machine_of)
    if key.user_id != actor.pk and not actor.is_superuser and not sees_to_it:
        raise NotAllowed()
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
    return key


def note_use(key: ApiKey) -> None:
    """Records that the key was used now, at most once in USE_NOTED_EVERY_SECONDS."""
    now = timezone.now()
    if key.last_used_at is None or (now - key.last_used_at).total_seconds() > settings.USE_NOTED_EVERY_SECONDS:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
