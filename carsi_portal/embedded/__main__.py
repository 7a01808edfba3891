"""Starts and stops the embedded servers: `python -m carsi_portal.embedded start|stop|status`.

What DATABASE_URL or REDIS_URL name elsewhere is left alone.
"""

import os
import sys

from carsi_portal.embedded.postgres import Postgres, ServerError
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
    for server in servers():
        name = type(server).__name__
        try:
            if arguments == ["start"]:
                server.start()
            elif arguments == ["stop"]:
                server.stop()
        except ServerError as error:
            print(error, file=sys.stderr)
            return 1
        print(f"{name}: {'running' if server.is_running() else 'stopped'} ({server.socket})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
