"""Lists within a cell: `Honduras 60 %; El Salvador 40 %`. No database."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from core.numbers import HUNDREDTH, to_hundred
from programs.exchange.spreadsheet.numbers import parse_percentage, write_number
from programs.exchange.spreadsheet.problems import CellError

# How far from 100 a sum of percentages is taken for rounding: three thirds of 33.3 and the like.
ROUNDING = Decimal(1)
_NEEDS_QUOTES = re.compile(r"[;/@%\"\n]|^\s|\s$|^-$|^$")
_SHARE = re.compile(r"^(?P<name>.*?)[\s:]*(?P<share>[0-9]+(?:[.,][0-9]+)?)\s*%$", re.ASCII | re.DOTALL)


def split_outside_quotes(text: str, signs: str) -> list[str]:
    """`text` in parts at each of `signs`, but for those within double quotes; parts are stripped, and may be ""."""
    parts, start, quoted = [], 0, False
    closes = text.count('"') % 2 == 0
    for position, character in enumerate(text):
        if character == '"' and closes:
            quoted = not quoted
        elif character in signs and not quoted:
            parts.append(text[start:position].strip())
            start = position + 1
    parts.append(text[start:].strip())
    return parts


def entries(text: str) -> Iterator[tuple[str, Decimal | None]]:
    """The entries of a cell with their percentages; empty ones are left out. Names keep their quotes."""
    for part in split_outside_quotes(text, ";\n"):
        if not part:
            continue
        found = None if part.endswith('"') else _SHARE.match(part)
        if found is None:
            yield part, None
            continue
        share = parse_percentage(found["share"])
        if share <= 0:
            raise CellError("percentage", text=part)
        yield found["name"].strip(), share


def unquote(name: str) -> str:
    """A name without the quotes that `quote` gave it."""
    if len(name) >= 2 and name[0] == name[-1] == '"':
        inner = name[1:-1]
        if '"' not in inner.replace('""', ""):
            return inner.replace('""', '"')
    return name


def quote(name: str) -> str:
    """A name as it stands in a list: in quotes where it has signs of the list itself."""
    return '"' + name.replace('"', '""') + '"' if _NEEDS_QUOTES.search(name) else name


def write_entries(rows: Iterable[tuple[str, Decimal | None]]) -> str:
    """(name as written, percentage) as one cell."""
    return "; ".join(name if share is None else f"{name} {write_number(share)} %" for name, share in rows)


def helped_to_hundred(shares: Sequence[Decimal | None]) -> list[Decimal | None]:
    """Percentages of one list as the portal keeps them: none at all, or adding up to exactly 100.00.

    Sums that rounding explains are scaled, also fractions of 1; a single one left open gets what is left over.
    """
    return list(_helped_to_hundred(tuple(shares)))


# A file says the same few lists in each of its rows.
@lru_cache(maxsize=1000)
def _helped_to_hundred(shares: tuple[Decimal | None, ...]) -> list[Decimal | None]:
    stated = [share for share in shares if share is not None]
    if not stated:
        return list(shares)
    total = sum(stated, Decimal(0))
    if len(stated) == len(shares) - 1 and 0 < total < 100:
        rest = 100 - total
        filled = [rest if share is None else share for share in shares]
        return _scaled(filled)
    if len(stated) < len(shares):
        raise CellError("shares_some")
    if abs(total - 100) <= ROUNDING or abs(total - 1) <= ROUNDING / 100:
        return _scaled(stated)
    raise CellError("shares_sum", total=write_number(total.quantize(HUNDREDTH)))


def _scaled(shares: Sequence[Decimal]) -> list[Decimal | None]:
    scaled = to_hundred(shares)
    if min(scaled) <= 0:
        raise CellError("percentage", text=write_number(min(shares)))
    return list(scaled)
