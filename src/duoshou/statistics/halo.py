"""Did one of several scores fall, some of them, or all together? Raters who are cross mark everything down (halo).

Every answer is a Gaussian model of the changes y of m scores: noise of covariance Σ, learnt from their past, plus
effects on the scores that the answer names. Effects of one event on several scores share most of their variance
(one common factor). The answers are compared by their marginal likelihoods, the size of the effect at its best
(an empirical Bayes factor; Kass and Raftery, 1995), so strongly correlated noise does not pass for a common fall.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SHARED = 0.95
"""Part of the variance of effects that one event has in common over the scores it hits; they differ by a third."""

_NORMAL_90 = 1.6448536269514722
_DEGREES = 5.0
_SIZES = 25


class Reach(StrEnum):
    """How many of the scores fell."""

    NONE = "none"
    ONE = "one"
    SOME = "some"
    ALL = "all"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Halo:
    """Which scores fell.

    Attributes:
        reach: The answer that has at least the asked weight, else `cannot_tell`.
        members: Positions of the scores that the best single answer names.
        weights: Posterior weight of `none`, `one`, `some` and `all`; they add to 1.
        item_weights: Posterior probability of each score to have fallen.
        common: Estimate of the common change, with its 90 % interval.
        changes: Change of each score with its 90 % interval, m × 3: estimate, low, high.
    """

    reach: Reach
    members: tuple[int, ...]
    weights: dict[Reach, float]
    item_weights: tuple[float, ...]
    common: tuple[float, float, float]
    changes: Floats


def compare_falls(changes: Floats, noise: Floats, *, sure: float = 0.9) -> Halo:
    """Return which of m scores fell.

    The four kinds of answer weigh the same beforehand, and within a kind each set of scores. Only falls count: a set
    whose members did not all go down is no answer.

    Args:
        changes: Change of each score beyond its usual movement, m ≥ 1.
        noise: Covariance of the noise of these changes, m × m.
        sure: Weight that an answer needs.

    Raises:
        ValueError: If shapes differ, a number is not finite, or the covariance is not positive definite.
    """
    m = len(changes)
    if changes.shape != (m,) or noise.shape != (m, m) or m == 0:
        raise ValueError("m changes have an m × m covariance, m ≥ 1")
    if not (np.all(np.isfinite(changes)) and np.all(np.isfinite(noise))):
        raise ValueError("changes and their covariance must be finite")
    if float(np.linalg.eigvalsh(noise).min()) <= 0:
        raise ValueError("the covariance of the noise must be positive definite")
    sets = [members for size in range(m + 1) for members in combinations(range(m), size)]
    logs = np.array([_evidence(changes, noise, members) + _prior(len(members), m) for members in sets])
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    kinds = dict.fromkeys((Reach.NONE, Reach.ONE, Reach.SOME, Reach.ALL), 0.0)
    for members, part in zip(sets, weight, strict=True):
        kinds[_reach(len(members), m)] += float(part)
    best = max(kinds, key=lambda reach: kinds[reach])
    item_weights = tuple(float(sum(weight[k] for k, one in enumerate(sets) if i in one)) for i in range(m))
    precision = np.linalg.solve(noise, np.ones(m))
    common, error = float(precision @ changes / precision.sum()), float(precision.sum() ** -0.5)
    spread = _NORMAL_90 * np.sqrt(np.diag(noise))
    return Halo(
        best if kinds[best] >= sure else Reach.CANNOT_TELL,
        sets[int(np.argmax(weight))],
        kinds,
        item_weights,
        (common, common - _NORMAL_90 * error, common + _NORMAL_90 * error),
        np.column_stack([changes, changes - spread, changes + spread]),
    )


def noise_covariance(increments: Floats, *, floor: float = 0.0) -> Floats:
    """Return the covariance of m series of increments that wild rows do not move.

    The maximum likelihood scatter of a multivariate t with 5 degrees of freedom (Lange, Little and Taylor, 1989),
    scaled so that each variance is that of the sample without its largest tenth of distances, corrected for the cut.

    Args:
        increments: n × m, rows of NaN not counted.
        floor: Least variance of each series, e.g. what rounding alone makes.

    Raises:
        ValueError: If fewer than 2·m + 2 whole rows remain.
    """
    rows = increments[np.all(np.isfinite(increments), axis=1)]
    n, m = rows.shape
    if n < 2 * m + 2:
        raise ValueError("too few increments for a covariance")
    center = np.median(rows, axis=0)
    plain = np.cov(rows, rowvar=False).reshape(m, m) + np.diag(np.full(m, max(floor, 1e-18)))
    scatter = plain
    for _ in range(100):
        distance = _distances(rows - center, scatter)
        weight = (_DEGREES + m) / (_DEGREES + distance)
        center = (weight @ rows) / weight.sum()
        apart = rows - center
        updated = (apart * weight[:, None]).T @ apart / n + 1e-9 * np.diag(np.diag(plain))
        if np.allclose(updated, scatter, rtol=1e-7, atol=0):
            break
        scatter = updated
    distance = _distances(rows - center, scatter)
    kept = distance <= np.quantile(distance, 0.9)
    # E[χ²_m | χ²_m ≤ its 90 % point] ÷ m, by the Wilson–Hilferty normal approximation of χ²
    expected = _trimmed_mean(m)
    scale = float(distance[kept].mean()) / expected if np.any(distance > 0) else 1.0
    return np.asarray(scatter * max(scale, 1e-12) + np.diag(np.full(m, floor)))


def _distances(apart: Floats, scatter: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", apart, np.linalg.solve(scatter, apart.T).T))


def _trimmed_mean(m: int) -> float:
    points = (np.arange(20_000) + 0.5) / 20_000
    normal = _normal_quantiles(points[points <= 0.9])
    cut = 2 / (9 * m)
    return float(np.mean(m * np.maximum(1 - cut + normal * math.sqrt(cut), 0) ** 3))


def _normal_quantiles(points: Floats) -> Floats:
    grid = np.linspace(-6, 6, 6001)
    below = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in grid])
    return np.asarray(np.interp(points, below, grid))


def _prior(size: int, m: int) -> float:
    kinds = {_reach(k, m) for k in range(m + 1)}
    same = sum(math.comb(m, k) for k in range(m + 1) if _reach(k, m) is _reach(size, m))
    return -math.log(len(kinds) * same)


def _reach(size: int, m: int) -> Reach:
    if size == 0:
        return Reach.NONE
    if size == 1:
        return Reach.ONE
    return Reach.ALL if size == m else Reach.SOME


def _evidence(changes: Floats, noise: Floats, members: tuple[int, ...]) -> float:
    """Return the log marginal likelihood with the best size of the effect, half an error to twice the fall."""
    if not members:
        return float(_log_normal(changes, noise))
    index = list(members)
    if np.any(changes[index] >= 0):
        return -math.inf
    shape = np.zeros_like(noise)
    shape[np.ix_(index, index)] = SHARED + (1 - SHARED) * np.eye(len(index)) if len(index) > 1 else 1.0
    least = 0.5 * math.sqrt(float(np.diag(noise)[index].min()))
    most = max(2 * float(np.abs(changes[index]).max()), 2 * least)
    sizes = np.geomspace(least, most, _SIZES)[:, None, None]
    return float(_log_normal(changes, noise + sizes * sizes * shape).max())


def _log_normal(values: Floats, covariance: Floats) -> Floats:
    """Return the log density at `values` under one covariance, or under each of a stack."""
    _, log_determinant = np.linalg.slogdet(covariance)
    solved = np.linalg.solve(covariance, np.broadcast_to(values, covariance.shape[:-1])[..., None])[..., 0]
    return np.asarray(-0.5 * (solved @ values + log_determinant + len(values) * math.log(2 * math.pi)))
