"""Prints docs/agreements.md from the table of programs/agreements/states.py: `--write` writes it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

HEAD = """# How do partners reach an agreement, and how is it kept?

A coordinator drafts a proposal for confirmed overlaps: the kind of agreement, its terms, and its commitments. Each
commitment has a responsible organization, a due date and a focal point. The managers of the parties respond in the
portal. `python tools/print_agreement_states.py --write` prints this table from `programs/agreements/states.py`. A test
checks that it is current, and a database trigger rejects every other move.

| move | from | to | who | asks for |
|---|---|---|---|---|
"""
FOOT = """
Each counter-proposal and each revision is a **version**. The database does not allow changes to a proposed version or
to the responses to it. A party responds to each version once. A party that proposes other terms has accepted them; all
other parties must respond again. A party can also be informed only: it sees the agreement and does not respond.

**Who can see it?** Coordinators; and, from the proposal on, members of the parties who can see every program that the
agreement names. If one of the programs is restricted, the coordinator must share the named programs with the parties,
or the agreement cannot be proposed. The parties then see titles, dates and commitments, but not the program itself.

**Comments.** Everyone who can see an agreement can read its comments and write some, from the proposal on. (The parties
would later read earlier comments.) The parties and the coordinator who drafted the agreement are notified. Only people
who can see the agreement can be mentioned.

**When is a commitment done?** The portal checks the program after each save (when it is scanned) and every minute:

| commitment | done when |
|---|---|
| move the dates | the new start and end are the planned or the actual ones |
| leave an area | no location of the program is in the area or a part of it, or the program has ended |
| take over an area | a location of the program is in the area, and the program is neither cancelled nor archived |
| close | the record is closed or archived, or the program is closed, cancelled or past its actual end |
| reduce the budget | it has committed less by the amount: in its own currency if it has only one, else in dollars |
| other, in words | a manager of the responsible organization reports it as done, and a coordinator verifies it |

When the condition no longer holds, the commitment is no longer done. The portal notifies once of each commitment due
within 14 days, each overdue commitment and each response awaited for a week: on the page and by email, to the editors
and managers of the organization and to the coordinator.

**Funds** that a commitment releases are in its own currency and in US dollars at the rate of the month it was proposed.
Totals cover agreements in force. They leave out amounts without a known rate and programs whose funds another program
also reports.

**A meeting** (coordinators) presents one case per screen. Each outcome is recorded immediately and through the same
services: confirm, dismiss with a reason, draft an agreement, or postpone. The minutes are a page and a PDF.
"""


def as_markdown() -> str:
    """The page, from the table."""
    from django.utils import translation

    from programs.agreements.states import MOVES, State, Who

    with translation.override("en"):
        rows = []
        for move in MOVES.values():
            leaves = ", ".join(str(State(state).label) for state in move.leaves)
            rows.append(
                f"| {move.label} | {leaves} | {State(move.to).label} | {Who(move.who).label} | {move.asks_for} |\n"
            )
    return HEAD + "".join(rows) + FOOT


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1:] == ["--write"]:
        (ROOT / "docs" / "agreements.md").write_text(as_markdown(), encoding="utf-8")
    else:
        print(as_markdown(), end="")
