"""The words of the command line, the key, and the files that are pushed."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from carsi import WrongUse
from carsi.arguments import ALONE, WITH_VALUE, key_from, parser, split_filters
from carsi.commands import main
from carsi.pushing import programs_in
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True).filter(lambda name: f"--{name}" not in WITH_VALUE | ALONE)


@settings(max_examples=30)
@given(st.dictionaries(NAMES, st.text(min_size=1).filter(lambda value: not value.startswith("--")), max_size=4))
def test_filters_are_told_from_options_wherever_they_stand(filters: dict[str, str]) -> None:
    apart = [word for name, value in filters.items() for word in (f"--{name.replace('_', '-')}", value)]
    joined = [f"--{name}={value}" for name, value in filters.items()]

    for words in (apart, joined):
        own, found = split_filters(["pull", *words, "programs", "-o", "x.ndjson", "--since", "2026-01-01"])
        assert found == filters
        assert own == ["pull", "programs", "-o", "x.ndjson", "--since", "2026-01-01"]


@pytest.mark.parametrize(
    "words", [["--country"], ["--country", "--goal", "1"], ["--country="], ["--goal=1", "--goal", "2"]]
)
def test_a_filter_has_one_value(words: list[str]) -> None:
    with pytest.raises(WrongUse, match="--"):
        split_filters(["pull", "programs", *words])


def test_a_date_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        parser().parse_args(["pull", "programs", "--since", "2026-13-01"])

    assert left.value.code == 2
    assert "write it as 2026-01-01" in capsys.readouterr().err


class TestTheKey:
    def test_is_never_a_word_of_the_command(self, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
        monkeypatch.delenv("CARSI_KEY", raising=False)
        monkeypatch.setenv("CARSI_URL", "https://portal.example.org")

        assert main(["whoami"]) == 2
        assert "CARSI_KEY" in capsys.readouterr().err
        with pytest.raises(SystemExit):
            main(["whoami", "--key", "carsi_secret"])

    def test_in_a_file_that_others_read_is_warned_of(self, tmp_path: Path) -> None:
        file = tmp_path / "key"
        file.write_text("carsi_secret\n")
        told: list[str] = []

        file.chmod(0o644)
        assert key_from(file, {}, told.append) == "carsi_secret"
        file.chmod(0o600)
        assert key_from(file, {"CARSI_KEY": "carsi_other"}, told.append) == "carsi_secret"

        assert len(told) == 1
        assert "chmod 600" in told[0]

    def test_in_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(WrongUse, match="cannot be read: No such file"):
            key_from(tmp_path / "none", {}, print)


PROGRAMS = st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.none()), max_size=4)


@settings(max_examples=30)
@given(PROGRAMS)
def test_a_file_holds_a_program_a_line_or_one_list(programs: list[dict[str, Any]]) -> None:
    lines = "\r\n".join(json.dumps(program, ensure_ascii=False) for program in programs)

    assert [row for _place, row in programs_in(lines.encode())] == programs
    assert [row for _place, row in programs_in(json.dumps(programs, indent=1).encode("utf-8-sig"))] == programs


@pytest.mark.parametrize(
    ("content", "stated"),
    [
        (b'{"a": 1}\n\n{"a":', "Line 3 is not JSON"),
        (b'{"a": 1}\n7', "Line 2 is not a program"),
        (b"[{}, 1]", "Row 2 is not a program"),
        (b'{"a": NaN}', "NaN is not a number"),
        ("{'á'}".encode("latin-1"), "not UTF-8: byte 3"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_file_with_a_mistake_says_where(content: bytes, stated: str) -> None:
    with pytest.raises(WrongUse, match=stated):
        programs_in(content)


@settings(max_examples=30)
@given(st.binary())
def test_whatever_a_file_holds_it_is_programs_or_refused(content: bytes) -> None:
    with contextlib.suppress(WrongUse):
        assert all(isinstance(row, dict) for _place, row in programs_in(content))
