"""The same pairs on DuckDB and on Spark."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from tests.analysts.basket.conftest import asked, products, shop
from tests.analysts.conftest import fill

from duoshou.analysts.basket.counting import counted
from duoshou.analysts.basket.counts import Counted
from duoshou.engine.reader import DuckDBBackend
from duoshou.settings import EngineSettings
from duoshou.statistics.baskets import PairCounts


@pytest.mark.java
def test_spark_counts_what_duckdb_counts(tmp_path: Path) -> None:
    """Products, baskets, partners and pairs are the same on both engines."""
    from duoshou.engine.spark import SparkBackend

    connection = duckdb.connect()
    fill(connection, {"order_line": shop(60), "product": products()})
    for name in ("order_line", "product"):
        connection.execute(f"COPY {name} TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    # So few rows cost less read one by one than the code for many is worth compiling.
    options = {
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
    }
    settings = EngineSettings(kind="spark", parquet=str(tmp_path), spark_options=options)
    with DuckDBBackend(connection) as backend, SparkBackend.open(settings) as spark:
        expected, found = (counted(asked(one, least=1)) for one in (backend, spark))
        assert found.products == expected.products
        assert shape(found) == shape(expected)


def pairs(found: PairCounts) -> list[list[int]]:
    """Return pairs as lists."""
    return [found.left.tolist(), found.right.tolist(), found.together.tolist()]


def shape(found: Counted) -> list[object]:
    """Return what was counted as lists."""
    return [pairs(found.pairs), found.support.tolist(), found.partners.tolist(), found.sizes.pairs.tolist()]
