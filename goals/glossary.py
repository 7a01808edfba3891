"""The terms of the portal in both languages, read from goals/data/glossary.csv.

The page /help/glossary/ and docs/glossary.md show the same rows.
"""

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from goals.reference import DATA


@dataclass(frozen=True)
class Term:
    """A term with its definition; `also` are other names of the same thing, "" if there are none."""

    key: str
    term_en: str
    term_es: str
    also_en: str
    also_es: str
    definition_en: str
    definition_es: str

    def _in_language(self, name: str) -> str:
        return str(getattr(self, f"{name}_{'es' if get_language() == 'es' else 'en'}"))

    @property
    def term(self) -> str:
        """The term in the active language."""
        return self._in_language("term")

    @property
    def other_term(self) -> str:
        """The term in the other language."""
        return self.term_en if get_language() == "es" else self.term_es

    @property
    def other_language(self) -> str:
        """The code of the other language."""
        return "en" if get_language() == "es" else "es"

    @property
    def also(self) -> str:
        """Other names in the active language, "" if there are none."""
        return self._in_language("also")

    @property
    def definition(self) -> str:
        """The definition in the active language."""
        return self._in_language("definition")


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in the order of the file."""
    with (DATA / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Term(**row) for row in csv.DictReader(file))


def _plain(text: str) -> str:
    """A text as it is sorted: lower case, without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))


def terms_in_order() -> list[Term]:
    """All terms in alphabetical order of the active language; accents and capitals do not matter."""
    return sorted(terms(), key=lambda term: _plain(term.term))
