"""What can be wrong with a cell, a row or a file: codes to store, and their sentences in the reader's language."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from programs.exchange.iati.oddities import ODDITIES

Params = dict[str, Any]

# Each sentence says what is wrong and what would be right. Values are shown as they were written.
MESSAGES: dict[str, Promise] = {
    # of numbers and dates
    "number": _("“%(text)s” is not an amount. Write digits, with the currency beside them or in its own column: "
                "1234.56 USD."),
    "amount_ambiguous": _(
        "“%(text)s” can mean %(whole)s or %(part)s, and the other amounts of the column do not show which. Write it "
        "without a sign between thousands."
    ),
    "amount_scaled_twice": _(
        "“%(text)s” names thousands or millions, and so does the heading of the column. Write the full number, under a "
        "heading that names neither."
    ),
    "amount_not_commitment": _(
        "The amount is not read: the row says that it is “%(text)s”, and this column is for commitments."
    ),
    "number_too_large": _("“%(text)s” is too large: at most 18 digits before the decimal point."),
    "percentage": _("“%(text)s” is not a percentage. Write a number above 0 and up to 100, such as 25."),
    "shares_sum": _("The percentages add up to %(total)s. They must make 100: correct them or leave all empty."),
    "shares_some": _("Only some entries have a percentage. Give one for each entry or leave all empty."),
    "date": _("“%(text)s” is not a date. Write it as year-month-day, such as 2024-03-28."),
    "date_ambiguous": _(
        "“%(text)s” can mean %(day_first)s or %(month_first)s. Write it as year-month-day, or choose the date format "
        "of the file on the columns page."
    ),
    "date_year_only": _("“%(text)s” is only a year. Write a full date, such as %(text)s-01-31, or leave it empty."),
    "date_short_year": _("The year of “%(text)s” has two digits. Write four, such as 2024-03-28."),
    "date_period": _(
        "“%(text)s” is not a full date, so it is read as %(day)s: the first day of the period for a start, the last "
        "day for an end."
    ),
    "date_out_of_range": _("“%(text)s” is not between 1900 and 2199. Check the year."),
    "dates_in_order": _("The end (%(end)s) is before the start (%(start)s). Correct one of them."),
    # of lists and names
    "choice": _("“%(text)s” is not in the list. Write one of: %(choices)s."),
    "country": _("No country or region is called “%(text)s”. Write its name or its two-letter code, such as HN."),
    "area": _(
        "No department, province or district is called “%(text)s”. Write its name or code, such as HN-CR. If the "
        "place is in none of them, write / before its name."
    ),
    "area_outside": _(
        "“%(text)s” is outside the program's countries (%(countries)s). Add its country to the row, or remove the "
        "place."
    ),
    "area_within": _("“%(text)s” is read as %(area)s: the portal does not know which municipality has this code."),
    "area_other_country": _("“%(text)s” names a department of one country and another country. Correct one of them."),
    "municipality_elsewhere": _(
        "“%(text)s” is in %(codes)s, not in the area of the row. Correct the municipality or the area."
    ),
    "area_ambiguous": _("Several areas are called “%(text)s”. Write the code instead: %(codes)s."),
    "point": _("“%(text)s” is not a point. Write latitude and longitude in degrees, such as 14.0723, -87.1921."),
    "sector": _("“%(text)s” is not a sector. Write its five-digit DAC code, such as 15130."),
    "sector_cluster": _(
        "“%(text)s” is a cluster of humanitarian coordination. It is kept beside the sectors, but no DAC "
        "sector has the same meaning. Add the five-digit code of the sector."
    ),
    "organization_awaited": _(
        "“%(text)s” is not in the list of organizations. The row becomes a draft, and applying the import asks the "
        "coordinators who it is."
    ),
    "organization_left": _(
        "“%(text)s” is not in the list of organizations. The organizations that the program has in this role stay, and "
        "applying the import asks the coordinators who it is."
    ),
    "organization_implements": _("“%(text)s” is read as %(first)s, with %(other)s as implementer."),
    "organization": _(
        "“%(text)s” was not found in the list of organizations. Write its name, acronym or identifier as listed in "
        "the portal, or ask the coordinators who it is."
    ),
    "organization_several": _(
        "“%(text)s” may mean several organizations: %(names)s. Write the full name or the identifier of the one you "
        "mean, or the country of the program."
    ),
    "organization_near": _(
        "“%(text)s” was not found in the list of organizations. Did you mean %(near)s? Then write that name. "
        "Otherwise ask the coordinators who it is."
    ),
    "other_organization": _(
        "“%(text)s” reports this program, but this import is for %(organization)s. Remove the row, or import it for "
        "the other organization."
    ),
    "language": _("“%(text)s” is not a language. Write a code of two or three letters, such as es or en."),
    "currency": _("“%(text)s” is not a currency. Write its three-letter code, such as USD."),
    "currency_ambiguous": _(
        "“%(text)s” can be in several currencies (%(currencies)s). Write the three-letter code in the column of the "
        "currency."
    ),
    "currency_disagrees": _("The currency of “%(text)s” is not %(currency)s, as the row or the heading says. Correct "
                            "one of them."),
    "currency_taken": _("“%(text)s” is read as %(currency)s: nothing in the row points to another currency."),
    "currency_missing": _("The amount has no currency. Write its three-letter code, such as USD."),
    "amount_missing": _("There is a currency or a date without an amount. Write the amount, or leave these cells "
                        "empty too."),
    "several_commitments": _(
        "This program has several commitments, so one amount cannot replace them. Leave the amount unchanged here, "
        "and edit the commitments in the portal."
    ),
    "planned_entry": _(
        "“%(text)s” is not a year with an amount. Write each so, with ; between them: 2027: 500000 USD; 2028: "
        "250000 USD."
    ),
    "planned_currency": _("“%(text)s” has no currency. Write its three-letter code after the amount, as in 2027: "
                          "500000 USD."),
    "planned_otherwise": _(
        "The program has an amount for %(start)s – %(end)s, which is more than the year %(year)s. Write all periods in "
        "one cell, as an export does, or correct them in the portal."
    ),
    "year_missing": _("The heading “%(column)s” names no year. Write it there, such as Planned 2027."),
    "year_twice": _("Two columns are for the year %(year)s. Keep only one."),
    "twice": _("“%(text)s” appears twice. Keep only one."),
    # of texts
    "too_long": _("The text has %(length)s characters; the limit is %(most)s."),
    "title_missing": _("The title is missing. Write one."),
    "cannot_be_empty": _("This value cannot be removed. Write a value, or leave the cell empty to keep the current "
                         "one."),
    # of rows
    "total_row": _("This row is a total of other rows, not a program: it is skipped."),
    "total_or_program": _(
        "“%(text)s” looks like a total of other rows. Remove the row or, if it is a program, write its full title and "
        "identifier."
    ),
    "becomes_draft": _("The program is added as a draft. %(missing)s"),
    "not_complete_any_more": _("The program would no longer be complete: %(missing)s"),
    "identifier_twice": _("Row %(row)s already has this identifier. Use one row for each program."),
    "match_twice": _("Row %(row)s is already for this program. Use one row for each program."),
    "row_too_long": _(
        "The row has %(cells)s cells under %(headings)s headings. A comma or semicolon within a cell was probably read "
        "as the end of the cell: put that cell in quotation marks."
    ),
    "amount_merged": _(
        "This amount is in a cell merged over several rows, so it would count once for each of them. Write each "
        "program's own amount."
    ),
    "archived": _("This program is archived. Remove the row, or ask a manager to restore the program."),
    "changed_meanwhile": _("This program was changed after the check. Check the file again."),
    "rule": _("%(text)s"),
    # of IATI activities
    "iati_left_out": _("Outside Central America: nothing to import."),
    "iati_note": _("%(text)s"),  # of files that were checked before oddities had sentences of their own
    # of files
    "file_empty": _("The file is empty. Choose another one."),
    "file_too_large": _("The file is %(size)s MiB; the limit is %(most)s MiB. Split it into several files."),
    "file_unpacked_too_large": _(
        "Unpacked, the file is larger than %(most)s MiB. Delete pictures and unused sheets, or save it as CSV."
    ),
    "file_gzip_too_large": _("Unpacked, the file is larger than %(most)s MiB. Split it into several files."),
    "file_sheet_too_large": _(
        "Unpacked, a sheet of the file is larger than %(most)s MiB. Copy the rows of your programs into a new workbook."
    ),
    "file_too_many_cells": _(
        "A sheet of the file has more than %(most)s rows and cells, including formatted empty cells. Copy the rows "
        "of your programs into a new workbook."
    ),
    "file_too_many_strings": _(
        "The file has more than %(most)s different texts. Delete sheets that do not list programs, or save it as CSV."
    ),
    "file_too_many_elements": _(
        "The file contains more than %(most)s formats or defined names. Copy the table without formatting into a new "
        "workbook."
    ),
    "file_too_many_attributes": _(
        "A part of the file has more than %(most)s attributes on one element. Open the file in your spreadsheet "
        "program and save it as .xlsx again."
    ),
    "file_too_deep": _(
        "A part of the file is nested more than %(most)s levels deep. Open the file in your spreadsheet program and "
        "save it as .xlsx again."
    ),
    "file_too_many_parts": _("The file contains more than %(most)s parts. Copy the table into a new workbook."),
    "file_too_many_rows": _("The file has more than %(most)s rows. Split it into several files."),
    "file_too_many_columns": _("The file has more than %(most)s columns. Delete those that do not describe the "
                               "programs."),
    "file_kind": _(
        "This file is neither a spreadsheet nor an IATI file. Choose a file ending in .xlsx, .xls, .xlsb, .ods, .csv "
        "or .xml."
    ),
    "file_only_xlsx_csv": _("This list is read from .xlsx and .csv files only. Save the file as one of these."),
    # Of files that were uploaded before such workbooks were read.
    "file_old_excel": _(
        "This is an old .xls workbook or one with a password. Open it and save it as .xlsx without a password."
    ),
    "file_password": _("The file is protected with a password. Save it without the password and upload it again."),
    "file_numbers": _("This is a file of Apple Numbers. Open it in Numbers, choose File > Export To > Excel, and "
                      "upload that file."),
    "file_pdf": _("This is a PDF document, whose tables cannot be read. Ask for the spreadsheet it was made from."),
    "file_web_page": _("This is a web page, even if its name says otherwise. Open it in your spreadsheet program and "
                       "save it as .xlsx."),
    "file_xml_workbook": _("This is an “XML Spreadsheet 2003”. Open it in Excel and save it as .xlsx."),
    "file_document": _("This is a text document or a presentation. Copy its table into a spreadsheet, and upload "
                       "that."),
    "file_picture": _("This is a picture. Upload the spreadsheet itself."),
    "file_packed": _("This is a compressed file. Unpack it, and upload the spreadsheet in it."),
    "file_json": _("This is a JSON file. Save the list as .csv or .xlsx, or send the programs through the API."),
    "file_broken": _("The workbook is damaged and cannot be read. Open it in your spreadsheet program and save it as "
                     ".xlsx again."),
    "file_broken_or_too_spread": _(
        "The workbook is damaged, or its cells are spread over too many rows and columns. Open it in your spreadsheet "
        "program, copy the table into a new workbook, and save that as .xlsx."
    ),
    "file_encoding": _("The characters in the file cannot be read. Save it as “CSV UTF-8”."),
    "file_csv": _("The row that begins in line %(line)s cannot be read as a part of a table. Save the file again as "
                  "CSV."),
    "file_csv_quote": _(
        "A quotation mark that opens in line %(line)s is never closed: %(text)s. Close it, or delete it; without that, "
        "the rows below would be read as one text."
    ),
    "file_csv_after_quote": _(
        "In line %(line)s, a cell in quotation marks continues after the closing mark: %(text)s. Write quotation marks "
        "within such a cell twice (\"\"), or save the file again as CSV."
    ),
    "file_no_header": _("The file has no heading row. One row must name the columns."),
    "file_no_such_row": _("Row %(row)s of the sheet is empty or missing. Choose the row that names the columns."),
    "file_no_such_sheet": _("The file has no sheet “%(sheet)s” with rows. Choose another one."),
    "file_no_rows": _("There is nothing below the headings. Write one program per row."),
    "column_twice": _("Two columns are matched to “%(column)s”. Choose it for only one of them."),
    "column_missing": _("No column is matched to “%(column)s”. Choose the one with the names of the programs."),
    # of work that was stopped
    "gave_up_reading": _(
        "The file could not be read: reading it was interrupted three times. Copy the table into a new workbook, or "
        "save it as CSV, and upload that."
    ),
    "gave_up_checking": _(
        "The file could not be checked: the check was interrupted three times. Check it again, or split it into "
        "several files. If it fails again, send the file to the administrators."
    ),
    "gave_up_applying": _(
        "The import was only partly applied: it was interrupted three times at the same rows. The rows applied so "
        "far are kept. Apply the rest, or undo what was applied."
    ),
    "gave_up_undoing": _(
        "The import was only partly undone: the undo was interrupted three times at the same rows. The rows undone "
        "so far stay undone. Undo the rest."
    ),
    "cancelled_reading": _("The import was cancelled before the file was read."),
    "cancelled_checking": _("The import was cancelled before the file was checked."),
    "cancelled_applying": _(
        "The import was cancelled before all of its rows were applied. The rows applied so far are kept. Apply the "
        "rest, or undo what was applied."
    ),
    "cancelled_undoing": _(
        "The undo was cancelled before it finished. The rows undone so far stay undone. Undo the rest, or leave it "
        "as it is."
    ),
    "file_iati": _("The IATI file was rejected. %(text)s"),
}  # fmt: skip


# How the columns of a file are read, as its cells show: said of the whole file.
MESSAGES |= {
    "column_day_first": _("Dates of the column “%(column)s” have the day first, as “%(text)s” in row %(row)s shows."),
    "column_month_first": _(
        "Dates of the column “%(column)s” have the month first, as “%(text)s” in row %(row)s shows."
    ),
    "column_day_first_as_other": _(
        "Dates of the column “%(column)s” are read with the day first, as in the column “%(other)s”, where “%(text)s” "
        "in row %(row)s shows it."
    ),
    "column_month_first_as_other": _(
        "Dates of the column “%(column)s” are read with the month first, as in the column “%(other)s”, where "
        "“%(text)s” in row %(row)s shows it."
    ),
    "column_dates_contradict": _(
        "The column “%(column)s” has dates with the day first and dates with the month first (“%(text)s” in row "
        "%(row)s). Dates that can mean both are rejected."
    ),
    "column_decimal_comma": _(
        "In the amounts of the column “%(column)s” the point groups thousands, as “%(text)s” in row %(row)s shows."
    ),
    "column_decimal_point": _(
        "In the amounts of the column “%(column)s” the point is the decimal sign, as “%(text)s” in row %(row)s shows."
    ),
    "column_decimals_contradict": _(
        "The amounts of the column “%(column)s” are written in two ways (“%(text)s” in row %(row)s). Amounts that can "
        "mean both are rejected."
    ),
    "column_scaled": _("The amounts of the column “%(column)s” are multiplied by %(power)s, as its heading says."),
}
# What is said of a row without refusing it.
NOTES = frozenset(
    {
        "iati_note", "iati_left_out", "amount_not_commitment", "date_period", "area_within", "sector_cluster",
        "organization_awaited", "organization_left", "organization_implements", "currency_taken", "total_row",
        "becomes_draft",
    }
)  # fmt: skip


# Notes on IATI activities: this before a code of ODDITIES; `text` is what the file says there.
ODDITY = "iati:"


def is_note(code: str) -> bool:
    return code in NOTES or code.startswith(ODDITY)


@dataclass(frozen=True)
class Problem:
    """Something wrong in a row: a code of MESSAGES with its values; `cell` is its position, None for the whole row."""

    code: str
    params: Params = field(default_factory=dict)
    cell: int | None = None

    @property
    def is_note(self) -> bool:
        """Whether it says something of the row without refusing it."""
        return is_note(self.code)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": self.params, "cell": self.cell}


class CellError(Exception):
    """A cell that cannot be read."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def at(self, cell: int | None) -> Problem:
        return Problem(self.code, self.params, cell)


class FileProblem(Exception):
    """A file that cannot be read at all."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return sentence(self.code, self.params)


def sentence(code: str, params: Params) -> str:
    """A problem in the active language; a value that differs by language is {"en": …, "es": …}."""
    if code.startswith(ODDITY):
        stated = gettext("The file says: “%(text)s”.") % params if params["text"] else ""
        return f"{ODDITIES[code.removeprefix(ODDITY)]} {stated}".rstrip()
    language = (get_language() or "en")[:2]
    values = {name: value.get(language, value.get("en")) if isinstance(value, dict) else value
              for name, value in params.items()}  # fmt: skip
    return str(MESSAGES[code]) % values


def in_both(words: object) -> dict[str, str]:
    """A sentence in both languages, as a value of a problem: who reads it later may read another language."""
    found = {}
    for language in ("en", "es"):
        with translation.override(language):
            found[language] = str(words)
    return found


def shown(text: str) -> str:
    """A cell's text as a message quotes it: at most 80 characters."""
    return text if len(text) <= 80 else text[:79] + "…"
