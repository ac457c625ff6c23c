"""Warehouses for the tests: an empty one to put toy rows into, and the synthetic shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.metrics.canonical import create_tables, insert
from tests.metrics.synthetic import fill

from duoshou.engine import Backend
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import Catalogue, QueryResult, load_catalogue, query
from duoshou.model import Period
from duoshou.settings import EngineSettings

Ask = Callable[..., QueryResult]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return the shipped catalogue."""
    return load_catalogue()


class Toy:
    """A warehouse of a few rows."""

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._path = path
        self._catalogue = catalogue
        self._backend: Backend | None = None
        with duckdb.connect(str(path)) as connection:
            create_tables(connection)

    def add(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Insert rows; an open answer is closed first, as a snapshot never changes."""
        self.close()
        with duckdb.connect(str(self._path)) as connection:
            insert(connection, table, rows)

    def opened(self) -> tuple[Backend, Catalogue]:
        """Return the open backend and the catalogue."""
        if self._backend is None:
            self._backend = DuckDBBackend.open(self._path, EngineSettings())
        return self._backend, self._catalogue

    def ask(self, *metrics: str, period: Period, as_of: date = date(2026, 12, 31), **asked: Any) -> QueryResult:
        """Return the answer."""
        backend, catalogue = self.opened()
        return query(backend, catalogue, metrics, period=period, as_of=as_of, **asked)

    def close(self) -> None:
        """Close the connection, if one was opened."""
        if self._backend is not None:
            self._backend.close()
            self._backend = None


@pytest.fixture
def toy(tmp_path: Path, catalogue: Catalogue) -> Iterator[Toy]:
    """Return an empty warehouse."""
    warehouse = Toy(tmp_path / "toy.duckdb", catalogue)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def synthetic_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the DuckDB file of the synthetic shop."""
    path = tmp_path_factory.mktemp("synthetic") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        fill(connection)
    return path


@pytest.fixture(scope="session")
def synthetic(synthetic_file: Path) -> Iterator[DuckDBBackend]:
    """Return an open backend on the synthetic shop."""
    with DuckDBBackend.open(synthetic_file, EngineSettings()) as backend:
        yield backend


@pytest.fixture(scope="session")
def ask(synthetic: DuckDBBackend, catalogue: Catalogue) -> Ask:
    """Return a function that asks the synthetic shop."""

    def asked(*metrics: str, period: Period, as_of: date = date(2026, 12, 31), **more: Any) -> QueryResult:
        return query(synthetic, catalogue, metrics, period=period, as_of=as_of, **more)

    return asked
