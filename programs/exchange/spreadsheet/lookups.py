"""The names that cells use, in both languages: countries, areas, sectors, organizations, choices."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils import translation

from core.names import normalize_name
from donors.models import Organization
from donors.services import OrganizationFinder
from goals.models import Area, Country, Goal, Region, Sector
from programs.exchange.iati.places import bare_name
from programs.exchange.spreadsheet.problems import CellError, shown
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
# How many names of organizations a message offers, and for how many unknown ones of a file they are looked for.
MOST_NEAR, MOST_NAMES_ASKED = 3, 500
# … and how many of those that one name may mean.
MOST_SEVERAL = 5
# Of a name that is asked for so much is kept with its problem: one more than a name can have, so that it is refused.
LONGEST_NAME = 256


class Choices:
    """A closed list, found by its code and by its label in either language."""

    def __init__(
        self,
        choices: type[models.Choices],
        order: Iterable[Any] | None = None,
        former: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """`former` are labels of earlier releases, which files exported then still have."""
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


class SheetLookups:
    """Everything that cells name, read once; for one job, not to be kept beyond it."""

    def __init__(self) -> None:
        self.statuses = Choices(Program.Status)
        self.visibilities = Choices(Program.Visibility, former=FORMER_VISIBILITIES)
        self.countries: dict[str, tuple[str, str]] = {}
        self.regions: dict[str, tuple[str, str]] = {}
        self._places: dict[str, tuple[str, str]] = {}
        # Regions first, so that a country of the same name wins.
        for kind, model, names in (("region", Region, self.regions), ("country", Country, self.countries)):
            for code, english, spanish in model._default_manager.values_list("code", "name_en", "name_es"):
                names[code] = (english, spanish or english)
                for name in (english, spanish, code):
                    if name:
                        self._places[normalize_name(name)] = (kind, code)
        self.areas: dict[str, str] = {}
        self._areas_by_name: dict[str, list[str]] = {}
        for code, name in Area.objects.order_by("code").values_list("code", "name"):
            self.areas[code] = name
            self._areas_by_name.setdefault(bare_name(name), []).append(code)
        self.sectors: dict[str, tuple[str, str]] = {}
        self._sectors_by_name: dict[str, str] = {}
        for code, english, spanish in Sector.objects.values_list("code", "name_en", "name_es"):
            self.sectors[code] = (english, spanish or english)
            self._sectors_by_name |= {normalize_name(name): code for name in (english, spanish) if name}
        self.goals = {goal.number: (goal.short_en, goal.short_es) for goal in Goal.objects.all()}
        self._finder = OrganizationFinder()
        self.organizations: dict[int, tuple[str, str, str]] = {}
        for pk, name, short, ref in Organization.objects.order_by("-pk").values_list("pk", "name", "short_name", "ref"):
            self.organizations[pk] = (name, short, ref)
        self._meant: dict[tuple[str, frozenset[str]], tuple[int, ...]] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    def place(self, text: str) -> tuple[str, str]:
        """("country" or "region", its code)."""
        found = self._places.get(normalize_name(text))
        if found is None:
            raise CellError("country", text=shown(text))
        return found

    def place_name(self, kind: str, code: str, language: str) -> str:
        names = (self.countries if kind == "country" else self.regions)[code]
        return names[language == "es"]

    def area_codes(self, text: str) -> list[str]:
        """The areas that a name or a code may mean; at least one."""
        code = text.split(" ")[0].upper()
        if code in self.areas:
            return [code]
        found = self._areas_by_name.get(bare_name(text))
        if not found:
            raise CellError("area", text=shown(text))
        return found

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

    def organization(self, text: str, countries: frozenset[str] = frozenset()) -> int:
        """The id of the organization that has the name, acronym or identifier in these countries."""
        found = self._organization(text, countries)
        if found is not None:
            return found
        if len(several := self._finder.names_several(text)) > 1:
            raise CellError("organization_several", text=shown(text), names="; ".join(several[:MOST_SEVERAL]))
        if near := self._nearest(normalize_name(text)):
            raise CellError("organization_near", text=shown(text), name=text[:LONGEST_NAME], near="; ".join(near))
        raise CellError("organization", text=shown(text), name=text[:LONGEST_NAME])

    def organizations_of(self, text: str, countries: frozenset[str]) -> tuple[int, ...]:
        """The organizations that a name means: one, or those with a stroke between them (“USAID/INL”), each by a name
        of its own. Remembered: a file says the same ones in every row."""
        key = (text, countries)
        if key not in self._meant:
            self._meant[key] = self._each(text, countries) or (self.organization(text, countries),)
        return self._meant[key]

    def _each(self, text: str, countries: frozenset[str]) -> tuple[int, ...]:
        if "/" not in text or self._organization(text, countries) is not None:
            return ()
        found = [self._organization(part.strip(), countries) for part in text.split("/")]
        return tuple(dict.fromkeys(pk for pk in found if pk is not None)) if None not in found else ()

    def _organization(self, text: str, countries: frozenset[str]) -> int | None:
        """One of a list of known bodies that nobody has named yet is added: it is named now."""
        found = self._finder.identified(text) or self._finder.called(text, countries)
        found = found or self._finder.find_or_list("", text, [countries])
        return found.pk if found is not None else None

    def organization_name(self, pk: int) -> str:
        """What finds the organization again: its name, else its identifier; a name that is another one's identifier is
        no way to it."""
        if pk not in self.organizations:  # made since, by a person or by this import
            self.organizations[pk] = Organization.objects.values_list("name", "short_name", "ref").get(pk=pk)
        name, _short, ref = self.organizations[pk]
        found = self._finder.identified(name) or self._finder.called(name)
        return name if found is not None and found.pk == pk else ref or name

    def _nearest(self, name: str) -> tuple[str, ...]:
        """The names of what may be meant, likeliest first; a query for each new name, up to MOST_NAMES_ASKED."""
        if name not in self._near and len(self._near) < MOST_NAMES_ASKED:
            self._near[name] = tuple(body.name for body in Organization.objects.similar_to(name)[:MOST_NEAR])
        return self._near.get(name, ())
