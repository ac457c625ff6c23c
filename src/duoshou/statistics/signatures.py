"""Which of several known signatures explains a vector of deviations: Bayes factors of Gaussian models.

A signature says how the components of a deviation move together when one cause is at work: `loads` are the typical
moves relative to each other, `spread` is how far a single move may differ from its typical one, as a part of the
effect. A component with load 0 and spread 0 does not move; one with load 0 and a spread may move either way: it is left
out of both models, so that it speaks neither for the cause nor for “nothing happened”, however far it moved. The size δ
of the effect is unknown and positive; every order of magnitude of a grid is equally likely (the scale-free prior of
Jeffreys, on a grid), so that neither small nor large effects are favoured.

With x the deviations, Σ their covariance when nothing happened, u the loads and s the spreads,

    x ~ N(0, Σ)                      when nothing happened,
    x ~ N(δ u, Σ + δ² diag(s²))      under the signature with an effect of size δ.

The mean over the grid is a Bayes factor, whose mean is 1 when nothing happened: an e-value, so that its chance to
exceed k is at most 1/k (Markov), and its mean over several signatures is one again (Vovk and Wang 2021). A signature
is ruled out (its factor is at most 1) where a component that it moves by much moved the other way beyond chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
UNKNOWN = 1e6
"""Variance of a component that is not known: it tells nothing."""
RULED_OUT = 2.5
"""Standard deviations in the wrong direction that rule a signature out."""
MUCH = 0.5
"""Part of the largest load from which on a component must not move the other way."""
SIZES = tuple(float(size) for size in np.geomspace(0.05, 3.2, 13))


@dataclass(frozen=True, slots=True)
class Signature:
    """How components move when one cause is at work.

    Attributes:
        loads: Typical moves for an effect of size 1, one a component.
        spread: Standard deviation of each move for an effect of size 1.
        least: Smallest size that the cause can have.
        most: Largest size that the cause can have.
    """

    loads: Floats
    spread: Floats
    least: float = 0.0
    most: float = math.inf


@dataclass(frozen=True, slots=True)
class Explained:
    """What a vector of deviations tells of the true moves, if one signature explains it.

    Attributes:
        mean: Posterior mean of each component's move.
        covariance: Their covariance (components × components).
    """

    mean: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each signature makes of each vector.

    Attributes:
        log_bayes_factor: Natural logarithm against “nothing happened” (vectors × signatures).
        size: Posterior mean of the effect's size (vectors × signatures).
    """

    log_bayes_factor: Floats
    size: Floats


def weigh(
    deviations: Floats,
    variances: Floats,
    correlation: Floats,
    signatures: Sequence[Signature],
    *,
    sizes: Sequence[float] = SIZES,
    least: float = 0.0,
    lowest: Floats | None = None,
) -> Evidence:
    """Return how far each signature explains each vector of deviations.

    Deviations may be logarithms of counts, which cannot show that all is gone: log((n + ½) ÷ (expected + ½)) ends
    where n is 0. A move of u then shows as log(eᵘ(1 − e^lowest) + e^lowest), and not as u.

    Args:
        deviations: Vectors × components; NaN where a component is not known.
        variances: Variances of the deviations when nothing happened, of the same shape.
        correlation: Components × components, positive definite, one for all vectors or one each: how they go together
            when nothing happened.
        signatures: The candidates.
        sizes: Effects that are equally likely beforehand.
        least: Vectors of which no signature's log factor can exceed this are passed over; they get 0. No factor
            exceeds half the squared Mahalanobis length of the vector, for no signature narrows the covariance.
        lowest: What each component shows where nothing is left (vectors × components), −∞ where it has no end.

    Returns:
        Logarithms of Bayes factors and sizes; 0 for a vector of which nothing is known.
    """
    known = np.isfinite(deviations) & np.isfinite(variances) & (variances > 0)
    x = np.where(known, deviations, 0.0)
    deviation = np.sqrt(np.where(known, variances, UNKNOWN))
    shared = correlation * (known[:, :, None] & known[:, None, :])
    shared[:, np.arange(x.shape[1]), np.arange(x.shape[1])] = 1.0
    null = shared * deviation[:, :, None] * deviation[:, None, :]
    asked = 0.5 * _squared_length(x, null) > least
    factors, moved = np.zeros((len(x), len(signatures))), np.zeros((len(x), len(signatures)))
    if asked.any():
        ends = np.full_like(x, -np.inf) if lowest is None else lowest
        part = x[asked], null[asked], known[asked], deviation[asked], ends[asked]
        factors[asked], moved[asked] = _weighed(*part, signatures, sizes)
    return Evidence(factors, moved)


