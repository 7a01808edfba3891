"""Fails where a pinned requirement cannot be installed on a machine that the README promises.

The promise is that `make run` and `make test` install without a compiler on Python 3.11 to 3.14, on Linux and macOS,
on x86-64 and arm64. tools/wheels.tsv holds, for each pinned requirement, the Pythons that its wheels fit on each
platform. The check reads that table alone, without a network; `--renew` asks the registry for what it lacks (some
seconds for each of 16 kinds of machine), and `--renew-all` for all of it.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tools" / "wheels.tsv"
FILES = ("requirements.txt", "requirements-intel-mac.txt", "requirements-dev.txt")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# What pip takes on such a machine: glibc 2.28 (2018) or newer; macOS 12 (2021) or newer.
GLIBC = range(17, 29)
PLATFORMS = {
    f"linux {machine}": (*(f"manylinux_2_{minor}_{machine}" for minor in reversed(GLIBC)), f"manylinux2014_{machine}")
    for machine in ("x86_64", "aarch64")
} | {
    "macos x86_64": ("macosx_12_0_x86_64",),
    "macos arm64": ("macosx_12_0_arm64",),
}
# name -> why it may lack a wheel for a machine of the table.
EXCEPTIONS: dict[str, str] = {}
ANY, NONE = "all", "none"
PIN = re.compile(r"^([A-Za-z0-9._-]+==[^\s;#]+)\s*(?:;([^#]+))?")

# requirement ("django==5.2.19") -> platform -> Pythons: those that a wheel of it fits, or for which it is required
Table = dict[str, dict[str, list[str]]]


def required(folder: Path = ROOT) -> Table:
    """The pinned requirements of `folder`, and the machines on which their markers ask for them."""
    needs: Table = {}
    for line in (line for name in FILES for line in (folder / name).read_text().splitlines()):
        if found := PIN.match(line):
            marker = Marker(found[2].strip()) if found[2] else None
            machines = needs.setdefault(found[1], {platform: [] for platform in PLATFORMS})
            for platform, pythons in machines.items():
                system, machine = platform.split()
                for python in PYTHONS:
                    named = {
                        "sys_platform": {"macos": "darwin"}.get(system, system),
                        "platform_machine": machine,
                        "python_version": python,
                        "python_full_version": f"{python}.0",
                    }
                    if python not in pythons and (marker is None or marker.evaluate(named)):
                        pythons.append(python)
    return needs


def read(text: str) -> Table:
    """The table as it is written by `written`."""
    table: Table = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            requirement, *cells = line.split("\t")
            table[requirement] = {
                platform: {ANY: list(PYTHONS), NONE: []}.get(cell, cell.split())
                for platform, cell in zip(PLATFORMS, cells, strict=True)
            }
    return table


def written(table: Table) -> str:
    """A line for each requirement: the Pythons that its wheels fit on each platform."""
    lines = ["\t".join(["# requirement", *PLATFORMS])]
    for requirement, fits in sorted(table.items()):
        cells = (fits[platform] for platform in PLATFORMS)
        words = (ANY if pythons == list(PYTHONS) else " ".join(pythons) or NONE for pythons in cells)
        lines.append("\t".join([requirement, *words]))
    return "\n".join(lines) + "\n"


def problems(needs: Table, table: Table, exceptions: dict[str, str] = EXCEPTIONS) -> list[str]:
    """What stands between the requirements and the promise, in words."""
    found = [f"{one}: not in tools/wheels.tsv. Run tools/check_wheels.py --renew" for one in needs if one not in table]
    found += [f"{one}: in tools/wheels.tsv, but not required" for one in table if one not in needs]
    for requirement in needs.keys() & table.keys():
        lacking = []
        for platform, pythons in needs[requirement].items():
            if missing := [python for python in pythons if python not in table[requirement][platform]]:
                lacking.append(f"{platform} with Python {', '.join(missing)}")
        excused = requirement.partition("==")[0] in exceptions
        if lacking and not excused:
            found.append(f"{requirement}: no wheel for {'; '.join(lacking)}")
        if excused and not lacking:
            found.append(f"{requirement}: has a wheel for every machine, so it needs no exception")
    return sorted(found)


def fitting(requirements: list[str], platform: str, python: str) -> list[str]:
    """Those of the requirements that pip finds a wheel for: it asks the registry. Raises RuntimeError if it cannot."""
    left = list(requirements)
    with tempfile.TemporaryDirectory(prefix="wheels-") as folder:
        while left:
            asked = subprocess.run(
                [
                    *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
                    *("--dry-run", "--ignore-installed", "--no-deps", "--only-binary", ":all:"),
                    *("--target", folder, "--report", f"{folder}/report.json", "--python-version", python),
                    *(word for tag in PLATFORMS[platform] for word in ("--platform", tag)),
                    *left,
                ],
                capture_output=True,
                text=True,
            )
            if asked.returncode == 0:
                report = json.loads(Path(folder, "report.json").read_text())
                assert len(report["install"]) == len(left)
                break
            refused = re.search(r"No matching distribution found for (\S+)", asked.stderr)
            if refused is None or refused[1] not in left:
                raise RuntimeError(asked.stderr)
            left.remove(refused[1])
    return left


def renewed(requirements: list[str]) -> Table:
    """What the registry says of the requirements."""
    table: Table = {requirement: {platform: [] for platform in PLATFORMS} for requirement in requirements}
    for platform in PLATFORMS:
        for python in PYTHONS:
            print(f"Asking for {platform}, Python {python} …", flush=True)
            for requirement in fitting(requirements, platform, python):
                table[requirement][platform].append(python)
    return table


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--renew"], ["--renew-all"]):
        print(__doc__)
        return 2
    needs = required()
    table = read(TABLE.read_text()) if TABLE.exists() else {}
    if arguments:
        known = {one: table[one] for one in needs if one in table and arguments != ["--renew-all"]}
        table = known | renewed([one for one in needs if one not in known])
        TABLE.write_text(written(table))
    found = problems(needs, table)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
