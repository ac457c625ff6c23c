"""What of the range deserves attention, in the frame that all findings share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from duoshou.analysts.assortment.demand import FestivalAhead
from duoshou.analysts.assortment.question import Range, RangeQuestion
from duoshou.analysts.assortment.reorder import reorder_finding
from duoshou.analysts.assortment.stages import Stage
from duoshou.analysts.assortment.worth import QUARTER, Failure
from duoshou.model import (
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Impact,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
)
from duoshou.model.numbers import cents
from duoshou.statistics.concentration import Concentration

if TYPE_CHECKING:
    from duoshou.analysts.assortment.study import Product

DEAD_STOCK, DEPENDENCE, DECLINE = "assortment.dead_stock", "assortment.dependence", "assortment.decline"
ONE_THIRD = 1 / 3
"""Share of the money from which on a shop depends on one product: a stated convention, asked of the lower limit."""
MOST_DECLINES = 3
MOST_ROWS = 10
SHOP = Subject("shop", "", "")


def range_findings(
    question: RangeQuestion,
    found: Range,
    products: Sequence[Product],
    hit: tuple[Concentration | None, Failure | None],
    festivals: Sequence[FestivalAhead],
) -> tuple[Finding, ...]:
    """Return what deserves attention, the dearest first.

    Args:
        question: What was asked.
        found: The range.
        products: Its products.
        hit: How money is spread, and what the failure of the first product would cost.
        festivals: Phases of festivals ahead.
    """
    told = [
        reorder_finding(question, products, festivals),
        _dead_stock(question, products),
        _dependence(question, *hit),
        *_declines(question, found, products),
    ]
    return tuple(
        sorted(
            (one for one in told if one is not None), key=lambda one: -(one.impact.amount if one.impact else Decimal(0))
        )
    )


def _dead_stock(question: RangeQuestion, products: Sequence[Product]) -> Finding | None:
    dead = [(one, one.stock) for one in products if one.stock is not None and one.stock.dead_units > 0]
    if not dead:
        return None
    dead.sort(key=lambda pair: (-(pair[1].dead_money or Decimal(0)), -pair[1].dead_units, pair[0].id))
    priced = [stock.dead_money for _, stock in dead if stock.dead_money is not None]
    money, units = sum(priced, Decimal(0)), sum(stock.dead_units for _, stock in dead)
    rows = tuple(
        (
            one.id,
            one.title,
            stock.units,
            round(stock.a_day, 2),
            round(stock.cover_low),
            stock.dead_units,
        )
        for one, stock in dead[:MOST_ROWS]
    )
    basis = Text(
        "超出 90 天最多能卖的那部分库存的进货成本（按日销上限算）",
        "cost of the stock beyond what 90 days can sell at most, by the upper limit of the daily sales",
    )
    return Finding(
        DEAD_STOCK,
        SHOP,
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"{len(dead)} 个商品的库存够卖半年以上，多出来 {units:,} 件",
            f"{len(dead)} products have stock for more than half a year, {units:,} pieces too many",
        ),
        Confidence.LIKELY,
        Impact(money, question.currency, money, money, basis) if priced else None,
        evidence=(
            Evidence(
                "dead_stock",
                EvidenceType.TABLE,
                Text("滞销库存", "dead stock"),
                ("product", "title", "stock_units", "units_a_day", "cover_days_low", "dead_units"),
                rows,
            ),
        ),
        recommendations=(
            Recommendation(
                Text(
                    "停止补货，做一次清仓（先小折扣测试能走多少），走不动的搭配或退供应商",
                    "reorder no more, clear it with a small discount first, bundle or return what stays",
                ),
                Role.OPERATOR,
                Text("压着的钱和仓位可以换成会动的货", "money and shelves could hold what moves"),
            ),
        ),
        caveats=(
            Text(
                "按最近四周的销量看；过季商品到季会回升，进货成本按卖出件的平均成本",
                "by the sales of four weeks: what is out of season comes back; the cost is that of pieces sold",
            ),
        ),
    )


def _dependence(question: RangeQuestion, spread: Concentration | None, failed: Failure | None) -> Finding | None:
    if spread is None or failed is None or spread.first.low < ONE_THIRD:
        return None
    share = f"{spread.first.value:.0%}"
    money = None
    if failed.at_risk is not None and failed.at_risk_low is not None and failed.at_risk_high is not None:
        basis = Text(
            f"一个季度里爆款销量腰斩的概率（本店前三名 {failed.of} 次里 {failed.fell} 次）× 损失的一半利润",
            f"chance that a hit loses half in a quarter ({failed.fell} of {failed.of} here) times that half",
        )
        money = Impact(failed.at_risk, question.currency, failed.at_risk_low, failed.at_risk_high, basis)
    rows = (
        ("断货 14 天", "14 days out of stock", failed.out_of_stock),
        ("退款率升 10 个百分点，28 天", "refund rate up by 10 points, 28 days", failed.refunds),
        ("二十个季度里最坏的那个", "the worst of twenty quarters", failed.bad_quarter),
        ("同样的钱平摊到前三名", "the same if the first three brought equally much", failed.bad_quarter_if_even),
    )
    return Finding(
        DEPENDENCE,
        Subject("product", failed.product, failed.title),
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"全店的利润太靠「{failed.title}」一个商品",
            f"too much of what the shop earns comes from “{failed.title}” alone",
        ),
        Confidence.LIKELY,
        money,
        evidence=(
            Evidence(
                "failure",
                EvidenceType.TABLE,
                Text(
                    f"它占全店利润的 {share}；出问题的代价",
                    f"it brings {share} of what is earned; what a failure would cost",
                ),
                ("case_zh", "case_en", "money"),
                rows,
            ),
        ),
        recommendations=(
            Recommendation(
                Text(
                    "给它备足安全库存，盯紧评分和退款；同时用它的流量带两个后备款",
                    "keep safety stock and watch its reviews, and let its traffic bring up two successors",
                ),
                Role.OPERATOR,
                Text(
                    "断货、差评、掉排名任何一件都会伤到全店",
                    "running out, bad reviews or a lost rank would hurt the whole shop",
                ),
            ),
        ),
        caveats=(
            Text(
                "三分之一是约定的界线；概率来自本店自己的历史，次数少时区间很宽",
                "one third is a convention; the chance is of this shop's past, and wide where that is short",
            ),
        ),
    )


def _declines(question: RangeQuestion, found: Range, products: Sequence[Product]) -> list[Finding]:
    """Return the products of class A that decline, those that lose most first."""
    told: list[tuple[Decimal, Finding]] = []
    for one in products:
        life = one.life
        if one.letter != "A" or life.stage is not Stage.DECLINE or life.slope is None or life.since is None:
            continue
        if life.slope_low is None or life.slope_high is None or life.slope_high >= 0 or one.money <= 0:
            continue
        week = float(one.money) / min(QUARTER, found.weeks)
        # If the slope goes on for a quarter, against staying where it is.
        lost, low, high = (
            cents(sum(week * -math.expm1(slope * step) for step in range(1, QUARTER + 1)))
            for slope in (life.slope, life.slope_high, life.slope_low)
        )
        since = life.since
        told.append((lost, _decline(question, one, (lost, low, high), since.isoformat())))
    return [finding for _, finding in sorted(told, key=lambda pair: -pair[0])[:MOST_DECLINES]]


def _decline(question: RangeQuestion, one: Product, money: tuple[Decimal, Decimal, Decimal], since: str) -> Finding:
    slope = one.life.slope or 0.0
    basis = Text(
        "照这个速度再跌 13 周，比停在现在少赚的", "lost in 13 more weeks at this pace, against staying where it is"
    )
    return Finding(
        DECLINE,
        Subject("product", one.id, one.title),
        Period.of_month(question.as_of),
        question.as_of,
        Text(
            f"「{one.title}」自 {since} 那周起每周下降 {-slope:.1%}（已扣掉全店涨落）",
            f"“{one.title}” loses {-slope:.1%} a week since the week of {since}, the shop's own movement taken off",
        ),
        Confidence.LIKELY,
        Impact(money[0], question.currency, money[1], money[2], basis),
        evidence=(
            Evidence(
                "weekly",
                EvidenceType.SERIES,
                Text("每周件数", "pieces by week"),
                ("week", "units"),
                tuple(
                    (question.as_of - timedelta(days=7 * (len(one.weekly) - place) - 1), units)
                    for place, units in enumerate(one.weekly)
                ),
            ),
        ),
        recommendations=(
            Recommendation(
                Text(
                    "先查搜索排名、评价和同款降价；是生命到头就收缩推广，把流量给后备款",
                    "look at rank, reviews and rivals' prices; if its time is over, spend less and raise a successor",
                ),
                Role.OPERATOR,
                Text(
                    "它还是主要利润来源，越早接替损失越小",
                    "it still earns much: the earlier it is succeeded the less is lost",
                ),
            ),
        ),
        caveats=(Text("商品自己的季节没有扣掉", "its own season is not taken off"),),
    )
