"""Workbooks that another library reads, in a process of its own: what they say, and how that process ends."""

import io
import zipfile

import pytest

from programs.exchange.spreadsheet.files import read_rows, tables
from programs.exchange.spreadsheet.kinds import kind_of
from programs.exchange.spreadsheet.problems import FileProblem
from tests.conftest import ROOT

pytestmark = pytest.mark.process
CORPUS = ROOT / "tests/corpus/spreadsheets"
ROWS = [
    ["Identifier", "Title", "Country", "Planned start", "Amount committed", "Currency"],
    ["A-1", "Community policing", "Honduras", "2024-03-28", "1250000.5", "USD"],
    ["A-2", "Prevención", "Honduras", "2024-05-01", "2000", "USD"],
]


@pytest.mark.parametrize(
    ("name", "kind"), [("excel-97.xls", "xls"), ("excel-binary.xlsb", "xlsb"), ("libreoffice.ods", "ods")]
)
def test_each_kind_is_read_alike(name: str, kind: str) -> None:
    content = (CORPUS / name).read_bytes()

    assert kind_of(content) == kind
    assert [cells for _number, cells in read_rows(content, kind)] == ROWS


def test_merged_cells_and_hidden_sheets_of_old_workbooks() -> None:
    first, second = tables((CORPUS / "excel-97.xls").read_bytes(), "xls")

    assert first.merged == [(2, 2, 3, 2)]
    assert (second.name, second.is_hidden) == ("Old", True)


@pytest.mark.parametrize(
    "content",
    [
        b"\xd0\xcf\x11\xe0" + "Workbook".encode("utf-16-le") + b"\0\0",
        (CORPUS / "excel-97.xls").read_bytes()[:3000],
    ],
)
def test_what_cannot_be_read_is_said(content: bytes) -> None:
    with pytest.raises(FileProblem) as refused:
        list(read_rows(content, "xls"))
    assert refused.value.code == "file_broken_or_too_spread"


def test_cells_repeated_without_end_do_not_fill_the_memory() -> None:
    """A cell of a kilobyte that says it stands in 16,384 columns of a million rows."""
    with zipfile.ZipFile(CORPUS / "libreoffice.ods") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    row = parts["content.xml"].index(b"<table:table-row>")
    bomb = (
        b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" '
        b'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    parts["content.xml"] = parts["content.xml"][:row] + bomb + parts["content.xml"][row:]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    with pytest.raises(FileProblem):
        list(read_rows(file.getvalue(), "ods"))
