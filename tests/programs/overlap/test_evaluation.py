"""How the engine is measured: what is counted, what is refused, and the command on a small labelled set."""

import csv
import json
import os
from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.labelled_set import LONG_ENOUGH, Maker, label, write_set
from programs.models import Program
from programs.overlap.engine.catalogue import KINDS
from programs.overlap.evaluation.labelled import BadFile, read_labelled_set
from programs.overlap.evaluation.metrics import Outcome, average_precision, calibration_error, confusion, figures
from programs.overlap.evaluation.report import told
from tests import factories

PROGRAM = {"id": "A", "identifier": "XX-1", "reporting_org": "Donor", "title": "Police", "description": ""}


def outcome(*pairs: tuple[str, str, float, bool], unseen: tuple[str, ...] = (), programs: int = 10) -> Outcome:
    """Candidate pairs as (label, what the engine calls it, score, in two languages), flagged from 0.5 on."""
    labels, kinds, scores, cross = zip(*pairs, strict=True)
    positives = [name for name in (*labels, *unseen) if name in KINDS]
    return Outcome(
        labels=np.array(labels, dtype="<U10"),
        kinds=np.array(kinds),
        scores=np.array(scores),
        flagged=np.array(scores) >= 0.5,
        in_two_languages=np.array(cross),
        positives=Counter(positives),
        cross=Counter(name for name, _kind, _score, is_cross in pairs if name in KINDS and is_cross),
        programs=programs,
    )


class TestFigures:
    def test_are_what_one_counts_by_hand(self) -> None:
        found = figures(
            outcome(
                ("overlap", "overlap", 0.9, True),
                ("overlap", "duplicate", 0.8, False),
                ("none", "overlap", 0.7, False),
                ("", "overlap", 0.1, False),
                ("overlap", "overlap", 0.2, True),
                unseen=("same_money",),
            )
        )

        everything, overlaps = found["all"], found["kinds"]["overlap"]
        assert (everything["precision"], everything["recall"], everything["f1"]) == (0.6667, 0.5, 0.5714)
        assert (everything["candidate_recall"], everything["candidates_per_program"]) == (0.75, 0.5)
        assert everything["recall_cross_language"] == 0.5
        assert (overlaps["precision"], overlaps["recall"]) == (0.5, 0.3333)
        assert found["kinds"]["same_money"]["recall"] == 0

    def test_what_is_to_be_ignored_is_in_no_count(self) -> None:
        right = ("overlap", "overlap", 0.9, False)

        with_it, without = (
            figures(outcome(*pairs)) for pairs in ((right, ("ignore", "overlap", 0.95, False)), (right,))
        )

        differ = {name for name in with_it["all"] if with_it["all"][name] != without["all"][name]}
        assert differ == {"candidates_per_program"}
        assert with_it["kinds"] == without["kinds"]

    def test_confusion_tells_what_was_taken_for_what(self) -> None:
        table = confusion(
            outcome(
                ("duplicate", "overlap", 0.9, False),
                ("duplicate", "duplicate", 0.1, False),
                ("", "same_money", 0.8, False),
                unseen=("duplicate",),
            )
        )

        assert table["duplicate"] == {"duplicate": 0, "same_money": 0, "overlap": 1, "missed": 2}
        assert table["none"] == {"duplicate": 0, "same_money": 1, "overlap": 0}

    def test_by_category_are_what_one_counts_by_hand(self) -> None:
        found = replace(
            outcome(
                ("overlap", "duplicate", 0.9, True),
                ("overlap", "overlap", 0.3, False),
                ("none", "overlap", 0.8, False),
                ("none", "overlap", 0.1, False),
                ("", "overlap", 0.9, False),
                ("ignore", "overlap", 0.9, False),
            ),
            categories=np.array(["acronyms", "acronyms", "negation", "negation", "", "negation"]),
            listed=Counter(
                {("acronyms", "overlap"): 4, ("negation", "none"): 8, ("negation", "ignore"): 1, ("long", "overlap"): 1}
            ),
        )

        categories = figures(found)["categories"]

        assert categories["acronyms"] == {
            "positives": 4, "recall": 0.25, "candidate_recall": 0.5, "negatives": 0, "flagged_negatives": 0.0,
        }  # fmt: skip
        assert (categories["negation"]["negatives"], categories["negation"]["flagged_negatives"]) == (8, 0.125)
        assert (categories["long"]["positives"], categories["long"]["candidate_recall"]) == (1, 0)

    def test_without_categories_tell_none(self) -> None:
        assert figures(outcome(("overlap", "overlap", 0.9, False)))["categories"] == {}

    def test_tell_calibration_where_people_look(self) -> None:
        everything = figures(
            outcome(
                ("overlap", "overlap", 0.9, False),
                ("none", "overlap", 0.7, False),
                ("none", "overlap", 0.1, False),
                *[("", "overlap", 0.0, False)] * 96,
                ("ignore", "overlap", 0.95, False),
            )
        )["all"]

        assert everything["ece_flagged"] == round((0.1 + 0.7) / 2, 4)
        assert everything["ece_seen"] == round((0.1 + 0.7 + 0.1) / 3, 4)
        assert everything["ece"] == round((0.1 + 0.7 + 0.1) / 99, 4)

    def test_tell_recall_in_one_language_and_in_two(self) -> None:
        everything = figures(
            outcome(
                ("overlap", "overlap", 0.9, True),
                ("overlap", "overlap", 0.3, True),
                ("overlap", "overlap", 0.9, False),
                unseen=("overlap",),
            )
        )["all"]

        assert (everything["recall_cross_language"], everything["recall_one_language"]) == (0.5, 0.5)

    def test_are_told_in_lines_with_a_line_a_category(self) -> None:
        found = replace(
            outcome(("overlap", "overlap", 0.9, True)),
            categories=np.array(["acronyms"]),
            listed=Counter({("acronyms", "overlap"): 1}),
        )

        lines = list(told(figures(found)))

        assert any(line.split() == ["acronyms", "1", "1.00", "1.00", "0", "–"] for line in lines)

    def test_average_precision_of_a_ranking(self) -> None:
        assert average_precision(np.array([True, False, True]), 4) == round((1 + 2 / 3) / 4, 4)

    @given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
    def test_calibration_error_is_0_to_1_and_0_for_who_is_always_right(self, pairs: list[tuple[float, bool]]) -> None:
        scores, right = np.array([score for score, _ in pairs]), np.array([hit for _, hit in pairs])

        assert 0 <= calibration_error(scores, right) <= 1
        assert calibration_error(right.astype(float), right) == 0


