"""Keys with which a person's scripts pull from the API."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from donors.models.user import User
from donors.querysets import ApiKeyQuerySet


def only_reading() -> list[str]:
    """The scopes of a key of which nothing else is said."""
    return ["read"]


class ApiKey(models.Model):
    """A key of one person's script. Only its SHA-256 is kept (the key has 256 random bits, so no salt is needed).

    `prefix` is the key's first characters, to recognise it by on the account page and in logs.
    """

    class Scope(models.TextChoices):
        """What a key may be used for; never more than its owner may do."""

        READ = "read", _("Read")
        WRITE = "write", _("Enter and change: programs, imports, comments, agreements")
        REVIEW = "review", _("Decide on overlaps")
        EXPORT = "export", _("Download full exports")

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("prefix"), max_length=16, unique=True)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=6, choices=Scope), default=only_reading, verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(name="api_key_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="api_key_digest_is_sha256", condition=Q(digest__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="api_key_scopes_are_known",
                condition=Q(scopes__contained_by=["read", "write", "review", "export"]) & Q(scopes__len__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def scope_labels(self) -> list[str]:
        """What it may do, in words."""
        return [str(self.Scope(scope).label) for scope in self.scopes]

    @property
    def is_usable(self) -> bool:
        """Whether the key opens the API now: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())


class ApiKeyUse(models.Model):
    """How often a key was used on one day (UTC) for one kind of call, by the status that it was answered with."""

    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="uses")
    day = models.DateField(_("day"))
    method = models.CharField(_("method"), max_length=7)
    path = models.CharField(_("address"), max_length=200)
    status = models.PositiveSmallIntegerField(_("status"))
    calls = models.PositiveIntegerField(_("calls"), default=1)

    class Meta:
        verbose_name = _("use of an API key")
        verbose_name_plural = _("uses of API keys")
        ordering = ["-day", "path", "method", "status"]
        constraints = [
            models.UniqueConstraint(name="api_key_use_once_a_day", fields=["key", "day", "method", "path", "status"]),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.method} {self.path} {self.status}: {self.calls}"


class AnsweredRequest(models.Model):
    """What a creation with an Idempotency-Key was answered, so that sent again it is answered the same for a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    # SHA-256 over method, address and body.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    # JSON as text: a refusal repeats what was sent, and jsonb holds no NUL.
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("answered request")
        verbose_name_plural = _("answered requests")
        constraints = [models.UniqueConstraint(name="answered_request_once", fields=["user", "key"])]

    def __str__(self) -> str:
        return self.key
