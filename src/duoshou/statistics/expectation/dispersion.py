"""How much the days scatter beyond Poisson or binomial chance, and how long a deviation lasts."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.expectation.links import Block, Noise, lift_of, slope_of, variance_parts
from duoshou.statistics.expectation.panel import FloatArray, Kind

LIMIT = 2.5
"""Residuals beyond this many standard deviations are drawn in before they are squared."""

_KEPT = 0.9776
"""E min(Z², LIMIT²) of a standard normal Z."""

_AUTOCORRELATION_DAYS = 60.0
_LARGEST = 0.9
_TINY = 1e-12


def limits(
    kind: Kind, mean: FloatArray, trials: FloatArray, parts: tuple[FloatArray, FloatArray], width: float
) -> tuple[FloatArray, FloatArray]:
    """Return how far below and above its mean a day may lie to count as ordinary (Cornish–Fisher for the skewness)."""
    deviation = np.sqrt(np.maximum(parts[0] + parts[1], _TINY))
    lift = (width**2 - 1) / 6 * lift_of(kind, mean, trials, parts)
    return width * deviation - np.minimum(lift, 0.0), width * deviation + np.maximum(lift, 0.0)


def estimate(block: Block, mean: FloatArray, noise: Noise, parameters: FloatArray) -> Noise:
    """Return the noise estimated anew from the residuals about `mean`, shrunk towards that of all series.

    Moments with drawn-in residuals; the share of a series' own estimate is its precision against a prior whose
    standard deviation equals its mean (a fourfold range).

    Args:
        block: S series.
        mean: float[S, T], fitted.
        noise: The estimate before.
        parameters: float[S], effective number of fitted parameters of each series.
    """
    unit, extra = noise.unit[:, None], noise.extra[:, None]
    parts = variance_parts(block.kind, mean, block.trials, unit, extra)
    low, high = limits(block.kind, mean, block.trials, parts, LIMIT)
    residual = np.where(block.known, np.clip(block.values - mean, -low, high), 0.0)
    days = block.known.sum(axis=1)
    freedom = days / np.maximum(days - parameters, np.maximum(days / 2, 1.0))
    square = residual**2 * (np.maximum(freedom, 1.0) / _KEPT)[:, None]
    if block.kind == Kind.LEVEL:
        return Noise(_shrink_scale(square.sum(axis=1) / np.maximum(days, 1), days), noise.extra, noise.autocorrelation)
    if block.kind == Kind.AMOUNT:
        return _amount(block, mean, noise, square)
    single = slope_of(block.kind, mean, block.trials)
    shape = single * np.maximum(block.trials - 1, 0) if block.kind == Kind.RATE else mean**2
    weight = np.where(block.known, 1.0 / np.maximum(parts[0] + parts[1], _TINY) ** 2, 0.0)
    return Noise(noise.unit, _shrink(square - single, shape, weight), noise.autocorrelation)


def _shrink(excess: FloatArray, shape: FloatArray, weight: FloatArray) -> FloatArray:
    information = np.sum(shape**2 * weight, axis=1) / 2.0
    own = np.sum(excess * shape * weight, axis=1) / np.maximum(2 * information, _TINY)
    if information.sum() <= _TINY:
        return np.zeros(len(own))
    # series that scatter least carry most information: cap the weight, so that the centre is that of most series
    weights = np.minimum(information, np.median(information[information > _TINY]))
    centre = max(float(np.sum(weights * own) / weights.sum()), 1e-6)
    return np.asarray(np.clip((own * information + 1.0 / centre) / (information + 1.0 / centre**2), 0.0, 5.0))


def _shrink_scale(square: FloatArray, days: FloatArray) -> FloatArray:
    alive = (days > 0) & (square > 0)
    if not alive.any():
        return np.ones(len(square))
    logs = np.log(np.maximum(square, _TINY))
    centre = np.average(logs[alive], weights=days[alive])
    return np.asarray(np.exp((logs * days / 2 + centre) / (days / 2 + 1.0)))


def _amount(block: Block, mean: FloatArray, noise: Noise, square: FloatArray) -> Noise:
    """Split the variance of amounts into φμ and κμ² by how it grows with μ, one split for all series."""
    days = np.maximum(block.known.sum(axis=1), 1)
    typical = np.maximum(np.where(block.known, mean, 0.0).sum(axis=1) / days, _TINY)
    relative = np.where(block.known, square / np.maximum(mean, typical[:, None] * 1e-3), 0.0)
    level = np.maximum(relative.sum(axis=1) / days, typical * 1e-6)
    x = np.where(block.known, mean / typical[:, None] - 1.0, 0.0)
    x = np.clip(x, -1.0, 4.0)
    y = np.where(block.known, relative / level[:, None] - 1.0, 0.0)
    share = float(np.clip(np.sum(x * y) / max(np.sum(x * x), _TINY), 0.0, 1.0))
    return Noise((1 - share) * level + 1e-6 * typical, share * level / typical, noise.autocorrelation)


def autocorrelation(block: Block, mean: FloatArray, noise: Noise, parameters: FloatArray) -> FloatArray:
    """Return the lag-1 correlation of the drawn-in residuals, float[S] in 0…0.9, shrunk towards that of all series."""
    parts = variance_parts(block.kind, mean, block.trials, noise.unit[:, None], noise.extra[:, None])
    low, high = limits(block.kind, mean, block.trials, parts, LIMIT)
    residual = np.where(block.known, np.clip(block.values - mean, -low, high), 0.0)
    residual /= np.sqrt(np.maximum(parts[0] + parts[1], _TINY))
    pairs = (block.known[:, 1:] & block.known[:, :-1]).sum(axis=1)
    product = np.sum(residual[:, 1:] * residual[:, :-1], axis=1)
    power = np.sum(residual**2, axis=1)
    # a smooth fitted through n days with k parameters takes about k/n off the correlation
    own = product / np.maximum(power, _TINY) + np.minimum(parameters / np.maximum(pairs, 1), 0.1)
    centre = float(np.sum(product) / max(np.sum(power), _TINY))
    shrunk = (own * pairs + centre * _AUTOCORRELATION_DAYS) / (pairs + _AUTOCORRELATION_DAYS)
    return np.asarray(np.clip(shrunk, 0.0, _LARGEST))
