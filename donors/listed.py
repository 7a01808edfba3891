"""The bodies that act in the region (donors/data/organizations.csv), and the names and identifiers that they go by.

Read once a process. A body of the list becomes an organization of the portal when somebody first names it.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from core.names import normalize_name
from core.searching import words_looked_for
from donors.naming import Named, identifier_key, is_of_any_state, meant, name_keys

FILE = Path(__file__).parent / "data" / "organizations.csv"
# IATI OrganisationType: government, local government, other public sector.
PUBLIC = frozenset({"10", "11", "15"})
SPEAK_SPANISH = frozenset({"CL", "CO", "CR", "DO", "ES", "GT", "HN", "MX", "NI", "PA", "SV"})
# What a name of a public institution says of its country; one that says nothing of it means it there alone.
SAYS_ITS_COUNTRY: Mapping[str, tuple[str, ...]] = {
    "BZ": ("belize", "belice", "belizean"),
    "CR": ("costa rica", "costarricense", "costa rican"),
    "GT": ("guatemala", "guatemalteco", "guatemalteca", "guatemalan"),
    "HN": ("honduras", "hondureno", "hondurena", "honduran"),
    "NI": ("nicaragua", "nicaraguense", "nicaraguan"),
    "PA": ("panama", "panameno", "panamena", "panamanian"),
    "SV": ("el salvador", "salvadoreno", "salvadorena", "salvadoran"),
}
NAME, ACRONYM, FORMER, TRANSLATION = "name", "acronym", "former", "translation"


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name of a listed body: its kind, and the country (ISO 3166-1) in which it means that body, "" anywhere."""

    text: str
    kind: str
    country: str


@dataclass(frozen=True)
class ListedBody:
    """A body of the list. `parent` is the key of the body that it is part of; `kind` is IATI's OrganisationType."""

    key: str
    name_en: str
    name_es: str
    acronyms: tuple[str, ...]
    other_names: tuple[str, ...]
    former_names: tuple[str, ...]
    refs: tuple[str, ...]
    country: str
    kind: str
    parent: str

    @property
    def name(self) -> str:
        """What it is called in the portal: in Spanish where its country speaks it, else in English."""
        return self.name_es if self.country in SPEAK_SPANISH else self.name_en

    @property
    def short_name(self) -> str:
        return next(iter(self.acronyms), "")

    @cached_property
    def names(self) -> tuple[ListedName, ...]:
        """All its names, its own first, each once."""
        translated = self.name_en if self.name == self.name_es else self.name_es
        texts = [(self.name, NAME), (translated, TRANSLATION), *((text, ACRONYM) for text in self.acronyms)]
        texts += [(text, NAME) for text in self.other_names] + [(text, FORMER) for text in self.former_names]
        found: dict[str, ListedName] = {}
        for text, kind in texts:
            if normalized := normalize_name(text):
                found.setdefault(normalized, ListedName(text, kind, self._where(normalized)))
        return tuple(found.values())

    @cached_property
    def ref_keys(self) -> frozenset[str]:
        return frozenset(map(identifier_key, self.refs))

    def _where(self, normalized: str) -> str:
        """The country in which a name of it means it; "" where it does everywhere."""
        if self.kind not in PUBLIC or self.country not in SAYS_ITS_COUNTRY or says_country(normalized, self.country):
            return ""
        is_its_own = normalized in (normalize_name(self.name_en), normalize_name(self.name_es))
        return "" if is_its_own and not is_of_any_state(normalized) else self.country


