"""From what was typed to what is meant: organizations, areas and sectors, all of a form's in a few queries."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from core.money import to_cent
from core.names import normalize_name
from donors.models import OrganizationRequest, User
from donors.services import organizations_named
from goals.codes import REGIONS_AROUND
from goals.models import Area, Country, Region, Sector
from goals.money import FIXED_BY_LAW, Dollars, RateTable

# Central America as a whole on the DAC list of recipients; wider regions; the neighbours that programs reach into.
NEIGHBOURS = ("MX", "CO", "DO", "HT")


class UnknownOrganization(ValidationError):
    """A name that no organization goes by; `text` is the name."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            _("“%(name)s” is not in the list of organizations.") % {"name": text}, code="unknown_organization"
        )


class FormLookups:
    """What the texts of one form mean, to `user`. `names` are all that it holds in fields for organizations."""

    def __init__(self, names: Iterable[str], countries: Iterable[str] = (), *, user: User | None = None) -> None:
        self._user = user
        self._names = {name for name in names if name.strip()}
        self._countries = set(countries)

    @cached_property
    def _places(self) -> dict[str, tuple[str, bool]]:
        """Code -> name, and whether it is one of the seven, of what the form offers or holds; two queries."""
        countries = Country.objects.filter(Q(in_carsi=True) | Q(pk__in=[*NEIGHBOURS, *self._countries]))
        regions = Region.objects.filter(pk__in=[*REGIONS_AROUND, *self._countries])
        return {row.pk: (row.name, False) for row in regions} | {row.pk: (row.name, row.in_carsi) for row in countries}

    @cached_property
    def _rates(self) -> RateTable:
        return RateTable()

    def dollars(self, value: Decimal, currency: str, on: date | None) -> Dollars | None:
        """An amount in US dollars; None where no rate is known. Reads the rates only for currencies that need one."""
        if currency in FIXED_BY_LAW:
            return Dollars(to_cent(value * FIXED_BY_LAW[currency]), None)
        return self._rates.to_usd(value, currency, on)

    def where_choices(self, typed: str) -> list[tuple[str, str]]:
        """The seven countries, Central America, neighbours, wider regions; and what was typed, if it is another."""
        offered = self._offered
        if typed and typed in self._places and typed not in dict(offered):
            offered = [*offered, (typed, self._places[typed][0])]
        return [("", _("Choose …")), *offered]

    @cached_property
    def _offered(self) -> list[tuple[str, str]]:
        places = self._places
        ours = sorted((name, code) for code, (name, in_carsi) in places.items() if in_carsi)
        codes = [code for _name, code in ours] + [REGIONS_AROUND[0], *NEIGHBOURS, *REGIONS_AROUND[1:]]
        return [(code, places[code][0]) for code in codes if code in places]

    @cached_property
    def _organizations(self) -> dict[str, int]:
        return organizations_named(self._names, self._countries) if self._names else {}

    def look_up(self) -> None:
        """Finds all organizations that the form names, and adds the known bodies among them that are none yet."""
        self._organizations  # noqa: B018

    @cached_property
    def _areas(self) -> dict[str, list[Area]]:
        areas: dict[str, list[Area]] = {}
        for area in Area.objects.select_related("country").defer("outline"):
            country = area.country
            written = {area.name, area.code, f"{area.name}, {country.name_en}", f"{area.name}, {country.name_es}"}
            for text in {normalize_name(text) for text in written}:
                areas.setdefault(text, []).append(area)
        return areas

    @cached_property
    def _sector_codes(self) -> frozenset[str]:
        """Of most forms all that is asked: what is chosen from a list begins with its code."""
        return frozenset(Sector.objects.values_list("code", flat=True))

    @cached_property
    def _sectors(self) -> dict[str, str]:
        sectors: dict[str, str] = {}
        for code, english, spanish in Sector.objects.values_list("code", "name_en", "name_es"):
            for text in (code, english, spanish, f"{code} {english}", f"{code} {spanish}"):
                sectors.setdefault(normalize_name(text), code)
        return sectors

    def organization(self, text: str) -> int | None:
        """The organization's id; None for an empty text. UnknownOrganization where none goes by it."""
        if not text.strip():
            return None
        found = self._organizations.get(normalize_name(text))
        if found is None:
            raise UnknownOrganization(text.strip())
        return found

    @cached_property
    def _asked(self) -> dict[str, OrganizationRequest]:
        return OrganizationRequest.objects.open_by_name(self._user, self._names) if self._user else {}

    def request_for(self, unknown: str) -> OrganizationRequest | None:
        """The open request for a name that no organization goes by; a query for all names of the form."""
        return self._asked.get(normalize_name(unknown))

    def area(self, text: str) -> Area | None:
        """The area; one of the chosen countries where several are named so. ValidationError where that is unclear."""
        if not text.strip():
            return None
        named = self._areas.get(normalize_name(text), [])
        chosen = [area for area in named if area.country_id in self._countries]
        found = chosen if chosen else named
        if not found:
            raise ValidationError(
                _(
                    "There is no department, province or district named “%(name)s”. Enter other places under “Town or "
                    "community”."
                )
                % {"name": text.strip()},
                code="unknown_area",
            )
        if len(found) > 1:
            raise ValidationError(
                _("Several places have this name. Write one of: %(places)s.")
                % {"places": "; ".join(area.with_country for area in found)},
                code="unclear_area",
            )
        return found[0]

    def sector(self, text: str) -> str | None:
        """The sector's code. ValidationError, with what may be meant, where there is none."""
        if not text.strip():
            return None
        code = text.strip()[:5]
        found = code if code in self._sector_codes else self._sectors.get(normalize_name(text))
        if found is None:
            near = [str(sector) for sector in Sector.objects.matching(text).order_by("code")[:3]]
            if near:
                raise ValidationError(
                    _("Several sectors match. Choose one: %(sectors)s …") % {"sectors": "; ".join(near)},
                    code="unclear_sector",
                )
            raise ValidationError(
                _("There is no sector “%(name)s”. Write its five-digit code or a word from its name.")
                % {"name": text.strip()},
                code="unknown_sector",
            )
        return found
