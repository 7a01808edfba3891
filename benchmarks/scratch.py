"""A scratch PostgreSQL and Redis of their own, and the made-up programs loaded into them with COPY."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.programs import Row
from carsi_portal import embedded
from carsi_portal.embedded.postgres import Postgres
from carsi_portal.embedded.redis import Redis

NULL = r"\N"


@contextmanager
def scratch_servers() -> Iterator[None]:
    """Within it the settings' database and Redis are empty ones that nothing else uses; Django is set up."""
    folder = Path(tempfile.mkdtemp(prefix="carsi-bench-"))
    folder.chmod(0o755)  # PostgreSQL may run as another user
    os.environ |= {
        "CARSI_VAR": str(folder),
        "DATABASE_URL": embedded.database_url(folder),
        "REDIS_URL": embedded.redis_url(folder),
        "DJANGO_SETTINGS_MODULE": "carsi_portal.settings",
        "LOG_LEVEL": "WARNING",
        "HTTPS": "false",
    }
    servers = [Postgres(folder, throw_away=True), Redis(folder, throw_away=True)]
    try:
        for server in servers:
            server.start()
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("load_reference_data", verbosity=0)
        yield
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def load(rows: Iterable[Row]) -> None:
    """Writes the programs; triggers are off during that time, since there is no history to keep of made-up programs."""
    from django.db import connection, transaction

    kept = list(rows)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, columns, lines in _tables(kept):
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO("".join(lines)))
        cursor.execute(
            "SELECT setval('donors_organization_id_seq', 100000); SELECT setval('programs_program_id_seq', %s)",
            [len(kept) + 1],
        )
    vacuum()


def vacuum() -> None:
    """What autovacuum would do in time: statistics, and pages known to be visible to all."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def forget_scans() -> None:
    """As if nothing had ever been scanned."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE overlap_overlap, overlap_review, overlap_cluster, overlap_clusterdue, overlap_scanrun,"
            " overlap_scanpart, overlap_programprofile, overlap_candidatekey CASCADE;"
            "UPDATE programs_program SET scanned_version = 0"
        )
    vacuum()


def areas() -> dict[str, list[str]]:
    """The areas of each of the seven countries."""
    from goals.models import Area

    found: dict[str, list[str]] = {}
    for code, country in Area.objects.filter(country__in_carsi=True).order_by("code").values_list("code", "country_id"):
        found.setdefault(country, []).append(code)
    return found


def _tables(rows: list[Row]) -> Iterator[tuple[str, str, Iterator[str]]]:
    organizations = sorted({n for row in rows for n in (row.reporter, row.funder, row.implementer)})
    yield (
        "donors_organization",
        _columns("donors_organization", "id", "name"),
        (_line(n + 1, f"Organization {n}", *_rest("donors_organization")) for n in organizations),
    )
    yield (
        "programs_program",
        "id, reporting_org_id, identifier, title, description, language, status, stage, planned_start, planned_end,"
        " visibility, source, source_name, scope, goals_origin, default_currency, activity_scope, collaboration_type,"
        " flow_type, finance_type, aid_type, tied_status, committed_usd, committed_basis, version, scanned_version,"
        " created_at, updated_at",
        (
            _line(
                r.number + 1, r.reporter + 1, r.identifier, r.title, r.description, r.language, 2, "published",
                r.start, r.end, "public", "iati", "", "in_scope", "confirmed", "", "", "", "", "", "", "",
                r.budget, "budgets", 1, 0, "2026-01-01", "2026-01-01",
            )
            for r in rows
        ),
    )  # fmt: skip
    yield "programs_coverage", "program_id, country_id", (_line(r.number + 1, r.country) for r in rows)
    yield (
        "programs_programlocation",
        "program_id, area_id, name",
        (_line(r.number + 1, r.area, r.locality) for r in rows if r.area or r.locality),
    )
    yield (
        "programs_programgoal",
        "program_id, goal_id, percentage, reasons",
        (_line(r.number + 1, r.goal, 100, "[]") for r in rows),
    )
    yield "programs_programsector", "program_id, sector_id", (_line(r.number + 1, r.sector) for r in rows)
    yield (
        "programs_participation",
        "program_id, organization_id, role, activity_identifier",
        (
            _line(r.number + 1, organization + 1, role, "")
            for r in rows
            for organization, role in ((r.funder, 1), (r.implementer, 4))
        ),
    )
    yield (
        "programs_budget",
        "program_id, type, status, value, currency, value_usd",
        (_line(r.number + 1, 1, 1, r.budget, "USD", r.budget) for r in rows),
    )
    yield (
        "programs_transaction",
        "program_id, type, value, currency, date, provider_id, receiver_id, provider_activity, receiver_activity,"
        " description, reference, finance_type, value_usd",
        (
            _line(
                r.number + 1, r.payment[0], r.payment[1], "USD", r.payment[2], r.funder + 1, r.reporter + 1, "", "", "",
                "", "", r.payment[1],
            )
            for r in rows
            if r.payment
        ),
    )  # fmt: skip


def _line(*values: Any) -> str:
    return "\t".join(NULL if value is None else str(value) for value in values) + "\n"


# Further columns of organizations that may not be null, with what stands in them.
_ORGANIZATION: dict[str, Any] = {}


def _columns(table: str, *first: str) -> str:
    from donors.models import Organization

    for field in Organization._meta.concrete_fields:
        if field.column not in first and not field.null:
            default = field.get_default()
            _ORGANIZATION[field.column] = (
                "2026-01-01"
                if "_at" in field.column
                else str(default).lower()
                if isinstance(default, bool)
                else default
            )
    return ", ".join((*first, *_ORGANIZATION))


def _rest(table: str) -> list[Any]:
    return list(_ORGANIZATION.values())
