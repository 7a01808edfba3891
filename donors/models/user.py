"""People and their part in organizations."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar, Self

import pghistory
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from donors.models.organization import Organization
from donors.models.triggers import coordinators_in_the_coordinating_body
from donors.querysets import MembershipQuerySet


class UserManager(BaseUserManager["User"]):
    """Makes users who sign in by email."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user; without a password nobody can sign in until one is set. ValueError for a blank email."""
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by email; `digest` is how often the portal writes to them of what concerns them.

    With `machine_of` it is no person but what acts for an organization by keys alone (donors/services/machines.py).
    """

    class Digest(models.TextChoices):
        OFF = "off", _("Never")
        DAILY = "daily", _("Daily, if there is news")
        WEEKLY = "weekly", _("Every Monday, if there is news")

    email = models.EmailField(_("email"), max_length=254)
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("en", _("English")), ("es", _("Spanish"))], blank=True
    )
    digest = models.CharField(_("email frequency"), max_length=6, choices=Digest, default=Digest.WEEKLY)
    is_staff = models.BooleanField(_("may use the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined on"), default=timezone.now)
    machine_of = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="machines",
        verbose_name=_("machine account of"),
    )

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_is_unique"),
            models.CheckConstraint(name="user_email_has_an_at", condition=Q(email__contains="@")),
            models.CheckConstraint(
                name="user_machine_is_nobody_s_boss_and_gets_no_letters",
                condition=Q(machine_of__isnull=True) | Q(is_staff=False, is_superuser=False, digest="off"),
            ),
            models.CheckConstraint(name="user_language_is_known", condition=Q(language__in=["", "en", "es"])),
            models.CheckConstraint(name="user_digest_is_known", condition=Q(digest__in=["off", "daily", "weekly"])),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def shown_name(self) -> str:
        """How people of other organizations see this person: never by the whole address."""
        return self.full_name or self.email.partition("@")[0]

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else self.email

    @cached_property
    def roles(self) -> dict[int, str]:
        """The user's role in each organization, by organization id; one query, then remembered."""
        return dict(self.memberships.values_list("organization_id", "role"))

    def forget_roles(self) -> None:
        """To be called after a membership of the user changed: the next look at `roles` asks again."""
        with suppress(AttributeError):
            del self.roles

    def with_roles(self, roles: Mapping[int, str]) -> Self:
        """The user with these roles (organization id -> role), already read or assumed: `roles` asks no query."""
        self.roles = dict(roles)
        return self

    @property
    def is_machine(self) -> bool:
        return self.machine_of_id is not None

    @property
    def organization_ids(self) -> list[int]:
        return list(self.roles)

    @property
    def is_coordinator(self) -> bool:
        """Whether the user coordinates for SICA: sees every program and decides on overlaps."""
        return self.is_active and Membership.Role.COORDINATOR in self.roles.values()

    @property
    def sees_everything(self) -> bool:
        return self.is_active and (self.is_superuser or self.is_coordinator)

    @property
    def is_partner(self) -> bool:
        """Whether the user may be told whom to call: a member of any organization, or who sees everything."""
        return self.is_active and (bool(self.roles) or self.is_superuser)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password alone is too little for what the user may do."""
        return self.is_staff or self.is_superuser or not NEED_SECOND_FACTOR.isdisjoint(self.roles.values())

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether the user has an authenticator app or a security key; one query, then remembered."""
        return Authenticator.objects.filter(user=self, type__in=SECOND_FACTORS).exists()


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    append_only=True,
)
class Membership(models.Model):
    """A person's role in an organization. Coordinators exist in the coordinating body (SICA) alone.

    Who had which role when is kept: see the model MembershipEvent.
    """

    class Role(models.TextChoices):
        VIEWER = "viewer", _("viewer")
        EDITOR = "editor", _("editor")
        MANAGER = "manager", _("manager")
        COORDINATOR = "coordinator", _("coordinator")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="memberships", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organization", "user"]
        constraints = [
            models.UniqueConstraint(name="membership_once_in_an_organization", fields=["user", "organization"]),
            models.CheckConstraint(
                name="membership_role_is_known",
                condition=Q(role__in=["viewer", "editor", "manager", "coordinator"]),
            ),
        ]
        triggers = [
            coordinators_in_the_coordinating_body("membership_coordinator_in_coordinating_body"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.get_role_display()}"


NEED_SECOND_FACTOR = frozenset({Membership.Role.MANAGER, Membership.Role.COORDINATOR})
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