class ListedBodies:
    """All of them, by key, by identifier and by name."""

    def __init__(self, bodies: Mapping[str, ListedBody]) -> None:
        self.by_key = bodies
        self.by_ref = {key: body.key for body in bodies.values() for key in body.ref_keys}
        named: dict[str, dict[tuple[str, str], Named]] = defaultdict(dict)
        for body in bodies.values():
            for name in body.names:
                for key in name_keys(name.text):
                    named[key].setdefault((body.key, name.country), Named(None, body.key, name.country))
        self.by_name: dict[str, tuple[Named, ...]] = {key: tuple(found.values()) for key, found in named.items()}
        # Names that mean a body in its country alone: another organization's name of this text does, too.
        self.of_a_country = frozenset(key for key, found in self.by_name.items() if any(one.country for one in found))

    def names_of(self, key: str) -> tuple[ListedName, ...]:
        """All names of a body, its own first; none for a key that is not in the list."""
        return self.by_key[key].names if key in self.by_key else ()

    def named(self, text: str) -> tuple[Named, ...]:
        """Who is called this, however it is written."""
        return next((found for key in name_keys(text) if (found := self.by_name.get(key))), ())

    def matching(self, text: str) -> list[ListedBody]:
        """The bodies one of whose names holds all words of `text`, those that go by the very name first."""
        first = [one.body for one in self.named(text)]
        words = [words_looked_for(key.split()) for key in name_keys(text)]
        others = [
            key
            for key, names in self._texts
            if any(all(word in name for word in wanted) for wanted in words if wanted for name in names)
        ]
        return [self.by_key[key] for key in dict.fromkeys([*first, *others])]

    @cached_property
    def _texts(self) -> list[tuple[str, tuple[str, ...]]]:
        """Key and normalized names of each body, in the order of what they are called."""
        bodies = sorted(self.by_key.values(), key=lambda body: normalize_name(body.name))
        return [(body.key, tuple(normalize_name(name.text) for name in body.names)) for body in bodies]

    def who_goes_by(self, text: str, countries: Iterable[str] = ()) -> str:
        """The key of the body that the name means in these countries; "" where it means none or may mean several."""
        found = meant(self.named(text), countries)
        return found.body if found else ""

    def has_another_identifier(self, key: str, ref: str) -> bool:
        """Whether `ref` is an identifier that the list does not know of the body."""
        known = self.by_key[key].ref_keys if key in self.by_key else frozenset()
        return bool(ref and known and identifier_key(ref) not in known)

    def is_part_of(self, key: str, whole: str) -> bool:
        """Whether a body is part of another one, directly or by those between."""
        seen: set[str] = set()
        while key and key not in seen:
            seen.add(key)
            key = self.by_key[key].parent if key in self.by_key else ""
            if key == whole:
                return True
        return False

    def who_is(self, ref: str, names: Iterator[str], country: str) -> str:
        """The key of the body that an organization is: by its identifier, else by the first of its names that says
        it; "" where the list does not know it. A part is named by its own name under the identifier of the whole.

        `country` is the organization's, "" where it is not known: a body of another country is another one.
        """
        by_ref = self.by_ref.get(identifier_key(ref), "") if ref else ""
        for text in names:
            found = meant(self.named(text), [country] if country else [])
            if found is None or not self._may_be(found.body, country):
                continue
            if not by_ref or self.is_part_of(found.body, by_ref):
                return found.body
        return by_ref

    def _may_be(self, key: str, country: str) -> bool:
        """Whether an organization of that country may be the body; seats of multilateral bodies say nothing."""
        body = self.by_key[key]
        return not country or not body.country or body.country == country


@cache
def listed() -> ListedBodies:
    """The list; read from its file the first time."""
    with FILE.open(encoding="utf-8", newline="") as file:
        bodies = {row["key"]: _body(row) for row in csv.DictReader(file)}
    return ListedBodies(bodies)


def _body(row: Mapping[str, str]) -> ListedBody:
    def texts(column: str) -> tuple[str, ...]:
        return tuple(text.strip() for text in row[column].split(";") if text.strip())

    return ListedBody(
        key=row["key"],
        name_en=row["name_en"],
        name_es=row["name_es"],
        acronyms=texts("acronyms"),
        other_names=texts("other_names"),
        former_names=texts("former_names"),
        refs=texts("iati_refs"),
        country=row["country"],
        kind=row["type"],
        parent=row["parent"],
    )


def says_country(normalized: str, country: str, *names: str) -> bool:
    """Whether a normalized name says of which country it is, by one of the country's `names` or as people of it say."""
    words = (*SAYS_ITS_COUNTRY.get(country, ()), *map(normalize_name, names))
    return any(f" {word} " in f" {normalized} " for word in words if word)


def where_it_means(text: str, country: str, *country_names: str) -> str:
    """The country in which a name that people gave an organization of `country` means it; "" everywhere.

    A name that every state has means it at home alone, unless it says of which country it is.
    """
    if not country:
        return ""
    keys = name_keys(text)
    is_bare = any(key in listed().of_a_country or is_of_any_state(key) for key in keys)
    return country if is_bare and not any(says_country(key, country, *country_names) for key in keys) else ""
