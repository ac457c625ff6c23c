"""The study of paid promotion: every target with what it earns, and what to stop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.advertising.findings import ad_findings
from duoshou.analysts.advertising.question import AdQuestion, Level, Targets, read_targets
from duoshou.analysts.margin import Margin, margin_of
from duoshou.model import Finding, Period, Text, plain
from duoshou.statistics.sparse_rates import nested_rates, told_apart, trials_needed

Floats = NDArray[np.float64]
FALSE = 0.03
"""Chance of being wrong up to which targets are told, in the mean: under the 5 % that is meant, for the rates of the
groups are only estimated."""
VALUE_ORDERS = 10.0
"""Orders of its own at which half of a target's order value is believed, else that of its group."""
VALUE_SCATTER = 0.6
"""Standard deviation of an order's value as a part of its mean: that of shops whose baskets hold one or two pieces."""


class Verdict(StrEnum):
    """What a target does.

    EARNS: Its sales surely exceed the break-even.
    WASTES: They surely do not.
    CANNOT_TELL: Too few clicks.
    """

    EARNS = "earns"
    WASTES = "wastes"
    CANNOT_TELL = "cannot_tell"


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


@dataclass(frozen=True, slots=True)
class AdStudy:
    """What is known of paid promotion.

    Attributes:
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the amounts.
        margin: What a unit of sales leaves; None without any target.
        levels: Those that a report has. They overlap and are not added.
        findings: What to do.
        caveats: What cannot be told, and why.
    """

    as_of: date
    shop: str | None
    currency: str
    margin: Margin | None
    levels: tuple[AdLevel, ...]
    findings: tuple[Finding, ...]
    caveats: tuple[Text, ...]

    @property
    def of_margin(self) -> tuple[Text, ...]:
        """What is to be said of the margin, to those who may see it."""
        return () if self.margin is None else self.margin.caveats

    def without_costs(self) -> AdStudy:
        """Return the study for those who may not see margins: what was spent and sold, and no judgement."""
        nothing = Decimal(0)
        levels = tuple(
            replace(
                level,
                targets=tuple(
                    replace(
                        one,
                        break_even_click=nothing,
                        profit=nothing,
                        profit_low=nothing,
                        profit_high=nothing,
                        verdict=Verdict.CANNOT_TELL,
                        clicks_needed=None,
                    )
                    for one in level.targets
                ),
            )
            for level in self.levels
        )
        return replace(self, margin=None, levels=levels, findings=())

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; money as decimal strings, rates as fractions."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__}
        shape["margin"] = None if self.margin is None else self.margin.to_dict()
        return shape | {"findings": [one.to_dict() for one in self.findings]}


def study_advertising(question: AdQuestion) -> AdStudy:
    """Return what is known of paid promotion; a shop without reports has an empty study that says so."""
    found = [one for level in Level if (one := read_targets(question, level)) is not None]
    if not found:
        caveat = Text(
            "没有已结算的推广报表（要有花费和成交，且过了归因天数）",
            "no settled advertising report: cost and orders are needed, past their attribution window",
        )
        return AdStudy(question.as_of, question.shop, question.currency, None, (), (), (caveat,))
    margin = margin_of(
        question.backend,
        question.catalogue,
        question.as_of,
        today=question.today,
        shop=question.shop,
        assumed=question.assumed_margin,
    )
    levels = tuple(_level(question, one, margin) for one in found)
    return AdStudy(
        question.as_of,
        question.shop,
        question.currency,
        margin,
        levels,
        ad_findings(question, levels),
        tuple(_caveats(levels)),
    )


def _level(question: AdQuestion, found: Targets, margin: Margin) -> AdLevel:
    clicks, orders = found.sums["clicks"], np.minimum(found.sums["ad_orders"], found.sums["clicks"])
    cost, sales = found.sums["ad_cost"], found.sums["ad_sales"]
    group = _groups(found)
    rates = nested_rates(orders, clicks, [group] if len(set(group.tolist())) > 1 else [])
    value, value_error = _order_values(orders, sales, group)
    earned = rates.mean * value * margin.rate
    # Conversion is beta, order value about lognormal: their relative variances add.
    spread = np.sqrt(rates.alpha * rates.beta / (rates.alpha + rates.beta + 1)) / (rates.alpha + rates.beta)
    relative = np.hypot(spread / np.maximum(rates.mean, 1e-12), value_error)
    scale = np.sqrt(np.log1p(relative**2))
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
            float(value[row]),
        )
        for row in range(len(found.keys))
        if cost[row] > 0 or clicks[row] > 0
    ]
    return AdLevel(found.level, found.period, tuple(sorted(targets, key=lambda one: (-one.cost, one.key))))


def _groups(found: Targets) -> NDArray[np.int64]:
    """Return the number of the campaign of each keyword; one group for everything else."""
    if found.level is not Level.KEYWORD:
        return np.zeros(len(found.keys), dtype=np.int64)
    place = {name: number for number, name in enumerate(sorted({key[0] for key in found.keys}))}
    return np.array([place[key[0]] for key in found.keys], dtype=np.int64)


def _order_values(orders: Floats, sales: Floats, group: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the value of an order of each target, drawn to its group's, and its relative error."""
    number = int(group.max()) + 1 if len(group) else 0
    of, money = (np.bincount(group, weights=one, minlength=number) for one in (orders, sales))
    whole = sales.sum() / max(float(orders.sum()), 1e-9)
    middle = np.where(of > 0, money / np.maximum(of, 1e-9), whole)[group]
    value = (sales + VALUE_ORDERS * middle) / (orders + VALUE_ORDERS)
    return value, VALUE_SCATTER / np.sqrt(orders + VALUE_ORDERS)


def _names(question: AdQuestion, found: Targets) -> list[str]:
    if found.level is Level.KEYWORD:
        return [key[-1] for key in found.keys]
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
    profit, profit_low, profit_high = (_money(float(clicks * one) - cost) for one in earned)
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
        _money(cost),
        _money(sales),
        clicks / impressions if impressions > 0 else None,
        _money(cost / clicks) if clicks > 0 else None,
        float(conversion[0]),
        float(conversion[1]),
        float(conversion[2]),
        sales / cost if cost > 0 else None,
        expected,
        low,
        high,
        _money(float(earned[0])),
        profit,
        profit_low,
        profit_high,
        verdict,
        needed,
    )


def _caveats(levels: tuple[AdLevel, ...]) -> list[Text]:
    caveats = [
        Text(
            f"只看归因已结束的 {levels[0].period.start} 至 {levels[0].period.end}；成交是平台认领的，不等于增量",
            f"settled days only, {levels[0].period.start} to {levels[0].period.end}; sales are what the platform "
            "claims, which is not what it added",
        )
    ]
    if all(one.level is not Level.KEYWORD for one in levels):
        caveats.append(
            Text("没有关键词报表，浪费只能看到计划和商品", "no keyword report: waste shows by plan and product only")
        )
    return caveats


def _money(value: float) -> Decimal:
    return Decimal(str(round(value, 2))).quantize(Decimal("0.01"))
