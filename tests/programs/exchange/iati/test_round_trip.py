"""Files come out as they went in."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from programs.exchange.iati import merge
from programs.exchange.iati.round_trip import Journey, round_trip
from programs.models import Program
from tests.conftest import SHARED

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).parent / "fixtures"
OWN = sorted(FIXTURES.glob("*.xml"))
REAL = sorted((SHARED / "data/iati/open").glob("*.xml"))


def differences(journey: Journey) -> list[object]:
    return [journey.facts, journey.elements, journey.schema_problems]


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_own_samples_come_out_as_they_went_in(path: Path) -> None:
    journey = round_trip(path)

    assert differences(journey) == [{}, {}, []], journey.examples
    assert journey.same > 0
    assert not Program.objects.exists()  # all of it is taken back


@pytest.mark.parametrize("path", [path for path in OWN if path.stem != "as-published"], ids=lambda path: path.name)
def test_own_samples_come_out_of_the_tables_alone(path: Path) -> None:
    journey = round_trip(path, with_published=False)

    assert differences(journey) == [{}, {}, []], journey.examples


@pytest.mark.skipif(not REAL, reason="the real files are not on this machine")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_files_come_out_as_they_went_in(path: Path) -> None:
    journey = round_trip(path)

    assert differences(journey) == [{}, {}, []], journey.examples
    assert journey.activities > 0
    # All are taken but those that come twice in a file.
    assert [reason for reason in journey.not_taken if "appeared earlier" not in reason] == []
    assert len(journey.not_taken) <= max(1, 0.01 * journey.activities)
    # What 2.03 has no place for, or what the portal corrected, stands beside it as it was.
    assert set(journey.kept_apart) <= {"legacy-data", "sector"}
    assert len(journey.not_given) == (path.name == "datastore-broken-activity.xml")


def test_an_element_that_gets_lost_is_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr(merge.write, "participation", lambda *_args: merge.write.element("participating-org", role=""))

    with pytest.raises(CommandError, match="The export differs from the import: everything-203"):
        call_command("check_iati_round_trip", str(FIXTURES / "everything-203.xml"), "--from-tables")
    assert "fact: participations 1" in capsys.readouterr().out
