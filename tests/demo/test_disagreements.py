"""Where the simulated shop's files contradict each other, a fault of a file is the reason, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from duoshou.app import create_workspace, open_workbench
from duoshou.demo.exports import write_exports
from duoshou.demo.simulation import Scenario, Simulation, simulate

FIRST = date(2026, 3, 1)
NEEDED = ("ExportOrder", "自助取数", "【生意参谋平台】商品", "商品流量来源", "计划报表", "商品报表")
NO_PRODUCTS, CENTS, NO_SOURCES, CUT, DOUBLED = 8, 12, 14, 18, 22


def _fault(kind: str, day: int, file: str) -> dict[str, Any]:
    return {"kind": kind, "start": day, "end": day, "parameters": {"file": file}}


SCENARIO = Scenario(
    "faults",
    (
        _fault("missing_day", NO_PRODUCTS, "items"),
        _fault("fen_yuan", CENTS, "plans"),
        _fault("missing_day", NO_SOURCES, "sources"),
        _fault("truncated_export", CUT, "orders"),
        _fault("doubled_file", DOUBLED, "orders"),
    ),
    {"shop": {"products": 16}},
)


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    """Return a month whose files have five faults."""
    return simulate(seed=4, until=FIRST + timedelta(days=30), days=31, scenario=SCENARIO)


@pytest.fixture(scope="module")
def shop(simulation: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Return `by_day`, which answers SQL with an amount for each day, in fen, and `ask`."""
    folder = tmp_path_factory.mktemp("faults")
    create_workspace(folder / "shop", name="shop", language="en")
    workbench = open_workbench(folder / "shop")
    workbench.import_files(
        [path for path in write_exports(simulation, folder / "files") if path.name.startswith(NEEDED)]
    )
    with workbench.reader() as connection:

        def by_day(sql: str) -> list[int]:
            found = [0] * simulation.world.days
            for day, amount in connection.execute(sql).fetchall():
                found[(day - FIRST).days] = int(Decimal(amount or 0) * 100)
            return found

        yield SimpleNamespace(ask=lambda sql: connection.execute(sql).fetchall(), by_day=by_day)


def _different(left: list[int], right: list[int]) -> dict[int, int]:
    return {day: one - other for day, (one, other) in enumerate(zip(left, right, strict=True)) if one != other}


def test_only_the_cut_orders_are_missing_from_the_orders(shop: SimpleNamespace, simulation: Simulation) -> None:
    """The platform's day has what the orders have and the payments of those beyond the cut; a second copy adds none."""
    told = shop.by_day("SELECT period_start, paid_amount FROM shop_period")
    paid = shop.by_day("SELECT paid_on, sum(paid_amount) FROM order_header WHERE paid_on IS NOT NULL GROUP BY 1")
    orders = simulation.orders()
    there = {int(one) for (one,) in shop.ask("SELECT order_id FROM order_header")}
    lost = np.array([one not in there for one in orders.ids.tolist()])
    assert 0 < lost.sum() < (orders.day == CUT).sum()
    assert set(orders.day[lost].tolist()) == {CUT}
    expected = dict.fromkeys(range(simulation.world.days), 0)
    for moment, amount in zip(orders.paid_at[lost], orders.paid[lost].tolist(), strict=True):
        if not np.isnat(moment):
            expected[int((moment.astype("datetime64[D]") - np.datetime64(FIRST)).astype(int))] += amount
    assert _different(told, paid) == {day: amount for day, amount in expected.items() if amount}


def test_only_the_missing_day_is_missing_from_the_products(shop: SimpleNamespace, simulation: Simulation) -> None:
    """Products sum to the shop's day less freight, which the platform counts for the shop only."""
    products = shop.by_day("SELECT period_start, sum(paid_amount) FROM product_period GROUP BY 1")
    truth = simulation.daily.paid_amount.sum(axis=(1, 2, 3), dtype=np.int64).tolist()
    assert _different(truth, products) == {NO_PRODUCTS: truth[NO_PRODUCTS]}
    told = shop.by_day("SELECT period_start, paid_amount FROM shop_period")
    freight = np.zeros(simulation.world.days, dtype=np.int64)
    orders = simulation.orders()
    paid = ~np.isnat(orders.paid_at)
    at = (orders.paid_at[paid].astype("datetime64[D]") - np.datetime64(FIRST)).astype(int)
    np.add.at(freight, at, orders.freight[paid])
    assert _different(told, (np.array(truth) + freight).tolist()) == {}


def test_only_the_missing_day_is_missing_from_the_sources(shop: SimpleNamespace) -> None:
    """Sources of a product sum to the product, visitors too: a person is counted once for each source."""
    sources = shop.by_day(
        "SELECT period_start, sum(paid_amount) FROM traffic_source_period WHERE product_id <> '-' GROUP BY 1"
    )
    products = shop.by_day("SELECT period_start, sum(paid_amount) FROM product_period GROUP BY 1")
    assert set(_different(sources, products)) == {NO_PRODUCTS, NO_SOURCES}


def test_only_the_day_in_cents_is_a_hundredfold(shop: SimpleNamespace, simulation: Simulation) -> None:
    """Campaigns and products tell the same cost but for the one day of one report."""
    plans = shop.by_day("SELECT day, sum(cost) FROM ad_period WHERE report_level = 'plan' GROUP BY 1")
    products = shop.by_day("SELECT day, sum(cost) FROM ad_period WHERE report_level = 'item' GROUP BY 1")
    cost = (simulation.ads.keyword_cost.sum(axis=1) + simulation.ads.display_cost.sum(axis=1)).tolist()
    assert products == cost
    assert _different(plans, cost) == {CENTS: 99 * cost[CENTS]}


def test_what_the_platform_does_not_give_is_unknown(shop: SimpleNamespace) -> None:
    """No order has a source or agent, no product impressions, no keyword a quality; visitors are split one way."""
    unknown = {
        "order_header": ("traffic_source", "staff", "affiliate_id"),
        "product_period": ("impressions", "clicks"),
        "shop_period": ("impressions",),
        "ad_period": ("quality_score", "bid"),
    }
    known = {
        (table, column) for table, column in shop.ask("SELECT table_name, column_name FROM information_schema.columns")
    }
    asked = [(table, column) for table, columns in unknown.items() for column in columns if (table, column) in known]
    assert len(asked) >= 5
    for table, column in asked:
        assert shop.ask(f"SELECT count({column}) FROM {table}") == [(0,)], (table, column)
    splits = {"device", "region", "province", "city", "segment", "audience", "terminal", "source_path"}
    for table in ("product_period", "traffic_source_period"):
        own = {column for name, column in known if name == table} & splits
        told = {column for column in own if shop.ask(f"SELECT count(DISTINCT {column}) FROM {table}")[0][0] > 1}
        assert told <= {"source_path"}, table
