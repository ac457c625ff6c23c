"""Exact decomposition of a change: products of factors, sums, and ratios by part. Nothing is left over."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
BLOCK = 4096
"""Rows that are computed at once: few enough that all intermediate results stay in the processor's cache."""

NEAR = 1e-3
"""Relative difference below which the logarithm of a quotient is taken through log1p, which loses no digits there."""


class ProductEffects(NamedTuple):
    """How the factors of a product moved it.

    Attributes:
        contributions: Shape (factors, rows); each column sums to the change of its product.
        multipliers: Shape (factors, rows); contribution = multiplier × change of the factor, and it stands for
            `∂product/∂factor` between the two states, so that a factor that is itself a product or a sum can be
            decomposed further: the parts of its change times its multiplier.
        by_shapley: Shape (rows,); where Shapley values stand in for the logarithmic mean.
    """

    contributions: Floats
    multipliers: Floats
    by_shapley: NDArray[np.bool_]


class MixAndRate(NamedTuple):
    """How the parts of a ratio moved it.

    Attributes:
        mix: Shape (parts,); the effect of a part's weight in the denominator.
        rate: Shape (parts,); the effect of the part's own ratio.
    """

    mix: Floats
    rate: Floats

    @property
    def contributions(self) -> Floats:
        """Both effects of each part together."""
        return self.mix + self.rate


