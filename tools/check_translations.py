"""Holds locale/es against the code: fails for a string without its Spanish, and for a call of gettext, in Python or in
a template, whose text the catalogue does not have. `--write` collects new strings instead.

Needs gettext (makemessages); the portal itself does not.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import polib
from django.template.loader import get_template

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.gettext_calls import Text, sources, unknown_texts_of, wrong_calls

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
    never = list(never_translated(messages))
    for sentence in never:
        print(sentence)
    return 1 if missing or wrong or never else 0


def never_translated(messages: polib.POFile) -> Iterator[str]:
    """A sentence for each call, in Python and in templates, whose text is not among the messages."""
    known = {
        Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "") for entry in messages if not entry.obsolete
    }
    for path in sources(ROOT):
        for sentence in wrong_calls(path.read_text(), known):
            yield f"{path.relative_to(ROOT)}, {sentence}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")
    django.setup()
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = str(path.relative_to(ROOT / "templates"))
        for text in unknown_texts_of(get_template(name).template):  # type: ignore[attr-defined]
            yield f"templates/{name}: {text} is translated, but is no literal"


def _same_placeholders(entry: polib.POEntry) -> bool:
    wanted = set(re.findall(r"%\(\w+\)s", entry.msgid + (entry.msgid_plural or "")))
    translated = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
    return all(set(re.findall(r"%\(\w+\)s", text)) <= wanted for text in translated)


if __name__ == "__main__":
    sys.exit(main())
