"""Plain words: archaic and private words appear in no text that a person reads, in docs or in docstrings."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils import translation

from core.api.schema import OneSchema

ROOT = Path(__file__).resolve().parent.parent
CODE = ("carsi_portal", "core", "goals", "donors", "programs", "client", "tools", "benchmarks")

# What is banned, and the word to use.
ENGLISH = {
    r"anew": "again",
    r"meanwhile": "in the meantime",
    r"whoever": "the person who, everyone who",
    r"whomever": "the person who",
    r"reckon(s|ed|ing)?": "calculate",
    r"there(of|in|upon|of)": "of it",
    r"henceforth|hitherto|hence": "from now on",
    r"(a|the|this|each|such|monthly) letters?(?! (code|of the alphabet))": "email",
    r"letters (to|from|for|are|that|come|go)": "emails",
    r"hand(s|ed|ing)? (it |them |him |her |that |this |the \w+ )?out": "assign",
    r"bring(s|ing)? (in|it in|them in|a file in|the file in)|brought in": "upload",
    r"stands for is": "means",
    r"second reports?": "duplicate report",
    r"how far it is": "status",
    r"nobody may": "no one can",
    r"see(s|ing)? to (it|them|the|no|people|cases|whom)": "manage",
    r"of which it is said": "that",
    r"goes by the name": "is called",
    r"is reckoned": "is calculated",
    r"is none of the": "is not in the",
    r"at stake": "possible duplicate amount, priority",
}
# Words of the code that a reader of pages, of the API's reference or of a command's help should not meet: English of
# the catalogue and of what is written beside it.
FOR_READERS = ENGLISH | {
    r"somebody|nobody|everybody": "someone, no one, everyone",
    r"(a|the) workers? (is|has|stopped|began|just|finds)": "the work was interrupted",
    r"(to|before) its end": "before it finished",
    r"what became of": "result of",
    r"goes on|gone on|go on with": "continues, is resumed",
    r"that it frees|money it frees": "funds released",
    r"(is|are) (there|named) already|that (is|are) there": "already exists",
    r"key's owner may": "key's owner can",
    r"what is named|not named stays": "the given fields",
    r"(is|was|be) taken (in|for)": "is read, is matched to",
    r"follows it up": "focal point",
    r"carr(y|ies) (it|them|the program) on": "continues",
    r"(?<!there )is no (spreadsheet|file|date|text|list|number|sector|language|currency|point|goal|rank)": "is not a",
    r"needs no saying|until they are said": "is remembered, until you confirm them",
    r"made-up": "invented",
}
SPANISH = {
    r"vacíos? (de|en|por|financier|detectad|más)": "brecha",
    r"cartas?": "correo",
    r"en juego": "posible duplicación",
    r"segundos? (reportes?|informes?)": "reporte duplicado",
    r"(se )?señal(ó|ad[oa]s?|an?)": "detectado",
    r"ex[aá]menes completos|examen completo": "análisis completo",
    r"volcados?": "descarga completa",
    r"sucesos?": "evento",
    r"financiador(es)?": "donante",
    r"informantes?": "que reporta",
    r"se ha de|se han de": "se hará",
    r"firmeza": "grado de certeza",
    r"socios con sesión iniciada": "socios registrados",
    r"persona administradora": "gestor",
    r"organizaci(ón|ones) intermediarias?": "organización administradora",
    r"el proceso se (detuvo|detiene)|un proceso está": "el trabajo se interrumpió",
}


def _pattern(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:" + "|".join(f"(?:{word})" for word in words) + r")(?![\w-])", re.IGNORECASE)


EN, ES, READERS = _pattern(ENGLISH), _pattern(SPANISH), _pattern(FOR_READERS)


def _texts_of_the_catalogue() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    catalogue = polib.pofile(str(ROOT / "locale/es/LC_MESSAGES/django.po"))
    for entry in catalogue:
        if not entry.obsolete:
            for text in (entry.msgid, entry.msgid_plural or ""):
                yield f"msgid {entry.msgid[:60]!r}", text, READERS
            for text in (entry.msgstr, *entry.msgstr_plural.values()):
                yield f"msgstr of {entry.msgid[:60]!r}", text, ES


def _files(folders: tuple[str, ...], *endings: str) -> Iterator[Path]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*")) if (ROOT / folder).is_dir() else ():
            if file.suffix in endings and not {"migrations", "vendor", "__pycache__"} & set(file.parts):
                yield file


def _texts_of_templates() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    for file in _files(("templates", *CODE), ".html", ".txt"):
        # Names of variables, blocks and addresses are no text; literals in tags are.
        text = re.sub(r"\{#.*?#\}", " ", file.read_text(encoding="utf-8"))
        tags = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", lambda tag: " ".join(re.findall(r"[\"']([^\"']*)[\"']", tag[0])), text)
        yield str(file.relative_to(ROOT)), re.sub(r"<[^>]*>", " ", tags), EN


def _texts_of_docs() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    for file in (*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))):
        if file.name in ("CHANGELOG.md", "glossary.md"):
            continue
        yield str(file.relative_to(ROOT)), re.sub(r"`[^`\n]*`", " ", file.read_text(encoding="utf-8")), EN
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.split(r"^## ", changes, flags=re.MULTILINE)[1]
    yield "CHANGELOG.md, newest part", newest, EN


def _docstrings() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    for file in _files(CODE, ".py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                where = f"{file.relative_to(ROOT)}: {getattr(node, 'name', 'module')}"
                yield where, re.sub(r"`[^`]*`", " ", ast.get_docstring(node) or ""), EN


def _texts_of_the_glossary() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    with (ROOT / "goals/data/glossary.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column, text in row.items():
                yield f"glossary {row['key']}: {column}", text, ES if column.endswith("_es") else EN


def _texts_of_the_reference() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """What `/api/docs/` shows of calls, parameters and fields."""

    def walk(node: object, where: str) -> Iterator[tuple[str, str, re.Pattern[str]]]:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "description" and isinstance(value, str):
                    yield where, re.sub(r"`[^`]*`", " ", value), READERS
                yield from walk(value, f"{where}/{key}")

    with translation.override("en"):
        yield from walk(OneSchema().get_schema(), "reference")


def _help_of_commands() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    """Sentences of the command line: `help=` and what follows it, of our own commands and of `carsi`."""
    for file in _files(CODE, ".py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            help_given = isinstance(node, ast.keyword) and node.arg in {"help", "help_text", "description", "epilog"}
            help_set = isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == ["help"]
            if (help_given or help_set) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                yield f"{file.relative_to(ROOT)}:{node.value.lineno}", node.value.value, READERS


SOURCES = {
    "catalogue": _texts_of_the_catalogue,
    "templates": _texts_of_templates,
    "docs": _texts_of_docs,
    "docstrings": _docstrings,
    "glossary": _texts_of_the_glossary,
    "reference": _texts_of_the_reference,
    "help of commands": _help_of_commands,
}


@pytest.mark.django_db
@pytest.mark.parametrize("source", SOURCES)
def test_no_banned_word(source: str) -> None:
    found = [
        f"{where}: “{match[0]}” in “…{' '.join(text[max(0, match.start() - 30) : match.end() + 30].split())}…”"
        for where, text, banned in SOURCES[source]()
        for match in banned.finditer(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "banned"),
    [("All others answer anew.", EN), ("A letter to you.", EN), ("The second report.", EN), ("Brought in by", EN),
     ("A worker is just leaving this import.", READERS), ("Work goes on.", READERS), ("Money at stake", EN),
     ("El monto en juego", ES), ("Una carta", ES), ("Traslape señalado", ES)],
)  # fmt: skip
def test_the_pattern_finds_banned_words(text: str, banned: re.Pattern[str]) -> None:
    assert banned.search(text)


@pytest.mark.parametrize(
    ("text", "fine"),
    [("Write its three-letter code.", EN), ("a code of two or three letters", EN), ("Descartado", ES),
     ("Déjelo vacío", ES), ("Se enseña", ES)],
)  # fmt: skip
def test_the_pattern_leaves_plain_words(text: str, fine: re.Pattern[str]) -> None:
    assert not fine.search(text)
