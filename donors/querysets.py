"""Every question asked of the database about people and organizations."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connection, models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, Now

from core.names import normalize_name
from core.searching import MOST_WORDS, words_looked_for
from donors.listed import listed, where_it_means
from donors.naming import Named, identifier_key, identifier_spellings, meant, name_keys, name_spellings
from donors.permissions import may_anywhere, organizations_where

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from donors.models import ApiKey, Invitation, Membership, Organization, OrganizationRequest, User  # noqa: F401

NAME_THEN_EMAIL = ("user__full_name", "user__email")

# From this likeness on (0 to 1) a name is worth asking “did you mean …?”.
LIKE_ENOUGH = 0.45
# From this one on a name is probably another one misspelled.
SPELLED_ALIKE = 0.6
MOST_ALIKE = 5


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """API keys."""

    def with_owner(self, digest: str) -> "ApiKey | None":
        """The key of this digest with its owner and the owner's roles, or None.

        One query, since every call of the API asks it; its text is made once, which takes longer than asking it."""
        owners: Any = self.model._meta.get_field("user").related_model
        with connection.cursor() as cursor:
            cursor.execute(_key_with_owner(self.model, owners), [digest])
            row = cursor.fetchone()
        if row is None:
            return None
        of_key, of_owner = (_columns(model) for model in (self.model, owners))
        key = self.model.from_db(self.db, of_key, row[: len(of_key)])
        key.user = owners.from_db(self.db, of_owner, row[len(of_key) : -1])
        key.user.roles = {int(pk): role for pk, role in (row[-1] or {}).items()}
        return key


def _columns(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def _key_with_owner(keys: Any, owners: Any) -> str:
    columns = [
        f'"{model._meta.db_table}"."{field.column}"'
        for model in (keys, owners)
        for field in model._meta.concrete_fields
    ]
    return (
        f"SELECT {', '.join(columns)}, (SELECT json_object_agg(organization_id, role)"  # noqa: S608
        " FROM donors_membership WHERE user_id = donors_user.id)"
        " FROM donors_apikey JOIN donors_user ON donors_user.id = user_id WHERE donors_apikey.digest = %s"
    )


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations; anyone who is signed in may see that they exist."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """All for a signed-in user, none for anybody else."""
        return self if user.is_authenticated else self.none()

    def with_people_managed_by(self, user: "User") -> Self:
        """Organizations whose people `user` sees to: all for coordinators and administrators, else their own."""
        if may_anywhere(user, "see_people"):
            return self
        return self.filter(pk__in=organizations_where(user, "see_people"))

    def with_people_counted(self) -> Self:
        """Each with `members`, `managers` and `pending` (open invitations that have not expired)."""
        return self.annotate(
            members=_count_of("Membership", user__machine_of__isnull=True),
            managers=_count_of("Membership", role="manager"),
            pending=_count_of("Invitation", accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=Now()),
        )

    def named(self, text: str) -> Self:
        """Organizations that go by `text` (a name, an acronym or an identifier), however it is written and wherever."""
        return self.filter(Q(aliases__normalized__in=name_spellings(text)) | Q(ref__iexact=text.strip())).distinct()

    def matching(self, text: str) -> Self:
        """Organizations one of whose names or aliases holds all words of `text`, accents and capitals ignored; an
        acronym also with dots between its letters.

        One look at the aliases, however many words: a join for each would multiply the rows with every word.
        """
        condition = _with_all_words_of(text)
        if condition is None:
            return self
        aliases = apps.get_model("donors", "OrganizationAlias")._default_manager.filter(organization=OuterRef("pk"))
        return self.filter(Exists(aliases.filter(condition)))

    def ids_matching(self, text: str) -> Any:
        """The ids of what `matching` finds, of all organizations, as a query that begins with the names: for
        conditions on what organizations take part in. None for a text without words."""
        condition = _with_all_words_of(text)
        if condition is None:
            return None
        aliases = apps.get_model("donors", "OrganizationAlias")._default_manager
        return aliases.filter(condition).values("organization_id")

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

    def spelled_like(self, text: str) -> Self:
        """Organizations one of whose names is `text` with another spelling, the likeliest first: by the trigrams of the
        whole name. An organization whose name has some of the words is not meant."""
        alike = TrigramSimilarity("aliases__normalized", normalize_name(text))
        found = self.values("pk").annotate(likeness=Max(alike)).filter(likeness__gte=SPELLED_ALIKE)
        order = list(found.order_by("-likeness", "pk").values_list("pk", flat=True)[:MOST_ALIKE])
        if not order:
            return self.none()
        return self.filter(pk__in=order).order_by(Case(*[When(pk=pk, then=i) for i, pk in enumerate(order)]))

    def by_names(self, texts: Iterable[str], countries: Collection[str] = ()) -> dict[str, int]:
        """The ids of the organizations that go by these texts in these countries, by normalized text; two
        queries, however many texts.

        An identifier comes first: also one of a known body, which is nobody's name then, even if the body is no
        organization yet (one more query). What lists call an organization by is that one; a name that may mean several
        is nobody's.
        """
        wanted = {normalize_name(text): text.strip() for text in texts if text.strip()}
        keys = {key: normalized for normalized, text in wanted.items() for key in reversed(name_spellings(text))}
        found: dict[str, int] = {}
        own: dict[str, int] = {}
        candidates: dict[str, list[Named]] = defaultdict(list)
        for alias in self._names_in(keys):
            normalized = keys[alias["normalized"]]
            if alias["is_own"] and alias["normalized"] == normalized:
                own[normalized] = alias["organization"]
            candidates[normalized].append(_named(alias))
        for normalized, named in candidates.items():
            if (one := meant(named, countries)) is not None and one.organization is not None:
                found[normalized] = one.organization
        found |= own
        identified = self.identified_by(wanted.values())
        for normalized, text in wanted.items():
            key = identifier_key(text)
            if key in identified:
                found[normalized] = identified[key]
            elif key in listed().by_ref:
                found.pop(normalized, None)
        return found

    def identified_by(self, texts: Iterable[str]) -> dict[str, int]:
        """The ids of the organizations that have these identifiers, by `identifier_key`; one query, and one more where
        one of them is a known body's that no organization has as its own."""
        wanted = {identifier_key(text): text for text in texts if text.strip()}
        if not wanted:
            return {}
        aliases = apps.get_model("donors", "OrganizationAlias")._default_manager.filter(
            kind="ref",
            normalized__in=[spelling for text in wanted.values() for spelling in identifier_spellings(text)],
            organization__in=self.values("pk"),
        )
        own = self.exclude(ref="").order_by().values_list(Value(1), F("pk"), F("ref"))
        given = aliases.order_by().values_list(Value(0), F("organization_id"), F("text"))
        # The organization's own field last, so that it counts; of two spellings that of the older one.
        rows = sorted(own.union(given, all=True), key=lambda row: (row[0], -row[1]))
        found = {key: pk for _is_own, pk, text in rows if (key := identifier_key(text)) in wanted}
        bodies = {key: listed().by_ref[key] for key in wanted if key not in found and key in listed().by_ref}
        if bodies:
            entries = self.filter(listed_as__in=bodies.values()).values_list("listed_as", "ref", "pk")
            ranked = sorted((listed().has_another_identifier(body, ref), pk, body) for body, ref, pk in entries)
            who = {body: pk for _is_another, pk, body in reversed(ranked)}
            found |= {key: who[body] for key, body in bodies.items() if body in who}
        return found

    def _names_in(self, keys: Iterable[str]) -> Any:
        """What is known of the names that these organizations have of these, one query."""
        aliases = (
            apps.get_model("donors", "OrganizationAlias")
            ._default_manager.filter(normalized__in=list(keys), organization__in=self.values("pk"))
            .exclude(kind="ref")
        )
        return aliases.values(
            "organization", "normalized", "text", "kind", "country", "is_own", "is_listed", "organization__listed_as",
            "organization__ref",
            "organization__country", "organization__country__name_en", "organization__country__name_es",
        )  # fmt: skip

    def listed_as(self, keys: Iterable[str]) -> list[str]:
        """Which of these keys of the list of known bodies are organizations."""
        return list(self.filter(listed_as__in=list(keys)).values_list("listed_as", flat=True))

    def by_ids(self, ids: Iterable[int]) -> Self:
        return self.filter(pk__in=list(ids))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """People's roles in organizations."""

    def of(self, organization: "Organization") -> Self:
        """The people of an organization with their accounts, managers first, then by name."""
        rank = Case(When(role="coordinator", then=0), When(role="manager", then=1), default=2)
        people = self.filter(organization=organization, user__machine_of__isnull=True)
        return people.select_related("user").order_by(rank, *NAME_THEN_EMAIL)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Offers of a role."""

    def open(self) -> Self:
        """Neither accepted nor withdrawn; those that have expired too, since they can be sent again."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def waiting_to_be_sent(self) -> Self:
        """Open ones whose email did not go out yet."""
        return self.open().filter(sent_at__isnull=True, expires_at__gt=Now())


