"""The best split of a budget over channels, exactly, whatever the shape of their curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.response.fit import Response
from duoshou.statistics.response.shapes import Floats

STEPS = 200


@dataclass(frozen=True, slots=True)
class Split:
    """Spend of a period on each channel, and what it brings against today's.

    Attributes:
        spend: float[C].
        gain: float[N], draws of what it brings beyond today's split, in value less spend.
    """

    spend: Floats
    gain: Floats

    @property
    def expected(self) -> float:
        """Mean gain of a period."""
        return float(self.gain.mean())


def best_split(
    response: Response,
    today: Floats,
    *,
    value: float,
    budget: float | None,
    low: Floats,
    high: Floats,
    steps: int = STEPS,
) -> Split:
    """Return the split that earns most in the mean of what may be true.

    Levels are multiples of a step, and every combination of them is compared by dynamic programming, so that curves
    which start flat (Hill's) cannot lead to a local best. The noise of two splits is the same: gains are compared draw
    by draw.

    Args:
        response: What the channels bring.
        today: float[C], today's spend of a period.
        value: What a unit of the outcome is worth.
        budget: Spend of a period in all, which is used up where the bounds let it; None: as much as pays.
        low: float[C], least spend of each channel.
        high: float[C], greatest spend of each.
        steps: Into how many steps the widest total is divided.

    Raises:
        ValueError: If a bound lies below 0 or above the other.
    """
    if (low < 0).any() or (high < low).any():
        raise ValueError("bounds must be of 0 or more, the lower one first")
    free = float((high - low).sum())
    left = free if budget is None else min(max(budget - float(low.sum()), 0.0), free)
    if left <= 0:
        return _valued(response, today, low.copy(), value)
    step = left / steps
    earned = []
    for one in range(len(today)):
        levels = np.minimum(low[one] + step * np.arange(steps + 1), high[one])
        # A budget is used up by whole steps, and what is left of one is given out at the end.
        room = (high[one] - low[one]) / step
        levels = levels[: int(np.ceil(room - 1e-9) if budget is None else np.floor(room + 1e-9)) + 1]
        earned.append(response.at(one, levels).mean(axis=0) * value - levels)
    spent = _knapsack(earned, steps, exact=budget is not None)
    spend = np.minimum(low + step * np.array(spent), high)
    if budget is not None:
        spend = _filled(spend, high, left + float(low.sum()))
    return _valued(response, today, spend, value)


def _filled(spend: Floats, high: Floats, total: float) -> Floats:
    """Return a split that uses a total up: what whole steps left of it goes where most room is."""
    filled = spend.copy()
    for one in np.argsort(spend - high, kind="stable"):
        filled[one] += min(max(total - float(filled.sum()), 0.0), high[one] - filled[one])
    return filled


def _knapsack(earned: Sequence[Floats], steps: int, *, exact: bool) -> list[int]:
    """Return how many steps each channel takes."""
    best = np.full(steps + 1, -np.inf)
    best[0] = 0.0
    taken = []
    for one in earned:
        options = np.full((len(one), steps + 1), -np.inf)
        for number, gain in enumerate(one):
            options[number, number:] = best[: steps + 1 - number] + gain
        taken.append(options.argmax(axis=0))
        best = options.max(axis=0)
    reachable = np.flatnonzero(np.isfinite(best))
    place = int(reachable[-1]) if exact else int(reachable[best[reachable].argmax()])
    spent = []
    for one in reversed(taken):
        spent.append(int(one[place]))
        place -= spent[-1]
    return spent[::-1]


def _valued(response: Response, today: Floats, spend: Floats, value: float) -> Split:
    return Split(spend, gain_of(response, today, spend, value))


def gain_of(response: Response, today: Floats, spend: Floats, value: float) -> Floats:
    """Return float[N], what another split brings in a period beyond today's, in value less spend."""
    gain = np.full(len(response.size), float(today.sum() - spend.sum()))
    for one in range(len(today)):
        if spend[one] != today[one]:
            both = response.at(one, np.array([today[one], spend[one]]))
            gain += value * (both[:, 1] - both[:, 0])
    return gain
