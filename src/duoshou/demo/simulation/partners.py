"""Keywords, agents and publishers of the shop."""

from __future__ import annotations

from typing import Any

import numpy as np

from duoshou.demo.simulation.parameters import table
from duoshou.demo.simulation.streams import Streams
from duoshou.demo.simulation.world import Affiliates, Agents, Keywords, Products


def make_keywords(streams: Streams, settings: dict[str, Any], products: Products) -> Keywords:
    """Return the keywords of the ad groups: the category's words, alone and with attributes of the product."""
    rules = settings["auction"]
    rng = streams.generator("keywords")
    words: list[str] = []
    owner: list[int] = []
    narrow: list[float] = []
    for product in np.flatnonzero(products.promoted):
        category = table("shop")["category"][products.category[product]]
        own = list(products.attributes[product].values())
        stems = [str(one) for one in rng.permutation(category["search"])]
        picks = [str(one) for one in rng.permutation(own)]
        made = [stems[0], picks[0] + stems[0], picks[1] + stems[1], picks[2] + picks[1] + stems[0], stems[2]]
        made = list(dict.fromkeys(made))[: rules["keywords"]]
        words += made
        owner += [int(product)] * len(made)
        narrow += [float(sum(word in text for word in own)) for text in made]
    count, breadth = len(words), np.array(narrow)
    volume = rules["volume_median"] * np.exp(rng.normal(0, rules["volume_spread"], count) - 0.8 * breadth)
    relevance = np.clip(0.45 + 0.16 * breadth + rng.normal(0, 0.12, count), 0.1, 1.0)
    quality = np.clip(
        np.round(4.5 + 4 * (relevance - 0.5) + 6 * products.image_quality[owner] + rng.normal(0, 0.8, count)), 1, 10
    )
    value = products.base_price[owner] * 0.018 * (0.6 + relevance)
    return Keywords(
        words=words,
        product=np.array(owner, dtype=np.int64),
        volume=volume,
        relevance=relevance,
        competitor_score=value * 6.0 * np.exp(rng.normal(0, 0.3, count)),
        bid=np.maximum(np.round(value * rng.uniform(0.5, 1.1, count)), 20).astype(np.int64),
        quality=quality,
        wasteful=relevance < 0.32,
    )


def make_agents(streams: Streams, settings: dict[str, Any], days: int) -> Agents:
    """Return the service agents, with a duty roster of five days on and two off or the like."""
    count = settings["service"]["agents"]
    rng = streams.generator("agents")
    pace = rng.integers(0, 7, count)
    off = (np.arange(days)[:, None] + pace) % 7 < 2
    on_duty = ~off
    on_duty[~on_duty.any(axis=1)] = True
    names = [str(one) for one in rng.permutation(table("shop")["agents"])[:count]]
    return Agents(
        names=names,
        close_rate=np.clip(rng.normal(0.42, 0.07, count), 0.2, 0.65),
        reply_seconds=np.round(np.exp(rng.normal(np.log(28), 0.3, count)), 1),
        referral_rate=np.round(rng.uniform(0.02, 0.14, count), 3),
        on_duty=on_duty,
    )


def make_affiliates(streams: Streams, settings: dict[str, Any]) -> Affiliates:
    """Return the publishers of affiliate links."""
    count = settings["affiliate"]["publishers"]
    rng = streams.generator("affiliates")
    names = [str(one) for one in rng.permutation(table("shop")["publishers"])[:count]]
    weight = rng.pareto(1.3, count) + 0.2
    return Affiliates(names, weight / weight.sum(), rng.normal(0, 0.25, count))
