"""What a program of a file lacks for others to see it, in the words of the form, in both languages."""

from collections.abc import Collection

from django.utils import translation
from django.utils.translation import gettext

from programs.exchange.spreadsheet.lookups import LANGUAGES
from programs.services import ProgramData
from programs.services.completeness import blocking

Words = dict[str, str]


def waits() -> Words:
    """Language -> that a program lacks nothing but an answer."""
    words: Words = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = gettext("It is complete once the coordinators have answered who its organizations are.")
    return words


def lacks(data: ProgramData, base: ProgramData | None = None, *, without: Collection[str] = ()) -> Words:
    """Language -> what `data` lacks to be published, and `base` did not; {} where it lacks nothing.

    `without` are fields that are not asked about."""
    fields = [one.field for one in blocking(data) if one.field not in without]
    if base is not None:
        had_not = {one.field for one in blocking(base)}
        fields = [field for field in fields if field not in had_not]
    if not fields:
        return {}
    words: Words = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = " ".join(one.sentence for one in blocking(data) if one.field in fields)
    return words
