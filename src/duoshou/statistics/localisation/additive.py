"""Where an additive number left its expectation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.localisation import count as counting
from duoshou.statistics.localisation.count import CountModel
from duoshou.statistics.localisation.cube import ANY, Cube, Floats, build_cube
from duoshou.statistics.localisation.dispersion import event_size, fit_dispersion, variance_power
from duoshou.statistics.localisation.greedy import Pick, rank_cells, take_cells
from duoshou.statistics.localisation.shift import COUNT, shift_model, take_lone_leaves

Codes = Sequence[NDArray[np.integer]]
COUNT_LIKE = 1.5
"""Between the variance power of counts, 1, and that of relative noise, 2."""
ENOUGH_LEAVES = 10_000
COUNT_LIKE_WHOLE = 1.75
"""For whole numbers, where the power of small counts comes out too high: they are steps, not a smooth scatter."""


@dataclass(frozen=True, slots=True)
class Located:
    """Cells that moved.

    Attributes:
        picks: In the order in which they were taken; a later one does not own the leaves of an earlier one.
        rest_moved: Whether the sum of all other leaves left its expectation farther than chance.
        noise: `count` or `relative`: which likelihood was used.
    """

    picks: list[Pick]
    rest_moved: bool
    noise: str


@dataclass(frozen=True, slots=True)
class AdditiveCase:
    """Leaves with an actual and an expected amount.

    Attributes:
        codes: Per attribute an array (leaves,) of codes from 0.
        sizes: Per attribute the number of codes.
        actual: Array (leaves,), ≥ 0.
        expected: Array (leaves,), ≥ 0.
    """

    codes: Codes
    sizes: Sequence[int]
    actual: Floats
    expected: Floats

    def inside(self, values: Sequence[int]) -> NDArray[np.bool_]:
        """Return which leaves lie in a cell."""
        inside = np.ones(len(self.actual), dtype=bool)
        for code, value in zip(self.codes, values, strict=True):
            if value != ANY:
                inside &= code == value
        return inside

    def outside_all(self, picks: Sequence[Pick]) -> NDArray[np.bool_]:
        """Return which leaves lie in none of the cells."""
        left = np.ones(len(self.actual), dtype=bool)
        for pick in picks:
            left &= ~self.inside(pick.values)
        return left


def is_count_like(case: AdditiveCase) -> bool:
    """Return whether the scatter of leaves grows with their size as that of counts does.

    Relative noise does not make a 0: where most leaves have one on one side only, they are counts. Of many leaves an
    even sample tells enough.
    """
    actual, expected = case.actual, case.expected
    if actual.size > ENOUGH_LEAVES:
        spread = sum(np.asarray(code, dtype=np.int64) for code in case.codes)  # takes every value of every attribute
        sample = np.flatnonzero(spread % -(-actual.size // ENOUGH_LEAVES) == 0)
        if sample.size >= ENOUGH_LEAVES // 10:
            actual, expected = actual[sample], expected[sample]
    if 2 * np.count_nonzero((actual > 0) != (expected > 0)) > np.count_nonzero(actual + expected):
        return True
    power = variance_power(actual, expected)
    whole = bool(np.all(actual == np.floor(actual)))
    return whole if math.isnan(power) else power < (COUNT_LIKE_WHOLE if whole else COUNT_LIKE)


def locate_additive(case: AdditiveCase, *, limit: int, false_rate: float, depth: int | None = None) -> Located:
    """Return the cells that best explain how an additive number left its expectation.

    Args:
        case: The leaves.
        limit: Most cells to return.
        false_rate: Chance of finding anything where nothing happened.
        depth: Most attributes that a cell may fix.
    """
    if is_count_like(case):
        return _locate_counts(case, limit, false_rate, depth)
    return _locate_shifts(case, limit, false_rate, depth)


def rank_additive(case: AdditiveCase, *, limit: int, false_rate: float, depth: int | None = None) -> Located:
    """Return the cells with the most evidence each by itself; they may overlap."""
    if is_count_like(case):
        cube = build_cube(case.codes, case.sizes, np.stack([case.actual, case.expected]), depth)
        model = _count_model(cube, case, false_rate)
        scores = model.rank_against_rest(cube.sums, cube.search_space, cube.total)
        return Located(rank_cells(cube, scores, limit), model.moved(cube.total), "count")
    shift = shift_model(case.actual, case.expected, false_rate)
    cube = build_cube(case.codes, case.sizes, shift.leaf_sums(case.actual, case.expected), depth)
    picks = rank_cells(cube, shift.score(cube.sums, cube.search_space), limit)
    return Located(picks, shift.moved(cube.total), "relative")


def _locate_shifts(case: AdditiveCase, limit: int, false_rate: float, depth: int | None) -> Located:
    model = shift_model(case.actual, case.expected, false_rate)
    leaf_sums = model.leaf_sums(case.actual, case.expected)
    cube = build_cube(case.codes, case.sizes, leaf_sums, depth)
    active = cube.sums[COUNT].copy()
    picks = take_cells(cube, model.score, limit, model.score_against_rest)
    left = case.outside_all(picks)
    codes = np.stack([np.asarray(code) for code in case.codes])
    lone = take_lone_leaves(leaf_sums, left, codes, model, limit - len(picks))
    picks += [Pick(_shortest_name(cube, active, pick.values), pick.score, pick.sums) for pick in lone]
    rest = cube.total - sum(pick.sums for pick in lone)
    return Located(picks, model.moved(rest), "relative")


def _shortest_name(cube: Cube, active: Floats, values: tuple[int, ...]) -> tuple[int, ...]:
    """Return the cell with the fewest attributes that holds the same one active leaf."""
    shortest, length = values, math.inf
    for mask in range(1, 2 ** len(values)):
        named = tuple(value if mask >> axis & 1 else ANY for axis, value in enumerate(values))
        cell = cube.find(named)
        if cell >= 0 and round(active[cell]) == 1 and cube.search_space[cell] < length:
            shortest, length = named, float(cube.search_space[cell])
    return shortest


def _count_model(cube: Cube, case: AdditiveCase, false_rate: float) -> CountModel:
    actual, expected = cube.sums[counting.ACTUAL], cube.sums[counting.EXPECTED]
    whole = bool(np.all(case.actual == np.floor(case.actual)))
    dispersion = fit_dispersion(actual, expected, cube.cuboids, event_size(case.actual), 1.0 if whole else 0.0)
    return CountModel(dispersion, false_rate)


def _locate_counts(case: AdditiveCase, limit: int, false_rate: float, depth: int | None) -> Located:
    cube = build_cube(case.codes, case.sizes, np.stack([case.actual, case.expected]), depth)
    picks: list[Pick] = []
    while len(picks) < limit:
        model = _count_model(cube, case, false_rate)
        more = take_cells(cube, model.score, limit - len(picks), model.score_against_rest)
        picks += more
        if not more:
            break
    return Located(picks, _count_model(cube, case, false_rate).moved(cube.total), "count")
