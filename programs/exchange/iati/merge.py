"""A stored program and the activity that it was imported from, as one activity of 2.03.

What the portal models comes from the database. Where an element of the activity as published says the same as the
row in the database, that element is written again, with all that it says beyond; a row that was entered or changed
here is written again, and an element whose row was taken out here stays out. What the portal does not model is kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from core.money import to_cent
from core.names import normalize_name
from donors.models import Organization
from donors.services import OrganizationFinder
from goals.vocabularies import PURPOSE_CODES
from programs.exchange.iati import vocabulary as words
from programs.exchange.iati import write
from programs.exchange.iati.activity import Activity, OrganizationRef
from programs.exchange.iati.converting import budget, texts
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.node import XML_LANG, Node, stated_language
from programs.exchange.iati.own_files import CORRECTED, INVALID, keep_as_published, restored
from programs.exchange.iati.parts import organization
from programs.exchange.iati.read_money import read_budget, read_movement
from programs.exchange.iati.read_places import read_place
from programs.exchange.iati.read_results import read_result
from programs.exchange.iati.reader import (
    DEFAULT_CODES,
    read_activity,
    read_markers,
    read_related,
    sector_vocabulary_of,
)
from programs.exchange.iati.values import clean, clean_code, parse_currency, parse_date, parse_language
from programs.services import MarkerData, Outlook, ParticipationData, ProgramData, RelatedData, TransactionData


class AsImported(IatiImporter):
    """How an activity would be taken in, without taking it: organizations are looked up, never made."""

    def __init__(self) -> None:
        super().__init__()
        self.finder: OrganizationFinder = self.organizations

    def organization(self, ref: OrganizationRef) -> int | None:
        found = self.finder.find(ref.ref, ref.name, self.within) if ref else None
        return found.pk if found else None


@dataclass
class Organizations:
    """What rows name by id or code."""

    organizations: dict[int, Organization] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)


def merged(
    data: ProgramData,
    outlook: Outlook,
    published: Element | None,
    importer: AsImported,
    known: Organizations,
) -> Element:
    """The activity; `published` is one in the words of 2.03 (see upgrade), and is changed."""
    return _Merge(data, outlook, published, importer, known).run()


class _Merge:
    def __init__(
        self,
        data: ProgramData,
        outlook: Outlook,
        published: Element | None,
        importer: AsImported,
        known: Organizations,
    ) -> None:
        self.data, self.outlook, self.importer, self.known = data, outlook, importer, known
        self.activity = published if published is not None else etree.Element("iati-activity")
        self.said = read_activity(self.activity, "2.03")
        self._attributes()
        self.language = parse_language(stated_language(self.activity))
        self.countries: set[str] = set()
        # Whether it is for a region too, so that its places may lie outside the countries.
        self.has_regions = False
        self.as_taken = self._as_taken(published)
        # What the portal has once, however often it was published.
        self.once: dict[str, set[Any]] = {
            "policy-marker": set(data.policy_markers),
            "related-activity": set(data.related),
            "location": {replace(row, percentage=None) for row in data.locations},
        }

    def run(self) -> Element:
        """Writes every part of the program into the activity, which it returns."""
        self._identity()
        self._texts()
        self._participants()
        self._status_and_dates()
        self._codes()
        self._shares()
        self._locations()
        self._rows()
        return self.activity

    def _as_taken(self, published: Element | None) -> ProgramData | None:
        """What importing the published activity would say today."""
        self.importer.within = []  # not where the activity before was
        if published is None or self.said.problem:
            return None
        countries, regions = self.importer.coverage(self.said)
        self.countries, self.has_regions = {code for code, _percentage in countries}, bool(regions)
        return self.importer.program_data(self.said, self.data.reporting_org_id, countries, regions, "")

    def _attributes(self) -> None:
        for name, value in (("default-currency", self.data.default_currency), ("hierarchy", self.data.hierarchy)):
            stated = clean(self.activity.get(name))
            if value not in (None, "") and stated.upper() != str(value):
                self.activity.set(name, str(value))
        if self.data.is_humanitarian != bool(self.said.is_humanitarian):
            self.activity.set("humanitarian", "1" if self.data.is_humanitarian else "0")
        if not stated_language(self.activity) and self.data.language != "und" and not len(self.activity):
            self.activity.set(XML_LANG, self.data.language)

    def _add(self, elements: Iterable[Element]) -> None:
        self.activity.extend(elements)

    def _take_out(self, name: str) -> list[Element]:
        found = self.activity.findall(name)
        for child in found:
            self.activity.remove(child)
        return found

    def _identity(self) -> None:
        self._take_out("iati-identifier")
        write.element("iati-identifier", self.activity).text = write.printable(self.data.identifier)
        reporter = self.known.organizations[self.data.reporting_org_id]
        child = None
        for said in self._take_out("reporting-org"):
            is_it = self.importer.organization(organization(Node(said), self.language)) == reporter.pk
            if is_it and child is None:
                child = said
            elif self.said.reporting_org and not is_it:  # a further reporter: the standard has one
                self._keep(said)
        child = write.organization("reporting-org", reporter) if child is None else child
        for name, value in (("ref", reporter.ref), ("type", reporter.kind)):
            if not child.get(name):
                child.set(name, value)
        if self.data.is_secondary_report != self.said.is_secondary_report:
            child.set("secondary-reporter", "1" if self.data.is_secondary_report else "0")
        if not Node(child).text:
            write.narrative(child, reporter.name)
        self._add([child])

    def _texts(self) -> None:
        wanted = (self.data.language, self.data.title, self.data.description, self.data.translations)
        if self.as_taken is not None and texts(self.said) == wanted:
            return
        self._take_out("title")
        self._take_out("description")
        title = write.element("title")
        said = [(self.data.language, self.data.title, self.data.description)]
        said += [(row.language, row.title, row.description) for row in self.data.translations]
        for language, words_of_title, _description in said:
            write.narrative(title, words_of_title, language)
        self._add([title] if len(title) else [])
        # A paragraph an element, as the reader joins them: spaces make no difference in a narrative.
        paragraphs = [(language, text.split("\n\n")) for language, _title, text in said if text]
        for number in range(max((len(parts) for _language, parts in paragraphs), default=0)):
            description = write.element("description", type="1" if number == 0 else None)
            for language, parts in paragraphs:
                write.narrative(description, parts[number].strip() if number < len(parts) else "", language)
            self._add([description] if len(description) else [])

    def _participants(self) -> None:
        wanted = {(row.organization_id, row.role): row for row in self.data.participations}
        missing = dict(wanted)
        for child in self._take_out("participating-org"):
            role = words.ROLES.get(clean(child.get("role")).lower())
            taking_part = organization(Node(child), self.language)
            if not taking_part or role is None:
                self._add([child])  # not modelled
                continue
            key = (self.importer.organization(taking_part) or 0, role)
            row = wanted.get(key)
            is_further = row is not None and key not in missing
            if row is not None and (
                is_further or row == ParticipationData(*key, activity_identifier=clean(child.get("activity-id"))[:255])
            ):
                self._add([child])
                missing.pop(key, None)
        self._add(write.participation(row, self.known.organizations) for row in missing.values())

    def _status_and_dates(self) -> None:
        if self.said.status != self.data.status or self.data.status is None:
            for child in self._take_out("activity-status"):
                if self.said.status is None and clean(child.get("code")):
                    self._keep(child)  # a code of no list
            if self.data.status:
                write.element("activity-status", self.activity, code=self.data.status)
        missing = {kind: day for kind in write.DATE_TYPES if (day := getattr(self.data, kind)) is not None}
        for child in self._take_out("activity-date"):
            kind = words.DATE_TYPES.get(clean(child.get("type")).lower().replace(" ", "-").replace("_", "-"))
            day = parse_date(child.get("iso-date"))
            if kind is None or day is None:
                self._keep(child, INVALID)
            elif missing.get(kind) == day:
                self._add([child])
                del missing[kind]
            elif self.said.dates.get(kind) != day:  # a second date of a kind, beside the one that is taken
                self._keep(child, INVALID)
        for kind, day in missing.items():
            write.day("activity-date", day, self.activity, type=write.DATE_TYPES[kind])

    def _keep(self, child: Element, because: str = CORRECTED) -> None:
        self.activity.append(child)
        keep_as_published(self.activity, child, because)

    def _codes(self) -> None:
        for name, (attribute, _longest) in DEFAULT_CODES.items():
            value = getattr(self.data, attribute)
            if self.said.codes.get(attribute, "") == value:
                continue
            for child in self.activity.findall(name):
                if name != "default-aid-type" or clean(child.get("vocabulary")) in words.DAC_AID_TYPE_VOCABULARIES:
                    self.activity.remove(child)
            if value:
                write.element(name, self.activity, code=value)

    def _shares(self) -> None:
        """Lists that add up to 100: as published where they do and say what is stored, else again."""
        self._name_countries()
        if not self._says("coverages", "recipient-country", "recipient-region"):
            self._anew("recipient-country", [write.coverage(row) for row in self.data.coverages if row.country_id])
            self._anew("recipient-region", [write.coverage(row) for row in self.data.coverages if row.region_id])
        if not self._says("sectors", "sector"):
            self._anew("sector", [write.sector(row) for row in self.data.sectors])
        self._other_sectors()
        self._pick(
            "policy-marker",
            self.data.policy_markers,
            self._marker,
            write.marker,
        )

    def _says(self, attribute: str, *names: str) -> bool:
        """Whether the elements of these names say what is stored in the list, or the transactions do."""
        if not any(self._modelled(name) for name in names) and self._is_of_transactions(attribute):
            return True
        return self._is_as_published(attribute) and self._adds_up(*names)

    def _is_of_transactions(self, attribute: str) -> bool:
        """Whether the transactions say all that the list does: the standard asks for one of the two, not both."""
        names = ("country_id", "region_id") if attribute == "coverages" else ("sector_id",)
        rows = getattr(self.data, attribute)
        said = [next(filter(None, (getattr(move, name) for name in names)), None) for move in self.data.transactions]
        listed = {next(filter(None, (getattr(row, name) for name in names))) for row in rows}
        has_shares = len(rows) > 1 and any(row.percentage is not None for row in rows)
        return bool(said) and set(said) == listed and not has_shares

    def _name_countries(self) -> None:
        """Countries that were understood by their names have their codes."""
        for child in self.activity.iter("recipient-country"):
            if (code := clean(child.get("code"))) in self.importer.countries:
                continue
            name = normalize_name(code or Node(child).text)
            if found := self.importer.country_names.get(name, ""):
                child.set("code", found)

    def _is_as_published(self, attribute: str) -> bool:
        return self.as_taken is not None and getattr(self.as_taken, attribute) == getattr(self.data, attribute)

    def _modelled(self, name: str) -> list[Element]:
        """The elements of that name that are in the vocabulary of the portal's list."""
        found = self.activity.findall(name)
        if name == "recipient-region":
            return [one for one in found if clean(one.get("vocabulary")).lower() in words.DAC_REGION_VOCABULARIES]
        return [one for one in found if not self._is_other(one)] if name == "sector" else found

    def _is_other(self, sector: Element) -> bool:
        """Whether a sector is kept as one of another vocabulary."""
        vocabulary, code = sector_vocabulary_of(Node(sector)), clean_code(sector.get("code"))
        return vocabulary != PURPOSE_CODES or any(
            (row.vocabulary, row.code) == (vocabulary, code) for row in self.data.other_sectors
        )

    def _other_sectors(self) -> None:
        """As published where nothing was changed, else again."""
        if self.as_taken is not None and self.as_taken.other_sectors == self.data.other_sectors:
            return
        for child in self.activity.findall("sector"):
            if self._is_other(child):
                self.activity.remove(child)
        self._add(write.other_sector(row) for row in self.data.other_sectors)

    def _adds_up(self, *names: str) -> bool:
        children = [child for name in names for child in self._modelled(name)]
        stated = [clean(child.get("percentage")) for child in children]
        countries = [clean(child.get("code")) for child in children if child.tag == "recipient-country"]
        if not self.importer.countries.issuperset(countries):  # several in one code
            return False
        if not children or (len(children) == 1 and stated[0] in ("", "100")):
            return True
        try:
            shares = [Decimal(value) for value in stated]
        except ArithmeticError:
            return not any(stated)
        codes = Counter((child.tag, clean(child.get("code")).upper()) for child in children)
        return sum(shares) == 100 and min(shares) > 0 and max(codes.values()) == 1

    def _anew(self, name: str, rows: list[Element]) -> None:
        """Replaces the elements of the portal's vocabulary: the words beside a code stay.

        What was published with other shares, though nobody changed them here, is kept apart.
        """
        published = {clean(child.get("code")).upper(): child for child in reversed(self._modelled(name))}
        wanted = {row.get("code"): row for row in rows}
        # Where the shares came from transactions, there is nothing to replace: they say so themselves.
        inherited = not published and self._is_as_published("sectors" if name == "sector" else "coverages")
        for child in self._modelled(name):
            self.activity.remove(child)
            code = clean(child.get("code")).upper()
            is_corrected = self._is_as_published("sectors" if name == "sector" else "coverages")
            if is_corrected or (code not in wanted and not self._was_taken(name, code)):
                self._keep(deepcopy(child))
        if inherited:
            return
        for code, row in wanted.items():
            said = published.get(str(code))
            row.extend(deepcopy(child) for child in (said if said is not None else ()))
        self._add(rows)

    def _was_taken(self, name: str, code: str) -> bool:
        taken = self.as_taken
        if taken is None:
            return True
        if name == "sector":
            return code in {row.sector_id for row in taken.sectors}
        return code in {row.country_id or row.region_id for row in taken.coverages}

    def _alone(self, child: Element) -> Node:
        """A node with nothing but this child in it."""
        return Node(_with(deepcopy(child)))

    def _marker(self, child: Element) -> Any:
        alone = Activity(line=0)
        read_markers(alone, self._alone(child))
        return MarkerData(*alone.markers[0]) if alone.markers else None

    def _related(self, child: Element) -> Any:
        alone = Activity(line=0)
        read_related(alone, self._alone(child))
        return RelatedData(*alone.related[0]) if alone.related else None

    def _location(self, child: Element) -> Any:
        alone = Activity(line=0)
        alone.places.append(read_place(alone, Node(child), self.language))
        rows = self.importer.locations(alone, self.countries, anywhere=self.has_regions)
        if rows and any(note.code == "location.swapped" for note in alone.oddities):
            write.put_point(child, rows[0])
        return replace(rows[0].on_the_grid(), percentage=None) if rows else None

    def _pick(
        self, name: str, rows: Iterable[Any], read: Callable[[Element], Any], make: Callable[[Any], Element]
    ) -> None:
        """Published elements whose rows are stored, those that are no row to the portal, and the other rows again."""
        left = Counter(rows)
        for child in self._take_out(name):
            row = read(child)
            if row is None:
                self._add([child])
            elif left[row] > 0:
                left[row] -= 1
                self._add([child])
            elif row in self.once.get(name, ()):  # said twice
                self._add([child])
        for row in rows:
            if left[row] > 0:
                left[row] -= 1
                self._add([make(row)])

    def _locations(self) -> None:
        shares = {replace(row, percentage=None): row.percentage for row in self.data.locations}
        without_share = [replace(row, percentage=None) for row in self.data.locations]
        self._pick("location", without_share, self._location, lambda row: write.location(row, self.known.areas))
        for child in self.activity.findall("location"):
            row = self._location(restored(deepcopy(child)))
            if row in shares:
                write.put_share(child, shares[row])

    def _rows(self) -> None:
        money = Activity(line=0)
        money.codes["default_currency"] = parse_currency(self.activity.get("default-currency"))

        def movement(child: Element) -> Any:
            found = read_movement(money, Node(child), self.language)
            row = self.importer.transaction(found) if found else None
            return replace(row, value=to_cent(row.value)) if row else None

        def line(child: Element) -> Any:
            found = read_budget(money, Node(child))
            return replace(row, value=to_cent(row.value)) if found and (row := budget(found)) else None

        self._pick(
            "transaction",
            self.data.transactions,
            movement,
            lambda r: write.transaction(self._as_written(r), self.known.organizations),
        )
        self._pick("budget", self.data.budgets, line, write.budget)
        self._pick(
            "related-activity",
            self.data.related,
            self._related,
            lambda row: write.element("related-activity", type=row.type, ref=row.identifier),
        )
        self._pick(
            "result",
            self.outlook.results,
            lambda child: read_result(money, Node(child), self.language),
            write.result,
        )

    def _as_written(self, row: TransactionData) -> TransactionData:
        """The row without a place or a sector of its own where the activity has them."""
        places = any(self._modelled(name) for name in ("recipient-country", "recipient-region"))
        if places:
            row = replace(row, country_id=None, region_id=None)
        return replace(row, sector_id=None) if self._modelled("sector") else row


def _with(child: Element) -> Element:
    around = etree.Element("iati-activity")
    around.append(child)
    return around
