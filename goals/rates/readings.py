"""What a file of rates says, and why it could not be read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from goals.currencies import currency_codes
from goals.models.money import RATE_PLACES

# A unit of no currency is worth more, or less, than this many dollars; what is, is a slip.
LEAST, MOST = Decimal("1e-7"), Decimal("1e5")


@dataclass(frozen=True)
class Reading:
    """A currency in a month: US dollars for one unit, what that is (Basis), and whose figure it is."""

    currency: str
    month: date
    usd_per_unit: Decimal
    basis: str
    source: str


class Unreadable(Exception):
    """A file that is not what its source publishes; says in English what is wrong, for logs and administrators."""


def root_of(content: bytes) -> etree._Element:
    """The root of an XML document, in which nothing is looked up elsewhere; Unreadable where it is none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"not XML: {error}"[:200]) from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("it has a DOCTYPE")
    return root


def currency_of(text: str | None) -> str:
    code = (text or "").strip()
    if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.isupper():
        raise Unreadable(f"“{code[:20]}” is not the code of a currency")
    return code


def number_of(text: str | None) -> Decimal:
    """A number greater than 0, with a point before its decimals."""
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation as error:
        raise Unreadable(f"“{(text or '')[:20]}” is not a number") from error
    if not number.is_finite() or number <= 0:
        raise Unreadable(f"{number} is not a rate")
    return number


def rounded(rate: Decimal) -> Decimal:
    return round(rate, RATE_PLACES)


def is_known(currency: str) -> bool:
    return currency in currency_codes()
