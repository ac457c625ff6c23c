"""What the method would have said of the days before a change, had it been asked a few weeks earlier.

A line that was fitted to days lies near them whatever it is worth. This one never saw the days that it is drawn over:
whoever looks at an effect sees how near the method comes where nothing was done, and judges the rest by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from duoshou.loop.evaluation.rules import LEAST_DAYS
from duoshou.model import Period

if TYPE_CHECKING:
    from duoshou.loop.evaluation.donors import Target
    from duoshou.loop.evaluation.estimate import Found, Frame
    from duoshou.loop.evaluation.measure import Setting

HINDSIGHT_DAYS = 28
"""Four whole weeks: each weekday as often as the others."""
MOST_OF_PAST = 3
"""At most a third of the days before, or too few are left to foretell it from."""


def foretold(metric: str, target: Target, found: Found, frame: Frame, setting: Setting) -> Mapping[date, float]:
    """Return what was to be expected of the latest days before a change, from the days before them.

    Args:
        metric: Key of the metric that the effect is on.
        target: Whose values.
        found: The effect.
        frame: Its days, calendar and donors.
        setting: The shop.

    Returns:
        Day → value; empty where too few days are known before them, or another change lies too near.
    """
    days = min(HINDSIGHT_DAYS, found.past.days // MOST_OF_PAST)
    steady = max((step + timedelta(days=LEAST_DAYS) for step in frame.window.steps), default=found.past.start)
    first = max(found.past.end - timedelta(days=days - 1), steady)
    if days < LEAST_DAYS or first + timedelta(days=LEAST_DAYS - 1) > found.past.end:
        return {}
    earlier = replace(frame.window, judged=Period(first, found.past.end), after=None)
    hindsight = setting.estimated(metric, target, replace(frame, window=earlier))
    if hindsight is None:
        return {}
    told = zip(hindsight.judged, hindsight.effect.expected, strict=True)
    return {day: float(value) for day, value in told if np.isfinite(value)}
