"""Every question asked of the database about people and organizations."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from donors.names import normalize_name

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import Organization, User  # noqa: F401


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations; whoever is signed in may see that they exist."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """All for a signed-in user, none for anybody else."""
        return self if user.is_authenticated else self.none()

    def named(self, text: str) -> Self:
        """Organizations that go by `text` (a name, an acronym or an identifier), however it is written."""
        normalized = normalize_name(text)
        return self.filter(Q(aliases__normalized=normalized) | Q(ref__iexact=text.strip())).distinct()

    def matching(self, text: str) -> Self:
        """Organizations whose name or alias holds all words of `text`, accents and capitals ignored."""
        found = self
        for word in normalize_name(text).split():
            found = found.filter(aliases__normalized__contains=word)
        return found.distinct()

    def by_ids(self, ids: Iterable[int]) -> Self:
        return self.filter(pk__in=list(ids))
