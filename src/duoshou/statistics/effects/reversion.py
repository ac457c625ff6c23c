"""What would have come anyway after an extreme: the return toward the usual."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from duoshou.statistics.effects.change import recent
from duoshou.statistics.effects.panel import Array, Panel
from duoshou.statistics.effects.series import check_level, known_days, own_series, untold
from duoshou.statistics.effects.structural import forecast


@dataclass(frozen=True)
class Reversion:
    """What to expect after a window that was chosen for being extreme, all per day in the unit of the outcome.

    Attributes:
        estimate, low, high: What would have come after the start without any action, with its interval.
        extreme: Mean of the window that led to the action.
        usual: Mean of the known days before the start outside that window.
        returned: Share of the way from extreme to usual that is expected to come back by itself; NaN if they agree.
        expected: float[days judged].
        method: "empirical_bayes", or "cannot_tell", which leaves the numbers NaN.
        p_value: Always None: an expectation tests nothing.
        caveats: Codes, see `Effect`.
    """

    estimate: float
    low: float
    high: float
    extreme: float
    usual: float
    returned: float
    expected: Array
    method: Literal["empirical_bayes", "cannot_tell"]
    p_value: None
    caveats: tuple[str, ...]


def shrunken_expectation(panel: Panel, *, level: float = 0.9) -> Reversion:
    """Return what an extreme window lets one expect of the days from the start on, had nothing been done.

    The window is one observation among the others: it moves the expectation as far as deviations of this series have
    lasted before (empirical Bayes; Efron and Morris, 1973; see `forecast`). That holds whatever made somebody look at
    this window, be it the worst of many days or subjects, because given the data the choice tells nothing more.
    Donors are not looked at.

    Raises:
        ValueError: If the panel names no selected columns or `level` does not lie between 0 and 1.
    """
    check_level(level)
    if panel.selected is None:
        raise ValueError("the columns that led to the action are needed")
    panel = recent(panel)
    selected = panel.selected or (panel.start, panel.start)
    values, sizes = panel.outcome[0], np.ones(panel.end) if panel.trials is None else panel.trials[0]
    known = known_days(panel)
    within = np.zeros(panel.end, dtype=np.bool_)
    within[slice(*selected)] = True
    before = known & (np.arange(panel.end) < panel.start)
    extreme, usual = (
        float(values[days].sum() / sizes[days].sum()) if days.any() else float("nan")
        for days in (before & within, before & ~within)
    )
    # Every day to come counts, seen or not.
    ahead = replace(panel, outcome=np.where(np.arange(panel.end) < panel.start, panel.outcome, 0.0))
    reason = untold(ahead)
    if reason is not None:
        nothing = float("nan")
        empty = np.full(panel.end - panel.start, nothing)
        return Reversion(nothing, nothing, nothing, extreme, usual, nothing, empty, "cannot_tell", None, (reason,))
    prediction = forecast(own_series(ahead))
    size = sizes[panel.start :][prediction.counted]
    low, middle, high = (float(np.exp(one)) / size.sum() for one in prediction.limits(level))
    apart = usual - extreme
    return Reversion(
        middle,
        low,
        high,
        extreme,
        usual,
        (middle - extreme) / apart if apart else float("nan"),
        prediction.mean / (1.0 if panel.trials is None else sizes[panel.start :]),
        "empirical_bayes",
        None,
        (),
    )
