"""Lists of shares: whatever was published, what is kept adds up to 100.00, and what is not is told."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from programs.exchange.iati.activity import Activity
from programs.exchange.iati.importer import IatiImporter
from programs.exchange.iati.shares import merged_to_hundred
from programs.models import Program
from tests.programs.exchange.iati.writing import document, one_activity

shares = st.decimals(min_value=0, max_value=100_000, allow_nan=False, places=6) | st.sampled_from(
    [Decimal(text) for text in ("100", "0.005", "0.001", "0.0001", "0", "33.333333", "1e-9", "99.9999")]
)


@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), shares), min_size=1, max_size=60))
@example([("a", Decimal(100)), ("b", Decimal("0.005")), ("c", Decimal("0.001"))])
@example([(f"k{number}", Decimal(1)) for number in range(10_001)])
def test_kept_shares_are_shares_and_those_left_out_are_told(stated: list[tuple[str, Decimal]]) -> None:
    activity = Activity(line=1)

    kept = merged_to_hundred(activity, "list", stated)

    codes = {code for code, _share in stated}
    assert set(kept) <= codes
    parts = [share for share in kept.values() if share is not None]
    if parts:
        assert len(parts) == len(kept)
        assert sum(parts) == 100
        assert min(parts) >= Decimal("0.01")
    told = " ".join(note.detail for note in activity.oddities if note.code in ("percentage.tiny", "percentage.zero"))
    if len(told) < 190:
        assert all(code in told for code in codes - set(kept))


TINY = ("100", "0.005", "0.001")


def elements(pattern: str, *codes: str) -> str:
    """An element for each code, with shares of which two are next to nothing."""
    return "".join(pattern.format(code, share) for code, share in zip(codes, TINY, strict=False))


LISTS: dict[str, tuple[dict[str, str], Callable[[Program], dict[Any, Any]], dict[str, Any]]] = {
    "countries": (
        {"country": elements('<recipient-country code="{}" percentage="{}"/>', "HN", "GT", "SV")},
        lambda program: {row.country_id: row.percentage for row in program.coverages.all()},
        {"HN": Decimal("100.00")},
    ),
    "a region beside a country": (
        {"country": '<recipient-country code="HN" percentage="100"/><recipient-region code="389" percentage="0.002"/>'},
        lambda program: {row.country_id or row.region_id: row.percentage for row in program.coverages.all()},
        {"HN": Decimal("100.00")},
    ),
    "sectors": (
        {"sector": elements('<sector code="{}" percentage="{}"/>', "15130", "15132", "15210")},
        lambda program: {row.sector_id: row.percentage for row in program.sectors.all()},
        {"15130": Decimal("100.00")},
    ),
    "sectors of another vocabulary": (
        {"sector": elements('<sector vocabulary="99" code="{}" percentage="{}"/>', "A", "B", "C")},
        lambda program: {row.code: row.percentage for row in program.other_sectors.all()},
        {"A": Decimal("100.00")},
    ),
    "places, which stay without shares": (
        {
            "more": elements(
                "<location percentage='{1}'><name><narrative>{0}</narrative></name></location>",
                "Choloma",
                "Tela",
                "Yoro",
            )
        },
        lambda program: {row.name: row.percentage for row in program.locations.all()},
        {"Choloma": None, "Tela": None, "Yoro": None},
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_tiny_shares_of_any_list_reject_no_activity(name: str, tmp_path: Path) -> None:
    parts, rows, expected = LISTS[name]
    path = tmp_path / "file.xml"
    path.write_text(document(one_activity(**parts)))

    report = IatiImporter().import_files([path])

    assert report.rejected == []
    assert rows(Program.objects.get()) == expected
    codes = {note.code for note in report.notes}
    assert codes & {"percentage.tiny", "location.shares"}
