"""How to split a budget over the channels of which something can be told, and what that earns against today's split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.analysts.channels.maturity import Maturity, Span, Stage
from duoshou.analysts.channels.question import ChannelQuestion
from duoshou.analysts.channels.returns import LEVEL, Fitted, Verdict, valued
from duoshou.model import Text
from duoshou.statistics.response import Response, best_split, gain_of
from duoshou.statistics.response.shapes import Floats

FINE = 0.1
"""A mature channel is moved by no more than this at once."""


@dataclass(frozen=True, slots=True)
class ChannelBudget:
    """Spend of a day on a channel.

    Attributes:
        channel: Key.
        title: Name.
        today: Mean of the last four weeks.
        planned: What the plan spends.
        least: Least that the steps allow.
        most: Most that they allow.
        held: Why it stays as it is; None where it may move.
    """

    channel: str
    title: Text
    today: float
    planned: float
    least: float
    most: float
    held: Text | None


@dataclass(frozen=True, slots=True)
class BudgetPlan:
    """A split, and what it earns against today's.

    Attributes:
        asked: Spend of a day that was to be split; None: as much as pays within the steps.
        budgets: One for each channel.
        today: Spend of a day at present.
        planned: Spend of a day of the plan.
        gain: Contribution less spend over the horizon, against today's split, with its 90 % interval.
        sure: Whether the plan is better than today's in the whole interval.
        horizon: Days.
        note: What to do with it.
    """

    asked: float | None
    budgets: tuple[ChannelBudget, ...]
    today: float
    planned: float
    gain: Span
    sure: bool
    horizon: int
    note: Text


def budget_plan(
    question: ChannelQuestion, fitted: Fitted, stages: Sequence[Maturity], value: float, scale: float = 0.0
) -> BudgetPlan | None:
    """Return the best split within the steps; None where of no channel anything can be told.

    Args:
        question: What is asked.
        fitted: What the channels bring.
        stages: How mature they are.
        value: Contribution of a unit of sales.
        scale: Standard deviation of its logarithm.
    """
    response = fitted.response
    free = [one.verdict is not Verdict.CANNOT_TELL and one.today > 0 for one in fitted.returns]
    if response is None or not any(free):
        return None
    today = np.array([one.today for one in fitted.returns])
    stage = {one.channel: one.stage for one in stages}
    steps = [
        min(FINE, question.step) if stage.get(one.channel) is Stage.MATURE else question.step for one in fitted.returns
    ]
    step = np.where(free, steps, 0.0)
    low, high = today * (1 - step), today * (1 + step)
    days = fitted.days
    total = None if question.budget is None else question.budget * days
    split = best_split(response, today * days, value=value, budget=total, low=low * days, high=high * days)
    planned = whole_cents(split.spend / days)
    unseen = _unseen(fitted, planned, today, value) * question.horizon
    added = float(planned.sum() - today.sum()) * question.horizon
    gain = _span(_valued(split.gain / days * question.horizon, added, scale), unseen)
    held = Text("这条渠道不能判断，保持不动", "nothing can be told of it: it stays")
    budgets = [
        ChannelBudget(
            one.channel, one.title, one.today, float(planned[number]), float(low[number]), float(high[number]),
            None if free[number] else held,
        )
        for number, one in enumerate(fitted.returns)
    ]  # fmt: skip
    sure = gain.low > 0
    return BudgetPlan(
        question.budget,
        tuple(budgets),
        float(today.sum()),
        float(planned.sum()),
        gain,
        sure,
        question.horizon,
        _note(question, gain, float(planned.sum())),
    )


def whole_cents(spend: Floats) -> Floats:
    """Return spends in whole cents that add up to the cent nearest to their sum: the largest remainders are rounded up.

    Amounts that were rounded each for itself would not add up to the budget that they split.
    """
    hundredths = np.round(spend * 100, 6)
    cents = np.floor(hundredths)
    short = round(float(hundredths.sum())) - int(cents.sum())
    cents[np.argsort(cents - hundredths, kind="stable")[:short]] += 1
    return np.asarray(cents / 100)


def _note(question: ChannelQuestion, gain: Span, planned: float) -> Text:
    if question.budget is not None and abs(planned - question.budget) > 0.01 * max(question.budget, 1.0):
        return Text(
            f"步子限制内每天最多（最少）花到 {planned:,.0f}，到不了要求的 {question.budget:,.0f}：分几次走",
            f"within the steps spend reaches {planned:,.0f} a day, not {question.budget:,.0f}: take several",
        )
    if gain.high < 0:
        return Text(
            "这样花比现在亏：整个区间都在零以下", "this loses against today: the whole interval lies below zero"
        )
    if gain.low > 0:
        return Text(
            "按这个分法走一步，两周后按新数据再算；别一次走几步",
            "take this step, ask again with two weeks of new figures, and take no two steps at once",
        )
    return Text(
        "区间里有亏的可能：这个分法不比现在明显好，先不动或先做测试",
        "the interval holds a loss: this split is not surely better than today's; stay, or test first",
    )


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Another spend, held against today's.

    Attributes:
        spend: Channel → spend of a day.
        gain: Contribution less spend over the horizon, with its 90 % interval; None where it cannot be told.
        reason: Why it cannot be told; None where it can.
    """

    spend: dict[str, float]
    gain: Span | None
    reason: Text | None


