"""How fast a spreadsheet of 20,000 programs is checked and applied, and in how much memory: `make bench-import`.

Works on throw-away servers in a folder of its own. Arguments: how many rows, xlsx or csv, and `killed` to have a
worker of its own killed when half of the rows are applied, and another go on.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from carsi_portal import embedded
from carsi_portal.embedded.postgres import Postgres
from carsi_portal.embedded.redis import Redis

if TYPE_CHECKING:
    from programs.exchange.models import Import

COUNTRIES = ("Honduras 60 %; El Salvador 40 %", "Guatemala", "HN", "Costa Rica", "Panama", "Nicaragua 50%; Belice 50 %")
AREAS = ("HN-CR / Choloma", "GT-01", "HN-AT / Tela; HN-CR / Puerto Cortés", "SV-SS / Soyapango", "", "CR-SJ")
SECTORS = ("15132", "15130 60 %; 15210 40 %", "15160", "16010", "15220", "15113")
HEADINGS = ("Identifier", "Title", "Description", "Language", "Status", "Visible to", "Planned start", "Planned end",
            "Goal 1 %", "Goal 3 %", "Country", "Area", "Sector", "Funder", "Implementer", "Amount committed",
            "Currency")  # fmt: skip


def table(rows: int) -> Iterator[list[str]]:
    """A table of so many made-up programs, as people would write it."""
    yield list(HEADINGS)
    for number in range(rows):
        kind = number % 6
        yield [
            f"BENCH-{number:05d}",
            f"Community policing and prevention, phase {number} of district {number * 7919 % 10007}",
            "Trains police officers, prosecutors and neighbourhood committees to prevent violence among young people; "
            f"radios, vehicles and a hotline for {number % 97} neighbourhoods, with the municipality.",
            "en",
            ("Implementation", "Pipeline", "Closed")[number % 3],
            "Everybody",
            f"2024-{number % 12 + 1:02d}-01",
            f"31/12/202{number % 4 + 5}",
            "60" if number % 2 else "",
            "40" if number % 2 else "",
            COUNTRIES[kind],
            AREAS[kind],
            SECTORS[kind],
            "Benchmark Fund",
            "Benchmark Works",
            f"{number * 1000 + 500:,}.50",
            ("USD", "EUR", "USD")[number % 3],
        ]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    kind = sys.argv[2] if len(sys.argv) > 2 else "xlsx"
    with tempfile.TemporaryDirectory(prefix="carsi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL may run as another user
        servers = [Postgres(folder, throw_away=True), Redis(folder, throw_away=True)]
        os.environ |= {
            "CARSI_VAR": name,
            "DATABASE_URL": embedded.database_url(folder),
            "REDIS_URL": embedded.redis_url(folder),
            "DJANGO_SETTINGS_MODULE": "carsi_portal.settings",
            "LOG_LEVEL": "WARNING",
            "DEMONSTRATION": "true",
        }
        for server in servers:
            server.start()
        try:
            measure(rows, kind, killed="killed" in sys.argv)
        finally:
            for server in servers:
                server.stop()


def measure(rows: int, kind: str, *, killed: bool) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from donors.models import Membership, User
    from donors.services import create_organization
    from goals.reference import load_reference_data
    from programs.exchange import services
    from programs.exchange.models import Import
    from programs.exchange.spreadsheet.tables import csv_file, xlsx_file
    from programs.models import Program

    call_command("migrate", verbosity=0)
    load_reference_data()
    organization = create_organization("Benchmark Fund")
    create_organization("Benchmark Works")
    actor = User.objects.create_user("bench@example.org")
    Membership.objects.create(user=actor, organization=organization, role="editor")
    content = b"".join(csv_file(table(rows))) if kind == "csv" else xlsx_file(table(rows)).read()
    print(f"{rows:,} rows of {len(HEADINGS)} columns, {kind}, {len(content) / 1024 / 1024:.1f} MiB")
    before = peak_mib()
    job = services.start_import(organization, file_name=f"bench.{kind}", content=content, language="en", actor=actor)
    lap = Lap(rows)
    services.work_on(job.pk, seconds=3600)
    lap.tell("read")
    job.refresh_from_db()
    services.choose_columns(job, job.columns, date_order=job.date_order, actor=actor)
    services.work_on(job.pk, seconds=3600)
    lap.tell("check")
    print(f"      {Import.objects.get(pk=job.pk).rows.counts()}")
    services.apply_import(job, actor=actor, leave_out_refused=True)
    if killed:
        print(f"      a worker killed after {kill_a_worker(job, rows // 2):,} rows")
    while Import.objects.filter(pk=job.pk, state=Import.State.APPLYING).exists():
        # The dead worker's lock goes with its session, which the database ends after the statement that it is at.
        services.work_on(job.pk, seconds=3600)
        time.sleep(0.05)
    lap.tell("apply")
    lap.tell_total("in all")
    versions = set(Program.objects.values_list("version", flat=True))
    print(f"      {Program.objects.count():,} programs, in versions {versions}")
    services.undo_import(job, actor=actor)
    services.work_on(job.pk, seconds=3600)
    lap.tell("undo")
    print(f"      {Program.objects.count():,} programs left")
    print(f"peak memory {peak_mib():.0f} MiB, {before:.0f} MiB of it before the import began")
    print(f"machine: {os.cpu_count()} cores, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}")


def kill_a_worker(job: "Import", applied: int) -> int:
    """Has a process of its own work on the import, kills it once so many rows are applied; how many are."""
    setup = "import django; django.setup(); from programs.exchange import services"
    worker = subprocess.Popen([sys.executable, "-c", f"{setup}; services.work_on({job.pk}, seconds=3600)"])
    while job.rows.filter(is_applied=True).count() < applied and worker.poll() is None:
        time.sleep(0.05)
    worker.kill()
    worker.wait()
    return job.rows.filter(is_applied=True).count()


class Lap:
    """Time by the clock, and the processor's: this process and its database session, which take turns. The sum of
    these two is the time that the clock would show on a machine with nothing else to do. Of a worker that was killed
    the processor's time is in it, its database session's is not."""

    def __init__(self, rows: int) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.session = cursor.fetchone()[0]
        self.rows = rows
        self.first = self.last = self._now()

    def _now(self) -> tuple[float, float, float]:
        fields = Path(f"/proc/{self.session}/stat").read_text().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
        times = os.times()
        own = times.user + times.system + times.children_user + times.children_system
        return time.perf_counter(), own, ticks / os.sysconf("SC_CLK_TCK")

    def tell(self, name: str) -> None:
        now = self._now()
        self._print(name, self.last, now)
        self.last = now

    def tell_total(self, name: str) -> None:
        self._print(name, self.first, self.last)

    def _print(self, name: str, began: tuple[float, float, float], ended: tuple[float, float, float]) -> None:
        clock, own, database = (after - before for before, after in zip(began, ended, strict=True))
        print(f"{name:7}{clock:6.1f} s by the clock, {self.rows / clock:6,.0f} rows/s; processor {own:5.1f} s here and "
              f"{database:5.1f} s in the database, {self.rows / (own + database):6,.0f} rows/s")  # fmt: skip


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
