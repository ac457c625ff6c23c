"""The law of a number of pieces: negative binomial with a given mean and variance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Floats = NDArray[np.float64]
_LARGEST_SIZE = 1e8
"""A negative binomial of this size is a Poisson law."""
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Law:
    """Numbers of pieces with their probabilities; all arrays of one shape, or of shapes that go together.

    Attributes:
        mean: Expected pieces.
        variance: Their variance; where it is less than the mean the law is Poisson.
    """

    mean: Floats
    variance: Floats

    def quantile(self, probability: float) -> Floats:
        """Return the least whole number that demand stays within with this probability."""
        size, chance = self._shape()
        return np.asarray(stats.nbinom.ppf(probability, size, chance), dtype=np.float64)

    def at_least(self, pieces: Floats) -> Floats:
        """Return the probability that so many pieces or more are asked for."""
        return self._above(np.ceil(pieces) - 1.0, 0.0)

    def lost(self, pieces: Floats) -> Floats:
        """Return how many pieces more than these are expected to be asked for.

        E(D − s)⁺ = μ P(D' ≥ s) − s P(D > s): D', what is asked for besides one piece that is, is negative binomial
        with one more of size.
        """
        whole = np.maximum(np.floor(pieces), 0.0)
        found = self.mean * self._above(whole - 1.0, 1.0) - whole * self._above(whole, 0.0)
        return np.asarray(np.maximum(found, 0.0))

    def _shape(self) -> tuple[Floats, Floats]:
        mean = np.maximum(self.mean, _TINY)
        size = np.minimum(mean**2 / np.maximum(self.variance - mean, mean**2 / _LARGEST_SIZE), _LARGEST_SIZE)
        return np.asarray(size), np.asarray(size / (size + mean))

    def _above(self, pieces: Floats, more: float) -> Floats:
        """Return P(D > pieces) of a law whose size is larger by `more`, the chance being the same."""
        size, chance = self._shape()
        found = special.betainc(np.maximum(pieces, 0.0) + 1.0, size + more, 1.0 - chance)
        return np.asarray(np.where(pieces < 0, 1.0, found))
