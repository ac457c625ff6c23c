"""From which chance on a launch passes, so that at most one in twenty of those that ever pass is no hit.

Chances move on with every check. A launch that passes at 95 % is mostly far above that at the check, so that asking
each for 95 % leaves a false share of one in a hundred, and hits wait in vain. The false share of all that ever pass is
the mean of one minus the chance at which each passed: each passes at a stopping time, and the chance is a martingale.
This mean is what is promised. It is found for the shop's own law and traffic by drawing launches from what its past
ones tell. A test is checked at a few ages (a group-sequential design, Pocock 1977): every further look costs power at
all later ages, for days on which next to nothing is learnt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.launches.chances import Chances, chances
from duoshou.statistics.launches.population import Population

Floats = NDArray[np.float64]
PROMISED = 0.05
"""Part of the launches that ever pass (fail) that may be none."""
CHECKS = (3, 7, 14, 21, 28, 42, 60)
"""Ages in days at which a launch is judged."""
LAUNCHES, DRAWS = 1000, 100
SEED = 20_261_128
LEAST, STEP = 0.5, 0.005


def last_check(age: int) -> int:
    """Return the age at which a launch was last judged; 0: never."""
    return max((check for check in CHECKS if check <= age), default=0)


def next_check(age: int) -> int | None:
    """Return the age at which a launch is judged next; None: its test is over."""
    return min((check for check in CHECKS if check > age), default=None)


@dataclass(frozen=True, slots=True)
class Limits:
    """Chances from which on a launch has a verdict.

    Attributes:
        passed: Of lying above the bar.
        failed: Of lying below the median.
    """

    passed: float = 1 - PROMISED
    failed: float = 1 - PROMISED


def limits(population: Population, tries: Floats) -> Limits:
    """Return the lowest chances at which of those that ever pass, and ever fail, one in twenty is expected to be none.

    Args:
        population: What the rates of past launches may be.
        tries: float[L, T], tries of each past launch and day of its test, as independent ones.
    """
    paths = tries[tries.sum(axis=1) > 0]
    if not len(paths):
        return Limits()
    few = population.thinned(DRAWS)
    told = _drawn(few, paths, np.random.default_rng(SEED))
    return Limits(_lowest(told.above), _lowest(told.below))


def _drawn(population: Population, paths: Floats, random: np.random.Generator) -> Chances:
    """Return the chances, float[LAUNCHES, checks], of launches that are drawn from what is known."""
    until = [age for age in CHECKS if age <= paths.shape[1]] or [paths.shape[1]]
    law = np.arange(LAUNCHES) % len(population.alpha)
    rate = random.beta(population.alpha[law], population.beta[law])
    path = np.rint(np.cumsum(paths, axis=1)[random.integers(0, len(paths), LAUNCHES)])[:, np.array(until) - 1]
    between = np.diff(path, axis=1, prepend=0.0).astype(np.int64)
    hits = np.cumsum(random.binomial(between, rate[:, None]), axis=1)
    return chances(population, hits.astype(np.float64), path)


def _lowest(chance: Floats) -> float:
    """Return the lowest limit at which the mean of one minus the chance at the first crossing is as promised."""
    lowest = 1 - PROMISED
    for limit in np.arange(1 - PROMISED, LEAST, -STEP):
        crossed = chance >= limit
        ever = crossed.any(axis=1)
        if not ever.any():
            continue
        first = chance[ever, crossed[ever].argmax(axis=1)]
        if float((1 - first).mean()) > PROMISED:
            break
        lowest = float(limit)
    return lowest
