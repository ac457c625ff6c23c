"""The search for the likeliest four parameters of a model of purchases, over their logarithms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
LARGEST = 1e6
"""A parameter beyond it means that customers do not differ in the respect, or that the data do not tell."""
BOUND = float(np.log(LARGEST))
MOST_STEPS = 500
STEP = 1e-5
LOOSEST = 0.5
"""Standard error of a logarithm up to which the curvature tells where the maximum is."""


def search(
    cost: Callable[[Floats], Any],
    start: Floats,
    tolerance: float,
    *,
    flat: float | None = None,
    around: Floats | None = None,
) -> tuple[Floats, float]:
    """Return where the cost is least, and how much it is there.

    Args:
        cost: Of float[4], the logarithms of the parameters; with its slope where `flat` is given.
        start: float[4], where the search begins.
        tolerance: Relative change of the cost at which it ends.
        has_slope: Whether the cost tells its slope too.
        flat: Slope at which the search ends too; None: the cost does not tell its slope.
        around: float[4, 4], the inverse of the curvature near the least cost: in coordinates in which it is the same in
            all directions a few steps are left. None: the search begins anywhere, and keeps within bounds.
    """
    axes = np.eye(4) if around is None else np.linalg.cholesky(around)

    def moved(place: Floats) -> Any:
        found = cost(np.clip(start + axes @ place, -BOUND, BOUND))
        return (found[0], axes.T @ found[1]) if flat is not None else found

    found = minimize(
        moved,
        np.zeros(4),
        jac=flat is not None,
        method="L-BFGS-B",
        bounds=list(zip(-BOUND - start, BOUND - start, strict=True)) if around is None else None,
        options={"maxiter": MOST_STEPS, "ftol": tolerance, "gtol": flat} if flat is not None else {"ftol": tolerance},
    )
    return start + axes @ found.x, float(found.fun)


def is_found(logs: Floats, cost: float) -> bool:
    """Return whether the search ended at a maximum within the bounds."""
    return bool(np.isfinite(cost) and (np.abs(logs) <= BOUND - 1).all())


def inverse_by_slopes(slope: Callable[[Floats], Floats], logs: Floats) -> Floats | None:
    """Return the inverse of the curvature of a log-likelihood at its maximum, from differences of its exact slope.

    None where it is none of a maximum.
    """
    here = slope(logs)
    curvature = (here - np.array([slope(logs + one) for one in np.eye(4) * STEP])) / STEP
    return inverse_of((curvature + curvature.T) / 2)


def inverse_of(curvature: Floats) -> Floats | None:
    """Return the inverse of a curvature; None where it is not that of a maximum."""
    if not np.isfinite(curvature).all() or np.linalg.eigvalsh(curvature).min() <= 0:
        return None
    return np.asarray(np.linalg.inv(curvature))


def axes_near(covariance: Floats | None, customers: float) -> Floats | None:
    """Return `around` for a search over more customers than those that gave a covariance; None where it misleads.

    Where a parameter is hardly known the likelihood is no parabola, and a step to its supposed maximum leads far away.
    """
    if covariance is None or (np.diag(covariance) > LOOSEST**2).any():
        return None
    return covariance * customers
