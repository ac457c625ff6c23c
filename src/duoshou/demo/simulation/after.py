"""What is derived after the last day because nothing follows from it: leads, and the figures of posts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.posts import BURST_DAYS
from duoshou.demo.simulation.state import State
from duoshou.demo.simulation.traffic import CONTENT
from duoshou.demo.simulation.world import Content, Daily, Floats, Moments, Service

DAY = 86_400
NEVER = np.datetime64("NaT", "s")
NEW, CONTACTED, SAMPLED, WON, LOST = range(5)
VIEWS_PER_CLICK = 24.0


def finished_service(plan: Plan, state: State) -> Service:
    """Return the agents' books with the leads: people who left their contact for larger or later orders."""
    world, rules = plan.world, plan.settings["service"]
    rng = plan.streams.generator("leads")
    expected = np.full(world.days, rules["leads_per_day"] * world.scale) * np.exp(plan.seasons.exposure)
    per_day = rng.poisson(expected)
    day = np.repeat(np.arange(world.days), per_day)
    count = len(day)
    agents = world.agents
    duty = np.cumsum(agents.on_duty / agents.on_duty.sum(axis=1, keepdims=True), axis=1)
    agent = (rng.random(count)[:, None] > duty[day][:, :-1]).sum(axis=1)
    referred = rng.random(count) < agents.referral_rate[agent]
    interest = np.cumsum(np.where(plan.live, world.products.level, 0), axis=1)
    product = (rng.random(count)[:, None] * interest[day][:, -1:] >= interest[day]).sum(axis=1)
    created = world.dates[day].astype("datetime64[s]") + np.sort(rng.integers(8 * 3600, 22 * 3600, count))
    reply = agents.reply_seconds[agent] * 20 * np.exp(rng.normal(0, 0.6, count))
    followed = created + reply.astype(np.int64).astype("timedelta64[s]")
    won = rng.random(count) < np.clip(agents.close_rate[agent] * (0.45 + 0.35 * referred), 0, 1)
    wait = rng.gamma(2.0, 4.0, count)
    closed = followed + (wait * DAY).astype(np.int64).astype("timedelta64[s]")
    sampled = rng.random(count) < 0.35
    end = world.dates[-1].astype("datetime64[s]") + np.timedelta64(DAY, "s")
    open_status = np.where(sampled & (wait * DAY > 2 * DAY), SAMPLED, CONTACTED)
    status = np.where(closed < end, np.where(won, WON, LOST), np.where(followed < end, open_status, NEW))
    pieces = 2 + rng.poisson(6, count)
    amount = np.where(status == WON, world.products.base_price[product] * pieces * 88 // 100, 0)
    order = np.argsort(created, kind="stable")
    return replace(
        state.service,
        lead_created=created[order],
        lead_agent=agent[order],
        lead_product=product[order],
        lead_region=np.searchsorted(np.cumsum(world.region_share)[:-1], rng.random(count))[order],
        lead_source=rng.choice(len(world.sources), count, p=_lead_sources(plan))[order],
        lead_referred=referred[order],
        lead_followed=_until(followed, end)[order],
        lead_closed=_until(closed, end)[order],
        lead_status=status[order],
        lead_amount=amount[order],
    )


def make_content(plan: Plan, daily: Daily) -> Content:
    """Return the posts with their figures: the content visitors of a product, divided by what each post gave."""
    posts, world = plan.posts, plan.world
    rules = plan.settings["content"]
    rng = plan.streams.generator("post figures")
    visitors = daily.visitors[:, :, CONTENT].sum(axis=2).astype(np.float64)
    orders = daily.paid_orders[:, :, CONTENT].sum(axis=2).astype(np.float64)
    amount = daily.paid_amount[:, :, CONTENT].sum(axis=2).astype(np.float64)
    base = plan.life * plan.source_share[:, CONTENT]
    clicks, bought, money = (np.zeros(len(posts.day)) for _ in range(3))
    for age in range(BURST_DAYS):
        day = posts.day + age
        within = day < world.days
        at = (np.minimum(day, world.days - 1), posts.product)
        given = posts.size * (1 - rules["decay"]) * rules["decay"] ** age * world.scale
        part = np.where(within, given / np.maximum(posts.burst[at] * world.scale + base[at], 1e-9), 0.0)
        clicks += part * visitors[at]
        bought += part * orders[at]
        money += part * amount[at]
    clicks = np.floor(clicks)
    views = rng.poisson(clicks * VIEWS_PER_CLICK * np.exp(rng.normal(0, 0.3, len(clicks))) + 40 * world.scale)
    return Content(
        published=posts.published,
        kind=posts.kind,
        kinds=posts.kinds,
        titles=posts.titles,
        product=posts.product,
        views=np.maximum(views, clicks.astype(np.int64)),
        clicks=clicks.astype(np.int64),
        likes=rng.binomial(views, 0.018),
        orders=np.floor(bought).astype(np.int64),
        amount=np.floor(money).astype(np.int64),
    )


def _lead_sources(plan: Plan) -> Floats:
    share = np.array(plan.settings["source"]["share"])
    return np.asarray(share / share.sum())


def _until(moments: Moments, end: np.datetime64) -> Moments:
    return np.where(moments < end, moments, NEVER)
