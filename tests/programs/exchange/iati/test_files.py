"""Files: refused whole, or read one activity at a time."""

import os
import tracemalloc
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.exchange.iati.files import NotIati, check_file, read_activities

FIXTURES = Path(__file__).parent / "fixtures"
ACTIVITY = (
    "<iati-activity><iati-identifier>XX-{number}</iati-identifier><reporting-org ref='XX'>Somebody</reporting-org>"
    "<title>Title</title><description>{words}</description></iati-activity>\n"
)


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "file.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


class TestRefused:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("", "not well-formed XML"),
            ("identifier;title\n1;Police\n", "not well-formed XML"),
            (b"PK\x03\x04\x14\x00\x06\x00", "not well-formed XML"),
            ("<iati-activities><iati-activity><title>Half", "not well-formed XML"),
            ("<iati-activities><iati-activity></iati-activities>", r"not well-formed XML.*line 1"),
            (
                "<iati-activities><iati-activity xml:id='A'/>\n<iati-activity xml:id='A'/></iati-activities>",
                "^Two elements have the same xml:id, the second in line 2",
            ),
            ("<iati-activities xml:id='1 A'/>", "^The xml:id in line 1 must begin with a letter"),
            ("<html><body/></html>", "its first element is <html>"),
            ("<iati-organisations version='2.03'/>", "its first element is <iati-organisations>"),
            ("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><iati-activities>&e;</iati-activities>", "DOCTYPE"),
            ("<?xml version='1.0' encoding='no-such'?><iati-activities/>", "."),
            (
                b"<?xml version='1.0' encoding='utf-8'?><iati-activities>\xff\xfe</iati-activities>",
                "not well-formed XML",
            ),
        ],
    )
    def test_with_the_reason(self, tmp_path: Path, content: str | bytes, reason: str) -> None:
        with pytest.raises(NotIati, match=reason):
            check_file(written(tmp_path, content))

    def test_what_is_not_there_or_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(NotIati, match="does not exist"):
            check_file(tmp_path / "away.xml")
        with pytest.raises(NotIati, match="not a file"):
            check_file(tmp_path)

    @given(st.binary(max_size=300))
    def test_bytes_of_any_kind_are_refused_or_read(self, content: bytes) -> None:
        path = Path(f"/tmp/carsi-fuzz-{os.getpid()}.xml")
        path.write_bytes(content)
        try:
            check_file(path)
        except NotIati:
            return
        finally:
            path.unlink()


def activity(inside: str) -> str:
    return f"<iati-activities><iati-activity>{inside}</iati-activity></iati-activities>"


class TestLimits:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (activity("<x {}/>".format(" ".join(f"a{n}=''" for n in range(101)))), "<x> in line 1.* 100 attributes"),
            (activity("<x {}/>".format(" ".join(f"xmlns:a{n}='u'" for n in range(101)))), "100 attributes"),
            (activity("<x/>" * 10_000), "10000 elements"),
            ("<iati-activity>{}</iati-activity>".format("<x/>" * 10_000), "10000 elements"),
            (activity("<x>" * 50 + "</x>" * 50), "more than 50 levels"),
        ],
    )
    def test_are_named_by_the_check_and_by_reading(self, tmp_path: Path, content: str, reason: str) -> None:
        path = written(tmp_path, content)
        for look in (check_file, lambda path: list(read_activities(path))):
            with pytest.raises(NotIati, match=reason):
                look(path)

    def test_are_of_one_activity(self, tmp_path: Path) -> None:
        inside = "<iati-activity>{}</iati-activity>".format("<x a='' b=''/>" * 6000)
        path = written(tmp_path, f"<iati-activities>{inside * 2}</iati-activities>")
        check_file(path, most_activities=2)
        with pytest.raises(NotIati, match="more than 1 activities"):
            check_file(path, most_activities=1)


class TestRead:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
    def test_in_its_own_encoding(self, tmp_path: Path, encoding: str) -> None:
        name = encoding.removesuffix("-sig")
        xml = f"<?xml version='1.0' encoding='{name}'?><iati-activities>" + ACTIVITY.format(number=1, words="Policía")
        path = written(tmp_path, (xml + "</iati-activities>").encode(encoding))

        check_file(path)
        (activity,) = read_activities(path)

        assert activity.descriptions == [("und", "Policía")]

    def test_an_activity_that_stands_alone(self, tmp_path: Path) -> None:
        path = written(tmp_path, ACTIVITY.format(number=1, words="Police"))
        check_file(path)
        assert [activity.identifier for activity in read_activities(path)] == ["XX-1"]

    def test_a_file_without_activities(self, tmp_path: Path) -> None:
        path = written(tmp_path, "<iati-activities version='2.03'/>")
        check_file(path)
        assert list(read_activities(path)) == []

    def test_activities_in_a_namespace(self, tmp_path: Path) -> None:
        inside = ACTIVITY.format(number=1, words="Police")
        path = written(tmp_path, f"<iati-activities xmlns='https://example.org/iati'>{inside}</iati-activities>")
        assert [activity.titles for activity in read_activities(path)] == [[("und", "Title")]]

    def test_lines_beyond_65535_are_told(self, tmp_path: Path) -> None:
        inside = "\n" * 70_000 + ACTIVITY.format(number=1, words="Police")
        (activity,) = read_activities(written(tmp_path, f"<iati-activities>{inside}</iati-activities>"))
        assert activity.line == 70_001

    def test_memory_does_not_grow_with_the_file(self, tmp_path: Path) -> None:
        """libxml2 keeps its tree outside of Python's memory: what the process holds is measured."""
        peaks = []
        for number_of_activities in (200, 1_400):
            path = tmp_path / f"{number_of_activities}.xml"
            with path.open("w") as file:
                file.write("<iati-activities version='2.03'>")
                for number in range(number_of_activities):
                    file.write(ACTIVITY.format(number=number, words="word " * 1_000))
                file.write("</iati-activities>")
            tracemalloc.start()
            before = psutil.Process().memory_info().rss
            check_file(path)
            highest = 0
            for number, _activity in enumerate(read_activities(path)):
                if number % 100 == 0:
                    highest = max(highest, psutil.Process().memory_info().rss - before)
            peaks.append(max(highest, tracemalloc.get_traced_memory()[1]))
            tracemalloc.stop()
            path.unlink()
        # The larger file has 6 MB of text more.
        assert peaks[1] - peaks[0] < 2_000_000
