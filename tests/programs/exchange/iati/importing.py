"""The command that imports IATI files, and what it says."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command


def imported(*files: Path, **options: Any) -> dict[str, Any]:
    """The one object of --json, from the last line."""
    out = StringIO()
    # An end before its start is asked about: test_confirming_imports.py.
    call_command("import_iati", *map(str, files), json=True, stdout=out, accept=["all"], **options)
    return json.loads(out.getvalue().strip().split("\n")[-1])
