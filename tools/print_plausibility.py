"""Prints the rules of programs/services/plausibility.py into docs/plausibility.md: `--write` writes it."""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/plausibility.md"
BEGIN, END = "<!-- rules: printed by tools/print_plausibility.py -->\n", "<!-- end -->"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")


def table() -> str:
    from django.utils import translation

    from programs.services.plausibility import RULES

    with translation.override("en"):
        rows = [f"| `{rule.code}` | {rule.about} | {rule.sentence} |\n" for rule in RULES.values()]
    table = "".join(["| code | what it finds | what the person reads |\n|---|---|---|\n", *rows])
    return re.sub(r"%\(\w+\)s", "…", table)


def page() -> str:
    """The page with the table as the code has it now."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END, 1)[1]


if __name__ == "__main__":
    import django

    django.setup()
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(table())
