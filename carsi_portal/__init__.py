"""The CARSI Portal project: settings, addresses, background jobs, embedded servers."""

from carsi_portal.celery import app as celery_app

__all__ = ["celery_app"]
