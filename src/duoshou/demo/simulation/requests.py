"""Everybody who wants to order on a day: new buyers, those who come back, those who were sent, fake ones."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from duoshou.demo.simulation import quantiles
from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.conversion import Interest
from duoshou.demo.simulation.customers import Visits, unpacked
from duoshou.demo.simulation.effects import Effects
from duoshou.demo.simulation.state import State, buyers, scheduled
from duoshou.demo.simulation.streams import Keys
from duoshou.demo.simulation.traffic import DIRECT, KEYWORDS, SEARCH, Traffic
from duoshou.demo.simulation.world import Bools, Counts, Floats, Ints

FAKES_PER_VISIT = 1.15
DAY = 86_400
HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Requests:
    """Wanted orders, one entry each, in the order in which they come.

    Attributes:
        key: Key of the order's random numbers.
        buyer: The buyer.
        product: What is wanted.
        source: Index of the source.
        device: Index of the device.
        region: Index of the region.
        segment: Index of the audience.
        number: How many-th repeat purchase; 0: the first.
        referrer: Buyer who sent this one, or 0.
        keyword: Keyword of the advertisement, or -1.
        click_day: Day of that click.
        is_fake: Whether the shop ordered from itself.
    """

    key: Keys
    buyer: Ints
    product: Ints
    source: Ints
    device: Ints
    region: Ints
    segment: Ints
    number: Ints
    referrer: Ints
    keyword: Ints
    click_day: Ints
    is_fake: Bools

    def chosen(self, where: Ints | Bools) -> Requests:
        """Return the entries at an index or a mask."""
        return Requests(**{one.name: getattr(self, one.name)[where] for one in fields(self)})


def wanted(plan: Plan, state: State, effects: Effects, traffic: Traffic, interest: Interest) -> Requests:
    """Return the day's wanted orders; visitors who come outside of the traffic enter the books here."""
    parts = [
        _new(plan, state, traffic, interest),
        _returning(plan, state, interest),
        _sent(plan, state, interest),
        _late(plan, state, interest),
        _fake(plan, state, effects),
    ]
    made = Requests(
        **{one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Requests)}
    )
    return made.chosen(np.argsort(second_of_day(plan, made), kind="stable"))


def _new(plan: Plan, state: State, traffic: Traffic, interest: Interest) -> Requests:
    cells = interest.orders.ravel()
    cell = np.repeat(np.arange(len(cells)), cells)
    ordinal = np.arange(len(cell)) - np.repeat(np.cumsum(cells) - cells, cells)
    product, source, device = np.unravel_index(cell, interest.orders.shape)
    key = plan.streams.key("order", np.full(len(cell), state.day), cell, ordinal)
    audience = np.cumsum(traffic.mix, axis=2)
    draw = plan.streams.uniform("segment", key)
    segment = (draw[:, None] > audience[product, source][:, :-1]).sum(axis=1)
    keyword = np.full(len(key), -1)
    ours = np.flatnonzero(source == KEYWORDS)
    keyword[ours] = _keyword(plan, traffic.paid.keyword_pull, product[ours], plan.streams.uniform("keyword", key[ours]))
    return _requests(
        plan, state, interest, key, product=product, source=source, device=device, segment=segment, keyword=keyword
    )


def _returning(plan: Plan, state: State, interest: Interest) -> Requests:
    visits = _without_those_away(plan, state, unpacked(state.returning.pop(state.day, [])))
    key = plan.streams.key("return", visits.buyer, visits.number)
    product = _choice(plan, state, interest, visits, key)
    some = product >= 0
    visits, key, product = visits.chosen(some), key[some], product[some]
    device = _device(plan, key)
    _enter_visits(state.daily.visitors[state.day], product, np.full(len(key), DIRECT), device)
    return _requests(
        plan,
        state,
        interest,
        key,
        product=product,
        device=device,
        segment=visits.segment,
        buyer=visits.buyer,
        region=visits.region,
        number=visits.number,
    )


