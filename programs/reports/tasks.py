"""Background jobs: each finds its row and calls a service; each may run twice."""

from celery import shared_task
from django.utils import timezone

from programs.reports import services


@shared_task(name="programs.reports.make")
def make(report_id: int) -> None:
    """Makes one report."""
    services.make(report_id)


@shared_task(name="programs.reports.send")
def send(report_id: int) -> None:
    """Sends the email of one monthly report."""
    services.send_report(report_id)


@shared_task(name="programs.reports.sweep")
def sweep() -> None:
    """Has the workers go on with reports and emails that a dead worker or a lost message left behind."""
    for report_id in services.reports_to_queue():
        make.delay(report_id)
    for report_id in services.emails_to_send():
        send.delay(report_id)


@shared_task(name="programs.reports.monthly")
def monthly() -> None:
    """Has the reports of the last month made."""
    services.prepare_monthly(timezone.localdate())


@shared_task(name="programs.reports.renew_figures")
def renew_figures() -> None:
    """Calculates figures of the region again where something changed, before somebody waits for them."""
    services.renew_figures()
