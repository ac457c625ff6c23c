"""The one place where two numbers are divided. Nothing divided by 0 or by the unknown is unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import overload

from ibis.expr.types import NumericValue


def ratio_expression(numerator: NumericValue, denominator: NumericValue) -> NumericValue:
    """Return `numerator ÷ denominator` inside the engine as a double, NULL where the denominator is 0 or NULL."""
    return numerator.cast("float64") / denominator.cast("float64").nullif(0)


@overload
def ratio(numerator: Decimal | None, denominator: Decimal | int | None) -> Decimal | None: ...
@overload
def ratio(numerator: float | Decimal | None, denominator: float | Decimal | None) -> float | Decimal | None: ...
def ratio(numerator: float | Decimal | None, denominator: float | Decimal | None) -> float | Decimal | None:
    """Return `numerator ÷ denominator` of two sums, None where either is unknown or the denominator is 0.

    Money stays exact: a Decimal over a whole number or a Decimal gives a Decimal, everything else a float.
    """
    if numerator is None or denominator is None or denominator == 0:
        return None
    if isinstance(numerator, Decimal) and isinstance(denominator, int | Decimal):
        return numerator / denominator
    return float(numerator) / float(denominator)
