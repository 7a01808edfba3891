"""The names that cells use for countries, areas and municipalities; several in one cell; P-codes."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.names import normalize_name
from goals.codes import CENTRAL_AMERICA
from goals.models import Area, Country, Region
from goals.p_codes import area_of_p_code
from programs.exchange.iati.places import bare_name
from programs.exchange.iati.vocabulary import COUNTRIES_BY_THREE_LETTERS
from programs.exchange.spreadsheet.problems import CellError, shown
from programs.overlap.engine.gazetteer import MUNICIPALITIES, country_names, entry_of, words_of

# Names of several countries at once, besides those of the lists.
TOGETHER: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("northern triangle", "northern triangle of central america", "triangulo norte",
                     "triangulo norte de centroamerica", "triangulo del norte"), ("GT", "SV", "HN")),
    **dict.fromkeys(("ca 4", "ca4", "paises del ca 4"), ("GT", "SV", "HN", "NI")),
}  # fmt: skip
THE_REGION = re.compile(
    r"(?:the )?(?:all (?:the |of )?|every |whole |todos los |todas las |los |las |toda |siete |7 )*"
    r"(?:ca|central american?|centro ?america|centroamericanos?|america central|istmo centroamericano)"
    r"(?: (?:countries|region|isthmus|paises))?|"
    r"(?:all |the |los |todos los |siete |seven |7 )*(?:countries|paises)(?: (?:of|in|de|en))?(?: la)? "
    r"(?:ca|central america|centroamerica|america central)|region centroamericana|istmo centroamericano"
)
_STRONG = re.compile(r"\s*[,;/|+\n]\s*")
_WEAK = re.compile(r"\s+(?:y|e|and|&|[-–—])\s+|\s*&\s*", re.IGNORECASE)
_WITH_COUNTRY = re.compile(r"(?P<name>.+?)\s*(?:[(\[](?P<inside>[^()\[\]]+)[)\]]|,\s*(?P<behind>[^,]+))", re.DOTALL)
_MUNICIPALITY_OF = re.compile(
    r"^(?:municipio|mpio|municipalidad|municipality|canton)\.?\s+(?:de(?:l)?\s+|of\s+)?", re.IGNORECASE
)
_COUNTRY_FIRST = re.compile(r"(?P<behind>[^-–—,:]+?)\s*(?:\s[-–—]\s|:)\s*(?P<name>.+)", re.DOTALL)


@dataclass(frozen=True)
class AreaNamed:
    """The areas that a name or a code may mean, and the place within, if it names one. `is_within`: it is the P-code of
    something within, which the portal has no name for."""

    areas: tuple[str, ...]
    locality: str = ""
    is_within: bool = False


class PlaceNames:
    """Countries, regions and areas by their names, read once (three queries)."""

    def __init__(self) -> None:
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
        for words, code in country_names().items():
            self._places.setdefault(" ".join(words), ("country", code))
        for letters, code in COUNTRIES_BY_THREE_LETTERS.items():
            self._places.setdefault(letters.lower(), ("country", code))
        self.areas: dict[str, str] = {}
        self._areas_by_name: dict[str, list[str]] = {}
        for code, name in Area.objects.order_by("code").values_list("code", "name"):
            self.areas[code] = name
            self._areas_by_name.setdefault(bare_name(name), []).append(code)

    def place(self, text: str) -> tuple[str, str] | None:
        """("country" or "region", its code)."""
        return self._places.get(normalize_name(text))

    def places(self, text: str) -> list[tuple[str, str]]:
        """The countries and regions that an entry names: one, or several with a sign or a word between them. Raises
        CellError, which names the part that is no country."""
        whole = self._together(text)
        if whole is None:
            parts = split_names(text, lambda part: self._together(part) is not None)
            whole = [place for part in parts or [text] for place in self._together(part) or self._unknown(part)]
        return list(dict.fromkeys(whole))

    def _together(self, text: str) -> list[tuple[str, str]] | None:
        plain = normalize_name(text)
        if plain != "ca" and THE_REGION.fullmatch(plain):
            return [("region", CENTRAL_AMERICA)]
        if plain in TOGETHER:
            return [("country", code) for code in TOGETHER[plain]]
        found = self.place(text)
        return None if found is None else [found]

    def _unknown(self, text: str) -> list[tuple[str, str]]:
        raise CellError("country", text=shown(text))

    def place_name(self, kind: str, code: str, language: str) -> str:
        names = (self.countries if kind == "country" else self.regions)[code]
        return names[language == "es"]

    def areas_named(self, text: str) -> list[AreaNamed]:
        """The areas that an entry names, one or several: by name or code, by the name of a municipality, with its
        country beside it. CellError where any part of it is none."""
        if (whole := self._area(text)) is not None:
            return [whole]
        found = []
        for part in split_names(text, lambda part: self._area(part) is not None):
            named = self._area(part)
            if named is None:
                raise CellError("area", text=shown(part))
            found.append(named)
        return found

    def _area(self, text: str) -> AreaNamed | None:
        code = text.split(" ")[0].upper()
        if code in self.areas:
            return AreaNamed((code,))
        if (found := area_of_p_code(text)) is not None:
            return AreaNamed((found[0],), is_within=found[1])
        if areas := self.area_codes(text):
            return AreaNamed(areas)
        if areas := municipality_areas(text):
            return AreaNamed(areas, text)
        for pattern in (_WITH_COUNTRY, _COUNTRY_FIRST):
            if (parts := pattern.fullmatch(text)) is not None:
                within = parts.groupdict().get("inside") or parts["behind"]
                if (named := self._area_within(parts["name"], within)) is not None:
                    return named
        return None

    def _area_within(self, name: str, within: str) -> AreaNamed | None:
        """An area of a country, or a municipality of a country or an area: `Cortés (HN)`, `Choloma, Cortés`."""
        country, areas = self.place(within), self.area_codes(within)
        if country is not None and country[0] == "country":
            named = self._area(name)
            if named is None:
                return None
            there = tuple(code for code in named.areas if code.startswith(f"{country[1]}-"))
            if not there and country[1] in COUNTRIES_BY_THREE_LETTERS.values():
                raise CellError("area_other_country", text=shown(f"{name} ({within})"))
            return AreaNamed(there, named.locality, named.is_within) if there else None
        both = tuple(code for code in municipality_areas(name) if code in areas)
        return AreaNamed(both, name) if both else None

    def area_codes(self, text: str) -> tuple[str, ...]:
        """The areas that go by a name; () for none."""
        if found := self._areas_by_name.get(bare_name(text)):
            return tuple(found)
        entry = entry_of(words_of(text))
        return tuple(sorted({code for code, _common in entry.areas if code in self.areas})) if entry else ()


def municipality_areas(name: str) -> tuple[str, ...]:
    """The areas (ISO 3166-2) that have a municipality of that name; () for none."""
    plain = _MUNICIPALITY_OF.sub("", name.strip())
    entry = entry_of(words_of(plain)) if words_of(plain) else None
    if entry is None:
        return ()
    return tuple(sorted({one.place.area for one in entry.places if one.kind in MUNICIPALITIES and one.place.area}))


def split_names(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """A list of names in parts, split no further than it takes to know each: at signs first, then at words such as `y`
    and `and`, which are also part of names (`Trinidad y Tobago`)."""
    parts: list[str] = []
    for part in _split(_STRONG, text):
        if is_known(part):
            parts.append(part)
            continue
        parts += _joined(_split(_WEAK, part), part, is_known)
    return parts


def _joined(pieces: list[str], whole: str, is_known: Callable[[str], bool]) -> list[str]:
    """The pieces of a text with those put together again that are a name only together; longest first."""
    found, start = [], 0
    while start < len(pieces):
        for end in range(len(pieces), start, -1):
            together = _between(whole, pieces, start, end)
            if end == start + 1 or is_known(together):
                found.append(together)
                start = end
                break
    return found


def _between(whole: str, pieces: list[str], start: int, end: int) -> str:
    """The part of the text from one piece to another."""
    position = 0
    for piece in pieces[:start]:
        position = whole.index(piece, position) + len(piece)
    first = whole.index(pieces[start], position)
    last = first
    for piece in pieces[start:end]:
        last = whole.index(piece, last) + len(piece)
    return whole[first:last]


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    return [part for part in (piece.strip() for piece in pattern.split(text)) if part]


def countries_of_areas(areas: Iterable[str]) -> frozenset[str]:
    """The countries (ISO 3166-1) of areas (ISO 3166-2)."""
    return frozenset(code.split("-")[0] for code in areas)
