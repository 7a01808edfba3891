"""OCHA's P-codes of departments, provinces and districts (Common Operational Datasets), as codes of ISO 3166-2."""

import csv
import re
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "data" / "p_codes.csv"
# HN05 is a department, HN0502 a municipality in it, HN050201 a place in that.
_P_CODE = re.compile(r"(?P<area>[A-Z]{2}[0-9]{2})(?P<within>(?:[0-9]{2}){0,2})", re.ASCII)


@cache
def p_codes() -> dict[str, str]:
    """P-code -> area (ISO 3166-2)."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return {row["p_code"]: row["area"] for row in csv.DictReader(file)}


@cache
def p_code_of() -> dict[str, str]:
    """Area (ISO 3166-2) -> its P-code."""
    return {area: code for code, area in p_codes().items()}


def area_of_p_code(text: str) -> tuple[str, bool] | None:
    """The area (ISO 3166-2) that a P-code names or lies in, and whether it names something within that area.

    None for what is no P-code of the seven countries.
    """
    found = _P_CODE.fullmatch(text.strip().upper())
    area = p_codes().get(found["area"]) if found else None
    return (area, bool(found["within"])) if found and area else None
