"""The error of one coefficient under dependence within blocks of days, honest where few days carry it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.chebyshev import Chebyshev
from numpy.typing import NDArray

from duoshou.statistics.elasticity.spans import span_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
LEAST_VARIATION = 1e-8
SINGULAR = 1e-6
LITTLE = 0.6
"""Size (Frobenius) of the hat matrix of a block up to which the series holds to 11 digits."""
SERIES = np.asarray(
    Chebyshev.interpolate(lambda part: (1 - part) ** -0.5, 18, domain=[0, LITTLE]).coef, dtype=np.float64
)
"""Chebyshev coefficients of (1 − x)^(−1/2) for x from 0 to `LITTLE`."""


@dataclass(frozen=True, slots=True)
class Error:
    """The error of a coefficient.

    Attributes:
        error: Standard error.
        degrees: Degrees of freedom of its t distribution: how many blocks the coefficient in effect rests on.
        parts: float[B], what each block adds to the error, by the number of the block; their squares add up to its.
    """

    error: float
    degrees: float
    parts: Floats


def clustered_error(column: Floats, others: Floats, residuals: Floats, block: Integers) -> Error | None:
    """Return the bias-reduced error of the coefficient of a column; None where it has none.

    The sandwich by blocks with Bell and McCaffrey's correction CR2 and their Satterthwaite degrees of freedom (2002;
    Imbens and Kolesár 2016, "Robust standard errors in small samples"). A coefficient that one week carries has about
    one degree of freedom, however many days there are; one that lies within a single block has no error that could be
    told, nor has a column of which the others leave nothing.

    Args:
        column: float[D], the column of interest, times the root of the weights.
        others: float[D, K], the other columns, times the same.
        residuals: float[D], of the fit, of the same scale.
        block: int[D], the block of each day, from 0.
    """
    basis = span_of(others).basis
    apart = column - basis @ (basis.T @ column)
    information = float(apart @ apart)
    if information <= LEAST_VARIATION * max(float(column @ column), 1e-300):
        return None
    basis = np.column_stack([basis, apart / np.sqrt(information)])
    place = _padded(block)
    own = np.zeros((*place.shape, basis.shape[1]))
    own[place >= 0] = basis[place[place >= 0]]
    weighed = _corrected(own @ own.swapaxes(1, 2), own[..., -1] * np.sqrt(information), SINGULAR * information)
    if weighed is None:
        return None
    scores = (weighed * np.where(place >= 0, residuals[place], 0.0)).sum(axis=1) / information
    shared, squares = (weighed[:, None] @ own)[:, 0], (weighed**2).sum(axis=1)
    variance = float(np.square(scores).sum())
    # of what each block adds: its own part, less what the columns, which are orthonormal, carry to the other days
    crossed = np.diag(squares) - shared @ shared.T
    degrees = float(np.trace(crossed) ** 2 / max(float((crossed**2).sum()), 1e-300))
    return Error(float(np.sqrt(variance)), degrees, scores) if variance > 0 else None


def _corrected(hat: Floats, parts: Floats, least: float) -> Floats | None:
    """Return (I − H)^(−1/2) times the parts of each block; None where more than `least` of one is fitted exactly.

    Blocks that the columns fit little, most of them, by a Chebyshev series in H; others by their eigenvectors.

    Args:
        hat: float[B, size, size], H of each block.
        parts: float[B, size].
        least: Squared length.
    """
    found = np.empty_like(parts)
    little = np.einsum("bij,bij->b", hat, hat) <= LITTLE**2
    found[little] = _series(hat[little], parts[little])
    values, vectors = np.linalg.eigh(np.eye(parts.shape[1]) - hat[~little])
    turned = (parts[~little][:, None] @ vectors)[:, 0]
    is_fitted = values <= SINGULAR
    if ((is_fitted * turned**2).sum(axis=1) > least).any():
        return None
    turned = np.where(is_fitted, 0.0, turned) / np.sqrt(np.where(is_fitted, 1.0, values))
    found[~little] = (vectors @ turned[..., None])[..., 0]
    return found


def _series(hat: Floats, parts: Floats) -> Floats:
    """Return (I − H)^(−1/2) times the parts by Clenshaw's recurrence, for H of eigenvalues from 0 to `LITTLE`."""
    twice = hat * (4.0 / LITTLE)
    twice[:, np.arange(hat.shape[1]), np.arange(hat.shape[1])] -= 2.0
    column = parts[..., None]
    last, before = SERIES[-1] * column, np.zeros_like(column)
    for coefficient in SERIES[-2:0:-1]:
        following = twice @ last
        following += coefficient * column
        following -= before
        last, before = following, last
    return np.asarray((SERIES[0] * column + twice @ last / 2 - before)[..., 0])


def _padded(block: Integers) -> Integers:
    """Return the days of each block, int[B, size of the largest]; −1 where a block has no more."""
    order, sizes = np.argsort(block, kind="stable"), np.bincount(block)
    found = np.full((len(sizes), int(sizes.max())), -1)
    found[np.arange(found.shape[1]) < sizes[:, None]] = order
    return found
