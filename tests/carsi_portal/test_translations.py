import os
import re
from datetime import date, datetime, time
from pathlib import Path

import polib
import pytest
from django.template import Engine
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format, get_format, time_format

from carsi_portal.translations import compile_changed
from tests.conftest import ROOT
from tools.gettext_calls import Text, sources, unknown_texts_of, wrong_calls

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


KNOWN = {Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "") for entry in SPANISH if not entry.obsolete}


def test_every_text_is_in_the_catalogue() -> None:
    wrong = {path.relative_to(ROOT): list(wrong_calls(path.read_text(), KNOWN)) for path in sources(ROOT)}

    assert {path: sentences for path, sentences in wrong.items() if sentences} == {}


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("from django.utils.translation import gettext as told\ntold('goal')", []),
        ("from django.utils.translation import gettext as told\ntold('no such text')", ["no such text"]),
        ("from django.utils import translation\ntranslation.gettext('no such text')", ["no such text"]),
        ("from django.utils.translation import gettext\nsay = gettext\nsay('no such text')", ["no such text"]),
        ("from django.utils.translation import gettext_lazy as _\nx = 'goal'\n_(x)", ["no literal"]),
        ("from django.utils.translation import gettext as _\n_(f'{1} goal')", ["no literal"]),
        ("from django.utils.translation import ngettext\nngettext('goal', 'aims', 2)", ["goal"]),
        ("from django.utils.translation import ngettext\nngettext('goal', 'goals', 2)", []),
        ("from django.utils.translation import pgettext\npgettext('football', 'goal')", ["goal"]),
        ("def _(text): ...\n_('no such text')", []),
    ],
)
def test_a_text_that_nobody_translates_is_found(source: str, wrong: list[str]) -> None:
    found = list(wrong_calls(source, {Text("goal"), Text("goal", "goals")}))

    assert len(found) == len(wrong)
    assert all(words in sentence for words, sentence in zip(wrong, found, strict=True))


@pytest.mark.parametrize(
    ("source", "unknown"),
    [("{% translate 'goal' %}", []), ("{% if x %}{% translate title %}{% endif %}", ["title"])],
)
def test_what_a_template_translates_is_a_literal(source: str, unknown: list[str]) -> None:
    engine = Engine(libraries={"i18n": "django.templatetags.i18n"}, builtins=["django.templatetags.i18n"])

    assert unknown_texts_of(engine.from_string(source)) == unknown


# A number and then what there is that many of: “%(count)s comments”.
COUNTED = re.compile(r"%\((?:n|o|p|count|number|total|cases|pairs|programs|rows)\)s [a-z]+s\b")
NO_COUNT = {"%(programs)s in %(place)s"}


def test_what_is_counted_has_a_plural() -> None:
    assert [
        entry.msgid
        for entry in SPANISH
        if not entry.obsolete and not entry.msgid_plural and COUNTED.search(entry.msgid) and entry.msgid not in NO_COUNT
    ] == []


def test_no_template_counts_with_a_word_that_is_always_plural() -> None:
    counted = re.compile(r"\}\}(?:\s|<[^>]*>)*\{% translate [\"'][a-z]+s[\"'] %\}")
    templates = sorted((ROOT / "templates").rglob("*.html"))

    assert [path.name for path in templates if counted.search(path.read_text())] == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "name", ["DATE_FORMAT", "SHORT_DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT", "TIME_FORMAT"]
)
def test_no_day_or_hour_ends_with_a_full_stop(language: str, name: str) -> None:
    """It may stand at the end of a sentence, which would then have two."""
    days = [datetime(2026, month, 28, hour) for month in range(1, 13) for hour in (0, 9, 12, 21)]
    with translation.override(language):
        template = get_format(name)
        stated = [
            time_format(day.time(), template) if name == "TIME_FORMAT" else date_format(day, template) for day in days
        ]

    assert [text for text in stated if text.endswith(".")] == []


def test_the_hour_of_remembered_figures_ends_its_sentence_once() -> None:
    with translation.override("en"):
        stated = render_to_string("includes/as_of.html", {"as_of": time(9, 34)})

    assert "Figures as of 09:34. Data has changed" in stated
