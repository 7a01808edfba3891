"""How fast the API is read, beside its peers in the same minute: `make bench-api SIZE=100000`.

Made-up programs on throw-away servers, one gunicorn worker with one thread, one client that asks one thing at a time.
"""

import argparse
import http.client
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.programs import generate
from benchmarks.scratch import areas, load, scratch_servers, vacuum

ROOT = Path(__file__).resolve().parent.parent
PAGE = 100
# The page as PostgreSQL alone makes it.
FLOOR = """
SELECT json_agg(row_to_json(page)) FROM (
  SELECT p.id, p.identifier, p.reporting_org_id, o.name AS reporting_org, p.title, p.description, p.language, p.status,
    p.stage, p.visibility, p.source, p.scope, p.goals_origin, p.esca_component,
    coalesce(p.actual_start, p.planned_start) AS start, coalesce(p.actual_end, p.planned_end) AS "end",
    p.planned_start, p.planned_end, p.actual_start, p.actual_end, p.committed_usd, p.committed_basis, p.disbursed_usd,
    (SELECT json_agg(json_build_object('country', c.country_id, 'region', c.region_id, 'percentage', c.percentage)
       ORDER BY c.id) FROM programs_coverage c WHERE c.program_id = p.id) AS coverages,
    (SELECT json_agg(json_build_object('goal', g.goal_id, 'percentage', g.percentage))
       FROM programs_programgoal g WHERE g.program_id = p.id) AS goals,
    (SELECT json_agg(json_build_object('sector', s.sector_id, 'percentage', s.percentage))
       FROM programs_programsector s WHERE s.program_id = p.id) AS sectors,
    (SELECT json_agg(json_build_object('area', l.area_id, 'name', l.name, 'latitude', l.latitude, 'longitude',
       l.longitude, 'percentage', l.percentage))
       FROM programs_programlocation l WHERE l.program_id = p.id) AS locations,
    (SELECT json_agg(json_build_object('organization_id', t.organization_id, 'organization', b.name, 'role', t.role,
       'activity_identifier', t.activity_identifier)) FROM programs_participation t
       JOIN donors_organization b ON b.id = t.organization_id WHERE t.program_id = p.id) AS participations,
    p.version, p.created_at, p.updated_at
  FROM programs_program p JOIN donors_organization o ON o.id = p.reporting_org_id
  WHERE p.stage NOT IN ('draft', 'archived') AND p.id > %s ORDER BY p.id LIMIT 100) page
"""
COPY = "COPY (SELECT * FROM programs_program) TO STDOUT"


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--size", type=int, default=10_000)
    arguments.add_argument("--samples", type=int, default=100)
    arguments.add_argument("--peers", required=True, help="the folder that has django-ninja")
    options = arguments.parse_args()
    with scratch_servers():
        rows = list(generate(options.size, areas()))
        load(rows)
        vacuum()
        key = _key()
        print(f"\n{options.size:,} programs; pages of {PAGE}, median of {options.samples} requests one after the other")
        with _served(options.peers) as (port, process):
            ask = _client(port, key)
            _pages(ask, options)
            _depth(ask, options)
            _dumps(port, key, process, options.size)
    print(f"machine: {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")


def _key() -> str:
    from donors.models import Organization
    from donors.services import create_api_key
    from tests import factories

    reader = factories.user(Organization.objects.earliest("pk"), "viewer")
    return create_api_key(reader, "bench", scopes=["export"]).secret


@contextmanager
def _served(peers: str) -> Iterator[tuple[int, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "benchmarks.api_server", "--bind", f"127.0.0.1:{port}", "--workers", "1",
         "--threads", "1", "--keep-alive", "60", "--timeout", "600", "--log-level", "error"],
        cwd=ROOT, env={**os.environ, "PEERS_PACKAGES": peers, "API_RATE": "10000000/hour"},
    )  # fmt: skip
    try:
        give_up_at = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.1)
        yield port, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


