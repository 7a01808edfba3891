"""The candidates of a full scan, found at once: the same as each part would look up for itself."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import Program
from programs.overlap import services
from programs.overlap.candidates import candidate_pairs
from programs.overlap.listed_candidates import FEW_OF_A_SERIES, Listed, candidates_of_part
from programs.overlap.models import Overlap, ScanPart
from programs.overlap.profiles import refresh_profiles
from programs.overlap.services import full_scan
from programs.services import TransactionData, save_program
from tests import factories

COMPARE = ScanPart.Step.COMPARE


LONG_AGO = {"planned_start": dt.date(2004, 1, 1), "planned_end": dt.date(2006, 12, 31)}
NOW = {"planned_start": dt.date(2024, 1, 1), "planned_end": dt.date(2026, 12, 31)}


def world() -> list[Program]:
    """Some in one town, one of them long ago; one without a place; many records of a series, and few of another."""
    reporter = factories.organization()
    made = [
        factories.program(),
        factories.program(title="Policía comunitaria en Choloma"),
        factories.program(title="Patrullas de policía en la costa", description="", locations=()),
        factories.program(**LONG_AGO),
        # Under the keys of the whole country it asks for nothing by itself: only records of a series find it.
        factories.program(title="Police patrols", description="Community police patrols, with radios."),
    ]
    for title, count in (("Police patrols of the coast", FEW_OF_A_SERIES + 2), ("Courts of the coast", 3)):
        for number in range(count):
            day = dt.date(2014 + number, 1, 1)
            paid = (TransactionData(2, Decimal(1000 * (number + 1)), "USD", day),)
            made.append(
                factories.program(
                    reporter, title=f"{title} {2014 + number}", planned_start=day, planned_end=dt.date(2028, 12, 31),
                    transactions=paid, locations=(), description="Community police patrols, with radios.",
                )
            )  # fmt: skip
    return made


def parts_listed(monkeypatch: pytest.MonkeyPatch, programs: int) -> list[ScanPart]:
    """The parts, of so many programs each, in which a full scan that has just begun compares all programs."""
    monkeypatch.setattr(full_scan, "PROGRAMS_A_PART", programs)
    refresh_profiles(Program.objects.values_list("pk", flat=True))
    run = services.start_full_scan()
    return list(run.parts.filter(step=COMPARE))


def listed(part: ScanPart) -> Listed:
    assert part.listed_before is not None
    return Listed(list(zip(part.left_ids, part.right_ids, strict=True)), part.listed_before)


def test_a_part_is_listed_what_it_would_find(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    world()

    parts = parts_listed(monkeypatch, 4)

    assert len(parts) > 3
    assert sum(len(part.left_ids) for part in parts) > FEW_OF_A_SERIES
    for part in parts:
        assert listed(part).pairs == candidate_pairs(part.program_ids, upwards=True)


def test_a_part_of_which_nothing_changed_looks_nothing_up(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless a transaction older than the profiles was running when they were listed, be it in another database of the
    same server, as of another test: it may have written what the list does not know of."""
    world()
    for part in parts_listed(monkeypatch, 4):
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(xmin::text::bigint) FROM overlap_programprofile")
            ((written,),) = cursor.fetchall()
        expected = candidate_pairs(part.program_ids, upwards=True)
        with CaptureQueriesContext(connection) as queries:
            found = candidates_of_part(part.program_ids, listed(part), ())
        assert found.pairs == expected
        assert found.versions.keys() == {pk for pair in expected for pk in pair}
        assert (len(queries) == 1) is (listed(part).before > written)


def moved(program: Program, period: dict[str, dt.date]) -> None:
    """The program saved with another period."""
    organization = program.reporting_org
    data = factories.program_data(organization, identifier=program.identifier, title=program.title, **period)
    save_program(data, actor=None)


def test_what_changed_since_is_found_as_it_is_now(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that now meets another in time, one that no longer does, and one that is gone."""
    first, second, _placeless, earlier, *others = world()
    [part] = parts_listed(monkeypatch, 100)
    assert (first.pk, second.pk) in listed(part).pairs
    assert (first.pk, earlier.pk) not in listed(part).pairs

    moved(earlier, NOW)
    moved(second, LONG_AGO)
    services.scan_programs([earlier.pk, second.pk])
    Program.objects.filter(pk=others[-1].pk).delete()
    kept = {(left, right) for left, right in Overlap.objects.flagged().values_list("left", "right")}
    assert (first.pk, earlier.pk) in kept
    found = candidates_of_part(part.program_ids, listed(part), kept).pairs

    assert found == candidate_pairs(part.program_ids, upwards=True)
    assert (first.pk, earlier.pk) in found
    assert (first.pk, second.pk) not in found


def test_a_full_scan_keeps_what_single_scans_found_while_it_ran(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _second, _placeless, earlier, *_others = world()
    services.sweep(seconds=None)
    [part] = parts_listed(monkeypatch, 100)
    moved(earlier, NOW)
    services.sweep(seconds=None)
    before = sorted(Overlap.objects.flagged().values_list("left", "right", "score"))
    assert (first.pk, earlier.pk) in [pair[:2] for pair in before]

    services.scan_part(part.pk)

    part.refresh_from_db()
    assert (part.done_at is not None, part.left_ids, part.right_ids) == (True, [], [])
    assert sorted(Overlap.objects.flagged().values_list("left", "right", "score")) == before
