"""Whether a spend moves by itself, or only follows what it is meant to move.

Spend that follows demand, whether a person raises it before a good week or a platform spends more where more people
search, seems to bring what would have come anyway. Figures alone cannot take that apart; they can show that it is so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import f as fisher
from scipy.stats import ncf as noncentral

from duoshou.statistics.response.baseline import rank, without
from duoshou.statistics.response.shapes import Floats

LEAST_DEGREES = 8
NOTHING = 1e-12
"""Share of the squares of a spend below which it does not move."""


@dataclass(frozen=True, slots=True)
class Following:
    """How a spend moves.

    Attributes:
        own: Share of its variance that neither baseline nor other channels explain, 0…1.
        followed: Share of what the baseline leaves that demand explains, 0…1, less what chance would.
        p_value: Chance to see as much if it did not follow; 1 where nothing can be told.
        error: Standard error that the return would have, from what of the spend moves by itself.
    """

    own: float
    followed: float
    p_value: float
    error: float


def following(spend: Floats, others: Floats, columns: Floats, demand: Floats, deviation: float) -> Following:
    """Return how the spend of a channel moves: the F test of demand in a regression of spend (Granger 1969).

    Args:
        spend: float[T], spend of each period.
        others: float[T, K], spend of the other channels.
        columns: float[T, P], the baseline.
        demand: float[T, D], signs of demand that spend of the same period cannot have made: the outcome of the period
            before, visitors who came unpaid.
        deviation: Standard deviation of the noise of the outcome of a period.
    """
    total = float(((spend - spend.mean()) ** 2).sum())
    base = without(columns, spend)
    left = float(base @ base)
    own = without(np.concatenate([columns, others], axis=1), spend)
    moved = float(own @ own)
    nothing = NOTHING * max(float(spend @ spend), 1e-300)
    error = deviation / np.sqrt(moved) if moved > nothing else np.inf
    share = moved / total if total > nothing else 0.0
    free = demand[:, np.ptp(demand, axis=0) > 0] if demand.size else demand
    whole = np.concatenate([columns, free], axis=1)
    added, degrees = rank(whole) - rank(columns), len(spend) - rank(whole)
    if not added or degrees < LEAST_DEGREES or left <= nothing:
        return Following(share, 0.0, 1.0, error)
    rest = without(whole, spend)
    kept = float(rest @ rest)
    ratio = (left - kept) / added / max(kept / degrees, 1e-300)
    followed = 1.0 - (kept / degrees) / (left / (degrees + added))
    return Following(share, float(np.clip(followed, 0.0, 1.0)), float(fisher.sf(ratio, added, degrees)), error)


def hidden_bias(
    outcome: Floats, spend: Floats, others: Floats, columns: Floats, demand: Floats, error: float, *, most: bool = False
) -> float:
    """Return how far the return of a channel would be off if something unseen were as strong as the demand seen.

    The bias is at most se * sqrt(df) * sqrt(R2_outcome * R2_spend / (1 - R2_spend)), with the partial R2 of the signs
    of demand for both, less what chance would give: Cinelli and Hazlett (2020), "Making sense of sensitivity: extending
    omitted variable bias".

    Args:
        outcome: float[T], outcome of each period.
        spend: float[T], spend on the channel.
        others: float[T, K], spend on the others.
        columns: float[T, P], the baseline.
        demand: float[T, D], signs of demand.
        error: Standard error of the return, as `following` gives it.
        most: Whether the share of the spend is the most that the figures allow, not the likeliest.
    """
    base = np.concatenate([columns, others], axis=1)
    free = demand[:, np.ptp(demand, axis=0) > 0] if demand.size else demand
    degrees = len(spend) - rank(base) - 1 - free.shape[1]
    if not free.shape[1] or degrees < LEAST_DEGREES or not np.isfinite(error):
        return 0.0
    of_spend = most_shared(spend, base, free) if most else _partial(spend, base, free)
    of_outcome = _partial(outcome, np.concatenate([base, spend[:, None]], axis=1), free)
    return float(error * np.sqrt(degrees * of_outcome * of_spend / max(1.0 - of_spend, 1e-6)))


def most_shared(rows: Floats, base: Floats, added: Floats, level: float = 0.95) -> float:
    """Return the upper bound of the partial R2 of added columns, from the noncentral F distribution (Steiger 2004).

    Args:
        rows: float[T].
        base: float[T, P], columns before.
        added: float[T, K], columns that are added.
        level: One-sided level of the bound.
    """
    whole = np.concatenate([base, added], axis=1)
    few, many = without(base, rows), without(whole, rows)
    before, after = float(few @ few), float(many @ many)
    degrees, more = len(rows) - rank(whole), rank(whole) - rank(base)
    if degrees < 1 or not more or before <= 0 or after <= 1e-12 * before:
        return 1.0 if more and before > 0 and degrees > 0 else 0.0
    ratio = (before - after) / more / (after / degrees)

    def beyond(size: float) -> float:
        return float(noncentral.cdf(ratio, more, degrees, size)) - (1 - level)

    top = 10.0 + 4.0 * ratio * more
    while beyond(top) > 0:
        top *= 2
    size = brentq(beyond, 0.0, top) if beyond(0.0) > 0 else 0.0
    return float(size / (size + len(rows)))


def _partial(rows: Floats, base: Floats, added: Floats) -> float:
    """Return the partial R2 of added columns, less what chance would give."""
    whole = np.concatenate([base, added], axis=1)
    few, many = without(base, rows), without(whole, rows)
    before, after = float(few @ few), float(many @ many)
    degrees, more = len(rows) - rank(whole), rank(whole) - rank(base)
    if before <= 0 or degrees < 1 or not more:
        return 0.0
    return float(np.clip(1.0 - (after / degrees) / (before / (degrees + more)), 0.0, 1.0))
