"""The error of one coefficient under dependence within blocks of days, honest where few days carry it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
LEAST_VARIATION = 1e-8
SINGULAR = 1e-6


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
    basis, sizes, _ = np.linalg.svd(others, full_matrices=False)
    basis = basis[:, sizes > 1e-9 * sizes.max()]
    apart = column - basis @ (basis.T @ column)
    information = float(apart @ apart)
    if information <= LEAST_VARIATION * max(float(column @ column), 1e-300):
        return None
    basis = np.column_stack([basis, apart / np.sqrt(information)])
    scores, influences = np.zeros(int(block.max()) + 1), []
    for one in np.unique(block):
        rows = np.flatnonzero(block == one)
        own = basis[rows]
        values, vectors = np.linalg.eigh(np.eye(len(rows)) - own @ own.T)
        parts = vectors.T @ apart[rows]
        is_fitted = values <= SINGULAR
        if float((parts[is_fitted] ** 2).sum()) > SINGULAR * information:
            return None
        weighed = vectors @ (np.where(is_fitted, 0.0, parts) / np.sqrt(np.where(is_fitted, 1.0, values)))
        scores[one] = float(weighed @ residuals[rows]) / information
        influence = -basis @ (own.T @ weighed)
        influence[rows] += weighed
        influences.append(influence)
    variance = float(np.square(scores).sum())
    crossed = np.array(influences) @ np.array(influences).T
    degrees = float(np.trace(crossed) ** 2 / max(float((crossed**2).sum()), 1e-300))
    return Error(float(np.sqrt(variance)), degrees, scores) if variance > 0 else None
