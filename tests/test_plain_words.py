"""Plain words: archaic and private words appear in no text that a person reads, in docs or in docstrings."""

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

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
    r"at stake first": "highest priority first",
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
}


def _pattern(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:" + "|".join(f"(?:{word})" for word in words) + r")(?![\w-])", re.IGNORECASE)


EN, ES = _pattern(ENGLISH), _pattern(SPANISH)


def _texts_of_the_catalogue() -> Iterator[tuple[str, str, re.Pattern[str]]]:
    catalogue = polib.pofile(str(ROOT / "locale/es/LC_MESSAGES/django.po"))
    for entry in catalogue:
        if not entry.obsolete:
            for text in (entry.msgid, entry.msgid_plural or ""):
                yield f"msgid {entry.msgid[:60]!r}", text, EN
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


SOURCES = {
    "catalogue": _texts_of_the_catalogue,
    "templates": _texts_of_templates,
    "docs": _texts_of_docs,
    "docstrings": _docstrings,
    "glossary": _texts_of_the_glossary,
}


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
