"""Prices as people write them into the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from duoshou.analysts.assortment.question import PlannedPrice
from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.app.assortment import planned_price, planned_prices
from duoshou.loop.changes import NewChange, record
from duoshou.model import Subject

LAST = date(2026, 6, 12)
COAT = Subject("product", "1001", "大衣")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workbench]:
    """Return a shop whose data end on the twelfth of June."""
    create_workspace(tmp_path / "shop", "shop")
    with open_workbench(tmp_path / "shop") as workbench:
        with workbench.store.writer("test") as session:
            for back in range(30):
                session.connection.execute(
                    "INSERT INTO shop_period (shop, platform, currency, grain, terminal, period_start, paid_amount, "
                    "buyers, visitors, exported_at) VALUES ('main', 'taobao', 'CNY', 'day', 'all', ?, 100, 5, 100, ?)",
                    [LAST - timedelta(back), LAST + timedelta(1)],
                )
            session.changed = True
        yield workbench


def plan(shop: Workbench, on: date, until: date | None, before: str, after: str) -> None:
    """Write a price into the ledger."""
    record(shop.state, "main", NewChange("price", on, (COAT,), before, after, until), rules=(), by="小王")


def test_what_is_planned_counts_and_what_ends_gives_the_former_price_back(shop: Workbench) -> None:
    """A price of tomorrow, and a sale that runs for three days more."""
    tomorrow = LAST + timedelta(days=1)
    plan(shop, tomorrow, None, "199", "¥179")
    plan(shop, LAST - timedelta(days=2), LAST + timedelta(days=3), "199.00", "149")
    plan(shop, LAST - timedelta(days=2), None, "259", "249")
    assert set(planned_prices(shop, "main", LAST)) == {
        PlannedPrice("1001", tomorrow, None, Decimal(179)),
        PlannedPrice("1001", LAST + timedelta(days=4), None, Decimal("199.00")),
    }


def test_a_day_of_the_past_does_not_know_what_was_planned_later(shop: Workbench) -> None:
    """Recorded today, it was no plan of a week before the data end."""
    plan(shop, LAST - timedelta(days=3), None, "199", "179")
    assert planned_prices(shop, "main", LAST - timedelta(days=7)) == ()


@pytest.mark.parametrize(
    ("written", "price"),
    [
        ("79.9", "79.9"),
        ("¥1,299.00", "1299.00"),
        ("99元", "99"),
        (" ￥59 ", "59"),
        ("", None),
        ("八折", None),
        ("0", None),
        ("-5", None),
        ("nan", None),
        ("Infinity", None),
        ("99-89", None),
        ("79,90", None),
        ("1e400", None),
        ("12345678", None),
    ],
)
def test_a_price_is_read_or_left_out(written: str, price: str | None) -> None:
    """An amount with or without its currency is a price; words, zero and less are none."""
    assert planned_price(written) == (None if price is None else Decimal(price))
