"""The mixture of estimates that errs least for placebos, and how far it errs for a subject of a size."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.effects.panel import Array

_SHARPNESS = 8
_ROUNDS = 3
_POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_LEANING = 0.5  # prior standard deviation of a coefficient: errors follow what is known before by half at most, usually


def leaned(own: Array, errors: Array, count: int, sizes: Array) -> tuple[float, Array]:
    """Return an estimate for the subject, and what it errs for each placebo had that taught nothing.

    Several estimates of one thing are mixed by how little they err. Where one differs from the mixture before anything
    was done, and where a hint moved, the error of the mixture can be foretold in part: by a regression on both, with a
    normal prior of one half for each coefficient, errors counted in units of what subjects of a size err. Differences
    of estimates may thus count negatively, and a trend goes on if trends went on (Bates and Granger, 1969; Granger and
    Ramanathan, 1984). The errors returned are those of leaving each placebo out, by its leverage.

    Args:
        own: float[estimates + hints], of the subject; the first `count` are estimates, the others hints, known before.
        errors: float[estimates + hints, placebos], the same where there is nothing to find.
        count: How many are estimates.
        sizes: float[placebos], see `error_at`.
    """
    shares = mixed_by(errors[:count])
    mixed = shares @ errors[:count]
    scale = error_at(sizes, mixed, sizes)
    columns = np.concatenate([errors[:count] - mixed, errors[count:]])
    scaled = columns / scale
    gram = scaled @ scaled.T + np.eye(len(columns)) / _LEANING**2
    solved = np.linalg.solve(gram, np.column_stack([scaled @ (mixed / scale), scaled]))
    slopes, leverage = -solved[:, 0], (scaled * solved[:, 1:]).sum(axis=0)
    centre = float(shares @ own[:count])
    known = np.concatenate([own[:count] - centre, own[count:]])
    reach = np.abs(columns).max(axis=1)  # what placebos never showed is not extrapolated
    estimate = centre + float(slopes @ np.clip(known, -reach, reach))
    return estimate, np.asarray((mixed + slopes @ columns) / (1 - leverage))


def mixed_by(errors: Array) -> Array:
    """Return the weights of estimates by how little they err: float[estimates] from float[estimates, placebos]."""
    squares = np.maximum((errors**2).mean(axis=1), 1e-12)
    weights = (squares / squares.min()) ** (-errors.shape[1] / _SHARPNESS)
    return np.asarray(weights / weights.sum())


def error_of(errors: Array, sizes: Array, strays: Array, size: float, stray: float) -> float:
    """Return how far an estimate errs for a subject of this size whose weeks strayed so far before.

    What errs for a size (see `error_at`), times some power of how much more than its likes the subject strayed. Which
    power, from none to one, is not chosen: each counts by how likely it makes the errors of the placebos, which count
    as half as many, as those of one window err together. A whole power takes the little that is known of one subject
    for all, none takes all subjects for alike.

    Args:
        errors: float[placebos].
        sizes: float[placebos].
        strays: float[placebos], see `straying`, before each one's window.
        size: Of the subject.
        stray: Of the subject.
    """
    by_size, own = error_at(sizes, errors, sizes), float(error_at(size, errors, sizes))
    apart = np.log(np.maximum(strays, 1e-9) / by_size)
    more = float(np.clip(np.log(max(stray, 1e-9) / own), apart.min(), apart.max())) - apart.mean()
    apart = apart - apart.mean()
    squares = [np.mean((errors / by_size) ** 2 * np.exp(-2 * power * apart)) for power in _POWERS]
    variances = np.maximum(squares, 1e-12)
    likely = np.exp(-0.25 * len(errors) * np.log(variances / variances.min()))  # the centred powers cancel
    found = (own * np.exp(np.array(_POWERS) * more)) ** 2 * variances
    return float(np.sqrt(likely @ found / likely.sum()))


def error_at(size: Array | float, errors: Array, sizes: Array) -> Array:
    """Return how far an estimate errs for a subject that sells so much: variance = a + b ÷ size, a and b not negative.

    The chance of single sales shrinks with their number; what moves a subject by itself does not. Least squares,
    weighted by the expected squares.
    """
    squares = errors**2
    columns = np.stack([np.ones_like(sizes), sizes.mean() / np.maximum(sizes, 1e-3 * sizes.mean())])
    expected = np.full_like(squares, max(float(squares.mean()), 1e-12))
    parts = np.array([float(squares.mean()), 0.0])
    for _ in range(_ROUNDS):
        parts = _two(columns, squares, expected**-2.0)
        expected = np.maximum(parts @ columns, 0.05 * float(squares.mean()) + 1e-12)
    variance = parts[0] + parts[1] * sizes.mean() / np.maximum(size, 1e-3 * sizes.mean())
    return np.asarray(np.sqrt(np.maximum(variance, 1e-12)))


def _two(columns: Array, aim: Array, weight: Array) -> Array:
    """Return the least squares of two columns without negative parts."""
    gram, moment = (columns * weight) @ columns.T, (columns * weight) @ aim
    alone = np.maximum(moment / np.diagonal(gram), 0.0)
    determinant = gram[0, 0] * gram[1, 1] - gram[0, 1] ** 2
    if determinant > 1e-9 * gram[0, 0] * gram[1, 1]:
        both = np.linalg.solve(gram, moment)
        if both.min() >= 0:
            return np.asarray(both)
    gains = alone * moment
    return np.where(np.arange(2) == int(np.argmax(gains)), alone, 0.0)
