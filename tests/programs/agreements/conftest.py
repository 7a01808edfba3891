"""The world that most tests of agreements are about (world.py)."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.programs.agreements.world import World
from tests.worlds import kept_through


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once for all tests of a file that ask for it; what each of them changes is rolled back."""
    with kept_through(django_db_blocker, World) as made:
        yield made


@pytest.fixture
def the(built: World, db: None) -> World:
    return deepcopy(built)
