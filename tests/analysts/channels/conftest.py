"""Shops of which it is known what their spend on channels brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.analysts.conftest import fill

from duoshou.analysts.channels import ChannelQuestion, returns
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue
from duoshou.settings.channels import grouping_of
from duoshou.statistics.response import Effort, fit_response

FIRST = date(2026, 1, 5)
Asked = Callable[..., ChannelQuestion]
Tables = dict[str, list[dict[str, Any]]]

SCENES = {"ads_search": "关键词推广", "ads_audience": "人群推广", "ads_site": "全站推广"}


def made(days: int, spend: Mapping[str, np.ndarray], sales: np.ndarray, visitors: np.ndarray | None = None) -> Tables:
    """Return the tables of a shop with a spend on each channel, sales and unpaid visitors of each day."""
    ads, shop, sources = [], [], []
    for number in range(days):
        day = FIRST + timedelta(days=number)
        for channel, cost in spend.items():
            ads.append(
                {
                    "campaign": channel, "scene": SCENES[channel], "day": day, "cost": f"{cost[number]:.2f}",
                    "clicks": int(cost[number] / 2), "impressions": int(cost[number] * 20),
                    "orders": int(cost[number] / 40), "sales_amount": f"{cost[number] * 3:.2f}",
                }
            )  # fmt: skip
        shop.append({"period_start": day, "paid_amount": f"{sales[number]:.2f}", "visitors": 1000, "buyers": 50})
        if visitors is not None:
            sources.append(
                {
                    "period_start": day, "source_path": "手淘搜索", "source_name": "手淘搜索", "source_level": 1,
                    "visitors": int(visitors[number]), "buyers": int(visitors[number] / 20),
                    "paid_amount": f"{visitors[number] * 4:.2f}",
                }
            )  # fmt: skip
    return {"ad_period": ads, "shop_period": shop, "traffic_source_period": sources}


def telling(days: int = 160, *, seed: int = 6) -> Tables:
    """Return a shop with a channel that earns, one that loses, and spend on both that moves by itself."""
    random = np.random.default_rng(seed)
    earns = random.gamma(2.0, 250.0, days) * (random.random(days) > 0.25)
    loses = random.gamma(2.0, 250.0, days) * (random.random(days) > 0.25)
    brings = 40_000 * earns / (earns + 3_000) + 0.3 * loses
    sales = 6_000 + 300 * np.sin(np.arange(days) * 2 * np.pi / 7) + brings + random.normal(0, 150, days)
    return made(days, {"ads_search": earns, "ads_audience": loses}, sales, random.poisson(400, days))


def following_demand(days: int = 160, *, seed: int = 5, channel: str = "ads_search") -> Tables:
    """Return a shop whose spend does nothing and is set by the demand that makes its sales."""
    random = np.random.default_rng(seed)
    demand = random.gamma(20.0, 20.0, days)
    spend = demand * 2 * random.normal(1, 0.03, days)
    sales = 15 * demand + random.normal(0, 100, days)
    return made(days, {channel: spend}, sales, demand)


@pytest.fixture(scope="package", autouse=True)
def little_effort() -> Iterator[None]:
    """Draw less than the product does: what is to be seen here is plain."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(returns, "fit_response", partial(fit_response, effort=Effort(128, 60, 20, 8)))
        yield


@pytest.fixture(scope="package")
def asked() -> Iterator[Asked]:
    """Return what asks about a shop of tables."""
    catalogue = load_catalogue()
    with ExitStack() as stack:

        def ask(tables: Tables, **other: Any) -> ChannelQuestion:
            connection = duckdb.connect()
            fill(connection, {name: rows for name, rows in tables.items() if rows})
            backend = stack.enter_context(DuckDBBackend(connection))
            as_of = max(one["period_start"] for one in tables["shop_period"])
            given = {"channels": tuple(grouping_of(()).channels), "assumed_margin": 0.4, **other}
            return ChannelQuestion(backend, catalogue, as_of, as_of, "main", "CNY", **given)

        yield ask
