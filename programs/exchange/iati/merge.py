"""A stored program and the activity that it was imported from, as one activity of 2.03.

What the portal models comes from the database. Where an element of the activity as published says the same as the
row in the database, that element is written again, with all that it says beyond; a row that was entered or changed
here is written again, and an element whose row was taken out here stays out. What the portal does not model is kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from core.money import to_cent
from core.names import normalize_name
from goals.vocabularies import PURPOSE_CODES
from programs.exchange.iati import vocabulary as words
from programs.exchange.iati import write
from programs.exchange.iati.activity import Activity
from programs.exchange.iati.converting import budget
from programs.exchange.iati.locations import locations
from programs.exchange.iati.merge_elements import ElementsOnce
from programs.exchange.iati.merging import AsImported, Organizations
from programs.exchange.iati.node import Node
from programs.exchange.iati.own_files import restored
from programs.exchange.iati.read_money import read_budget, read_movement, read_payment
from programs.exchange.iati.read_places import read_place
from programs.exchange.iati.read_results import read_result
from programs.exchange.iati.reader import read_markers, read_related, sector_vocabulary_of
from programs.exchange.iati.values import clean, clean_code, parse_currency
from programs.services import MarkerData, Outlook, ProgramData, RelatedData, TransactionData


def merged(
    data: ProgramData,
    outlook: Outlook,
    published: Element | None,
    importer: AsImported,
    known: Organizations,
    *,
    planned_taken: bool = True,
) -> Element:
    """The activity; `published` is one in the words of 2.03 (see upgrade), and is changed.

    Where not `planned_taken`, its planned disbursements stay as they are: an earlier release did not take them in.
    """
    return _Merge(data, outlook, published, importer, known, planned_taken).run()


class _Merge(ElementsOnce):
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
        rows = locations(alone, self.countries, self.importer.areas, anywhere=self.has_regions)
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

        def payment(child: Element) -> Any:
            found = read_payment(money, Node(child), self.language)
            row = self.importer.payment(found) if found else None
            row = replace(row, value=to_cent(row.value)) if row else None
            return row if self.planned_taken or row in self.data.planned_disbursements else None

        self._pick(
            "transaction",
            self.data.transactions,
            movement,
            lambda r: write.transaction(self._as_written(r), self.known.organizations),
        )
        self._pick("budget", self.data.budgets, line, write.budget)
        self._pick(
            "planned-disbursement",
            self.data.planned_disbursements,
            payment,
            lambda row: write.planned_disbursement(row, self.known.organizations),
        )
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
