"""Fails where a model was changed without a migration; starts the embedded PostgreSQL of a throw-away folder."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from carsi_portal.embedded import database_url
from carsi_portal.embedded.postgres import Postgres


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="carsi-lint-") as folder:
        os.chmod(folder, 0o755)
        server = Postgres(Path(folder), throw_away=True)
        if not os.environ.get("DATABASE_URL"):
            server.start()
            os.environ["DATABASE_URL"] = database_url(Path(folder))
        try:
            return subprocess.run([sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
