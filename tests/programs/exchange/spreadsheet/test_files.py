"""Files as they come: those that are no spreadsheet, those that would fill the memory, and every way of writing CSV."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.exchange.spreadsheet import files, workbooks
from programs.exchange.spreadsheet.files import read_rows
from programs.exchange.spreadsheet.kinds import IATI
from programs.exchange.spreadsheet.problems import FileProblem
from programs.exchange.spreadsheet.row_counts import about_how_many_rows, check_content
from programs.exchange.spreadsheet.tables import csv_file, xlsx_file
from programs.exchange.spreadsheet.workbook_limits import MIB, Most, check_parts

COMPOUND, SHEET = b"\xd0\xcf\x11\xe0", b"application/vnd.oasis.opendocument.spreadsheet"
CONTENTS = "[Content_Types].xml"
TABLE = [["Title", "Amount"], ["Policía comunitaria", "1234.5"], ["=1+1", "-"]]


def large() -> bytes:
    return b"0" * (126 * MIB)


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(FileProblem) as refused:
        list(read_rows(content, check_content(content)))
    assert str(refused.value)
    return refused.value.code


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "file_empty"),
        (lambda: b"  \n", "file_empty"),
        (lambda: b"%PDF-1.7", "file_pdf"),
        (lambda: b"<!DOCTYPE html><html>", "file_web_page"),
        (lambda: b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "file_web_page"),
        (lambda: b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", "file_web_page"),
        (lambda: b"<?xml?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", "file_xml_workbook"),
        (lambda: b"\x89PNG\r\n", "file_picture"),
        (lambda: b"\x1f\x8b\x08", "file_packed"),
        (lambda: b"{\\rtf1 x", "file_document"),
        (lambda: b'[{"title": "x"}]', "file_json"),
        (lambda: COMPOUND + "EncryptedPackage".encode("utf-16-le"), "file_password"),
        (lambda: COMPOUND + "WordDocument".encode("utf-16-le"), "file_document"),
        (lambda: COMPOUND + b"rest", "file_kind"),
        (lambda: b"PK\x03\x04broken", "file_broken"),
        (lambda: zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "file_document"),
        (lambda: zipped({"Index/Document.iwa": b"x", "Metadata/Properties.plist": b"x"}), "file_numbers"),
        (lambda: zipped({"list.numbers/Index.zip": b"x"}), "file_numbers"),
        (lambda: zipped({"programs.xlsx": b"x"}), "file_packed"),
        (lambda: zipped({"mimetype": SHEET, "META-INF/manifest.xml": b"encryption-data"}), "file_password"),
        (lambda: zipped({"mimetype": SHEET.replace(b"spreadsheet", b"text"), "content.xml": b"<x/>"}), "file_document"),
        (lambda: zipped({"[Content_Types].xml": b"<Types/>"}), "file_broken"),
        (lambda: zipped({"[Content_Types].xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><Types/>"}), "file_broken"),
        (lambda: zipped({CONTENTS: b"<x/>", "1": large(), "2": large()}), "file_unpacked_too_large"),
        (lambda: zipped({CONTENTS: b"<x/>"} | {f"{number}": b"" for number in range(1001)}), "file_too_many_parts"),
        (lambda: b"Title\n" + b"a" * (60 * MIB), "file_too_large"),
        (lambda: b"Title\n" + b"x\n" * 100_001, "file_too_many_rows"),
        (lambda: b"Title" + b";x" * 200 + b"\n", "file_too_many_columns"),
        (lambda: b"Title\n\x81\x8d\xff", "file_encoding"),
        (lambda: bytes(range(1, 256)) * 4, "file_kind"),
        (lambda: b"Title\n" + b"a" * 1_000_001, "file_csv"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(make: Callable[[], bytes], code: str) -> None:
    assert refusal(make()) == code


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/sharedStrings.xml", b"<sst>" + b"<si/>" * 1001 + b"</sst>", "file_too_many_strings"),
        # Whatever its name: openpyxl finds parts by what others say of them.
        ("other.bin", b"<x:sst xmlns:x='u'>" + b"<x:si/>" * 1001 + b"</x:sst>", "file_too_many_strings"),
        ("xl/s.xml", "<sst>{}</sst>".format("<si/>" * 1001).encode("utf-16"), "file_too_many_strings"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><d>" + b"<row/>" * 2000, "file_too_many_cells"),
        ("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (200 * MIB), "file_sheet_too_large"),
        ("xl/styles.xml", b"<styleSheet>" + b"<xf/>" * 2000, "file_too_many_elements"),
        ("xl/styles.xml", b"<xf %s/>" % b" ".join(b"a%d=''" % n for n in range(101)), "file_too_many_attributes"),
        ("xl/styles.xml", b"<x>" * 101, "file_too_deep"),
        ("xl/styles.xml", "<!DOCTYPE x><x/>".encode("utf-16"), "file_broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_part_may_hold_is_checked_before_it_is_parsed(
    part: str, content: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(workbooks.openpyxl, "load_workbook", opened.append)
    few = Most(strings=1000, cells=1999, elements=1999)
    monkeypatch.setattr(files, "check_parts", lambda content: check_parts(content, few))
    assert refusal(zipped({"[Content_Types].xml": b"<Types/>", part: content})) == code
    assert not opened


def test_a_row_has_no_more_cells_than_excel_knows() -> None:
    sheet = b"<worksheet><d><row>" + b"<c/>" * 16_385 + b"</row></d></worksheet>"

    assert refusal(zipped({"[Content_Types].xml": b"<Types/>", "xl/s.xml": sheet})) == "file_too_many_columns"


def test_rows_are_counted_before_the_file_is_stored() -> None:
    one = b'<row r="1"><c><v>1</v></c></row>'
    empty = b'<row r="2"><c s="1"/></row>'
    sheet = "xl/worksheets/sheet1.xml"

    def counted(rows: bytes) -> int:
        return about_how_many_rows(zipped({sheet: b"<worksheet><sheetData>" + rows}), "xlsx")

    assert counted(one * 50_001 + empty * 60_000) == 50_000
    too_many = zipped({"[Content_Types].xml": b"<x/>", sheet: b"<worksheet><sheetData>" + one * 100_002})
    with pytest.raises(FileProblem, match="100,000"):
        check_content(too_many)
    with pytest.raises(FileProblem, match="100,000"):
        check_content(b"Title\n" + b"x\n" * 100_001)
    assert check_content(b"Title\n" + b"x\n\n" * 99_999) == "csv", "empty lines are no rows"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('A,B\n1,"x\n2,y\n', "file_csv_quote", 2),
        ('A,B\n1,x\n2,"y\n3,"z"\n', "file_csv_quote", 3),
        ('A,B\n1,"x" y\n', "file_csv_after_quote", 2),
        ('A,B\n1,"x' + "\n2,y" * 300 + '"\n', "file_csv_quote", 2),
    ],
)
def test_a_quote_out_of_place_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(FileProblem) as refused:
        list(read_rows(text.encode(), "csv"))
    assert (refused.value.code, refused.value.params["line"]) == (code, line)


def test_a_zip_that_lies_about_its_sizes_is_broken() -> None:
    content = zipped({"[Content_Types].xml": b"<Types>" + b" " * (2 * MIB)})
    lying = content.replace((2 * MIB + 7).to_bytes(4, "little"), (100).to_bytes(4, "little"))

    assert refusal(lying) == "file_broken"


def test_a_sheet_that_lies_about_its_dimensions_is_read_whole() -> None:
    workbook = openpyxl.Workbook()
    for row in TABLE:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    parts = {part: zipfile.ZipFile(file).read(part) for part in zipfile.ZipFile(file).namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'ref="A1:B3"', b'ref="A1"')

    assert [cells for _number, cells in read_rows(zipped(parts), "xlsx")][1] == TABLE[1]


def test_a_cell_in_the_last_row_and_column_costs_little() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["Title"])
    workbook.active.cell(1_048_576, 16_384, "far")
    file = io.BytesIO()
    workbook.save(file)

    assert len(list(read_rows(file.getvalue(), "xlsx"))) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("first_line", ["", "sep={sign}\r\n"])
def test_csv_of_every_kind(encoding: str, sign: str, first_line: str) -> None:
    text = first_line.format(sign=sign) + f'Título{sign}Descripción\r\n"Niñez{sign} y ""juventud"""{sign}línea\r\n'

    (_first, headings), (_second, cells) = read_rows(text.encode(encoding), "csv")

    assert headings == ["Título", "Descripción"]
    assert cells == [f'Niñez{sign} y "juventud"', "línea"]


def test_values_of_a_workbook_become_texts() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Title", "a", "b", "c", "d", "e"])
    import datetime as dt

    sheet.append(["x", 234.567, 0.25, dt.datetime(2024, 3, 12), True, 1234567])
    sheet["C2"].number_format = "0%"
    file = io.BytesIO()
    workbook.save(file)

    assert list(read_rows(file.getvalue(), "xlsx"))[1] == (2, ["x", "234.5670", "25%", "2024-03-12", "TRUE", "1234567"])


def test_what_is_written_is_read_back_and_no_formula() -> None:
    as_csv = b"".join(csv_file(TABLE))
    as_xlsx = xlsx_file(TABLE).read()

    assert [cells for _number, cells in read_rows(as_csv, "csv")] == TABLE
    assert [cells for _number, cells in read_rows(as_xlsx, "xlsx")] == TABLE
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(as_xlsx)).read("xl/worksheets/sheet1.xml")
    assert b"'=1+1" in as_csv


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda rest: b"PK\x03\x04" + rest))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    try:
        kind = check_content(content)
        if kind != IATI:
            list(read_rows(content, kind))
    except FileProblem as problem:
        told = str(problem)
        assert told
