"""Starts and stops the embedded servers: `python -m carsi_portal.embedded start|stop|status`.

What DATABASE_URL or REDIS_URL name elsewhere is left alone.
"""

import os
import sys

from carsi_portal.embedded import ServerError
from carsi_portal.embedded.postgres import Postgres
from carsi_portal.embedded.redis import Redis


def servers() -> list[Postgres | Redis]:
    """The servers that this environment needs: none for an address that it names."""
    wanted: list[Postgres | Redis] = []
    if not os.environ.get("DATABASE_URL"):
        wanted.append(Postgres())
    if not os.environ.get("REDIS_URL"):
        wanted.append(Redis())
    return wanted


def main(arguments: list[str]) -> int:
    if arguments not in (["start"], ["stop"], ["status"]):
        print(__doc__)
        return 2
    try:
        if arguments == ["start"]:  # either both start, or neither
            for server in servers():
                server.require()
        for server in servers():
            if arguments == ["start"]:
                server.start()
            elif arguments == ["stop"]:
                server.stop()
            running = "running" if server.is_running() else "stopped"
            print(f"{type(server).__name__}: {running} ({server.socket})")
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
