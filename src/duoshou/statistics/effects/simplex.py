"""Least squares over weights that are not negative and add to one, solved exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.effects.panel import Array

BoolArray = NDArray[np.bool_]

_TOLERANCE = 1e-10


def simplex_weights(gram: Array, linear: Array, start: Array | None = None) -> Array:
    """Return the w ≥ 0, Σw = 1 that makes ½ w'Gw − c'w least.

    A primal active set method: the equality-constrained problem on the weights in use is solved exactly, a weight
    that would turn negative leaves at the boundary, the one whose gradient promises most enters (Nocedal and Wright,
    2006, section 16.5). It ends at the optimum after about as many steps as weights are in use.

    Args:
        gram: n × n, positive definite (a ridge makes it so).
        linear: n.
        start: Weights to begin from, such as those of a like problem.

    Raises:
        ValueError: If shapes differ or there is nothing to weigh.
    """
    size = len(linear)
    if size == 0 or gram.shape != (size, size):
        raise ValueError("n weights need an n × n matrix, n ≥ 1")
    used = np.full(size, True) if start is None else start > 0
    weights, used = _begun(gram, linear, used if used.any() else np.full(size, True))
    tolerance = _TOLERANCE * max(float(np.abs(np.diag(gram)).max()), float(np.abs(linear).max()), 1e-300)
    for _ in range(20 * size + 20):
        weights, used = _settled(gram, linear, weights, used)
        gradient = gram @ weights - linear
        level = float(weights @ gradient)
        outside = np.where(used, np.inf, gradient - level)
        best = int(np.argmin(outside))
        if outside[best] >= -tolerance:
            break
        used[best] = True
    return np.asarray(weights / weights.sum())


def _begun(gram: Array, linear: Array, used: BoolArray) -> tuple[Array, BoolArray]:
    """Return a feasible start: the optimum on some weights, after all that would be negative were dropped at once."""
    used = used.copy()
    while True:
        index = np.flatnonzero(used)
        target = _equality(gram[index][:, index], linear[index])
        if np.all(target > 0):
            weights = np.zeros(len(linear))
            weights[index] = target
            return weights, used
        used[index[target <= 0]] = False


def _settled(gram: Array, linear: Array, weights: Array, used: BoolArray) -> tuple[Array, BoolArray]:
    """Return the optimum on the weights in use, less those that had to leave on the way."""
    used = used.copy()
    while True:
        index = np.flatnonzero(used)
        target = _equality(gram[index][:, index], linear[index])
        if np.all(target > 0):
            settled = np.zeros_like(weights)
            settled[index] = target
            return settled, used
        current = weights[index]
        falling = target <= 0
        steps = np.full(len(index), np.inf)
        steps[falling] = current[falling] / np.maximum(current[falling] - target[falling], 1e-300)
        step = float(min(1.0, steps.min()))
        moved = np.maximum(current + step * (target - current), 0.0)
        leaving = int(np.argmin(steps))
        moved[leaving] = 0.0
        weights = np.zeros_like(weights)
        weights[index] = moved
        used[index[leaving]] = False


def _equality(gram: Array, linear: Array) -> Array:
    sides = np.ones((2, len(linear)))
    sides[0] = linear
    first, second = np.linalg.solve(gram, sides.T).T
    return np.asarray(first + (1.0 - first.sum()) / second.sum() * second)
