"""What production writes to its logs: one JSON object a line."""

import json
import logging
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from tests.conftest import ROOT, environment

FAIL_IN_EVERY_WAY = """
import logging
import django
django.setup()
import structlog

def fail():
    raise ZeroDivisionError("at /invitations/s3cret/")

for say in (
    structlog.get_logger("programs").exception,
    logging.getLogger("django.request").exception,
    logging.getLogger("celery.app.trace").exception,
    logging.getLogger("gunicorn.error").exception,
):
    try:
        fail()
    except ZeroDivisionError:
        say("it failed")
"""


@pytest.mark.process
def test_an_exception_keeps_its_traceback_whoever_logs_it_and_no_secret_address() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAIL_IN_EVERY_WAY],
        cwd=ROOT,
        env={**environment(), "DJANGO_SETTINGS_MODULE": "carsi_portal.settings", "LOG_FORMAT": "json"},
        capture_output=True,
        text=True,
        timeout=300,
    )

    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [event["logger"] for event in events] == ["programs", "django.request", "celery.app.trace", "gunicorn.error"]
    for event in events:
        assert event["event"] == "it failed"
        assert event["exception"].startswith("Traceback (most recent call last):")
        assert "in fail" in event["exception"]
        assert event["exception"].endswith("ZeroDivisionError: at /invitations/…/")
        assert "exc_info" not in event


@pytest.mark.django_db
@pytest.mark.urls("tests.carsi_portal.broken_urls")
@pytest.mark.parametrize(
    ("address", "event"), [("/accounts/login/", "request_finished"), ("/broken/", "request_failed")]
)
def test_an_answer_says_how_long_it_took(caplog: pytest.LogCaptureFixture, address: str, event: str) -> None:
    with caplog.at_level(logging.INFO):
        Client(raise_request_exception=False).get(address)

    stated: list[Any] = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    (found,) = [one for one in stated if one["event"] == event]
    assert isinstance(found["duration_ms"], int)
    assert found["duration_ms"] >= 0
