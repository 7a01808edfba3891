"""The outlines of areas for maps, as tools/draw_areas.py drew them; each process reads them once."""

import json
from functools import cache
from typing import Any

from django.conf import settings


@cache
def outlines() -> dict[str, list[Any]]:
    """Area (ISO 3166-2) -> name, country, x, y and path of its drawing."""
    path = settings.BASE_DIR / "static" / "data" / "areas.json"
    return json.loads(path.read_text(encoding="utf-8"))
