"""Focus or spread, and what the hit's buyers also buy, on shops made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.analysts.assortment.conftest import AS_OF, FIRST, Studied, sold

from duoshou.analysts.assortment import RangeStudy
from duoshou.analysts.assortment.focus import Focus, Where

WEEKS = 60


def weeks_of(conversions: Mapping[str, float], visitors: Mapping[str, int], seed: int = 3) -> list[dict[str, Any]]:
    """Return item rows, one a week, of products with known conversions."""
    random = np.random.default_rng(seed)
    rows = []
    for name, conversion in conversions.items():
        for week in range(WEEKS):
            day = FIRST + timedelta(days=7 * week)
            bought = int(random.binomial(visitors[name], conversion))
            row = {"product_id": name, "period_start": day, "visitors": visitors[name], "buyers": bought}
            rows.append({**row, "paid_units": bought, "paid_amount": bought * 50})
    return rows


def shop(studied: Studied, hit: float, others: float) -> RangeStudy:
    """Return the study of a shop with a hit and eleven other products, by their conversions."""
    conversions = {"hit": hit, **{f"other {number}": others for number in range(11)}}
    visitors = {"hit": 20_000, **{f"other {number}": 2_000 - 90 * number for number in range(11)}}
    return studied(product_period=weeks_of(conversions, visitors))


def told(study: RangeStudy) -> Focus:
    """Return the comparison of a study that has one."""
    assert study.focus is not None
    return study.focus


def test_where_a_visitor_leaves_more_is_told(studied: Studied) -> None:
    """Twice the conversion is focus, half of it is spread, and the same cannot be told."""
    assert told(shop(studied, 0.06, 0.03)).where is Where.FOCUS
    assert told(shop(studied, 0.03, 0.06)).where is Where.SPREAD
    assert told(shop(studied, 0.04, 0.04)).where is Where.CANNOT_TELL


def test_the_money_is_conversion_times_price_less_the_risk(studied: Studied) -> None:
    """A thousand visitors at 6 % and 50 each leave 3,000, of which half is lost with the chance of a failure."""
    found = told(shop(studied, 0.06, 0.03))
    assert found.fell == 0
    chance = 0.5 / (found.of + 1)
    assert float(found.with_hit.value) == pytest.approx(3000 * (1 - chance / 2), rel=0.02)
    assert float(found.lost_with_hit.value) == pytest.approx(3000 * chance / 2, rel=0.02)
    assert found.with_hit.low <= found.with_hit.value <= found.with_hit.high
    assert found.difference.value == pytest.approx(found.with_hit.value - found.with_others.value, abs=Decimal("0.02"))
    assert len(found.others) == 3


def test_without_visitors_nothing_is_said(studied: Studied) -> None:
    """Orders alone tell no money per visitor; those who may not see costs see none."""
    orders = [sold("a", FIRST + timedelta(days=7 * week), 3) for week in range(WEEKS)]
    assert studied(order_line=orders).focus is None
    hidden = shop(studied, 0.06, 0.03).without_costs()
    assert (hidden.focus, hidden.companions) == (None, ())


def test_companions_are_counted_by_buyer_within_thirty_days(studied: Studied) -> None:
    """Six of ten buyers of the hit take the socks in ten days; who takes the hat in forty does not count."""
    orders = []
    for buyer in range(10):
        bought = [("hit", 50, 9)]
        bought += [("socks", 40, 1), ("socks", 45, 1)] if buyer < 6 else []
        bought += [("hat", 5, 1)] if buyer < 8 else []
        for product, back, units in bought:
            order = sold(product, AS_OF - timedelta(days=back), units)
            orders.append({**order, "order_id": f"{product}-{buyer}-{back}", "buyer_key": f"b{buyer}"})
    (socks,) = studied(order_line=orders).companions
    assert (socks.id, socks.buyers, socks.of, socks.share) == ("socks", 6, 10, 0.6)
    assert socks.low < 0.6 < socks.high