def what_if(question: ChannelQuestion, fitted: Fitted, value: float, scale: float = 0.0) -> WhatIf | None:
    """Return what another spend would earn; None where none is asked about. `value` and `scale` as of the plan."""
    if not question.spend:
        return None
    wanted = dict(question.spend)
    known = {one.channel: one for one in fitted.returns}
    strange = [key for key in wanted if key not in known]
    if strange:
        there = "、".join(known) or "—", ", ".join(known) or "—"
        reason = Text(
            f"没有在投的渠道 {'、'.join(strange)}；有的是：{there[0]}",
            f"no spend is known on {', '.join(strange)}; there are: {there[1]}",
        )
        return WhatIf(wanted, None, reason)
    lost = [key for key in wanted if known[key].marginal is None]
    if lost or fitted.response is None:
        names = "、".join(question.titled(key).zh for key in lost), ", ".join(question.titled(key).en for key in lost)
        reason = Text(f"{names[0]}：不能判断多花少花会怎样", f"what more or less on {names[1]} does cannot be told")
        return WhatIf(wanted, None, reason)
    today = np.array([one.today for one in fitted.returns]) * fitted.days
    spend = np.array([wanted.get(one.channel, one.today) for one in fitted.returns]) * fitted.days
    outside = [one for one in wanted if wanted[one] > 2 * _most_seen(fitted.response, fitted, one)]
    gain = gain_of(fitted.response, today, spend, value) / fitted.days * question.horizon
    far = Text("超出以往花费的两倍，曲线在那里只是推测", "beyond twice what was ever spent the curve is a guess")
    unseen = _unseen(fitted, spend / fitted.days, today / fitted.days, value) * question.horizon
    added = float((spend - today).sum()) / fitted.days * question.horizon
    return WhatIf(wanted, _span(_valued(gain, added, scale), unseen), far if outside else None)


def _most_seen(response: Response, fitted: Fitted, channel: str) -> float:
    number = [one.channel for one in fitted.returns].index(channel)
    return max(float(response.spend[number]) / fitted.days, fitted.returns[number].today)


def _unseen(fitted: Fitted, spend: Floats, today: Floats, value: float) -> float:
    """Return by how much a day's gain may be off for what is not seen."""
    return value * sum(
        one.unseen * abs(float(spend[number] - today[number])) for number, one in enumerate(fitted.returns)
    )


def _valued(gain: Floats, added: float, scale: float) -> Floats:
    """Return draws of a gain with the error of what a unit of sales leaves, given the spend that it was net of."""
    return np.asarray(gain + (valued(len(gain), scale) - 1) * (gain + added))


def _span(draws: Floats, unseen: float) -> Span:
    low, high = (float(one) for one in np.quantile(draws, ((1 - LEVEL) / 2, (1 + LEVEL) / 2)))
    return Span(float(draws.mean()), low - unseen, high + unseen)
