"""A made-up shop for every test of the warehouse."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.warehouse.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Return a workspace without any import."""
    return Shop(tmp_path / "shop")


@pytest.fixture
def new_shop(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Shop]:
    """Return a function that makes another workspace at each call."""
    numbers = itertools.count()
    base = tmp_path_factory.mktemp("shops")
    return lambda: Shop(base / str(next(numbers)))
