"""What bids rest on, whatever is wanted of them: the keywords, their curves, and what a click of each is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.advertising.history import ACTIVE, History, read_history, stated
from duoshou.analysts.advertising.question import AdQuestion, Targets
from duoshou.analysts.advertising.worth import Worth, worth_of
from duoshou.analysts.margin import Margin
from duoshou.model import Text
from duoshou.statistics.bidding import Curves, fit_curves

Floats = NDArray[np.float64]
LEAST_DAYS = 14
"""Reported days of the latest `ACTIVE` under which no bids are proposed."""
UNSETTLED = Text(
    "关键词还没有已结算的点击，算不出一次点击值多少，先不给出价",
    "no clicks of keywords are settled yet, so what a click is worth is not known and no bids are proposed",
)


@dataclass(frozen=True, slots=True)
class BidGround:
    """What bids rest on; the arrays are float[S].

    Attributes:
        as_of: Last day that counts.
        history: The keywords that are bought now, by reports.
        curves: What their bids buy, by that history.
        value: What a click leaves.
        error: Relative error of that, the margin's left out.
        trials: Clicks that it is known from, the prior's among them.
        margin_scale: Standard deviation of the margin's logarithm.
        settled: Last day whose orders are told.
        names: Key of a plan → its name.
        wasting: Keys of keywords that are told to waste: their money is told there, and not again as a gain of bids.
    """

    as_of: date
    history: History
    curves: Curves
    value: Floats
    error: Floats
    trials: Floats
    margin_scale: float
    settled: date
    names: Mapping[str, str]
    wasting: frozenset[tuple[str, ...]]

    def as_stated(self, current: Sequence[tuple[str, str, float]]) -> tuple[History, Curves]:
        """Return history and curves with the bids of today that a sheet states, if it states any."""
        if not current:
            return self.history, self.curves
        history = self.history.with_current(stated(current), self.names)
        return history, fit_curves(history.clicks, history.cost, history.bids)


def bid_ground(
    question: AdQuestion, settled: Targets, margin: Margin, wasting: frozenset[tuple[str, ...]]
) -> BidGround | Text | None:
    """Return what bids rest on, or why there can be none; None where no keyword is bought now.

    Args:
        question: What is asked.
        settled: The keywords over settled days, which tell what a click is worth.
        margin: What sales leave.
        wasting: Keys of keywords that are told to waste.
    """
    history = read_history(question)
    if history is None:
        return None
    if history.latest < LEAST_DAYS:
        return _too_few(history)
    if not settled.keys or settled.sums["clicks"].sum() <= 0:
        return UNSETTLED
    return BidGround(
        question.as_of,
        history,
        fit_curves(history.clicks, history.cost, history.bids),
        *_values(history, settled, worth_of(settled, margin)),
        margin.scale,
        settled.period.end,
        question.names("campaign", sorted({key[0] for key in history.keys})),
        wasting,
    )


def _too_few(history: History) -> Text:
    return Text(
        f"最近 {ACTIVE} 天只有 {history.latest} 天有关键词报表（至少要 {LEAST_DAYS} 天），先不给出价",
        f"only {history.latest} of the latest {ACTIVE} days have a report of keywords, {LEAST_DAYS} are needed: no "
        "bids are proposed",
    )


def _values(history: History, settled: Targets, worth: Worth) -> tuple[Floats, Floats, Floats]:
    """Return what a click leaves, its relative error and the clicks that it is known from, the prior's among them.

    A keyword without settled days has the worth of its plan.
    """
    places = {key: place for place, key in enumerate(settled.keys)}
    plans: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(settled.keys):
        plans[key[0]].append(place)
    value, error, trials = (np.empty(len(history.keys)) for _ in range(3))
    rates = worth.rates
    for row, key in enumerate(history.keys):
        own = places.get(key)
        if own is not None:
            value[row], error[row] = worth.mean[own], worth.relative[own]
            trials[row] = rates.alpha[own] + rates.beta[own]
            continue
        near = plans.get(key[0]) or list(range(len(settled.keys)))
        value[row] = float(np.mean(rates.prior[near]) * np.mean(worth.mean[near] / rates.mean[near]))
        error[row], trials[row] = 1.0, float(np.mean(rates.concentration[near]))
    return value, error, trials
