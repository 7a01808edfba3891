"""Files that a stopped run leaves, and what the next one makes of them."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from carsi import Page, WrongUse
from carsi.saving import FORMATS, State, Target, written
from hypothesis import given, settings
from hypothesis import strategies as st

FIRST = "https://portal.example.org/api/v1/programs/?page_size=200"
ROWS = st.lists(st.fixed_dictionaries({"id": st.integers(), "title": st.text()}), max_size=4)


class Power(Exception):
    """It went out."""


class Listing:
    """Pages under the addresses 0, 1, 2 …; the power goes out before a page is given, when `fuel` is used up."""

    def __init__(self, pages: list[list[dict[str, Any]]], fuel: int = 10**9) -> None:
        self.lists, self.fuel = pages, fuel

    def pages(self, address: str | None) -> Iterator[Page]:
        if address is None:
            return
        start = 0 if address == FIRST else int(address)
        for number in range(start, len(self.lists)):
            if self.fuel == 0:
                raise Power
            self.fuel -= 1
            yield Page(self.lists[number], str(number + 1) if number + 1 < len(self.lists) else None)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(ROWS, min_size=1, max_size=5), st.lists(st.tuples(st.integers(0, 3), st.binary(max_size=9)), max_size=4),
    st.sampled_from(FORMATS),
)  # fmt: skip
def test_stopped_wherever_it_is_whole_in_the_end(
    pages: list[list[dict[str, Any]]], stops: list[tuple[int, bytes]], form: str
) -> None:
    with TemporaryDirectory() as folder:
        target = Target(Path(folder) / "programs")
        for fuel, torn in stops:
            try:
                target.save(FIRST, form, Listing(pages, fuel).pages)
            except Power:
                with target.part.open("ab") as part:  # rows that were written, but not yet counted
                    part.write(torn)
        target.save(FIRST, form, Listing(pages).pages)

        assert target.file.read_bytes() == written([row for page in pages for row in page], form, ())[0]
        assert os.listdir(folder) == ["programs"]


def test_stopped_between_the_last_row_and_the_name_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target(tmp_path / "programs")
    target.file.write_text("of yesterday")
    rows = [{"id": 1}, {"id": 2}]
    whole = written(rows, "ndjson", ())[0]
    state = State(FIRST, None, "ndjson", len(whole), 2)

    target.part.write_bytes(whole)
    target.state.write_bytes(state.encode())
    target.save(FIRST, "ndjson", Listing([]).pages)
    after_the_rows = target.file.read_bytes()
    # Once more, stopped after the file had its name and before the state was gone.
    target.state.write_bytes(state.encode())
    target.save(FIRST, "ndjson", Listing([]).pages)

    assert after_the_rows == target.file.read_bytes() == whole
    assert os.listdir(tmp_path) == ["programs"]


def test_what_is_there_stays_until_all_of_the_new_is(tmp_path: Path) -> None:
    target = Target(tmp_path / "programs")
    target.file.write_text("of yesterday")

    with pytest.raises(Power):
        target.save(FIRST, "ndjson", Listing([[{"id": 1}], [{"id": 2}]], fuel=1).pages)

    assert target.file.read_text() == "of yesterday"


class TestAnotherPullInTheWay:
    @pytest.fixture
    def target(self, tmp_path: Path) -> Target:
        target = Target(tmp_path / "programs")
        with pytest.raises(Power):
            target.save(FIRST, "ndjson", Listing([[{"id": 1}], [{"id": 2}]], fuel=1).pages)
        return target

    def test_is_not_gone_on_with(self, target: Target) -> None:
        with pytest.raises(WrongUse, match="--restart"):
            target.save(FIRST + "&goal=1", "ndjson", Listing([]).pages)
        with pytest.raises(WrongUse, match="--restart"):
            target.save(FIRST, "csv", Listing([]).pages)

    def test_is_dropped_when_told_so(self, target: Target) -> None:
        target.save(FIRST + "&goal=1", "ndjson", lambda _address: iter([Page([{"id": 3}], None)]), restart=True)

        assert json.loads(target.file.read_text()) == {"id": 3}

    def test_with_rows_missing_is_refused(self, target: Target) -> None:
        target.part.write_bytes(b"")

        with pytest.raises(WrongUse, match="shorter"):
            target.save(FIRST, "ndjson", Listing([]).pages)

    def test_at_work_now_is_left_alone(self, target: Target) -> None:
        def meanwhile(_address: str | None) -> Iterator[Page]:
            with pytest.raises(WrongUse, match="Another run"):
                target.save(FIRST, "ndjson", Listing([]).pages, restart=True)
            yield Page([{"id": 2}], None)

        target.save(FIRST, "ndjson", meanwhile)

        assert [json.loads(line)["id"] for line in target.file.read_text().splitlines()] == [1, 2]


NUMBERS, TEXTS = st.integers(0), st.text()


@settings(max_examples=50)
@given(
    st.builds(State, TEXTS, st.none() | TEXTS, st.sampled_from(FORMATS), NUMBERS, NUMBERS, st.lists(TEXTS).map(tuple))
)
def test_a_state_comes_back_as_it_was(state: State) -> None:
    assert State.decode(state.encode()) == state


@settings(max_examples=50)
@given(
    st.binary()
    | st.dictionaries(
        st.sampled_from(["version", "asked", "next", "format", "size", "rows", "columns"]),
        st.none() | st.integers() | st.text() | st.booleans() | st.lists(st.integers()),
    ).map(lambda stated: json.dumps(stated).encode())
)
def test_what_is_no_state_is_no_state(text: bytes) -> None:
    with pytest.raises(ValueError):
        State.decode(text)


def test_a_cell_is_no_formula_and_lists_are_json() -> None:
    row = {"a": "=1+1", "b": None, "c": [{"goal": 1}], "d": 'say "no"', "e": "'-1"}

    text, columns = written([row], "csv", ())

    assert columns == ("a", "b", "c", "d", "e")
    assert text.decode().splitlines()[1] == '\'=1+1,,"[{""goal"": 1}]","say ""no""",\'\'-1'
    assert written([row], "csv", columns)[0].count(b"\n") == 1
    with pytest.raises(WrongUse, match="new field"):
        written([{**row, "f": 1}], "csv", columns)
