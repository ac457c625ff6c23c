"""Visitors of a day: exposures by source, clicks by the picture, and what visitors do on the page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.demo.simulation import quantiles
from duoshou.demo.simulation.auction import Paid, run_auctions
from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.effects import Effects
from duoshou.demo.simulation.state import State
from duoshou.demo.simulation.world import Bools, Floats, Ints

SEARCH, RECOMMENDATION, KEYWORDS, DISPLAY, AFFILIATES, CONTENT, DIRECT, VENUE = range(8)
HIDDEN = -0.7
PAID_SOURCES = (KEYWORDS, DISPLAY)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Visitors of a day.

    Attributes:
        visitors: Per product, source and device.
        mix: Audience per product and source (P×S×G).
        drift: Log of the order rate that cheap traffic costs, per product.
        paid: The paid traffic.
    """

    visitors: Ints
    mix: Floats
    drift: Floats
    paid: Paid


def run_traffic(plan: Plan, state: State, effects: Effects) -> Traffic:
    """Return the day's visitors and enter them in the books."""
    world, settings, day, daily = plan.world, plan.settings, state.day, state.daily
    live = plan.live[day]
    gone = (state.stock <= 0) | effects.blocked
    calendar = plan.seasons.exposure[day] + effects.exposure
    demand = calendar + plan.seasons.category[day][world.products.category]
    picture = world.products.image_quality + effects.click
    paid = run_auctions(plan, state, effects, live & ~gone, demand, picture)
    mean = _expected(plan, state, effects, demand, gone)
    usual = np.array(settings["source"]["click"])
    rate = 1 / (1 + (1 - usual) / usual * np.exp(-picture[:, None]))
    count, sources = mean.shape
    rng = plan.streams.generator("visitors", day)
    noise = rng.gamma(settings["shop"]["dispersion"], 1 / settings["shop"]["dispersion"], (count, sources))
    luck = rng.random((count, sources, 2))
    turns = rng.random((count, sources))
    wireless = settings["shop"]["wireless"]
    devices = np.array([wireless, 1 - wireless])
    clicked = mean * (rate / usual) * noise
    visitors = quantiles.poisson(clicked[:, :, None] * devices, luck)
    bought = np.stack([paid.clicks, paid.display], axis=1)
    people = np.floor(bought * settings["auction"]["visitors_per_click"] + turns[:, :2]).astype(np.int64)
    visitors[:, PAID_SOURCES, :] = quantiles.split(people, np.broadcast_to(devices, (count, 2, 2)), turns[:, 2:4])
    impressions = quantiles.poisson(mean * noise / usual, turns)
    impressions[:, KEYWORDS] = np.bincount(world.keywords.product, state.ads.keyword_impressions[day], count)
    impressions[:, DISPLAY] = state.ads.display_impressions[day]
    daily.impressions[day] = np.maximum(impressions, visitors.sum(axis=2))
    daily.visitors[day] += visitors.astype(np.int32)
    state.ads.affiliate_clicks[day] = np.round(visitors[:, AFFILIATES].sum(axis=1) * 1.08)
    lift = settings["display"]
    state.clicks = lift["carry"] * state.clicks + paid.clicks + paid.display
    mix, drift = _audience(plan, effects)
    return Traffic(visitors, mix, drift, paid)


def _expected(plan: Plan, state: State, effects: Effects, demand: Floats, gone: Bools) -> Floats:
    world, settings, day = plan.world, plan.settings, state.day
    years = day / 365.25
    level = demand + plan.noise[day] + settings["shop"]["trend_per_year"] * years + effects.campaign
    log = np.repeat((level + HIDDEN * gone)[:, None], len(world.sources), axis=1)
    rules = settings["display"]
    lift = rules["lift"] * state.clicks / (state.clicks + rules["lift_half"] * world.scale)
    log[:, SEARCH] += state.rank + effects.search + lift
    log[:, RECOMMENDATION] += effects.drift
    log[:, DIRECT] += lift
    mean = plan.life[day][:, None] * plan.source_share * np.exp(log)
    mean[:, VENUE] *= plan.seasons.venue[day]
    mean[:, CONTENT] += plan.posts.burst[day] * world.scale * np.exp(HIDDEN * gone)
    mean[:, list(PAID_SOURCES)] = 0
    return np.asarray(mean * plan.live[day][:, None])


def _audience(plan: Plan, effects: Effects) -> tuple[Floats, Floats]:
    rules = plan.settings["stage"]["audience"]
    mix = np.repeat(plan.mix[:, None, :], len(plan.world.sources), axis=1)
    cheap = 1 - np.exp(-effects.drift)
    mix[:, RECOMMENDATION] = (1 - cheap[:, None]) * plan.mix + cheap[:, None] * np.array(rules["cheap"])
    drift = np.log(1 - cheap + cheap * np.exp(rules["cheap_order"]))
    return mix, drift


def run_margins(plan: Plan, state: State, traffic: Traffic) -> None:
    """Enter the day's margins: regions, audience, hours, people of the shop, pages, stay.

    The visitors in the books now include those who came to buy again.
    """
    world, settings, day, daily = plan.world, plan.settings, state.day, state.daily
    rng = plan.streams.generator("margins", day)
    visitors = daily.visitors[day].astype(np.int64)
    count = visitors.shape[0]
    total = visitors.sum(axis=(1, 2))
    region = world.region_share * rng.gamma(80.0, 1 / 80.0, (count, len(world.regions)))
    segment = np.einsum("ps,psg->pg", visitors.sum(axis=2), traffic.mix) + plan.mix
    segment *= rng.gamma(settings["stage"]["audience"]["noise"], 1.0, segment.shape)
    luck = rng.random((3, count))
    daily.visitors_by_region[day] = quantiles.split(total, region / region.sum(axis=1, keepdims=True), luck[0])
    daily.visitors_by_segment[day] = quantiles.split(total, segment / segment.sum(axis=1, keepdims=True), luck[1])
    pages = np.array(settings["source"]["pages"])[None, :, None] * np.exp(rng.normal(0, 0.05, (count, 1, 1)))
    views = quantiles.poisson(visitors * (pages - 1), rng.random(visitors.shape)) + visitors
    daily.page_views[day] = views
    # One person looks at several products: the shop counts each once.
    per_person = np.array([1.34, 1.55]) * np.exp(rng.normal(0, 0.015))
    people = np.ceil(visitors.sum(axis=(0, 1)) / per_person)
    daily.shop_visitors[day] = people
    daily.shop_visitors_by_source[day] = np.ceil(visitors.sum(axis=(0, 2)) / (per_person[0] * 0.93))
    daily.shop_page_views[day] = views.sum(axis=(0, 1)) + np.round(people * 0.6)
    hours = np.array([settings["hours"]["wireless"], settings["hours"]["pc"]])
    share = (hours / hours.sum(axis=1, keepdims=True) * np.maximum(people, 1e-9)[:, None]).sum(axis=0)
    share *= rng.gamma(150.0, 1.0, 24)
    # Who stays over the full hour is counted in both.
    daily.shop_visitors_by_hour[day] = np.round(people.sum() * 1.12 * share / share.sum())
    live = plan.live[day]
    page = world.products.page_quality
    bounce = 1 / (1 + np.exp(-(0.1 - page - 0.6 * traffic.drift + rng.normal(0, 0.06, count))))
    daily.bounce_rate[day] = np.where(live, bounce, 0.0)
    stay = 38 * np.exp(0.5 * page + 0.35 * traffic.drift + rng.normal(0, 0.07, count))
    daily.stay_seconds[day] = np.where(live, stay, 0.0)
