"""Prints docs/notifications.md from the table of programs/discussion/kinds.py: `--write` writes it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "notifications.md"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

HEAD = """# Who is notified of what?

Notifications are on the page **Notifications** and, as often as each person chooses on their account page, in one
email. Nobody is notified of what they did themselves, or of what they may not see; a notification of something that is
hidden later is hidden with it. Printed from `programs/discussion/kinds.py` by
`python tools/print_notifications.py --write`; a test checks it.

| kind | what is said | who is notified |
|---|---|---|
"""
FOOT = """
What happens to an agreement (kind `topic`) is listed in [agreements.md](agreements.md). A new kind:
[develop.md](develop.md#how-do-i-add-a-kind-of-notification).
"""


def as_markdown() -> str:
    """The page, from the table."""
    from django.utils import translation

    from programs.discussion.kinds import Kind

    with translation.override("en"):
        rows = [f"| `{kind.value}` | {kind.label} | {kind.row.who_hears} |\n" for kind in Kind]
    return HEAD + "".join(rows) + FOOT


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(as_markdown(), encoding="utf-8")
    else:
        print(as_markdown(), end="")
