"""Prints docs/glossary.md from goals/data/glossary.csv: `--write` writes it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

HEAD = """# What do the words mean?

The terms of the portal in English and Spanish, also at `/help/glossary/` on the site. `python tools/print_glossary.py
--write` prints this page from `goals/data/glossary.csv`; a test checks that it is current.

| term | término | meaning | significado |
|---|---|---|---|
"""


def as_markdown() -> str:
    """The page, from the table."""
    from goals.glossary import terms

    def cell(term: str, also: str) -> str:
        return f"**{term}** ({also})" if also else f"**{term}**"

    return HEAD + "".join(
        f"| {cell(one.term_en, one.also_en)} | {cell(one.term_es, one.also_es)} "
        f"| {one.definition_en} | {one.definition_es} |\n"
        for one in terms()
    )


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1:] == ["--write"]:
        (ROOT / "docs" / "glossary.md").write_text(as_markdown(), encoding="utf-8")
    else:
        print(as_markdown(), end="")
