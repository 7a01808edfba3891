"""Fetches the front-end libraries of static/vendor from the npm registry: `python tools/vendor.py`.

Takes only the files that pages use, with their licence, and takes out references to files that are left behind
(source maps, fonts, pictures), which would break the hashed file names of production. Needs npm.
"""

import re
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"


@dataclass(frozen=True)
class Package:
    """A package of the npm registry: the files to take, as they are named in it."""

    name: str
    version: str
    licence: str
    files: tuple[str, ...]
    licence_file: str


PACKAGES = (
    Package(
        "@uswds/uswds",
        "3.14.0",
        "public domain; Source Sans Pro: SIL OFL 1.1",
        ("dist/css/uswds.min.css",),
        "LICENSE.md",
    ),
    Package("d3-array", "2.12.1", "BSD-3-Clause", ("dist/d3-array.min.js",), "LICENSE"),
    Package("d3-path", "1.0.9", "BSD-3-Clause", ("dist/d3-path.min.js",), "LICENSE"),
    Package("d3-shape", "1.3.7", "BSD-3-Clause", ("dist/d3-shape.min.js",), "LICENSE"),
    # Draws where money comes from and goes; the last release that there is, and complete.
    Package("d3-sankey", "0.12.3", "BSD-3-Clause", ("dist/d3-sankey.min.js",), "LICENSE"),
    Package("axe-core", "4.14.1", "MPL-2.0 (used by the tests alone)", ("axe.min.js",), "LICENSE"),
)
# Of the fonts in the stylesheet only these are used.
FONTS = (
    "sourcesanspro-regular-webfont.woff2",
    "sourcesanspro-bold-webfont.woff2",
    "sourcesanspro-italic-webfont.woff2",
)
LEFT_BEHIND = ("hero.jpg",)


def fetch(package: Package, into: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        source = Path(folder) / "package"
        shutil.rmtree(into, ignore_errors=True)
        for name in (*package.files, package.licence_file):
            target = into / Path(name).relative_to("dist") if name.startswith("dist/") else into / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target)
            if name.endswith(".css"):
                target.write_text(_with_what_it_names(target.read_text(), source / Path(name).parent, target.parent))
            elif name.endswith(".js"):
                target.write_text(re.sub(r"//# sourceMappingURL=\S+", "", target.read_text()))


def _with_what_it_names(css: str, source: Path, target: Path) -> str:
    """The stylesheet without its source map and unused fonts; the pictures and fonts that it names are copied."""
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    css = re.sub(
        r"@font-face\{[^}]*\}", lambda face: face.group() if any(font in face.group() for font in FONTS) else "", css
    )
    # Old browsers' font formats beside woff2.
    css = re.sub(r",url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)", "", css)
    for name in LEFT_BEHIND:
        css = re.sub(rf"url\([^)]*{re.escape(name)}\)", "none", css)
    for name in set(re.findall(r"url\((\.\./[^)#?]+)\)", css)):
        copy = (target / name).resolve()
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile((source / name).resolve(), copy)
    return css


def main() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    lines = ["# Vendored front-end libraries", "", "Fetched by tools/vendor.py; do not edit.", ""]
    lines += ["| package | version | licence |", "|---|---|---|"]
    for package in PACKAGES:
        fetch(package, VENDOR / package.name.split("/")[-1])
        lines.append(f"| {package.name} | {package.version} | {package.licence} |")
    (VENDOR / "README.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
