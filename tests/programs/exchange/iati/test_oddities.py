"""Every oddity that the reader notes has a sentence."""

import re
from pathlib import Path

from django.utils import translation

from programs.exchange import iati
from programs.exchange.iati.oddities import ODDITIES
from programs.exchange.spreadsheet.problems import sentence

# Codes that are put together: their beginnings.
PERIODS = ("budget", "planned")
MADE_OF = {
    f"{{name}}.{end}": [f"{of}.{end}" for of in names]
    for end, names in {
        "value": ("transaction", *PERIODS),
        "currency": ("transaction", *PERIODS),
        "date": PERIODS,
        "period": PERIODS,
    }.items()
}


def codes_in_use() -> set[str]:
    folder = Path(str(iati.__file__)).parent
    source = "\n".join(file.read_text() for file in folder.glob("*.py") if file.name != "oddities.py")
    found = set(re.findall(r'\.warn\(\s*f?"([^"]+)"', source)) | set(
        re.findall(r'"((?:(?:transaction|budget|planned|language|space)|\{name\})\.[a-z-]+)"', source)
    )
    return {code for name in found for code in MADE_OF.get(name, [name])}


def test_no_code_is_without_a_sentence_and_no_sentence_without_a_code() -> None:
    assert codes_in_use() == set(ODDITIES)


def test_what_the_file_says_is_quoted_in_the_readers_language() -> None:
    with translation.override("es"):
        words = sentence("iati:percentage.sum", {"text": "sector: 90"})

    assert "100" in words
    assert words.endswith("El archivo dice: «sector: 90».")
    assert sentence("iati:title.missing", {"text": ""}) == str(ODDITIES["title.missing"])
