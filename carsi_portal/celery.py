"""The Celery application: web processes send to it, `celery -A carsi_portal worker` serves it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carsi_portal.settings")

app = Celery("carsi_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
