"""How often a person gets letters, and the link in each letter that ends them."""

import structlog
from django.core.signing import BadSignature, Signer

from donors.errors import Refused
from donors.models import User
from programs.discussion.models import NotificationChoice

log = structlog.get_logger(__name__)

Digest = NotificationChoice.Digest


def digest_of(user: User) -> str:
    """The person's choice; daily where they have made none. One query."""
    chosen = NotificationChoice.objects.filter(user=user).values_list("digest", flat=True).first()
    return chosen or Digest.DAILY


def choose_digest(user: User, digest: str) -> NotificationChoice:
    """Sets how often the person gets letters; Refused for a rhythm that there is not."""
    if digest not in Digest.values:
        raise Refused(f"No such rhythm: {digest}")
    choice, _created = NotificationChoice.objects.update_or_create(user=user, defaults={"digest": digest})
    log.info("notifications.chosen", user_id=user.pk, digest=digest)
    return choice


def unsubscribe_token(user: User) -> str:
    """What the link in a letter carries: it lets whoever has the letter end the letters, and nothing else.

    It never expires (RFC 8058 wants letters kept for long to be ended too) and holds no address.
    """
    return _signer().sign(str(user.pk))


def person_of_token(token: str) -> User | None:
    """Whose letters the token ends; None where it was not made here."""
    try:
        return User.objects.filter(pk=int(_signer().unsign(token))).first()
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="discussion.unsubscribe")
