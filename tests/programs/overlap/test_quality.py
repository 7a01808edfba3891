"""The table that `make bench-quality` prints."""

from typing import Any

from benchmarks.quality import by_category, table, told_of_real


def own(f1: float, **categories: dict[str, float]) -> dict[str, Any]:
    everything = {"f1": f1, "precision": 0.9, "recall": 0.8, "recall_cross_language": 0.7, "candidate_recall": 1.0,
                  "ece_flagged": 0.05, "ece_seen": 0.06}  # fmt: skip
    return {"all": everything, "kinds": {"overlap": {"f1": 0.66}}, "programs": 400, "categories": categories}


def test_has_a_row_a_set_with_the_peers_beside_the_engine() -> None:
    lines = table({"eval/open": (own(0.85), {"splink": {"f1": 0.5}, "tf-idf": {"f1": 0.25}}), "dev": (own(0.4), {})})

    assert lines[0].startswith("| set | programs | F1 |")
    assert lines[2] == "| eval/open | 400 | .850 | .900 | .800 | .660 | .700 | 1 | .050 | .060 | .500 | .250 |"
    assert lines[3].endswith("| – | – |")


def test_has_a_row_a_category_where_a_set_has_categories() -> None:
    acronyms = {"positives": 12, "recall": 0.5, "candidate_recall": 0.75, "negatives": 0, "flagged_negatives": 0.0}
    negation = {"positives": 0, "recall": 0.0, "candidate_recall": 0.0, "negatives": 8, "flagged_negatives": 0.25}

    lines = by_category({"open": own(0.9), "dev": own(0.4, acronyms=acronyms), "final": own(0.4, negation=negation)})

    assert lines[1:] == [
        "| category | dev | final |",
        "| --- | --- | --- |",
        "| acronyms | .500 of 12 found | – |",
        "| negation | – | .250 of 8 flagged wrongly |",
    ]
    assert by_category({"open": own(0.9)}) == []


def test_tells_of_real_files_what_is_right_and_what_nobody_has_labelled() -> None:
    first = {"first": 60, "right": 8, "unlabelled": 3}

    line = told_of_real({"cases": first, "pairs": first, "known": {"pairs": 21, "candidates": 20, "flagged": 8}})

    assert "8 of the first 60 cases right (3 unlabelled)" in line
    assert "of 21 known pairs 20 are candidates, 8 flagged" in line