class TestReading:
    def write(self, folder: Path, programs: str, pairs: str) -> tuple[Path, Path]:
        (folder / "programs.jsonl").write_text(programs, encoding="utf-8")
        (folder / "pairs.csv").write_text(pairs, encoding="utf-8")
        return folder / "programs.jsonl", folder / "pairs.csv"

    @pytest.mark.parametrize(
        ("programs", "pairs", "stated"),
        [
            ("", "left,right,kind\n", "no programs"),
            ("{", "left,right,kind\n", "line 1: not JSON"),
            ("[]", "left,right,kind\n", "not an object"),
            (json.dumps(PROGRAM | {"title": None}), "", "“title” is missing or not a text"),
            (json.dumps(PROGRAM | {"id": ""}), "", "may not be empty"),
            (json.dumps(PROGRAM) + "\n" + json.dumps(PROGRAM), "", "line 2: the id A occurs twice"),
            (json.dumps(PROGRAM | {"start": "soon"}), "", "line 1"),
            (json.dumps(PROGRAM), "left,right\n", "kind is missing"),
            (json.dumps(PROGRAM), "left,right,kind\nA,B,overlap\n", "no program has the id “B”"),
            (json.dumps(PROGRAM), "left,right,kind\nA,A,overlap\n", "paired with itself"),
            (json.dumps(PROGRAM), "left,right,kind\nA,A,twin\n", "the kind “twin” is none of"),
            (json.dumps(PROGRAM), "left,right,kind\n", "no pairs"),
        ],
    )
    def test_says_in_one_line_what_is_wrong(self, tmp_path: Path, programs: str, pairs: str, stated: str) -> None:
        with pytest.raises(BadFile) as error:
            read_labelled_set(*self.write(tmp_path, programs, pairs))

        assert stated in str(error.value)
        assert "\n" not in str(error.value)

    def test_categories_and_works_are_read_where_they_are_told(self, tmp_path: Path) -> None:
        programs = "\n".join(json.dumps(PROGRAM | {"id": name, "identifier": name}) for name in "ABC")
        pairs = "left,right,kind,category,work\nB,A,overlap,acronyms,legal-aid\nA,C,none,,water\n"

        found = read_labelled_set(*self.write(tmp_path, programs, pairs))

        assert found.categories == {("A", "B"): "acronyms"}
        assert found.works == {"A": {"legal-aid", "water"}, "B": {"legal-aid"}}

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="none"):
            call_command("evaluate_overlaps", str(tmp_path / "none.jsonl"), str(tmp_path / "pairs.csv"))


