"""Asking for reports, making them, and sending the monthly ones."""

from programs.reports.services.asking import (
    Selected,
    ask_for_report,
    cancel_report,
    delete_report,
    end_monthly,
    get_monthly,
    may_end,
)
from programs.reports.services.figures import renew_figures
from programs.reports.services.making import make, percent_made, reports_to_queue
from programs.reports.services.monthly import emails_to_send, prepare_monthly, send_report

__all__ = [
    "Selected",
    "ask_for_report",
    "cancel_report",
    "delete_report",
    "emails_to_send",
    "end_monthly",
    "get_monthly",
    "make",
    "may_end",
    "percent_made",
    "prepare_monthly",
    "renew_figures",
    "reports_to_queue",
    "send_report",
]
