"""The span of columns, by an orthonormal basis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SINGULAR = 1e-9
"""Of the largest singular value: what lies below is a column that the others say."""
_SURE = 1e-6


@dataclass(frozen=True, slots=True)
class Span:
    """What K columns span.

    Attributes:
        basis: float[D, R], orthonormal.
        back: float[K, R]: back @ places are the least coefficients of the columns that make basis @ places.
    """

    basis: Floats
    back: Floats


def span_of(columns: Floats) -> Span:
    """Return the span of columns, float[D, K] with D ≥ K: of dependent ones by singular values, else by QR."""
    basis, triangle = np.linalg.qr(columns)
    pivots = np.abs(np.diagonal(triangle))
    if pivots.min() > _SURE * pivots.max():
        return Span(basis, np.asarray(np.linalg.inv(triangle), dtype=np.float64))
    basis, sizes, turned = np.linalg.svd(columns, full_matrices=False)
    told = sizes > SINGULAR * sizes.max()
    return Span(basis[:, told], turned[told].T / sizes[told])