class OrganizationRequestQuerySet(models.QuerySet["OrganizationRequest"]):
    """Questions who goes by a name; begin with `visible_to`."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """All for coordinators and administrators; a manager's organization's; everybody their own."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if may_anywhere(user, "answer_organization_request"):
            return self
        return self.filter(Q(asked_by=user.pk) | Q(asked_for__in=organizations_where(user, "see_people")))

    def open(self) -> Self:
        return self.filter(answer="")

    def for_list(self) -> Self:
        """With what a row of a list shows: no further query. Open ones first, then those answered last."""
        return self.select_related("asked_by", "asked_for", "organization").order_by(
            F("answered_at").desc(nulls_first=True), "-pk"
        )

    def open_by_name(self, user: "User | AnonymousUser", names: Iterable[str]) -> "dict[str, OrganizationRequest]":
        """The open ones that `user` may see for these names, by normalized name; one query."""
        wanted = {normalize_name(name) for name in names} - {""}
        found = self.visible_to(user).open().filter(normalized__in=wanted) if wanted else ()
        return {row.normalized: row for row in found}


def _with_all_words_of(text: str) -> Q | None:
    """The names that hold all words of a text, its acronyms also where they have no dots; None without words."""
    # Cut first: the letters of an acronym are words of their own until they are put together.
    first = " ".join(normalize_name(text).split()[:MOST_WORDS])
    conditions = [
        Q(*(Q(normalized__contains=word) for word in words))
        for key in name_keys(first)
        if (words := words_looked_for(key.split()))
    ]
    return reduce(or_, conditions) if conditions else None


def _named(alias: dict[str, Any]) -> Named:
    """A row of `_names_in` as the name of a body."""
    country = alias["country"] or ""
    if not country and not alias["is_listed"] and (home := alias["organization__country"]):
        names = alias["organization__country__name_en"], alias["organization__country__name_es"]
        country = where_it_means(alias["text"], home, *names)
    body = alias["organization__listed_as"] or str(alias["organization"])
    rank = int(listed().has_another_identifier(body, alias["organization__ref"]))
    return Named(alias["organization"], body, country, not alias["is_listed"], rank)


def _count_of(model: str, **conditions: object) -> Coalesce:
    """The number of rows of one of our models that belong to the organization asked for."""
    rows = apps.get_model("donors", model)._default_manager.filter(organization=OuterRef("pk"), **conditions)
    counted = rows.order_by().values("organization").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
