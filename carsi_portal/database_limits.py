"""How long a statement of the database may take, and how long a transaction may stand idle.

The net below the next query that nobody saw coming: a statement goes on after its reader has left, and only the
database can end it. Web and worker processes set these limits for each connection that they open. Commands (`migrate`,
a full scan by hand) have none. How much a statement may write to the disk is the server's own setting,
`temp_file_limit`: only a superuser may change it (docs/deploy.md).
"""

from typing import Literal

from django.conf import settings
from django.db import connections


def limit_statements(process: Literal["web", "worker"]) -> None:
    """From now on, connections of this process end statements and idle transactions after the settings' seconds."""
    statement, idle = settings.DATABASE_SECONDS[process]
    options = connections.settings["default"]["OPTIONS"]
    ours = f"-c statement_timeout={statement * 1000} -c idle_in_transaction_session_timeout={idle * 1000}"
    # What DATABASE_URL says comes last, and wins.
    options["options"] = f"{ours} {options.get('options', '')}".strip()
    connections.close_all()
