"""Background jobs about exchange rates."""

from celery import shared_task

from goals.rates.fetching import fetch_rates as fetch


@shared_task(name="goals.fetch_rates")
def fetch_rates() -> None:
    """Reads the rates of all sources that are switched on."""
    fetch()
