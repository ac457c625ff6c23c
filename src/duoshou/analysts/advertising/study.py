"""The study of paid promotion: every target with what it earns, and what to stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.advertising.bid_findings import bid_findings
from duoshou.analysts.advertising.bid_plan import BidPlan, BidWish
from duoshou.analysts.advertising.bids import plan_bids
from duoshou.analysts.advertising.findings import ad_findings
from duoshou.analysts.advertising.part_findings import part_findings
from duoshou.analysts.advertising.question import AdQuestion, Level, Targets, read_targets
from duoshou.analysts.advertising.reported import NAMED_BY, read_reported
from duoshou.analysts.advertising.searches import Words, words_of
from duoshou.analysts.advertising.splits import Coefficient, coefficients_of
from duoshou.analysts.advertising.wear import Wear, wear_of
from duoshou.analysts.advertising.words import LEVELS, Verdict
from duoshou.analysts.advertising.worth import worth_of
from duoshou.analysts.margin import Margin, margin_of
from duoshou.metrics import MetricError, query
from duoshou.model import Finding, Period, Text, plain
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


@dataclass(frozen=True, slots=True)
class AdStudy:
    """What is known of paid promotion.

    Attributes:
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the amounts.
        margin: What a unit of sales leaves; None without any target.
        tacos: Cost of advertising as a part of all that was paid, over the settled days; None where not known.
        levels: Those that a report has. They overlap and are not added.
        bids: Those of the next step; None without enough reports of keywords, as a caveat says.
        words: Plans that bid against each other, searches to buy and to exclude; None without reports.
        creatives: Those that are shown now, the worn ones first; none without a report of creatives.
        splits: Hours, regions and placements with what to bid by; none without reports of them.
        findings: What to do.
        caveats: What cannot be told, and why.
    """

    as_of: date
    shop: str | None
    currency: str
    margin: Margin | None
    tacos: float | None
    levels: tuple[AdLevel, ...]
    bids: BidPlan | None
    words: Words | None
    creatives: tuple[Wear, ...]
    splits: tuple[Coefficient, ...]
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
        # Which searches earn is a judgement by the margin.
        words = None if self.words is None else replace(self.words, to_buy=(), to_exclude=())
        creatives = tuple(replace(one, cost=None) for one in self.creatives)
        splits = tuple(replace(one, gain=None) for one in self.splits)
        return replace(
            self, margin=None, levels=levels, bids=None, words=words, creatives=creatives, splits=splits, findings=()
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; money as decimal strings, rates as fractions."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__}
        shape["margin"] = None if self.margin is None else self.margin.to_dict()
        shape["bids"] = None if self.bids is None else self.bids.to_dict()
        return shape | {"findings": [one.to_dict() for one in self.findings]}


def study_advertising(question: AdQuestion, wish: BidWish | None = None) -> AdStudy:
    """Return what is known of paid promotion; a shop without reports has an empty study that says so.

    Args:
        question: What is asked.
        wish: What is wanted of the bids; None: as much as they cost now, for profit alone.
    """
    found = [one for level in Level if (one := _targets(question, level)) is not None]
    if not found:
        caveat = Text(
            "没有已结算的推广报表（要有花费和成交，且过了归因天数）",
            "no settled advertising report: cost and orders are needed, past their attribution window",
        )
        nothing: tuple[()] = ()
        return AdStudy(
            *(question.as_of, question.shop, question.currency, None, None, nothing, None, None),
            *(nothing, nothing, nothing, (caveat,)),
        )
    margin = margin_of(
        question.backend,
        question.catalogue,
        question.as_of,
        today=question.today,
        shop=question.shop,
        assumed=question.assumed_margin,
    )
    levels = tuple(_level(question, one, margin) for one in found)
    proposed = _bids(question, found, levels, margin, wish or BidWish())
    bids = proposed if isinstance(proposed, BidPlan) else None
    missing = (proposed,) if isinstance(proposed, Text) else ()
    names = _campaigns(question, found)
    creatives = wear_of(question, next((one for one in found if one.level is Level.CREATIVE), None), margin, names)
    splits = coefficients_of(found, margin, names)
    return AdStudy(
        question.as_of,
        question.shop,
        question.currency,
        margin,
        _tacos(question, levels[0]),
        levels,
        bids,
        words_of(question, levels),
        creatives,
        splits,
        (*ad_findings(question, levels), *bid_findings(question, bids), *part_findings(question, creatives, splits)),
        (*_caveats(levels), *missing),
    )


def _campaigns(question: AdQuestion, found: Sequence[Targets]) -> Mapping[str, str]:
    """Return the names of the plans of levels that are within plans."""
    keys = {key[0] for one in found if one.level in NAMED_BY for key in one.keys}
    return question.names("campaign", sorted(keys)) if keys else {}


def _targets(question: AdQuestion, level: Level) -> Targets | None:
    return read_reported(question, level) if level in NAMED_BY else read_targets(question, level)


def _bids(
    question: AdQuestion, found: Sequence[Targets], levels: Sequence[AdLevel], margin: Margin, wish: BidWish
) -> BidPlan | Text | None:
    """Return the bids of the next step or why there are none, where there is a report of keywords."""
    for targets, level in zip(found, levels, strict=True):
        if level.level is Level.KEYWORD:
            wasting = frozenset(one.key for one in level.targets if one.verdict is Verdict.WASTES)
            return plan_bids(question, targets, margin, wish, wasting)
    return None


def _level(question: AdQuestion, found: Targets, margin: Margin) -> AdLevel:
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


def _tacos(question: AdQuestion, level: AdLevel) -> float | None:
    """Return the cost of advertising as a part of all that was paid."""
    try:
        rows = query(
            question.backend,
            question.catalogue,
            ["ad_cost_ratio"],
            period=level.period,
            as_of=question.today,
            shop=question.shop,
        ).rows
    except MetricError:
        return None
    value = rows[0].values["ad_cost_ratio"].value if rows else None
    return None if value is None else float(value)


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
    parts = (Level.CREATIVE, Level.PLACEMENT, Level.REGION, Level.HOUR)
    missing = [LEVELS[one] for one in parts if all(level.level is not one for level in levels)]
    if missing:
        zh, en = "、".join(one.zh for one in missing), ", ".join(one.en for one in missing)
        caveats.append(
            Text(f"没有带成交的{zh}报表，这些维度不能判断", f"no report of {en} with orders: these cannot be told")
        )
    return caveats
