"""The corpus: small files of one kind each, and what the portal makes of each, in `tests/corpus/expected.csv`.
What the portal says of it, word for word, is in `tests/corpus/says.csv`.

A file of `tests/corpus/iati/` or `tests/corpus/spreadsheets/` goes through the portal's own import as far as the check:
for the organization that its first activity names, by one of its managers, with the columns as they are guessed.
"""

import csv
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from django.utils import translation
from lxml import etree

from core.errors import Refused
from donors.models import Organization
from programs.exchange import services
from programs.exchange.models import Import
from programs.exchange.report import what_was_seen
from programs.exchange.spreadsheet.kinds import IATI, kind_of
from programs.exchange.spreadsheet.problems import FileProblem, sentence
from programs.services.plausibility import sentence_of
from tests import factories
from tests.conftest import ROOT

CORPUS = ROOT / "tests/corpus"
TABLE, SENTENCES = CORPUS / "expected.csv", CORPUS / "says.csv"
FOLDERS = ("iati", "spreadsheets")
TAKEN, SAID, REFUSED, ASKED = "taken", "said", "refused", "asked"
# Whom spreadsheets name: organizations that the register has.
ON_THE_REGISTER = {"AECID": "ES-AECID"}


@dataclass(frozen=True)
class Expected:
    """A row of the table: of which file, about what, how it ends, and the sentences that the docs print."""

    file: str
    kind: str
    outcome: str
    english: str
    spanish: str


@dataclass(frozen=True)
class Answer:
    """What the portal made of a file: how it ended, and every sentence of its report in both languages."""

    outcome: str
    english: str = ""
    spanish: str = ""


def expected() -> list[Expected]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Expected(**row) for row in csv.DictReader(file)]


def said() -> dict[str, tuple[str, str]]:
    """What the report of each file's import says, in English and Spanish."""
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return {row["file"]: (row["english"], row["spanish"]) for row in csv.DictReader(file)}


def write_said(name: str, answer: Answer) -> None:
    """Puts down what the portal says of a file now."""
    now = {**said(), name: (answer.english, answer.spanish)}
    with SENTENCES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["file", "english", "spanish"])
        writer.writerows([one, *now[one]] for one in sorted(now) if any(now[one]))


def files() -> list[str]:
    """Every file of the corpus, by its path below `tests/corpus/`."""
    return sorted(path.relative_to(CORPUS).as_posix() for folder in FOLDERS for path in (CORPUS / folder).iterdir())


def answer_to(path: Path) -> Answer:
    """What the portal's check says of a file; nothing of it is applied."""
    content = path.read_bytes()
    for name, ref in ON_THE_REGISTER.items():
        factories.organization(name, ref=ref)
    organization = _reporter(content)
    manager = factories.user(organization, "manager")
    try:
        job = services.start_import(
            organization, file_name=path.name, content=content, language="en", actor=manager, unattended=True
        )
        job = _worked_on(job)
        if job.state == Import.State.UPLOADED:
            # Some heading is not known: the person goes on with the columns as they are.
            job = _worked_on(services.choose_columns(job, job.columns, date_order="", actor=manager))
    except (FileProblem, Refused) as refusal:
        why = refusal
        return _answer(REFUSED, lambda: [str(why)])
    if problem := job.problem:
        return _answer(REFUSED, lambda: [sentence(problem["code"], problem["params"])])
    return _with_what_was_seen(job, _of_rows(job))


def _with_what_was_seen(job: Import, answer: Answer) -> Answer:
    """The answer with what the page says of the workbook besides its rows."""
    of_file = _answer(SAID, lambda: what_was_seen(job))
    if not of_file.english:
        return answer
    return replace(
        answer,
        outcome=SAID if answer.outcome == TAKEN else answer.outcome,
        english=f"{of_file.english} {answer.english}".strip(),
        spanish=f"{of_file.spanish} {answer.spanish}".strip(),
    )


def _worked_on(job: Import) -> Import:
    services.work_on(job.pk, seconds=inf)
    job.refresh_from_db()
    return job


def _reporter(content: bytes) -> Organization:
    """The organization that reports the first activity of the file, as it stands there."""
    ref, name = "XX-TEST-1", "Test Agency"
    with suppress(FileProblem):  # the import says so
        if kind_of(content) == IATI:
            root = etree.fromstring(content, etree.XMLParser(recover=True, resolve_entities=False))
            found = root.find(".//{*}reporting-org") if root is not None else None
            if found is not None:
                ref = found.get("ref") or ref
                name = " ".join("".join(found.itertext()).split()) or name
    return factories.organization(name, ref=ref)


def _of_rows(job: Import) -> Answer:
    """How a file ended that was checked: the worst of its rows."""
    assert job.state == Import.State.CHECKED, job.state
    rows = list(job.rows.order_by("number"))
    assert rows, "nothing was found in the file, and nothing was said"
    problems = [(problem["code"], problem["params"]) for row in rows for problem in row.problems]
    outcomes = {row.outcome for row in rows}
    outcome = SAID if problems or "left_out" in outcomes else TAKEN
    if any(row.asks or row.warnings for row in rows):
        outcome = ASKED
    if "refused" in outcomes:
        outcome = REFUSED
    unlikely = [(warning["code"], warning["params"]) for row in rows for warning in row.warnings]
    return _answer(
        outcome,
        lambda: [
            *(sentence(code, params) for code, params in problems),
            *(sentence_of(code, params) for code, params in unlikely),
        ],
    )


def _answer(outcome: str, sentences: Callable[[], list[str]]) -> Answer:
    """The answer with its sentences, each once, in both languages."""
    words = []
    for language in ("en", "es"):
        with translation.override(language):
            words.append(" ".join(dict.fromkeys(sentences())))
    return Answer(outcome, *words)
