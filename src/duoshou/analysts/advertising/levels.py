"""The targets of one level: what each sells, costs and leaves, and what surely does not earn its cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.advertising.question import AdQuestion, Level, Targets
from duoshou.analysts.advertising.windows import NAMED_BY
from duoshou.analysts.advertising.words import Verdict
from duoshou.analysts.advertising.worth import worth_of
from duoshou.analysts.margin import Margin
from duoshou.model import Period
from duoshou.model.numbers import cents
from duoshou.statistics.sparse_rates import told_apart, trials_needed

Floats = NDArray[np.float64]
FALSE = 0.03
"""Chance of being wrong up to which targets are told, in the mean: under the 5 % that is meant, for the rates of the
groups are only estimated."""


@dataclass(frozen=True, slots=True)
class Target:
    """One plan, keyword or product; sums over the settled days.

    Attributes:
        key: Values of the level's dimensions.
        name: Readable name.
        impressions, clicks, orders: As the platform counts them.
        cost, sales: Money; sales before refunds, in the platform's attribution window.
        click_rate: Clicks ÷ impressions; None without impressions.
        cost_per_click: None without clicks.
        conversion: Orders ÷ clicks, drawn to its group as far as it is small.
        conversion_low, conversion_high: 95 % interval.
        roas: Sales ÷ cost; None without cost.
        acos: Cost ÷ sales; None without sales.
        expected_roas: By the drawn conversion and order value.
        roas_low, roas_high: 95 % interval.
        break_even_click: Most that a click may cost.
        profit: Margin of the sales less the cost, by the drawn rates.
        profit_low, profit_high: 95 % interval.
        verdict: What it does.
        clicks_needed: More clicks until that can be told; 0 where it can, None where it lies at the break-even.
    """

    key: tuple[str, ...]
    name: str
    impressions: int
    clicks: int
    orders: float
    cost: Decimal
    sales: Decimal
    click_rate: float | None
    cost_per_click: Decimal | None
    conversion: float
    conversion_low: float
    conversion_high: float
    roas: float | None
    acos: float | None
    expected_roas: float | None
    roas_low: float | None
    roas_high: float | None
    break_even_click: Decimal
    profit: Decimal
    profit_low: Decimal
    profit_high: Decimal
    verdict: Verdict
    clicks_needed: int | None


@dataclass(frozen=True, slots=True)
class AdLevel:
    """All targets of a level, the dearest first."""

    level: Level
    period: Period
    targets: tuple[Target, ...]


def level_of(question: AdQuestion, found: Targets, margin: Margin) -> AdLevel:
    """Return the targets of a level with what they earn, those told to waste or to earn among them."""
    clicks, cost = found.sums["clicks"], found.sums["ad_cost"]
    worth = worth_of(found, margin)
    rates, earned, scale = worth.rates, worth.mean, worth.whole_scale
    with np.errstate(all="ignore"):
        per_click = np.where(clicks > 0, cost / np.maximum(clicks, 1), np.nan)
        place = (np.log(np.maximum(per_click, 1e-12)) - np.log(np.maximum(earned, 1e-12)) + scale**2 / 2) / scale
    loses = np.where(clicks > 0, stats.norm.cdf(place), np.nan)
    spent = cost > 0
    wastes = told_apart(np.where(spent, 1 - loses, np.nan), FALSE)
    earns = told_apart(np.where(spent, loses, np.nan), FALSE)
    low, high = (earned * np.exp(side * 1.959964 * scale - scale**2 / 2) for side in (-1, 1))
    names = _names(question, found)
    targets = [
        _target(
            found,
            row,
            names[row],
            (rates.mean[row], rates.low[row], rates.high[row]),
            (earned[row], low[row], high[row]),
            margin,
            Verdict.WASTES if wastes[row] else Verdict.EARNS if earns[row] else Verdict.CANNOT_TELL,
            float(worth.order_value[row]),
        )
        for row in range(len(found.keys))
        if cost[row] > 0 or clicks[row] > 0
    ]
    return AdLevel(found.level, found.period, tuple(sorted(targets, key=lambda one: (-one.cost, one.key))))


def _names(question: AdQuestion, found: Targets) -> list[str]:
    if found.level is Level.KEYWORD or found.level in NAMED_BY:
        return [found.names.get(key, key[-1]) for key in found.keys]
    values = [key[-1] for key in found.keys]
    named = question.names(found.level.value, values)
    return [named.get(one, one) for one in values]


def _target(
    found: Targets,
    row: int,
    name: str,
    conversion: tuple[float, float, float],
    earned: tuple[float, float, float],
    margin: Margin,
    verdict: Verdict,
    value: float,
) -> Target:
    impressions, clicks, cost, orders, sales = (
        float(found.sums[key][row]) for key in ("impressions", "clicks", "ad_cost", "ad_orders", "ad_sales")
    )
    expected, low, high = (float(clicks * one / margin.rate / cost) if cost > 0 else None for one in earned)
    profit, profit_low, profit_high = (cents(float(clicks * one) - cost) for one in earned)
    needed: int | None = 0
    if verdict is Verdict.CANNOT_TELL and clicks > 0 and value > 0:
        limit = cost / clicks / (value * margin.rate)
        needed = trials_needed(float(conversion[0]), min(limit, 1.0), clicks)
    return Target(
        found.keys[row],
        name,
        int(impressions),
        int(clicks),
        orders,
        cents(cost),
        cents(sales),
        clicks / impressions if impressions > 0 else None,
        cents(cost / clicks) if clicks > 0 else None,
        float(conversion[0]),
        float(conversion[1]),
        float(conversion[2]),
        sales / cost if cost > 0 else None,
        cost / sales if sales > 0 else None,
        expected,
        low,
        high,
        cents(float(earned[0])),
        profit,
        profit_low,
        profit_high,
        verdict,
        needed,
    )
