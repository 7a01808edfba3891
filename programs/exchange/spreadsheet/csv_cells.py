"""Cells of a CSV file that no spreadsheet program takes for formulas, and back.

A cell that begins with = + - @, tab or carriage return gets an apostrophe before it; so does one that begins with
apostrophes and then one of these, so that each cell comes back as it was.
"""

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def escape(cell: str) -> str:
    return "'" + cell if _DANGEROUS.match(cell) else cell


def unescape(cell: str) -> str:
    return cell[1:] if _ESCAPED.match(cell) else cell
