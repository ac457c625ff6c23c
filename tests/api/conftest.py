"""A served shop for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.cockpit import Cockpit, running_cockpit


@pytest.fixture(scope="session")
def cockpit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A served shop that tests only read, or to which they only add what others do not look at."""
    with running_cockpit(tmp_path_factory.mktemp("cockpit")) as served:
        yield served