def _client(port: int, key: str) -> Callable[[str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def ask(address: str) -> bytes:
        connection.request("GET", address, headers={"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body[:500])
        return body

    return ask


def _pages(ask: Callable[[str], bytes], options: argparse.Namespace) -> None:
    """The page in the middle, as each gives it; they take turns, so that all have the same minute."""
    from django.db import connection

    middle = options.size // 2
    cursor = _cursor_after(middle)
    ours = f"/api/v1/programs/?page_size={PAGE}&cursor={cursor}"
    drf = f"/drf/?page_size={PAGE}&after={middle}"
    ninja = f"/ninja/programs?page_size={PAGE}&after={middle}"

    def floor() -> bytes:
        with connection.cursor() as database:
            database.execute(
                FLOOR.replace("json_agg(row_to_json(page))", "json_agg(row_to_json(page))::text"), [middle]
            )
            return str(database.fetchone()[0]).encode()

    calls = {"portal": lambda: ask(ours), "Django REST framework": lambda: ask(drf),
             "django-ninja": lambda: ask(ninja), "json_agg by psycopg2 alone": floor}  # fmt: skip
    took: dict[str, list[float]] = {name: [] for name in calls}
    same = [[row["id"] for row in _rows(call())] for call in calls.values()]
    assert all(ids == same[0] and len(ids) == PAGE for ids in same), "not the same page"
    for _round in range(options.samples):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            took[name].append((time.perf_counter() - began) * 1000)
    portal = statistics.median(took["portal"])
    for name, times in took.items():
        median, p95 = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
        print(f"  {name:28} median {median:7.1f} ms, p95 {p95:7.1f} ms: {median / portal:5.2f} times the portal's")


def _rows(body: bytes) -> Any:
    read = json.loads(body)
    return read["results"] if isinstance(read, dict) else read


def _cursor_after(pk: int) -> str:
    from core.api.pages import Cursor
    from programs.models import Program

    return Cursor(("id",), (pk,), backwards=False).encode(Program)


def _depth(ask: Callable[[str], bytes], options: argparse.Namespace) -> None:
    first, last = f"/api/v1/programs/?page_size={PAGE}", ""
    last = f"{first}&cursor={_cursor_after(options.size - PAGE)}"
    took: dict[str, list[float]] = {first: [], last: []}
    for _round in range(options.samples):
        for address, times in took.items():
            began = time.perf_counter()
            ask(address)
            times.append(time.perf_counter() - began)
    print(f"  the last page takes {statistics.median(took[last]) / statistics.median(took[first]):.2f} times the first")


def _dumps(port: int, key: str, server: psutil.Process, size: int) -> None:
    """The whole as NDJSON and CSV, against COPY of the bare table; and how much memory the worker held at most."""
    from django.db import connection

    with connection.cursor() as cursor, Path(os.devnull).open("w") as nowhere:
        began = time.perf_counter()
        cursor.copy_expert(COPY, nowhere)
        bare = size / (time.perf_counter() - began)
    print(f"  COPY (SELECT * FROM programs_program): {bare:,.0f} rows/s")
    (worker,) = server.children()
    for form in ("ndjson", "csv"):
        held = worker.memory_info().rss
        most, lines = held, 0
        connection_ = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        began = time.perf_counter()
        connection_.request("GET", f"/api/v1/programs/?format={form}", headers={"Authorization": f"Bearer {key}"})
        answer = connection_.getresponse()
        assert answer.status == 200
        first = 0.0
        while piece := answer.read1(1 << 20):
            first = first or time.perf_counter() - began
            lines += piece.count(b"\n")
            most = max(most, worker.memory_info().rss)
        seconds = time.perf_counter() - began
        print(
            f"  {form:6} {lines:,} lines in {seconds:.1f} s, the first after {first:.2f} s;"
            f" {size / seconds:,.0f} rows/s\n         COPY is {bare / (size / seconds):.1f} times as fast;"
            f" the worker grew by {(most - held) / 2**20:.0f} MiB to {most / 2**20:.0f}"
        )


if __name__ == "__main__":
    main()
