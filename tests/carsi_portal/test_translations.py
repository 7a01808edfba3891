import os
import re
from datetime import date
from pathlib import Path

import polib
import pytest
from django.utils import translation
from django.utils.formats import date_format

from carsi_portal.translations import compile_changed
from tests.conftest import ROOT

SPANISH = polib.pofile(str(ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


def catalog(folder: Path, spanish: str) -> Path:
    source = folder / "es" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "goal"\nmsgstr "{spanish}"\n'
    )
    return source


def test_what_changed_is_compiled_and_what_did_not_is_not(tmp_path: Path) -> None:
    source = catalog(tmp_path, "meta")
    target = source.with_suffix(".mo")

    assert compile_changed(tmp_path) == [target]
    assert compile_changed(tmp_path) == []
    catalog(tmp_path, "objetivo")
    os.utime(source, (target.stat().st_mtime + 1,) * 2)
    assert compile_changed(tmp_path) == [target]
    assert polib.mofile(str(target)).find("goal").msgstr == "objetivo"  # type: ignore[union-attr]


def test_every_string_has_its_spanish() -> None:
    assert [entry.msgid for entry in SPANISH if not entry.translated() and not entry.obsolete] == []


@pytest.mark.parametrize("plural", [False, True])
def test_the_spanish_names_nothing_that_the_english_does_not(plural: bool) -> None:
    for entry in SPANISH:
        if bool(entry.msgid_plural) is plural:
            known = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
            for text in [entry.msgstr, *entry.msgstr_plural.values()]:
                assert set(PLACEHOLDER.findall(text)) <= known, entry.msgid


def test_the_portal_speaks_it() -> None:
    with translation.override("es"):
        assert translation.gettext("Programs") == "Programas"


def test_months_are_months() -> None:
    with translation.override("es"):
        months = [date_format(date(2026, month, 1), "F") for month in range(1, 13)]

    # "May" is also what a key may do: translated as such, a month in the middle of the year was "Puede".
    assert months == [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ]  # fmt: skip
