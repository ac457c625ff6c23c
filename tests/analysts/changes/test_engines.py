"""The same changes on DuckDB and on Spark."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.analysts.changes.conftest import PERIOD, fill, lines, priced
from tests.analysts.changes.test_advertising import campaign
from tests.analysts.changes.test_titles import items

from duoshou.analysts.changes import seen_changes
from duoshou.engine.reader import DuckDBBackend
from duoshou.settings import EngineSettings


@pytest.mark.java
def test_spark_sees_what_duckdb_sees(tmp_path: Path) -> None:
    """A shop with a change of each kind has the same changes on both engines."""
    from duoshou.engine.spark import SparkBackend

    sold = lines("1001", priced(60, (0, "199.00"), (30, "179.00"))) + lines("1002", priced(60, (0, "20.00")))
    ads = [
        *campaign("1", range(60), bid=lambda number: "1.20" if number < 40 else "1.50"),
        *campaign("2", range(25, 60), cost=lambda number: (300 if number < 45 else 450) + number % 3),
    ]
    tables = {"order_line": sold, "product_period": items("1002", (0, "旧"), (20, "新")), "ad_period": ads}
    connection = duckdb.connect()
    fill(connection, tables)
    for name in tables:
        connection.execute(f"COPY {name} TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    with DuckDBBackend(connection) as backend:
        expected = seen_changes(backend, PERIOD, "main")
    # So few rows cost less read one by one than the code for many is worth compiling.
    options = {"spark.sql.shuffle.partitions": "1", "spark.sql.codegen.wholeStage": "false"}
    options["spark.sql.codegen.factoryMode"] = "NO_CODEGEN"
    settings = EngineSettings(kind="spark", parquet=str(tmp_path), spark_options=options)
    with SparkBackend.open(settings) as spark:
        assert seen_changes(spark, PERIOD, "main") == expected
    assert {one.kind for one in expected} == {"price", "title", "bid", "budget", "campaign"}