def _without_those_away(plan: Plan, state: State, visits: Visits) -> Visits:
    """Return the visits of those who are there; the others come in the days after the holiday."""
    away = float(plan.seasons.away[state.day])
    if away <= 0:
        return visits
    key = plan.streams.key("return", visits.buyer, visits.number)
    waits = plan.streams.uniform("away", key) < away
    later = np.floor(plan.streams.uniform("back", key) * plan.settings["customers"]["back_days"]).astype(np.int64)
    day = plan.seasons.back[state.day] + later
    for one in np.unique(day[waits]):
        scheduled(state.returning, int(one), visits.chosen(waits & (day == one)))
    return visits.chosen(~waits)


def _sent(plan: Plan, state: State, interest: Interest) -> Requests:
    visits = unpacked(state.referred.pop(state.day, []))
    key = plan.streams.key("referral", visits.buyer, visits.number)
    product = _choice(plan, state, interest, visits, key)
    some = product >= 0
    visits, key, product = visits.chosen(some), key[some], product[some]
    device = _device(plan, key)
    _enter_visits(state.daily.visitors[state.day], product, np.full(len(key), DIRECT), device)
    return _requests(
        plan, state, interest, key, product=product, device=device, segment=visits.segment, referrer=visits.buyer
    )


def _late(plan: Plan, state: State, interest: Interest) -> Requests:
    # Of these visits, `buyer` is the key, `number` the keyword and `region` the day of the click.
    visits = unpacked(state.delayed.pop(state.day, []))
    some = ~interest.gone[visits.product]
    visits = visits.chosen(some)
    key = visits.buyer.view(np.uint64)
    device = _device(plan, key)
    _enter_visits(state.daily.visitors[state.day], visits.product, np.full(len(key), DIRECT), device)
    return _requests(
        plan,
        state,
        interest,
        key,
        product=visits.product,
        device=device,
        segment=visits.segment,
        keyword=visits.number,
        click_day=visits.region,
    )


def _fake(plan: Plan, state: State, effects: Effects) -> Requests:
    draw = plan.streams.generator("fake orders", state.day).random(len(effects.fake))
    number = quantiles.poisson(effects.fake * plan.world.scale, draw) * plan.live[state.day]
    product = np.repeat(np.arange(len(number)), number)
    ordinal = np.arange(len(product)) - np.repeat(np.cumsum(number) - number, number)
    key = plan.streams.key("fake order", np.full(len(product), state.day), product, ordinal)
    zero = np.zeros(len(product), dtype=np.int64)
    visits = np.round(number * FAKES_PER_VISIT).astype(np.int32)
    state.daily.visitors[state.day][:, SEARCH, 0] += visits
    # Whoever fakes buys from a few places.
    region = np.floor(plan.streams.uniform("fake region", key) * 2).astype(np.int64)
    return _requests(
        plan,
        state,
        None,
        key,
        product=product,
        source=zero + SEARCH,
        device=zero,
        segment=zero,
        region=region,
        is_fake=np.ones(len(product), dtype=bool),
    )


def second_of_day(plan: Plan, requests: Requests) -> Ints:
    """Return the second of the day at which each order is placed."""
    hours = np.array([plan.settings["hours"]["wireless"], plan.settings["hours"]["pc"]])
    edges = np.cumsum(hours / hours.sum(axis=1, keepdims=True), axis=1)
    edges[:, -1] = 1.0
    draw = plan.streams.uniform("moment", requests.key)
    hour = (draw[:, None] >= edges[requests.device]).sum(axis=1)
    within = plan.streams.uniform("minute", requests.key)
    return np.asarray(np.minimum((hour + within) * HOUR, DAY - 1)).astype(np.int64)