class TestMadeUpSet:
    def test_the_same_seed_makes_the_same_files_and_another_seed_others(self, tmp_path: Path) -> None:
        for folder, seed in (("one", 5), ("two", 5), ("three", 6)):
            write_set(tmp_path / folder, 80, seed)

        one, two, three = (
            [(tmp_path / folder / name).read_bytes() for name in ("programs.jsonl", "pairs.csv")]
            for folder in ("one", "two", "three")
        )
        assert one == two
        assert one[0] != three[0]

    def test_labels_are_of_programs_that_are_there_and_true_of_them(self) -> None:
        maker = Maker(seed=3, localities=20)
        while len(maker.rows) < 400:
            maker.family()
        told = {row["row"]["id"]: row for row in maker.rows}

        pairs = maker.pairs()

        assert {kind for _left, _right, kind, _languages in pairs} == {*KINDS, "none", "ignore"}
        for left, right, kind, languages in pairs:
            a, b = told[left], told[right]
            assert kind == label(a, b)
            assert (languages == "cross") == (a["language"] != b["language"])
            days = (min(a["end"], b["end"]) - max(a["start"], b["start"])).days + 1
            if kind == "overlap":
                assert a["work"] == b["work"]
                assert a["donor"] != b["donor"]
                assert days >= LONG_ENOUGH


def test_the_command_tells_categories_and_can_leave_out_the_run_without_texts(
    committed_db: None, tmp_path: Path
) -> None:
    write_set(tmp_path, 60, seed=2)
    lines = (tmp_path / "pairs.csv").read_text(encoding="utf-8").splitlines()
    categories = ["category", *("acronyms" if ",overlap," in line else "negation" for line in lines[1:])]
    told_of = "\n".join(f"{line},{category}" for line, category in zip(lines, categories, strict=True))
    (tmp_path / "pairs.csv").write_text(told_of, encoding="utf-8")
    out = StringIO()

    call_command("evaluate_overlaps", str(tmp_path / "programs.jsonl"), str(tmp_path / "pairs.csv"), json=True,
                 quick=True, stdout=out)  # fmt: skip

    found = json.loads(out.getvalue().strip().splitlines()[-1])
    assert "text_blanked" not in found
    acronyms = found["categories"]["acronyms"]
    assert acronyms["positives"] == sum(",overlap," in line for line in lines)
    assert 0 < acronyms["recall"] <= acronyms["candidate_recall"] <= 1
    assert any(line.startswith("  acronyms ") for line in out.getvalue().splitlines())


def test_the_command_measures_a_set_and_leaves_the_portals_data_alone(committed_db: None, tmp_path: Path) -> None:
    write_set(tmp_path, 150, seed=11)
    factories.program(title="The portal's own")
    database = connection.settings_dict["NAME"]
    out = StringIO()

    call_command(
        "evaluate_overlaps", str(tmp_path / "programs.jsonl"), str(tmp_path / "pairs.csv"), json=True, stdout=out
    )

    found = json.loads(out.getvalue().strip().splitlines()[-1])
    with (tmp_path / "pairs.csv").open(encoding="utf-8") as file:
        assert {row["kind"] for row in csv.DictReader(file)} >= set(KINDS)
    assert found["programs"] >= 150
    assert set(found["kinds"]) == set(KINDS)
    assert found["all"]["f1"] > 0.7
    assert found["text_blanked"]["f1"] < found["all"]["f1"] - 0.05
    assert connection.settings_dict["NAME"] == database
    assert list(Program.objects.values_list("title", flat=True)) == ["The portal's own"]
    with connection.cursor() as cursor:
        # Of this process: another one may be measuring at the same time.
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE %s", [f"carsi_evaluation_{os.getpid()}_%"])
        assert cursor.fetchone() == (0,)
