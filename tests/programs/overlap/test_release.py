"""What tells profiles and passages of another release: no file that they are made by is forgotten."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from programs.overlap.profiles import MADE_BY
from programs.overlap.quoting import KEY
from programs.overlap.release import (
    COMPARES,
    ENGINE,
    ROOT,
    files_of_passages,
    files_of_profiles,
    fingerprint,
)

# Makes a profile, its keys or its passages in a process of its own, and tells which of the portal's files that took.
PROBE = """
import json, os, sys
opened = set()

def note(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        opened.add(os.path.abspath(arguments[0]))

sys.addaudithook(note)
from dataclasses import replace
from programs.overlap.engine.facts import ProgramFacts
{imports}
empty = frozenset()
facts = ProgramFacts(
    1, 1, "P-1", 1, "Community policing in Choloma", ("Community policing in Choloma", "With the PNC, in Xela."), None,
    None, empty, frozenset({{"15130"}}), frozenset({{"HN", "GT"}}), empty, frozenset({{"HN-CR"}}),
    frozenset({{"tela"}}),
    empty, empty, empty, (), empty, None, empty, listed=frozenset({{(1, "hn-pnh")}}),
)
for one in (facts, replace(facts, title="", texts=())):
    {work}
loaded = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
opened |= {{os.path.abspath(path) for path in loaded if path}}
print(json.dumps(sorted(opened)))
"""
PROFILE = (
    "from programs.overlap.engine.profile import profile_of; from programs.overlap.keys import keys_of",
    "keys_of(one, profile_of(one).reading)",
)
PASSAGES = ("from programs.overlap.engine.passages import passages_of", "passages_of(one)")
# Packages that only hold others.
SAY_NOTHING = {"core/__init__.py", "goals/__init__.py", "programs/__init__.py", "programs/overlap/__init__.py"}


def used(imports: str, work: str) -> set[str]:
    probe = PROBE.format(imports=imports, work=work)
    told = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = (Path(path) for path in json.loads(told.stdout))
    own = {path.relative_to(ROOT) for path in paths if path.is_relative_to(ROOT)}
    return {path.as_posix() for path in own if path.parts[0] != ".venv" and path.suffix != ".pyc"} - SAY_NOTHING


@pytest.mark.process
def test_every_file_that_a_profile_is_made_by_counts() -> None:
    assert used(*PROFILE) - set(files_of_profiles()) == set()


@pytest.mark.process
def test_every_file_that_passages_are_found_by_counts() -> None:
    assert used(*PASSAGES) - set(files_of_passages()) == set()


def test_every_data_file_of_the_engine_counts_but_the_weights() -> None:
    data = {path.name for path in ENGINE.iterdir() if path.is_file() and path.suffix not in {".py", ".pyc"}}

    counted = {path.name for path in files_of_profiles().values() if path.parent == ENGINE}

    assert data - counted == {"weights.json"}
    assert {"common_words.txt", "taxonomy.npz"} <= counted
    assert "goals/data/sectors.csv" in files_of_profiles()


@pytest.mark.process
def test_what_is_left_out_is_there_and_makes_no_profile() -> None:
    used_for_profiles = used(*PROFILE)

    assert {name for name in COMPARES if not (ENGINE / name).is_file()} == set()
    assert {f"programs/overlap/engine/{name}" for name in COMPARES} & used_for_profiles == set()


@pytest.mark.parametrize("name", sorted(files_of_passages()))
def test_another_content_of_any_file_is_another_release(name: str, tmp_path: Path) -> None:
    files = files_of_passages()
    other = tmp_path / "other"
    other.write_bytes(files[name].read_bytes() + b" ")

    assert fingerprint(files | {name: other}) != fingerprint(files)
    assert fingerprint({key: path for key, path in files.items() if key != name}) != fingerprint(files)


def test_profiles_and_passages_are_kept_under_it() -> None:
    assert fingerprint(files_of_profiles()) == MADE_BY
    assert fingerprint(files_of_passages()) in KEY
    assert fingerprint(files_of_passages()) != MADE_BY
