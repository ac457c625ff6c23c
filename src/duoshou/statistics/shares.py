"""Parts of a whole that differ between subjects, such as refunds of sales, where each subject alone tells little."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shrunken_shares(parts: Floats, wholes: Floats) -> Floats:
    """Return the part of the whole of each subject, drawn towards that of all by as much as chance may have moved it.

    The sum of a subject's days scatters in proportion to its whole, κ ÷ whole, with one κ for all, so that a subject
    whose few days happen to have no part is not taken for sure. How far subjects differ besides, τ², is found by the
    moments of DerSimonian and Laird (1986); each keeps τ² ÷ (τ² + κ ÷ whole) of its distance from all.

    Args:
        parts: float[S, T] ≥ 0, of each subject and day; NaN: unknown.
        wholes: float[S, T] ≥ 0.

    Returns:
        float[S], from 0 to 1; that of all where a subject has no whole, 0 where none has.
    """
    known = np.isfinite(parts) & np.isfinite(wholes)
    part, whole = np.where(known, parts, 0.0), np.where(known, wholes, 0.0)
    size = whole.sum(axis=1)
    total = float(size.sum())
    if total <= 0:
        return np.zeros(len(parts))
    all_ = float(part.sum()) / total
    own = np.divide(part.sum(axis=1), size, out=np.full(len(size), all_), where=size > 0)
    scatter = float(((part - own[:, None] * whole) ** 2).sum()) / total
    told = size > 0
    apart = float((size[told] * (own[told] - all_) ** 2).sum()) - (int(told.sum()) - 1) * scatter
    spread = max(apart, 0.0) / max(total - float((size**2).sum()) / total, 1e-12 * total)
    kept = np.divide(spread * size, spread * size + scatter, out=np.zeros(len(size)), where=spread * size + scatter > 0)
    return np.asarray(np.clip(all_ + kept * (own - all_), 0.0, 1.0))
