"""The price elasticity of one product from its days, or that it cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from duoshou.statistics.elasticity.clusters import LEAST_VARIATION, clustered_error
from duoshou.statistics.elasticity.counts import fit_within
from duoshou.statistics.elasticity.moves import Moves, price_moves
from duoshou.statistics.elasticity.spans import Span, span_of

Floats = NDArray[np.float64]
BLOCK_DAYS = 14
"""Days of a block: errors of days that lie further apart count as independent."""
LEAST_MOVES = 2
LEAST_LEVELS = 2
LEAST_DEGREES = 3.0
"""Blocks that an elasticity must in effect rest on: below 3 degrees of freedom a t variable has no variance."""
LEAST_DAYS = 56
LEAST_UNITS = 30


@dataclass(frozen=True, slots=True)
class Response:
    """How sales of a product answer its price.

    Attributes:
        elasticity: Change of log sales by log price; NaN where it cannot be told.
        error: Its standard error.
        degrees: Its degrees of freedom.
        low: Lower end of the interval.
        high: Upper end.
        p_value: Of the hypothesis that price does nothing, two-sided.
        moves: How often the price moved.
        is_told: Whether the price moved enough to tell anything.
        parts: What each fortnight adds to the error, for errors that products share; empty where nothing is told.
    """

    elasticity: float
    error: float
    degrees: float
    low: float
    high: float
    p_value: float
    moves: Moves
    is_told: bool
    parts: Floats


def price_response(
    units: Floats, price: Floats, controls: Floats, *, of: Floats | None = None, level: float = 0.95
) -> Response:
    """Return how sales of a product answer a price, with everything in `controls` held.

    Sales are counts with a log link and days of zero stay in (`fit_counts`); the error is robust to dependence within
    blocks of two weeks and to few price moves (`clustered_error`).

    Args:
        units: float[D], pieces sold; NaN days were not on sale and are left out.
        price: float[D], price of the product, above 0; NaN days are left out.
        controls: float[D, K]; days with NaN are left out.
        of: float[D], the price of another product, for the answer to that one; the own price is then held.
        level: Probability of the interval.
    """
    asked = price if of is None else of
    kept = np.isfinite(units) & np.isfinite(price) & np.isfinite(asked) & np.isfinite(controls).all(axis=1)
    moves = price_moves(asked[kept])
    enough = moves.moves >= LEAST_MOVES and moves.levels >= LEAST_LEVELS
    if not enough or kept.sum() < LEAST_DAYS or units[kept].sum() < LEAST_UNITS:
        return untold(moves)
    column = np.log(asked[kept])
    held = [np.ones((len(column), 1)), _varying(controls[kept])]
    if of is not None:
        held.append(np.log(price[kept])[:, None])
    others = np.concatenate(held, axis=1)
    if others.shape[1] + 1 >= kept.sum() / 2:
        return untold(moves)
    others = span_of(others).basis
    # what of the price the others do not say has the same coefficient, and is no part of their span
    apart = column - others @ (others.T @ column)
    size = float(np.sqrt(apart @ apart))
    if size**2 <= LEAST_VARIATION * float(column @ column):
        return untold(moves)
    fit = fit_within(units[kept], Span(np.column_stack([apart / size, others]), np.eye(others.shape[1] + 1)))
    root = np.sqrt(fit.weights)
    block = np.flatnonzero(kept) // BLOCK_DAYS
    found = clustered_error(column * root, others * root[:, None], fit.residuals, block)
    if found is None or found.degrees < LEAST_DEGREES:
        return untold(moves)
    estimate = float(fit.coefficients[0]) / size
    reach = float(special.stdtrit(found.degrees, (1 + level) / 2)) * found.error
    p_value = 2 * float(special.stdtr(found.degrees, -abs(estimate) / found.error))
    return Response(
        estimate,
        found.error,
        found.degrees,
        estimate - reach,
        estimate + reach,
        p_value,
        moves,
        is_told=True,
        parts=found.parts,
    )


def _varying(controls: Floats) -> Floats:
    """Return controls that vary, each of mean 0 and spread 1."""
    away = controls - controls.mean(axis=0)
    spread = np.sqrt((away**2).mean(axis=0))
    varies = spread > 1e-12
    return np.asarray(away[:, varies] / spread[varies])


def untold(moves: Moves) -> Response:
    """Return that nothing can be told of an answer."""
    nothing = float("nan")
    return Response(nothing, nothing, 0.0, nothing, nothing, 1.0, moves, is_told=False, parts=np.zeros(0))
