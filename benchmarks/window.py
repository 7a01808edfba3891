"""The portal served as in production, and a browser's window on it, for what is measured on pages."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def portal_served(workers: int = 2) -> Iterator[str]:
    """The address of a portal on the scratch servers: gunicorn with so many workers, static files collected."""
    # In a process of its own: this one read where static files go before the scratch folder was there.
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, check=True, cwd=ROOT)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "carsi_portal.wsgi", "--bind", f"127.0.0.1:{port}",
         "--workers", str(workers), "--log-level", "warning"],
        stdout=subprocess.DEVNULL, cwd=ROOT, env=os.environ,
    )  # fmt: skip
    try:
        for _second in range(60):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def window_of(email: str, address: str) -> Iterator[Page]:
    """A window of 1280 x 900 in English in which that person is signed in."""
    session = session_of(email)
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=address, locale="en", viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        try:
            yield context.new_page()
        finally:
            browser.close()


def session_of(email: str) -> str:
    """The cookie of a session in which that person is signed in, with a second factor."""
    from allauth.mfa.totp.internal.auth import TOTP
    from django.test import Client

    from donors.models import User

    client, user = Client(), User.objects.get(email=email)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value
