"""Cases of a change with a known truth for `effects.py`: regions, products of a shop, actions after an extreme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.effects import Panel

Floats = NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True)
class Case:
    """A question and the true answer.

    Attributes:
        panel: The question.
        truth: True effect over the judged days.
        base: What would have been expected over them.
        kind: Words for the table.
    """

    panel: Panel
    truth: float
    base: float
    kind: str


def autoregressive(random: Random, days: int, keep: float, deviation: float) -> Floats:
    """Return a stationary series with this standard deviation, of which the next day keeps a part."""
    steps = random.normal(0, deviation, days)
    values = np.empty(days)
    values[0] = steps[0]
    for day in range(1, days):
        values[day] = keep * values[day - 1] + np.sqrt(1 - keep**2) * steps[day]
    return values


def regions(random: Random, noise: float = 0.03, lift: float = 0.08, days: int = 98, start: int = 70) -> Case:
    """Return 31 regions that share weekdays, a wandering demand and two slow factors with loads of their own.

    The factors (standard deviation .1, of which a day keeps .97) and the noise are such that difference-in-differences
    errs by .037 or so, as on the set of which the bar comes.
    """
    units = 31
    factors = np.stack([autoregressive(random, days, 0.97, 0.1) for _ in range(2)])
    loads = random.uniform(0, 1, (units, 2))
    common = np.cumsum(random.normal(0, 0.02, days)) + random.normal(0, 0.15, 7)[np.arange(days) % 7]
    level = np.log(5000) + random.normal(0, 0.9, (units, 1))
    expected = np.exp(level + common + loads @ factors + random.normal(0, noise, (units, days)))
    changed = expected.copy()
    changed[0, start:] *= 1 + lift
    outcome = random.poisson(changed).astype(np.float64)
    return Case(
        Panel(outcome, start, days, kind="count"), lift * expected[0, start:].sum(), expected[0, start:].sum(), ""
    )


DONORS = (0, 4, 8, 15, 25)
BEFORE = (28, 42, 56, 91)
AFTER = (7, 14, 28)


def product(random: Random) -> Case:
    """Return one product of a shop, its donors, and a change of −30 to +60 per cent, or none in a fifth of the cases.

    Products share the demand of the shop (strong donors) or hardly do (weak ones), each with its own wandering level,
    deviations that last, weekdays, share in festivals, and negative binomial counts. Sizes, histories and windows are
    drawn; the festival of the days before comes again in the judged days in half of the cases.
    """
    donors, before, after = int(random.choice(DONORS)), int(random.choice(BEFORE)), int(random.choice(AFTER))
    strong = bool(random.random() < 0.6)
    days, units = before + after, donors + 1
    festival = np.zeros(days)
    first = int(random.integers(3, before - 8))
    festival[first : first + 4] = 1
    if random.random() < 0.5:
        again = int(random.integers(before, days - 3))
        festival[again : again + 4] = 1
    demand = np.cumsum(random.normal(0, 0.01, days)) + autoregressive(random, days, 0.6, 0.08)
    week = random.normal(0, 0.15, 7)
    line = np.empty((units, days))
    for unit in range(units):
        own = np.cumsum(random.normal(0, np.exp(random.normal(np.log(0.008), 0.7)), days))
        own += autoregressive(random, days, random.uniform(0.2, 0.8), random.uniform(0.03, 0.15))
        own += np.arange(days) * random.normal(0, 0.002)
        load = random.normal(1.0 if strong else 0.2, 0.25)
        weekdays = (week + random.normal(0, 0.05, 7))[np.arange(days) % 7]
        line[unit] = np.log(25) + random.normal(0, 0.9) + own + load * demand + weekdays
        line[unit] += festival * random.normal(0.9, 0.25)
    expected = np.exp(np.clip(line, np.log(0.5), np.log(2000)))
    lift = 0.0 if random.random() < 0.2 else random.uniform(-0.3, 0.6)
    changed = expected.copy()
    changed[0, before:] *= 1 + lift
    extra = random.uniform(0.05, 2.0, (units, 1))
    outcome = random.poisson(random.gamma(changed / extra, extra)).astype(np.float64)
    panel = Panel(outcome, before, days, regressors=festival[:, None], kind="count")
    base = expected[0, before:].sum()
    kind = f"{'strong' if strong else 'weak'} donors" if donors else "no donors"
    return Case(panel, lift * base, base, kind)


def chosen(random: Random, subjects: int, keep: float, wander: float, window: int, donors: int) -> Case:
    """Return the subject of many whose last days were the worst against its month before; nothing is done to any."""
    before, after = 56, 14
    days = before + after
    outcome = np.empty((subjects, days))
    expected = np.empty((subjects, days))
    for subject in range(subjects):
        line = autoregressive(random, days, keep, 0.2) + np.cumsum(random.normal(0, wander, days))
        level = np.log(30) + random.normal(0, 0.5)
        expected[subject] = np.exp(level + line + random.normal(0, 0.1, 7)[np.arange(days) % 7])
        outcome[subject] = random.poisson(random.gamma(expected[subject] / 0.5, 0.5))
    usual = outcome[:, before - window - 28 : before - window].mean(axis=1)
    worst = int(np.argmin(outcome[:, before - window : before].mean(axis=1) / usual))
    rows = [worst, *(row for row in range(subjects) if row != worst)][: donors + 1]
    panel = Panel(outcome[rows], before, days, selected=(before - window, before), kind="count")
    return Case(panel, 0.0, expected[worst, before:].sum(), "")
