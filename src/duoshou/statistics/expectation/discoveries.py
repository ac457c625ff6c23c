"""False discoveries over a whole family of tests, on arrays."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.expectation.panel import BoolArray, FloatArray, IntArray


def adjusted(p: FloatArray, *, dependent: bool = False) -> FloatArray:
    """Return the smallest false discovery rate at which each test is rejected.

    Benjamini and Hochberg (1995), for independent or positively dependent tests; with `dependent` Benjamini and
    Yekutieli (2001), for any dependence. NaN is no test and stays NaN.
    """
    result = np.full(p.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(p))
    count = len(tests)
    if count == 0:
        return result
    order = tests[np.argsort(p[tests], kind="stable")]
    penalty = np.sum(1.0 / np.arange(1, count + 1)) if dependent else 1.0
    raw = p[order] * count * penalty / np.arange(1, count + 1)
    result[order] = np.minimum(1.0, np.minimum.accumulate(raw[::-1])[::-1])
    return result


def simes(p: FloatArray, group: IntArray) -> FloatArray:
    """Return one p-value for each group 0…G−1: that nothing is wrong with any of its tests (Simes, 1986)."""
    groups = int(group.max()) + 1 if len(group) else 0
    result = np.ones(groups)
    valid = ~np.isnan(p)
    for each in range(groups):
        own = np.sort(p[valid & (group == each)])
        if len(own):
            result[each] = np.min(own * len(own) / np.arange(1, len(own) + 1))
    return np.minimum(result, 1.0)


def hierarchical(p: FloatArray, group: IntArray, rate: float) -> BoolArray:
    """Return which tests to reject, group by group (Benjamini and Bogomolov, 2014).

    Groups are chosen by Benjamini–Hochberg on their Simes p-values; within the R chosen of G groups the rate is
    `rate`·R/G, which keeps the expected share of false rejections, averaged over the chosen groups, at `rate`. A
    group full of troubles therefore does not loosen the bar for a quiet one.

    Args:
        p: One for each test, NaN for none.
        group: int, 0…G−1, of each test.
        rate: False discovery rate, 0…1.
    """
    rejected = np.zeros(len(p), dtype=np.bool_)
    whole = simes(p, group)
    chosen = adjusted(whole) <= rate
    for each in np.flatnonzero(chosen):
        rows = np.flatnonzero(group == each)
        rejected[rows] = np.nan_to_num(adjusted(p[rows]), nan=1.0) <= rate * chosen.sum() / len(whole)
    return rejected
