"""Planned prices of the shop and of its competitors, before incidents."""

from __future__ import annotations

from typing import Any

import numpy as np

from duoshou.demo.simulation.seasons import Seasons
from duoshou.demo.simulation.streams import Streams
from duoshou.demo.simulation.world import Ints, Products


def planned_prices(streams: Streams, settings: dict[str, Any], products: Products, seasons: Seasons) -> Ints:
    """Return the selling price per day and product (D×P): trials of other prices by week, discounts of festivals."""
    days, count = len(seasons.exposure), len(products.base_price)
    weeks = days // 7 + 2
    rng = streams.generator("price trials")
    is_trial = rng.random((weeks, count)) < settings["price"]["test_chance"]
    low, high = settings["price"]["test_size"]
    change = np.where(is_trial, rng.uniform(low, high, (weeks, count)), 0.0)
    per_day = change[(np.arange(days) + 3) // 7]
    factor = (1 + per_day) * (1 - seasons.discount[:, None])
    return np.maximum(np.round(products.base_price * factor / 100) * 100, 100).astype(np.int64)


def competitor_prices(streams: Streams, settings: dict[str, Any], products: Products, seasons: Seasons) -> Ints:
    """Return the competitors' prices (D×P×C), which rest for weeks and follow the festivals."""
    rules = settings["price"]
    days, count = len(seasons.exposure), len(products.base_price)
    shape = (days // 7 + 2, count, rules["competitors"])
    rng = streams.generator("competitor prices")
    moves = np.where(
        rng.random(shape) < rules["competitor_move"] * 7, rng.normal(0, rules["competitor_spread"], shape), 0.0
    )
    level = np.zeros(shape)
    for week in range(1, shape[0]):
        level[week] = 0.85 * level[week - 1] + moves[week]
    base = products.base_price[:, None] * np.exp(rng.normal(0, 0.12, shape[1:]))
    path = base * np.exp(level[np.arange(days) // 7]) * (1 - seasons.discount[:, None, None])
    return np.maximum(np.round(path / 100) * 100, 100).astype(np.int64)
