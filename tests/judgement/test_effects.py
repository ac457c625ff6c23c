"""What an incident did to a place, and what it was worth."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.judgement.effects import Shop
from benchmarks.judgement.subjects import Place, place_of
from tests.judgement.hand_made import DAYS, finding, incident, lost_orders, shop

STOCK_OUT = incident("stock_out", 60, 69)


@pytest.fixture
def stocked_out() -> Shop:
    """Return a shop in which product 601 lost ten orders a day for ten days and 602 gained four."""
    return shop([STOCK_OUT], {"stock_out": lost_orders(60, 69, {1: -10, 2: 4})})


@pytest.mark.parametrize(
    ("place", "lost"),
    [
        ({"product": "601"}, 10 * 10),
        ({"product": "602"}, -4 * 10),
        ({"product": "600"}, 0),
        ({"category": "dress"}, 6 * 10),
        ({"category": "knit"}, 0),
        ({"shop": ""}, 6 * 10),
        ({"shop": "", "product": "601"}, 10 * 10),
        ({"campaign": "x"}, 6 * 10),
        ({"traffic_source": "search"}, 6 * 10),
        ({"traffic_source": "recommendation"}, 0),
        ({"product": "601", "traffic_source": "search"}, 10 * 10),
        ({"region": "广东"}, 0),
    ],
)
def test_sales_lost_at_a_place(stocked_out: Shop, place: Place, lost: int) -> None:
    """Orders lost there × 100 yuan × the half that goods leave."""
    assert stocked_out.loss("stock_out", place, 60, 69, "sales") == pytest.approx(lost * 50)


@pytest.mark.parametrize(
    "place",
    [
        {"product": "999"},
        {"category": "shoes"},
        {"region": "火星"},
        {"city": "杭州"},
        {"region": "广东", "product": "601"},
    ],
)
def test_a_place_that_no_book_holds_has_no_loss(stocked_out: Shop, place: Place) -> None:
    """Unknown is None, never 0."""
    assert stocked_out.loss("stock_out", place, 60, 69, "sales") is None


def test_loss_is_counted_over_the_days_asked(stocked_out: Shop) -> None:
    """Days before the incident cost nothing, days beyond the window neither."""
    assert stocked_out.loss("stock_out", {"product": "601"}, 50, 61, "sales") == pytest.approx(2 * 500)
    assert stocked_out.loss("stock_out", {"product": "601"}, -5, 10_000, "sales") == pytest.approx(10 * 500)


def test_contribution_counts_goods_refunds_and_advertising() -> None:
    """A dearer price on fewer orders, refunds and spent advertising, reckoned by hand."""
    change = np.zeros((DAYS, 4), dtype=np.int64)
    change[60:70, 1] = 1
    effects = {
        "price_rise": {
            "product.revenue": change * -8_000,
            "product.units": change * -2,
            "product.refunds": change * 500,
            "product.ad_cost": change * 100,
        }
    }
    risen = shop([incident("price_rise", 60, 69)], effects)
    assert risen.loss("price_rise", {"product": "601"}, 60, 69, "sales") == pytest.approx(10 * 80 * 0.5)
    # −80 of revenue, +100 of goods, −5 of refunds, −1 of advertising: a gain of 14 a day.
    assert risen.loss("price_rise", {"product": "601"}, 60, 69, "contribution") == pytest.approx(-140)


def test_the_contribution_rate_is_that_of_the_days_before(stocked_out: Shop) -> None:
    """Goods are half of the price; on the first day the first day speaks."""
    assert stocked_out.contribution_rate(60) == pytest.approx(0.5)
    assert stocked_out.contribution_rate(0) == pytest.approx(0.5)


def test_what_is_paid_back_leaves_nothing_and_its_goods_return() -> None:
    """A fifth of what is paid is paid back: lost sales are worth four fifths, and of goods four fifths are spent."""
    change = np.zeros((DAYS, 4), dtype=np.int64)
    change[60:70, 1] = -1
    effects = {
        "rank_lost": {"product.revenue": change * 10_000, "product.units": change, "product.refunds": change * 2_000}
    }
    sends_back = shop([incident("rank_lost", 60, 69)], effects)
    quiet = sends_back.ledger.quiet
    quiet["product.refunds"][:] = quiet["product.revenue"] // 5
    assert sends_back.refunded(60) == pytest.approx(0.2)
    assert sends_back.contribution_rate(60) == pytest.approx(0.4)
    for money in ("sales", "contribution"):
        assert sends_back.loss("rank_lost", {"product": "601"}, 60, 69, money) == pytest.approx(400)


@pytest.mark.parametrize(
    ("kind", "more", "daily"),
    [
        ("stock_out", {}, -10),
        ("rank_lost", {}, -200),
        ("page_broken", {"place": {"product": 1, "device": 0}}, -10),
        ("image_worse", {}, -200),
        ("budget_exhausted", {"place": {}, "names": {}}, 0),
        ("wasteful_keyword", {"place": {"keyword": 0}, "names": {"keyword": "连衣裙"}}, 0),
        ("slow_logistics", {"place": {"region": 1}, "names": {"region": "江苏"}}, 0),
        ("bad_batch", {}, 0),
    ],
)
def test_the_affected_series_is_that_of_the_kind(kind: str, more: dict[str, object], daily: int) -> None:
    """It is what `kinds.toml` names, at the incident's own place."""
    one = incident(kind, 60, 69, "it", **more)
    affected = shop([one], {"it": lost_orders(60, 69, {1: -10})}).affected(one)
    assert affected is not None
    quiet, effect = affected
    assert quiet.shape == effect.shape == (DAYS,)
    assert set(effect[60:70]) == {daily}
    assert not effect[:60].any()


def test_a_fault_of_files_moves_no_series(stocked_out: Shop) -> None:
    """The shop itself stayed as it was."""
    assert stocked_out.affected(incident("missing_day", 5, 5, is_fault=True)) is None


def test_the_helper_says_where_a_finding_lies() -> None:
    """A finding of the tests has the place of its subject."""
    assert finding(1, [1], type_="province", identity="广东省").place == place_of("region", "广东")