def explained(deviation: Floats, noise: Floats, signature: Signature, *, sizes: Sequence[float] = SIZES) -> Explained:
    """Return the moves behind one vector of deviations, if a signature is at work: how they hang together counts.

    With θ the true moves, x | θ ~ N(θ, Σ) and θ | δ ~ N(δu, δ²D²): given the size both are Gaussian, and the sizes are
    weighed by what they make of x. A component that the signature lets move either way is as it was seen.

    Args:
        deviation: Components; NaN where one is not known.
        noise: Σ, their covariance when nothing happened (components × components).
        signature: What is at work.
        sizes: Effects that are equally likely beforehand; those that the signature rules out are left out.
    """
    told = (signature.loads != 0) | (signature.spread == 0)
    known = np.isfinite(deviation) & np.isfinite(np.diag(noise))
    heard = np.flatnonzero(told & known)
    x, null = deviation[heard], noise[np.ix_(heard, heard)]
    possible = [size for size in sizes if signature.least <= size <= signature.most]
    weights, means, covariances = [], [], []
    for size in possible or [signature.least]:
        prior = np.diag((size * signature.spread) ** 2)
        gain = np.linalg.solve(null + prior[np.ix_(heard, heard)], prior[heard]).T
        apart = x - size * signature.loads[heard]
        means.append(size * signature.loads + gain @ apart)
        covariances.append(prior - gain @ prior[heard])
        whole = null + prior[np.ix_(heard, heard)]
        weights.append(-0.5 * (apart @ np.linalg.solve(whole, apart) + np.linalg.slogdet(whole)[1]))
    weight = np.exp(np.array(weights) - max(weights))
    weight /= weight.sum()
    mean = weight @ np.stack(means)
    scatter = np.stack(means) - mean
    covariance = np.tensordot(weight, np.stack(covariances), 1) + (scatter.T * weight) @ scatter
    free = np.flatnonzero(~told)
    mean[free] = deviation[free]
    covariance[free] = covariance[:, free] = 0.0
    covariance[free, free] = np.diag(noise)[free]
    return Explained(mean, covariance)


def _weighed(
    x: Floats,
    null: Floats,
    known: NDArray[np.bool_],
    deviation: Floats,
    lowest: Floats,
    signatures: Sequence[Signature],
    sizes: Sequence[float],
) -> tuple[Floats, Floats]:
    grid = np.asarray(sizes, dtype=np.float64)
    precisions: dict[bytes, Floats] = {}
    factors = np.empty((len(x), len(signatures), len(grid)))
    for column, signature in enumerate(signatures):
        told = (signature.loads != 0) | (signature.spread == 0)
        if told.tobytes() not in precisions:
            precisions[told.tobytes()] = _precision(null, told)
        precision = precisions[told.tobytes()]
        means = shown(grid * signature.loads[:, None] * known[:, :, None], lowest[:, :, None])
        factors[:, column] = _gains(x * told, precision, means, signature.spread * told, grid)
        possible = (grid >= signature.least) & (grid <= signature.most)
        factors[:, column] += np.where(possible, -np.log(max(possible.sum(), 1)), -np.inf)
    highest = factors.max(axis=2)
    weight = np.exp(factors - highest[:, :, None])
    total = weight.sum(axis=2)
    against = np.stack([_against(x / deviation, signature) for signature in signatures], axis=1)
    log_factor = highest + np.log(total)
    return np.where(against, np.minimum(log_factor, 0.0), log_factor), weight @ grid / total


def _precision(covariance: Floats, told: NDArray[np.bool_]) -> Floats:
    """Return the inverse of the covariance of the components that are told; the others stand apart with variance 1."""
    part = covariance * (told[:, None] & told[None, :])
    rest = np.flatnonzero(~told)
    part[:, rest, rest] = 1.0
    return np.asarray(np.linalg.inv(part), dtype=np.float64)


def shown(moves: Floats, lowest: Floats) -> Floats:
    """Return what moves show in logarithms that end at `lowest`: those of counts with a half added."""
    end = np.exp(lowest)
    return np.asarray(np.log(np.exp(moves) * (1 - end) + end))


def _gains(x: Floats, precision: Floats, means: Floats, spread: Floats, grid: Floats) -> Floats:
    """Return log N(x; μ, Σ + δ²D²) − log N(x; 0, Σ) of each vector and size δ with its mean μ, with D = diag(spread).

    One eigendecomposition DΣ⁻¹D = VΛVᵀ serves all sizes (Woodbury): with y = x − μ and w = VᵀDΣ⁻¹y,

        yᵀ(Σ + δ²D²)⁻¹y = yᵀΣ⁻¹y − Σ δ²w²/(1 + δ²λ),   log|Σ + δ²D²| = log|Σ| + Σ log(1 + δ²λ).

    Args:
        x: Vectors × components.
        precision: Σ⁻¹ of each vector.
        means: Vectors × components × sizes.
        spread: D.
        grid: Sizes.
    """
    roots, vectors = np.linalg.eigh(spread[:, None] * precision * spread)
    turned = np.swapaxes(vectors, 1, 2) @ (spread[:, None] * precision)
    wider = 1 + grid**2 * np.maximum(roots, 0.0)[:, :, None]
    explained = (grid**2 * (turned @ (x[:, :, None] - means)) ** 2 / wider).sum(axis=1)
    gained = ((x[:, :, None] - 0.5 * means) * (precision @ means)).sum(axis=1)
    return np.asarray(gained + 0.5 * (explained - np.log(wider).sum(axis=1)))


def _against(scores: Floats, signature: Signature) -> NDArray[np.bool_]:
    """Return where a component that the signature moves by much moved the other way."""
    size = np.abs(signature.loads)
    much = size >= MUCH * size.max()
    return np.asarray(((np.sign(signature.loads) * scores < -RULED_OUT) & much).any(axis=1))


def _squared_length(x: Floats, covariance: Floats) -> Floats:
    """Return xᵀ covariance⁻¹ x of each row."""
    solved = np.linalg.solve(covariance, x[:, :, None])[:, :, 0]
    return np.asarray((x * solved).sum(axis=1))
