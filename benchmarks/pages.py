"""How long the server takes for each page, and how much of it is SQL: `make bench-pages SIZE=100000`.

On throw-away servers with made-up programs, scanned by the engine, half as many overlaps as programs; every 33rd
program is restricted, every 100th a draft, and of each ten two are parts of a third. Served as in production by
gunicorn with one worker; a coordinator and a partner ask for every page in turn. The floor are the page's own
statements, asked again through psycopg2 alone.
"""

import argparse
import http.client
import os
import platform
import secrets
import statistics
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from benchmarks.overlap import full_scan
from benchmarks.programs import generate
from benchmarks.scratch import areas, load, scratch_servers, vacuum
from benchmarks.window import portal_served, session_of

GOAL_MS = 150
# Pairs beyond those that the engine flags: the same ones told of other programs, each a case of its own.
MORE_PAIRS = """
INSERT INTO overlap_overlap (left_id, right_id, kind, score, factors, money_usd, state, is_flagged, model_version,
    left_version, right_version, material, sites, stake, first_flagged_at, updated_at)
SELECT least(a, b), greatest(a, b), o.kind, o.score, o.factors, o.money_usd, 'open', true, o.model_version, 1, 1,
    o.material, o.sites, o.stake, o.first_flagged_at, o.updated_at
FROM (SELECT row_number() OVER (ORDER BY id) AS n, * FROM overlap_overlap) o,
    LATERAL (SELECT (o.n * 7919) %% %(size)s + 1 AS a, (o.n * 104729 + 17) %% %(size)s + 1 AS b) pair
WHERE a <> b AND o.kind = 'overlap'
    AND (SELECT count(*) FROM programs_program p WHERE p.id IN (a, b) AND p.stage <> 'draft') = 2
ORDER BY o.n LIMIT %(number)s ON CONFLICT DO NOTHING
"""
FAMILIES = """
INSERT INTO programs_relatedprogram (program_id, type, identifier, related_id)
SELECT p.id, 1, q.identifier, q.id FROM programs_program p JOIN programs_program q ON q.id = p.id / 10 * 10
WHERE p.id % 10 IN (1, 2)
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--size", type=int, default=10_000)
    arguments.add_argument("--samples", type=int, default=20)
    options = arguments.parse_args()
    os.environ |= {"DEMONSTRATION": "true", "SECRET_KEY": secrets.token_urlsafe(50)}
    with scratch_servers():
        _fill(options.size)
        from donors.models import Organization
        from programs.overlap.models import Overlap
        from programs.reports.services import renew_figures
        from tests import factories

        coordinator = factories.user(factories.organization("SICA", is_coordinating_body=True), "coordinator")
        partner = factories.user(Organization.objects.get(pk=5), "manager")
        overlaps = Overlap.objects.count()
        print(f"\n{options.size:,} programs, {overlaps:,} overlaps; {options.samples} requests of each page")
        pages = _pages()
        with portal_served(workers=1) as address:
            for name, person in (("coordinator", coordinator), ("partner", partner)):
                ask = _client(address, session_of(person.email))
                ask("/notifications/")
                print(f"\n{name}: a first look at the region, with nothing remembered, {ask('/') / 1000:.2f} s")
                began = time.perf_counter()
                renew_figures(seconds=600)
                print(f"the job made the figures of all who look in {time.perf_counter() - began:.1f} s")
                _measure(ask, pages, person, options.samples)
    print(f"machine: {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")


def _fill(size: int) -> None:
    from django.db import connection

    from programs.money.stored import renew_all

    load(list(generate(size, areas())))
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica;"
            "UPDATE programs_program SET visibility = 'restricted' WHERE id % 33 = 0;"
            "UPDATE programs_program SET stage = 'draft' WHERE id % 100 = 50;"
            f"{FAMILIES};"
            "SET session_replication_role = DEFAULT"
        )
    scan = full_scan(2)
    with connection.cursor() as cursor:
        cursor.execute(MORE_PAIRS, {"size": size, "number": max(0, size // 2 - scan.flagged)})
    renew_all()
    vacuum()


def _pages() -> list[str]:
    """Every kind of page that shows programs or overlaps, each of a subject with much in it."""
    from django.db.models import Count

    from donors.models import Organization
    from goals.models import Area
    from programs.overlap.models import Overlap

    pair = Overlap.objects.filter(case__isnull=False).order_by("-score", "pk").first()
    case = Overlap.objects.filter(case__isnull=False).values("case").annotate(n=Count("pk")).order_by("-n").first()
    donor = Organization.objects.annotate(n=Count("participations")).order_by("-n").first()
    area = Area.objects.annotate(n=Count("program_locations")).order_by("-n").first()
    assert pair
    assert case
    assert donor
    assert area
    return [
        "/", "/?layer=overlaps", "/gaps/", "/my-organization/", "/programs/", "/programs/?sort=money&page=40",
        "/programs/?country=HN&goal=2", "/programs/?q=courts", f"/programs/{pair.left_id}/", "/overlaps/",
        "/overlaps/?sort=newest&page=40", "/overlaps/?country=HN&goal=2", f"/overlaps/?donor={donor.pk}",
        "/overlaps/movement/", f"/overlaps/{pair.pk}/", f"/cases/{case['case']}/", "/donors/", f"/donors/{donor.pk}/",
        "/countries/HN/", "/goals/2/", f"/areas/{area.pk}/", "/priorities/", "/agreements/", "/reports/",
        "/notifications/", "/api/v1/overlaps/", "/api/v1/organizations/", "/api/v1/matrix/", "/api/v1/gaps/",
    ]  # fmt: skip


def _client(address: str, session: str) -> Callable[[str], float]:
    """Asks for a page, and gives the milliseconds to the end of the answer."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)

    def ask(path: str) -> float:
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"sessionid={session}", "Accept-Language": "en"})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status, body[:300])
        return (time.perf_counter() - began) * 1000

    return ask


def _measure(ask: Callable[[str], float], pages: list[str], person: Any, samples: int) -> None:
    took: dict[str, list[float]] = {page: [] for page in pages}
    for page in pages:
        ask(page)
    for _round in range(samples):
        for page, times in took.items():
            times.append(ask(page))
    for page, times in took.items():
        median, p95 = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
        queries, floor = _floor(page, person)
        over = f"  OVER {GOAL_MS}" if median > GOAL_MS else ""
        print(
            f"  {page:36} median {median:6.1f} ms, p95 {p95:6.1f} ms; its {queries:2} statements alone {floor:5.1f} ms:"
            f" {median / max(floor, 0.1):5.1f} times{over}"
        )
    print(f"  slowest median {max(statistics.median(times) for times in took.values()):.1f} ms (aim {GOAL_MS})")


def _floor(page: str, person: Any) -> tuple[int, float]:
    """How many statements the page asks, and their median milliseconds through psycopg2 alone."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client, override_settings

    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    # This process is not the one that serves: it knows no collected static files.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with connection.execute_wrapper(note), override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        client.get(page, HTTP_HOST="localhost").getvalue()
    times = []
    with connection.connection.cursor() as cursor:
        for _round in range(5):
            began = time.perf_counter()
            for sql, params in asked:
                cursor.execute(sql, params)
                cursor.fetchall()
            times.append((time.perf_counter() - began) * 1000)
    return len(asked), statistics.median(times)


if __name__ == "__main__":
    main()
