"""docker-compose.yml, Dockerfile and .env.example against each other, the settings and the entry points."""

import ast
import fnmatch
import importlib.util
import itertools
import json
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from celery.beat import PersistentScheduler
from django.core.management import get_commands

from carsi_portal.queues import WORKERS, Worker
from tests.carsi_portal.compose import FILLED_IN, ROOT, health_command, services, text, variables

WORKER_NAMES = tuple(worker.name for worker in WORKERS)
OURS = ("migrate", "web", *WORKER_NAMES, "beat")
ALWAYS_ON = ("postgres", "redis", "web", *WORKER_NAMES, "beat")
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "EMAIL_URL")
# What the images of others read: https://hub.docker.com/_/postgres, and redis-cli's manual.
READ_BY_IMAGES = {
    "postgres": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"},
    "redis": {"REDISCLI_AUTH"},
}
NAMED_VALUE = re.compile(r"^([A-Z_]+)=(.*)$", re.MULTILINE)


def read_by_settings() -> set[str]:
    """Names of the environment variables that settings.py reads through `env`."""
    tree = ast.parse((ROOT / "carsi_portal" / "settings.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def example() -> dict[str, str]:
    return dict(NAMED_VALUE.findall((ROOT / ".env.example").read_text()))


def instructions(name: str) -> list[str]:
    """What follows each instruction of that name in the Dockerfile, lines joined."""
    joined = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.split(maxsplit=1)[1] for line in joined.splitlines() if line.startswith(f"{name} ")]


def test_example_names_the_variables_of_the_compose_file_and_no_others() -> None:
    assert set(example()) == set(variables())


def test_example_explains_each_variable_in_the_line_above() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()

    unexplained = [line for before, line in itertools.pairwise(lines) if "=" in line and line[0] != "#"
                   and not before.startswith("# ")]  # fmt: skip

    assert unexplained == []


def test_example_and_compose_file_have_the_same_defaults() -> None:
    given = {name: value for name, value in example().items() if value}

    # An empty default says in the compose file that the variable may be left out; in the example it is a blank line.
    assert given == {name: word for name, (sign, word) in variables().items() if sign == "-" and word}


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_has_a_default(name: str) -> None:
    assert variables()[name][0] == "?"
    assert example()[name] == ""


@pytest.mark.parametrize("name", SECRETS)
def test_without_a_secret_nothing_starts(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        services({**FILLED_IN, name: ""})


def test_what_is_required_says_where_it_is_explained() -> None:
    assert {word for sign, word in variables().values() if sign == "?"} == {"see .env.example"}


@pytest.mark.parametrize("service", OURS)
def test_our_containers_get_only_what_the_settings_read(service: str) -> None:
    assert set(services()[service]["environment"]) <= read_by_settings()


@pytest.mark.parametrize("service", sorted(READ_BY_IMAGES))
def test_other_containers_get_only_what_their_images_read(service: str) -> None:
    assert set(services()[service]["environment"]) <= READ_BY_IMAGES[service]


def test_the_image_sets_only_what_the_settings_or_python_read() -> None:
    names = set(re.findall(r"\b([A-Z_]+)=", " ".join(instructions("ENV"))))

    assert names - {"PATH", "PYTHONUNBUFFERED"} <= read_by_settings()


def test_no_site_on_a_server_is_a_demonstration_or_in_debug() -> None:
    for source in (text(), (ROOT / "Dockerfile").read_text(), (ROOT / ".env.example").read_text()):
        assert not re.search(r"\b(DEMONSTRATION|DEBUG)\b\s*[=:]\s*\S*(true|1|on)\b", source, re.IGNORECASE)
    for name in OURS:
        assert not {"DEMONSTRATION", "DEBUG", "HTTPS"} & set(services()[name]["environment"])


def test_the_addresses_of_the_servers_hold_their_passwords() -> None:
    environment = services()["web"]["environment"]

    assert environment["DATABASE_URL"] == "postgres://carsi:5f1c0a@postgres:5432/carsi"
    assert environment["REDIS_URL"] == "redis://:77be2d@redis:6379/0"


@pytest.mark.parametrize("service", OURS)
def test_every_command_is_an_entry_point_that_exists(service: str) -> None:
    command = services()[service]["command"]
    parts = [shlex.split(part) for part in command[2].split("&&")] if command[:2] == ["sh", "-c"] else [command]
    for program, *arguments in parts:
        assert shutil.which(program, path=str(Path(sys.executable).parent)), program
        if program == "python":
            assert arguments[0] == "manage.py"
            assert arguments[1] in get_commands()


@pytest.mark.parametrize("service", ALWAYS_ON)
def test_every_service_that_goes_on_has_a_health_check_and_comes_back(service: str) -> None:
    described = services()[service]

    assert described["restart"] == "unless-stopped"
    assert health_command(described)
    assert {"interval", "timeout", "retries"} <= set(described["healthcheck"])


def test_migrate_runs_once_and_all_others_wait_for_its_success() -> None:
    described = services()

    assert described["migrate"]["restart"] == "no"
    assert described["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("web", *WORKER_NAMES, "beat"):
        assert described[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
        }


def test_only_the_web_server_has_a_port_and_only_on_this_machine() -> None:
    ports = {name: service["ports"] for name, service in services().items() if "ports" in service}

    assert ports == {"web": ["127.0.0.1:8000:8000"]}
    assert yaml.safe_load(text())["networks"]["inside"] == {"internal": True}


def test_nobody_is_root() -> None:
    assert instructions("USER") == ["carsi"]
    last_stage = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert last_stage.index("\nUSER carsi") < last_stage.index("\nCMD ")
    assert "--uid 10001" in last_stage
    described = services()
    assert described["postgres"]["user"] == "postgres"
    assert described["redis"]["user"] == "redis"
    for name in OURS:
        assert "user" not in described[name]
        assert described[name]["read_only"] is True
        assert described[name]["cap_drop"] == ["ALL"]


def test_what_must_last_lies_in_volumes() -> None:
    described = services()
    mounted = {name: service["volumes"] for name, service in described.items() if "volumes" in service}

    assert mounted == {
        "postgres": ["postgres:/var/lib/postgresql"],
        "redis": ["redis:/data"],
        "beat": ["beat:/var/lib/carsi"],
    }
    assert set(yaml.safe_load(text())["volumes"]) == {"postgres", "redis", "beat"}
    assert "BEAT_SCHEDULE=/var/lib/carsi/beat-schedule" in " ".join(instructions("ENV"))


@pytest.mark.parametrize("worker", WORKERS, ids=lambda worker: worker.name)
def test_each_worker_serves_the_queues_of_make_run(worker: Worker) -> None:
    defaults = {name: value for name, value in FILLED_IN.items() if name != "WORKER_CONCURRENCY"}

    assert set(worker.options) <= set(services(defaults)[worker.name]["command"])


def test_there_are_no_other_workers() -> None:
    assert {name for name, service in services().items() if "worker" in service.get("command", [])} == {*WORKER_NAMES}


@pytest.mark.parametrize("worker", WORKERS, ids=lambda worker: worker.name)
def test_the_documentation_starts_the_same_workers_without_docker(worker: Worker) -> None:
    lines = (ROOT / "docs" / "deploy.md").read_text().splitlines()

    commands = [line.split() for line in lines if line.startswith(".venv/bin/python -m celery ")]
    assert any(set(worker.options) <= set(command) for command in commands)


@pytest.mark.parametrize("service", [*ALWAYS_ON, "migrate"])
def test_no_container_takes_all_memory_of_the_machine(service: str) -> None:
    described = services()[service]

    assert described["mem_limit"]
    if service in OURS:
        assert all("size=" in mounted for mounted in described["tmpfs"])


def test_there_is_one_beat() -> None:
    beats = [name for name, service in services().items() if "beat" in service.get("command", [])]

    assert beats == ["beat"]
    assert services()["beat"]["scale"] == 1


def test_beat_writes_its_schedule_more_often_than_its_health_check_asks() -> None:
    minutes = int(re.search(r"-mmin -(\d+)", health_command(services()["beat"])[2])[1])

    assert PersistentScheduler.sync_every * 1.5 <= minutes * 60


def test_the_image_checks_its_health_and_serves_as_the_compose_file_does() -> None:
    web = services({**FILLED_IN, "WEB_WORKERS": "3"})["web"]
    health, command = instructions("HEALTHCHECK")[0], json.loads(instructions("CMD")[0])

    assert json.loads(health.partition("CMD ")[2]) == health_command(web)
    assert " ".join(command).replace("=", " ") == " ".join(web["command"]).replace("=", " ")
    assert importlib.util.find_spec("carsi_portal.healthcheck")


def test_the_image_holds_pinned_packages_and_no_secret() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    pinned = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line[:1] not in ("", "#", " ")]

    assert pinned
    assert all(re.match(r"[a-z0-9._-]+==\S+", line) for line in pinned)
    assert "-r /tmp/server.txt" in dockerfile
    left_out = re.findall(r"'\^\(([a-z|-]+)\)=='", dockerfile)[0].split("|")
    assert set(left_out) <= {line.partition("==")[0] for line in pinned}
    assert not set(SECRETS) & set(re.findall(r"\b([A-Z_]+)=", " ".join(instructions("ENV") + instructions("ARG"))))


def test_the_image_takes_what_the_portal_needs_and_nothing_private() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    taken = [line[1:] for line in lines if line.startswith("!")]

    assert lines[0] == "*"
    assert all((ROOT / name).exists() for name in taken)
    for private in (".env", ".git", "var", ".venv", "tests"):
        assert not any(fnmatch.fnmatch(private, name) for name in taken)
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "tools", "benchmarks"}
    assert packages <= set(taken)
