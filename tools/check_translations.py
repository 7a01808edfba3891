"""Holds locale/es against the code: fails for a string without its Spanish. `--write` collects new strings instead.

Needs gettext (makemessages); the portal itself does not.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
SPANISH = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
SOURCES = ("carsi_portal", "core", "goals", "donors", "programs", "templates")


def collected() -> polib.POFile:
    """The strings of the code as they are now, with the translations that there are."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in SOURCES:
            shutil.copytree(ROOT / name, copy / name)
        (copy / "locale").mkdir()
        target = copy / "locale" / "es" / "LC_MESSAGES" / "django.po"
        if SPANISH.exists():
            target.parent.mkdir(parents=True)
            shutil.copyfile(SPANISH, target)
        subprocess.run(
            [
                *(sys.executable, "-m", "django", "makemessages", "--locale", "es", "--no-location", "--no-wrap"),
                *("--extension", "html,py,txt", "--verbosity", "0"),
            ],
            cwd=copy,
            check=True,
        )
        return polib.pofile(str(target), wrapwidth=0)


def main() -> int:
    messages = collected()
    if sys.argv[1:] == ["--write"]:
        SPANISH.parent.mkdir(parents=True, exist_ok=True)
        for entry in messages.obsolete_entries():
            messages.remove(entry)
        messages.metadata["POT-Creation-Date"] = ""
        messages.save(str(SPANISH))
        print(f"{len(messages.untranslated_entries())} strings to translate")
        return 0
    missing = messages.untranslated_entries() + messages.fuzzy_entries()
    for entry in missing:
        print(f"no Spanish: {entry.msgid!r}")
    wrong = [entry for entry in messages.translated_entries() if not _same_placeholders(entry)]
    for entry in wrong:
        print(f"other placeholders in Spanish: {entry.msgid!r}")
    return 1 if missing or wrong else 0


def _same_placeholders(entry: polib.POEntry) -> bool:
    wanted = set(re.findall(r"%\(\w+\)s", entry.msgid + (entry.msgid_plural or "")))
    translated = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
    return all(set(re.findall(r"%\(\w+\)s", text)) <= wanted for text in translated)


if __name__ == "__main__":
    sys.exit(main())
