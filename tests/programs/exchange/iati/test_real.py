"""Files as their publishers published them: in, out again, and by IATI's official schema, ruleset and code lists.

They lie beside the project and are not part of it: where they are absent, these tests say so and do nothing else. Each
file is imported once for all tests.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from lxml import etree

from programs.exchange.iati import schema
from programs.exchange.iati.export import activities_file
from programs.exchange.iati.round_trip import Journey, journey_of
from programs.iati_gaps import GAPS, gaps_of
from programs.models import Program
from tests.conftest import SHARED
from tests.programs.exchange.iati import official
from tests.programs.exchange.iati.importing import imported

pytestmark = pytest.mark.django_db
# Of elsewhere, and of our seven countries.
OPEN, OURS = (sorted((SHARED / "data/iati" / name).glob("*.xml")) for name in ("open", "transposed"))
are_there = pytest.mark.skipif(not (OPEN and OURS), reason="the real files are not on this machine")
with_ruleset = pytest.mark.skipif(
    not official.RULESET.exists(), reason="IATI's official ruleset is not on this machine"
)
# Facts that a publisher stated and nobody but its organization can correct; each is told to the organization.
GAPS_OF_RULES = {rule: gap.code for gap in GAPS for rule in gap.rules}
# Codes of files that are on no list any more, or are newer than the lists at hand.
WITHDRAWN = {("//collaboration-type/@code", "5")}


@pytest.fixture(scope="class", params=OPEN, ids=lambda path: path.name)
def journey(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Journey]:
    """Of one file; what it brought is in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield journey_of(request.param)
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def ours(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """What the command says of all files of our countries; what they brought is in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield imported(*OURS)
        transaction.set_rollback(True)


def is_valid_but_for_what_its_organization_is_told(written: bytes) -> None:
    root = etree.fromstring(written)
    if root.find("iati-activity") is not None:  # the schema knows no file without an activity
        assert schema.problems(root) == []
    programs = {program.identifier: program for program in Program.objects.all()}
    gaps = gaps_of(programs.values())
    told = {identifier: {gap.code for gap in gaps[program.pk]} for identifier, program in programs.items()}
    for one in official.errors(root):
        assert GAPS_OF_RULES.get(one.rule) in told[one.identifier.strip()], one
    assert {code for code in official.wrong_codes(root) if code not in WITHDRAWN} == set()
    # Whoever is in no file is told why.
    given = {str(one.findtext("iati-identifier")).strip() for one in root.findall("iati-activity")}
    left_out = {gap.code for gap in GAPS if gap.leaves_out}
    assert all(told[identifier] & left_out for identifier in programs.keys() - given)


@are_there
class TestOfElsewhere:
    def test_comes_out_as_it_went_in(self, journey: Journey) -> None:
        assert [journey.facts, journey.elements, journey.schema_problems] == [{}, {}, []], journey.examples
        assert journey.activities > 0
        # All are taken but those that come twice in a file.
        assert [reason for reason in journey.not_taken if "appeared earlier" not in reason] == []
        assert len(journey.not_taken) <= max(1, 0.01 * journey.activities)
        # What 2.03 has no place for, or what the portal corrected, stands beside it as it was.
        assert set(journey.kept_apart) <= {"legacy-data", "sector"}
        assert len(journey.not_given) == (journey.name == "datastore-broken-activity.xml")

    @with_ruleset
    def test_is_exported_validly_but_for_what_its_organization_is_told(self, journey: Journey) -> None:
        is_valid_but_for_what_its_organization_is_told(journey.written)


@are_there
class TestOfOurSevenCountries:
    def test_is_taken(self, ours: dict[str, Any]) -> None:
        assert ours["activities"] == 500
        assert ours["created"] >= 0.99 * ours["activities"]

    def test_changes_nothing_when_it_comes_again(self, ours: dict[str, Any]) -> None:
        again = imported(*OURS)

        assert (again["created"], again["updated"]) == (0, 0)
        assert again["unchanged"] == Program.objects.count()

    @with_ruleset
    def test_is_exported_validly_but_for_what_its_organization_is_told(self, ours: dict[str, Any]) -> None:
        assert Program.objects.count() == ours["created"] > 0
        is_valid_but_for_what_its_organization_is_told(b"".join(activities_file(Program.objects.all())))
