"""Shops of known price elasticities: what demand does, when prices move, and what files tell of it differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.elasticity import day_controls, others_controls

Floats = NDArray[np.float64]
KINDS = ("promotions", "noisy", "festivals", "timed", "timed_unseen", "steps", "together")


@dataclass(frozen=True, slots=True)
class Case:
    """A shop.

    Attributes:
        elasticity: float[S], the truth.
        category: int[S].
        units: float[S, D].
        price: float[S, D].
        visitors: float[S, D]; None where no file tells them.
        festivals: float[D, K], flags of days that the calendar knows.
    """

    elasticity: Floats
    category: NDArray[np.int64]
    units: Floats
    price: Floats
    visitors: Floats | None
    festivals: Floats

    def controls(self, row: int) -> Floats:
        """Return what is known beside the price of a product."""
        days = self.units.shape[1]
        parts = [day_controls(days), self.festivals, others_controls(self.units, self.price)[row]]
        if self.visitors is not None:
            parts.append(np.log(self.visitors[row] + 1)[:, None])
        return np.column_stack(parts)


def case(kind: str, seed: int, *, products: int = 12, categories: int = 2, days: int = 365) -> Case:
    """Return a shop.

    Kinds: `promotions` and `steps` move prices at random, for a week or for good; `noisy` sells few pieces on days
    that wander; `festivals` discounts most products when demand is high anyway; `timed` discounts when demand peaks,
    which visitors show, and `timed_unseen` when only the other products' sales do; `together` is a shop whose sales are
    for all products at once, while demand wanders in them, with a few moves of single products between.
    """
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    category = np.arange(products) % categories
    elasticity = rng.normal(rng.normal(-2.0, 0.7, categories)[category], 0.4)
    festivals = np.zeros((days, 2))
    for place, start in enumerate((150, 310)):
        festivals[start : start + 6, place] = 1.0
    season = 0.3 * np.sin(2 * np.pi * np.arange(days) / 365 + rng.uniform(0, 6))
    week = rng.normal(0, 0.15, 7)[np.arange(days) % 7]
    shared = _wandering(rng, days, 0.85, 0.35 if kind.startswith("timed") else 0.15)
    lift = festivals.sum(axis=1)
    logs = np.stack([_log_price(kind, rng, days, shared, lift) for _ in range(products)])
    if kind == "together":
        sale = np.zeros(days)
        for start in rng.choice(days - 7, 6, replace=False):
            sale[start : start + 7] = rng.choice([0.1, 0.15, 0.2])
        logs += np.log(1 - sale)
        shared = shared + np.where(sale > 0, _wandering(rng, days, 0.95, 0.3), 0.0)
    price = np.exp(logs)
    base = rng.uniform(0.5, 1.8, products) if kind == "noisy" else rng.uniform(1.0, 3.5, products)
    own = np.stack([_wandering(rng, days, 0.6, 0.4 if kind == "noisy" else 0.2) for _ in range(products)])
    demand = season + week + shared + np.outer(rng.uniform(0.7, 1.5, products), lift)
    units = rng.poisson(np.exp(base[:, None] + demand + own + elasticity[:, None] * np.log(price))).astype(np.float64)
    visitors = None
    if kind not in ("timed_unseen", "steps", "together"):
        visitors = rng.poisson(np.exp(base[:, None] + 3.0 + demand + 0.7 * own)).astype(np.float64)
    return Case(elasticity, category, units, price, visitors, festivals)


def _wandering(rng: np.random.Generator, days: int, memory: float, spread: float) -> Floats:
    noise = rng.normal(0, spread * np.sqrt(1 - memory**2), days)
    noise[0] = rng.normal(0, spread)
    for day in range(1, days):
        noise[day] += memory * noise[day - 1]
    return np.asarray(noise)


def _log_price(kind: str, rng: np.random.Generator, days: int, shared: Floats, lift: Floats) -> Floats:
    price = np.zeros(days)
    if kind == "steps":
        for start in np.sort(rng.choice(days, 5, replace=False)):
            price[start:] = rng.normal(0, 0.12)
        return price
    if kind.startswith("timed"):
        # A week of discount begins where the wandering demand is high.
        starts = rng.choice(days - 7, 6, replace=False, p=_peaks(shared[: days - 7]))
    else:
        few = kind == "together"
        starts = rng.choice(days - 7, rng.integers(2, 5) if few else rng.integers(3, 8), replace=False)
    for start in starts:
        price[start : start + 7] = np.log(1 - rng.choice([0.1, 0.15, 0.2]))
    if kind == "festivals" and rng.random() < 0.8:
        price = np.where(lift > 0, np.log(1 - rng.choice([0.15, 0.2, 0.25])), price)
    return price


def _peaks(shared: Floats) -> Floats:
    weight = np.exp(2.5 * (shared - shared.mean()) / shared.std())
    return np.asarray(weight / weight.sum())
