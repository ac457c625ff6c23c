"""What becomes of the day's orders: moments, money, refunds, reviews."""

from __future__ import annotations

import numpy as np

from duoshou.demo.simulation.baskets import Baskets
from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.conversion import Interest
from duoshou.demo.simulation.effects import Effects
from duoshou.demo.simulation.reactions import run_refunds, run_reviews
from duoshou.demo.simulation.requests import Requests, second_of_day
from duoshou.demo.simulation.state import State
from duoshou.demo.simulation.traffic import AFFILIATES
from duoshou.demo.simulation.world import Bools, Floats, Ints, Moments, Orders

DAY = 86_400
HOUR = 3_600
NEVER = np.datetime64("NaT", "s")
ORDER_BASE = 2_000_000_000_000_000_000
ORDERS_PER_DAY = 10_000_000


def completed(
    plan: Plan, state: State, effects: Effects, interest: Interest, requests: Requests, baskets: Baskets
) -> Orders:
    """Return the day's orders as they will have gone, also beyond the last day."""
    streams, world, day = plan.streams, plan.world, state.day
    count = len(requests.key)
    created = world.dates[day].astype("datetime64[s]") + second_of_day(plan, requests)
    uniform = {name: streams.uniform(name, requests.key) for name in ("haste", "parcel", "way", "receipt", "served")}
    paid_at, closed = _payment(plan, state, created, baskets, uniform["haste"])
    product = requests.product
    hours = world.products.ship_hours[product] * np.exp(
        plan.settings["delivery"]["ship_spread"] * 2 * (uniform["parcel"] - 0.5)
    )
    shipped = paid_at + _seconds(hours * HOUR)
    delay = effects.delay[requests.region]
    travel = plan.transit[requests.region] * (0.75 + 0.5 * uniform["way"]) + delay
    arrived = shipped + _seconds(travel * DAY)
    rest = -plan.settings["delivery"]["confirm_days"] * np.log(uniform["receipt"])
    finished = arrived + _seconds(np.minimum(rest, 10.0) * DAY)
    money = _money(plan, state, requests, baskets)
    line = baskets.order
    paid_line = baskets.is_paid[line]
    refund = run_refunds(
        plan,
        effects,
        requests,
        baskets,
        late=delay[line],
        amount=np.where(paid_line, money["line_payable"], 0),
        paid_at=paid_at,
        shipped=shipped,
        arrived=arrived,
    )
    review = run_reviews(
        plan, effects, requests, baskets, late=delay[line], arrived=arrived, is_open=refund["can_review"]
    )
    whole = np.bincount(line, ~refund["is_whole"], count) == 0
    last_refund = np.full(count, np.datetime64(0, "s"))
    known = ~np.isnat(refund["line_refunded"])
    np.maximum.at(last_refund, line[known], refund["line_refunded"][known])
    closed = np.where(baskets.is_paid & whole, last_refund, closed)
    unshipped = np.bincount(line, refund["line_refund_kind"] != 1, count) == 0
    shipped = np.where(unshipped & baskets.is_paid, NEVER, shipped)
    finished = np.where(whole, NEVER, finished)
    none = np.zeros(count, dtype=np.int64)
    return Orders(
        ids=ORDER_BASE + day * ORDERS_PER_DAY + np.arange(count) * 7 + 100_000,
        buyer=requests.buyer,
        day=np.full(count, day),
        created=created,
        deposit_paid=np.where(baskets.is_presale, created + np.timedelta64(120, "s"), NEVER),
        paid_at=paid_at,
        shipped=shipped,
        finished=finished,
        closed=closed,
        status=none,
        source=requests.source,
        device=requests.device,
        region=requests.region,
        city=_city(plan, requests),
        segment=requests.segment,
        agent=_agent(plan, interest, requests, uniform["served"]),
        affiliate=_affiliate(plan, requests),
        is_presale=baskets.is_presale,
        is_first=requests.number == 0,
        is_fake=requests.is_fake,
        referrer=requests.referrer,
        goods=money["goods"],
        seller_coupon=money["seller_coupon"],
        platform_coupon=money["platform_coupon"],
        freight=money["freight"],
        payable=money["payable"],
        deposit=money["deposit"],
        paid=np.where(baskets.is_paid, money["payable"], 0),
        line_order=line,
        line_number=_line_number(line),
        line_product=baskets.product,
        line_sku=_sku(plan, baskets),
        line_units=baskets.units,
        line_list_price=state.daily.list_price[day][baskets.product],
        line_price=money["line_price"],
        line_payable=money["line_payable"],
        line_paid=np.where(paid_line, money["line_payable"], 0),
        line_unit_cost=world.products.unit_cost[baskets.product],
        line_commission=_commission(plan, requests, baskets, money["line_payable"]),
        line_refund_kind=refund["line_refund_kind"],
        line_refund_reason=refund["line_refund_reason"],
        line_refund_status=np.zeros(len(line), dtype=np.int64),
        line_refund_amount=refund["line_refund_amount"],
        line_refund_requested=refund["line_refund_requested"],
        line_refunded=refund["line_refunded"],
        line_rating=review["line_rating"],
        line_reviewed=review["line_reviewed"],
        line_topic=review["line_topic"],
        line_fault=review["line_fault"],
    )


