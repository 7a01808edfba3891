"""The organizations that cells name: one, several in one name, and who implements for whom."""

import re

from core.names import normalize_name
from donors.models import Organization
from donors.services import OrganizationFinder
from programs.exchange.spreadsheet.place_names import split_names
from programs.exchange.spreadsheet.problems import CellError, shown

# How many names of organizations a message offers, and for how many unknown ones of a file they are looked for.
MOST_NEAR, MOST_NAMES_ASKED = 3, 500
# … and how many of those that one name may mean.
MOST_SEVERAL = 5
# Of a name that is asked for so much is kept with its problem: one more than a name can have, so that it is refused.
LONGEST_NAME = 256
_BY = (
    r"(?:implemented|executed|carried out|run|managed) by|(?:implementad|ejecutad|administrad)[oa]s? por|through|via|"
    r"a traves de|a través de|por medio de|mediante"
)
_IMPLEMENTED = re.compile(
    rf"(?P<first>.+?)\s*(?:[(\[]\s*(?:{_BY})\s+(?P<inside>[^()\[\]]+?)\s*[)\]]|[,;:]?\s+(?:{_BY})\s+(?P<behind>.+))",
    re.IGNORECASE | re.DOTALL,
)


def implemented_by(name: str) -> tuple[str, str] | None:
    """Who pays and who implements, of a name such as `USAID (implemented by Chemonics)`; None for any other."""
    found = _IMPLEMENTED.fullmatch(name.strip())
    return (found["first"], found["inside"] or found["behind"]) if found else None


class OrganizationNames:
    """The register of organizations as cells name them; read once, for one job."""

    def __init__(self) -> None:
        self._finder = OrganizationFinder()
        self.organizations: dict[int, tuple[str, str, str]] = {}
        for pk, name, short, ref in Organization.objects.order_by("-pk").values_list("pk", "name", "short_name", "ref"):
            self.organizations[pk] = (name, short, ref)
        self._meant: dict[tuple[str, frozenset[str]], tuple[int, ...]] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    def home_of(self, pk: int) -> str:
        """The country of an organization; "" for multilateral ones, and where it is not known."""
        return self._finder.home_of(pk)

    def is_known(self, text: str, countries: frozenset[str]) -> bool:
        """Whether the whole of a text is a name that somebody on the register goes by."""
        return self._organization(text, countries) is not None

    def organization(self, text: str, countries: frozenset[str] = frozenset()) -> int:
        """The id of the organization that has the name, acronym or identifier in these countries. Raises CellError:
        `organization_near` for what may be another one misspelled, `organization` for what nobody goes by."""
        found = self._organization(text, countries)
        if found is not None:
            return found
        if len(several := self._finder.names_several(text)) > 1:
            raise CellError("organization_several", text=shown(text), names="; ".join(several[:MOST_SEVERAL]))
        if near := self._nearest(normalize_name(text)):
            raise CellError("organization_near", text=shown(text), name=text[:LONGEST_NAME], near="; ".join(near))
        raise CellError("organization", text=shown(text), name=text[:LONGEST_NAME])

    def organizations_of(self, text: str, countries: frozenset[str]) -> tuple[int, ...]:
        """The organizations that a name means: one, or several in one (“USAID/INL”, “UE – AECID”), each by its name.
        Remembered: a file says the same ones in every row."""
        key = (text, countries)
        if key not in self._meant:
            self._meant[key] = self._each(text, countries) or (self.organization(text, countries),)
        return self._meant[key]

    def _each(self, text: str, countries: frozenset[str]) -> tuple[int, ...]:
        """Those of a name that is several; () where it is one, or where any part of it is nobody's."""
        if self._organization(text, countries) is not None:
            return ()
        parts = split_names(text, lambda part: self._organization(part, countries) is not None)
        if len(parts) < 2:
            return ()
        found = [self._organization(part, countries) for part in parts]
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
            near = self._finder.misspelled(name)
            near += [body.name for body in Organization.objects.spelled_like(name)[:MOST_NEAR]]
            self._near[name] = tuple(dict.fromkeys(near))[:MOST_NEAR]
        return self._near.get(name, ())
