"""The same changes on DuckDB and on Spark."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.analysts.changes.conftest import PERIOD
from tests.analysts.changes.test_advertising import campaign
from tests.analysts.conftest import fill

from duoshou.analysts.changes.advertising import advertising_changes
from duoshou.engine.reader import DuckDBBackend
from duoshou.settings import EngineSettings


@pytest.mark.java
def test_spark_sees_what_duckdb_sees(tmp_path: Path) -> None:
    """Bids, budgets and campaigns, read by the expressions that all kinds share, are the same on both engines."""
    from duoshou.engine.spark import SparkBackend

    ads = [
        *campaign("1", range(60), bid=lambda number: "1.20" if number < 40 else "1.50"),
        *campaign("2", range(25, 60), cost=lambda number: (300 if number < 45 else 450) + number % 3),
    ]
    connection = duckdb.connect()
    fill(connection, {"ad_period": ads})
    connection.execute(f"COPY ad_period TO '{tmp_path / 'ad_period'}.parquet' (FORMAT parquet)")
    # So few rows cost less read one by one than the code for many is worth compiling.
    options = {"spark.sql.shuffle.partitions": "1", "spark.sql.codegen.wholeStage": "false"}
    settings = EngineSettings(kind="spark", parquet=str(tmp_path), spark_options=options)
    with DuckDBBackend(connection) as backend, SparkBackend.open(settings) as spark:
        expected = advertising_changes(backend, PERIOD, "main")
        assert {one.kind for one in expected} == {"bid", "budget", "campaign"}
        assert advertising_changes(spark, PERIOD, "main") == expected
