"""Refunds and reviews of the day's orders."""

from __future__ import annotations

from typing import Any

import numpy as np

from duoshou.demo.simulation.baskets import Baskets
from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.conversion import USUAL_QUALITY
from duoshou.demo.simulation.effects import Effects
from duoshou.demo.simulation.parameters import table
from duoshou.demo.simulation.requests import Requests
from duoshou.demo.simulation.world import Bools, Floats, Ints, Moments

DAY = 86_400
HOUR = 3_600
NEVER = np.datetime64("NaT", "s")
NONE, UNSHIPPED, KEPT, RETURNED = range(4)
USUAL_PRICE = 18_000.0
# Index of a reason: not liked, size, quality, not as described, workmanship, shipped late, never arrived, wrong order,
# damaged.
REASONS_UNSHIPPED = np.array([0.40, 0.0, 0.0, 0.0, 0.0, 0.15, 0.0, 0.45, 0.0])
REASONS_AFTER = np.array([0.34, 0.26, 0.10, 0.12, 0.07, 0.0, 0.02, 0.05, 0.04])
REASONS_BATCH = np.array([0.05, 0.05, 0.55, 0.10, 0.22, 0.0, 0.0, 0.0, 0.03])
LATE_REASON = 6
TOPICS = np.array([0.16, 0.15, 0.13, 0.1, 0.1, 0.09, 0.06, 0.1, 0.04, 0.07])
LOGISTICS_TOPIC, SERVICE_TOPIC = 5, 6


def run_refunds(
    plan: Plan,
    effects: Effects,
    requests: Requests,
    baskets: Baskets,
    *,
    late: Floats,
    amount: Ints,
    paid_at: Moments,
    shipped: Moments,
    arrived: Moments,
) -> dict[str, Any]:
    """Return the refund of each line: what kind, why, how much and when."""
    rules, streams = plan.settings["refund"], plan.streams
    line, key, product = baskets.order, baskets.key, baskets.product
    products = plan.world.products
    log = rules["base"] + rules["quality"] * (products.quality[product] - USUAL_QUALITY) / 0.16
    log = log + rules["price"] * np.log(np.maximum(amount, 1000) / USUAL_PRICE)
    unshipped = (streams.uniform("refund early", key) < rules["unshipped"]) & (effects.batch[product] == 0)
    log += np.where(unshipped, 0.0, effects.batch[product] + rules["delay"] * late)
    wants = (amount > 0) & ~requests.is_fake[line]
    wants &= streams.uniform("refund", key) < 1 / (1 + np.exp(-log))
    kept = streams.uniform("refund kept", key) < rules["kept"]
    kind = np.where(wants, np.where(unshipped, UNSHIPPED, np.where(kept, KEPT, RETURNED)), NONE)
    haste = streams.uniform("refund moment", key)
    ships = (shipped - paid_at).astype(np.int64)
    early = paid_at[line] + (ships[line] * haste * 0.9).astype(np.int64).astype("timedelta64[s]")
    after = arrived[line] + ((0.1 + 5 * haste) * DAY).astype(np.int64).astype("timedelta64[s]")
    requested = np.where(wants, np.where(unshipped, early, after), NEVER)
    hours = np.array([0.0, 3.0, 30.0, 120.0])[kind] * (0.4 + 1.2 * streams.uniform("refund wait", key))
    refunded = requested + (hours * HOUR).astype(np.int64).astype("timedelta64[s]")
    part = np.where(kind == KEPT, 0.3 + 0.7 * streams.uniform("refund part", key), 1.0)
    value = np.where(wants, np.round(amount * part), 0).astype(np.int64)
    value = np.where((kind == KEPT) & (part > 0.9), amount, value)
    reason = _reason(plan, effects, kind, product, late, streams.uniform("refund reason", key))
    return {
        "line_refund_kind": kind,
        "line_refund_reason": np.where(wants, reason, -1),
        "line_refund_amount": value,
        "line_refund_requested": requested,
        "line_refunded": refunded,
        "can_review": (amount > 0) & (kind != UNSHIPPED),
        "is_whole": wants & (value == amount),
    }


def run_reviews(
    plan: Plan,
    effects: Effects,
    requests: Requests,
    baskets: Baskets,
    *,
    late: Floats,
    arrived: Moments,
    is_open: Bools,
) -> dict[str, Any]:
    """Return the review of each line: stars, when, about what, and the fault it names."""
    rules, streams = plan.settings["review"], plan.streams
    line, key, product = baskets.order, baskets.key, baskets.product
    quality = plan.world.products.quality[product]
    batch = effects.batch[product]
    pleased = rules["base"] + rules["quality"] * (quality - USUAL_QUALITY) / 0.16 + rules["delay"] * late
    pleased = pleased + rules["batch"] * (batch > 0)
    draw = streams.uniform("stars", key)
    luck = np.log(draw / (1 - draw))
    stars = 1 + (pleased[:, None] + luck[:, None] > np.array(rules["cuts"])).sum(axis=1)
    stars = np.where(requests.is_fake[line], 5, stars)
    # Who is angry writes more often.
    chance = rules["rated"] * np.where(stars <= 3, 1.6, 1.0)
    rated = is_open & (streams.uniform("rated", key) < chance)
    wait = 0.5 - 4 * np.log(streams.uniform("review moment", key))
    reviewed = arrived[line] + (np.minimum(wait, 20) * DAY).astype(np.int64).astype("timedelta64[s]")
    fault = _fault(plan, effects, product, stars, streams.uniform("fault", key))
    topic = np.searchsorted(np.cumsum(TOPICS / TOPICS.sum())[:-1], streams.uniform("topic", key))
    slow = (stars <= 3) & (late > 0) & (streams.uniform("slow", key) < 0.6)
    topic = np.where(slow, LOGISTICS_TOPIC, np.where((batch > 0) & (stars <= 3), 0, topic))
    faults = plan.world.faults
    fault = np.where(slow, faults.index("发货慢"), fault)
    return {
        "line_rating": np.where(rated, stars, 0),
        "line_reviewed": np.where(rated, reviewed, NEVER),
        "line_topic": np.where(rated, topic, -1),
        "line_fault": np.where(rated, fault, -1),
    }


def _reason(plan: Plan, effects: Effects, kind: Ints, product: Ints, late: Floats, draw: Floats) -> Ints:
    count = len(plan.world.refund_reasons)
    tables = np.cumsum(np.stack([REASONS_UNSHIPPED, REASONS_AFTER, REASONS_BATCH])[:, :count], axis=1)
    row = np.where(kind == UNSHIPPED, 0, np.where(effects.batch[product] > 0, 2, 1))
    reason = (draw[:, None] * tables[row, -1:] >= tables[row]).sum(axis=1)
    return np.where((late > 0) & (kind > UNSHIPPED) & (draw > 0.55), LATE_REASON, reason)


def _fault(plan: Plan, effects: Effects, product: Ints, stars: Ints, draw: Floats) -> Ints:
    """Return the fault that a poor review names: the batch's, or one that the category suffers from."""
    faults = plan.world.faults
    own = [[faults.index(word) for word in one["faults"]] for one in table("shop")["category"]]
    width = max(len(one) for one in own)
    padded = np.array([one + one[:1] * (width - len(one)) for one in own])
    category = plan.world.products.category[product]
    size = np.array([len(one) for one in own])[category]
    usual = padded[category, np.floor(draw * size).astype(np.int64)]
    fault = np.where((effects.fault[product] >= 0) & (draw < 0.85), effects.fault[product], usual)
    return np.where(stars <= 3, fault, -1)
