"""What a database or a parser says is no sentence for a reader: whatever is too long, too large or out of range."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError
from django.utils import translation

from programs.exchange.failures import SENTENCES, reason_of
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.oddities import ODDITIES
from programs.models import Program
from programs.services.plausibility import EVERYTHING
from tests import factories
from tests.programs.exchange.iati.writing import budget, document, one_activity, transaction
from tests.programs.exchange.importing import bring_in_file

pytestmark = pytest.mark.django_db

LONG = "x" * 5_000
RESULT = (
    '<result type="1"><title><narrative>{0}</narrative></title><indicator measure="1"><title><narrative>{0}</narrative>'
    '</title><period><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/><target value="{1}"/>'
    "</period></indicator></result>"
)
# What stands in an activity, and whether the activity is taken.
TOO_MUCH: dict[str, tuple[dict[str, str], bool]] = {
    "an amount": ({"more": transaction("1" + "0" * 30, "2024-01-01")}, True),
    "an amount with an exponent": ({"more": transaction("1e99", "2024-01-01")}, True),
    "a sum": ({"more": transaction("9" * 17, "2024-01-01") * 30}, False),
    "a budget": ({"more": budget("9" * 40, "2024-01-01", "2024-12-31")}, True),
    "a result": ({"more": RESULT.format("A", "9" * 30)}, True),
    "words of a result": ({"more": RESULT.format(LONG, 5)}, True),
    "a title": ({"title": LONG}, True),
    "a title of 300,000 different words": ({"title": " ".join(f"w{number}" for number in range(300_000))}, False),
    "a reference": ({"more": transaction(5, "2024-01-01", reference=LONG)}, True),
    "a code of a sector": ({"sector": f'<sector vocabulary="99" code="{LONG}"/>'}, True),
    "a vocabulary": ({"sector": f'<sector vocabulary="{LONG}" code="1"/>'}, True),
    "a name of a place": ({"more": f"<location><name><narrative>{LONG}</narrative></name></location>"}, True),
    "a name of an organization": (
        {"more": f'<participating-org role="4"><narrative>{LONG}</narrative></participating-org>'},
        True,
    ),
    "a reference of an organization": ({"more": f'<participating-org ref="{LONG}" role="4"/>'}, True),
    "a related activity": ({"more": f'<related-activity type="1" ref="{LONG}"/>'}, True),
    "a hierarchy": ({"attributes": 'default-currency="USD" hierarchy="99999"'}, True),
    "a status": ({"more": '<activity-status code="99999999999999"/>'}, True),
    "a currency": ({"attributes": f'default-currency="{LONG}"', "more": transaction(5, "2024-01-01")}, True),
    "a language": ({"attributes": f'default-currency="USD" xml:lang="{LONG}"'}, True),
    "a percentage": ({"sector": '<sector code="15130" percentage="1e300"/>'}, True),
    "a point": ({"more": "<location><point><pos>1e40 1e40</pos></point></location>"}, True),
    "a policy marker": ({"more": '<policy-marker code="99999" significance="99999"/>'}, True),
    "a day": ({"more": transaction(5, "9999-99-99")}, True),
    "a finance type": ({"more": f'<default-finance-type code="{LONG}"/>'}, True),
}
OF_A_DATABASE = re.compile(
    r"violates|constraint|relation|column|numeric field|overflow|out of range|too long for type|tsvector|DETAIL|psycopg"
)


@pytest.mark.parametrize("name", TOO_MUCH)
def test_whatever_is_too_much_is_left_out_or_refused_in_words(name: str, tmp_path: Path) -> None:
    parts, is_taken = TOO_MUCH[name]
    path = tmp_path / "file.xml"
    path.write_text(document(one_activity(1, **parts), one_activity(2)))

    report = IatiImporter(accept=EVERYTHING).import_files([path])

    assert not [row for row in report.rejected if OF_A_DATABASE.search(str(row.reason))]
    assert [row.identifier for row in report.rejected] == ([] if is_taken else ["XX-TEST-1-1"])
    assert Program.objects.count() == 2 - len(report.rejected)


def test_a_refused_activity_is_told_in_the_language_of_who_reads_it() -> None:
    parts, _is_taken = TOO_MUCH["a sum"]
    reporter = factories.organization("Test Agency", ref="XX-TEST-1")

    job = bring_in_file(reporter, factories.user(reporter, "manager"), document(one_activity(**parts)).encode())

    (problem,) = job.rows.get().problems
    assert problem["code"] == "rule"
    assert problem["params"]["text"]["en"].startswith("A number, or the sum of its amounts")
    assert problem["params"]["text"]["es"].startswith("Un número, o la suma de sus montos")


def test_every_kind_of_note_of_an_activity_is_on_its_row_with_its_number() -> None:
    without_value = '<transaction><transaction-type code="3"/></transaction>'
    reporter = factories.organization("Test Agency", ref="XX-TEST-1")
    content = document(one_activity(more=without_value * 133 + '<recipient-country code="XQ"/>'))

    job = bring_in_file(reporter, factories.user(reporter, "manager"), content.encode())

    problems = {problem["code"]: problem["params"]["text"] for problem in job.rows.get().problems}
    assert "(133)" in problems["iati:transaction.value"]
    assert "iati:country.unknown" in problems


def test_every_sentence_is_in_both_languages() -> None:
    for sentence in (*SENTENCES.values(), *ODDITIES.values()):
        with translation.override("en"):
            english = str(sentence)
        with translation.override("es"):
            assert str(sentence) != english


def test_an_error_that_is_not_known_is_said_to_be_the_portals() -> None:
    with translation.override("en"):
        assert "administrators" in reason_of(IntegrityError('relation "x" violates check constraint "y"'))
