"""Documents of a report, from the data that were kept and in the active language: the same data, the same bytes."""

from collections.abc import Callable

from programs.reports.models import OverlapReport
from programs.reports.rendering.meeting import meeting_pdf
from programs.reports.rendering.workbook import workbook

FORMATS: dict[str, Callable[[OverlapReport], bytes]] = {"xlsx": workbook, "pdf": meeting_pdf}

__all__ = ["FORMATS"]
