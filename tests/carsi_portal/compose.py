"""docker-compose.yml as Docker Compose reads it: variables filled in, `$$` a single dollar."""

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<sign>[-?])(?P<word>[^}]*))?\}")

# What somebody would write into .env: made up for the tests.
FILLED_IN = {
    "SECRET_KEY": "k3Vd-9sQ_wTz5mYbH2xRfLp7NcJ8gUaE4oWiS6tXyB1vDqKeMhZ0",
    "ALLOWED_HOSTS": "portal.example.org,www.portal.example.org",
    "POSTGRES_PASSWORD": "5f1c0a",
    "REDIS_PASSWORD": "77be2d",
    "EMAIL_URL": "smtp+tls://portal:letters@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "CARSI Portal <portal@example.org>",
    "PORTAL_URL": "https://portal.example.org",
    "WEB_WORKERS": "1",
    "WORKER_CONCURRENCY": "1",
}


def text() -> str:
    return (ROOT / "docker-compose.yml").read_text()


def variables() -> dict[str, tuple[str, str]]:
    """Name of each `${NAME:?word}`, `${NAME:-word}` -> its sign ("?", "-" or "") and word."""
    found: dict[str, tuple[str, str]] = {}
    for match in VARIABLE.finditer(without_comments(text())):
        if match["name"]:
            found[match["name"]] = (match["sign"] or "", match["word"] or "")
    return found


def without_comments(yaml_text: str) -> str:
    return "\n".join(line for line in yaml_text.splitlines() if not line.lstrip().startswith("#"))


def fill_in(value: Any, values: dict[str, str]) -> Any:
    """The value with its variables replaced, as Compose does it; KeyError for a required one not given."""
    if isinstance(value, dict):
        return {key: fill_in(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [fill_in(item, values) for item in value]
    if not isinstance(value, str):
        return value

    def replace(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, given = match["name"], values.get(match["name"])
        if not given and match["sign"] != "-":
            raise KeyError(name)
        return given or match["word"]

    return VARIABLE.sub(replace, value)


def services(values: dict[str, str] = FILLED_IN) -> dict[str, dict[str, Any]]:
    """Name -> service, all variables filled in."""
    return fill_in(yaml.safe_load(text()), values)["services"]


def health_command(service: dict[str, Any]) -> list[str]:
    """The health check of a service as a command to run."""
    kind, *rest = service["healthcheck"]["test"]
    return ["sh", "-c", rest[0]] if kind == "CMD-SHELL" else rest
