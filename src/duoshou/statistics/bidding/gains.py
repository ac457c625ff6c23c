"""What new bids bring beyond the old ones, with what is not known of the curves and of the value of a click."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.bidding.curves import BEND, BEND_SD, LEAST_SLOPE, Curves

Floats = NDArray[np.float64]
DRAWS = 400
SEED = 7
BLOCK = 5_000
NAMES = tuple(f"{name}{end}" for name in ("clicks", "cost", "profit", "extra") for end in ("", "_low", "_high"))


@dataclass(frozen=True, slots=True)
class Gains:
    """Posterior of a day; arrays are float[S] but `extra_total`.

    Attributes:
        clicks, clicks_low, clicks_high: At the new bid, with a 90 % interval.
        cost, cost_low, cost_high: Likewise.
        profit, profit_low, profit_high: Likewise.
        extra, extra_low, extra_high: Profit beyond that of the old bid.
        total, total_low, total_high: Of all together: the common slope errs for all at once.
    """

    clicks: Floats
    clicks_low: Floats
    clicks_high: Floats
    cost: Floats
    cost_low: Floats
    cost_high: Floats
    profit: Floats
    profit_low: Floats
    profit_high: Floats
    extra: Floats
    extra_low: Floats
    extra_high: Floats
    total: float
    total_low: float
    total_high: float


def gains_of(
    curves: Curves,
    value: Floats,
    value_error: Floats,
    old: Floats,
    new: Floats,
    *,
    common_scale: float = 0.0,
    draws: int = DRAWS,
) -> Gains:
    """Return what a day of the new bids brings.

    Args:
        curves: What a bid buys.
        value: float[S], expected margin of a click.
        value_error: float[S], relative error of it (about lognormal).
        old: float[S], bids of today.
        new: float[S], chosen bids.
        common_scale: Standard deviation of the logarithm of what all values have in common, such as a margin.
        draws: Number of draws from what is not known.
    """
    random = np.random.default_rng(SEED)
    shared = random.standard_normal((4, draws))
    shared[3] = np.exp(common_scale * shared[3] - common_scale**2 / 2)
    parts = [
        _block(curves, value, value_error, old, new, slice(first, first + BLOCK), shared, random)
        for first in range(0, len(value), BLOCK)
    ]
    rows = [np.concatenate([part[0][row] for part in parts]) for row in range(12)] if parts else [np.zeros(0)] * 12
    named = dict(zip(NAMES, rows, strict=True))
    totals = np.sum([part[1] for part in parts], axis=0) if parts else np.zeros(1)
    low, high = np.quantile(totals, (0.05, 0.95))
    return Gains(**named, total=float(totals.mean()), total_low=float(low), total_high=float(high))


def _block(
    curves: Curves,
    value: Floats,
    value_error: Floats,
    old: Floats,
    new: Floats,
    of: slice,
    shared: Floats,
    random: np.random.Generator,
) -> tuple[list[Floats], Floats]:
    """Return means and bounds of some targets, and the draws of what they gain together."""
    common, bends, furthers, alike = shared[:, :, None]
    shape = (shared.shape[1], len(value[of]))
    slopes = curves.slopes
    slope = curves.elasticity[of] + common * slopes.common_sd * slopes.weight[of]
    slope = np.maximum(slope + curves.elasticity_sd[of] * random.standard_normal(shape), LEAST_SLOPE)
    bend = np.maximum(BEND + BEND_SD * bends, 1e-6)
    error, scale = curves.clicks_error[of], np.sqrt(np.log1p(value_error[of] ** 2))
    level = curves.clicks[of] * np.exp(error * random.standard_normal(shape) - error**2 / 2)
    worth = value[of] * alike * np.exp(scale * random.standard_normal(shape) - scale**2 / 2)
    between = np.sqrt(old[of] * new[of])
    before, middle, clicks = (
        level * np.exp(slope * -np.expm1(-bend * np.log(one / curves.bid[of])) / bend)
        for one in (old[of], between, new[of])
    )
    paid = before * curves.price_at(old)[of]
    further = curves.further * np.exp(curves.further_sd * furthers) / 2
    added = (old[of] + between) * (middle - before) + (between + new[of]) * (clicks - middle)
    cost = np.maximum(paid + further * added, 0.0)
    extra = worth * (clicks - before) - (cost - paid)
    rows: list[Floats] = []
    for table in (clicks, cost, clicks * worth - cost, extra):
        rows += [table.mean(axis=0), *np.quantile(table, (0.05, 0.95), axis=0)]
    return rows, extra.sum(axis=1)
