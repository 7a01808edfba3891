"""Whole files of exports, by IATI's official schema, ruleset and code lists.

The ruleset and the real files lie beside the project: where they are absent, these tests say so and do nothing else.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from lxml import etree

from donors.models import Organization
from goals.models import Region, Sector
from programs.exchange.demonstration.loader import load
from programs.exchange.iati import schema
from programs.exchange.iati.export import activities_file, organisations_file
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.node import parsed
from programs.exchange.iati.ruleset import NUMBERS, broken_rules
from programs.exchange.iati.upgrade import upgraded
from programs.iati_gaps import GAPS, gaps_of
from programs.models import Program
from tests.conftest import SHARED
from tests.programs.exchange.iati import official

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not official.RULESET.exists(), reason="IATI's official ruleset is not on this machine"),
]
FILES = sorted((SHARED / "data/iati").glob("*/*.xml"))
# Facts that a publisher stated and nobody but its organization can correct; each is told to the organization.
GAPS_OF_RULES = {rule: gap.code for gap in GAPS for rule in gap.rules}
# Codes of files that are on no list any more, or are newer than the lists at hand.
WITHDRAWN = {("//collaboration-type/@code", "5")}


def written(pieces: Iterator[bytes]) -> Any:
    return etree.fromstring(b"".join(pieces))


def wrong_codes(root: Any) -> set[tuple[str, str]]:
    known = {*Sector.objects.values_list("code", flat=True), *Region.objects.values_list("code", flat=True)}
    return {
        (path, code)
        for path, code in official.codes_of_no_list(root)
        if not (code in known and ("sector" in path or "recipient-region" in path))
    }


class TestTheDemonstrationData:
    @pytest.fixture(scope="class")
    def activities(self, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with django_db_blocker.unblock(), transaction.atomic():
            load()
            organisations = organisations_file(Organization.objects.order_by("pk"))
            yield written(activities_file(Program.objects.all())), written(organisations)
            transaction.set_rollback(True)

    def test_its_activities_are_valid(self, activities: Any) -> None:
        root, _organisations = activities

        assert len(root.findall("iati-activity")) > 100
        assert schema.problems(root) == []
        assert official.errors(root) == []
        assert wrong_codes(root) == set()

    def test_its_organisations_are_valid(self, activities: Any) -> None:
        _activities, root = activities

        assert len(root.findall("iati-organisation")) > 20
        assert schema.problems(root, schema.ORGANISATIONS) == []
        assert official.errors(root) == []
        assert wrong_codes(root) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_published_file_is_exported_validly_but_for_what_its_organization_is_told(path: Path) -> None:
    IatiImporter(include_all=True).import_files([path])
    root = written(activities_file(Program.objects.all()))

    if root.find("iati-activity") is not None:  # the schema knows no file without an activity
        assert schema.problems(root) == []
    programs = {program.identifier: program for program in Program.objects.all()}
    gaps = gaps_of(programs.values())
    told = {identifier: {gap.code for gap in gaps[program.pk]} for identifier, program in programs.items()}
    for one in official.errors(root):
        assert GAPS_OF_RULES.get(one.rule) in told[one.identifier.strip()], one
    assert {code for code in wrong_codes(root) if code not in WITHDRAWN} == set()
    # Whoever is in no file is told why.
    given = {str(one.findtext("iati-identifier")).strip() for one in root.findall("iati-activity")}
    left_out = {gap.code for gap in GAPS if gap.leaves_out}
    assert all(told[identifier] & left_out for identifier in programs.keys() - given)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_projects_own_rules_find_what_the_official_ones_find(path: Path) -> None:
    """In the files as they were published, without a database."""
    for element in etree.parse(str(path)).getroot().iter("{*}iati-activity"):
        root = etree.Element("iati-activities", version="2.03")
        root.append(upgraded(parsed(etree.tostring(element, with_tail=False))))
        found = {one.rule for one in official.errors(root)}
        own = {number for rule, _detail in broken_rules(root[0]) for number in NUMBERS.get(rule, ())}
        assert found <= own, root[0].findtext("iati-identifier")
