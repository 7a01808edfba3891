"""Splink and TF-IDF on the programs that the engine has, run with the Python of .venv-bench.

    python -P peer.py FOLDER [--block time|quality]

FOLDER has programs.jsonl (one program a line: id, title, text, country, area, locality, goal, sector, funder,
implementer, start, budget), vectors.npy (a sentence vector a program, whole numbers, the same that the engine has)
and, for quality, pairs.csv (left, right, kind). Prints one JSON object: seconds from the rows in memory to scored
pairs, peak memory in MiB, pairs, and the best F1 over all thresholds, chosen on the very pairs that it is measured on.
"""

import argparse
import csv
import json
import resource
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

FIELDS = ("id", "title", "country", "area", "locality", "goal", "sector", "funder", "implementer", "start", "budget")
KINDS = frozenset({"overlap", "duplicate", "same_money"})
Pair = tuple[str, str]
# Of 100,000 programs too many pairs share a country and a goal for any tool to look at.
BLOCKS = {
    "time": (("country", "locality"), ("area", "goal", "sector")),
    "quality": (("country", "goal"), ("area",), ("locality",)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--block", choices=sorted(BLOCKS), default="time")
    options = parser.parse_args()
    rows = [json.loads(line) for line in (options.folder / "programs.jsonl").read_text().splitlines()]
    labels = _labels(options.folder / "pairs.csv")
    found = splink(rows, options.folder / "vectors.npy", BLOCKS[options.block])
    result = {"splink": {**found["figures"], **_quality(found["pairs"], labels)}}
    if labels:
        result["tf-idf"] = _quality(tf_idf(rows), labels)
    print(json.dumps(result))


def splink(rows: list[dict[str, Any]], vectors: Path, blocks: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """Trained without labels, as its documentation shows; pairs with their probability."""
    import duckdb
    import numpy as np
    import pandas
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    table = pandas.DataFrame(rows)[list(FIELDS)].rename(columns={"id": "unique_id"})
    stored = np.load(vectors).astype(np.float32)
    table["vector"] = list(stored)
    began = time.perf_counter()
    connection = duckdb.connect()
    connection.register("given", table)
    connection.execute(
        "CREATE TABLE programs AS SELECT * EXCLUDE (vector, start), CAST(start AS DATE) AS start,"
        f" CAST(vector AS FLOAT[{stored.shape[1]}]) AS vector FROM given"
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.CosineSimilarityAtThresholds("vector", [0.9, 0.8, 0.65, 0.5]),
            compare.ExactMatch("locality"),
            compare.ExactMatch("area"),
            compare.ExactMatch("goal"),
            compare.ExactMatch("sector"),
            compare.ExactMatch("funder"),
            compare.ExactMatch("implementer"),
            compare.AbsoluteDateDifferenceAtThresholds(
                "start", input_is_string=False, metrics=["month", "month"], thresholds=[2, 18]
            ),
            compare.ExactMatch("budget"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in blocks],
    )
    api = DuckDBAPI(connection)
    linker = Linker(api.register("programs"), settings, log_level=40)
    linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000, seed=1)
    for block in (("country", "locality"), ("area", "goal", "sector")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    predicted = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    seconds = time.perf_counter() - began
    pairs = dict(
        zip(
            zip(predicted["unique_id_l"].astype(str), predicted["unique_id_r"].astype(str), strict=True),
            predicted["match_probability"].astype(float),
            strict=True,
        )
    )
    return {
        "pairs": {_ordered(*pair): score for pair, score in pairs.items()},
        "figures": {
            "seconds": round(seconds, 2),
            "memory": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "pairs": len(pairs),
        },
    }


def tf_idf(rows: list[dict[str, Any]]) -> dict[Pair, float]:
    """Cosines of character 3- to 5-grams of title and description, among programs of one country and goal."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2)
    matrix = grams.fit_transform([row["title"] + " " + row["text"] for row in rows])
    blocks: dict[tuple[str, str], list[int]] = {}
    for i, row in enumerate(rows):
        blocks.setdefault((row["country"], row["goal"]), []).append(i)
    found = {}
    for members in blocks.values():
        alike = (matrix[members] @ matrix[members].T).tocoo()
        for i, j, score in zip(alike.row, alike.col, alike.data, strict=True):
            if i < j and score > 0.1:
                found[_ordered(str(rows[members[i]]["id"]), str(rows[members[j]]["id"]))] = float(score)
    return found


def _labels(path: Path) -> dict[Pair, str]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as file:
        return {_ordered(row["left"], row["right"]): row["kind"] for row in csv.DictReader(file)}


def _quality(scores: dict[Pair, float], labels: dict[Pair, str]) -> dict[str, float]:
    """The best F1 that any threshold gives."""
    if not labels:
        return {}
    wanted = sum(kind in KINDS for kind in labels.values())
    right = wrong = 0
    best = (0.0, 0.0, 0.0)
    for pair, _score in sorted(scores.items(), key=lambda one: (-one[1], one[0])):
        kind = labels.get(pair, "none")
        if kind == "ignore":
            continue
        right, wrong = right + (kind in KINDS), wrong + (kind not in KINDS)
        f1 = 2 * right / (wanted + right + wrong)
        best = max(best, (f1, right / (right + wrong), right / wanted))
    return {"f1": round(best[0], 4), "precision": round(best[1], 4), "recall": round(best[2], 4)}


def _ordered(left: str, right: str) -> Pair:
    return (left, right) if left < right else (right, left)


if __name__ == "__main__":
    main()
