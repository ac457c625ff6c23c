"""What a test gained in contribution, where costs are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from duoshou.loop.trial import Trial
from duoshou.loop.trial_effect import Worth, judged_arm
from duoshou.loop.trial_reading import ArmReading, Reading
from duoshou.loop.trials import counts_of
from duoshou.model import TrialKind
from duoshou.statistics.trials import read_switchback

if TYPE_CHECKING:
    from duoshou.app.loop.trials import DailyValues
    from duoshou.state import State

Floats = NDArray[np.float64]
CHANNEL = "channel"
"""What a platform claims for a channel is not what it adds: its tests are read on the whole shop."""
PROFITS = ("contribution", "known_margin")
"""What a test is worth, the truer first."""
OF_VISITORS = frozenset({"pay_conversion_rate", "order_conversion_rate", "value_per_visitor"})
"""Metrics of all visitors that sales are proportional to: a tenth more of one is a tenth more sales."""
OF_CLICKS = frozenset({"click_through_rate", "product_click_rate"})
"""Metrics whose gain is visitors; only the impressions of the test itself are counted, for files know no others."""
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
    gained = (
        _of_days if trial.kind is TrialKind.SWITCHBACK else _of_units if trial.metric in OF_VISITORS else _of_clicks
    )
    for metric in PROFITS:
        worth = gained(state, daily, trial, reading, metric)
        if worth is not None:
            return worth if metric == PROFITS[0] else replace(worth, caveats=(*worth.caveats, "own_margin"))
    return None


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
    """Return what the judged arm gained on its units, at what a visitor left over the four settled weeks before."""
    arm, parts, pair = judged_arm(trial, reading), daily.parts(trial.metric), daily.pair(profit, trial)
    if arm is None or parts is None or pair is None:
        return None
    left = _usual(pair[1], parts[1][: len(pair[1])])
    return None if left is None else _gained(arm, _counted(state, trial)[arm.arm][0], left)


def _of_clicks(state: State, daily: DailyValues, trial: Trial, reading: Reading, profit: str) -> Worth | None:
    """Return what the clicks leave that the judged arm gained on its impressions.

    A click counts as a visitor of the product, who leaves what one left over the four settled weeks before. Where the
    product's clicks were paid for in these weeks, those gained are paid for too: no file tells which were free.
    """
    arm, visitors, pair = judged_arm(trial, reading), daily.pair("visitors", trial), daily.pair(profit, trial)
    if trial.metric not in OF_CLICKS or arm is None or visitors is None or pair is None:
        return None
    left = _usual(pair[1], visitors[1])
    counts = _counted(state, trial)
    shown, clicked = counts[trial.arms[0]]
    if left is None or shown == 0:
        return None
    spent, clicks = daily.pair("ad_cost", trial), daily.pair("clicks", trial)
    paid = None if spent is None or clicks is None else _usual(spent[1], clicks[1])
    caveats = ("clicks_as_visitors",) if paid is None else ("clicks_as_visitors", "extra_cost")
    if paid is not None:
        left = _Mean(left.value - paid.value, float(np.hypot(left.error, paid.error)))
    return _gained(arm, counts[arm.arm][0] * clicked / shown, left, caveats)


@dataclass(frozen=True, slots=True)
class _Mean:
    """What one of something brings or costs, and the standard error of that."""

    value: float
    error: float


def _usual(money: Floats, number: Floats) -> _Mean | None:
    """Return money by piece over the latest settled days, with the error that its days tell (a ratio's, by Taylor)."""
    known = np.flatnonzero(np.isfinite(money) & np.isfinite(number))[-USUAL_DAYS:]
    pieces = number[known].sum()
    if pieces <= 0:
        return None
    value = money[known].sum() / pieces
    scatter = ((money[known] - value * number[known]) ** 2).sum() * len(known) / max(len(known) - 1, 1)
    return _Mean(float(value), float(np.sqrt(scatter) / pieces))


def _gained(arm: ArmReading, pieces: float, left: _Mean, caveats: tuple[str, ...] = ()) -> Worth | None:
    """Return pieces × relative gain × what one leaves; the errors of both are independent and add in squares."""
    amount, *ends = (pieces * left.value * one for one in (arm.relative, arm.low, arm.high))
    own = 1.96 * abs(pieces * arm.relative) * left.error
    low, high = (
        amount + side * float(np.hypot(end - amount, own)) for side, end in zip((-1, 1), sorted(ends), strict=True)
    )
    return Worth(amount, low, high, caveats) if pieces > 0 and np.isfinite([amount, low, high]).all() else None


def _counted(state: State, trial: Trial) -> dict[str, tuple[int, int]]:
    """Return units and successes of each arm."""
    found = dict.fromkeys(trial.arms, (0, 0))
    for one in counts_of(state, trial.shop, trial.id):
        units, successes = found[one.arm]
        found[one.arm] = (units + one.units, successes + (one.successes or 0))
    return found
