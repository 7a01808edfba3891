"""Finding organizations by identifier and name for imports of many programs: the register is read once."""

from collections import defaultdict
from collections.abc import Collection, Sequence

import structlog

from core.errors import Refused
from core.names import differ_by_one, normalize_name
from donors.listed import listed, where_it_means
from donors.models import Organization, OrganizationAlias
from donors.naming import (
    Named,
    identifier_key,
    identifier_spellings,
    is_of_any_state,
    meant,
    name_keys,
    name_spellings,
    together,
)
from donors.services.names import add_alias
from donors.services.organizations import create_listed, create_organization
from goals.models import Country

log = structlog.get_logger(__name__)

# Of names shorter than this every other one is a letter away; longer ones are compared by their trigrams.
SHORT_NAMES = (4, 10)
# The countries in which a name is looked for, one after the other: the program's, then its reporter's.
Contexts = Sequence[Collection[str]]


class OrganizationFinder:
    """Finds organizations by identifier, then by name within a country, and makes what is not there.

    No query per look-up. Not to be kept beyond one job. `keeps_identifiers` says whether organizations that have none
    keep those that they come with: not from people who may not say so of others.
    """

    def __init__(self, *, keeps_identifiers: bool = True) -> None:
        self._keeps_identifiers = keeps_identifiers
        # How often it has written to the register.
        self.changes = 0
        self._read()

    def _read(self) -> None:
        """Reads the register: three queries, however many organizations."""
        # Before the organizations: one that is made in between has no name here yet, and none of its names is unknown.
        aliases = list(
            OrganizationAlias.objects.values_list(
                "organization_id", "normalized", "kind", "text", "country_id", "is_listed", "is_own"
            )
        )
        self._organizations = Organization.objects.in_bulk()
        self._countries = {code: (en, es) for code, en, es in Country.objects.values_list("code", "name_en", "name_es")}
        self._by_ref: dict[str, Organization] = {}
        self._by_key: dict[str, Organization] = {}
        self._identified: dict[int, set[str]] = defaultdict(set)
        self._by_name: dict[str, list[Named]] = defaultdict(list)
        self._of_body: dict[str, list[Organization]] = defaultdict(list)
        for organization in self._organizations.values():
            self._note(organization)
        self._called: dict[str, Named] = {}
        for pk, normalized, kind, text, country, is_listed, is_own in aliases:
            if pk in self._organizations:
                self._note_alias(self._organizations[pk], normalized, kind, text, country or "", is_listed, is_own)

    def _note(self, organization: Organization) -> None:
        if organization.ref:
            self._note_ref(organization, organization.ref)
        if organization.listed_as:
            self._of_body[organization.listed_as].append(organization)

    def _note_ref(self, organization: Organization, ref: str) -> None:
        self._by_ref.setdefault(ref.upper(), organization)
        self._by_key.setdefault(identifier_key(ref), organization)
        self._identified[organization.pk].add(identifier_key(ref))

    def _note_alias(
        self,
        organization: Organization,
        normalized: str,
        kind: str,
        text: str,
        country: str,
        is_listed: bool,
        is_own: bool,
    ) -> None:
        if kind == OrganizationAlias.Kind.REF:
            self._note_ref(organization, text)
            return
        if not country and not is_listed and (home := organization.country_id):
            country = where_it_means(text, home, *self._countries.get(home, ()))
        named = Named(
            organization.pk,
            organization.listed_as or str(organization.pk),
            country,
            not is_listed,
            int(self._has_another_identifier(organization)),
        )
        if is_own:
            self._called[normalized] = named
        for key in {normalized, together(normalized)}:
            self._by_name[key].append(named)

    def _has_another_identifier(self, organization: Organization) -> bool:
        """Whether it has an identifier that the list does not know of the body that it is."""
        return listed().has_another_identifier(organization.listed_as, organization.ref)

    def home_of(self, pk: int) -> str:
        """The country whose bodies an organization is likely to name; "" for multilateral ones, and where unknown."""
        organization = self._organizations.get(pk)
        if organization is None or organization.kind == Organization.Kind.MULTILATERAL:
            return ""
        return organization.country_id or ""

    def who(self, ref: str, name: str, within: Contexts = ()) -> Organization | str | None:
        """Who has that identifier, else that name in these countries (either may be ""): an organization, or the key of
        a known body that is none yet. A name that is an identifier means who has it.

        None where the name may mean several, or where it has come with another identifier: that is another body.
        """
        ref = ref.strip()[:120]
        if identifier := ref or name.strip():
            if (found := self._identified_by(identifier)) is not None:
                return found
            if key := listed().by_ref.get(identifier_key(identifier)):
                return key
        named = self._meant(ref, name, within)
        if named is None or self._is_a_namesake(named, ref, name):
            return None
        return named.body if named.organization is None else self._organizations[named.organization]

    def find(self, ref: str, name: str, within: Contexts = ()) -> Organization | None:
        """As `who`, of the organizations of the portal alone."""
        found = self.who(ref, name, within)
        return found if isinstance(found, Organization) else None

    def identified(self, text: str) -> Organization | None:
        """The organization that has the identifier."""
        return self._identified_by(text.strip()) if text.strip() else None

    def called(self, name: str, countries: Collection[str] = ()) -> Organization | None:
        """The organization that lists call so; None where the name means it in other countries alone."""
        found = self._called.get(normalize_name(name))
        if found is None or found.organization is None:
            return None
        is_elsewhere = found.country and countries and found.country not in countries
        return None if is_elsewhere else self._organizations[found.organization]

    def names_several(self, name: str) -> list[str]:
        """The names in lists of the organizations and known bodies that a name may mean, in their order."""
        found = {
            self._organizations[one.organization].name if one.organization else listed().by_key[one.body].name
            for one in self._named(name)
        }
        return sorted(found)

    def misspelled(self, name: str) -> list[str]:
        """The names in lists of the organizations and known bodies whose name or acronym a short `name` is, but for one
        letter."""
        plain = together(normalize_name(name))
        if not SHORT_NAMES[0] <= len(plain) <= SHORT_NAMES[1]:
            return []
        keys = {key for key in (*self._by_name, *listed().by_name) if differ_by_one(plain, key)}
        return sorted({said for key in keys for said in self.names_several(key)})

    def find_or_list(self, ref: str, name: str, within: Contexts = ()) -> Organization | None:
        """As `find`; a body of the list of known bodies that the portal does not have yet is added to it."""
        found = self.who(ref, name, within)
        if not isinstance(found, str):
            return found
        try:
            return self._add_listed(found, "")
        except Refused:
            # Added by somebody else at this moment.
            self._read()
            return self.find(ref, name, within)

    def find_or_create(self, ref: str, name: str, kind: str = "", within: Contexts = ()) -> Organization | None:
        """As `find`; made where nothing is found. None where neither identifier nor name says who it is.

        A body that has no identifier and is found by its name keeps the one it came with as an alias, so that the next
        publisher who gives only the identifier finds it too.
        """
        ref, name = ref.strip()[:120], " ".join(name.split())[:255]
        if not normalize_name(name):
            name = ""
        if not ref and not name:
            return None
        try:
            return self._found_or_created(ref, name, kind, within)
        except Refused:
            # Made by somebody else at this moment.
            self._read()
            return self._found_or_created(ref, name, kind, within)

    def _found_or_created(self, ref: str, name: str, kind: str, within: Contexts) -> Organization:
        found = self.who(ref, name, within)
        if not isinstance(found, Organization) and self._has_grown(ref, name):
            self._read()
            found = self.who(ref, name, within)
        # What is a name of some body identifies no other one: who wrote that name would be taken for it.
        identifier = "" if self._named(ref) else ref
        if isinstance(found, Organization):
            is_new = self._keeps_identifiers and name and identifier and not self._identified[found.pk]
            if is_new and add_alias(found, identifier, OrganizationAlias.Kind.REF) is not None:
                self.changes += 1
                self._note_ref(found, identifier)
            return found
        if found is not None:
            return self._add_listed(found, identifier)
        made = create_organization(
            name or ref,
            kind=kind if kind in Organization.Kind.values else Organization.Kind.OTHER,
            ref=identifier,
            country=self._country_said(ref, name, within),
            may_share_name=True,
        )
        return self._added(made)

    def _has_grown(self, ref: str, name: str) -> bool:
        """Whether somebody else has added an organization of that name, or that identifier to one, since the register
        was read; one query, asked before one is made."""
        spellings = {*name_spellings(name or ref), *identifier_spellings(ref or name)}
        there = OrganizationAlias.objects.filter(normalized__in=spellings).values_list("organization", "kind", "text")
        return any(
            pk not in self._organizations
            or (kind == OrganizationAlias.Kind.REF and identifier_key(text) not in self._identified[pk])
            for pk, kind, text in there
        )

    def _identified_by(self, ref: str) -> Organization | None:
        found = self._by_ref.get(ref.upper()) or self._by_key.get(identifier_key(ref))
        if found is None and (key := listed().by_ref.get(identifier_key(ref))):
            entries = self._of_body.get(key, ())
            found = min(entries, key=lambda one: (self._has_another_identifier(one), one.pk), default=None)
        return found

    def _named(self, name: str) -> list[Named]:
        """All that go by a name: organizations, and known bodies that are not among them."""
        for key in name_keys(name):
            known = listed().by_name.get(key, ())
            found = self._by_name.get(key, []) + [one for one in known if one.body not in self._of_body]
            if found:
                return found
        return []

    def _meant(self, ref: str, name: str, within: Contexts) -> Named | None:
        """Who is meant by the name, else by the identifier as a name: in the country that the identifier is of, then
        within."""
        if not (text := name or ref):
            return None
        home = self._country_of_identifier(ref)
        return meant(self._named(text), *([[home]] if home else []), *within)

    def _country_of_identifier(self, ref: str) -> str:
        """The country whose register gave an identifier, by its prefix (“SV-…”); "" where it says none."""
        code, dash, _rest = ref.upper().partition("-")
        return code if dash and code in self._countries else ""

    def _is_a_namesake(self, found: Named, ref: str, name: str) -> bool:
        """Whether a body found by its name is another one than the one meant: that has another identifier."""
        if not ref or not name or found.organization is None or not self._identified[found.organization]:
            return False
        is_its_name = any(one.body == found.body for one in self._named(ref))
        return identifier_key(ref) not in self._identified[found.organization] and not is_its_name

    def _country_said(self, ref: str, name: str, within: Contexts) -> Country | None:
        """The country that an identifier is of, else that of the program, if the name is one that every state has."""
        countries = next((list(one) for one in within if one), [])
        is_said_by_name = not ref and len(countries) == 1 and is_of_any_state(normalize_name(name))
        code = self._country_of_identifier(ref) or (countries[0] if is_said_by_name else "")
        return Country.objects.filter(pk=code).first() if code else None

    def _add_listed(self, key: str, ref: str) -> Organization:
        made = self._added(create_listed(key, ref))
        log.info("organization.listed", organization_id=made.pk, key=key)
        return made

    def _added(self, made: Organization) -> Organization:
        self.changes += 1
        self._organizations[made.pk] = made
        self._note(made)
        for alias in made.aliases.all():
            self._note_alias(
                made, alias.normalized, alias.kind, alias.text, alias.country_id or "", alias.is_listed, alias.is_own
            )
        return made
