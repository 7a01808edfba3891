"""How cells and headings call currencies and powers of ten: signs, codes, words in both languages. No database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from core.names import without_accents
from goals.currencies import OFFERED, currency_codes

# Country -> its currency that is written with the sign "$" alone.
DOLLARS_AND_PESOS: Mapping[str, str] = {
    "US": "USD", "BZ": "BZD", "CA": "CAD", "MX": "MXN", "CO": "COP", "CL": "CLP", "AR": "ARS", "UY": "UYU",
    "DO": "DOP", "CU": "CUP", "TW": "TWD", "AU": "AUD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "JM": "JMD",
    "BB": "BBD", "TT": "TTD", "BS": "BSD", "GY": "GYD", "SR": "SRD",
}  # fmt: skip
PESOS = ("MXN", "COP", "CLP", "ARS", "UYU", "DOP", "CUP")
DOLLARS = tuple(code for code in DOLLARS_AND_PESOS.values() if code not in PESOS)
# The countries that use each currency of the region, besides the US dollar.
OF_COUNTRY: Mapping[str, str] = {"HN": "HNL", "GT": "GTQ", "NI": "NIO", "CR": "CRC", "PA": "PAB", "BZ": "BZD"}

# What is written -> the currencies that it may mean. Written without accents, spaces and dots.
SIGNS: dict[str, tuple[str, ...]] = {
    "$": (*DOLLARS, *PESOS),
    **dict.fromkeys(
        ("us$", "u$s", "$us", "usd$", "$usd", "us dollars", "us dollar", "u$d", "dolares us",
         "united states dollars", "american dollars", "dolares americanos", "dolares estadounidenses",
         "dolares de estados unidos", "dolares de los estados unidos", "dolares eeuu", "dolares de eeuu",
         "dolares de los eeuu", "dolares ee uu"),
        ("USD",),
    ),
    **dict.fromkeys(("dollar", "dollars", "dolar", "dolares"), DOLLARS),
    **dict.fromkeys(("peso", "pesos"), PESOS),
    **dict.fromkeys(("€", "euro", "euros"), ("EUR",)),
    **dict.fromkeys(("£", "libras esterlinas", "pounds sterling"), ("GBP",)),
    # Lempiras; elsewhere lekë, lei, and the old sign of the pound and the lira.
    "l": ("HNL", "ALL", "RON", "GBP"),
    **dict.fromkeys(("lps", "lp", "lempira", "lempiras"), ("HNL",)),
    **dict.fromkeys(("q", "qtz", "quetzal", "quetzales"), ("GTQ",)),
    **dict.fromkeys(("₡", "¢", "colon", "colones"), ("CRC", "SVC")),
    **dict.fromkeys(("colones costarricenses", "costa rican colones"), ("CRC",)),
    # Córdobas, and Canadian dollars.
    "c$": ("NIO", "CAD"),
    **dict.fromkeys(("cordoba", "cordobas"), ("NIO",)),
    **dict.fromkeys(("b/", "balboa", "balboas"), ("PAB",)),
    **dict.fromkeys(("bz$", "bze$", "belize dollars", "dolares beliceños"), ("BZD",)),
    **dict.fromkeys(("can$", "ca$", "cdn$", "cad$", "canadian dollars", "dolares canadienses"), ("CAD",)),
    **dict.fromkeys(("mx$", "mex$", "mxn$", "pesos mexicanos", "mexican pesos"), ("MXN",)),
    **dict.fromkeys(("col$", "cop$", "pesos colombianos", "colombian pesos"), ("COP",)),
    **dict.fromkeys(("clp$", "pesos chilenos", "chilean pesos"), ("CLP",)),
    **dict.fromkeys(("chf", "francos suizos", "swiss francs"), ("CHF",)),
    **dict.fromkeys(("¥",), ("JPY", "CNY")),
}  # fmt: skip
THOUSAND, MILLION, BILLION = Decimal(10) ** 3, Decimal(10) ** 6, Decimal(10) ** 9
# Words behind a number -> by how much it is multiplied. Left out is what means two things: "B", "billón", "M.N." (the
# peso of Mexico, or millions).
POWERS: dict[str, Decimal] = {
    **dict.fromkeys(("k", "mil", "miles", "thousand", "thousands", "000s"), THOUSAND),
    **dict.fromkeys(("m", "mm", "mln", "mill", "millon", "millones", "million", "millions"), MILLION),
    **dict.fromkeys(("bn", "billion", "billions", "mil millones", "miles de millones", "millardo", "millardos"),
                    BILLION),
}  # fmt: skip
# Millions of dollars, in one word.
TOGETHER: dict[str, tuple[str, str]] = {"mdd": ("millones", "dolares"), "mde": ("millones", "euros")}
_BETWEEN = ("de", "of", "en", "in")


@dataclass(frozen=True)
class Said:
    """What stands beside a number: the power of ten, and the currencies that it may mean (None: it says none)."""

    power: Decimal = Decimal(1)
    currencies: frozenset[str] | None = None


def compact(text: str) -> str:
    """A word or sign as it is compared: without accents, spaces, dots and capitals."""
    return "".join(character for character in without_accents(text) if not character.isspace() and character != ".")


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    offered = {code.lower(): (code,) for code in OFFERED}
    return offered | {compact(sign): codes for sign, codes in SIGNS.items()}


@cache
def _powers() -> dict[str, Decimal]:
    return {compact(word): power for word, power in POWERS.items()}


def currencies_of(text: str) -> frozenset[str] | None:
    """The currencies that a sign, a word or a code may mean; None where it means none."""
    bare = text.strip()
    found = _signs().get(compact(bare))
    if found is None and bare in currency_codes():
        # Codes of three letters that are words too (ALL, TOP) count in capitals alone.
        return frozenset({bare})
    return None if found is None else frozenset(found)


def read_beside(text: str) -> Said | None:
    """What stands behind a number, such as `millones de US$`; None where any of it is neither power nor currency."""
    bare = text.strip()
    if not bare:
        return Said()
    if (currencies := currencies_of(bare)) is not None and compact(bare) not in _powers():
        return Said(currencies=currencies)
    whole = compact(bare)
    if whole in TOGETHER:
        power, currency = TOGETHER[whole]
        return Said(_powers()[compact(power)], currencies_of(currency))
    for start in sorted(_powers(), key=len, reverse=True):
        if not whole.startswith(start):
            continue
        rest = _behind(bare, start)
        if not rest:
            return Said(_powers()[start])
        for last in (rest, *(_behind(rest, word) for word in _BETWEEN if compact(rest).startswith(word))):
            if last and (currencies := currencies_of(last)) is not None:
                return Said(_powers()[start], currencies)
    return None


def _behind(text: str, start: str) -> str:
    """`text` without as many of its characters as make `start` once they are compacted."""
    for position in range(1, len(text) + 1):
        if compact(text[:position]) == start:
            return text[position:].strip(" .\t")
    return ""


def both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """What two signs mean together; empty where they contradict each other."""
    return other if one is None else one if other is None else one & other


def of_countries(currencies: Iterable[str], countries: Iterable[str]) -> frozenset[str]:
    """Those of the currencies that are used in one of the countries (ISO 3166-1)."""
    used = {table[country] for country in countries for table in (OF_COUNTRY, DOLLARS_AND_PESOS) if country in table}
    return frozenset(currencies) & used
