"""The document for a meeting (PDF): summary, matrix, the cases with the highest priority, agreements, gaps."""

from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string

from core.money import UsdSum
from core.pdf import pdf_of
from programs.reports.models import OverlapReport, ReportRow
from programs.reports.rendering import words

MOST_CASES, MOST_AGREEMENTS, MOST_GAPS, MOST_REASONS = 12, 30, 20, 4
Part = ReportRow.Part


def meeting_pdf(report: OverlapReport) -> bytes:
    return pdf_of(html_of(report))


def html_of(report: OverlapReport) -> str:
    """What becomes that PDF."""
    return render_to_string("reports/meeting.html", _context(report))


def _context(report: OverlapReport) -> dict[str, Any]:
    summary: dict[str, Any] = report.summary or {}
    cells = list(report.rows.data(Part.CELLS))
    bare = [cell for cell in cells if words.gap_of(cell)]
    columns = list(dict.fromkeys(cell["country"] for cell in sorted(cells, key=lambda cell: _place(summary, cell))))
    by_goal = groupby(sorted(cells, key=lambda cell: (cell["goal"], _place(summary, cell))), lambda cell: cell["goal"])
    figures = words.figures(report)
    return {
        "report": report,
        "summary": summary,
        "frozen_at": datetime.fromisoformat(summary["frozen_at"]),
        "selection": words.selection(report),
        "first_figures": figures[:4],
        "other_figures": figures[4:],
        "columns": [words.country(summary, code) for code in columns],
        "rows": [(words.goal(summary, number), [_cell(cell) for cell in row]) for number, row in by_goal],
        "cases": [_case(case) for case in report.rows.data(Part.CASES, MOST_CASES)],
        "more_cases": max(0, summary["cases"] - MOST_CASES),
        "agreements": [_agreement(row) for row in report.rows.data(Part.AGREEMENTS, MOST_AGREEMENTS)],
        "gaps": [_gap(summary, cell) for cell in bare[:MOST_GAPS]],
        "more_gaps": max(0, len(bare) - MOST_GAPS),
    }


def _place(summary: dict[str, Any], cell: dict[str, Any]) -> tuple[bool, str]:
    return cell["country"] == "regional", words.country(summary, cell["country"])


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    left_out = {row["currency"]: Decimal(row["amount"]) for row in cell.get("left_out", ())}
    return {**cell, "money": UsdSum(cell["money"], left_out)}


def _case(case: dict[str, Any]) -> dict[str, Any]:
    surest = case["surest"]
    return {
        **case,
        "title": case["title"][words.language()],
        "kinds": words.joined(words.kind(kind) for kind in case["kinds"]),
        "money": words.money(case["money"]),
        "priority": words.priority(case),
        "state": words.state(surest["state"]),
        "sides": [surest["left"], surest["right"]],
        "reasons": surest["reasons"][words.language()][:MOST_REASONS],
        "decisions": words.decisions(surest).splitlines()[-2:],
    }


def _agreement(row: dict[str, Any]) -> dict[str, Any]:
    return {**row[words.language()], "partners": words.joined(row["partners"]), "due": words.day(row["due"])}


def _gap(summary: dict[str, Any], cell: dict[str, Any]) -> dict[str, Any]:
    missing = Decimal(cell.get("missing", 0))
    return {
        "goal": words.goal(summary, cell["goal"]),
        "place": words.country(summary, cell["country"]),
        "kind": words.gap(cell),
        "missing": missing,
        "asked": words.priorities(cell, "; "),
    }
