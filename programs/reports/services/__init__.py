"""Asking for reports, making them, and sending the monthly ones."""

from programs.reports.services.asking import Selected, ask_for_report, end_monthly, get_monthly
from programs.reports.services.figures import renew_figures
from programs.reports.services.making import make, percent_made, unfinished_reports
from programs.reports.services.monthly import letters_to_send, prepare_monthly, send_report

__all__ = [
    "Selected",
    "ask_for_report",
    "end_monthly",
    "get_monthly",
    "letters_to_send",
    "make",
    "percent_made",
    "prepare_monthly",
    "renew_figures",
    "send_report",
    "unfinished_reports",
]
