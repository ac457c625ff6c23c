"""What a gain was taken from: other products, or the weeks after."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_GAINS = 201
_SHARES = 51


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval."""

    value: float
    low: float
    high: float

    def scaled(self, factor: float) -> Estimate:
        """Return it in another unit; a negative factor turns it over."""
        ends = sorted((self.low * factor, self.high * factor))
        return Estimate(self.value * factor, *ends)

    def plus(self, other: Estimate) -> Estimate:
        """Return the sum of two independent estimates; their limits are joined in squares."""
        value = self.value + other.value
        low = float(np.hypot(self.value - self.low, other.value - other.low))
        high = float(np.hypot(self.high - self.value, other.high - other.value))
        return Estimate(value, value - low, value + high)

    def minus(self, other: Estimate) -> Estimate:
        """Return the difference of two independent estimates."""
        return self.plus(other.scaled(-1.0))

    @property
    def is_known(self) -> bool:
        """Whether its numbers are finite."""
        return bool(np.isfinite([self.value, self.low, self.high]).all())


@dataclass(frozen=True, slots=True)
class Net:
    """A gain less what it was taken from.

    Attributes:
        net: What is left, with its interval.
        shares: Expected share of the gain that each place lost.
    """

    net: Estimate
    shares: tuple[float, ...]


def net_of(gain: Estimate, elsewhere: tuple[Estimate, ...], level: float) -> Net:
    """Return a gain less the share of it that was taken from elsewhere.

    What was taken lies between nothing and the whole gain, so its share is a number from 0 to 1. Whether there is any
    is as likely as not beforehand, and if so every share is as likely as another; what was seen elsewhere then weighs
    the shares (Bayes). A clear fall elsewhere is taken off whole; where nothing can be seen for noise the net stays
    uncertain and keeps the sign of the gain; where others clearly did not fall nothing is taken off. A loss is treated
    alike: others may have got a share of it.

    Args:
        gain: Effect on the subject.
        elsewhere: Effect on each place from which it may have been taken, in the same unit.
        level: Coverage of the intervals given and returned.
    """
    known = [one for one in elsewhere if one.is_known]
    if not known or not gain.is_known:
        return Net(gain, tuple(0.0 for _ in elsewhere))
    places = (np.arange(_GAINS) + 0.5) / _GAINS
    gains = _split_normal(places, gain, level)
    values, weights = gains, np.full(_GAINS, 1.0 / _GAINS)
    told: list[float] = []
    for one in elsewhere:
        if not one.is_known:
            told.append(0.0)
            continue
        shares = np.concatenate([[0.0], (np.arange(_SHARES) + 0.5) / _SHARES])
        prior = np.concatenate([[0.5], np.full(_SHARES, 0.5 / _SHARES)])
        taken = values[:, None] * shares[None, :]
        joint = weights[:, None] * prior[None, :] * _likelihood(one, -taken, level)
        total = joint.sum()
        if not total > 0:
            told.append(0.0)
            continue
        joint /= total
        told.append(float((joint * shares[None, :]).sum()))
        values, weights = _thinned((values[:, None] - taken).ravel(), joint.ravel())
    tail = (1 - level) / 2
    low, middle, high = (_quantile(values, weights, p) for p in (tail, 0.5, 1 - tail))
    return Net(Estimate(middle, low, high), tuple(told))


def _split_normal(places: Floats, one: Estimate, level: float) -> Floats:
    """Return quantiles of a distribution whose two halves are normal with the interval's half-widths."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    scores = np.array([NormalDist().inv_cdf(p) for p in places]) / z
    below, above = one.value - one.low, one.high - one.value
    return np.asarray(one.value + np.where(scores < 0, below, above) * scores)


def _likelihood(one: Estimate, means: Floats, level: float) -> Floats:
    z = NormalDist().inv_cdf(0.5 + level / 2)
    scale = max((one.high - one.low) / 2 / z, 1e-9 * max(abs(one.value), 1.0))
    return np.asarray(np.exp(-0.5 * ((one.value - means) / scale) ** 2))


def _thinned(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return a distribution by so many quantiles of equal weight."""
    places = (np.arange(_GAINS) + 0.5) / _GAINS
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    taken = np.searchsorted(reached, places * reached[-1])
    return values[order][np.minimum(taken, len(order) - 1)], np.full(_GAINS, 1.0 / _GAINS)


def _quantile(values: Floats, weights: Floats, probability: float) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    middles = reached - weights[order] / 2
    return float(np.interp(probability * reached[-1], middles, values[order]))
