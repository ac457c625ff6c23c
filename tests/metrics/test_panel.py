"""Daily values as arrays are the values of `query`."""

from __future__ import annotations

import math
from datetime import date

import pytest
from tests.metrics.conftest import Ask

from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import Catalogue, Flag, NotAnswerable, daily_panel
from duoshou.model import Grain, Period

PERIOD = Period(date(2026, 8, 25), date(2026, 9, 18))
END = date(2026, 12, 31)
METRICS = ("pay_amount", "visitors", "pay_conversion_rate", "refund_amount", "net_pay_amount")


@pytest.mark.parametrize("by", [(), ("product",), ("product", "device"), ("region",)])
def test_a_panel_holds_what_query_says(
    by: tuple[str, ...], ask: Ask, synthetic: DuckDBBackend, catalogue: Catalogue
) -> None:
    """Every group and day has the value, the gap and the source of the question asked day by day."""
    metrics = ("pay_amount", "pay_orders") if "device" in by or "region" in by else METRICS
    panel = daily_panel(synthetic, catalogue, metrics, period=PERIOD, as_of=END, by=by)
    places = {split: number for number, split in enumerate(panel.splits)}
    assert list(panel.splits) == sorted(panel.splits, key=lambda split: [one or "" for one in split])
    days = {day.isoformat(): number for number, day in enumerate(panel.days)}
    rows = ask(*metrics, period=PERIOD, by=by, grain=Grain.DAY).rows
    assert len(rows) == len(places) * len(days)
    for row in rows:
        place = places[tuple(row.dimensions[name] for name in by)]
        for key, value in row.values.items():
            told = panel.values[key][place, days[str(row.dimensions["period"])]]
            if value.value is None:
                assert math.isnan(told)
            else:
                assert told == pytest.approx(float(value.value), rel=1e-12)
            assert panel.sources[key] == value.source


def test_a_panel_knows_which_days_may_still_change(ask: Ask, synthetic: DuckDBBackend, catalogue: Catalogue) -> None:
    """The days that `query` calls provisional are the unsettled ones of the panel."""
    metrics = ("refund_rate", "ad_sales", "pay_amount")
    panel = daily_panel(synthetic, catalogue, metrics, period=PERIOD, as_of=PERIOD.end)
    rows = ask(*metrics, period=PERIOD, as_of=PERIOD.end, grain=Grain.DAY).rows
    for key in metrics:
        young = {str(row.dimensions["period"]) for row in rows if Flag.PROVISIONAL in row.values[key].flags}
        assert {day.isoformat() for day in panel.unsettled[key]} == young
    assert panel.unsettled["ad_sales"]
    assert not panel.unsettled["pay_amount"]


def test_a_panel_refuses_what_query_refuses(synthetic: DuckDBBackend, catalogue: Catalogue) -> None:
    """A split that no table carries is refused in the same words."""
    with pytest.raises(NotAnswerable):
        daily_panel(synthetic, catalogue, ["visitors"], period=PERIOD, as_of=END, by=["region"])
