"""The queues of background jobs, and the workers that serve them: in `make run`, docker-compose.yml and docs/deploy.md.

Each kind of work has a queue and processes of its own: an import of an hour, or a hundred addresses that hang, leave a
saved program scanned within seconds. A worker that is told of no queue serves all of them.
"""

from dataclasses import dataclass

DEFAULT = "default"

# Which queue a task goes to, by its name; what is not here goes to DEFAULT.
ROUTES = {
    # Its worker takes turns: what somebody just saved does not wait for all parts of a full scan.
    "programs.overlap.scan_part": {"queue": "full-scans"},
    "programs.overlap.*": {"queue": "scans"},
    "programs.exchange.*": {"queue": "imports"},
    "programs.reports.*": {"queue": "reports"},
    "programs.webhooks.*": {"queue": "webhooks"},
}
QUEUES = (DEFAULT, *(route["queue"] for route in ROUTES.values()))


@dataclass(frozen=True)
class Worker:
    """A worker: its name, its queues, how many jobs it does at a time, and whether in processes or in threads."""

    name: str
    queues: tuple[str, ...]
    concurrency: int
    # prefork: each job in a process that can be ended when it takes too long. threads: for jobs that only wait for
    # others and have a deadline of their own; a process holds many of them.
    pool: str = "prefork"

    @property
    def options(self) -> list[str]:
        """What `celery worker` takes on its command line."""
        return [f"--queues={','.join(self.queues)}", f"--concurrency={self.concurrency}", f"--pool={self.pool}"]


WORKERS = (
    Worker("worker", ("scans", "full-scans", DEFAULT), 2),
    Worker("worker-imports", ("imports",), 1),
    Worker("worker-reports", ("reports",), 1),
    Worker("worker-webhooks", ("webhooks",), 4, "threads"),
)
