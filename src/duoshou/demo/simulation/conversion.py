"""From visitors to people who favourite, add to the cart and order: the rates of a day and their counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.demo.simulation import quantiles
from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.effects import Effects
from duoshou.demo.simulation.state import USUAL_RATING, State
from duoshou.demo.simulation.traffic import KEYWORDS, Traffic
from duoshou.demo.simulation.world import Bools, Floats, Ints

QUALITY_ORDER = 0.5
USUAL_QUALITY = 0.62


@dataclass(frozen=True, slots=True)
class Interest:
    """Who wants to order on a day.

    Attributes:
        orders: Orders wanted per product, source and device.
        log_rate: Log of the order rate per product, before source and device; for who chooses among products.
        regions: Part of the orders per region (R).
        agents: Part of the served orders per agent (A), and `close_rate` of the day.
        close_rate: Rate at which each agent closes on this day.
        gone: Products that cannot be sold.
        price_answer: Factor of the wishes by the product's own price (P).
    """

    orders: Ints
    log_rate: Floats
    regions: Floats
    agents: Floats
    close_rate: Floats
    gone: Bools
    price_answer: Floats


def set_prices(plan: Plan, state: State, effects: Effects) -> None:
    """Enter the day's prices: the shop's, and its competitors'."""
    day = state.day
    state.daily.price[day] = np.round(plan.price[day] * effects.price / 10) * 10
    state.daily.competitor_price[day] = np.round(plan.competitor[day] * effects.competitor[:, None] / 10) * 10


def run_interest(plan: Plan, state: State, effects: Effects, traffic: Traffic) -> Interest:
    """Return who wants to order and enter favourites and carts in the books."""
    world, settings, day, daily = plan.world, plan.settings, state.day, state.daily
    stage, source = settings["stage"], settings["source"]
    gone = (state.stock <= 0) | effects.blocked | ~plan.live[day]
    regions, wait = _regions(plan, effects)
    agents, close_rate, service = _service(plan, effects, day)
    own = _product_rate(plan, state, gone) + wait + service + plan.seasons.order[day]
    fit, change = _fit(plan, traffic)
    log = (own + 0.0)[:, None] + fit + np.array(source["conversion"]) + change * _price_log(plan, state)[:, None]
    log[:, 1] += traffic.drift
    log[:, KEYWORDS] += traffic.paid.intent
    devices = np.array([0.0, stage["pc"]])
    rate = np.minimum(np.exp(log[:, :, None] + devices + effects.order[:, None, :]), stage["highest"])
    rate[gone] = 0
    rng = plan.streams.generator("interest", day)
    luck = rng.random((3, *rate.shape))
    visitors = traffic.visitors
    cart = stage["cart"] + 0.55 * (own - np.array(stage["order"])[world.products.category]) + plan.seasons.cart[day]
    cart = cart - 0.55 * plan.seasons.order[day]
    daily.carts[day] = quantiles.binomial(visitors, _logistic(cart)[:, None, None] * np.ones_like(rate), luck[0])
    liking = stage["favourite"] + 0.6 * world.products.image_quality + 0.4 * plan.seasons.cart[day]
    favourite = liking[:, None] + np.array(source["favourite"])
    daily.favourites[day] = quantiles.binomial(visitors, _logistic(favourite)[:, :, None], luck[1])
    _enter_keyword_interest(plan, state, cart, favourite)
    answer = np.exp(world.products.elasticity * _price_log(plan, state))
    return Interest(quantiles.binomial(visitors, rate, luck[2]), own, regions, agents, close_rate, gone, answer)


