"""Prints docs/program-life.md from the table of programs/services/lifecycle.py: `--write` writes it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

HEAD = """# What is the life cycle of a program's record?

A record starts as a draft, which only its own organization sees. At the end it is archived: kept, but not in lists,
totals and scans. `python tools/print_program_life.py --write` prints this table from
`programs/services/lifecycle.py`; a test checks that it is current.

| move | from | to | who | asks for |
|---|---|---|---|---|
"""
FOOT = """
Editors and managers are those of the reporting organization; administrators can take every step. “All that publishing
needs” is a title, a country or Central America as a whole, the status of the program, and its funder; percentages given
in a list add up to 100. Imported programs are taken as they were published.

An editor or a manager can delete a draft permanently. A draft that others have seen can only be archived.

**Who can see it?** Signed-in partners, unless someone chose otherwise: in the form, a spreadsheet, the API and an IATI
file. Only a manager of the organization can show a program past *Submitted* to more people: by a wider visibility, by
naming a further organization while it is restricted, or by changing the reporting organization (a manager of both).
Editors can show it to fewer people. The rule is in `programs/services/sharing.py`; form, API, imports and restored
versions all use it. The page of versions shows each change, and the other managers are notified when more people can
see the program.

**Imports** publish new programs if the person who applies them can publish, and submit them if that person can only
submit; `manage.py import_iati`, which the administrator runs, publishes. Existing programs keep their status, and
changes to published ones appear immediately, as in the form.

A published program **needs an update** when its end date has passed (the actual one, otherwise the planned one), when
its start date has passed and it is still in preparation, or when it is running and has not changed for six months. One
with the status Closed or Cancelled does not; one with the status Finalisation may be past its end, and needs an update
only after six months without a change. Its page and the organization's page show this, and its editors and managers
receive an email, each at most once in 30 days, unless they turned emails off in their profile.
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
