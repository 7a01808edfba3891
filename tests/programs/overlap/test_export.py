"""Decisions as a labelled set: what is written, and that the engine is measured with it."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from donors.models import User
from programs.models import Program
from programs.overlap import services
from programs.overlap.decisions import standing_decisions
from programs.overlap.engine.score import model
from programs.overlap.evaluation import export
from programs.overlap.evaluation.export import export_decisions
from programs.overlap.evaluation.labelled import read_labelled_set
from programs.overlap.models import Overlap
from tests import factories


@pytest.fixture
def programs(db: None) -> list[Program]:
    titles = ("Community policing", "Policía comunitaria", "Community police", "Community police patrols")
    made = [factories.program(title=title) for title in titles]
    services.sweep(seconds=None)
    return made


def pair(one: Program, other: Program) -> Overlap:
    return Overlap.objects.get(left=one, right=other)


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def decided(programs: list[Program], coordinator: User) -> list[Program]:
    first, second, third, _fourth = programs
    services.confirm(pair(first, second), actor=coordinator)
    services.dismiss(pair(first, third), actor=coordinator, reason="complementary")
    return programs


def test_it_works(decided: list[Program], tmp_path: Path) -> None:
    found = export_decisions(tmp_path)

    first, second, third, _fourth = (f"P{program.pk}" for program in decided)
    written = {(row["left"], row["right"]): row for row in rows(tmp_path)}
    confirmed = pair(decided[0], decided[1])
    assert (found.programs, found.decided, found.ignored) == (3, 2, 1)
    assert written[first, second]["kind"] == written[first, second]["called"] == confirmed.kind
    assert float(written[first, second]["score"]) == confirmed.score
    assert written[first, second]["model_version"] == model().version
    assert (written[first, third]["kind"], written[first, third]["reason"]) == ("none", "complementary")
    # Flagged, and nobody has said whether rightly: no negative.
    assert written[second, third]["kind"] == "ignore"


def test_programs_are_written_as_they_are(decided: list[Program], tmp_path: Path) -> None:
    export_decisions(tmp_path)

    labelled = read_labelled_set(tmp_path / "programs.jsonl", tmp_path / "pairs.csv")

    row: dict[str, Any] = labelled.programs[0]
    program = decided[0]
    assert (row["title"], row["identifier"], row["reporting_org"]) == (
        program.title, program.identifier, program.reporting_org.name,
    )  # fmt: skip
    assert (row["start"], row["end"], row["countries"], row["areas"]) == (
        program.start, program.end, ["HN"], ["HN-CR"],
    )  # fmt: skip
    assert row["localities"] == ["Choloma"]
    assert sum(move["value"] for move in row["transactions"]) == Decimal(1_000_000)
    assert row["goals"] == [1]


def test_what_was_taken_back_is_not_exported(decided: list[Program], coordinator: User, tmp_path: Path) -> None:
    services.reopen(pair(decided[0], decided[2]), actor=coordinator)

    assert export_decisions(tmp_path).decided == 1


def test_restricted_programs_stay_here_unless_asked_for(decided: list[Program], tmp_path: Path) -> None:
    Program.objects.filter(pk=decided[1].pk).update(visibility="restricted")

    found = export_decisions(tmp_path)
    assert (found.decided, found.left_out) == (1, 1)
    assert decided[1].title not in (tmp_path / "programs.jsonl").read_text(encoding="utf-8")

    assert export_decisions(tmp_path, with_restricted=True).decided == 2


def test_the_engine_is_measured_with_it(
    committed_db: None, decided: list[Program], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_decisions", str(tmp_path))
    assert "3 programs, 2 decided pairs, 1 undecided pairs to ignore" in capsys.readouterr().out

    call_command(
        "evaluate_overlaps", str(tmp_path / "programs.jsonl"), str(tmp_path / "pairs.csv"), "--quick", "--json"
    )

    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    # Both decided pairs are flagged from what was exported, as they were here: one of two is right.
    assert (found["programs"], found["pairs"]) == (3, 3)
    assert (found["all"]["recall"], found["all"]["precision"]) == (1.0, 0.5)


def test_the_day_is_that_of_the_region(decided: list[Program]) -> None:
    """The last evening of October, when it is November in London."""
    decision = replace(standing_decisions()[0], decided_at=datetime(2026, 11, 1, 3, tzinfo=UTC))

    assert dict(zip(export.PAIR_COLUMNS, export._pair(decision), strict=True))["decided"] == "2026-10-31"


def test_only_restricted_programs_is_said(decided: list[Program], tmp_path: Path) -> None:
    Program.objects.filter(pk=decided[0].pk).update(visibility="restricted")

    with pytest.raises(CommandError, match="all decisions are on restricted programs"):
        call_command("export_decisions", str(tmp_path))


def test_nothing_to_export_is_said(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no decisions to export"):
        call_command("export_decisions", str(tmp_path))


def test_a_folder_that_cannot_be_written_is_said(decided: list[Program], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="file"):
        call_command("export_decisions", str(tmp_path / "file"))
