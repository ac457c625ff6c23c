"""The study of prices whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.analysts.pricing.conftest import PRODUCTS, Studied, tables

from duoshou.analysts.pricing import PricingStudy
from duoshou.analysts.pricing.advice import Reason, Verdict
from duoshou.analysts.pricing.bands import Balance, bounds_in
from duoshou.analysts.pricing.study import Product


def product(study: PricingStudy, name: str) -> Product:
    """Return a product of a study."""
    return next(one for one in study.products if one.id == name)


def test_elasticities_hold_the_truth(known: PricingStudy) -> None:
    """Of the products whose price moved, each interval holds what was put in, and none spans nothing and minus four."""
    told = [one for one in known.products if one.elasticity is not None]
    assert {one.id for one in told} == {"elastic", "inelastic", "right", "losing", "uncosted", "twin", "other twin"}
    for one in told:
        assert one.elasticity is not None
        assert one.elasticity.low < PRODUCTS[one.id].elasticity < one.elasticity.high
        assert one.elasticity.high - one.elasticity.low < 2
    (cloth,) = known.categories
    assert (cloth.category, cloth.products) == ("cloth", 7)


@pytest.mark.parametrize(
    ("name", "verdict", "reason"),
    [
        ("elastic", Verdict.CHANGE, None),
        ("inelastic", Verdict.CHANGE, None),
        ("flat", Verdict.CANNOT_TELL, Reason.NEVER_MOVED),
        ("losing", Verdict.BELOW_FLOOR, None),
        ("uncosted", Verdict.CANNOT_TELL, Reason.NO_COSTS),
        ("rare", Verdict.CANNOT_TELL, Reason.SELDOM_SOLD),
    ],
)
def test_each_price_has_its_verdict(known: PricingStudy, name: str, verdict: Verdict, reason: Reason | None) -> None:
    """Sure gains are changes, a price under its floor is said, and the rest says why it cannot be told."""
    assert (product(known, name).verdict, product(known, name).reason) == (verdict, reason)


def test_changes_point_the_right_way_and_stay_near_what_was_tried(known: PricingStudy) -> None:
    """The elastic one goes down and the inelastic one up, one step beyond held prices at most."""
    down, up = product(known, "elastic").best, product(known, "inelastic").best
    assert down is not None
    assert up is not None
    assert Decimal(83) < down.price < Decimal(96)
    assert Decimal(104) < up.price < Decimal(114)
    for one in (down, up):
        assert one.chance > 0.95
        assert one.gain_low <= one.gain <= one.gain_high
    assert product(known, "right").verdict is not Verdict.CHANGE


def test_the_gain_is_about_what_the_truth_would_bring(known: PricingStudy) -> None:
    """The interval of the gain holds the gain by the true elasticity."""
    for name in ("elastic", "inelastic"):
        one, made = product(known, name), PRODUCTS[name]
        assert one.best is not None
        assert one.price is not None
        ratio = float(one.best.price / one.price)
        cost = float(made.cost or 0)
        today = 0.9 * float(one.price) - cost
        other = (0.9 * float(one.best.price) - cost) * ratio**made.elasticity
        assert float(one.best.gain_low) <= 28 * one.units_a_day * (other - today) <= float(one.best.gain_high)


def test_floors_are_cost_over_what_is_kept(known: PricingStudy) -> None:
    """Forty of cost at nine tenths kept is a floor of 44.44; nothing is advised below it."""
    assert product(known, "elastic").floor == pytest.approx(Decimal("44.44"), abs=Decimal("0.02"))
    assert product(known, "uncosted").floor is None
    for one in known.products:
        assert one.best is None or one.floor is None or one.best.price >= one.floor


def test_the_substitute_is_found(known: PricingStudy) -> None:
    """The twin sells less when the other is cheap; of all pairs hardly another survives."""
    assert known.pairs >= 30
    first = known.crossed[0]
    assert (first.product, first.other) == ("twin", "other twin")
    assert first.low < 2.0 < first.high
    assert len(known.crossed) <= 4


def test_findings_name_neither_margin_nor_floor(known: PricingStudy) -> None:
    """Changes carry the gain with its interval; what loses on every piece is named with its price only."""
    kinds = [one.kind for one in known.findings]
    assert kinds[0] == "pricing.below_floor"
    assert kinds.count("pricing.change") >= 2
    below = known.findings[0]
    assert below.impact is None
    assert [row[0] for row in below.evidence[0].rows] == ["losing"]
    floors = {str(one.floor) for one in known.products if one.floor is not None}
    text = json.dumps([one.to_dict() for one in known.findings])
    assert not any(floor in text for floor in floors)
    change = next(one for one in known.findings if one.kind == "pricing.change")
    assert change.impact is not None
    assert change.impact.low <= change.impact.amount <= change.impact.high


def test_who_may_not_see_costs_sees_elasticities_only(known: PricingStudy) -> None:
    """No floor, no advice, no finding; the order says nothing of margins."""
    hidden = known.without_costs()
    assert all(one.floor is None and one.best is None for one in hidden.products)
    assert {one.verdict for one in hidden.products} == {Verdict.CANNOT_TELL}
    assert hidden.findings == ()
    assert [one.units_a_day for one in hidden.products] == sorted(
        (one.units_a_day for one in hidden.products), reverse=True
    )
    assert not any(one.reason is Reason.NO_COSTS for one in hidden.products)


@pytest.mark.parametrize(
    "changed",
    [
        lambda _: None,
        lambda row: row | {"goods_cost": 3 * row["goods_cost"]},
        lambda row: row | {"goods_cost": row["goods_cost"] / 10, "contribution": None},
        lambda row: row if row["product_id"] < "m" else None,
    ],
)
def test_without_the_right_to_costs_nothing_depends_on_them(
    known: PricingStudy, studied: Studied, changed: Callable[[dict[str, Any]], dict[str, Any] | None]
) -> None:
    """Shops that differ in costs only look the same: what sells below its floor cannot be told from the rest."""
    rows = tables()
    left = [row for one in rows["line_contribution"] if (row := changed(one)) is not None]
    costs = {"line_contribution": left} if left else {}
    other = studied(order_line=rows["order_line"], product=rows["product"], **costs)
    assert other.to_dict() != known.to_dict()
    assert other.without_costs().to_dict() == known.without_costs().to_dict()


def test_floors_stand_in_the_price_that_is_shown(studied: Studied) -> None:
    """Of 100 listed coupons always take 30: nine tenths of 70 pay for 60 and not for 75."""
    rows = tables()
    part, costs = Decimal("0.7"), {"elastic": 60, "right": 75}
    lines = [
        one | {name: one[name] * part for name in ("paid_amount", "first_paid_amount")}
        for one in rows["order_line"]
        if one["product_id"] in costs
    ]
    left = [
        one | {"income": one["income"] * part, "goods_cost": costs[one["product_id"]] * one["quantity"]}
        for one in rows["line_contribution"]
        if one["product_id"] in costs
    ]
    study = studied(order_line=lines, line_contribution=left, product=rows["product"])
    paying, losing = product(study, "elastic"), product(study, "right")
    assert paying.price == losing.price == Decimal(100)
    assert paying.floor == pytest.approx(Decimal("95.24"), abs=Decimal("0.05"))
    assert paying.verdict is not Verdict.BELOW_FLOOR
    assert losing.floor == pytest.approx(Decimal("119.05"), abs=Decimal("0.05"))
    assert losing.verdict is Verdict.BELOW_FLOOR


def test_headlines_and_recommendations_carry_no_gain(known: PricingStudy) -> None:
    """Those without the right to costs read them: they hold prices, and no money that a price would bring."""
    told = {one.id: one for one in known.products}
    advised = [one for one in known.findings if one.kind in {"pricing.change", "pricing.test"}]
    assert advised
    for one in advised:
        best = told[one.subject.id].best
        assert best is not None
        recommendation = one.recommendations[0]
        words = (one.headline, recommendation.action, recommendation.why, recommendation.expected_effect)
        text = " ".join(part for each in words if each is not None for part in (each.zh, each.en))
        assert (one.impact is None) == (one.kind == "pricing.test"), "a test promises nothing"
        assert not any(str(int(amount)) in text for amount in (best.gain, best.gain_low, best.gain_high))
        assert "降价" not in one.evidence[0].title.zh


def test_bands_add_up(known: PricingStudy) -> None:
    """Parts of products, pieces and sales are each one in all, and intervals hold the part."""
    for name in ("supply", "demand", "amount_share"):
        assert sum(getattr(one, name) for one in known.bands) == pytest.approx(1)
    for one in known.bands:
        assert one.demand_low is not None
        assert one.demand_high is not None
        assert one.demand_low <= one.demand <= one.demand_high
    assert sum(one.products for one in known.bands) == len(PRODUCTS)


def test_a_band_that_is_wanted_and_one_that_is_crowded(studied: Studied) -> None:
    """Two cheap products bring most of the pieces, eight dear ones the rest."""
    rows = tables()
    template = [one for one in rows["order_line"] if one["product_id"] == "flat"]
    lines = []
    for number in range(10):
        price, pieces = (Decimal(40), 30) if number < 2 else (Decimal(300), 2)
        for one in template:
            name, amount = f"p{number}", price * pieces
            lines.append(
                one
                | {"order_id": f"{name}-{one['order_id']}", "product_id": name, "sku": name, "quantity": pieces}
                | {"unit_price": price, "paid_amount": amount, "first_paid_amount": amount}
            )
    study = studied(order_line=lines)
    balances = {one.low: one.balance for one in study.bands}
    assert Balance.WANTED in balances.values()
    assert Balance.CROWDED in balances.values()
    assert study.bands[0].balance is Balance.WANTED or study.bands[1].balance is Balance.WANTED
    assert study.bands[-1].balance is Balance.CROWDED


def test_the_market_s_bands_stand_beside_the_shop_s(studied: Studied) -> None:
    """A report with bands is read by its finest grain, and its bounds are set against the shop's products."""
    rows = tables()
    day = rows["order_line"][-1]["paid_on"]
    bands = [("0-80", 100, 10), ("80-120", 300, 70), ("120以上", 100, 20)]
    market = [
        {"price_band": label, "units": units, "products_on_sale": products, "period_start": day, "grain": grain}
        for label, units, products in bands
        for grain in ("day", "week")
    ]
    found = studied(order_line=rows["order_line"], market_period=market).market
    assert [one.label for one in found] == ["0-80", "80-120", "120以上"]
    assert [one.demand for one in found] == pytest.approx([0.2, 0.6, 0.2])
    assert [one.supply for one in found] == pytest.approx([0.1, 0.7, 0.2])
    assert found[1].shop_supply == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("label", "low", "high"),
    [
        ("100-200", 100, 200),
        ("¥1,000–2,000", 1000, 2000),
        ("<100", None, 100),
        ("200以上", 200, None),
        ("50以下", None, 50),
        ("其他", None, None),
        ("300", None, None),
    ],
)
def test_bounds_are_read_from_names_of_bands(label: str, low: int | None, high: int | None) -> None:
    """Two numbers are bounds, one is with a word; anything else tells none."""
    assert bounds_in(label) == (low, high)


def test_a_shop_without_orders_says_so(studied: Studied) -> None:
    """Nothing sold, or nothing known of prices, is an answer with a caveat."""
    empty = studied()
    assert (empty.products, empty.bands, empty.findings) == ((), (), ())
    assert empty.caveats
    assert studied(first=None).caveats
    figures = [
        {"product_id": "a", "period_start": one["paid_on"], "paid_units": 3, "paid_amount": Decimal(30)}
        for one in tables()["order_line"][:60]
    ]
    without = studied(product_period=figures)
    assert without.products == ()
    assert without.caveats


def test_without_costs_elasticities_stay(studied: Studied) -> None:
    """Orders alone tell elasticities, and no advice."""
    study = studied(order_line=tables()["order_line"])
    assert any(one.elasticity is not None for one in study.products)
    assert all(one.best is None for one in study.products)
    assert study.findings == ()


def test_the_shape_is_json(known: PricingStudy) -> None:
    """Every number is plain and finite, money a string."""
    text = json.dumps(known.to_dict(), allow_nan=False)
    told = json.loads(text)
    assert isinstance(told["products"][0]["price"], str)
    assert np.isfinite(told["products"][0]["units_a_day"])
