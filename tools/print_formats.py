"""Prints the table of columns in docs/formats.md from programs/exchange/hxl.py: `--write` writes it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/formats.md"
BEGIN, END = "<!-- columns of the 3W: printed by tools/print_formats.py -->\n", "<!-- end -->"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")


def columns() -> str:
    from programs.exchange.hxl import COLUMNS

    rows = [f"| `{column.hashtag}` | {column.heading_en} |\n" for column in COLUMNS]
    return "".join(["| hashtag | what |\n|---|---|\n", *rows])


def page() -> str:
    """The page with the table as the code has it now."""
    before, rest = PAGE.read_text().split(BEGIN)
    return before + BEGIN + columns() + END + rest.split(END, 1)[1]


if __name__ == "__main__":
    import django

    django.setup()
    if "--write" in sys.argv:
        PAGE.write_text(page())
    else:
        sys.stdout.write(columns())
