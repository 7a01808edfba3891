"""How right the engine is beside Splink and TF-IDF.

    python -m benchmarks.quality PROGRAMS.jsonl PAIRS.csv --peer PYTHON

The same programs, the same pairs, the same sentence vectors. The engine is measured at its own thresholds, the peers at
the threshold that does best on these very pairs.
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

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("programs", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--peer", required=True, help="a Python that has splink and scikit-learn")
    options = parser.parse_args()
    own = _engine(options.programs, options.pairs)["all"]
    peers = _peers(options.programs, options.pairs, options.peer)
    print(f"{options.programs.name}, {sum(1 for _line in options.programs.open())} programs, {os.cpu_count()} cores")
    print(f"  engine: F1 {own['f1']:.3f}, precision {own['precision']:.3f}, recall {own['recall']:.3f}")
    for name, figures in peers.items():
        print(
            f"  {name}: F1 {figures['f1']:.3f}, precision {figures['precision']:.3f}, recall {figures['recall']:.3f};"
            f" the engine's F1 is {own['f1'] / figures['f1']:.2f} times that"
        )


def _engine(programs: Path, pairs: Path) -> dict[str, Any]:
    command = [
        sys.executable,
        "manage.py",
        "evaluate_overlaps",
        str(programs.resolve()),
        str(pairs.resolve()),
        "--json",
    ]
    out = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return figures


def _peers(programs: Path, pairs: Path, python: str) -> dict[str, Any]:
    rows = [json.loads(line) for line in programs.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        write_for_peer(Path(folder), [_plain(row) for row in rows])
        shutil.copy(pairs, Path(folder) / "pairs.csv")
        command = [python, str(ROOT / "benchmarks" / "peer.py"), folder, "--block", "quality"]
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
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
