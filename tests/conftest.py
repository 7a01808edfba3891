"""What every test may use: reference data, people, programs, a browser, a worker."""

import gc
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import HealthCheck, Phase, settings
from playwright.sync_api import Browser, Error, sync_playwright

from donors.models import Organization, User
from tests import factories, middleware
from tests.database import TEMPLATE, administration, leave_alone, renew, wait_for_template
from tests.workers import Workers

# How long an example takes says how busy the machine is, not whether the law holds.
settings.register_profile("shrink", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Which example breaks a law is said at once; a smaller one may be looked for afterwards, for up to five minutes a law.
LOOKED_FOR = [Phase.explicit, Phase.reuse, Phase.generate, Phase.target]
settings.register_profile("thorough", settings.get_profile("shrink"), phases=LOOKED_FOR)
settings.register_profile("quick", settings.get_profile("thorough"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "thorough")
# Looking for circles of objects that nobody needs costs a twentieth of all tests, most of it among what never goes.
gc.set_threshold(10_000, 20, 50)
ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
# The first draws pages for two thirds of what the whole browsers take, whose windows nobody sees.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # All pages are those of one site: a new process for each would start, and compile the same scripts, each time.
    "--process-per-site",
]


def pytest_configure() -> None:
    middleware.make_once()


def pytest_collection_finish() -> None:
    """What the modules and the list of tests are made of stays until the end: no need to go through it again."""
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The test database is a copy of the migrated one with the reference data in it."""
    wait_for_template()
    connection.settings_dict["TEST"] |= {"TEMPLATE": TEMPLATE, "MIGRATE": False}
    # Each test that commits ends with the database as it was, in a fiftieth of the time of emptying every table.
    TransactionTestCase._fixture_teardown = lambda self: renew()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database goes in the end, also where a thread of a server that is gone left it a connection."""
    yield
    with django_db_blocker.unblock():
        leave_alone()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["tests.hashers.CheapArgon2PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A request leaves its language behind in the thread: each test begins and ends in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """A database in which commits are real: for workers, browsers and deferred constraints. Emptied afterwards."""


@pytest.fixture
def sica(db: None) -> Organization:
    return factories.organization("SICA", is_coordinating_body=True)


@pytest.fixture
def coordinator(sica: Organization) -> User:
    return factories.user(sica, "coordinator")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A client signed in as a user."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


def environment(database: str = "") -> dict[str, str]:
    """What a process of its own needs, to work on this test's database (or another of its server) and Redis."""
    settings = connection.settings_dict
    database = database or settings["NAME"]
    host = settings["OPTIONS"].get("host") or settings["HOST"]
    address = (
        f"postgres://{settings['USER']}@/{database}?host={host}"
        if str(host).startswith("/")
        else os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/" + database
    )
    return {**os.environ, "DATABASE_URL": address, "PYTHONPATH": str(ROOT)}


@contextmanager
def database_of_its_own(name: str, *, migrated: bool = False) -> Iterator[None]:
    """A database of the tests' server, empty or as those of the tests are; gone afterwards, anyone who is connected."""
    wait_for_template()
    with closing(administration()) as admin, admin.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE if migrated else 'template1'}")
        yield
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _workers() -> Iterator[dict[frozenset[tuple[str, str]], Workers]]:
    """By the variables of their environment, as some tests set them for themselves."""
    loaded: dict[frozenset[tuple[str, str]], Workers] = {}
    yield loaded
    for workers in loaded.values():
        workers.end()


@pytest.fixture
def worker(_workers: dict[frozenset[tuple[str, str]], Workers]) -> Iterator[Callable[[], psutil.Process]]:
    """Starts real Celery workers against the test's database and Redis. All are killed after the test, whatever they
    are at: how a worker ends in order, tests/carsi_portal/test_deployment_runs.py tries."""
    started: list[psutil.Process] = []

    def start() -> psutil.Process:
        variables = environment()
        variables.pop("PYTEST_CURRENT_TEST")
        here = frozenset(variables.items())
        if here not in _workers:
            _workers[here] = Workers(variables)
        started.append(_workers[here].begin())
        return started[-1]

    yield start
    for process in started:
        with suppress(ProcessLookupError):  # the test has ended it
            os.killpg(process.pid, signal.SIGKILL)
    psutil.wait_procs(started)


def wait_until(condition: Callable[[], bool], seconds: float = 300) -> None:
    """Waits for a condition; fails the test when it does not come true."""
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "the condition did not come true"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium: the system's, else Playwright's own. None is a failure in CI, and a skip elsewhere."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            launched = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        except Error:
            message = "No Chromium: install it (apt install chromium) or run .venv/bin/python -m playwright install"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        yield launched
        launched.close()
