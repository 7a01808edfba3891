"""Reference names are kept in English and in Spanish; a page shows the reader's."""

from django.utils.translation import get_language


def reader_language() -> str:
    """The active language: es or, for all others, en."""
    return "es" if (get_language() or "en").startswith("es") else "en"


class Bilingual:
    """Reads a pair of fields such as `name_en` and `name_es` in the active language.

    Use as an attribute of a model: `name = Bilingual("name")`. Falls back to English where the Spanish is blank.
    """

    def __init__(self, field: str) -> None:
        self.field = field

    def __get__(self, row: object, owner: type | None = None) -> str:
        if row is None:
            return self  # type: ignore[return-value]
        spanish = getattr(row, f"{self.field}_es")
        return spanish if reader_language() == "es" and spanish else getattr(row, f"{self.field}_en")
