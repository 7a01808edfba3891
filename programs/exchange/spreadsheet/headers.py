"""What a file's columns are: guessed from their headings in both languages, accents ignored."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from core.names import normalize_name
from programs.exchange.spreadsheet.columns import BY_KEY, COLUMNS, REQUIRED
from programs.exchange.spreadsheet.conventions import without_currency
from programs.exchange.spreadsheet.heading_row import OF_A_GROUP
from programs.exchange.spreadsheet.headings_of_others import HEADINGS_OF_OTHERS, NOT_READ
from programs.exchange.spreadsheet.lookups import LANGUAGES
from programs.exchange.spreadsheet.planned import of_years
from programs.exchange.spreadsheet.problems import FileProblem

# A column that is not read.
IGNORED = ""


def plain_header(text: str) -> str:
    """A heading as it is compared: without accents, capitals, signs and asterisks; % is a word."""
    return normalize_name(text.replace("%", " percent "))[:200].strip()


@cache
def _known() -> dict[str, str]:
    """Plain heading -> key of the column: headings of both languages, then synonyms."""
    known: dict[str, str] = {}
    for column in COLUMNS:
        for header in column.headers.values():
            known.setdefault(plain_header(header), column.key)
    for column in COLUMNS:
        for synonym in (*column.synonyms, *HEADINGS_OF_OTHERS.get(column.key, ()), column.key.replace("_", " ")):
            known.setdefault(plain_header(synonym), column.key)
    return known


# Hashtags of the Humanitarian Exchange Language (HXL), by their beginnings, longest first -> key of the column.
HASHTAGS: tuple[tuple[str, str], ...] = (
    ("#activity+code", "identifier"),
    ("#activity+id", "identifier"),
    ("#activity+description", "description"),
    ("#activity+status", "status"),
    ("#activity", "title"),
    ("#description", "description"),
    ("#org+type", ""),
    ("#org+reporting", "reporting_org"),
    ("#org+funder", "funder"),
    ("#org+funding", "funder"),
    ("#org+donor", "funder"),
    ("#org+impl", "implementer"),
    ("#org+partner", "implementer"),
    ("#org+accountable", "accountable"),
    ("#org+extending", "extending"),
    ("#org+prog", "accountable"),
    ("#country", "country"),
    ("#adm1", "area"),
    ("#adm2", "municipality"),
    ("#loc", ""),
    ("#sector+type", ""),
    ("#sector", "sector"),
    ("#status", "status"),
    ("#date+start", "planned_start"),
    ("#date+end", "planned_end"),
    ("#value+type", ""),
    ("#value+transaction+type", "transaction_type"),
    ("#value+committed", "amount"),
    ("#value+currency", "currency"),
    ("#currency", "currency"),
)


def count_known(headers: Sequence[str]) -> int:
    """How many of the cells are headings of columns that an import reads or the portal writes, each once."""
    return len({key for header in headers if header and (key := _of_heading(header))})


def of_hashtag(tag: str) -> str:
    """The column that an HXL hashtag stands for, "" for none; a name's code (#country+code) is the same column.

    Attributes come in any order: of the rows with the same tag, that counts whose attributes are all there.
    """
    name, *attributes = re.sub(r"\s", "", tag).lower().split("+")
    for start, key in HASHTAGS:
        first, *wanted = start.split("+")
        if name == first and set(wanted) <= set(attributes):
            return key
    return IGNORED


def guess(headers: Sequence[str], remembered: Mapping[str, str], hashtags: Sequence[str] = ()) -> list[str]:
    """The key of each column, "" for one that is not read. What the organization chose before comes first, then what
    the HXL hashtag below a heading says, then the heading.

    A column that comes once is given to the first heading that fits.
    """
    keys: list[str] = []
    tags = [*hashtags, *[""] * len(headers)]
    for header, tag in zip(headers, tags, strict=False):
        plain = plain_header(header)
        key = remembered.get(plain)
        if key is None:
            key = of_hashtag(tag) or _of_heading(header) or _of_group(header)
        if key not in BY_KEY or BY_KEY[key].parse is None or (BY_KEY[key].repeats == 1 and key in keys):
            key = IGNORED
        keys.append(key)
    return keys


def _of_heading(header: str) -> str:
    """The column that a heading names, "" for none: also with a number behind it or a currency (`Monto (USD)`)."""
    plain = plain_header(header)
    if key := _known().get(plain):
        return key
    if of_year := of_years(header):
        return of_year
    without_number = " ".join(re.sub(r"\b[0-9]+\b", "", plain).split())
    loose = _known().get(without_number, IGNORED)
    if loose and BY_KEY[loose].repeats > 1:
        return loose
    money = _known().get(plain_header(without_currency(header)), IGNORED)
    return money if money == "amount" else IGNORED


def _of_group(header: str) -> str:
    """The column of a heading below that of a group (“Budget / Amount”): what its own words say, else the group's."""
    group, sign, own = header.rpartition(OF_A_GROUP)
    return (_of_heading(own) or _of_heading(group)) if sign else IGNORED


def are_all_known(headers: Sequence[str], keys: Sequence[str], remembered: Mapping[str, str]) -> bool:
    """Whether `guess` left nothing to a person: the columns name the program, and each heading that is not read is one
    that the organization chose not to read, or that the portal itself writes."""
    try:
        check(keys)
    except FileProblem:
        return False
    unread = {plain_header(header) for header, key in zip(headers, keys, strict=True) if key == IGNORED}
    never_read = {plain for plain, key in _known().items() if BY_KEY[key].parse is None}
    return unread <= never_read | NOT_READ | {plain for plain, key in remembered.items() if key == IGNORED}


def language_of(headers: Sequence[str], otherwise: str) -> str:
    """The language that most headings are in; `otherwise` where neither leads."""
    plain = {plain_header(re.sub(r"[0-9]", "", header)) for header in headers}
    votes = {}
    for language in LANGUAGES:
        known = {plain_header(re.sub(r"[0-9]", "", column.headers[language])) for column in COLUMNS}
        votes[language] = len(plain & known)
    best = max(votes.values())
    leading = [language for language, count in votes.items() if count == best]
    return leading[0] if len(leading) == 1 else otherwise


def check(keys: Sequence[str]) -> None:
    """FileProblem where the columns chosen cannot be read: nothing names the program, or one is chosen twice."""
    for key in keys:
        if key and BY_KEY[key].repeats == 1 and list(keys).count(key) > 1:
            raise FileProblem("column_twice", column=BY_KEY[key].headers)
    if not set(REQUIRED) & set(keys):
        raise FileProblem("column_missing", column=BY_KEY["title"].headers)
