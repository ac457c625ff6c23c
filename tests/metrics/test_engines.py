"""The same questions on DuckDB and on Spark."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.metrics.canonical import table_columns
from tests.metrics.conftest import Toy

from duoshou.engine import Backend
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import Catalogue, QueryResult, query
from duoshou.model import Comparison, Grain, Period
from duoshou.settings import EngineSettings

pytestmark = pytest.mark.java

PERIOD = Period(date(2026, 8, 3), date(2026, 9, 13))
AS_OF = date(2026, 9, 20)
SALES = ("pay_amount", "pay_orders", "pay_buyers", "spend_per_buyer", "refund_amount", "refund_rate", "net_pay_amount")
TRAFFIC = ("visitors", "page_views", "pay_conversion_rate", "dwell_time", "bounce_rate", "members")
QUESTIONS: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "whole period": ((*SALES, *TRAFFIC), {}),
    "days against the days before": (SALES, {"grain": Grain.DAY, "comparison": Comparison.PREVIOUS}),
    "weeks against the year before": ((*SALES, *TRAFFIC), {"grain": Grain.WEEK, "comparison": Comparison.YEAR}),
    "months": (TRAFFIC, {"grain": Grain.MONTH}),
    "provinces": (("pay_amount", "pay_buyers", "pay_amount_share"), {"by": ["region"], "grain": Grain.WEEK}),
    "products": (("visitors", "pay_amount", "search_conversion_rate"), {"by": ["product"]}),
    "one city and device": (("pay_amount", "orders"), {"where": {"city": "city3"}, "by": ["device"]}),
    "orders without a buyer": (("pay_amount",), {"by": ["buyer_type"]}),
    "new and returning by week": (("new_buyers", "returning_buyers"), {"by": ["region"], "grain": Grain.WEEK}),
    "repeat buyers": (("repeat_buyers", "repeat_purchase_rate"), {"grain": Grain.MONTH}),
    "price bands": (("pay_units", "pay_amount"), {"by": ["price_band"]}),
    "promotion": (("ad_cost", "roas", "cost_per_mille", "ad_cost_ratio"), {"grain": Grain.WEEK}),
    "campaigns": (("ad_cost", "acos", "ad_cost_share"), {"by": ["campaign"]}),
    "sources of traffic": (("visitors", "pay_amount", "visitor_share"), {"by": ["traffic_source"]}),
    "a deeper level": (("visitors",), {"by": ["traffic_source"], "where": {"source_level": "2"}}),
    "channels": (("visitors", "pay_amount", "pay_conversion_rate"), {"by": ["channel"]}),
    "channels of products": (("visitors", "cart_adds"), {"by": ["channel", "product"], "grain": Grain.MONTH}),
    "one channel": (("visitors",), {"where": {"channel": "search"}, "by": ["traffic_source"]}),
    "channels of advertising": (("ad_cost", "roas"), {"by": ["channel"]}),
    "the service desk": (("first_response_time", "inquiry_conversion_rate", "service_sales"), {"by": ["agent"]}),
    "margin": (
        ("gross_margin", "gross_margin_rate", "known_margin", "cost_coverage", "goods_cost", "contribution"),
        {"grain": Grain.WEEK},
    ),
    "margin of categories": (("gross_margin", "discount_seller"), {"by": ["category"]}),
    "stock": (("stock_units", "stock_out_rate", "skus_in_stock", "days_of_supply"), {"grain": Grain.WEEK}),
    "stock of brands": (("stock_units",), {"by": ["brand"]}),
    "fees": (("settled_net", "platform_fees", "platform_fee_rate"), {"grain": Grain.WEEK}),
    "kinds of fee": (("settled_net",), {"by": ["fee"]}),
    "after sales": (("refund_cases", "refund_handling_time", "refund_success_rate"), {"by": ["reason"]}),
    "dispatch": (("shipped_48h_rate", "time_to_ship", "delivery_time"), {"grain": Grain.WEEK}),
    "indices": (("search_popularity", "dispute_rate", "market_demand_index"), {"grain": Grain.DAY}),
    "terms": (("search_visitors", "search_pay_amount"), {"by": ["search_term"]}),
    "market": (("market_amount", "market_share", "market_average_price"), {"grain": Grain.WEEK}),
    "content": (("content_value_per_mille", "content_viewers", "watch_time"), {"by": ["content_kind", "channel"]}),
    "affiliates": (("affiliate_settled_cost", "affiliate_net_roi"), {"grain": Grain.WEEK}),
    "stars": (("reviews", "mean_rating"), {"by": ["rating"]}),
    "leads and targets": (("leads", "lead_conversion_rate", "target_pay_amount"), {"grain": Grain.MONTH}),
    "platforms": (("pay_amount", "visitors"), {"by": ["platform"]}),
    "scores": (("score_description", "score_service"), {"grain": Grain.WEEK}),
}


@pytest.fixture(scope="module")
def spark(synthetic_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """Return Spark over the synthetic shop as Parquet."""
    from duoshou.engine.spark import SparkBackend

    folder = tmp_path_factory.mktemp("parquet")
    with duckdb.connect(str(synthetic_file), read_only=True) as connection:
        for table in table_columns():
            connection.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")
    settings = EngineSettings(kind="spark", parquet=str(folder), spark_options={"spark.sql.shuffle.partitions": "2"})
    with SparkBackend.open(settings) as backend:
        yield backend


def flat(result: QueryResult) -> dict[tuple[str | None, ...], dict[str, Any]]:
    """Return the answer by dimension values."""
    return {tuple(row.dimensions.values()): row.values for row in result.rows}


@pytest.mark.parametrize("question", QUESTIONS)
def test_spark_answers_as_duckdb_does(
    question: str, spark: Backend, synthetic: DuckDBBackend, catalogue: Catalogue
) -> None:
    """The same question gives the same rows, values, sources and flags on both engines."""
    metrics, asked = QUESTIONS[question]
    left = flat(query(synthetic, catalogue, metrics, period=PERIOD, as_of=AS_OF, **asked))
    right = flat(query(spark, catalogue, metrics, period=PERIOD, as_of=AS_OF, **asked))
    assert left.keys() == right.keys()
    for row, values in left.items():
        for metric, one in values.items():
            other = right[row][metric]
            assert (one.source, one.flags) == (other.source, other.flags)
            for first, second in ((one.value, other.value), (one.compare, other.compare)):
                assert type(first) is type(second), metric
                assert first == second or math.isclose(float(first), float(second), rel_tol=1e-12), metric


def test_wholes_parts_and_windows_of_promotion_are_told_apart_alike(tmp_path: Path, toy: Toy) -> None:
    """Keywords with and without a unit, by 7 and by 15 days, in one file and in two: the same on both engines."""
    from duoshou.engine.spark import SparkBackend

    day = date(2026, 3, 2)
    asked = {"report_level": "keyword", "campaign": "c", "day": day, "orders": 1, "sales_amount": 50}
    rows = (
        *(("shoe", "-", 15, 100, "a"), ("shoe", "8", 7, 60, "b"), ("shoe", "9", 7, 40, "b")),
        *(("boot", "-", 15, 100, "a"), ("boot", "8", 7, 60, "b"), ("boot", "8", 15, 60, "b")),
        *(("sock", unit, days, cost, str(days)) for days in (7, 15) for unit, cost in (("-", 30), ("8", 60))),
    )
    names = ("target", "ad_group", "attribution_window_days", "cost", "source_hash")
    toy.add("ad_period", *(asked | dict(zip(names, row, strict=True)) for row in rows))
    question: dict[str, Any] = {"period": Period.of_day(day), "as_of": AS_OF, "by": ["keyword"]}
    backend, catalogue = toy.opened()
    left = flat(query(backend, catalogue, ["ad_cost", "ad_sales"], **question))
    toy.close()
    with duckdb.connect(str(tmp_path / "toy.duckdb"), read_only=True) as connection:
        connection.execute(f"COPY ad_period TO '{tmp_path}/ad_period.parquet' (FORMAT parquet)")
    with SparkBackend.open(EngineSettings(kind="spark", parquet=str(tmp_path))) as spark:
        right = flat(query(spark, catalogue, ["ad_cost", "ad_sales"], **question))
    assert left == right
    assert {row: int(values["ad_cost"].value or 0) for row, values in left.items()} == {
        ("shoe",): 100,
        ("boot",): 100,
        ("sock",): 90,
    }


def test_what_spark_lacks_is_declared_with_its_reason(spark: Backend, synthetic: DuckDBBackend) -> None:
    """Every capability that one engine lacks has a reason in both languages."""
    assert synthetic.lacks == ()
    assert {lack.capability for lack in spark.lacks} == {"guarded_sql", "write", "snapshot"}
    assert all(lack.reason.zh and lack.reason.en for lack in spark.lacks)


def test_a_table_that_the_folder_lacks_is_unknown(
    synthetic_file: Path, tmp_path: Path, spark: Backend, catalogue: Catalogue
) -> None:
    """A Parquet folder with orders only answers for orders, and says that visitors are unknown."""
    from duoshou.engine.spark import SparkBackend

    with duckdb.connect(str(synthetic_file), read_only=True) as connection:
        connection.execute(f"COPY order_header TO '{tmp_path}/order_header' (FORMAT parquet, PER_THREAD_OUTPUT true)")
    with SparkBackend.open(EngineSettings(kind="spark", parquet=str(tmp_path))) as backend:
        (row,) = query(backend, catalogue, ["orders", "visitors"], period=PERIOD, as_of=AS_OF).rows
    assert row.values["orders"].value
    assert row.values["visitors"].value is None
