"""How right the first flagged pairs and cases of real files are, by labels of pairs that were read by hand.

Labels name programs by their identifiers and the folder of the files they are in. A pair that nobody has labelled is
never counted as right: it is named, so that it can be labelled.
"""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from programs.overlap.evaluation.labelled import POSITIVE, BadFile, Pair, ordered

LABELS = (*POSITIVE, "series", "related", "none")
COLUMNS = ("left", "right", "kind", "file_left", "file_right", "confidence")
RIGHT, WRONG, IGNORED, UNLABELLED = "right", "wrong", "ignored", "unlabelled"
FIRST = 60


@dataclass(frozen=True)
class Flagged:
    """A flagged pair by its identifiers in order: what it is said to be, how surely, and the case it belongs to."""

    pair: Pair
    kind: str
    score: float
    case: int


@dataclass(frozen=True)
class Case:
    """Flagged pairs that the portal shows as one case, the surest first."""

    pairs: tuple[Flagged, ...]


def read_labels(path: Path, folder: str) -> dict[Pair, str]:
    """The labels of pairs in the files of a folder, by its name; "ignore" for an overlap that is not sure. Raises
    BadFile."""
    try:
        reader = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: not UTF-8 text (byte {error.start})") from error
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadFile(f"{path}: the first line must name the columns {', '.join(COLUMNS)}; {missing[0]} is missing")
    labels: dict[Pair, str] = {}
    for row in reader:
        where = f"{path}, line {reader.line_num}"
        if row["kind"] not in LABELS:
            raise BadFile(f"{where}: the kind “{row['kind']}” is none of {', '.join(LABELS)}")
        if not row["left"] or not row["right"] or row["left"] == row["right"]:
            raise BadFile(f"{where}: left and right must name two programs")
        if {PurePosixPath(row[column] or "").parent.name for column in ("file_left", "file_right")} != {folder}:
            continue
        pair = ordered(row["left"], row["right"])
        if pair in labels:
            raise BadFile(f"{where}: the pair {pair[0]}, {pair[1]} occurs twice")
        unsure = row["kind"] in POSITIVE and row["confidence"] == "low"
        labels[pair] = "ignore" if unsure else row["kind"]
    if not labels:
        raise BadFile(f"{path}: no labels of files in a folder “{folder}”")
    return labels


def verdict(label: str | None, kind: str) -> str:
    """Whether flagging a pair as a kind was right. A series or a relation is right only where it is called that."""
    if label is None:
        return UNLABELLED
    if label == "ignore":
        return IGNORED
    return RIGHT if label in POSITIVE or label == kind else WRONG


def verdict_of_case(case: Case, labels: Mapping[Pair, str]) -> str:
    """A case is right if at least half of its pairs are (those to be ignored aside), unlabelled if none is labelled."""
    found = Counter(verdict(labels.get(row.pair), row.kind) for row in case.pairs)
    counted = found.total() - found[IGNORED]
    if not counted:
        return IGNORED
    if found[UNLABELLED] == counted:
        return UNLABELLED
    return RIGHT if 2 * found[RIGHT] >= counted else WRONG


def in_order(flagged: Sequence[Flagged]) -> list[Flagged]:
    """The surest first; of equally sure ones in the order of their identifiers."""
    return sorted(flagged, key=lambda row: (-row.score, row.pair))


def cases_of(flagged: Sequence[Flagged]) -> list[Case]:
    """The cases of flagged pairs, by their surest pair."""
    found: dict[int, list[Flagged]] = {}
    for row in in_order(flagged):
        found.setdefault(row.case, []).append(row)
    return [Case(tuple(rows)) for rows in found.values()]


def judged(flagged: Sequence[Flagged], candidates: set[Pair], labels: Mapping[Pair, str], first: int) -> dict[str, Any]:
    """How right the first pairs and cases are, and what became of the pairs that are known to be overlaps."""
    pairs, cases = in_order(flagged), cases_of(flagged)
    rank = {row.pair: number for number, row in enumerate(pairs, 1)}
    case_rank = {row.pair: number for number, case in enumerate(cases, 1) for row in case.pairs}
    known = sorted(pair for pair, label in labels.items() if label in POSITIVE)
    of_cases = _precision([verdict_of_case(case, labels) for case in cases], first)
    any_right = [
        any(verdict(labels.get(row.pair), row.kind) == RIGHT for row in case.pairs)
        for case in cases
        if verdict_of_case(case, labels) != IGNORED
    ][:first]
    seen = {row.pair: row for case in cases[:first] for row in case.pairs} | {row.pair: row for row in pairs[:first]}
    return {
        "candidates": len(candidates),
        "flagged": len(pairs),
        "pairs": _precision([verdict(labels.get(row.pair), row.kind) for row in pairs], first),
        "cases": {"number": len(cases), **of_cases, "with_a_right_pair": sum(any_right)},
        "known": {
            "pairs": len(known),
            "candidates": sum(pair in candidates for pair in known),
            "flagged": sum(pair in rank for pair in known),
            "ranks": [
                {"left": a, "right": b, "kind": labels[a, b], "candidate": (a, b) in candidates,
                 "rank": rank.get((a, b)), "case_rank": case_rank.get((a, b))}
                for a, b in known
            ],
        },
        "unlabelled": [
            {"left": row.pair[0], "right": row.pair[1], "kind": row.kind, "score": round(row.score, 4)}
            for row in in_order(list(seen.values()))
            if row.pair not in labels
        ],
    }  # fmt: skip


def series_told(sizes: Sequence[int], together: set[Pair], labels: Mapping[Pair, str]) -> dict[str, Any]:
    """What is taken for series: how many with how many records and pairs (`sizes`: records of each), and of the pairs
    of each label how many are `together` in one; the labelled duplicates and overlaps among these are lost."""
    of_label = Counter(label for pair, label in labels.items() if pair in together)
    return {
        "number": len(sizes),
        "records": sum(sizes),
        "pairs": sum(size * (size - 1) // 2 for size in sizes),
        "labelled": {label: {"pairs": number, "in_a_series": of_label[label]}
                     for label, number in sorted(Counter(labels.values()).items())},
    }  # fmt: skip


def _precision(verdicts: Sequence[str], first: int) -> dict[str, Any]:
    """Of the first so many that are not to be ignored."""
    counted = [one for one in verdicts if one != IGNORED][:first]
    found = Counter(counted)
    share = round(found[RIGHT] / len(counted), 4) if counted else 0.0
    return {"first": len(counted), "precision": share, **{name: found[name] for name in (RIGHT, WRONG, UNLABELLED)}}
