"""Prints docs/agreements.md from the table of programs/agreements/states.py: `--write` writes it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

HEAD = """# How does an agreement come about, and how is it kept?

From confirmed overlaps a coordinator drafts a proposal: what kind of agreement, its terms, and commitments, each with
who is responsible, by when, and who follows it up. The managers of the parties answer in the portal. Printed from
`programs/agreements/states.py` by `python tools/print_agreement_states.py --write`; a test holds it, and a trigger in
the database refuses every other move.

| move | from | to | who | asks for |
|---|---|---|---|---|
"""
FOOT = """
Each counter-proposal and each revision is a **version**. A version that was proposed is never changed, nor is an
answer to it, in the database itself. A party answers a version once. Whoever proposes other terms has accepted them;
all others answer anew. A party may also be only informed: it sees the agreement and answers nothing.

**Who sees it.** Coordinators; and members of the parties from the proposal on, if they may see every program that it
names. Where one is restricted, the coordinator ticks that the parties are told of the programs named in it; else it
cannot be proposed. Being told, a party reads titles, dates and commitments, and has no way into the program itself.

**Comments.** Whoever sees an agreement reads its comments and writes some, once it is proposed: what was said before,
the parties would read later. They and the coordinator who drafted it are told; only who sees it can be mentioned.

**When is a commitment kept?** The portal looks at the program after each save (when it is scanned) and each minute:

| commitment | kept when |
|---|---|
| move the dates | the new start and end are the planned or the actual ones |
| leave an area | no location of the program is in the area or a part of it, or the program is over |
| take over an area | a location of the program is, and it is neither cancelled nor archived |
| close | the record is closed or archived, or the program closed, cancelled or past its actual end |
| reduce the money | it has committed less by the amount: in its own currency if it states no other, else in dollars |
| something else, in words | a manager of the responsible organization says so, and a coordinator has seen it |

What is no longer so is no longer kept. What is due within 14 days, what is overdue, and an answer awaited for a week is
told once each, on the page and by letter, to the editors and managers of the organization and to the coordinator.

**Money** that a commitment frees is in its own currency and in US dollars at the rate of the month it was proposed.
Sums are of agreements in force; amounts without a known rate, and programs whose money another one reports too, are
left out.

**A meeting** (coordinators) goes through cases one a screen. Each outcome is recorded at once and through the same
services: confirming, dismissing with a reason, a draft agreement, or postponing. The minutes are a page and a PDF.
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
