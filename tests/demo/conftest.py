"""Simulated shops in a warehouse, imported once for all tests and all of their processes."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from duoshou.app import create_workspace, open_workbench
from duoshou.demo.exports import write_exports
from duoshou.demo.simulation import Scenario, Simulation, simulate

# Few products that many people visit, with more trials of prices than usual, all customers new in the window, and so
# much stock that it never decides: what half a year can then tell of the parameters is a matter of statistics alone.
KNOWN = Scenario(
    "known",
    parameters={
        "shop": {"products": 12, "level_median": 1000.0, "level_spread": 0.25},
        "price": {"test_chance": 0.35, "test_size": [-0.25, 0.15]},
        "customers": {"before": 0},
        "stock": {"safety": 6.0, "cover": 120.0},
    },
)
NEEDED = ("ExportOrder", "商品流量来源", "自助取数")


@pytest.fixture(scope="session")
def known_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Return a quiet half year: its `truth`, and `ask`, which answers SQL from the warehouse of its files."""

    def simulated() -> Simulation:
        return simulate(seed=5, until=date(2025, 9, 30), days=183, scenario=KNOWN)

    folder = _made_once(tmp_path_factory, "known-shop", lambda folder: _import(folder, simulated(), NEEDED))
    with open_workbench(folder / "shop").reader() as connection:
        yield SimpleNamespace(
            truth=json.loads((folder / "truth.json").read_text("utf-8")),
            ask=lambda sql: connection.execute(sql).fetchall(),
        )


def _import(folder: Path, shop: Simulation, needed: tuple[str, ...]) -> None:
    """Write the files of the shop, import those that are needed, and write the truth down."""
    create_workspace(folder / "shop", name="shop", language="en")
    paths = [path for path in write_exports(shop, folder / "files") if path.name.startswith(needed)]
    report = open_workbench(folder / "shop").import_files(paths)
    assert not report.needs_person
    truth: dict[str, Any] = shop.truth()
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")


def _made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that the first process to ask has filled."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = base / name
    with _only_one(base / f"{name}.lock"):
        if not (folder / "truth.json").exists():
            make(folder)
    return folder


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Let one process at a time go on: SQLite's own lock works on every system and ends with its holder."""
    with closing(sqlite3.connect(path, timeout=900, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("COMMIT")