def _payment(plan: Plan, state: State, created: Moments, baskets: Baskets, haste: Floats) -> tuple[Moments, Moments]:
    """Return when each order is paid and when an unpaid one is closed."""
    wait = np.where(haste < 0.9, 12 + haste / 0.9 * 200, 212 + (haste - 0.9) / 0.1 * 5 * HOUR)
    paid_at = created + _seconds(wait)
    closed = created + np.timedelta64(DAY, "s")
    balance = int(plan.seasons.balance_day[state.day])
    if balance >= 0:
        opens = plan.world.dates[state.day].astype("datetime64[s]") + np.timedelta64((balance - state.day) * DAY, "s")
        paid_at = np.where(baskets.is_presale, opens + _seconds(haste**2 * (DAY - 60)), paid_at)
        closed = np.where(baskets.is_presale, opens + np.timedelta64(2 * DAY, "s"), closed)
    return np.where(baskets.is_paid, paid_at, NEVER), np.where(baskets.is_paid, NEVER, closed)


def _money(plan: Plan, state: State, requests: Requests, baskets: Baskets) -> dict[str, Ints]:
    rules, day, count = plan.settings["basket"], state.day, len(requests.key)
    price = state.daily.price[day][baskets.product]
    amount = price * baskets.units
    goods = _sums(baskets.order, amount, count)
    seller, platform = rules["seller_coupon"], rules["platform_coupon"]
    takes = plan.streams.uniform("seller coupon", requests.key) < seller["chance"]
    seller_coupon = np.where(takes & (goods >= seller["least"]), seller["off"], 0)
    platform_coupon = np.zeros(count, dtype=np.int64)
    if plan.seasons.peak[day] or plan.seasons.presale[day]:
        takes = plan.streams.uniform("platform coupon", requests.key) < platform["chance"]
        platform_coupon = np.where(takes, goods // platform["every"] * platform["off"], 0)
    discount = seller_coupon + platform_coupon
    freight = np.where(goods - discount >= rules["free_freight"], 0, rules["freight"])
    part = discount[baskets.order] * amount // np.maximum(goods[baskets.order], 1)
    # What rounding leaves over goes to the first line of the order, so that the lines sum exactly.
    first = np.flatnonzero(np.diff(baskets.order, prepend=-1) > 0)
    part[first] += discount - _sums(baskets.order, part, count)
    payable = goods - discount + freight
    deposit = np.where(
        baskets.is_presale, (payable * plan.settings["presale"]["deposit"]).astype(np.int64) // 100 * 100, 0
    )
    return {
        "goods": goods,
        "seller_coupon": seller_coupon,
        "platform_coupon": platform_coupon,
        "freight": freight,
        "payable": payable,
        "deposit": deposit,
        "line_price": price,
        "line_payable": amount - part,
    }


def _sums(order: Ints, values: Ints, count: int) -> Ints:
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, order, values)
    return total


def _seconds(value: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.timedelta64]]:
    return value.astype(np.int64).astype("timedelta64[s]")


def _line_number(line: Ints) -> Ints:
    first = np.searchsorted(line, line, side="left")
    return np.arange(len(line)) - first + 1


def _sku(plan: Plan, baskets: Baskets) -> Ints:
    skus = plan.world.skus
    edges = skus.product + _within(skus.product, skus.share)
    goal = baskets.product + plan.streams.uniform("sku", baskets.key)
    found = np.searchsorted(edges, goal, side="right")
    first = np.searchsorted(skus.product, baskets.product, side="left")
    last = np.searchsorted(skus.product, baskets.product, side="right") - 1
    return np.clip(found, first, last)


def _within(group: Ints, share: Floats) -> Floats:
    total = np.cumsum(share)
    first = np.searchsorted(group, group, side="left")
    return total - (total - share)[first]


def _city(plan: Plan, requests: Requests) -> Ints:
    number = np.diff(plan.city_edges)[requests.region]
    key = plan.streams.key("city", requests.buyer)
    # The capital comes first and holds the most.
    return np.floor(plan.streams.uniform("city", key) ** 1.6 * number).astype(np.int64)


def _agent(plan: Plan, interest: Interest, requests: Requests, draw: Floats) -> Ints:
    chosen = np.searchsorted(np.cumsum(interest.agents)[:-1], plan.streams.uniform("agent", requests.key), side="right")
    assisted: Bools = (draw < plan.settings["service"]["assisted"]) & ~requests.is_fake
    return np.where(assisted, chosen, -1)


def _affiliate(plan: Plan, requests: Requests) -> Ints:
    affiliates = plan.world.affiliates
    weight = affiliates.reach * np.exp(affiliates.conversion)
    draw = plan.streams.uniform("affiliate", requests.key)
    chosen = np.searchsorted(np.cumsum(weight / weight.sum())[:-1], draw)
    return np.where(requests.source == AFFILIATES, chosen, -1)


def _commission(plan: Plan, requests: Requests, baskets: Baskets, payable: Ints) -> Ints:
    due = (requests.source == AFFILIATES)[baskets.order] & baskets.is_paid[baskets.order]
    return np.where(due, np.round(payable * plan.world.products.commission_rate[baskets.product]), 0).astype(np.int64)