def logarithmic_mean(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return `(a − b) ÷ ln(a ÷ b)` elementwise, `a` where both are equal; shapes broadcast.

    Negative pairs give the negative mean. NaN where a pair differs in sign or holds a zero.
    """
    a, b = np.broadcast_arrays(np.asarray(first, np.float64), np.asarray(second, np.float64))
    shape = a.shape
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    with np.errstate(all="ignore"):
        mean: Floats = (a - b) / _log_quotient(a, b)
    same = (a == b) & (a != 0)
    if same.any():
        mean[same] = a[same]
    return mean.reshape(shape)


def product_effects(before: ArrayLike, after: ArrayLike) -> ProductEffects:
    """Return how each factor contributed to the change of their product.

    The logarithmic mean Divisia index in its additive form (LMDI-I; Ang, Energy Policy 32, 2004): the contribution of
    factor k is L(V₁, V₀) · ln(x₁ₖ ÷ x₀ₖ). It knows no order of the factors and leaves no residual. A row in which a
    factor is zero or changes its sign has no logarithm; there the contributions are the Shapley values of the game in
    which the factors of a coalition take their new values.

    Args:
        before: Shape (factors, rows), or (factors,) for a single row.
        after: The same shape.

    Raises:
        ValueError: If the shapes differ or there is no factor. A row with an unknown (NaN) or infinite factor is NaN.
    """
    old, new = _paired(before, after)
    contributions, multipliers = np.empty_like(old), np.empty_like(old)
    by_shapley = np.zeros(old.shape[1], np.bool_)
    for start in range(0, old.shape[1], BLOCK):
        rows = slice(start, start + BLOCK)
        found = _block_effects(old[:, rows], new[:, rows])
        contributions[:, rows], multipliers[:, rows], by_shapley[rows] = found
    return ProductEffects(contributions, multipliers, by_shapley)


def shapley_effects(before: ArrayLike, after: ArrayLike) -> ProductEffects:
    """Return the Shapley values of every row, whatever the signs; shapes as in `product_effects`.

    Shapley (1953), for the product as in Albrecht, François and Schors (Energy Policy 30, 2002). The sum over
    coalitions of equal size is a coefficient of `Π (x₀ⱼ + t·x₁ⱼ)`, so n factors cost n³ and not 2ⁿ.
    """
    old, new = _paired(before, after)
    multipliers = _shapley_multipliers(old, new)
    with np.errstate(invalid="ignore", over="ignore"):
        contributions = settled(multipliers * (new - old), new.prod(axis=0) - old.prod(axis=0))
    return ProductEffects(contributions, multipliers, np.ones(old.shape[1], np.bool_))


def mix_and_rate(
    numerators_before: ArrayLike,
    denominators_before: ArrayLike,
    numerators_after: ArrayLike,
    denominators_after: ArrayLike,
) -> MixAndRate:
    """Return how each part moved the ratio `Σ numerators ÷ Σ denominators`.

    With weight w = dᵢ ÷ Σd and ratio r = nᵢ ÷ dᵢ of a part, symmetric between the two states (Marshall and Edgeworth's
    midpoint weights):

        mix  = (w₁ − w₀) · (mean of r₁ and r₀ − mean of the whole's ratios)
        rate = (r₁ − r₀) · mean of w₁ and w₀

    All effects together are exactly the change of the whole. A part that is there in one state only has no change of
    its ratio: it is all mix. What a part adds to the numerator without a denominator is all rate.

    Args:
        numerators_before: Shape (parts,).
        denominators_before: The same shape, as the others.
        numerators_after: Later numerators.
        denominators_after: Later denominators.

    Raises:
        ValueError: If shapes differ, or the denominators of a state sum to zero or are not finite.
    """
    n0, d0, n1, d1 = (
        np.asarray(one, np.float64)
        for one in (numerators_before, denominators_before, numerators_after, denominators_after)
    )
    if not n0.shape == d0.shape == n1.shape == d1.shape or n0.ndim != 1:
        raise ValueError("numerators and denominators must be one-dimensional and of equal length")
    whole0, whole1 = math.fsum(d0), math.fsum(d1)
    if not (math.isfinite(whole0) and math.isfinite(whole1)) or 0 in (whole0, whole1):
        raise ValueError("the denominators of both states must have a finite sum other than zero")
    w0, w1 = d0 / whole0, d1 / whole1
    r0, r1 = _own_ratios(n0, d0, n1, d1)
    total0, total1 = math.fsum(n0) / whole0, math.fsum(n1) / whole1
    mix = (w1 - w0) * ((r0 + r1) / 2 - (total0 + total1) / 2)
    without = np.where(d1 == 0, n1 / whole1, 0.0) - np.where(d0 == 0, n0 / whole0, 0.0)
    rate = (r1 - r0) * (w0 + w1) / 2 + without
    both = settled(np.concatenate([mix, rate])[:, None], np.array([total1 - total0]))[:, 0]
    return MixAndRate(both[: len(mix)], both[len(mix) :])


def settled(contributions: ArrayLike, change: ArrayLike) -> Floats:
    """Return the contributions with what rounding left over put on the largest, so that they sum to the change.

    Args:
        contributions: Shape (parts, rows).
        change: Shape (rows,).
    """
    found = np.array(contributions, np.float64)
    if not found.size:
        return found
    left = np.asarray(change, np.float64) - found.sum(axis=0)
    open_rows = np.flatnonzero(left)
    if open_rows.size:
        largest = np.abs(found[:, open_rows]).argmax(axis=0)
        found[largest, open_rows] += left[open_rows]
    return found


def _paired(before: ArrayLike, after: ArrayLike) -> tuple[Floats, Floats]:
    old, new = np.asarray(before, np.float64), np.asarray(after, np.float64)
    if old.shape != new.shape or old.ndim not in (1, 2) or not old.shape[0]:
        raise ValueError("factors before and after must have the same shape (factors, rows), with one factor at least")
    return (old[:, None], new[:, None]) if old.ndim == 1 else (old, new)


def _block_effects(old: Floats, new: Floats) -> ProductEffects:
    with np.errstate(all="ignore"):
        v0, v1 = old.prod(axis=0), new.prod(axis=0)
        regular = ((old * new) > 0).all(axis=0) & (v0 != 0) & (v1 != 0) & np.isfinite(v0) & np.isfinite(v1)
        if regular.all():
            multipliers = _divisia_multipliers(old, new, v0, v1)
        else:
            multipliers = np.empty_like(old)
            multipliers[:, regular] = _divisia_multipliers(old[:, regular], new[:, regular], v0[regular], v1[regular])
            multipliers[:, ~regular] = _shapley_multipliers(old[:, ~regular], new[:, ~regular])
        return ProductEffects(settled(multipliers * (new - old), v1 - v0), multipliers, ~regular)


def _log_quotient(a: Floats, b: Floats) -> Floats:
    """Return ln(a ÷ b); precise where both are nearly equal."""
    quotient = a / b
    logarithm = np.log(quotient)
    near = np.abs(quotient - 1) < NEAR
    if near.any():
        logarithm[near] = np.log1p((a[near] - b[near]) / b[near])
    return logarithm


def _divisia_multipliers(old: Floats, new: Floats, v0: Floats, v1: Floats) -> Floats:
    return logarithmic_mean(v1, v0) / logarithmic_mean(new, old)


def _shapley_multipliers(old: Floats, new: Floats) -> Floats:
    factors, rows = old.shape
    weights = [1 / (factors * math.comb(factors - 1, size)) for size in range(factors)]
    multipliers = np.empty_like(old)
    with np.errstate(invalid="ignore", over="ignore"):
        for one in range(factors):
            coefficients = np.zeros((factors, rows))
            coefficients[0] = 1.0
            for degree, other in enumerate(other for other in range(factors) if other != one):
                for size in range(degree + 1, 0, -1):
                    coefficients[size] = coefficients[size] * old[other] + coefficients[size - 1] * new[other]
                coefficients[0] = coefficients[0] * old[other]
            multipliers[one] = sum(weight * row for weight, row in zip(weights, coefficients, strict=True))
    return multipliers


def _own_ratios(n0: Floats, d0: Floats, n1: Floats, d1: Floats) -> tuple[Floats, Floats]:
    """Return each part's ratio in both states; where one state has no denominator, the other's."""
    with np.errstate(divide="ignore", invalid="ignore"):
        r0, r1 = n0 / d0, n1 / d1
    none0, none1 = d0 == 0, d1 == 0
    first = np.where(none0, np.where(none1, 0.0, r1), r0)
    second = np.where(none1, np.where(none0, 0.0, r0), r1)
    return first, second
