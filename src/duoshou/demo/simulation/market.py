"""The market around the shop: niches of known demand and supply, and sellers, some of whom fake orders."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from duoshou.demo.simulation.parameters import table
from duoshou.demo.simulation.streams import Streams
from duoshou.demo.simulation.world import Floats, Niches, Sellers

SELLER_VISITORS = 900.0
NICHE_SEARCHES = 42_000.0
ORDER_RATE = 0.031
FAKED_PART = (0.25, 0.7)


def months_of(first: date, until: date) -> list[date]:
    """Return the first day of every month that the window touches."""
    found = [first.replace(day=1)]
    while (found[-1].year, found[-1].month) < (until.year, until.month):
        last = found[-1]
        found.append(date(last.year + last.month // 12, last.month % 12 + 1, 1))
    return found


def make_niches(streams: Streams, settings: dict[str, Any], months: list[date]) -> Niches:
    """Return the niches: pairs of material and style of each category."""
    rng = streams.generator("niches")
    category: list[int] = []
    attributes: list[dict[str, str]] = []
    for index, one in enumerate(table("shop")["category"]):
        pairs = [(left, right) for left in one["attributes"]["材质"] for right in one["attributes"]["风格"]]
        for at in sorted(rng.permutation(len(pairs))[: settings["market"]["niches"]]):
            category.append(index)
            attributes.append({"材质": pairs[at][0], "风格": pairs[at][1]})
    kinds = np.array(category, dtype=np.int64)
    shape = (len(months), len(kinds))
    season = _season(months)[:, kinds]
    growth = rng.normal(0, 0.03, len(kinds)) * np.arange(len(months))[:, None]
    demand = NICHE_SEARCHES * np.exp(rng.normal(0, 0.9, len(kinds)) + season + growth + rng.normal(0, 0.06, shape))
    supply = np.exp(rng.normal(5.6, 0.8, len(kinds)) + 0.01 * np.arange(len(months))[:, None])
    return Niches(
        category=kinds,
        attributes=attributes,
        demand=demand,
        supply=supply,
        searches=rng.poisson(demand),
        buyers=rng.poisson(demand * 0.045),
        listings=rng.poisson(supply),
    )


def make_sellers(streams: Streams, settings: dict[str, Any], niches: Niches) -> Sellers:
    """Return the sellers; one that fakes reports orders that no visitor explains."""
    rng = streams.generator("sellers")
    shop, count = table("shop"), settings["market"]["competitors"]
    pairs = [left + right for left in shop["seller_words"] for right in shop["seller_ends"]]
    niche = rng.integers(0, len(niches.category), count)
    category = niches.category[niche]
    limits = np.array([one["price"] for one in shop["category"]])[category]
    price = np.round(np.exp(rng.uniform(np.log(limits[:, 0]), np.log(limits[:, 1]))) / 100).astype(np.int64) * 100
    fakes = rng.random(count) < settings["market"]["fakes"]
    relative = niches.demand / niches.demand.mean(axis=0)
    level = SELLER_VISITORS * 30 * np.exp(rng.normal(0, 1.0, count))
    visitors = rng.poisson(level * relative[:, niche])
    honest = rng.binomial(visitors, np.clip(ORDER_RATE * np.exp(rng.normal(0, 0.25, count)), 0, 1))
    part = np.where(fakes, rng.uniform(*FAKED_PART, count), 0.0)
    # Faking comes in campaigns: two months of three.
    active = rng.random(visitors.shape) < 0.67
    faked = rng.poisson(honest * part / (1 - part) * active)
    orders = honest + faked
    return Sellers(
        names=[str(one) for one in rng.permutation(pairs)[:count]],
        category=category,
        niche=niche,
        price=price,
        fakes=fakes,
        visitors=visitors + np.round(faked * 1.1).astype(np.int64),
        orders=orders,
        faked=faked,
        revenue=orders * price,
    )


def _season(months: list[date]) -> Floats:
    middle = np.array([month.timetuple().tm_yday + 15 for month in months])
    rows = [
        one["season_size"] * np.cos(2 * np.pi * (middle - one["season_peak"]) / 365.25)
        for one in table("shop")["category"]
    ]
    return np.array(rows).T