def run_service(plan: Plan, state: State, effects: Effects, interest: Interest) -> None:
    """Enter the agents' day; their orders are in the books already."""
    world, rules, day, books = plan.world, plan.settings["service"], state.day, state.service
    rng = plan.streams.generator("service", day)
    count = len(world.agents.names)
    visitors = float(state.daily.shop_visitors[day].sum())
    expected = visitors * rules["asks"] * 0.25 * interest.agents
    luck = rng.random((4, count))
    lost = quantiles.poisson(expected * (1 - interest.close_rate), luck[0])
    asked = books.orders[day] + lost
    books.asked[day] = asked
    books.chats[day] = asked + quantiles.poisson(asked * (rules["chat"] - 1), luck[1])
    seconds = world.agents.reply_seconds * effects.reply
    on_duty = world.agents.on_duty[day]
    books.first_reply_seconds[day] = np.where(
        on_duty, np.round(seconds * 0.45 * np.exp(rng.normal(0, 0.12, count)), 1), 0
    )
    books.reply_seconds[day] = np.where(on_duty, np.round(seconds * np.exp(rng.normal(0, 0.1, count)), 1), 0)
    books.rated[day] = quantiles.binomial(books.chats[day].astype(np.int64), np.full(count, 0.18), luck[2])
    pleased = _logistic(2.6 - 0.5 * np.log2(effects.reply))
    books.satisfied[day] = quantiles.binomial(books.rated[day].astype(np.int64), pleased, luck[3])


def _product_rate(plan: Plan, state: State, gone: Bools) -> Floats:
    world, stage, day = plan.world, plan.settings["stage"], state.day
    products = world.products
    own = np.array(stage["order"])[products.category] + products.page_quality
    own = own + QUALITY_ORDER * (products.quality - USUAL_QUALITY)
    price = _price_log(plan, state)
    own += products.elasticity * price
    rivals = np.log(np.maximum(state.daily.competitor_price[day], 1).mean(axis=1))
    own += products.cross_elasticity * (rivals - np.log(np.maximum(products.base_price, 1)))
    own += stage["rating"] * (state.stars / state.rated - USUAL_RATING)
    pairs = world.substitutes
    pull = np.where(gone[pairs.right], stage["substitute_gone"], price[pairs.right]) * pairs.strength
    pull = np.where(plan.live[day][pairs.right], pull, 0.0)
    return np.asarray(own + np.bincount(pairs.left, pull, len(products.codes)))


def _price_log(plan: Plan, state: State) -> Floats:
    price = state.daily.price[state.day]
    return np.where(price > 0, np.log(np.maximum(price, 1) / plan.world.products.base_price), 0.0)


def _fit(plan: Plan, traffic: Traffic) -> tuple[Floats, Floats]:
    rules = plan.settings["stage"]["audience"]
    shift = traffic.mix - plan.mix[:, None, :]
    usual = plan.mix @ np.array(rules["conversion"])
    return usual[:, None] + shift @ np.array(rules["conversion"]), -(shift @ np.array(rules["price"]))


def _regions(plan: Plan, effects: Effects) -> tuple[Floats, float]:
    wanting = plan.world.region_share * np.exp(plan.settings["stage"]["delivery"] * effects.delay)
    return wanting / wanting.sum(), float(np.log(wanting.sum()))


def _service(plan: Plan, effects: Effects, day: int) -> tuple[Floats, Floats, float]:
    rules, agents = plan.settings["service"], plan.world.agents
    usual = np.log(agents.close_rate / (1 - agents.close_rate))
    close_rate = _logistic(usual + rules["reply_effect"] * np.log2(effects.reply))
    weight = agents.on_duty[day] / agents.on_duty[day].sum()
    mean, long = float(weight @ close_rate), float(agents.close_rate.mean())
    served = weight * close_rate
    return served / served.sum(), close_rate, plan.settings["stage"]["service"] * float(np.log(mean / long))


def _enter_keyword_interest(plan: Plan, state: State, cart: Floats, favourite: Floats) -> None:
    own, ads, day = plan.world.keywords.product, state.ads, state.day
    luck = plan.streams.generator("keyword interest", day).random((2, len(own)))
    clicks = ads.keyword_clicks[day].astype(np.int64)
    ads.keyword_carts[day] = quantiles.binomial(clicks, _logistic(cart)[own], luck[0])
    ads.keyword_favourites[day] = quantiles.binomial(clicks, _logistic(favourite)[own, KEYWORDS], luck[1])


def _logistic(value: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-value)))
