"""What all parts of merging a program with its activity as published work with: see merge.py."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from donors.models import Organization
from donors.services import OrganizationFinder
from programs.exchange.iati.activity import OrganizationRef
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.node import XML_LANG, stated_language
from programs.exchange.iati.own_files import CORRECTED, keep_as_published
from programs.exchange.iati.reader import read_activity
from programs.exchange.iati.values import clean, parse_language
from programs.services import Outlook, ProgramData


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


class Merging:
    """A program, and the activity into which it is written: as it was published, or an empty one."""

    def __init__(
        self,
        data: ProgramData,
        outlook: Outlook,
        published: Element | None,
        importer: AsImported,
        known: Organizations,
        planned_taken: bool = True,
    ) -> None:
        # Whether the database has the planned disbursements of the activity (IatiRecord).
        self.planned_taken = planned_taken
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

    def _is_as_published(self, attribute: str) -> bool:
        return self.as_taken is not None and getattr(self.as_taken, attribute) == getattr(self.data, attribute)

    def _keep(self, child: Element, because: str = CORRECTED) -> None:
        self.activity.append(child)
        keep_as_published(self.activity, child, because)
