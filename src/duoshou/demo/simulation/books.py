"""Enters a day's orders in the books: trade, refunds, ratings, advertising, agents, and what the shop remembers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.customers import Visits, come_back
from duoshou.demo.simulation.requests import Requests
from duoshou.demo.simulation.state import State, scheduled
from duoshou.demo.simulation.traffic import DISPLAY
from duoshou.demo.simulation.world import Bools, Ints, Moments, Orders

RANK_FLOOR = 1.0
USUAL_SCORE = 4.78
SCORE_WEIGHT = 60.0


def day_of(plan: Plan, moments: Moments) -> Ints:
    """Return the index of the day of each moment; the number of days where it lies after the window or is NaT."""
    days = (moments.astype("datetime64[D]") - plan.world.dates[0]).astype(np.int64)
    return np.where(np.isnat(moments) | (days >= plan.world.days), plan.world.days, days)


def enter_orders(plan: Plan, state: State, requests: Requests, orders: Orders) -> None:
    """Enter the orders created today, each amount on its own day."""
    line, product = orders.line_order, orders.line_product
    source, device = orders.source[line], orders.device[line]
    daily, day = state.daily, state.day
    cell = (np.full(len(line), day), product, source, device)
    _add(daily.order_buyers, cell, _is_first_of(orders.buyer[line], product))
    _add(daily.ordered_units, cell, orders.line_units)
    _add(daily.ordered_amount, cell, orders.line_payable)
    _enter_payments(plan, state, orders)
    _enter_refunds(plan, state, orders)
    _enter_advertising(state, requests, orders)
    served = np.flatnonzero((orders.agent >= 0) & (orders.paid > 0))
    _add(state.service.orders, (day, orders.agent[served]), 1)
    _add(state.service.buyers, (day, orders.agent[served]), _is_first_of(orders.buyer[served], orders.agent[served]))
    _add(state.service.amount, (day, orders.agent[served]), orders.paid[served])


def _enter_payments(plan: Plan, state: State, orders: Orders) -> None:
    daily, world = state.daily, plan.world
    paid_day = day_of(plan, orders.paid_at)
    good = (paid_day < world.days) & (orders.paid > 0)
    line = orders.line_order
    own = np.flatnonzero(good[line])
    order = line[own]
    cell = (paid_day[order], orders.line_product[own], orders.source[order], orders.device[order])
    _add(daily.paid_orders, cell, 1)
    _add(daily.paid_buyers, cell, _is_first_of(orders.buyer[order], orders.line_product[own]))
    _add(daily.paid_units, cell, orders.line_units[own])
    _add(daily.paid_amount, cell, orders.line_paid[own])
    at = np.flatnonzero(good)
    _add(daily.shop_paid_orders, paid_day[at], 1)
    alone = _is_first_of(orders.buyer[at], paid_day[at])
    _add(daily.shop_paid_buyers, paid_day[at], alone)
    _add(daily.shop_paid_buyers_by_source, (paid_day[at], orders.source[at]), alone)
    _add(daily.shop_paid_buyers_first, paid_day[at], alone & orders.is_first[at])


def _enter_refunds(plan: Plan, state: State, orders: Orders) -> None:
    daily, days = state.daily, plan.world.days
    day = day_of(plan, orders.line_refunded)
    own = np.flatnonzero(day < days)
    _add(daily.refunds, (day[own], orders.line_product[own]), 1)
    _add(daily.refunded_amount, (day[own], orders.line_product[own]), orders.line_refund_amount[own])
    day = day_of(plan, orders.line_reviewed)
    own = np.flatnonzero((day < days) & (orders.line_rating > 0))
    product, stars = orders.line_product[own], orders.line_rating[own]
    _add(daily.ratings, (day[own], product), 1)
    _add(daily.rating_sum, (day[own], product), stars)
    _add(state.scores, (day[own], 0), np.stack([4.0 + 0.2 * stars, np.ones(len(own))], axis=1))
    arrived = day_of(plan, orders.finished)
    some = np.flatnonzero(arrived < days)
    wait = (orders.finished[some] - orders.paid_at[some]).astype(np.int64) / 86_400
    score = np.clip(5.1 - 0.028 * wait, 3.5, 5.0)
    _add(state.scores, (arrived[some], 2), np.stack([score, np.ones(len(some))], axis=1))


def _enter_advertising(state: State, requests: Requests, orders: Orders) -> None:
    ads, line = state.ads, orders.line_order
    keyword, click_day = requests.keyword[line], requests.click_day[line]
    ours = np.flatnonzero((keyword >= 0) & (orders.line_paid > 0))
    wanted = orders.line_number[ours] == 1
    for chosen, number, amount in (
        (ours[wanted], ads.keyword_direct_orders, ads.keyword_direct_amount),
        (ours[~wanted], ads.keyword_indirect_orders, ads.keyword_indirect_amount),
    ):
        _add(number, (click_day[chosen], keyword[chosen]), 1)
        _add(amount, (click_day[chosen], keyword[chosen]), orders.line_paid[chosen])
    shown = np.flatnonzero((orders.source[line] == DISPLAY) & (orders.line_paid > 0))
    _add(ads.display_orders, (state.day, orders.line_product[shown]), 1)
    _add(ads.display_amount, (state.day, orders.line_product[shown]), orders.line_paid[shown])


def send_customers(plan: Plan, state: State, requests: Requests, orders: Orders) -> None:
    """Put those who will come again, and those whom they will send, into the queues."""
    world, rules, streams = plan.world, plan.settings["customers"], plan.streams
    first = np.flatnonzero(orders.is_first & (orders.paid > 0) & ~orders.is_fake)
    paid_day = day_of(plan, orders.paid_at)[first]
    first, paid_day = first[paid_day < world.days], paid_day[paid_day < world.days]
    visits = Visits(
        orders.buyer[first],
        requests.number[first],
        requests.product[first],
        orders.region[first],
        orders.segment[first],
    )
    for day, part in come_back(streams, rules, visits, paid_day, world.days):
        scheduled(state.returning, day, part)
    key = requests.key[first]
    sends = streams.uniform("sends", key) < rules["referral"]
    lag = 1 + np.floor(-rules["referral_days"] * np.log(streams.uniform("send lag", key))).astype(np.int64)
    day = paid_day + lag
    for at in np.unique(day[sends & (day < world.days)]):
        scheduled(state.referred, int(at), visits.chosen(sends & (day == at)))


def close_day(plan: Plan, state: State, orders: Orders) -> None:
    """Update rank, ratings, scores, stock and orders to the supplier, and go to the next day."""
    day, world = state.day, plan.world
    daily, rank = state.daily, plan.settings["rank"]
    count = len(world.products.codes)
    daily.rank[day] = state.rank
    sold = np.bincount(orders.line_product, np.where(orders.line_paid > 0, orders.line_units, 0), count)
    state.sold_short += (sold - state.sold_short) * 2 / (rank["short"] + 1)
    state.sold_long += (sold - state.sold_long) * 2 / (rank["long"] + 1)
    trend = np.log((state.sold_short + RANK_FLOOR) / (state.sold_long + RANK_FLOOR))
    state.rank = np.clip(rank["memory"] * state.rank + rank["gain"] * trend, -rank["limit"], rank["limit"])
    keep = 1 - 1 / 60
    state.stars = state.stars * keep + daily.rating_sum[day] + 4.7 * (1 - keep) * 8
    state.rated = state.rated * keep + daily.ratings[day] + (1 - keep) * 8
    reply = state.service.reply_seconds[day]
    answered = state.service.chats[day].astype(np.float64)
    mean = float(np.log((reply * answered).sum() / max(answered.sum(), 1) / 28 + 1e-9)) if answered.sum() else 0.0
    state.scores[day, 1] += (np.clip(USUAL_SCORE - 0.06 * mean, 3.5, 5.0) * answered.sum(), answered.sum())
    window = state.scores[max(0, day + 1 - plan.settings["delivery"]["dsr_days"]) : day + 1].sum(axis=0)
    weight = SCORE_WEIGHT * world.scale
    daily.dsr[day] = (window[:, 0] + weight * USUAL_SCORE) / (window[:, 1] + weight)
    _reorder(plan, state)
    daily.stock[day] = np.where(plan.live[day], state.stock, 0)
    state.day += 1


def open_day(state: State, blocked: Bools) -> None:
    """Take in what arrives; goods that cannot be sold wait outside until they can."""
    day = state.day
    arrived = state.arrivals[day]
    state.arrivals[day + 1] += np.where(blocked, arrived, 0)
    arrived = np.where(blocked, 0, arrived)
    state.daily.received[day] = arrived
    state.stock += arrived


def _reorder(plan: Plan, state: State) -> None:
    rules, day, world = plan.settings["stock"], state.day, plan.world
    products = world.products
    daily_need = np.maximum(0.35 * state.sold_short + 0.65 * state.sold_long, 0.2 * world.scale)
    ahead = np.clip(plan.seasons.ahead[day] / np.exp(plan.seasons.exposure[day] + plan.seasons.order[day]), 1.0, 2.2)
    coming = state.arrivals[day + 1 :].sum(axis=0)
    position = state.stock + coming
    point = daily_need * (products.lead_time * rules["safety"] + 7) * ahead
    amount = daily_need * (products.lead_time + rules["cover"]) * ahead - position
    orders = (position < point) & (amount > 0) & (day >= products.launch - 30)
    amount = np.where(orders, np.ceil(amount / rules["round_to"]) * rules["round_to"], 0).astype(np.int64)
    delay = plan.streams.generator("supplier", day).integers(-2, 5, len(amount))
    at = np.minimum(day + np.maximum(products.lead_time + delay, 2), len(state.arrivals) - 1)
    _add(state.arrivals, (at, np.arange(len(amount))), amount)


def _add(book: NDArray[Any], cell: Any, values: Any) -> None:
    np.add.at(book, cell, values)


def _is_first_of(left: Ints, right: Ints) -> Bools:
    """Return whether a pair stands for the first time."""
    order = np.lexsort((right, left))
    new = np.ones(len(left), dtype=bool)
    if len(left):
        new[1:] = (np.diff(left[order]) != 0) | (np.diff(right[order]) != 0)
    found = np.empty(len(left), dtype=bool)
    found[order] = new
    return found
