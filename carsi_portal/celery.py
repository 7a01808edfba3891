"""The Celery application: web processes send to it, `celery -A carsi_portal worker` serves it."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

if os.environ.get("DEMONSTRATION") == "true":
    # On one's own machine the worker may well be root's, as everything else of the demonstration.
    warnings.simplefilter("ignore", SecurityWarning)

app = Celery("carsi_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
