"""p-values adjusted for how many tests were made, also those that are not listed."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Dependence = Literal["positive", "any"]
EULER = 0.5772156649015329


def adjusted_p_values(
    p_values: ArrayLike, tests: int | None = None, dependence: Dependence = "any"
) -> NDArray[np.float64]:
    """Return the least false discovery rates at which each hypothesis is rejected.

    Args:
        p_values: One for each hypothesis that is listed.
        tests: Size of the whole family; what is not listed counts as 1. None: all are listed.
        dependence: `positive`: Benjamini and Hochberg (1995). `any`: Benjamini and Yekutieli (2001), valid however
            the tests depend on each other.

    Raises:
        ValueError: If more are listed than the family holds.
    """
    given = np.asarray(p_values, dtype=np.float64)
    number = given.size if tests is None else tests
    if given.size > number:
        raise ValueError("more p-values are listed than tests were made")
    if not given.size:
        return given
    factor = number * (_harmonic(number) if dependence == "any" else 1.0)
    order = np.argsort(given, kind="stable")
    scaled = given[order] * factor / np.arange(1, given.size + 1)
    lowest: NDArray[Any] = np.minimum.accumulate(scaled[::-1])[::-1]
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum(lowest, 1.0)
    return adjusted


def _harmonic(number: int) -> float:
    """Return 1 + 1/2 + … + 1/number."""
    if number <= 1000:
        return float((1 / np.arange(1, number + 1)).sum())
    return float(np.log(number)) + EULER + 1 / (2 * number) - 1 / (12 * number**2)
