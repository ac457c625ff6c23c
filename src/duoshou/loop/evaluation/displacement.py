"""What a gain was taken from, or drew along: other products, and the weeks after."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_GAINS = 201
_SHARES = 75
_DRAWN = 0.5
"""Most that is drawn along: bought together or again by those who were won, half of what they bought first."""
_DEGREES = 4.0
"""Of the errors elsewhere: the interval of a sum of others rests on few placebos, and more happens to them."""


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
        shares: Expected share of what was sold more that each place lost.
    """

    net: Estimate
    shares: tuple[float, ...]


def net_of(gain: Estimate, elsewhere: tuple[Estimate, ...], level: float, more: float = 0.0) -> Net:
    """Return a gain less the share of what was sold more that was taken from elsewhere.

    What was taken lies between all of what was sold more and, drawn along, minus half of it. Whether there is any is
    as likely as not beforehand, and if so every share is as likely as another; what was seen elsewhere then weighs
    the shares (Bayes). A clear move elsewhere counts whole; where nothing can be seen for noise the net stays
    uncertain and keeps the sign of the gain. What is seen elsewhere does not tell how large the gain itself was: more
    than one thing happens there (the cut posterior; Plummer, 2015).

    Args:
        gain: Effect on the subject.
        elsewhere: Effect on each place from which it may have been taken, in the same unit.
        level: Coverage of the intervals given and returned.
        more: What was sold more at the former margin, beyond the gain: a price that was cut sells, and takes from
            others, more than it earns.
    """
    known = [one for one in elsewhere if one.is_known]
    if not known or not gain.is_known:
        return Net(gain, tuple(0.0 for _ in elsewhere))
    shares, prior = _shares(_SHARES // len(known))
    net = _split_normal((np.arange(_GAINS) + 0.5) / _GAINS, gain, level)[:, None]
    left, weights = net + more, np.full((_GAINS, 1), 1.0 / _GAINS)
    told: list[float] = []
    for one in elsewhere:
        if not one.is_known:
            told.append(0.0)
            continue
        taken = left[:, :, None] * shares
        likely = prior * _likelihood(one, -taken, level)
        joint = weights[:, :, None] * likely / likely.sum(axis=2, keepdims=True)
        lost = np.maximum(shares, 0.0)
        told.append(float((joint * lost).sum()))
        net, weights = (net[:, :, None] - taken).reshape(_GAINS, -1), joint.reshape(_GAINS, -1)
        left = (left[:, :, None] * (1 - lost)).reshape(_GAINS, -1)
    tail = (1 - level) / 2
    low, middle, high = _quantiles(net.ravel(), weights.ravel(), (tail, 0.5, 1 - tail))
    return Net(Estimate(middle, low, high), tuple(told))


def _shares(count: int) -> tuple[Floats, Floats]:
    """Return the shares that are considered and what each is worth beforehand."""
    places = (np.arange(count) + 0.5) / count
    return np.concatenate([[0.0], places * (1 + _DRAWN) - _DRAWN]), np.concatenate([[0.5], np.full(count, 0.5 / count)])


def _split_normal(places: Floats, one: Estimate, level: float) -> Floats:
    """Return quantiles of a distribution whose two halves are normal with the interval's half-widths."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    scores = np.array([NormalDist().inv_cdf(p) for p in places]) / z
    below, above = one.value - one.low, one.high - one.value
    return np.asarray(one.value + np.where(scores < 0, below, above) * scores)


def _likelihood(one: Estimate, means: Floats, level: float) -> Floats:
    z = NormalDist().inv_cdf(0.5 + level / 2)
    scale = max((one.high - one.low) / 2 / z, 1e-9 * max(abs(one.value), 1.0))
    return np.asarray((1 + ((one.value - means) / scale) ** 2 / _DEGREES) ** (-(_DEGREES + 1) / 2))


def _quantiles(values: Floats, weights: Floats, probabilities: tuple[float, ...]) -> tuple[float, ...]:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    middles = reached - weights[order] / 2
    return tuple(float(np.interp(one * reached[-1], middles, values[order])) for one in probabilities)
