"""What the shop remembers from one day to the next."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.customers import Visits, come_back, packed
from duoshou.demo.simulation.world import Ads, Daily, Floats, Ints, Service

Queue = dict[int, list[NDArray[np.void]]]
RATED_BEFORE = 40.0
USUAL_RATING = 4.7


@dataclass(slots=True)
class State:
    """The moving parts of a run.

    Attributes:
        day: Next day to run.
        daily: Days so far; orders that will be paid later are already on their day.
        ads: Advertising so far.
        service: Agents so far, without the leads.
        rank: Log position in search per product.
        sold_short: Moving mean of the units sold, over days.
        sold_long: The same over weeks.
        stock: Units in the warehouse.
        arrivals: Units that arrive, per day and product.
        stars: Decayed sum of the stars per product.
        rated: Decayed number of the reviews per product.
        scores: Sum and number of the three shop scores per day (D×3×2).
        clicks: Adstock of paid clicks per product.
        returning: Customers who buy again, by day.
        referred: People whom a customer sent, by day.
        delayed: Visitors from advertisements who buy later, by day.
    """

    day: int
    daily: Daily
    ads: Ads
    service: Service
    rank: Floats
    sold_short: Floats
    sold_long: Floats
    stock: Ints
    arrivals: Ints
    stars: Floats
    rated: Floats
    scores: Floats
    clicks: Floats
    returning: Queue = field(default_factory=dict)
    referred: Queue = field(default_factory=dict)
    delayed: Queue = field(default_factory=dict)

    def twin(self) -> State:
        """Return a copy that another run may change."""
        made = copy(self)
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray):
                setattr(made, one.name, value.copy())
            elif isinstance(value, dict):
                setattr(made, one.name, {day: list(parts) for day, parts in value.items()})
            elif isinstance(value, (Daily, Ads, Service)):
                parts = {part.name: getattr(value, part.name).copy() for part in fields(value)}
                setattr(made, one.name, type(value)(**parts))
        return made


def first_state(plan: Plan) -> State:
    """Return the state before the first day: full shelves, a history of ratings and of customers."""
    world, settings = plan.world, plan.settings
    count, days = len(world.products.codes), world.days
    usual = world.products.level * world.scale * 0.03
    stock = np.round(usual * settings["stock"]["cover"] * settings["stock"]["safety"] * 1.3 + 40 * world.scale)
    scores = np.zeros((days, 3, 2))
    state = State(
        day=0,
        daily=_empty_daily(plan),
        ads=_empty_ads(days, len(world.keywords.words), count),
        service=_empty_service(days, len(world.agents.names)),
        rank=np.zeros(count),
        sold_short=usual.copy(),
        sold_long=usual.copy(),
        stock=stock.astype(np.int64),
        arrivals=np.zeros((days + 90, count), dtype=np.int64),
        stars=np.full(count, RATED_BEFORE * USUAL_RATING),
        rated=np.full(count, RATED_BEFORE),
        scores=scores,
        clicks=np.zeros(count),
    )
    _add_old_customers(plan, state, usual)
    return state


def scheduled(queue: Queue, day: int, visits: Visits) -> None:
    """Put visits into a queue."""
    queue.setdefault(day, []).append(packed(visits))


def _add_old_customers(plan: Plan, state: State, usual: Floats) -> None:
    world, rules = plan.world, plan.settings["customers"]
    open_now = np.where(plan.live[0], usual, 0.0)
    if not open_now.any():
        return
    number = int(rules["before"] * open_now.sum())
    rng = plan.streams.generator("old customers")
    day = -1 - rng.integers(0, rules["before"], number)
    product = np.searchsorted(np.cumsum(open_now), rng.random(number) * open_now.sum())
    visits = Visits(
        buyer=buyers(plan.streams.key("old buyer", np.arange(number)).view(np.int64)),
        number=np.zeros(number, dtype=np.int64),
        product=np.minimum(product, len(usual) - 1),
        region=np.searchsorted(np.cumsum(world.region_share)[:-1], rng.random(number)),
        segment=np.searchsorted(np.cumsum(world.segment_share)[:-1], rng.random(number)),
    )
    for at, part in come_back(plan.streams, rules, visits, day, world.days):
        scheduled(state.returning, at, part)


def buyers(keys: Ints) -> Ints:
    """Return the number of the buyer that belongs to each order key: 16 digits."""
    return np.asarray(10**15 + np.abs(keys >> 3) % (8 * 10**15))


def _empty_daily(plan: Plan) -> Daily:
    world = plan.world
    d, p, s, v = world.days, len(world.products.codes), len(world.sources), len(world.devices)

    def counts(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        return np.zeros(shape, dtype=np.int32)

    def money(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Daily(
        impressions=counts(d, p, s),
        visitors=counts(d, p, s, v),
        page_views=counts(d, p, s, v),
        favourites=counts(d, p, s, v),
        carts=counts(d, p, s, v),
        order_buyers=counts(d, p, s, v),
        ordered_units=counts(d, p, s, v),
        ordered_amount=money(d, p, s, v),
        paid_buyers=counts(d, p, s, v),
        paid_orders=counts(d, p, s, v),
        paid_units=counts(d, p, s, v),
        paid_amount=money(d, p, s, v),
        refunded_amount=money(d, p),
        refunds=counts(d, p),
        visitors_by_region=counts(d, p, len(world.regions)),
        visitors_by_segment=counts(d, p, len(world.segments)),
        shop_visitors=counts(d, v),
        shop_visitors_by_source=counts(d, s),
        shop_visitors_by_hour=counts(d, 24),
        shop_page_views=counts(d, v),
        shop_paid_orders=counts(d),
        shop_paid_buyers=counts(d),
        shop_paid_buyers_by_source=counts(d, s),
        shop_paid_buyers_first=counts(d),
        stay_seconds=np.zeros((d, p)),
        bounce_rate=np.zeros((d, p)),
        list_price=np.where(plan.live, world.products.list_price, 0),
        price=money(d, p),
        competitor_price=money(d, p, plan.competitor.shape[2]),
        stock=money(d, p),
        received=money(d, p),
        stock_out=np.zeros((d, p), dtype=bool),
        ratings=counts(d, p),
        rating_sum=counts(d, p),
        dsr=np.zeros((d, 3)),
        rank=np.zeros((d, p)),
    )


def _empty_ads(days: int, keywords: int, products: int) -> Ads:
    def counts(width: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        return np.zeros((days, width), dtype=np.int32)

    def money(*width: int) -> Ints:
        return np.zeros((days, *width), dtype=np.int64)

    return Ads(
        keyword_impressions=counts(keywords),
        keyword_clicks=counts(keywords),
        keyword_cost=money(keywords),
        keyword_bid=money(keywords),
        keyword_position=np.zeros((days, keywords)),
        keyword_carts=counts(keywords),
        keyword_favourites=counts(keywords),
        keyword_direct_orders=counts(keywords),
        keyword_indirect_orders=counts(keywords),
        keyword_direct_amount=money(keywords),
        keyword_indirect_amount=money(keywords),
        search_budget=money(),
        search_online=np.ones(days),
        display_impressions=counts(products),
        display_clicks=counts(products),
        display_cost=money(products),
        display_budget=money(),
        display_orders=counts(products),
        display_amount=money(products),
        affiliate_clicks=counts(products),
    )


def _empty_service(days: int, agents: int) -> Service:
    def counts() -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
        return np.zeros((days, agents), dtype=np.int32)

    none = np.zeros(0, dtype=np.int64)
    never = np.zeros(0, dtype="datetime64[s]")
    return Service(
        chats=counts(),
        asked=counts(),
        first_reply_seconds=np.zeros((days, agents)),
        reply_seconds=np.zeros((days, agents)),
        satisfied=counts(),
        rated=counts(),
        orders=counts(),
        buyers=counts(),
        amount=np.zeros((days, agents), dtype=np.int64),
        lead_created=never,
        lead_agent=none,
        lead_product=none,
        lead_region=none,
        lead_source=none,
        lead_referred=np.zeros(0, dtype=bool),
        lead_followed=never,
        lead_closed=never,
        lead_status=none,
        lead_amount=none,
    )
