"""Where a ratio of two sums left its expectation, whatever its mix did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.localisation.count import ACTUAL, EXPECTED, CountModel
from duoshou.statistics.localisation.cube import Cube, Floats, build_cube
from duoshou.statistics.localisation.dispersion import Dispersion, event_size, fit_dispersion
from duoshou.statistics.localisation.greedy import Pick, rank_cells, take_cells


@dataclass(frozen=True, slots=True)
class RateCase:
    """Leaves with numerators and denominators, now and as expected.

    Attributes:
        codes: Per attribute an array (leaves,) of codes from 0.
        sizes: Per attribute the number of codes.
        numerator: Array (leaves,), ≥ 0.
        denominator: Array (leaves,), ≥ 0.
        expected_numerator: Array (leaves,), ≥ 0, of the time before or a forecast.
        expected_denominator: Array (leaves,), ≥ 0, of the same time.
    """

    codes: Sequence[NDArray[np.integer]]
    sizes: Sequence[int]
    numerator: Floats
    denominator: Floats
    expected_numerator: Floats
    expected_denominator: Floats


def expected_events(case: RateCase) -> Floats:
    """Return what each leaf's numerator would be at its own earlier rate, an array (leaves,).

    The denominator now enters, so a change of mix alone moves nothing. The earlier rate of a leaf is shrunk towards a
    product of main effects by the weight of one event (a gamma prior; Clayton and Kaldor, 1987), because a leaf
    without earlier events says little about its rate. A leaf with a numerator always has a denominator at least as
    large as an earlier rate of 1 would need.
    """
    before, trials = case.expected_numerator, case.expected_denominator
    overall = float(before.sum()) / float(trials.sum()) if trials.sum() > 0 else 0.0
    if overall <= 0:
        return np.zeros_like(before)
    event = event_size(before)
    main = np.full(len(before), overall)
    for code, size in zip(case.codes, case.sizes, strict=True):
        numerator = np.bincount(code, before, minlength=size)
        due = np.bincount(code, trials, minlength=size) * overall
        main *= ((numerator + event) / (due + event))[code]
    return np.asarray(case.denominator * (before + event) / (trials + event / main))


def _is_bounded(case: RateCase) -> bool:
    """Return whether the numerator counts some of the denominator, as buyers among visitors."""
    return bool(
        np.all(case.numerator <= case.denominator)
        and np.all(case.expected_numerator <= case.expected_denominator)
        and np.all(case.numerator == np.floor(case.numerator))
    )


def _prepare(case: RateCase, depth: int | None) -> tuple[Cube, float, float]:
    due = expected_events(case)
    sums = [case.numerator, due]
    if _is_bounded(case):
        due = sums[EXPECTED] = np.minimum(due, case.denominator)
        sums.append(case.denominator)
    whole = bool(np.all(case.numerator == np.floor(case.numerator)))
    cube = build_cube(case.codes, case.sizes, np.stack(sums), depth)
    return cube, event_size(case.numerator), 1.0 if whole else 0.0


def _model(cube: Cube, event: float, least: float, false_rate: float) -> CountModel:
    dispersion: Dispersion = fit_dispersion(cube.sums[ACTUAL], cube.sums[EXPECTED], cube.cuboids, event, least)
    return CountModel(dispersion, false_rate)


def locate_rate(case: RateCase, *, limit: int, false_rate: float, depth: int | None = None) -> tuple[list[Pick], bool]:
    """Return the cells whose rate moved, and whether the rate of all others did so too.

    Args:
        case: The leaves.
        limit: Most cells to return.
        false_rate: Chance of finding anything where nothing happened.
        depth: Most attributes that a cell may fix.
    """
    cube, event, least = _prepare(case, depth)
    picks: list[Pick] = []
    while len(picks) < limit:
        model = _model(cube, event, least, false_rate)
        more = take_cells(cube, model.score, limit - len(picks), model.score_against_rest)
        picks += more
        if not more:
            break
    return picks, _model(cube, event, least, false_rate).moved(cube.total)


def rank_rate(case: RateCase, *, limit: int, false_rate: float, depth: int | None = None) -> tuple[list[Pick], bool]:
    """Return the cells with the most evidence each by itself, which may overlap, and whether the whole moved."""
    cube, event, least = _prepare(case, depth)
    model = _model(cube, event, least, false_rate)
    picks = rank_cells(cube, model.rank_against_rest(cube.sums, cube.search_space, cube.total), limit)
    return picks, model.moved(cube.total)
