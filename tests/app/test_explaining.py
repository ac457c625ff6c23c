"""Why a metric changed, asked of a workspace."""

from __future__ import annotations

from datetime import date

import pytest
from tests.app.conftest import LAST

from duoshou.app import Workbench
from duoshou.metrics import NotAnswerable
from duoshou.model import Period


def test_of_one_shop_the_last_complete_day(two_shops: Workbench) -> None:
    """By default the last complete day is held against the same weekday; the shop is named by its name."""
    found = two_shops.explain("pay_amount", shop="淘宝店")
    assert (found.period, found.baseline) == (Period.of_day(LAST), Period.of_day(date(2026, 11, 11)))
    assert found.change == 3 * 100 * (18 - 11)
    assert [one.key for one in found.drivers] == ["visitors", "pay_conversion_rate", "spend_per_buyer"]
    assert [one.contribution for one in found.drivers] == pytest.approx([2100, 0, 0], abs=1e-9)
    assert any("双11" in caveat.zh for caveat in found.caveats)


def test_of_several_shops(two_shops: Workbench) -> None:
    """Amounts of shops are added and split by shop; people are not, so orders drive them and not visitors."""
    found = two_shops.explain("pay_amount", by=["shop"], period=Period.of_day(LAST))
    assert {part.value: part.contribution for part in found.splits[0].parts} == {"tb": 2100, "tm": 700}
    assert [one.key for one in found.drivers] == ["pay_orders", "order_value"]
    with pytest.raises(NotAnswerable):
        two_shops.explain("visitors", period=Period.of_day(LAST))


def test_only_a_part(two_shops: Workbench) -> None:
    """A condition holds for everything that is asked."""
    found = two_shops.explain("ad_cost", where={"campaign": "77"}, shop="tb", period=Period.of_day(LAST))
    assert [one.key for one in found.drivers] == ["impressions", "click_through_rate", "cost_per_click"]
    assert all(split.dimension != "campaign" for split in found.splits)
    assert found.change == 0
