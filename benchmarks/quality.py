"""How right the engine is beside Splink and TF-IDF, on every labelled set and on real files.

    python -m benchmarks.quality --peer PYTHON [--real FOLDER] PROGRAMS.jsonl PAIRS.csv [PROGRAMS.jsonl PAIRS.csv …]

The same programs, the same pairs, the same sentence vectors. The engine is measured at its own thresholds, the peers at
the threshold that does best on these very pairs. Real files have no complete labels: of these the precision of what
the engine flags first is told. Runs on servers of its own.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.scratch import scratch_servers

ROOT = Path(__file__).resolve().parent.parent
# Columns of the table: heading, and where the figure stands among those of evaluate_overlaps.
COLUMNS = (
    ("F1", ("all", "f1")),
    ("precision", ("all", "precision")),
    ("recall", ("all", "recall")),
    ("F1 of overlap", ("kinds", "overlap", "f1")),
    ("two languages (recall)", ("all", "recall_cross_language")),
    ("candidates found", ("all", "candidate_recall")),
    ("error, flagged", ("all", "ece_flagged")),
    ("error, from .05 on", ("all", "ece_seen")),
)
PEERS = ("splink", "tf-idf")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="*", metavar="PROGRAMS PAIRS", help="labelled sets, two files each")
    parser.add_argument("--peer", required=True, help="a Python that has splink and scikit-learn")
    parser.add_argument("--real", type=Path, action="append", default=[], help="a folder of IATI files with labels")
    options = parser.parse_args()
    if len(options.files) % 2 or not (options.files or options.real):
        parser.error("each set is two files: its programs and its pairs")
    print(f"{os.cpu_count()} cores\n")
    sets = list(zip(options.files[::2], options.files[1::2], strict=True))
    found = {}
    with scratch_servers():
        for programs, pairs in sets:
            if missing := [str(path) for path in (programs, pairs) if not path.exists()]:
                print(f"{missing[0]} is not there: that set is left out")
                continue
            own = _command("evaluate_overlaps", str(programs.resolve()), str(pairs.resolve()))
            found[f"{programs.parent.parent.name}/{programs.parent.name}"] = (
                own,
                _peers(programs, pairs, options.peer),
            )
        real = {}
        for folder in options.real:
            if folder.is_dir():
                real[str(folder)] = _command("evaluate_real_files", str(folder.resolve()))
            else:
                print(f"{folder} is not there: the real files are left out")
    for line in (*table(found), *by_category({name: own for name, (own, _peers) in found.items()})):
        print(line)
    for name, own in real.items():
        print(f"\n{name}: {told_of_real(own)}")


def table(found: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> list[str]:
    """The figures of each set in Markdown: the engine's, and the F1 of each peer that could be measured."""
    headings = ["set", "programs", *(heading for heading, _path in COLUMNS), *(f"F1 of {peer}" for peer in PEERS)]
    lines = [_row(headings), _row(["---"] * len(headings))]
    for name, (own, peers) in found.items():
        cells = [name, str(own["programs"])]
        for _heading, path in COLUMNS:
            value: Any = own
            for key in path:
                value = value[key]
            cells.append(_short(value))
        cells += [_short(peers[peer]["f1"]) if peer in peers else "–" for peer in PEERS]
        lines.append(_row(cells))
    return lines


def by_category(found: dict[str, dict[str, Any]]) -> list[str]:
    """For sets whose pairs have categories: the share of positives found and of negatives flagged, a set a column."""
    sets = {name: own["categories"] for name, own in found.items() if own.get("categories")}
    if not sets:
        return []
    lines = ["", _row(["category", *sets]), _row(["---"] * (1 + len(sets)))]
    for category in sorted({category for categories in sets.values() for category in categories}):
        cells = []
        for categories in sets.values():
            row = categories.get(category, {"positives": 0, "negatives": 0})
            told = []
            if row["positives"]:
                told.append(f"{_short(row['recall'])} of {row['positives']} found")
            if row["negatives"]:
                told.append(f"{_short(row['flagged_negatives'])} of {row['negatives']} flagged wrongly")
            cells.append(", ".join(told) or "–")
        lines.append(_row([category.replace("_", " "), *cells]))
    return lines


def told_of_real(own: dict[str, Any]) -> str:
    """One line on real files."""
    cases, pairs, known = own["cases"], own["pairs"], own["known"]
    return (
        f"{cases['right']} of the first {cases['first']} cases right ({cases['unlabelled']} unlabelled),"
        f" {pairs['right']} of the first {pairs['first']} pairs ({pairs['unlabelled']} unlabelled);"
        f" of {known['pairs']} known pairs {known['candidates']} are candidates, {known['flagged']} flagged"
    )


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0") if value < 1 else "1"


def _command(*command: str) -> dict[str, Any]:
    """What a command of the portal prints with --json."""
    run = [sys.executable, "manage.py", *command, "--json"]
    out = subprocess.run(run, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return figures


def _peers(programs: Path, pairs: Path, python: str) -> dict[str, Any]:
    """The figures of each peer; of none where they cannot learn from so few programs."""
    rows = [json.loads(line) for line in programs.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        write_for_peer(Path(folder), [_plain(row) for row in rows])
        shutil.copy(pairs, Path(folder) / "pairs.csv")
        # -P: this folder's queue.py is not the standard one.
        command = [python, "-P", str(ROOT / "benchmarks" / "peer.py"), folder, "--block", "quality"]
        run = subprocess.run(command, check=False, capture_output=True, text=True)
    if run.returncode:
        print(f"{programs}: the peers failed: {run.stderr.strip().splitlines()[-1]}")
        return {}
    figures: dict[str, Any] = json.loads(run.stdout.strip().splitlines()[-1])
    return figures


def write_for_peer(folder: Path, rows: list[dict[str, Any]]) -> None:
    """The files that peer.py reads; the sentence vectors are the engine's own."""
    import numpy as np

    from programs.overlap.engine.reading import read
    from programs.overlap.engine.text import plain_words

    with (folder / "programs.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, default=str) + "\n")
    places = [frozenset(plain_words(row["locality"] or "")) for row in rows]
    readings = [read(row["title"], row["text"], names) for row, names in zip(rows, places, strict=True)]
    np.save(folder / "vectors.npy", np.array([np.frombuffer(reading.meaning, np.int8) for reading in readings]))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A labelled program with one value a field, the first where it has several: what such tools compare."""

    def first(name: str, key: str | None = None) -> Any:
        values = row.get(name) or [None]
        return values[0][key] if key and values[0] else values[0]

    def body(role: str) -> Any:
        return next((entry["name"] for entry in row["participating_orgs"] if entry["role"] == role), None)

    goal = first("goals")
    return {
        "id": row["id"],
        "title": row["title"],
        "text": row["description"],
        "country": first("countries", "code"),
        "area": first("areas"),
        "locality": first("localities"),
        "goal": goal and str(goal),
        "sector": first("sectors", "code"),
        "funder": body("1"),
        "implementer": body("4"),
        "start": row["start"],
        "budget": row["budget"] and row["budget"]["value"],
    }


if __name__ == "__main__":
    main()
