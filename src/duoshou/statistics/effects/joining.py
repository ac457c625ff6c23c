"""Two ways to the same effect joined: the one that follows donors day by day and the plain one with the days before."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from duoshou.statistics.effects.donors import Relatives
from duoshou.statistics.effects.leaning import mixed_by
from duoshou.statistics.effects.nearby import nearby_effect
from duoshou.statistics.effects.panel import Array, Effect, Panel
from duoshou.statistics.effects.placebo import Placebo
from duoshou.statistics.effects.quantiles import student_score, student_value

_FARTHEST = 1.0
_LEAST_LEFT = 1e-3


def seen_of_donors(found: Relatives, placebo: Placebo, start: int) -> Array:
    """Return float[donors], the logarithm of seen ÷ expected of each donor as the placebo estimate finds it."""
    later = np.maximum(found.donors[:, start:].mean(axis=1), _LEAST_LEFT)
    return np.asarray(np.log(later / np.maximum(later - placebo.donors, _LEAST_LEFT * later)))


def with_nearby(base: Effect, panel: Panel, places: np.ndarray, donors: Array | None) -> Effect:
    """Return an effect joined with the comparison with the days just before, its interval from what both err.

    Where the errors of both are known for the same donors, they decide the share of each; else both have half. Where
    those most like the subject are no donors, the comparison alone counts: donors have others like them to be followed
    by, so what the effect so far errs for them says too little. The interval is that of the placebo errors at the
    subject's size, Student's with units − 1 degrees of freedom.

    Args:
        base: The effect so far.
        panel: The question.
        places: Rows of the donors.
        donors: float[donors], what the base finds of each donor, as logarithms; None: not known.
    """
    near = nearby_effect(panel, places)
    if near is None or not base.relative > -1 or not math.isfinite(base.relative):
        return base
    error, share = near.error(), 1.0 if panel.unlike else 0.5
    if donors is not None and not panel.unlike:
        table = np.stack([np.clip(donors, -_FARTHEST, _FARTHEST), near.donors])
        table = np.stack([table[0], table.mean(axis=0), table[1]])
        weights = mixed_by(table)
        share = float(weights @ (0.0, 0.5, 1.0))
        # What donors show of the judged days alone is no more than one draw: earlier windows may have strayed more.
        error = near.error(np.asarray(weights @ table)) * max(error / near.error(near.donors), 1.0)
    log = (1 - share) * math.log1p(base.relative) + share * near.estimate
    return _at(base, log, error, near.units - 1)


def _at(base: Effect, log: float, error: float, degrees: int) -> Effect:
    """Return the effect with this logarithm of seen ÷ expected and its standard error."""
    reach = student_value(NormalDist().inv_cdf((1 + base.level) / 2), degrees) * error
    seen = base.total * (1 + 1 / base.relative) if base.relative else 0.0
    unit = base.total / base.estimate if base.estimate else 0.0
    if seen <= 0 or unit <= 0:
        return base
    total, low, high = (seen * -math.expm1(-one) for one in (log, log - reach, log + reach))
    score = float(student_score(np.array([log / error]), degrees)[0])
    return replace(
        base,
        estimate=total / unit,
        low=low / unit,
        high=high / unit,
        total=total,
        total_low=low,
        total_high=high,
        relative=math.expm1(log),
        relative_low=math.expm1(log - reach),
        relative_high=math.expm1(log + reach),
        expected=base.expected * (1 + base.relative) * math.exp(-log),
        p_value=math.erfc(abs(score) / math.sqrt(2)),
    )
