"""Switchbacks of channels that the shop has made: what is known of a channel's return before its figures are read.

What a platform claims for a channel is not what it adds, so such a test is read on the sales of the whole shop.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from duoshou.analysts.channels import ChannelTest
from duoshou.analysts.channels.question import DIMENSION
from duoshou.app.loop.trials import daily_of
from duoshou.loop.trial import Trial
from duoshou.loop.trials import list_trials
from duoshou.metrics import MetricError, daily_panel
from duoshou.model import Period, TrialKind, TrialState
from duoshou.statistics.trials import read_switchback

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

OUTCOME = "pay_amount"
SPEND = "ad_cost"
KEEPS = timedelta(days=365)
"""How long a test speaks for a channel: auctions, prices and products change with the seasons."""


def channel_tests(workbench: Workbench, shop: str, as_of: date) -> tuple[ChannelTest, ...]:
    """Return the ended tests of a shop's channels that were switched as drawn, the latest first.

    Each compares the shop's paid amount of a day, and what was really spent on the channel, in both states; the
    standard error is that of the interval by which the test was read.

    Args:
        workbench: The workspace.
        shop: Key of the shop.
        as_of: Last day that counts; tests that ended later, or more than a year before, do not.
    """
    ended, _ = list_trials(workbench.state, shop, standing=TrialState.ENDED, limit=1000)
    tests = (
        _read(workbench, shop, one)
        for one in ended
        if one.kind is TrialKind.SWITCHBACK
        and (one.subject.type, one.metric) == (DIMENSION, OUTCOME)
        and as_of - KEEPS <= one.ends_on <= as_of
    )
    return tuple(one for one in tests if one is not None)


def _read(workbench: Workbench, shop: str, trial: Trial) -> ChannelTest | None:
    daily, level = daily_of(workbench, shop, trial), float(trial.design["level"])
    found = read_switchback(
        daily.outcome,
        daily.states,
        trial.switchback(),
        weekday=trial.starts_on.weekday(),
        history=daily.history,
        level=level,
    )
    error = (found.high - found.low) / (2 * float(norm.ppf(1 - level / 2)))
    spent = _spends(workbench, shop, trial)
    if not found.randomised or not np.isfinite([found.estimate, error]).all() or error <= 0 or spent is None:
        return None
    low, high = spent
    effect = found.estimate if high > low else -found.estimate
    return ChannelTest(trial.subject.id, min(spent), max(spent), effect, error) if high != low else None


def _spends(workbench: Workbench, shop: str, trial: Trial) -> tuple[float, float] | None:
    """Return what was spent on the channel on a day of each state; None where no report tells."""
    try:
        panel = daily_panel(
            workbench.backend(),
            workbench.catalogue,
            [SPEND],
            period=Period(trial.starts_on, trial.ends_on),
            as_of=workbench.last_complete_day(shop),
            by=(DIMENSION,),
            shop=shop,
        )
    except MetricError:
        return None
    row = next((number for number, split in enumerate(panel.splits) if split == (trial.subject.id,)), None)
    if row is None:
        return None
    costs, state = panel.values[SPEND], trial.switchback().assignment
    # A day on which the reports do not name the channel had no spend on it; of a day without any nothing is known.
    spent = np.where(np.isfinite(costs).any(axis=0), np.nan_to_num(costs[row]), np.nan)
    if not all(np.isfinite(spent[state == one]).any() for one in (0, 1)):
        return None
    low, high = (float(np.nanmean(spent[state == one])) for one in (0, 1))
    return low, high
