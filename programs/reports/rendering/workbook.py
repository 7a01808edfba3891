"""The working sheets (XLSX): row by row, in constant memory; no cell ever becomes a formula."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.numbers import shown_probability
from programs.exchange.spreadsheet.tables import HEADER_FORMAT, LONGEST_XLSX_CELL, WRITER_OPTIONS
from programs.reports.models import OverlapReport, ReportRow
from programs.reports.rendering import words

Cells = Sequence[Any]
Part = ReportRow.Part


def workbook(report: OverlapReport) -> bytes:
    """All sheets: summary, cases, pairs with reasons and decisions, programs, agreements, goals and countries,
    gaps."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, WRITER_OPTIONS) as book:
        moment = datetime.fromisoformat((report.summary or {})["frozen_at"]).replace(tzinfo=None, microsecond=0)
        book.set_properties({"title": _("Overlap report"), "author": "CARSI Portal", "created": moment})
        sheets = _Sheets(book)
        sheets.write(_("Summary"), _summary(report), (34, 60))
        sheets.write(_("Cases"), _cases(report), (8, 40, 34, 10, 8, 9, 26, 18, 40, 60))
        sheets.write(_("Pairs"), _pairs(report), (9, 8, 40, 18, 18, 40, 18, 18, 30, 12, 9, 26, 18, 13, 70, 60))
        sheets.write(_("Programs"), _programs(report), (40, 20, 20, 30, 24, 12, 12, 18, 18, 18, 8, 40))
        sheets.write(_("Agreements"), _agreements(report), (40, 24, 40, 14, 40))
        sheets.write(_("Goals and countries"), _cells(report), (32, 20, 10, 18, 10, 30, 70, 40))
        sheets.write(_("Gaps"), _gaps(report), (32, 20, 34, 18, 18, 10, 18, 70))
    return file.getvalue()


class _Sheets:
    """Writes each sheet with the formats of the whole workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.header = book.add_format(HEADER_FORMAT)
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.number = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        self.whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})

    def write(self, name: str, rows: Iterable[Cells], widths: Sequence[int]) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                self._cell(sheet, number, column, value)

    def _cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if row == 0:
            sheet.write_string(row, column, str(value), self.header)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, self.whole)
        elif isinstance(value, Decimal | float):
            sheet.write_number(row, column, float(value), self.number)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.day)
        elif value:
            sheet.write_string(row, column, str(value)[:LONGEST_XLSX_CELL], self.text)


def _summary(report: OverlapReport) -> Iterator[Cells]:
    summary: dict[str, Any] = report.summary or {}
    yield (_("Overlap report"), "")
    yield (_("From"), report.period_start)
    yield (_("To"), report.period_end)
    yield from words.selection(report)
    yield (_("Contents"), report.get_seen_as_display())
    yield (_("Requested by"), summary["asked_by"])
    yield (_("Data as of"), summary["frozen_at"][:19].replace("T", " ") + " UTC")
    yield (_("Engine version"), report.engine_version)
    yield from words.figures(report)
    if not summary["pairs"]:
        yield (_("Result"), _("There are no overlaps in this selection and period."))


def _cases(report: OverlapReport) -> Iterator[Cells]:
    yield (
        *(_("Case"), _("Where"), _("Kinds"), _("Programs"), _("Pairs"), _("Probability")),
        *(_("Priority"), _("Possible duplicate amount (US dollars)"), _("Organizations")),
        _("Why (most probable pair)"),
    )
    for case in report.rows.data(Part.CASES):
        yield (
            case["case"],
            case["title"][words.language()],
            words.joined(words.kind(kind) for kind in case["kinds"]),
            case["programs"],
            case["pairs"],
            shown_probability(case["score"]),
            words.priority(case),
            words.amount(case["money"]),
            words.joined(case["organizations"]),
            " ".join(case["surest"]["reasons"][words.language()]),
        )


def _pairs(report: OverlapReport) -> Iterator[Cells]:
    yield (
        *(_("Overlap"), _("Case"), _("First program"), _("Identifier"), _("Reported by"), _("Second program")),
        *(
            _("Identifier"),
            _("Reported by"),
            _("Kind"),
            pgettext("record", "Status"),
            _("Probability"),
            _("Priority"),
            _("Possible duplicate amount (US dollars)"),
        ),
        *(_("First flagged"), _("Reasons"), _("Decisions")),
    )
    for pair in report.rows.data(Part.PAIRS):
        left, right = pair["left"], pair["right"]
        yield (
            *(pair["id"], pair["case"], left["title"] or left["identifier"], left["identifier"], left["by"]),
            *(right["title"] or right["identifier"], right["identifier"], right["by"]),
            *(words.kind(pair["kind"]), words.state(pair["state"]), shown_probability(pair["score"])),
            words.priority(pair),
            words.amount(pair["money"]),
            *(words.day(pair["flagged"]), "\n".join(pair["reasons"][words.language()]), words.decisions(pair)),
        )


def _programs(report: OverlapReport) -> Iterator[Cells]:
    summary: dict[str, Any] = report.summary or {}
    yield (
        *(_("Program"), _("Identifier"), _("Reported by"), _("Goals"), _("Places"), _("Start"), _("End")),
        *(pgettext("program", "Status"), _("Committed (US dollars)"), _("Disbursed (US dollars)"), _("Pairs")),
        _("Amounts without an exchange rate"),
    )
    for program in report.rows.data(Part.PROGRAMS):
        yield (
            *(program["title"] or program["identifier"], program["identifier"], program["by"]),
            words.joined(words.goal(summary, number) for number in program["goals"]),
            words.joined(program["places"][words.language()]),
            *(words.day(program["start"]), words.day(program["end"]), words.status(program["status"])),
            *(words.money(program["committed"]), words.money(program["disbursed"]), program["pairs"]),
            words.left_out(program),
        )


def _agreements(report: OverlapReport) -> Iterator[Cells]:
    yield (_("Agreement"), pgettext("record", "Status"), _("Partners"), _("Due date"), _("Done?"))
    for row in report.rows.data(Part.AGREEMENTS):
        text = row[words.language()]
        yield (text["title"], text["state"], words.joined(row["partners"]), words.day(row["due"]), text["kept"])


def _cells(report: OverlapReport) -> Iterator[Cells]:
    summary: dict[str, Any] = report.summary or {}
    yield (
        *(_("Goal"), _("Country"), _("Programs"), _("Committed (US dollars)"), _("Open overlaps"), _("Gap")),
        *(_("Priorities"), _("Amounts without an exchange rate")),
    )
    for cell in report.rows.data(Part.CELLS):
        yield (
            words.goal(summary, cell["goal"]),
            words.country(summary, cell["country"]),
            cell["programs"],
            words.money(cell["money"]),
            cell["overlaps"],
            words.gap(cell),
            words.priorities(cell, "\n"),
            words.left_out(cell),
        )


def _gaps(report: OverlapReport) -> Iterator[Cells]:
    summary: dict[str, Any] = report.summary or {}
    yield (
        *(_("Goal"), _("Country"), _("Gap"), _("Missing (US dollars)"), _("Expected share (US dollars)")),
        *(_("Current programs"), _("Committed by current programs (US dollars)"), _("Priorities")),
    )
    for cell in report.rows.data(Part.CELLS):
        if words.gap_of(cell):
            yield (
                words.goal(summary, cell["goal"]),
                words.country(summary, cell["country"]),
                words.gap(cell),
                *(words.money(cell.get(name)) for name in ("missing", "expected")),
                cell.get("current", 0),
                words.money(cell.get("current_money")),
                words.priorities(cell, "\n"),
            )
