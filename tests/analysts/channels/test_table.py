"""The table of channels against the same figures worked out by hand and by SQL on the tables themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from tests.analysts.conftest import fill

from duoshou.analysts.channels import ChannelQuestion
from duoshou.analysts.channels.table import ChannelFigures, ChannelTable, channel_table
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue
from duoshou.settings.channels import grouping_of

FIRST, LAST = date(2026, 1, 5), date(2026, 3, 1)
WEEKS = 28
SOURCES = {
    "手淘搜索": ((80, 4, 400), (100, 6, 510)),
    "手淘推荐": ((40, 1, 90), (60, 1, 120)),
    "关键词推广": ((20, 1, 100), (40, 2, 230)),
}
"""Source → visitors, buyers and paid amount of a day, in the four weeks before and in the last four."""
SCENES = {"关键词推广": ((30, 20, 100, 1), (66, 44, 330, 2)), "人群推广": (None, (20, 10, 50, 0))}
"""Scene → cost, clicks, claimed sales and new customers of a day."""
SOLD = (700, 900)
ORDERS, REFUNDED = 40, 10
"""Orders of 100 that came by search in the last four weeks, and how many of them were given back."""
OF_PERIOD = f"BETWEEN DATE '{LAST - timedelta(days=WEEKS - 1)}' AND DATE '{LAST}'"


@dataclass
class Known:
    """The table, and the connection to what it was made from."""

    table: ChannelTable
    connection: duckdb.DuckDBPyConnection

    def row(self, channel: str) -> ChannelFigures:
        """Return the figures of a channel."""
        return next(one for one in self.table.rows if one.channel == channel)

    def asked(self, statement: str) -> Any:
        """Return the one cell that SQL answers."""
        (cell,) = self.connection.execute(statement.replace("$PERIOD", OF_PERIOD)).fetchone() or (None,)
        return cell


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return eight weeks of a shop, each day of a half like the others."""
    tables: dict[str, list[dict[str, Any]]] = {
        "shop_period": [], "traffic_source_period": [], "ad_period": [], "order_line": [],
    }  # fmt: skip
    for number in range(2 * WEEKS):
        day, half = FIRST + timedelta(days=number), number // WEEKS
        tables["shop_period"].append({"period_start": day, "paid_amount": str(SOLD[half]), "visitors": 230})
        for name, halves in SOURCES.items():
            visitors, buyers, paid = halves[half]
            tables["traffic_source_period"].append(
                {
                    "period_start": day, "source_path": name, "source_name": name, "source_level": 1,
                    "visitors": visitors, "buyers": buyers, "paid_amount": str(paid),
                }
            )  # fmt: skip
        for name, parts in SCENES.items():
            if (part := parts[half]) is not None:
                cost, clicks, claimed, new = part
                tables["ad_period"].append(
                    {
                        "campaign": name, "scene": name, "day": day, "cost": str(cost), "clicks": clicks,
                        "impressions": clicks * 20, "orders": 1, "sales_amount": str(claimed), "new_buyers": new,
                    }
                )  # fmt: skip
    for number in range(ORDERS):
        refund = "100" if number < REFUNDED else "0"
        paid_on = LAST - timedelta(days=number % 14 + 14)
        tables["order_line"].append(
            {
                "order_id": str(number), "line_no": 1, "paid_on": paid_on, "paid_at": paid_on, "quantity": 1,
                "paid_amount": "100", "first_paid_amount": "100", "refund_amount": refund, "status": "finished",
                "traffic_source": "手淘搜索", "product_id": "1",
            }
        )  # fmt: skip
    return tables


@pytest.fixture(scope="module")
def known() -> Iterator[Known]:
    """The table of that shop."""
    connection = duckdb.connect()
    fill(connection, rows())
    with DuckDBBackend(connection.cursor()) as backend:
        channels = tuple(grouping_of(()).channels)
        question = ChannelQuestion(backend, load_catalogue(), LAST, LAST, "main", "CNY", channels)
        yield Known(channel_table(question), connection)


def test_what_a_new_customer_costs(known: Known) -> None:
    """66 a day for two of them are 33; before it was 30 for one, so it is a tenth dearer."""
    row = known.row("ads_search")
    ask = "SELECT sum(cost) / sum(new_buyers) FROM ad_period WHERE scene = '关键词推广' AND day $PERIOD"
    assert float(str(row.values["cost_per_new_ad_buyer"])) == pytest.approx(33) == pytest.approx(known.asked(ask))
    assert row.changes["cost_per_new_ad_buyer"] == pytest.approx(0.1)
    assert row.values["ad_new_buyers"] == 2 * WEEKS
    # None came by the audience: nothing may be divided by nothing.
    assert known.row("ads_audience").values["cost_per_new_ad_buyer"] is None


def test_what_is_claimed_twice(known: Known) -> None:
    """Unpaid sources tell of 630 a day and advertising of 380: of 900 that were sold 110 are claimed twice."""
    claims = known.table.claims
    assert (claims.sources, claims.advertising) == (Decimal(860 * WEEKS), Decimal(380 * WEEKS))
    assert (claims.real, claims.twice) == (Decimal(900 * WEEKS), Decimal(110 * WEEKS))
    free = "SELECT sum(paid_amount) FROM traffic_source_period WHERE source_path LIKE '手淘%' AND period_start $PERIOD"
    paid = "SELECT sum(sales_amount) FROM ad_period WHERE day $PERIOD"
    real = "SELECT sum(paid_amount) FROM shop_period WHERE period_start $PERIOD"
    assert claims.twice == known.asked(free) + known.asked(paid) - known.asked(real)


@pytest.mark.parametrize(
    ("channel", "source", "share"),
    [("search", "手淘搜索", 0.5), ("recommendation", "手淘推荐", 0.3), ("ads_search", "关键词推广", 0.2)],
)
def test_the_share_of_the_visitors(known: Known, channel: str, source: str, share: float) -> None:
    """100, 60 and 40 of 200 that came by all sources."""
    told = known.row(channel).values["visitor_share"]
    ask = (
        f"SELECT sum(visitors) FILTER (source_path = '{source}') / sum(visitors) FROM traffic_source_period "
        "WHERE period_start $PERIOD"
    )
    assert told == pytest.approx(share) == pytest.approx(known.asked(ask))


def test_the_refunds(known: Known) -> None:
    """Ten of the forty orders that came by search were given back; of the others no file tells."""
    ask = "SELECT sum(refund_amount) / sum(paid_amount) FROM order_line WHERE paid_on $PERIOD"
    told = known.row("search").values["refund_rate"]
    assert told == pytest.approx(REFUNDED / ORDERS) == pytest.approx(float(known.asked(ask)))
    assert known.row("ads_search").values["refund_rate"] is None


def test_the_trend(known: Known) -> None:
    """Against the four weeks before: a quarter more visitors, 27.5 % more sales, more spend, clicks as dear."""
    search, paid = known.row("search"), known.row("ads_search")
    assert search.changes["visitors"] == pytest.approx(100 / 80 - 1)
    assert search.changes["pay_amount"] == pytest.approx(510 / 400 - 1)
    assert paid.changes["ad_cost"] == pytest.approx(66 / 30 - 1)
    assert paid.changes["cost_per_click"] == pytest.approx(0)
    # The conversion went from 5 to 6 %: a rate changes in points.
    assert search.changes["pay_conversion_rate"] == pytest.approx(1)
    # Nothing was spent on the audience before: no change can be told.
    assert known.row("ads_audience").changes["ad_cost"] is None
