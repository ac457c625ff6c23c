"""The customers' process: how often they come back and when they stop (BG/NBD).

While active, a customer buys at a constant rate that is gamma distributed over customers; after each repeat purchase
the customer stops with a chance that is beta distributed. Both are drawn once, at the first paid order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duoshou.demo.simulation import quantiles
from duoshou.demo.simulation.streams import Keys, Streams
from duoshou.demo.simulation.world import Floats, Ints

TRIES = 6
MOST_PURCHASES = 200
FIELDS = ("buyer", "number", "product", "region", "segment")
PACKED = [("buyer", "i8"), ("number", "i2"), ("product", "i2"), ("region", "i2"), ("segment", "i1")]


@dataclass(frozen=True, slots=True)
class Visits:
    """People who will come to buy, one entry each: buyer, how many-th repeat purchase, and what is known of them."""

    buyer: Ints
    number: Ints
    product: Ints
    region: Ints
    segment: Ints

    def chosen(self, where: Any) -> Visits:
        """Return the entries at an index or a mask."""
        return Visits(
            self.buyer[where], self.number[where], self.product[where], self.region[where], self.segment[where]
        )


def joined(parts: list[Visits]) -> Visits:
    """Return the visits of all parts."""
    return Visits(*(np.concatenate([getattr(part, name) for part in parts]) for name in FIELDS))


def packed(visits: Visits) -> NDArray[np.void]:
    """Return visits in as few bytes as they need: a large shop has millions of them waiting."""
    rows = np.empty(len(visits.buyer), dtype=PACKED)
    for name in FIELDS:
        rows[name] = getattr(visits, name)
    return rows


def unpacked(parts: list[NDArray[np.void]]) -> Visits:
    """Return the visits of all packed parts."""
    rows = np.concatenate([np.empty(0, dtype=PACKED), *parts])
    return Visits(*(rows[name].astype(np.int64) for name in FIELDS))


def come_back(
    streams: Streams, rules: dict[str, Any], first: Visits, day: Ints, horizon: int
) -> Iterator[tuple[int, Visits]]:
    """Yield every later day before `horizon` on which some of the customers buy again, with these customers.

    Args:
        streams: Random numbers; a customer's draws hang on the buyer's number alone.
        rules: `r` and `alpha` of the purchase rate, `a` and `b` of the dropout.
        first: First purchases.
        day: The day of each; may lie before the window.
        horizon: Length of the window.
    """
    keys = streams.key("customer", first.buyer)
    rate = gamma(streams, "rate", keys, rules["r"]) / rules["alpha"]
    stop = beta(streams, "dropout", keys, rules["a"], rules["b"])
    at = day.astype(np.float64)
    alive = np.arange(len(keys))
    found_days, found = [], []
    for number in range(1, MOST_PURCHASES):
        own = streams.key("purchase", keys[alive].view(np.int64), number)
        at[alive] += np.maximum(-np.log(streams.uniform("gap", own)) / rate[alive], 1e-9)
        within = at[alive] < horizon - 1
        alive, own = alive[within], own[within]
        if not len(alive):
            break
        # A second order of the same day would be the same visit: it counts for the next day.
        found_days.append(np.floor(at[alive]).astype(np.int64) + 1)
        repeats = first.chosen(alive)
        found.append(Visits(repeats.buyer, np.full(len(alive), number), *_rest(repeats)))
        alive = alive[streams.uniform("stop", own) >= stop[alive]]
    yield from _by_day(found_days, found)


def gamma(streams: Streams, name: str, keys: Keys, shape: float) -> Floats:
    """Return one gamma variate per key (scale 1), by Marsaglia and Tsang with a fixed number of tries.

    The chance that all tries are refused is below 1e-7 per key; the last one is then taken.
    """
    boost = shape + 1 if shape < 1 else shape
    d = boost - 1 / 3
    c = 1 / np.sqrt(9 * d)
    value = np.zeros(len(keys))
    refused = np.arange(len(keys))
    for number in range(TRIES):
        z = quantiles.normal(streams.uniform(f"{name} normal {number}", keys[refused]))
        u = streams.uniform(f"{name} accept {number}", keys[refused])
        v = np.maximum((1 + c * z) ** 3, 1e-12)
        value[refused] = d * v
        refused = refused[np.log(u) >= 0.5 * z * z + d - d * v + d * np.log(v)]
        if not len(refused):
            break
    if shape < 1:
        value *= streams.uniform(f"{name} boost", keys) ** (1 / shape)
    return np.maximum(value, 1e-300)


def beta(streams: Streams, name: str, keys: Keys, a: float, b: float) -> Floats:
    """Return one beta variate per key."""
    left = gamma(streams, f"{name} left", keys, a)
    return left / (left + gamma(streams, f"{name} right", keys, b))


def _rest(visits: Visits) -> tuple[Ints, Ints, Ints]:
    return visits.product, visits.region, visits.segment


def _by_day(days: list[Ints], found: list[Visits]) -> Iterator[tuple[int, Visits]]:
    if not days:
        return
    day, visits = np.concatenate(days), joined(found)
    order = np.argsort(day, kind="stable")
    day, visits = day[order], visits.chosen(order)
    starts = np.flatnonzero(np.diff(day, prepend=-(2**40)))
    for start, stop in zip(starts, np.append(starts[1:], len(day)), strict=True):
        if day[start] >= 0:
            yield int(day[start]), visits.chosen(slice(start, stop))
