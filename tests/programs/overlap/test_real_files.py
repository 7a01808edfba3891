"""How real files are judged: labels by identifiers, the first pairs and cases, nothing unlabelled counted as right."""

from pathlib import Path

import pytest

from programs.overlap.evaluation.labelled import BadFile, Pair
from programs.overlap.evaluation.real_files import (
    Case,
    Flagged,
    judged,
    read_labels,
    series_told,
    verdict,
    verdict_of_case,
)

HEADING = "left,right,kind,reason,file_left,file_right,confidence,second_best\n"
OWN_LABELS = Path(__file__).parents[3] / "benchmarks" / "real_pairs.csv"


def flagged(left: str, right: str, score: float, case: int = 1, kind: str = "overlap") -> Flagged:
    return Flagged((left, right), kind, score, case)


class TestLabels:
    def read(self, folder: Path, lines: str) -> dict[Pair, str]:
        path = folder / "labels.csv"
        path.write_text(lines, encoding="utf-8")
        return read_labels(path, "here")

    def test_are_those_of_the_folder_and_an_unsure_overlap_is_to_be_ignored(self, tmp_path: Path) -> None:
        lines = (
            HEADING
            + "B,A,overlap,why,here/a.xml,here/b.xml,high,\n"
            + "A,C,overlap,why,here/a.xml,here/c.xml,low,none\n"
            + "A,D,none,why,here/a.xml,here/d.xml,low,overlap\n"
            + "A,E,overlap,why,there/a.xml,there/e.xml,high,\n"
        )

        assert self.read(tmp_path, lines) == {("A", "B"): "overlap", ("A", "C"): "ignore", ("A", "D"): "none"}

    @pytest.mark.parametrize(
        ("lines", "stated"),
        [
            ("left,right\n", "kind is missing"),
            (HEADING + "A,B,twin,,here/a,here/b,high,\n", "line 2: the kind “twin” is none of"),
            (HEADING + "A,A,none,,here/a,here/b,high,\n", "line 2: left and right must name two programs"),
            (
                HEADING + "A,B,none,,here/a,here/b,high,\nB,A,none,,here/a,here/b,high,\n",
                "line 3: the pair A, B occurs",
            ),
            (HEADING + "A,B,none,,there/a,there/b,high,\n", "no labels of files in a folder “here”"),
        ],
    )
    def test_that_are_wrong_are_told_in_one_line(self, tmp_path: Path, lines: str, stated: str) -> None:
        with pytest.raises(BadFile) as error:
            self.read(tmp_path, lines)

        assert stated in str(error.value)

    def test_that_are_committed_can_be_read(self) -> None:
        for folder in ("transposed", "open"):
            assert sum(label == "overlap" for label in read_labels(OWN_LABELS, folder).values()) > 10


class TestVerdicts:
    @pytest.mark.parametrize(
        ("label", "kind", "right"),
        [
            ("overlap", "duplicate", "right"),
            ("series", "duplicate", "wrong"),
            ("series", "series", "right"),
            ("related", "overlap", "wrong"),
            ("none", "overlap", "wrong"),
            ("ignore", "overlap", "ignored"),
            (None, "overlap", "unlabelled"),
        ],
    )
    def test_of_a_pair(self, label: str | None, kind: str, right: str) -> None:
        assert verdict(label, kind) == right

    @pytest.mark.parametrize(
        ("labels", "right"),
        [
            (("overlap", "none"), "right"),
            (("overlap", "none", "none"), "wrong"),
            (("overlap", None, None), "wrong"),
            (("overlap", "ignore", "ignore"), "right"),
            ((None, None), "unlabelled"),
            (("ignore",), "ignored"),
        ],
    )
    def test_of_a_case_rests_on_half_of_its_pairs(self, labels: tuple[str | None, ...], right: str) -> None:
        rows = tuple(flagged("A", f"B{number}", 0.9) for number in range(len(labels)))
        told = {row.pair: label for row, label in zip(rows, labels, strict=True) if label}

        assert verdict_of_case(Case(rows), told) == right


def test_what_is_told_is_what_one_counts_by_hand() -> None:
    rows = [
        flagged("A", "B", 0.99),
        flagged("A", "C", 0.95),
        flagged("D", "E", 0.97, case=2),
        flagged("F", "G", 0.96, case=3),
        flagged("H", "I", 0.6, case=4),
    ]
    labels = {("A", "B"): "overlap", ("D", "E"): "none", ("A", "C"): "ignore", ("H", "I"): "duplicate",
              ("J", "K"): "overlap", ("L", "M"): "overlap"}  # fmt: skip
    candidates = {row.pair for row in rows} | {("J", "K")}

    found = judged(rows, candidates, labels, first=3)

    assert (found["flagged"], found["cases"]["number"]) == (5, 4)
    assert found["pairs"] == {"first": 3, "precision": 0.3333, "right": 1, "wrong": 1, "unlabelled": 1}
    assert (found["cases"]["precision"], found["cases"]["with_a_right_pair"]) == (0.3333, 1)
    known = found["known"]
    assert (known["pairs"], known["candidates"], known["flagged"]) == (4, 3, 2)
    assert [(row["left"], row["candidate"], row["rank"], row["case_rank"]) for row in known["ranks"]] == [
        ("A", True, 1, 1),
        ("H", True, 5, 4),
        ("J", True, None, None),
        ("L", False, None, None),
    ]
    assert [(row["left"], row["right"]) for row in found["unlabelled"]] == [("F", "G")]


def test_overlaps_that_are_taken_for_a_series_are_told() -> None:
    labels = {("A", "B"): "series", ("A", "C"): "series", ("D", "E"): "overlap", ("F", "G"): "none"}

    found = series_told([2, 4], {("A", "B"), ("D", "E"), ("X", "Y")}, labels)

    assert (found["number"], found["records"], found["pairs"]) == (2, 6, 7)
    assert found["labelled"]["series"] == {"pairs": 2, "in_a_series": 1}
    assert found["labelled"]["overlap"] == {"pairs": 1, "in_a_series": 1}
    assert found["labelled"]["none"] == {"pairs": 1, "in_a_series": 0}
