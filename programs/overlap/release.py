"""Which release of the engine made a stored profile or found a kept passage: told from all that they are made by.

Every file of engine/ counts, code and data, but those named here that only compare finished profiles: one that is added
counts by itself. A file that changes in any way makes all profiles due, which costs a portal some 10 ms a program.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGINE = Path(__file__).parent / "engine"
# What compares profiles, tells of the comparison or learns from it; none of it has a say in what a profile holds.
COMPARES = frozenset({
    "calibration.py", "catalogue.py", "evidence.py", "factors.py", "fitting.py", "learning.py", "passages.py",
    "quotes.py", "score.py", "sentences.py", "table.py", "weights.json",
})  # fmt: skip
ELSEWHERE = (
    "core/names.py",
    "goals/codes.py",
    "goals/data/area_names.csv",
    "goals/data/country_names.csv",
    "goals/data/places.csv",
    "goals/data/sectors.csv",
    "donors/data/organizations.csv",
    "programs/overlap/findable.py",
    "programs/overlap/keys.py",
    "programs/overlap/loading.py",
    "programs/overlap/profiles.py",
    "programs/services/finding.py",
)


def files_of_profiles() -> dict[str, Path]:
    """All files by which a profile and its keys are made, by their names from the portal's folder on."""
    own = [path for path in ENGINE.iterdir() if path.is_file() and path.suffix != ".pyc" and path.name not in COMPARES]
    return {path.relative_to(ROOT).as_posix(): path for path in [*own, *(ROOT / name for name in ELSEWHERE)]}


def files_of_passages() -> dict[str, Path]:
    """All files by which the passages of a program are found."""
    path = ENGINE / "passages.py"
    return files_of_profiles() | {path.relative_to(ROOT).as_posix(): path}


def fingerprint(files: Mapping[str, Path]) -> str:
    """16 digits that are others where a file is added, is gone or holds anything else."""
    found = hashlib.sha256()
    for name, path in sorted(files.items()):
        found.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()[:16]


@cache
def release_of_profiles() -> str:
    """Under which release profiles are stored."""
    return fingerprint(files_of_profiles())


@cache
def release_of_passages() -> str:
    """Under which release passages are kept."""
    return fingerprint(files_of_passages())
