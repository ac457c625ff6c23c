"""Made products whose daily means are known: festivals common and own, weekday, a slow level, gamma scatter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.demand.recurrence import held
from duoshou.statistics.expectation import Design

Floats = NDArray[np.float64]
PRODUCTS = 40
TYPICAL = {
    "pre_sale": -0.2,
    "warm_up": -0.15,
    "peak": 0.9,
    "main_day": 0.6,
    "opening": 0.4,
    "hangover": -0.3,
    "holiday": -0.4,
}
"""Log effects of a sort of days; 0 for others."""
EFFECT_SPREAD = 0.15
"""Of a phase about its sort, and of a product about the phase."""
WEEK = np.array([0.0, 0.0, 0.03, 0.05, 0.1, -0.1, -0.2])
WEEK_SPREAD = 0.04
STEPS = (0.0, 0.004, 0.01)
BASE, BASE_SPREAD = 2.2, 0.8
EXTRA = 0.06


@dataclass(frozen=True, slots=True)
class Made:
    """What was drawn for S products on T days and Q columns of the calendar.

    Attributes:
        typical: float[Q], what the sort of each column does.
        steps: float[S], daily standard deviation of each level.
        mean: float[S, T].
        units: float[S, T].
    """

    typical: Floats
    steps: Floats
    mean: Floats
    units: Floats


def draw(design: Design, seed: int, products: int = PRODUCTS, differ: float = 0.0) -> Made:
    """Return the products of a seed; each time that a phase is held its effect differs by so much for all of them."""
    random = np.random.default_rng(seed)
    typical = np.array([TYPICAL.get(group, 0.0) for group in design.groups])
    common = typical + random.normal(0, EFFECT_SPREAD, len(design.groups))
    own = common + random.normal(0, EFFECT_SPREAD, (products, len(design.groups)))
    assert design.weekdays is not None
    days = len(design.weekdays)
    week = random.normal(WEEK, WEEK_SPREAD, (products, 7))[:, design.weekdays]
    path, steps = random.normal(0, 1, (products, days)), random.choice(STEPS, (products, 1))
    walk = np.cumsum(path * steps, axis=1)
    base = random.lognormal(BASE, BASE_SPREAD, (products, 1))
    times = held(design.columns).time
    anew = np.random.default_rng([seed, 1]).normal(0, differ, times.max() + 2) * (np.arange(times.max() + 2) > 0)
    mean = base * np.exp(own @ design.columns.T + week + walk + anew[times + 1])
    units = random.poisson(mean * random.gamma(1 / EXTRA, EXTRA, mean.shape)).astype(np.float64)
    return Made(typical, steps[:, 0], mean, units)


def learnt(made: Made, design: Design, known: int, ahead: int) -> Floats:
    """Return the log means of the days after `known`, float[S, ahead], by one who knows how products are drawn.

    It knows all laws above, with their variances and the speed of each level, and learns the draws alone: the
    posterior mode of a product's effects, weekdays and level of each week, by Newton steps; what is common to the
    products by the EM algorithm. A forecast must learn those variances as well, and cannot do better on average.
    """
    assert design.weekdays is not None
    days = known + ahead
    effects, week = design.columns[:days], np.eye(7)[design.weekdays[:days]]
    knots, count = days // 7 + 2, effects.shape[1]
    level = np.maximum(0, 1 - np.abs(np.arange(days)[:, None] / 7 - np.arange(knots)[None]))
    table = np.concatenate([level, effects, week], axis=1)
    start = np.concatenate([np.zeros(knots), made.typical, WEEK])
    found = np.tile(start, (PRODUCTS, 1))
    found[:, :knots] = np.log(made.units[:, :known].mean(axis=1))[:, None]
    common = made.typical
    for turn in range(9):
        pull = np.concatenate([np.zeros(knots), common / EFFECT_SPREAD**2, WEEK / WEEK_SPREAD**2])
        pull[0] = BASE / BASE_SPREAD**2
        for row, units in enumerate(made.units[:, :known]):
            precision = _precision(made.steps[row], knots, count)
            for _ in range(3 if turn == 0 else 1):
                eta = table[:known] @ found[row]
                mean = np.exp(eta)
                weighted = table[:known].T * (mean / (1 + EXTRA * mean))
                target = weighted @ (eta + (units - mean) / mean) + pull
                found[row] = np.linalg.solve(weighted @ table[:known] + precision, target)
        common = (made.typical + found[:, knots : knots + count].sum(axis=0)) / (1 + PRODUCTS)
    return np.asarray(found @ table[known:].T)


def _precision(step: float, knots: int, count: int) -> Floats:
    """Return the prior precision of the level of each week, the effects and the weekdays."""
    change = np.diff(np.eye(knots), axis=0)
    found = np.diag(np.repeat([0.0, EFFECT_SPREAD**-2, WEEK_SPREAD**-2], [knots, count, 7]))
    found[:knots, :knots] = change.T @ change / max(7 * step**2, 1e-8)
    found[0, 0] += BASE_SPREAD**-2
    return found
