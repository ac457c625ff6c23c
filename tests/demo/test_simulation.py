"""The simulated shop: it is the same for a seed, its books agree, and its parameters can be found again."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from duoshou.demo.simulation import Scenario, ScenarioError, Simulation, load_scenario, simulate

UNTIL = date(2025, 12, 10)
SMALL: dict[str, Any] = {"shop": {"products": 14, "level_median": 300.0}}


@pytest.fixture(scope="module")
def shop() -> Simulation:
    """Return a quiet shop of 150 days that tests only read."""
    return simulate(11, UNTIL, 150, Scenario("quiet", parameters=SMALL))


def digest(simulation: Simulation) -> str:
    """Return a digest of everything the shop has in its books."""
    found = sha256()
    for part in (simulation.daily, simulation.ads, simulation.service, simulation.orders()):
        for one in fields(part):
            found.update(np.ascontiguousarray(getattr(part, one.name)).tobytes())
    return found.hexdigest()


def test_a_seed_gives_the_same_shop_in_another_process() -> None:
    """A seed gives the same shop in another process."""
    script = (
        "from datetime import date\nfrom tests.demo.test_simulation import SMALL, UNTIL, digest\n"
        "from duoshou.demo.simulation import Scenario, simulate\n"
        "print(digest(simulate(5, UNTIL, 40, Scenario('x', parameters=SMALL))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "src:.", "PYTHONHASHSEED": "77"},
    )
    assert done.stdout.strip() == digest(simulate(5, UNTIL, 40, Scenario("x", parameters=SMALL)))
    assert done.stdout.strip() != digest(simulate(6, UNTIL, 40, Scenario("x", parameters=SMALL)))


def test_the_sums_of_orders_and_lines_are_exact(shop: Simulation) -> None:
    """The sums of orders and lines are exact."""
    orders = shop.orders()
    count = len(orders.ids)

    def total(values: Any) -> Any:
        return np.bincount(orders.line_order, values, count).astype(np.int64)

    assert count > 5_000
    assert len(np.unique(orders.ids)) == count
    assert (orders.goods == total(orders.line_price * orders.line_units)).all()
    assert (orders.payable == orders.goods - orders.seller_coupon - orders.platform_coupon + orders.freight).all()
    assert (total(orders.line_payable) == orders.payable - orders.freight).all()
    assert (total(orders.line_paid) == np.where(orders.paid > 0, orders.payable - orders.freight, 0)).all()
    assert (orders.line_payable > 0).all()
    assert (orders.line_refund_amount <= orders.line_paid).all()
    assert (np.diff(orders.created.astype(np.int64)) >= 0).all()


def test_moments_follow_each_other_and_end_with_the_window(shop: Simulation) -> None:
    """Moments follow each other and end with the window."""
    orders = shop.orders()
    end = np.datetime64(UNTIL, "D") + 1
    steps = [orders.created, orders.paid_at, orders.shipped, orders.finished]
    for before, after in pairwise(steps):
        known = ~np.isnat(after)
        assert known.any()
        assert not np.isnat(before[known]).any()
        assert (before[known] <= after[known]).all()
        assert (after[known] < end).all()
    assert np.isnat(orders.paid_at[orders.paid == 0]).all()
    assert (orders.paid[~np.isnat(orders.paid_at)] > 0).all()


def test_the_days_hold_what_the_orders_hold(shop: Simulation) -> None:
    """The days hold what the orders hold."""
    orders, daily = shop.orders(), shop.daily
    first = shop.world.dates[0]
    paid = orders.paid > 0
    day = (orders.paid_at[paid].astype("datetime64[D]") - first).astype(np.int64)
    assert (np.bincount(day, minlength=150) == daily.shop_paid_orders).all()
    lines = paid[orders.line_order]
    at = (orders.paid_at[orders.line_order][lines].astype("datetime64[D]") - first).astype(np.int64)
    amount = np.zeros(daily.stock.shape, dtype=np.int64)
    np.add.at(amount, (at, orders.line_product[lines]), orders.line_paid[lines])
    assert (amount == daily.paid_amount.sum(axis=(2, 3))).all()
    back = ~np.isnat(orders.line_refunded)
    when = (orders.line_refunded[back].astype("datetime64[D]") - first).astype(np.int64)
    refunds = np.zeros_like(amount)
    np.add.at(refunds, (when, orders.line_product[back]), orders.line_refund_amount[back])
    assert (refunds == daily.refunded_amount).all()
    assert back.sum() > 100


def test_people_are_fewer_than_what_they_do(shop: Simulation) -> None:
    """People are fewer than what they do."""
    daily = shop.daily
    assert (daily.paid_buyers <= daily.paid_orders).all()
    assert (daily.shop_paid_buyers <= daily.shop_paid_orders).all()
    assert (daily.order_buyers.sum(axis=(2, 3)) <= daily.visitors.sum(axis=(2, 3))).all()
    assert (daily.page_views >= daily.visitors).all()
    visitors = daily.visitors.sum(axis=(2, 3))
    assert (daily.visitors_by_region.sum(axis=2) == visitors).all()
    assert (daily.visitors_by_segment.sum(axis=2) == visitors).all()
    assert (daily.shop_visitors.sum(axis=1) < visitors.sum(axis=1)).all()
    assert (daily.impressions.sum(axis=2) >= 0).all()
    assert (shop.ads.keyword_clicks <= shop.ads.keyword_impressions).all()
    assert (shop.ads.keyword_cost <= shop.ads.keyword_clicks * shop.ads.keyword_bid + 1).all()


def test_stock_goes_by_what_comes_and_what_is_sold(shop: Simulation) -> None:
    """Stock goes by what comes and what is sold."""
    orders, daily = shop.orders(), shop.daily
    assert (daily.stock >= 0).all()
    taken = np.zeros(daily.stock.shape, dtype=np.int64)
    raw = shop.run.kept
    for day, one in enumerate(raw):
        real = (one.paid > 0) & ~one.is_fake
        lines = real[one.line_order]
        np.add.at(taken[day], one.line_product[lines], one.line_units[lines])
    live = shop.plan.live
    steady = live[1:] & live[:-1]
    moved = daily.stock[:-1] + daily.received[1:] - taken[1:]
    assert (moved[steady] == daily.stock[1:][steady]).all()
    assert len(orders.ids) == sum(len(one.ids) for one in raw)


def test_weekdays_and_festivals_have_their_shape(shop: Simulation) -> None:
    """Weekdays and festivals have their shape."""
    dates, visitors = shop.world.dates, shop.daily.visitors.sum(axis=(1, 2, 3)).astype(float)
    orders = shop.daily.shop_paid_orders.astype(float)
    at = {str(day): index for index, day in enumerate(dates)}
    usual = np.median(visitors[at["2025-09-15"] : at["2025-09-26"]])
    assert visitors[at["2025-11-11"]] > 1.6 * usual
    assert orders[at["2025-11-11"]] > 2.2 * np.median(orders[at["2025-09-15"] : at["2025-09-26"]])
    rate = orders / visitors
    assert rate[at["2025-11-11"]] > 1.25 * np.median(rate[at["2025-09-15"] : at["2025-09-26"]])


def test_after_a_sale_comes_a_lull() -> None:
    """The same shop with and without the hangover, on the same luck: it differs after the sale only, and downwards."""
    flat = {"festival": {"exposure": {"hangover": 0.0}, "order": {"hangover": 0.0}}}
    until = date(2025, 11, 21)
    seen = simulate(11, until, 35, Scenario("lull", parameters=SMALL))
    other = simulate(11, until, 35, Scenario("flat", parameters={**SMALL, **flat}))
    lull = seen.world.dates >= np.datetime64("2025-11-15")
    visitors = [one.daily.visitors.sum(axis=(1, 2, 3)) for one in (seen, other)]
    orders = [one.daily.order_buyers.sum(axis=(1, 2, 3)) for one in (seen, other)]
    assert (visitors[0] == visitors[1])[~lull].all()
    assert (visitors[0] < 0.9 * visitors[1])[lull][:4].all()
    assert orders[0][lull].sum() < 0.85 * orders[1][lull].sum()


def test_the_week_is_found_again_from_the_visitors() -> None:
    """The week is found again from the visitors."""
    still = {"products": 10, "level_median": 900.0, "noise_shop": 0.0, "noise_product": 0.0, "dispersion": 1e6}
    seen = simulate(3, date(2025, 9, 20), 60, Scenario("still", parameters={"shop": {**still, "payday": 0.0}}))
    free = (seen.plan.seasons.order == 0) & (seen.plan.seasons.discount == 0)
    old = seen.world.products.launch < -20
    log = np.log(seen.daily.visitors[:, old, 0, 0].sum(axis=1))
    weekday = (seen.world.dates.astype(np.int64) + 3) % 7
    design = np.column_stack([weekday == one for one in range(7)] + [np.arange(60), np.arange(60) ** 2])[free].astype(
        float
    )
    found, *_ = np.linalg.lstsq(design, log[free], rcond=None)
    true = np.array(seen.world.parameters["shop"]["weekday"])
    rest = log[free] - design @ found
    error = np.sqrt(rest @ rest / (free.sum() - 9) * np.linalg.inv(design.T @ design).diagonal()[:7].max())
    assert error < 0.03
    assert (found[:7] - found[:7].mean()) == pytest.approx(true - true.mean(), abs=3 * error)
    assert found[:7].argmax() in {0, 6}


def test_own_price_elasticities_are_found_within_their_errors() -> None:
    """Own price elasticities are found within their errors."""
    large = {
        "shop": {"products": 18, "level_median": 2_500.0, "level_spread": 0.2},
        "price": {"test_chance": 0.35, "test_size": [-0.25, 0.15]},
        "stock": {"safety": 6.0, "cover": 120.0},
    }
    seen = simulate(8, date(2025, 9, 20), 200, Scenario("prices", parameters=large))
    products, daily = seen.world.products, seen.daily
    free = (seen.plan.seasons.order == 0) & (seen.plan.seasons.discount == 0)
    free[:14] = False
    scores, errors = [], []
    # What others' baskets add to a product does not follow its price alone.
    alone = ~np.isin(np.arange(18), seen.world.complements.right)
    for product in np.flatnonzero((products.launch < -30) & alone):
        days = free & ~daily.stock_out[:, product]
        buyers = daily.order_buyers[days, product, :2].sum(axis=(1, 2)).astype(float)
        visitors = daily.visitors[days, product, :2].sum(axis=(1, 2)).astype(float)
        rivals = np.log(daily.competitor_price[days, product].mean(axis=1))
        pairs = seen.world.substitutes
        others = [
            np.log(daily.price[days, other])
            for other in pairs.right[pairs.left == product]
            if products.launch[other] < 0
        ]
        price = np.log(daily.price[days, product])
        design = np.column_stack([np.ones(days.sum()), price, rivals, *others])
        weight = np.sqrt(buyers.clip(1))
        answer = np.log(buyers.clip(0.5) / visitors)
        found, *_ = np.linalg.lstsq(design * weight[:, None], answer * weight, rcond=None)
        rest = (answer - design @ found) * weight
        error = (
            rest
            @ rest
            / (len(rest) - design.shape[1])
            * np.linalg.pinv((design * weight[:, None]).T @ (design * weight[:, None]))
        )
        errors.append(np.sqrt(error[1, 1]))
        scores.append((found[1] - products.elasticity[product]) / np.sqrt(error[1, 1]))
    assert len(scores) >= 5
    assert np.median(errors) < 0.6
    assert max(abs(one) for one in scores) < 3.2
    assert np.mean(np.square(scores)) < 2.5


def test_the_share_of_returning_buyers_is_the_closed_form() -> None:
    """The share of returning buyers is the closed form."""
    seen = simulate(
        2, date(2025, 9, 20), 230, Scenario("return", parameters={"shop": {"products": 14, "level_median": 200.0}})
    )
    orders, span = seen.orders(), 120
    paid = (orders.paid > 0) & ~orders.is_fake
    day = (orders.paid_at.astype("datetime64[D]") - seen.world.dates[0]).astype(np.int64)
    first = dict(zip(orders.buyer[paid & orders.is_first].tolist(), day[paid & orders.is_first].tolist(), strict=True))
    cohort = {buyer: start for buyer, start in first.items() if start < 230 - span - 1}
    again = {
        buyer
        for buyer, at in zip(
            orders.buyer[paid & ~orders.is_first].tolist(), day[paid & ~orders.is_first].tolist(), strict=True
        )
        if buyer in cohort and at - cohort[buyer] <= span
    }
    rules = seen.world.parameters["customers"]
    expected = 1 - (rules["alpha"] / (rules["alpha"] + span)) ** rules["r"]
    error = (expected * (1 - expected) / len(cohort)) ** 0.5
    assert len(cohort) > 4_000
    assert len(again) / len(cohort) == pytest.approx(expected, abs=3.5 * error + 0.004)


def test_a_scaled_shop_has_about_the_lines_asked_for_and_streams_them() -> None:
    """A scaled shop has about the lines asked for and streams them."""
    seen = simulate(5, UNTIL, 40, Scenario("scale", parameters=SMALL), orders=20_000)
    chunks = [len(one.line_order) for one in seen.order_chunks()]
    assert len(chunks) == 2
    assert sum(chunks) == pytest.approx(20_000, rel=0.15)
    assert not seen.run.kept
    assert seen.daily.paid_amount.sum() == sum(int(one.line_paid.sum()) for one in seen.order_chunks())


def test_the_truth_is_json(shop: Simulation) -> None:
    """The truth is json."""
    truth = json.loads(json.dumps(shop.truth(), ensure_ascii=False))
    assert truth["schema"] == "duoshou-truth/1"
    assert len(truth["shop"]["visitors"]) == 150
    assert truth["incidents"] == []
    assert truth["products"]["elasticity"] == shop.world.products.elasticity.tolist()


@pytest.mark.parametrize(
    "text",
    [
        "[[incident]]\nkind = 'flood'\nstart = 3",
        "[[incident]]\nkind = 'rank_lost'\nstart = 3",
        "[[incident]]\nkind = 'rank_lost'\nstart = 3\nplace = {product = 99}",
        "[[incident]]\nkind = 'rank_lost'\nstart = 300\nplace = {product = 1}",
        "[[incident]]\nkind = 'rank_lost'\nplace = {product = 1}",
        "[parameters.shop]\nproduct = 3",
        "incidents = 3",
        "name = ",
    ],
)
def test_a_scenario_that_cannot_be_meant_is_refused(tmp_path: Path, text: str) -> None:
    """A scenario that cannot be meant is refused."""
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError):
        simulate(1, UNTIL, 40, load_scenario(path))


def test_random_incidents_leave_most_days_alone() -> None:
    """Random incidents leave most days alone."""
    from duoshou.demo.simulation.building import make_plan
    from duoshou.demo.simulation.engine import RANDOM

    busy, all_days, kinds = 0, 0, set()
    for seed in range(12):
        found = make_plan(seed, UNTIL, 548, RANDOM, 1.0).world.incidents
        days = {day for one in found for day in range(one.start, one.end + 1)}
        busy, all_days = busy + len(days), all_days + 548
        kinds |= {one.kind for one in found}
    assert 0.03 < busy / all_days < 0.45
    assert len(kinds) > 12
