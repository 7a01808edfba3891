"""The names that cells use, in both languages: countries, areas, sectors, organizations, choices."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils import translation

from core.names import normalize_name
from goals.models import Goal, Sector
from programs.exchange.spreadsheet.organization_names import OrganizationNames
from programs.exchange.spreadsheet.place_names import PlaceNames
from programs.exchange.spreadsheet.problems import CellError, shown
from programs.exchange.spreadsheet.words_of_files import STATUS_WORDS
from programs.models import Program

LANGUAGES = ("en", "es")
# Labels of earlier releases, as files exported then have them.
FORMER_VISIBILITIES = MappingProxyType(
    {
        "Everybody": Program.Visibility.PUBLIC.value,
        "Todo el mundo": Program.Visibility.PUBLIC.value,
        "Partners who are signed in": Program.Visibility.PARTNERS.value,
        "Socios con sesión iniciada": Program.Visibility.PARTNERS.value,
    }
)


class Choices:
    """A closed list, found by its code and by its label in either language."""

    def __init__(
        self,
        choices: type[models.Choices],
        order: Iterable[Any] | None = None,
        former: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """`former` are other words for them: labels of earlier releases, which files exported then still have, and what
        files of others say."""
        self._codes: dict[str, Any] = {normalize_name(label): code for label, code in former.items()}
        self._labels: dict[str, dict[Any, str]] = {}
        for language in LANGUAGES:
            with translation.override(language):
                labels = {choice.value: str(choice.label) for choice in choices}
            self._labels[language] = labels
            self._codes |= {normalize_name(label): code for code, label in labels.items()}
        self._codes |= {normalize_name(str(choice.value)): choice.value for choice in choices}

    def find(self, text: str) -> Any:
        code = self._codes.get(normalize_name(text))
        if code is None:
            labels = {language: ", ".join(names.values()) for language, names in self._labels.items()}
            raise CellError("choice", text=shown(text), choices=labels)
        return code

    def label(self, code: Any, language: str) -> str:
        return self._labels[language].get(code, "") if code not in (None, "") else ""

    def labels(self, language: str) -> list[str]:
        return list(self._labels[language].values())


class SheetLookups(PlaceNames, OrganizationNames):
    """Everything that cells name, read once; for one job, not to be kept beyond it."""

    def __init__(self) -> None:
        PlaceNames.__init__(self)
        OrganizationNames.__init__(self)
        self.statuses = Choices(Program.Status, former=STATUS_WORDS)
        self.visibilities = Choices(Program.Visibility, former=FORMER_VISIBILITIES)
        self.sectors: dict[str, tuple[str, str]] = {}
        self._sectors_by_name: dict[str, str] = {}
        for code, english, spanish in Sector.objects.values_list("code", "name_en", "name_es"):
            self.sectors[code] = (english, spanish or english)
            self._sectors_by_name |= {normalize_name(name): code for name in (english, spanish) if name}
        self.goals = {goal.number: (goal.short_en, goal.short_es) for goal in Goal.objects.all()}

    def sector(self, text: str) -> str:
        code = text.split(" ")[0].rstrip(".:,–-")
        if code in self.sectors:
            return code
        found = self._sectors_by_name.get(normalize_name(text))
        if found is None:
            raise CellError("sector", text=shown(text))
        return found

    def sector_name(self, code: str, language: str) -> str:
        return f"{code} {self.sectors[code][language == 'es']}"
