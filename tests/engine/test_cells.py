"""Leaves and cells computed in the engine."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from duoshou.engine.cells import cell_table, cells_statement, leaf_table
from duoshou.engine.errors import EngineError

ATTRIBUTES = ("a", "b b", 'c"c')


def facts() -> pa.Table:
    """Return 200 random rows, some attributes unknown, names in need of quoting."""
    generator = np.random.default_rng(1)
    columns: dict[str, Any] = {
        name: [None if code == 3 else f"v{code}" for code in generator.integers(0, 4, 200)] for name in ATTRIBUTES
    }
    return pa.table(columns | {"m": generator.integers(0, 9, 200), "n": generator.random(200)})


def by_hand(table: pa.Table, depth: int) -> dict[tuple[Any, ...], tuple[float, float]]:
    """Return (cuboid, fixed values…) → sums, row by row."""
    sums: dict[tuple[Any, ...], tuple[float, float]] = {}
    for row in table.to_pylist():
        for size in range(depth + 1):
            for fixed in itertools.combinations(range(len(ATTRIBUTES)), size):
                values = tuple(row[name] if bit in fixed else None for bit, name in enumerate(ATTRIBUTES))
                key = (sum(1 << bit for bit in fixed), *values)
                m, n = sums.get(key, (0.0, 0.0))
                sums[key] = (m + row["m"], n + row["n"])
    return sums


def assert_cells(cells: pa.Table, depth: int) -> None:
    """Check the cells against adding up row by row."""
    expected = by_hand(facts(), depth)
    found = {(row["cuboid"], *(row[name] for name in ATTRIBUTES)): (row["m"], row["n"]) for row in cells.to_pylist()}
    assert len(found) == cells.num_rows
    assert found.keys() == expected.keys()
    for key, sums in expected.items():
        assert found[key] == pytest.approx(sums)


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_all_cells_of_up_to_so_many_attributes(depth: int) -> None:
    """DuckDB's cells are the sums of their rows; a fixed NULL is told from an open attribute."""
    connection = duckdb.connect()
    connection.register("facts", facts())
    table = ibis.duckdb.from_connection(connection).table("facts")
    assert_cells(cell_table(table, ATTRIBUTES, ["m", "n"], depth), min(depth, 3))


@pytest.mark.java
def test_spark_runs_the_same_statement(tmp_path: Path) -> None:
    """Spark SQL gives the same cells from the same statement."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    parquet.write_table(facts(), tmp_path / "facts.parquet")
    session.read.parquet(str(tmp_path / "facts.parquet")).createOrReplaceTempView("cell_facts")
    statement = cells_statement("SELECT * FROM cell_facts", ATTRIBUTES, ["m", "n"], 2, "`")
    assert_cells(session.sql(statement).toArrow(), 2)


def test_leaves_are_added_up_and_the_unknown_stays_unknown() -> None:
    """One row per combination; a sum over an unknown number is NaN, not a number without it."""
    table = ibis.memtable(pa.table({"a": ["x", "x", "y"], "m": [1.0, 2.0, None]}))
    rows = {row["a"]: row["total"] for row in leaf_table(table, ["a"], {"total": "m"}).to_pylist()}
    assert rows["x"] == 3.0
    assert np.isnan(rows["y"])


def test_a_missing_column_is_named() -> None:
    """The error says which column, and which there are."""
    with pytest.raises(EngineError, match="no usable column z"):
        cell_table(ibis.memtable(facts()), ["a", "z"], ["m"])
