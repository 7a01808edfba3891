"""Prints docs/program-life.md from the table of programs/services/lifecycle.py: `--write` writes it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

HEAD = """# How does a program's record live?

A record begins as a draft, which only its own organization sees, and ends archived: out of lists, sums and scans, and
kept. Printed from `programs/services/lifecycle.py` by `python tools/print_program_life.py --write`; a test holds it.

| move | from | to | who | asks for |
|---|---|---|---|---|
"""
FOOT = """
Editors and managers are those of the reporting organization; administrators may take every move. “All that publishing
needs” is a title, a country or Central America as a whole, how far the program is, and who pays for it; percentages
stated in a list add up to 100. What was imported from elsewhere is taken as it was published.

A draft may be deleted for good by an editor or a manager; what others have seen is archived instead.

**Who sees it** is *Partners who are signed in* wherever nobody chose: in the form, a spreadsheet, the API and an IATI
file. Only a manager of the organization shows a program past *Submitted* to more people: a wider visibility, a further
named organization while it is restricted, or another reporting organization (a manager of both). Editors may show it to
fewer. The rule is `programs/services/sharing.py`; form, API, imports and older versions that are restored all go
through it. Each change stands on the page of versions, and the other managers are notified when more people may see it.

**Imports** publish new programs where the person who applies them may publish, and submit them where they may only
submit; `manage.py import_iati`, which the administrator runs, publishes. Programs that are there keep their stage, and
changes to published ones show at once, as those of the form.

A published program **needs an update** when its end has passed (the actual one, else the planned), when its start has
passed and it is still in preparation, or when it runs and nothing new was said of it for six months; a cancelled one
does not. Its page and the organization's own page say so, and its editors and managers get a letter, each at most once
in 30 days, unless they chose no letters in their profile.
"""


def as_markdown() -> str:
    """The page, from the table."""
    from django.utils import translation

    from donors.models import Membership
    from programs.models import Program
    from programs.services.lifecycle import MOVES

    with translation.override("en"):
        rows = []
        for move in MOVES.values():
            who = [str(Membership.Role(role).label) for role in move.roles]
            who += ["SICA's coordinators"] if move.coordinators else []
            asks = "all that publishing needs" if move.asks_for_all else ""
            asks = "a comment" if move.needs_a_comment else asks
            leaves = ", ".join(str(Program.Stage(stage).label) for stage in move.leaves)
            rows.append(f"| {move.label} | {leaves} | {Program.Stage(move.to).label} | {', '.join(who)} | {asks} |\n")
    return HEAD + "".join(rows) + FOOT


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1:] == ["--write"]:
        (ROOT / "docs" / "program-life.md").write_text(as_markdown(), encoding="utf-8")
    else:
        print(as_markdown(), end="")
