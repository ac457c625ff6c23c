"""What a test gained in contribution, where costs are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from duoshou.loop.trial import Trial
from duoshou.loop.trial_effect import Worth, judged_arm
from duoshou.loop.trial_reading import Reading
from duoshou.loop.trials import counts_of
from duoshou.model import TrialKind
from duoshou.statistics.trials import read_switchback

if TYPE_CHECKING:
    from duoshou.app.loop.trials import DailyValues
    from duoshou.state import State

CHANNEL = "channel"
"""What a platform claims for a channel is not what it adds: its tests are read on the whole shop."""
PROFITS = ("contribution", "gross_margin")
"""What a test is worth, the truer first."""
OF_VISITORS = frozenset({"pay_conversion_rate", "order_conversion_rate", "value_per_visitor"})
"""Metrics of all visitors that sales are proportional to: a tenth more of one is a tenth more sales. A click-through
rate is not among them: the files know the impressions of advertisements alone."""
USUAL_DAYS = 28
"""Latest days before a test that say what a visitor leaves."""


def worth_of(state: State, daily: DailyValues, trial: Trial, reading: Reading) -> Worth | None:
    """Return the contribution that the tested state gained over the days of the test; None where it is not known.

    Contribution is before advertising, so it says nothing of a channel whose spend was switched: what that adds beyond
    its cost is told with the returns of the channels.

    Args:
        state: Where counts are kept.
        daily: Daily values of its subject.
        trial: The test.
        reading: What it showed.
    """
    if trial.subject.type == CHANNEL:
        return None
    gained = _of_days if trial.kind is TrialKind.SWITCHBACK else _of_units
    return next((worth for metric in PROFITS if (worth := gained(state, daily, trial, reading, metric))), None)


def _of_days(_state: State, daily: DailyValues, trial: Trial, _reading: Reading, profit: str) -> Worth | None:
    """Return what the second state gained on its days, by the same schedule."""
    pair = daily.pair(profit, trial)
    if pair is None:
        return None
    found = read_switchback(
        pair[0],
        None,
        trial.switchback(),
        weekday=trial.starts_on.weekday(),
        history=pair[1],
        level=float(trial.design["level"]),
    )
    if not np.isfinite([found.estimate, found.low, found.high]).all():
        return None
    days = found.days_read[1]
    return Worth(found.estimate * days, found.low * days, found.high * days)


def _of_units(state: State, daily: DailyValues, trial: Trial, reading: Reading, profit: str) -> Worth | None:
    """Return what the judged arm gained on its units, at what a visitor left over the four settled weeks before.

    The interval is that of the arm's difference; that what a visitor leaves varies too is left out.
    """
    arm, parts, pair = judged_arm(trial, reading), daily.parts(trial.metric), daily.pair(profit, trial)
    if trial.metric not in OF_VISITORS or arm is None or parts is None or pair is None:
        return None
    profits = pair[1]
    visitors = parts[1][: len(profits)]
    known = np.flatnonzero(np.isfinite(profits) & np.isfinite(visitors))[-USUAL_DAYS:]
    units = sum(one.units for one in counts_of(state, trial.shop, trial.id) if one.arm == arm.arm)
    if visitors[known].sum() <= 0 or units == 0:
        return None
    left = float(profits[known].sum() / visitors[known].sum()) * units
    amount, *ends = (left * one for one in (arm.relative, arm.low, arm.high))
    return Worth(amount, min(ends), max(ends)) if np.isfinite([amount, *ends]).all() else None
