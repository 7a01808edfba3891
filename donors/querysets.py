"""Every question asked of the database about people and organizations."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import models
from django.db.models import Case, Max, Q, When
from django.db.models.functions import Greatest

from donors.names import normalize_name

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import Organization, User  # noqa: F401

# From this likeness on (0 to 1) a name is worth asking “did you mean …?”.
LIKE_ENOUGH = 0.45
MOST_ALIKE = 5


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

    def similar_to(self, text: str) -> Self:
        """Organizations one of whose names is much like `text`, the likeliest first: what somebody may have meant.

        Trigrams over all names and aliases, and names that hold the whole of `text` or are held by it as a word.
        """
        normalized = normalize_name(text)
        alike = Greatest(
            TrigramSimilarity("aliases__normalized", normalized),
            TrigramWordSimilarity(normalized, "aliases__normalized"),
        )
        found = self.values("pk").annotate(likeness=Max(alike)).filter(likeness__gte=LIKE_ENOUGH)
        order = list(found.order_by("-likeness", "pk").values_list("pk", flat=True)[:MOST_ALIKE])
        if not order:
            return self.none()
        return self.filter(pk__in=order).order_by(Case(*[When(pk=pk, then=i) for i, pk in enumerate(order)]))

    def by_names(self, texts: Iterable[str]) -> dict[str, int]:
        """The ids of organizations that go by these texts, by normalized text; two queries, however many texts."""
        wanted = {normalize_name(text): text.strip() for text in texts if text.strip()}
        refs = {text.upper(): normalized for normalized, text in wanted.items()}
        found = {
            refs[ref.upper()]: pk for pk, ref in self.exclude(ref="").values_list("pk", "ref") if ref.upper() in refs
        }
        named = self.filter(aliases__normalized__in=wanted).values_list("aliases__normalized", "pk")
        return {**found, **{normalized: pk for normalized, pk in named if normalized in wanted}}

    def by_ids(self, ids: Iterable[int]) -> Self:
        return self.filter(pk__in=list(ids))
