"""Incidents of the simulated shop: each moves what it should, where and when it should, and nothing before."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from duoshou.demo.simulation import Daily, Incident, Scenario, Simulation, simulate
from duoshou.demo.simulation.parameters import table

UNTIL = date(2025, 10, 8)
DAYS = 60
START, END = 30, 43
SETTINGS: dict[str, Any] = {"shop": {"products": 16, "level_median": 500.0, "level_spread": 0.2}}
OLD = 1


@cache
def shop(kind: str, size: float, *place: tuple[str, int], start: int = START, end: int = END) -> Simulation:
    """Return a shop with one incident, `it`."""
    incident = {"key": "it", "kind": kind, "start": start, "end": end, "size": size, "place": dict(place)}
    return simulate(4, UNTIL, DAYS, Scenario(kind, (incident,), SETTINGS))


def product() -> int:
    """Return a product that has long been on sale and is advertised."""
    products = shop_without_incidents().world.products
    return int(np.flatnonzero((products.launch < -60) & products.promoted)[OLD])


@cache
def shop_without_incidents() -> Simulation:
    """Return the same shop without any incident."""
    return simulate(4, UNTIL, DAYS, Scenario("quiet", (), SETTINGS))


def visitors(daily: Daily) -> Any:
    """Return visitors per day and product."""
    return daily.visitors.sum(axis=(2, 3)).astype(np.int64)


def orders(daily: Daily) -> Any:
    """Return people who ordered per day and product."""
    return daily.order_buyers.sum(axis=(2, 3)).astype(np.int64)


# Kind, size, which series of the product must move, and how.
CASES = [
    ("rank_lost", 1.2, visitors, -1),
    ("image_better", 0.4, visitors, +1),
    ("image_worse", 0.5, visitors, -1),
    ("price_rise", 0.2, orders, -1),
    ("competitor_price_cut", 0.35, orders, -1),
    ("stock_out", 1.0, orders, -1),
    ("audience_drift", 1.0, visitors, +1),
    ("cannibal_campaign", 0.3, orders, +1),
    ("fake_orders", 10.0, orders, +1),
]


@pytest.mark.parametrize(("kind", "size", "series", "sign"), CASES)
def test_an_incident_of_a_product_moves_it_in_its_days(kind: str, size: float, series: Any, sign: int) -> None:
    """An incident of a product moves it in its days."""
    seen = shop(kind, size, ("product", product()))
    without = seen.rerun("it").daily
    change = series(seen.daily) - series(without)
    usual = series(without)[START : END + 1, product()].sum()
    assert (change[:START] == 0).all()
    effect = change[START : END + 1, product()].sum()
    assert sign * effect > 0.04 * usual
    others = np.delete(change, product(), axis=1)
    assert abs(others[START : END + 1].sum()) < abs(effect) * 0.5


@pytest.mark.parametrize("kind", ["rank_lost", "image_worse", "audience_drift"])
def test_on_its_first_day_an_incident_of_a_product_moves_no_visitor_of_another(kind: str) -> None:
    """On its first day an incident of a product moves no visitor of another."""
    seen = shop(kind, 0.9, ("product", product()))
    change = visitors(seen.daily)[START] - visitors(seen.rerun("it").daily)[START]
    promoted = seen.world.products.promoted
    # Advertisements share a budget: a picture that sells less leaves more of it to the others.
    others = [one for one in range(16) if one != product() and (kind != "image_worse" or not promoted[one])]
    assert (change[others] == 0).all()


def test_the_counterfactual_is_the_shop_without_the_incident() -> None:
    """The counterfactual is the shop without the incident."""
    seen = shop("rank_lost", 1.2, ("product", product()))
    assert (seen.rerun("it").daily.paid_amount == shop_without_incidents().daily.paid_amount).all()
    truth = seen.truth()["incidents"][0]
    quiet = shop_without_incidents().daily.paid_amount.sum(axis=(1, 2, 3))
    assert truth["series"]["revenue"]["without"] == quiet[START:].tolist()
    assert truth["series"]["revenue"]["effect"] == int(seen.daily.paid_amount.sum() - quiet.sum())
    assert truth["first_day"] == str(seen.world.dates[START])


def test_a_broken_page_hurts_its_device_only() -> None:
    """A broken page hurts its device only."""
    seen = shop("page_broken", 1.5, ("product", product()), ("device", 0))
    change = seen.daily.order_buyers.astype(np.int64) - seen.rerun("it").daily.order_buyers
    during = change[START : END + 1, product()]
    usual = seen.rerun("it").daily.order_buyers[START : END + 1, product(), :6, 0].sum()
    assert during[:, :6, 0].sum() < -0.5 * usual
    assert abs(change[START, product(), :6, 1].sum()) == 0


def test_a_budget_that_ends_early_takes_paid_visitors_only_at_first() -> None:
    """A budget that ends early takes paid visitors only at first."""
    seen = shop("budget_exhausted", 0.8)
    change = seen.daily.visitors.sum(axis=(1, 3)).astype(np.int64) - seen.rerun("it").daily.visitors.sum(axis=(1, 3))
    assert change[START, 2] < 0
    assert (np.delete(change[START], 2) == 0).all()
    assert (seen.ads.search_online[START : END + 1] < 0.6).all()
    lost = seen.ads.keyword_cost[START : END + 1].sum() / seen.rerun("it").ads.keyword_cost[START : END + 1].sum()
    assert lost < 0.6


def test_a_wasteful_keyword_costs_more_and_sells_no_more() -> None:
    """A wasteful keyword costs more and sells no more."""
    seen = shop("wasteful_keyword", 2.5, ("keyword", 2))
    after = seen.rerun("it").ads
    during = slice(START, END + 1)
    assert seen.ads.keyword_cost[during, 2].sum() > 1.5 * after.keyword_cost[during, 2].sum()
    spent = seen.ads.keyword_direct_orders[during, 2].sum() / seen.ads.keyword_clicks[during, 2].sum()
    assert spent < 0.5 * after.keyword_direct_orders[during, 2].sum() / after.keyword_clicks[during, 2].sum()


def test_slow_parcels_lose_orders_of_their_region_and_arrive_late() -> None:
    """Slow parcels lose orders of their region and arrive late."""
    seen = shop("slow_logistics", 6.0, ("region", 3))
    quiet, found = shop_without_incidents().orders(), seen.orders()

    def of(one: Any, region: int) -> Any:
        return (one.region == region) & (one.day >= START) & (one.day <= END)

    assert of(found, 3).sum() < 0.9 * of(quiet, 3).sum()
    assert of(found, 0).sum() == pytest.approx(of(quiet, 0).sum(), rel=0.03)
    late = of(found, 3) & ~np.isnat(found.finished)
    usual = of(quiet, 3) & ~np.isnat(quiet.finished)
    days = (found.finished - found.shipped)[late].astype(float).mean() / 86_400
    assert days > (quiet.finished - quiet.shipped)[usual].astype(float).mean() / 86_400 + 2.5


def test_slow_replies_of_an_agent_cost_orders_and_are_seen() -> None:
    """Slow replies of an agent cost orders and are seen."""
    seen = shop("slow_replies", 10.0, ("agent", 1))
    without = seen.rerun("it")
    change = orders(seen.daily) - orders(without.daily)
    assert change[START : END + 1].sum() < 0
    on_duty = seen.world.agents.on_duty[START : END + 1, 1]
    slow = seen.service.first_reply_seconds[START : END + 1, 1][on_duty]
    usual = without.service.first_reply_seconds[START : END + 1, 1][on_duty]
    assert slow == pytest.approx(usual * 10, rel=0.01)
    others = np.delete(seen.service.first_reply_seconds - without.service.first_reply_seconds, 1, axis=1)
    assert (others == 0).all()


def test_a_bad_batch_brings_refunds_and_names_its_fault() -> None:
    """A bad batch brings refunds and names its fault."""
    seen = shop("bad_batch", 2.0, ("product", product()))
    change = seen.daily.refunds.astype(np.int64) - seen.rerun("it").daily.refunds
    assert (change[:START] == 0).all()
    assert change[START:, product()].sum() > 20
    assert abs(np.delete(change, product(), axis=1).sum()) < 0.2 * change[:, product()].sum()
    found = seen.orders()
    bad = (found.line_product == product()) & (found.line_rating > 0) & (found.line_rating <= 3)
    hit = (found.day[found.line_order] >= START) & (found.day[found.line_order] <= END)
    named = np.bincount(found.line_fault[bad & hit])
    assert named.max() > 0.7 * (bad & hit).sum()


def test_a_festival_of_the_platform_lifts_everything_and_is_followed_by_a_lull() -> None:
    """A festival of the platform lifts everything and is followed by a lull."""
    seen = shop("platform_festival", 0.5, end=START + 2)
    change = visitors(seen.daily).sum(axis=1) - visitors(seen.rerun("it").daily).sum(axis=1)
    usual = visitors(seen.rerun("it").daily).sum(axis=1)
    assert (change[START : START + 3] > 0.3 * usual[START : START + 3]).all()
    assert (change[START + 3 : START + 5] < 0).all()


def test_a_campaign_takes_from_the_substitutes() -> None:
    """A campaign takes from the substitutes."""
    quiet = shop_without_incidents().world
    pairs = quiet.substitutes
    old = quiet.products.launch < -60
    best = max(
        (strength, left, right)
        for left, right, strength in zip(pairs.left, pairs.right, pairs.strength, strict=True)
        if old[left] and old[right]
    )
    loser, campaigned = int(best[1]), int(best[2])
    seen = shop("cannibal_campaign", 0.3, ("product", campaigned))
    change = orders(seen.daily) - orders(seen.rerun("it").daily)
    assert change[START : END + 1, loser].sum() < 0 < change[START : END + 1, campaigned].sum()


def test_faults_of_files_leave_the_shop_alone() -> None:
    """Faults of files leave the shop alone."""
    seen = simulate(4, UNTIL, DAYS, Scenario("fault", ({"kind": "fen_yuan", "start": 40},), SETTINGS))
    assert seen.world.incidents[0].is_fault
    assert seen.world.incidents[0].parameters["file"] in table("incidents")["kind"]["fen_yuan"]["file"]
    assert (seen.daily.paid_amount == shop_without_incidents().daily.paid_amount).all()
    sums = seen.truth()["incidents"][0]["series"]
    assert sums["revenue"]["effect"] == sums["orders"]["effect"] == 0


def test_two_incidents_have_each_its_own_counterfactual() -> None:
    """Two incidents have each its own counterfactual."""
    both = (
        {"key": "rank", "kind": "rank_lost", "start": 20, "end": 40, "size": 1.2, "place": {"product": product()}},
        {"key": "batch", "kind": "bad_batch", "start": 30, "end": 40, "size": 2.0, "place": {"product": product()}},
    )
    seen = simulate(4, UNTIL, DAYS, Scenario("two", both, SETTINGS))
    rank, batch = seen.without("rank"), seen.without("batch")
    assert (rank.visitors.sum(axis=1) == rank.factual_visitors.sum(axis=1))[:20].all()
    assert rank.visitors[20:41].sum() > rank.factual_visitors[20:41].sum()
    assert (batch.visitors == batch.factual_visitors)[:30].all()
    assert batch.visitors[20:30].sum() < rank.visitors[20:30].sum()


def test_incidents_are_told_with_their_kind_and_place() -> None:
    """Incidents are told with their kind and place."""
    one = shop("page_broken", 1.5, ("product", product()), ("device", 0)).world.incidents[0]
    assert one == Incident("it", "page_broken", START, END, {"product": product(), "device": 0}, 1.5, {}, False)
