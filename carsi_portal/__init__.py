"""The CARSI Portal project: settings, addresses, background jobs, embedded servers."""

import gc

# Loading the portal makes some hundred thousand objects that stay, and a page some tens of thousands of which nearly
# all go without the collector's help: with the interpreter's own threshold of 700 it takes a sixth of the time that a
# process needs to start, and began a dozen times for each page.
gc.set_threshold(20_000, 10, 10)

from carsi_portal.celery import app as celery_app  # noqa: E402  (loads Celery: after the threshold)

__all__ = ["celery_app"]
