"""What is left of a month's budget, day by day: festivals get their part of last year, spent days are spent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import numpy as np

from duoshou.analysts.channels.ahead import PhaseAhead, phases_of
from duoshou.analysts.channels.past import Daily
from duoshou.analysts.channels.question import ChannelQuestion
from duoshou.model import Period, Text
from duoshou.statistics.response.shapes import Floats

ORDINARY = Text("平日", "ordinary days")


@dataclass(frozen=True, slots=True)
class PaceRun:
    """Days in a row that get the same.

    Attributes:
        period: The days.
        title: Festival and phase, or ordinary days.
        times: Spend of a day against an ordinary one.
        budget: Spend of a day.
    """

    period: Period
    title: Text
    times: float
    budget: float


@dataclass(frozen=True, slots=True)
class Pace:
    """A month's budget and what is left of it.

    Attributes:
        period: The month of the day after the last that counts.
        budget: Of the month.
        spent: In it so far.
        due: What the same weights would have spent by now.
        ordinary: Spend of an ordinary day from now on.
        tomorrow: Spend of the next day.
        runs: The days left.
        caveats: What it rests on.
    """

    period: Period
    budget: float
    spent: float
    due: float
    ordinary: float
    tomorrow: float
    runs: tuple[PaceRun, ...]
    caveats: tuple[Text, ...]


def pace_of(question: ChannelQuestion, known: Daily | None) -> Pace | None:
    """Return how to spend what is left of the month's budget; None without a budget, or where no spend is known.

    An ordinary day weighs 1, a festival's phase what was spent on a day of last year's against ordinary days before;
    where that is not known it weighs 1, too. The days left share what is left by their weights.
    """
    if question.month_budget is None or known is None:
        return None
    after = question.as_of + timedelta(days=1)
    month = Period.of_month(after)
    found = phases_of(question, known, month)
    phases = [next((one for one in found if day in one.period), None) for day in month]
    weights = np.array([1.0 if one is None or one.spend_times is None else one.spend_times for one in phases])
    gone = (after - month.start).days
    spent, untold = _spent(known, month, gone)
    left = max(question.month_budget - spent, 0.0)
    rest = float(weights[gone:].sum())
    ordinary = left / rest if rest > 0 else 0.0
    return Pace(
        month,
        question.month_budget,
        spent,
        question.month_budget * float(weights[:gone].sum() / weights.sum()) if weights.any() else 0.0,
        ordinary,
        ordinary * float(weights[gone]),
        tuple(_runs(list(month)[gone:], phases[gone:], weights[gone:], ordinary)),
        tuple(_caveats(question.month_budget, phases, spent, untold)),
    )


def _spent(known: Daily, month: Period, gone: int) -> tuple[float, int]:
    """Return what was spent on the first days of a month, and of how many of them nothing is known."""
    start = (month.start - known.period.start).days
    days = slice(max(start, 0), max(start + gone, 0))
    return float(known.cost[days].sum()), gone - int((~np.isnan(known.sales[days])).sum())


def _runs(
    days: Sequence[date], phases: Sequence[PhaseAhead | None], weights: Floats, ordinary: float
) -> Iterator[PaceRun]:
    for phase, group in groupby(range(len(days)), key=lambda number: phases[number]):
        numbers = list(group)
        times = float(weights[numbers[0]])
        title = ORDINARY
        if phase is not None:
            title = Text(f"{phase.festival.zh} {phase.phase.zh}", f"{phase.festival.en}, {phase.phase.en}")
        yield PaceRun(Period(days[numbers[0]], days[numbers[-1]]), title, times, ordinary * times)


def _caveats(budget: float, phases: Sequence[PhaseAhead | None], spent: float, untold: int) -> Iterator[Text]:
    if round(spent - budget, 2) == 0:
        yield Text("这个月的预算正好花完：停下，或者改预算", "the month's budget is spent: stop, or change the budget")
    elif spent > budget:
        yield Text(
            f"这个月的预算已经花完，超了 {spent - budget:,.0f}：停下，或者改预算",
            f"the month's budget is spent and {spent - budget:,.0f} more: stop, or change the budget",
        )
    if untold:
        yield Text(
            f"这个月有 {untold} 天不知道花了多少，当作没花：补齐推广报表再看",
            f"of {untold} days of the month nobody knows the spend, which counts as none: import their reports",
        )
    if any(one is not None and one.spend_times is None for one in phases):
        yield Text(
            "节日没有去年可比的花费，按平日分",
            "of a festival nobody knows last year's spend: its days get what ordinary ones do",
        )
