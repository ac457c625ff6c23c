"""Known-truth response models: five channels over 156 weeks, sales that follow them by a curve of one's choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A shop of which the truth is known.

    Attributes:
        outcome: float[T], sales of each period.
        spend: float[T, C].
        returns: float[C], true sales for a unit of spend, over all the periods.
        decay, half, slope, most: float[C], the true shapes.
    """

    outcome: Floats
    spend: Floats
    returns: Floats
    decay: Floats
    half: Floats
    slope: Floats
    most: Floats

    def at(self, channel: int, level: Floats) -> Floats:
        """Return what a channel truly brings in a period of steady spend."""
        power = (level / self.half[channel]) ** self.slope[channel]
        return np.asarray(self.most[channel] * power / (1 + power))


def case(seed: int, slope: float = 1.0, *, periods: int = 156, channels: int = 5, noise: float = 0.05) -> Case:
    """Return a case: spend in bursts and waves, channels that bring about a third of sales, returns of their own.

    Args:
        seed: Of the chance.
        slope: Of the curves; 1 is Michaelis and Menten's.
        periods: Weeks.
        channels: How many.
        noise: Standard deviation of the noise as a share of mean sales.
    """
    random = np.random.default_rng(seed)
    time = np.arange(periods)
    base = 100 * (1 + random.uniform(0, 0.3) * time / periods)
    base = base + random.uniform(5, 15) * np.sin(2 * np.pi * (time / 52 + random.random()))
    spend = np.empty((periods, channels))
    for one in range(channels):
        level = random.lognormal(0, 0.6) * 5
        wave = np.zeros(periods)
        for week in range(1, periods):
            wave[week] = 0.6 * wave[week - 1] + random.normal(0, 0.4)
        spend[:, one] = level * np.exp(wave) * (random.random(periods) > random.choice([0.0, 0.1, 0.3]))
    decay = random.beta(2, 4, channels)
    half = spend.mean(axis=0) * random.lognormal(0, 0.5, channels)
    slopes = np.full(channels, slope)
    wanted = random.lognormal(0.0, 0.5, channels) * spend.mean(axis=0)
    wanted *= random.uniform(20, 50) / wanted.sum()
    parts, most = np.empty((periods, channels)), np.empty(channels)
    for one in range(channels):
        felt = np.zeros(periods)
        for week in range(periods):
            felt[week] = (1 - decay[one]) * spend[week, one] + (decay[one] * felt[week - 1] if week else 0.0)
        power = (felt / half[one]) ** slope
        share = power / (1 + power)
        most[one] = wanted[one] / share.mean()
        parts[:, one] = most[one] * share
    sales = base + parts.sum(axis=1)
    sales = sales + random.normal(0, noise * sales.mean(), periods)
    return Case(sales, spend, parts.sum(axis=0) / spend.sum(axis=0), decay, half, slopes, most)
