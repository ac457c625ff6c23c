"""The same prices, costs and bands on DuckDB and on Spark."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from tests.analysts.conftest import fill
from tests.analysts.pricing.conftest import AS_OF, FIRST, asked, tables

from duoshou.analysts.pricing.bands import bands, bounds_of, market_bands, offer_of
from duoshou.analysts.pricing.costs import unit_costs
from duoshou.analysts.pricing.question import PricingQuestion, read_priced, read_sold
from duoshou.engine.reader import DuckDBBackend
from duoshou.settings import EngineSettings


def read(question: PricingQuestion) -> tuple[object, ...]:
    """Return prices, costs and bands as plain values."""
    sold = read_sold(question, FIRST)
    assert sold is not None
    priced, offer = read_priced(question, sold), offer_of(question, sold)
    assert priced is not None
    assert offer is not None
    prices = np.nan_to_num(priced.price).round(6).tolist()
    costs = {
        name: (round(one.kept, 9), round(one.cost, 9)) for name, one in unit_costs(question, sold.products).items()
    }
    own = [(one.low, one.high, one.products, one.units) for one in bands(offer, bounds_of(offer))]
    return priced.products, priced.categories, prices, costs, own, market_bands(question, offer)


@pytest.mark.java
def test_spark_reads_what_duckdb_reads(tmp_path: Path) -> None:
    """Prices of days, costs of pieces and bands are the same on both engines."""
    from duoshou.engine.spark import SparkBackend

    rows = tables()
    rows["order_line"] = [one for one in rows["order_line"] if (AS_OF - one["paid_on"]).days < 60]
    rows["line_contribution"] = [one for one in rows["line_contribution"] if (AS_OF - one["paid_on"]).days < 60]
    rows["market_period"] = [
        {"price_band": label, "units": 5, "products_on_sale": 3, "period_start": AS_OF} for label in ("0-80", "80-120")
    ]
    connection = duckdb.connect()
    fill(connection, rows)
    for name in rows:
        connection.execute(f"COPY {name} TO '{tmp_path / name}.parquet' (FORMAT parquet)")
    options = {
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
    }
    settings = EngineSettings(kind="spark", parquet=str(tmp_path), spark_options=options)
    with DuckDBBackend(connection) as backend, SparkBackend.open(settings) as spark:
        expected, found = (read(asked(one)) for one in (backend, spark))
    assert found == expected
