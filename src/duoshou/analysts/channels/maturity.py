"""How mature a channel is: whether clicks get dearer, and whether more spend still buys as many more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import numpy as np
from scipy.stats import t as student

from duoshou.analysts.channels.past import Daily
from duoshou.analysts.channels.question import TABLE_DAYS
from duoshou.model import Text
from duoshou.statistics.response.shapes import Floats

WEEK, WEEKS = 7, 26
LEAST_WEEKS = 8
LEVEL = 0.9


class Stage(StrEnum):
    """How far a channel has come."""

    NEW = "new"
    GROWING = "growing"
    MATURE = "mature"
    UNCLEAR = "unclear"
    STOPPED = "stopped"


STAGES = {
    Stage.NEW: Text("新渠道", "new"),
    Stage.GROWING: Text("成长", "growing"),
    Stage.MATURE: Text("成熟", "mature"),
    Stage.UNCLEAR: Text("不能判断", "cannot tell"),
    Stage.STOPPED: Text("已停投", "stopped"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """An estimate with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Maturity:
    """How mature a channel is.

    Attributes:
        channel: Key.
        stage: How far it has come.
        title: The same in words.
        weeks: Weeks with spend, of the last 26.
        price_trend: Relative change of the cost of a click in a month; None where it cannot be told.
        elasticity: Per cent more clicks for a per cent more spend; 1 is as many more; None where it cannot be told.
        reason: Why.
    """

    channel: str
    stage: Stage
    title: Text
    weeks: int
    price_trend: Span | None
    elasticity: Span | None
    reason: Text


def maturities(known: Daily) -> tuple[Maturity, ...]:
    """Return how mature each channel is, from the weeks of the last half year."""
    length = min(len(known.sales) // WEEK, WEEKS) * WEEK
    start = len(known.sales) - length

    def weekly(rows: Floats) -> Floats:
        return np.asarray(rows[start:].reshape(-1, WEEK, rows.shape[1]).sum(axis=1))

    cost, clicks = weekly(known.cost), weekly(known.clicks)
    return tuple(
        _stopped(known, one, cost[:, one]) or _of(channel, cost[:, one], clicks[:, one])
        for one, channel in enumerate(known.channels)
    )


def _stopped(known: Daily, one: int, cost: Floats) -> Maturity | None:
    """Return that nothing is spent on a channel any more; None where something was in the last four weeks.

    Of what was let go nobody knows what it would do today, and it is no new one to be tried.
    """
    if known.cost[-TABLE_DAYS:, one].any():
        return None
    spent = np.flatnonzero(known.cost[:, one])
    last = known.period.start + timedelta(days=int(spent[-1])) if len(spent) else None
    since = (f"最后一次花费是 {last}", f"the last spend was on {last}") if last else ("没有花费", "nothing was spent")
    reason = Text(f"{since[0]}，已停 {TABLE_DAYS} 天以上", f"{since[1]}: stopped for {TABLE_DAYS} days and more")
    weeks = int((cost > 0).sum())
    return Maturity(known.channels[one], Stage.STOPPED, STAGES[Stage.STOPPED], weeks, None, None, reason)


def _of(channel: str, cost: Floats, clicks: Floats) -> Maturity:
    used = (cost > 0) & (clicks > 0)
    weeks = int(used.sum())
    if weeks < LEAST_WEEKS:
        reason = Text(
            f"最近半年只有 {weeks} 周在投，不足 {LEAST_WEEKS} 周",
            f"only {weeks} weeks of spend in the last half year, fewer than {LEAST_WEEKS}",
        )
        return Maturity(channel, Stage.NEW, STAGES[Stage.NEW], weeks, None, None, reason)
    time = np.flatnonzero(used).astype(np.float64)
    price = np.log(cost[used] / clicks[used])
    month = 30 / WEEK
    trend = _slope(price, [time])
    grown = None if trend is None else Span(*(float(np.expm1(one * month)) for one in _ends(trend)))
    elasticity = _slope(np.log(clicks[used]), [np.log(cost[used]), time])
    stage, reason = _stage(grown, elasticity)
    return Maturity(channel, stage, STAGES[stage], weeks, grown, elasticity, reason)


def _ends(span: Span) -> tuple[float, float, float]:
    return span.value, span.low, span.high


def _slope(outcome: Floats, drivers: list[Floats]) -> Span | None:
    """Return the coefficient of the first driver by least squares, with its interval; None where it does not move."""
    rows = np.column_stack([*drivers, np.ones(len(outcome))])
    degrees = len(outcome) - rows.shape[1]
    if degrees < 3 or np.linalg.matrix_rank(rows) < rows.shape[1]:
        return None
    found, *_ = np.linalg.lstsq(rows, outcome, rcond=None)
    left = outcome - rows @ found
    error = float(np.sqrt(left @ left / degrees * np.linalg.inv(rows.T @ rows)[0, 0]))
    half = float(student.ppf((1 + LEVEL) / 2, degrees)) * error
    return Span(float(found[0]), float(found[0]) - half, float(found[0]) + half)


def _stage(price: Span | None, elasticity: Span | None) -> tuple[Stage, Text]:
    dearer = price is not None and price.low > 0
    flat = elasticity is not None and elasticity.high < 1
    if dearer and flat:
        return Stage.MATURE, Text(
            "点击越来越贵，多花的钱买到的点击越来越少：只做小步微调",
            "clicks get dearer and more spend buys fewer more of them: fine steps only",
        )
    if flat:
        return Stage.MATURE, Text(
            "点击价格没有明显上涨，但多花的钱买到的点击越来越少：接近饱和，小步微调",
            "clicks do not get dearer, but more spend buys fewer more of them: near its limit, fine steps",
        )
    if elasticity is not None and elasticity.low > 0.5 and not dearer:
        return Stage.GROWING, Text(
            "点击没有变贵，多花的钱还能按比例买到点击：还有空间",
            "clicks do not get dearer and more spend still buys about as many more: there is room",
        )
    return Stage.UNCLEAR, Text(
        "花费变动太小或数据太散，看不出是否饱和", "spend moved too little, or figures scatter too much, to tell"
    )
