"""Files come out as they went in; those of real publishers in test_real.py."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from programs.exchange.iati import merge
from programs.exchange.iati.round_trip import Journey, round_trip
from programs.models import Program

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).parent / "fixtures"
OWN = sorted(FIXTURES.glob("*.xml"))


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


def test_an_element_that_gets_lost_is_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr(merge.write, "participation", lambda *_args: merge.write.element("participating-org", role=""))

    with pytest.raises(CommandError, match="The export differs from the import: everything-203"):
        call_command("check_iati_round_trip", str(FIXTURES / "everything-203.xml"), "--from-tables")
    assert "fact: participations 1" in capsys.readouterr().out
