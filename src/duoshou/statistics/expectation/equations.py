"""The weighted ridge equations of many series on one sparse design, solved by eliminating what never meets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from duoshou.statistics.expectation.panel import BoolArray, FloatArray, IntArray

_LEVEL_RIDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Solution:
    """What the equations of S series say.

    Attributes:
        coefficients: float[S, N].
        variances: float[S, N], diagonal of the inverse.
        parameters: float[S], effective number of fitted parameters.
        core: float[S, M, M], the inverse between the columns that were not eliminated.
        pivots: float[S, E], those of the eliminated columns.
        coupling: float[S, E, M], of the eliminated columns with the others, divided by the pivots.
    """

    coefficients: FloatArray
    variances: FloatArray
    parameters: FloatArray
    core: FloatArray
    pivots: FloatArray
    coupling: FloatArray


class Equations:
    """The equations (XᵀWX + P) β = XᵀWz of all series, W diagonal and P the priors' precision.

    A day is in few columns: of two columns that share no day XᵀWX is zero. Columns of which none meets another are
    eliminated at once (Schur complement), the rest is dense: the work falls with the cube of the columns left.

    Args:
        columns: float[T, N], the first `knots` hats of the level, with a random walk as prior.
        knots: How many those are.
    """

    def __init__(self, columns: FloatArray, knots: int) -> None:
        self._knots = knots
        self._columns = sparse.csr_array(columns)
        self._turned = sparse.csr_array(columns.T)
        meets = (abs(self._turned) @ abs(self._columns)).toarray() > 0
        self._apart = _disjoint(meets, knots)
        self._core = np.setdiff1d(np.arange(columns.shape[1]), self._apart)
        self._own = sparse.csr_array(columns[:, self._apart].T ** 2)
        self._crossed, self._crossed_at = _products(columns, meets, self._apart, self._core)
        self._dense, self._dense_at = _products(columns, meets, self._core, self._core)
        change = np.diff(np.eye(knots), axis=0)
        self._walk = change.T @ change + _LEVEL_RIDGE * np.eye(knots)

    def times(self, coefficients: FloatArray) -> FloatArray:
        """Return η of each day, float[S, T], for coefficients float[S, N]."""
        return np.ascontiguousarray((self._columns @ coefficients.T).T)

    def solve(
        self, weights: FloatArray, working: FloatArray, prior: tuple[FloatArray, FloatArray], walk: FloatArray
    ) -> Solution:
        """Return the solution of each series.

        Args:
            weights: float[S, T], of the days.
            working: float[S, T], weight × working response of each day.
            prior: Mean and precision of the columns after the hats, both float[S, N − knots].
            walk: float[S], variance of the level's change from knot to knot.
        """
        knots, apart, core = self._knots, self._apart, self._core
        days = np.ascontiguousarray(weights.T)
        target = np.ascontiguousarray((self._turned @ np.ascontiguousarray(working.T)).T)
        target[:, knots:] += prior[0] * prior[1]
        pivots = np.ascontiguousarray((self._own @ days).T) + prior[1][:, apart - knots]
        crossed = _filled(self._crossed @ days, self._crossed_at, (len(apart), len(core)))
        rest = _filled(self._dense @ days, self._dense_at, (len(core), len(core)))
        rest[:, :knots, :knots] += self._walk / walk[:, None, None]
        ridge = np.arange(knots, len(core))
        rest[:, ridge, ridge] += prior[1][:, core[knots:] - knots]
        coupling = crossed / pivots[:, :, None]
        inverse = _inverses(rest - crossed.transpose(0, 2, 1) @ coupling)
        carried = coupling @ inverse
        found, variances = np.empty_like(target), np.empty_like(target)
        own = target[:, apart]
        found[:, core] = (inverse @ (target[:, core] - (own[:, None] @ coupling)[:, 0])[..., None])[..., 0]
        found[:, apart] = own / pivots - (coupling @ found[:, core, None])[..., 0]
        variances[:, core] = np.diagonal(inverse, axis1=1, axis2=2)
        variances[:, apart] = 1.0 / pivots + np.einsum("sem,sem->se", carried, coupling)
        held = (variances[:, knots:] * prior[1]).sum(axis=1)
        held += np.einsum("skl,kl->s", inverse[:, :knots, :knots], self._walk) / walk
        return Solution(found, variances, found.shape[1] - held, inverse, pivots, coupling)

    def covariance(self, solution: Solution) -> FloatArray:
        """Return the inverse between the columns after the hats, float[S, N − knots, N − knots]."""
        knots = self._knots
        apart, core = self._apart - knots, self._core[knots:] - knots
        carried = solution.coupling @ solution.core
        size = len(apart) + len(core)
        found = np.empty((len(carried), size, size))
        found[:, core[:, None], core] = solution.core[:, knots:, knots:]
        found[:, apart[:, None], core] = -carried[:, :, knots:]
        found[:, core[:, None], apart] = -carried[:, :, knots:].transpose(0, 2, 1)
        found[:, apart[:, None], apart] = carried @ solution.coupling.transpose(0, 2, 1)
        found[:, apart, apart] += 1.0 / solution.pivots
        return found


def variances_of(columns: FloatArray, covariance: FloatArray) -> FloatArray:
    """Return the variance of each day's sum of columns × coefficients, float[S, T].

    Args:
        columns: float[T, Q].
        covariance: float[S, Q, Q], of the coefficients.
    """
    every = np.arange(columns.shape[1])
    meets = np.abs(columns).T @ np.abs(columns) > 0
    products, (row, column) = _products(columns, meets, every, every)
    return np.ascontiguousarray((products.T @ covariance[:, row, column].T).T)


def _disjoint(meets: BoolArray, knots: int) -> IntArray:
    """Return columns after the hats of which no two share a day, those first that meet fewest."""
    effects = meets[knots:, knots:]
    free, chosen = np.ones(len(effects), dtype=np.bool_), []
    for column in np.argsort(effects.sum(axis=1), kind="stable"):
        if free[column]:
            chosen.append(int(column))
            free &= ~effects[column]
            free[column] = False
    return np.sort(np.array(chosen, dtype=np.int64)) + knots


def _products(
    columns: FloatArray, meets: BoolArray, one: IntArray, other: IntArray
) -> tuple[sparse.csr_array, tuple[IntArray, IntArray]]:
    """Return the products of the pairs of columns that meet, pairs × T, and their places in the table one × other."""
    row, column = np.nonzero(meets[np.ix_(one, other)])
    left, right = (sparse.csr_array(columns[:, which].T) for which in (one, other))
    return sparse.csr_array(left[row].multiply(right[column])), (row, column)


def _inverses(tables: FloatArray) -> FloatArray:
    """Return the inverse of each of S symmetric positive definite tables: by Cholesky's factor, in half the steps."""
    found = np.empty_like(tables)
    for row, table in enumerate(tables):
        factor, failed = lapack.dpotrf(table)
        if failed:
            return np.asarray(np.linalg.inv(tables), dtype=np.float64)
        found[row] = lapack.dpotri(factor)[0].T
    places = np.arange(tables.shape[1])
    found[:, places, places] /= 2
    return np.asarray(found + found.transpose(0, 2, 1))


def _filled(values: FloatArray, at: tuple[IntArray, IntArray], shape: tuple[int, int]) -> FloatArray:
    table = np.zeros((values.shape[1], *shape))
    table[:, at[0], at[1]] = values.T
    return table
