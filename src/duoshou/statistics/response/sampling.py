"""Draws from what may be true of all channels together, given shapes that each may have.

Given its shape a channel's part is linear, so that the size of the part, the baseline and the comparison of all shapes
have closed forms: a channel's shape is drawn exactly from all its candidates with the size integrated out, then the
size (a Gibbs sampler on a grid, Ritter and Tanner 1992, collapsed as by Liu 1994). Nothing is tuned, and a second mode
of a curve is visited as often as it deserves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from duoshou.statistics.response.shapes import Candidates, Floats, Ints

SCALES = 41
LEAST_Z = -8.0
CLASS_PRIOR = 0.5
"""Jeffreys' prior of the share of channels whose curve has a slope of its own."""


@dataclass(frozen=True, slots=True)
class Known:
    """What tests have measured of a channel, as a mean and a precision of the size of its part for each candidate.

    Attributes:
        precision: float[G], what the tests add to the precision of the size.
        linear: float[G], precision times estimate.
    """

    precision: Floats
    linear: Floats


@dataclass(frozen=True, slots=True)
class SizePrior:
    """What is believed of the sizes of the parts.

    Sizes are normal above 0 about μ times `scale`, with a deviation of `spread` times that; μ is common to all
    channels and unknown: a channel of which the figures tell little is like the shop's others.

    Attributes:
        scale: float[C], what the parts are in proportion to: mean spend.
        centre: Median of μ.
        common_spread: Standard deviation of the logarithm of μ.
        spread: Deviation of a channel, as a multiple of its mean.
    """

    scale: Floats
    centre: float
    common_spread: float = 1.0
    spread: float = 1.0


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of what may be true.

    Attributes:
        shape: int[N, C], number of the candidate.
        size: float[N, C], mean of a channel's part in each period.
        variance: float[N], of the noise.
        residual: float[T], what the mean of the draws leaves unexplained of the outcome, the baseline taken off.
    """

    shape: Ints
    size: Floats
    variance: Floats
    residual: Floats


def sample(
    outcome: Floats,
    channels: Sequence[Candidates],
    columns: Sequence[Floats],
    prior: SizePrior,
    *,
    known: Sequence[Known | None],
    degrees: int,
    sweeps: int,
    warm_up: int,
    chains: int,
    random: np.random.Generator,
) -> Draws:
    """Return draws from the posterior.

    Args:
        outcome: float[T], outcome with the baseline projected out.
        channels: Candidates of each channel.
        columns: float[G, T] for each channel, its columns with the baseline projected out.
        prior: Of the sizes.
        known: What tests tell of each channel.
        degrees: Degrees of freedom that the noise has.
        sweeps: Rounds that are kept.
        warm_up: Rounds before them.
        chains: How many chains run side by side.
        random: Source of chance.
    """
    count = len(channels)
    squares = [np.einsum("gt,gt->g", one, one) for one in columns]
    size = np.tile(prior.scale * prior.centre, (chains, 1)) * random.gamma(2.0, 0.5, (chains, count))
    shape = np.stack([random.integers(len(one.decay), size=chains) for one in channels], axis=1)
    rest = np.tile(outcome, (chains, 1))
    for number in range(count):
        rest -= size[:, number, None] * columns[number][shape[:, number]]
    common = np.full(chains, prior.centre)
    steep = [one.slope != 1.0 for one in channels]
    odds = np.zeros(chains)
    variance = np.maximum((rest**2).sum(axis=1), 1e-300) / degrees
    kept_shape = np.empty((sweeps, chains, count), dtype=np.int64)
    kept_size = np.empty((sweeps, chains, count))
    kept_variance = np.empty((sweeps, chains))
    residual = np.zeros(len(outcome))
    for turn in range(-warm_up, sweeps):
        for number in range(count):
            own, offered = columns[number], channels[number]
            rest += size[:, number, None] * own[shape[:, number]]
            believed = common * prior.scale[number]
            told = known[number]
            precision = squares[number][None, :] / variance[:, None] + (1.0 / (prior.spread * believed) ** 2)[:, None]
            linear = (rest @ own.T) / variance[:, None] + (1.0 / (prior.spread**2 * believed))[:, None]
            if told is not None:
                precision = precision + told.precision
                linear = linear + told.linear
            shape[:, number], size[:, number] = _draw(
                precision, linear, offered.weight + odds[:, None] * steep[number], random
            )
            rest -= size[:, number, None] * own[shape[:, number]]
        variance = (rest**2).sum(axis=1) / 2 / random.gamma(degrees / 2, size=chains)
        variance = np.maximum(variance, 1e-300)
        common = _common(size / prior.scale, prior, random)
        odds = _odds(np.stack([steep[one][shape[:, one]] for one in range(count)], axis=1), random)
        if turn >= 0:
            kept_shape[turn], kept_size[turn], kept_variance[turn] = shape, size, variance
            residual += rest.mean(axis=0)
    flat = sweeps * chains
    return Draws(
        kept_shape.reshape(flat, count), kept_size.reshape(flat, count), kept_variance.ravel(), residual / sweeps
    )


def _draw(precision: Floats, linear: Floats, favour: Floats, random: np.random.Generator) -> tuple[Ints, Floats]:
    """Return a candidate for each chain with its size integrated out, and the size."""
    root = np.sqrt(precision)
    score = linear / root
    weight = favour + 0.5 * score**2 - np.log(root) + np.log(ndtr(np.maximum(score, LEAST_Z)))
    weight -= weight.max(axis=1, keepdims=True)
    total = np.cumsum(np.exp(weight), axis=1)
    drawn = random.random(len(total)) * total[:, -1]
    chosen = np.minimum((total < drawn[:, None]).sum(axis=1), total.shape[1] - 1)
    rows = np.arange(len(total))
    top, deviation = score[rows, chosen], 1.0 / root[rows, chosen]
    tail = ndtr(np.maximum(top, LEAST_Z)) * random.random(len(top))
    size = (np.maximum(top, LEAST_Z) - ndtri(np.maximum(tail, 1e-300))) * deviation
    return chosen, np.maximum(size, 1e-12)


def _odds(steep: NDArray[np.bool_], random: np.random.Generator) -> Floats:
    """Return the log odds that a curve has a slope of its own, for each chain: what one channel tells of the others."""
    number = steep.sum(axis=1)
    share = random.beta(CLASS_PRIOR + number, CLASS_PRIOR + steep.shape[1] - number)
    share = np.clip(share, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(share) - np.log1p(-share))


def _common(ratio: Floats, prior: SizePrior, random: np.random.Generator) -> Floats:
    """Return the common size for each chain, drawn from a grid of its logarithm."""
    grid = np.linspace(-4.0, 4.0, SCALES)
    value = prior.centre * np.exp(grid * prior.common_spread)
    distance = (ratio[:, :, None] / value - 1.0) / prior.spread
    weight = -0.5 * (distance**2).sum(axis=1) - ratio.shape[1] * np.log(value) - 0.5 * grid**2
    weight -= weight.max(axis=1, keepdims=True)
    total = np.cumsum(np.exp(weight), axis=1)
    drawn = random.random(len(total)) * total[:, -1]
    return np.asarray(value[np.minimum((total < drawn[:, None]).sum(axis=1), SCALES - 1)])
