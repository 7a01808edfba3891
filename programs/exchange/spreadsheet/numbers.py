"""Percentages as people of both languages write them, and how numbers are written. No database."""

from decimal import Decimal

from core.numbers import read_number
from programs.exchange.spreadsheet.problems import CellError, shown


def parse_percentage(text: str) -> Decimal:
    """A percentage from 0 to 100, with or without its sign. Raises CellError."""
    try:
        value = read_number(text.strip().removesuffix("%"), groups=False)
    except ValueError as error:
        raise CellError("percentage", text=shown(text)) from error
    if not 0 <= value <= 100:
        raise CellError("percentage", text=shown(text))
    return value


def write_number(value: Decimal) -> str:
    """A number that both languages read alike: a point before the decimals, no grouping, no trailing zeros.

    Three decimals are given a fourth, so that it is not taken for thousands.
    """
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if "." in text and len(text.split(".")[1]) == 3:
        text += "0"
    return "0" if text in ("-0", "") else text
