"""P-codes of the seven countries."""

import csv

import pytest

from goals.p_codes import area_of_p_code, p_code_of, p_codes
from goals.reference import DATA


def _names() -> dict[str, str]:
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def test_each_area_has_one_code_of_its_own_country() -> None:
    areas = _names()

    assert set(p_codes().values()) == set(areas) - {"PA-NT"}
    assert len(p_code_of()) == len(p_codes())
    assert all(code[:2] == area[:2] for code, area in p_codes().items())


def test_the_table_names_what_the_list_of_areas_names() -> None:
    with (DATA / "p_codes.csv").open(encoding="utf-8", newline="") as file:
        assert all(_names()[row["area"]] == row["name"] for row in csv.DictReader(file))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HN05", ("HN-CR", False)),
        ("hn05 ", ("HN-CR", False)),
        ("HN0502", ("HN-CR", True)),
        ("SV0614", ("SV-SS", True)),
        ("GT16", ("GT-16", False)),
        ("PA10", ("PA-KY", False)),
        ("PA13", ("PA-10", False)),
        ("NI91", ("NI-AN", False)),
        ("BZ03", ("BZ-CZL", False)),
        ("CR0101", ("CR-SJ", True)),
        ("HN19", None),
        ("HN5", None),
        ("HN050", None),
        ("MX05", None),
        ("HN-CR", None),
        ("", None),
    ],
)
def test_what_a_code_means(text: str, found: tuple[str, bool] | None) -> None:
    assert area_of_p_code(text) == found
