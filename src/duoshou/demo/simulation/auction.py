"""Paid traffic of a day: the keyword auction and display advertising."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.demo.simulation import quantiles
from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.effects import Effects
from duoshou.demo.simulation.state import State
from duoshou.demo.simulation.world import Bools, Floats, Ints

NEXT_BEST = 0.62
CLICK_RELEVANCE = 1.1
WORST_POSITION = 60.0


@dataclass(frozen=True, slots=True)
class Paid:
    """Paid traffic of a day.

    Attributes:
        clicks: Keyword clicks per product.
        display: Display clicks per product.
        keyword_pull: Relative chance of a click to buy, per keyword; 0 without clicks.
        intent: Log of the order rate of the keyword visitors per product, against usual words.
    """

    clicks: Ints
    display: Ints
    keyword_pull: Floats
    intent: Floats


def run_auctions(plan: Plan, state: State, effects: Effects, shown: Bools, demand: Floats, click: Floats) -> Paid:
    """Run the day's auctions and enter them in the books.

    Args:
        plan: The plan of the run.
        state: The shop; its books of advertising are written.
        effects: The day's incidents.
        shown: Products whose advertisements run.
        demand: Log of the searches per product's category.
        click: Log-odds that the product's picture adds to a click.
    """
    clicks, pull, intent = _keywords(plan, state, effects, shown, demand, click)
    display = _display(plan, state, shown, click)
    return Paid(clicks, display, pull, intent)


def _keywords(
    plan: Plan, state: State, effects: Effects, shown: Bools, demand: Floats, click: Floats
) -> tuple[Ints, Floats, Floats]:
    world, rules, ads, day = plan.world, plan.settings["auction"], state.ads, state.day
    words = world.keywords
    own, count = words.product, len(words.words)
    rng = plan.streams.generator("auction", day)
    noise, luck, cost_noise = rng.gamma(12.0, 1 / 12.0, count), rng.random((2, count)), rng.normal(0, 0.04, count)
    score = words.bid * words.quality
    power = rules["power"]
    won = score**power / (score**power + words.competitor_score**power)
    volume = words.volume * np.exp(demand[own] + effects.waste) * world.scale
    rate = _odds(rules["click"], click[own] + CLICK_RELEVANCE * (words.relevance - 0.6) - 0.35 * effects.waste)
    price = np.minimum(words.bid, words.competitor_score * NEXT_BEST / words.quality + 1) * np.exp(cost_noise)
    price = np.minimum(price, words.bid)
    wanted = volume * rules["share_limit"] * won * shown[own]
    budget = rules["budget"] * effects.budget * world.scale
    online = min(1.0, budget / max(float((wanted * rate * price).sum()), 1.0))
    impressions = quantiles.poisson(wanted * noise * online, luck[0])
    clicks = quantiles.binomial(impressions, rate, luck[1])
    cost = np.round(clicks * price).astype(np.int64)
    ads.keyword_impressions[day], ads.keyword_clicks[day], ads.keyword_cost[day] = impressions, clicks, cost
    ads.keyword_bid[day] = np.where(shown[own], words.bid, 0)
    ads.keyword_position[day] = np.where(impressions > 0, np.clip(1.2 / np.maximum(won, 0.02), 1, WORST_POSITION), 0)
    ads.search_budget[day], ads.search_online[day] = int(rules["budget"] * world.scale * effects.budget), online
    useful = words.relevance / 0.6 * np.exp(-effects.waste)
    pull = clicks * useful
    products = len(world.products.codes)
    total = np.bincount(own, clicks, products)
    intent = np.log(np.maximum(np.bincount(own, pull, products), 1e-9) / np.maximum(total, 1))
    return total.astype(np.int64), pull, np.where(total > 0, np.clip(intent, -3, 1), 0.0)


def _display(plan: Plan, state: State, shown: Bools, click: Floats) -> Ints:
    world, rules, ads, day = plan.world, plan.settings["display"], state.ads, state.day
    products = world.products
    rng = plan.streams.generator("display", day)
    noise, luck = rng.gamma(10.0, 0.1, len(products.codes)), rng.random((2, len(products.codes)))
    active = products.displayed & shown
    weight = np.where(active, np.sqrt(products.level), 0.0)
    wave = 1 + 0.5 * np.sin(2 * np.pi * day / 91)
    budget = rules["budget"] * wave
    spend = budget * weight / max(float(np.sqrt(products.level[products.displayed]).sum()), 1e-9)
    mean = rules["clicks"] * (1 - np.exp(-spend / rules["half"] * np.log(2))) * world.scale
    rate = _odds(plan.settings["source"]["click"][3], click)
    usual = plan.settings["source"]["click"][3]
    clicks_mean = (
        mean * (rate / usual) * noise * weight / np.maximum(weight[active].mean() if active.any() else 1, 1e-9)
    )
    impressions = quantiles.poisson(clicks_mean / rate, luck[0])
    clicks = quantiles.binomial(impressions, rate, luck[1])
    ads.display_impressions[day], ads.display_clicks[day] = impressions, clicks
    ads.display_cost[day] = np.where(clicks > 0, np.round(spend * world.scale * np.minimum(noise, 1)), 0)
    ads.display_budget[day] = int(budget * world.scale)
    return clicks


def _odds(chance: float, change: Floats) -> Floats:
    return 1 / (1 + (1 - chance) / chance * np.exp(-change))
