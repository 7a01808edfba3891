"""The bytes of a file as XML: every packing and encoding is read the same, by the command, uploads and the API."""

import gzip
from pathlib import Path

import pytest

from donors.models import Organization
from programs.exchange.iati.files import check_file, first_element, read_activities
from programs.exchange.iati.opening import NotIati, looks_like_xml, unpacked
from programs.exchange.spreadsheet.kinds import IATI, kind_of
from programs.exchange.spreadsheet.problems import FileProblem
from programs.exchange.spreadsheet.row_counts import about_how_many_rows
from programs.models import Program
from tests import factories
from tests.programs.exchange.iati.writing import document, one_activity
from tests.programs.exchange.importing import apply, bring_in_file

TITLE = "Prevención en Petén"


def said(encoding: str, content: str = TITLE, before: str = "") -> str:
    return document(one_activity(title=content), before=f'<?xml version="1.0" encoding="{encoding}"?>{before}')


FILES = {
    "utf-8": said("UTF-8").encode(),
    "with a mark": said("UTF-8").encode("utf-8-sig"),
    "utf-16": said("UTF-16").encode("utf-16"),
    "utf-16 big endian": b"\xfe\xff" + said("UTF-16").encode("utf-16-be"),
    "utf-16 that says utf-8": said("UTF-8").encode("utf-16"),
    "utf-16 without a mark": said("UTF-8").encode("utf-16-le"),
    "utf-16 big endian without a mark": said("UTF-16").encode("utf-16-be"),
    "utf-32": said("UTF-8").encode("utf-32"),
    "utf-8 that says utf-16": said("UTF-16").encode(),
    "latin-1": said("ISO-8859-1").encode("latin-1"),
    "windows-1252": said("windows-1252").encode("cp1252"),
    "comments and instructions first": said("UTF-8", before="<!-- ours -->\n<?own it?>").encode(),
    "nothing but a comment first": document(one_activity(title=TITLE), before="<!-- ours -->").encode(),
    "nothing but an instruction first": document(one_activity(title=TITLE), before="<?own it?>").encode(),
    "an empty line first": b"\r\n\n" + said("UTF-8").encode(),
    "gzip": gzip.compress(said("UTF-8").encode(), mtime=0),
    "gzip of utf-16": gzip.compress(said("UTF-16").encode("utf-16"), mtime=0),
}


@pytest.mark.parametrize("name", FILES)
def test_read_from_a_file_and_from_bytes(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file.xml"
    path.write_bytes(FILES[name])

    for source in (path, FILES[name]):
        check_file(source)
        assert [activity.titles for activity in read_activities(source)] == [[("en", TITLE)]]


@pytest.mark.parametrize("name", FILES)
def test_known_as_iati_at_upload(name: str) -> None:
    content = unpacked(FILES[name], 1_000_000)

    assert content is not None
    assert kind_of(content) == IATI
    assert first_element(content) == "iati-activities"
    assert about_how_many_rows(content, IATI) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["utf-16", "nothing but a comment first", "gzip of utf-16"])
def test_taken_in_through_an_upload(name: str) -> None:
    reporter: Organization = factories.organization("Test Agency", ref="XX-TEST-1")
    manager = factories.user(reporter, "manager")

    job = apply(bring_in_file(reporter, manager, FILES[name], name="file.xml.gz"), manager)

    assert (job.kind, job.state, job.rows_expected) == ("iati", "applied", 1)
    assert Program.objects.get(reporting_org=reporter).title == TITLE


@pytest.mark.parametrize(
    "content", [FILES["gzip"][:-30], FILES["gzip"][:40], b"\x1f\x8b", b"\x1f\x8bnothing of the kind"]
)
def test_a_damaged_gzip_file_is_said_to_be_one(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(NotIati, match=r"The gzip file is damaged or incomplete"):
        check_file(content)
    with pytest.raises(NotIati, match=r"The gzip file is damaged or incomplete"):
        unpacked(content, 1_000_000)


@pytest.mark.django_db
def test_a_gzip_file_that_unpacks_to_too_much_is_refused_before_it_is_whole() -> None:
    reporter = factories.organization("Test Agency", ref="XX-TEST-1")
    content = gzip.compress(b"<iati-activities>" + b" " * 70_000_000)

    with pytest.raises(FileProblem, match="Unpacked, the file is larger than 60 MiB"):
        bring_in_file(reporter, factories.user(reporter, "manager"), content)


@pytest.mark.parametrize(
    "content", [b"Title;Country\nPolice;HN\n", b"a < b;c\n1;2\n", "Título,País\n".encode("utf-16"), b"<3;love\n"]
)
def test_a_table_is_no_xml(content: bytes) -> None:
    assert not looks_like_xml(content)