def send_late_buyers(plan: Plan, state: State, traffic: Traffic, interest: Interest) -> None:
    """Put people into the queue who clicked an advertisement today and will order within the window."""
    rules, day = plan.settings["auction"], state.day
    mean = interest.orders[:, KEYWORDS].sum(axis=1) * rules["delayed"]
    draw = plan.streams.generator("late orders", day).random(len(mean))
    number = quantiles.poisson(mean.astype(np.float64), draw)
    product = np.repeat(np.arange(len(number)), number)
    if not len(product):
        return
    ordinal = np.arange(len(product)) - np.repeat(np.cumsum(number) - number, number)
    key = plan.streams.key("late order", np.full(len(product), day), product, ordinal)
    keyword = _keyword(plan, traffic.paid.keyword_pull, product, plan.streams.uniform("keyword", key))
    lag = 1 + np.floor(np.log(plan.streams.uniform("lag", key)) / np.log(1 - rules["lag"])).astype(np.int64)
    segment = np.searchsorted(np.cumsum(plan.world.segment_share)[:-1], plan.streams.uniform("segment", key))
    visits = Visits(key.view(np.int64), keyword, product, np.full(len(key), day), segment)
    within = (lag <= rules["window"]) & (keyword >= 0)
    for one in np.unique(lag[within]):
        scheduled(state.delayed, day + int(one), visits.chosen(within & (lag == one)))


def _requests(plan: Plan, state: State, interest: Interest | None, key: Keys, **known: Any) -> Requests:
    count, streams = len(key), plan.streams
    none = np.full(count, -1)
    buyer = known.get("buyer")
    if buyer is None:
        buyer = buyers(key.view(np.int64))
    region = known.get("region")
    if region is None:
        assert interest is not None
        region = np.searchsorted(np.cumsum(interest.regions)[:-1], streams.uniform("region", key))
    return Requests(
        key=key,
        buyer=buyer,
        product=known["product"],
        source=known.get("source", np.full(count, DIRECT)),
        device=known["device"],
        region=region,
        segment=known["segment"],
        number=known.get("number", np.zeros(count, dtype=np.int64)),
        referrer=known.get("referrer", np.zeros(count, dtype=np.int64)),
        keyword=known.get("keyword", none),
        click_day=known.get("click_day", np.full(count, state.day)),
        is_fake=known.get("is_fake", np.zeros(count, dtype=bool)),
    )


def _choice(plan: Plan, state: State, interest: Interest, visits: Visits, key: Keys) -> Ints:
    """Return what each visitor wants: of the category of the last purchase, or any; -1 where nothing is left."""
    world = plan.world
    weight = np.where(interest.gone, 0.0, plan.life[state.day] * np.exp(interest.log_rate))
    category = world.products.category
    by_category = np.where(category == np.arange(len(world.categories))[:, None], weight, 0.0)
    table = np.cumsum(np.vstack([by_category, weight]), axis=1)
    stay = plan.streams.uniform("category", key) < plan.settings["customers"]["same_category"]
    row = np.where(stay & (table[category[visits.product], -1] > 0), category[visits.product], len(world.categories))
    goal = plan.streams.uniform("choice", key) * table[row, -1]
    found = (goal[:, None] >= table[row]).sum(axis=1)
    return np.where(table[row, -1] > 0, np.minimum(found, len(category) - 1), -1)


def _keyword(plan: Plan, pull: Floats, product: Ints, draw: Floats) -> Ints:
    """Return the keyword that brought each visitor; keywords of one product are neighbours."""
    own = plan.world.keywords.product
    edges = np.concatenate([[0.0], np.cumsum(pull)])
    first = np.searchsorted(own, product, side="left")
    last = np.searchsorted(own, product, side="right")
    goal = edges[first] + draw * (edges[last] - edges[first])
    found = np.clip(np.searchsorted(edges, goal, side="right") - 1, first, np.maximum(last - 1, first))
    return np.where(edges[last] > edges[first], found, -1)


def _device(plan: Plan, key: Keys) -> Ints:
    wireless: float = plan.settings["shop"]["wireless"]
    return (plan.streams.uniform("device", key) > wireless).astype(np.int64)


def _enter_visits(visitors: Counts, product: Ints, source: Ints, device: Ints) -> None:
    np.add.at(visitors, (product, source, device), 1)
