"""Prints what happens to each file of tests/corpus/ into docs/import-iati.md and docs/import-spreadsheets.md: `--write`
writes it."""

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "tests/corpus"
# The folder of the corpus -> the page that prints it.
PAGES = {"iati": ROOT / "docs/import-iati.md", "spreadsheets": ROOT / "docs/import-spreadsheets.md"}
BEGIN, END = "<!-- what happens to files: printed by tools/print_corpus.py -->\n", "<!-- end -->"
OUTCOMES = {
    "taken": "taken",
    "said": "taken, with a note",
    "asked": "a person confirms",
    "refused": "rejected",
}


def table(folder: str) -> str:
    """The rows of one folder, by what they are about."""
    with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["file"].startswith(f"{folder}/")]
    rows.sort(key=lambda row: (row["kind"], row["file"]))
    lines = ["| about | what happens | qué sucede | outcome | example |\n", "|---|---|---|---|---|\n"]
    for row in rows:
        outcome = OUTCOMES[row["outcome"]]
        example = f"[{Path(row['file']).suffix[1:]}](../tests/corpus/{row['file']})"
        lines.append(f"| {row['kind']} | {row['english']} | {row['spanish']} | {outcome} | {example} |\n")
    return "".join(lines)


def page(folder: str) -> str:
    """The page with the table as it is now."""
    before, rest = PAGES[folder].read_text(encoding="utf-8").split(BEGIN)
    return before + BEGIN + table(folder) + END + rest.split(END, 1)[1]


if __name__ == "__main__":
    for name, path in PAGES.items():
        if "--write" in sys.argv:
            path.write_text(page(name), encoding="utf-8")
        else:
            sys.stdout.write(table(name))
