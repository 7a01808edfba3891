"""Vocabularies in which sectors are published beside the DAC purpose codes: their names, and what their codes mean."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.names import normalize_name
from goals.bilingual import reader_language

DATA = Path(__file__).parent / "data"
PURPOSE_CODES, CATEGORIES, SDG_GOALS, SDG_TARGETS, SDG_INDICATORS, CLUSTERS = "1", "2", "7", "8", "9", "10"

# IATI code list SectorVocabulary.
VOCABULARIES: dict[str, Promise] = {
    PURPOSE_CODES: _("DAC purpose code that is not on the list"),
    CATEGORIES: _("DAC category (three digits)"),
    "3": _("Functions of government (COFOG)"),
    "4": _("Economic activities (NACE)"),
    "5": _("Non-profit organizations (NTEE)"),
    "6": _("AidData"),
    SDG_GOALS: _("Sustainable Development Goal"),
    SDG_TARGETS: _("Target of the Sustainable Development Goals"),
    SDG_INDICATORS: _("Indicator of the Sustainable Development Goals"),
    CLUSTERS: _("Humanitarian cluster"),
    "11": _("Industries of North America (NAICS)"),
    "12": _("Functions of the United Nations system"),
    "98": _("Second list of the reporting organization"),
    "99": _("List of the reporting organization"),
}


@dataclass(frozen=True)
class ListedCode:
    """A code of another vocabulary, with its names."""

    name_en: str
    name_es: str


def vocabulary_name(vocabulary: str) -> str:
    """The name of a vocabulary by its IATI code; for one that the code list does not have, what was published."""
    if vocabulary in VOCABULARIES:
        return str(VOCABULARIES[vocabulary])
    return str(_("Vocabulary “%(name)s”") % {"name": vocabulary}) if vocabulary else str(_("Vocabulary not stated"))


@cache
def listed_codes() -> dict[tuple[str, str], ListedCode]:
    """(vocabulary, code) -> its names, of goals/data/other_sectors.csv."""
    with (DATA / "other_sectors.csv").open(encoding="utf-8") as file:
        return {
            (row["vocabulary"], row["code"]): ListedCode(row["name_en"], row["name_es"]) for row in csv.DictReader(file)
        }


def code_named(vocabulary: str, name: str) -> str:
    """The code that a vocabulary has under a name in either language, accents and case aside; "" where it has none."""
    return _codes_by_name().get((vocabulary, normalize_name(name)), "")


@cache
def _codes_by_name() -> dict[tuple[str, str], str]:
    return {
        (vocabulary, normalize_name(name)): code
        for (vocabulary, code), listed in listed_codes().items()
        for name in (listed.name_en, listed.name_es)
    }


def plain_code(vocabulary: str, code: str) -> str:
    """A code as the table has it: without “SDG” or “Goal” before it, a leading zero, or a final point."""
    if vocabulary not in (SDG_GOALS, SDG_TARGETS, SDG_INDICATORS):
        return code
    bare = code.lower().removeprefix("sdg").removeprefix("goal").strip(" -_.:").lstrip("0")
    return bare.rstrip(".")


def listed_name(vocabulary: str, code: str) -> str:
    """The name of a code in the reader's language; "" where no list of the portal has it.

    A target or an indicator that has no name here has that of its goal.
    """
    bare = plain_code(vocabulary, code)
    found = listed_codes().get((vocabulary, bare))
    if found is None and vocabulary in (SDG_TARGETS, SDG_INDICATORS):
        found = listed_codes().get((SDG_GOALS, bare.split(".")[0]))
    if found is None:
        return ""
    return found.name_es if reader_language() == "es" else found.name_en
