"""What import-linter does not see: packages it was not told of, models asked for by name, words of a higher app."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.conftest import ROOT

CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
PACKAGES: list[str] = CONFIG["root_packages"]
# They import what they need, and nothing imports them.
BESIDE = {"tests", "tools", "benchmarks"}
# Asked for by a name that the history itself holds.
BY_A_STORED_NAME = {"programs/changes.py"}


def contract(container: str | None) -> list[str]:
    """The layers of a package, the highest first; of the packages themselves without one."""
    wanted = [one for one in CONFIG["contracts"] if one.get("containers") == (container and [container])]
    layers: list[str] = next(one["layers"] for one in wanted if one["type"] == "layers")
    return layers


def height(module: str) -> tuple[int, int]:
    """How high a module stands: the package's layer, and that within `programs`."""
    package, *rest = module.split(".")
    return _number(package, contract(None)), _number(rest[0], contract("programs")) if rest else 0


def _number(name: str, layers: list[str]) -> int:
    """The number of a layer, 1 for the lowest."""
    fitting = [number for number, layer in enumerate(layers) if name in re.split(r"\W+", layer)]
    return len(layers) - fitting[0]


def files() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def asked_by_name(path: Path) -> Iterator[str]:
    """The apps whose models a file asks for by name; "?" where the name is not written there."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "get_model":
            named = node.args[0] if node.args else None
            yield str(named.value).split(".")[0] if isinstance(named, ast.Constant) else "?"


def own_app(path: Path) -> str:
    """The label of the app that a file belongs to."""
    module = ".".join(path.relative_to(ROOT).parts)
    fitting = [app for app in apps.get_app_configs() if module.startswith(f"{app.name}.")]
    return max(fitting, key=lambda app: len(app.name)).label


def test_every_package_has_its_place_among_the_layers() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - BESIDE

    assert packages == set(PACKAGES) == set(contract(None))


def test_every_module_has_its_place_within_its_package() -> None:
    exhaustive = {container for one in CONFIG["contracts"] if one.get("exhaustive") for container in one["containers"]}

    assert exhaustive == set(PACKAGES) - {"carsi_portal"}


def test_models_are_asked_for_by_name_within_their_own_app_alone() -> None:
    around = {
        (path.relative_to(ROOT).as_posix(), label)
        for path in files()
        for label in asked_by_name(path)
        if path.relative_to(ROOT).as_posix() not in BY_A_STORED_NAME and label != own_app(path)
    }

    assert around == set()


@pytest.mark.parametrize(
    "model", [m for m in apps.get_models() if m.__module__.split(".")[0] in PACKAGES], ids=lambda model: model.__name__
)
def test_a_row_points_to_no_row_of_a_higher_app(model: type[models.Model]) -> None:
    own = height(apps.get_app_config(model._meta.app_label).name)
    pointed_to = {
        field.related_model for field in (*model._meta.fields, *model._meta.many_to_many) if field.is_relation
    }
    ours = {target for target in pointed_to if isinstance(target, type) and target.__module__.split(".")[0] in PACKAGES}

    assert {target for target in ours if height(apps.get_app_config(target._meta.app_label).name) > own} == set()


def test_discussion_knows_no_agreements() -> None:
    """They are a topic to it (programs/discussion/topics.py)."""
    folder = ROOT / "programs" / "discussion"

    naming = [
        path.name
        for path in folder.rglob("*.py")
        if "migrations" not in path.parts and "agreement" in path.read_text().lower()
    ]

    assert naming == []
