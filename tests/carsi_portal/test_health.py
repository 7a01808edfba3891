import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.conftest import ROOT, environment

ASK_WITHOUT_A_DATABASE = """
import django
django.setup()
from django.test import Client
for address in ("/healthz", "/readyz"):
    answer = Client(headers={"host": "localhost"}).get(address)
    print(answer.status_code, answer.text)
"""


def test_alive_asks_nothing_of_anybody() -> None:
    # Without the mark django_db a query would fail.
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_probe_that_knows_no_name_of_the_site_is_answered_over_plain_http(settings: Any, address: str) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["portal.example.org"], True
    client = Client(headers={"host": "10.1.2.3:8000"})

    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405
    assert client.get("/accounts/login/").status_code == 400


@pytest.mark.django_db
class TestReady:
    def ask(self) -> tuple[int, Any]:
        answer = Client().get("/readyz")
        return answer.status_code, answer.json()["failing"]

    def test_it_works(self) -> None:
        assert self.ask() == (200, [])

    def test_not_while_a_migration_is_pending(self) -> None:
        with connection.cursor() as cursor:
            newest = "SELECT max(name) FROM django_migrations WHERE app = 'overlap'"
            cursor.execute(f"DELETE FROM django_migrations WHERE app = 'overlap' AND name = ({newest})")
            assert cursor.rowcount == 1

        assert self.ask() == (503, ["migrations"])

    def test_not_without_redis(self, settings: Any, tmp_path: Path) -> None:
        cache = {**settings.CACHES["default"], "LOCATION": f"unix://{tmp_path}/nobody.sock"}
        settings.CACHES = {"default": cache}

        assert self.ask() == (503, ["redis"])


@pytest.mark.process
@pytest.mark.django_db
def test_without_a_database_it_lives_and_is_not_ready(tmp_path: Path) -> None:
    variables = {
        **environment(),
        "DATABASE_URL": f"postgres://nobody@/nothing?host={tmp_path}",
        "DJANGO_SETTINGS_MODULE": "carsi_portal.settings",
    }

    done = subprocess.run(
        [sys.executable, "-c", ASK_WITHOUT_A_DATABASE],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=300,
    )

    alive, ready = [line for line in done.stdout.splitlines() if line[:3].isdigit()]
    assert alive == '200 {"status": "ok"}'
    assert ready == '503 {"status": "failing", "failing": ["database"]}'


@pytest.mark.process
class TestHealthcheck:
    """`python -m carsi_portal.healthcheck` as a container runs it."""

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "carsi_portal.healthcheck", *arguments],
            cwd=ROOT, env={**environment(), **variables}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    @pytest.mark.parametrize("address", ["healthz", "readyz"])
    def test_it_works(self, committed_db: None, live_server: Any, address: str) -> None:
        done = self.run(f"{live_server.url}/{address}")

        assert (done.returncode, done.stderr) == (0, "")

    def test_a_page_that_is_not_there_is_ill(self, committed_db: None, live_server: Any) -> None:
        done = self.run(f"{live_server.url}/nowhere")

        assert (done.returncode, "404" in done.stderr) == (1, True)

    def test_nobody_at_the_address_is_ill(self) -> None:
        done = self.run("http://127.0.0.1:9/healthz")

        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1

    @pytest.mark.parametrize("arguments", [(), ("file:///etc/hostname",), ("a", "b")])
    def test_asked_wrongly_it_says_how(self, arguments: tuple[str, ...]) -> None:
        done = self.run(*arguments)

        assert done.returncode == 2
        assert "python -m carsi_portal.healthcheck URL" in done.stdout
