"""Whole files of exports, by IATI's official schema, ruleset and code lists. Real publishers' data: test_real.py.

The ruleset and the real files lie beside the project: where they are absent, these tests say so and do nothing else.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from lxml import etree

from donors.models import Organization
from programs.exchange.demonstration.loader import load
from programs.exchange.iati import schema
from programs.exchange.iati.export import activities_file, organisations_file
from programs.exchange.iati.node import parsed
from programs.exchange.iati.ruleset import NUMBERS, broken_rules
from programs.exchange.iati.upgrade import upgraded
from programs.models import Program
from tests.conftest import SHARED
from tests.programs.exchange.iati import official

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not official.RULESET.exists(), reason="IATI's official ruleset is not on this machine"),
]
FILES = sorted((SHARED / "data/iati").glob("*/*.xml"))


def written(pieces: Iterator[bytes]) -> Any:
    return etree.fromstring(b"".join(pieces))


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
        assert official.wrong_codes(root) == set()

    def test_its_organisations_are_valid(self, activities: Any) -> None:
        _activities, root = activities

        assert len(root.findall("iati-organisation")) > 20
        assert schema.problems(root, schema.ORGANISATIONS) == []
        assert official.errors(root) == []
        assert official.wrong_codes(root) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_projects_own_rules_find_what_the_official_ones_find(path: Path) -> None:
    """In the files as they were published, without a database."""
    for element in etree.parse(str(path)).getroot().iter("{*}iati-activity"):
        root = etree.Element("iati-activities", version="2.03")
        root.append(upgraded(parsed(etree.tostring(element, with_tail=False))))
        found = {one.rule for one in official.errors(root)}
        own = {number for rule, _detail in broken_rules(root[0]) for number in NUMBERS.get(rule, ())}
        assert found <= own, root[0].findtext("iati-identifier")
