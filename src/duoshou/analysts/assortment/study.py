"""The study of a range: every product with its life, class, role and stock, and what of it deserves attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from duoshou.analysts.assortment.companions import Companion, companions
from duoshou.analysts.assortment.demand import (
    MOST_PRODUCTS,
    STALE_DAYS,
    Demand,
    FestivalAhead,
    demands,
    festivals_ahead,
)
from duoshou.analysts.assortment.findings import range_findings
from duoshou.analysts.assortment.focus import Focus, focus
from duoshou.analysts.assortment.question import Basis, Range, RangeQuestion, read_range
from duoshou.analysts.assortment.roles import Quadrant, Role, Thresholds, quadrants, roles, thresholds
from duoshou.analysts.assortment.stages import Life, lacks_index, lives
from duoshou.analysts.assortment.stock import Stocked, stocked
from duoshou.analysts.assortment.supply import terms_of
from duoshou.analysts.assortment.worth import LAST_WEEKS, Failure, classes, failure, money_of, spread_of
from duoshou.model import Finding, Text, plain
from duoshou.model.numbers import cents
from duoshou.statistics.concentration import Concentration
from duoshou.statistics.lifecycle import LEAST_SERIES

FEW_WEEKS = 12
"""Weeks below which lives are hardly told."""
MOVING_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the range; money and pieces are those of the last 13 weeks.

    Attributes:
        id: Platform's id.
        title: Latest title.
        category: None where no file tells it.
        units: Pieces.
        amount: What was paid.
        money: What it left, by the basis of the study.
        letter: A, B or C.
        life: Where it is in its life.
        role: What it is for.
        quadrant: Growth and share.
        stock: Its stock; None where no file tells it.
        weekly: Pieces by week, the oldest first.
        demand: What will be asked for, and what to order for it.
    """

    id: str
    title: str
    category: str | None
    units: int
    amount: Decimal
    money: Decimal
    letter: str
    life: Life
    role: Role
    quadrant: Quadrant
    stock: Stocked | None
    weekly: tuple[int, ...]
    demand: Demand


@dataclass(frozen=True, slots=True)
class RangeStudy:
    """What is known of a range.

    Attributes:
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the amounts.
        weeks: Weeks that were looked at.
        basis: What the money is.
        products: By money.
        moving: Products that sold in the last four weeks ÷ all of the study (动销率); None without products.
        spread: How the money is spread over the products; None where there is none.
        failure: What the failure of the first product would cost.
        focus: What a thousand further visitors would leave with the first product, and with the next ones; None where
            that cannot be told.
        companions: What the first product's buyers buy besides.
        thresholds: From where on a product has a role; None in a small range.
        stock_day: Day of the stock; None without stock files.
        dead_money: What dead stock cost in all; None without stock or costs.
        festivals: Phases of festivals in the days that the forecasts reach.
        findings: What deserves attention.
        caveats: What cannot be told, and why.
    """

    as_of: date
    shop: str | None
    currency: str
    weeks: int
    basis: Basis
    products: tuple[Product, ...]
    moving: float | None
    spread: Concentration | None
    failure: Failure | None
    focus: Focus | None
    companions: tuple[Companion, ...]
    thresholds: Thresholds | None
    stock_day: date | None
    dead_money: Decimal | None
    festivals: tuple[FestivalAhead, ...]
    findings: tuple[Finding, ...]
    caveats: tuple[Text, ...]

    def without_costs(self) -> RangeStudy:
        """Return the study for those who may not see what sales leave: order, classes and shares are those of sales."""
        rows = sorted(self.products, key=lambda one: (-one.amount, one.id))
        sold = np.array([float(one.amount) for one in rows])
        shares = quadrants(sold, tuple(one.life for one in rows), self.thresholds)
        hidden = tuple(
            replace(
                one,
                money=Decimal(0),
                letter=letter,
                role=Role.CANNOT_TELL,
                quadrant=quadrant,
                stock=None if one.stock is None else replace(one.stock, dead_money=None),
            )
            for one, letter, quadrant in zip(rows, classes(sold), shares, strict=True)
        )
        return replace(
            self,
            basis=Basis.SALES,
            products=hidden,
            failure=None,
            focus=None,
            companions=(),
            thresholds=None,
            dead_money=None,
            spread=None,
            findings=(),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; money as decimal strings, shares as numbers."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__}
        if self.spread is not None:
            shape["spread"]["effective"] = self.spread.effective
        return shape | {"findings": [one.to_dict() for one in self.findings]}


def study_range(question: RangeQuestion, first: date | None) -> RangeStudy:
    """Return what is known of a range; a shop that has sold nothing has an empty one that says so.

    Args:
        question: What is asked.
        first: First day of which anything is known; None: nothing is.
    """
    found = None if first is None else read_range(question, first)
    if found is None:
        caveat = Text(
            "还没有按商品的销售数据（要有订单或商品日数据，至少一周）", "no week of sales by product is known yet"
        )
        return RangeStudy(
            question.as_of,
            question.shop,
            question.currency,
            0,
            Basis.SALES,
            (),
            None,
            None,
            None,
            None,
            (),
            None,
            None,
            None,
            (),
            (),
            (caveat,),
        )
    money = money_of(found)
    limits = thresholds(found, money)
    assert first is not None
    terms = terms_of(question, found.products)
    products = _products(found, money, limits, demands(question, found, first, terms))
    festivals = festivals_ahead(question, terms)
    spread, failed = spread_of(found), failure(found, money)
    dead = [one.stock.dead_money for one in products if one.stock is not None and one.stock.dead_money is not None]
    return RangeStudy(
        question.as_of,
        question.shop,
        question.currency,
        found.weeks,
        found.basis,
        products,
        float((found.units[:, -MOVING_WEEKS:].sum(axis=1) > 0).mean()),
        spread,
        failed,
        focus(found, money),
        companions(question, failed.product) if failed is not None else (),
        limits,
        found.stock_day,
        sum(dead, Decimal(0)) if dead else None,
        festivals,
        range_findings(question, found, products, (spread, failed), festivals),
        tuple(_caveats(found, limits)),
    )


def _products(
    found: Range, money: np.ndarray, limits: Thresholds | None, demand: Sequence[Demand]
) -> tuple[Product, ...]:
    letters, life = classes(money), lives(found)
    role, quadrant, stock = roles(found, money, limits), quadrants(money, life, limits), stocked(found)
    units, sold = (one[:, -LAST_WEEKS:].sum(axis=1) for one in (found.units, found.amount))
    rows = [
        Product(
            found.products[row],
            found.titles[row],
            found.categories[row],
            int(units[row]),
            cents(sold[row]),
            cents(money[row]),
            letters[row],
            life[row],
            role[row],
            quadrant[row],
            stock[row],
            tuple(int(one) for one in found.units[row]),
            demand[row],
        )
        for row in range(len(found.products))
    ]
    return tuple(sorted(rows, key=lambda one: (-one.money, -one.amount, one.id)))


def _caveats(found: Range, limits: Thresholds | None) -> list[Text]:
    caveats = []
    if found.weeks < FEW_WEEKS:
        caveats.append(
            Text(
                f"只有 {found.weeks} 周数据，生命周期多半不能判断（要 {FEW_WEEKS} 周以上）",
                f"{found.weeks} weeks are known: most lives cannot be told before {FEW_WEEKS}",
            )
        )
    if lacks_index(found):
        caveats.append(
            Text(
                f"天天在卖的商品不足 {LEAST_SERIES} 个，扣不掉全店的季节：成长、衰退不能判断",
                f"fewer than {LEAST_SERIES} products sell steadily: the shop's season cannot be taken off, "
                "and growth or decline cannot be told",
            )
        )
    elif found.weeks < 52:
        caveats.append(
            Text(
                "数据不满一年：只扣掉了全店（或类目）一起的涨落，单个商品自己的季节会被看成成长或衰退",
                "less than a year of data: what shop or category share is taken off, a product's own season is not",
            )
        )
    if found.basis is Basis.SALES:
        caveats.append(
            Text(
                "没有成本，按支付金额排序，利润款和引流款不能判断",
                "no costs are known: products are ranked by sales, roles by margin cannot be told",
            )
        )
    elif found.basis is Basis.GROSS_MARGIN:
        caveats.append(
            Text(
                "平台费用、运费或包装不全：扣掉已知的成本算，实际更少",
                "fees, freight or packaging are not wholly known: money is what is left after those that are",
            )
        )
    if found.stock_day is None:
        caveats.append(
            Text(
                "没有库存文件，够卖天数、滞销库存和补货不能判断",
                "no stock file: cover, dead stock and what to order cannot be told",
            )
        )
    elif (found.end - found.stock_day).days > STALE_DAYS:
        caveats.append(
            Text(
                f"库存文件停在 {found.stock_day}，太旧，够卖天数和补货不能判断",
                f"the stock file ends on {found.stock_day}: too old to tell cover and what to order",
            )
        )
    if len(found.products) > MOST_PRODUCTS:
        caveats.append(
            Text(
                f"只预测卖得最多的 {MOST_PRODUCTS} 个商品",
                f"only the {MOST_PRODUCTS} products that sell most are forecast",
            )
        )
    if limits is None:
        caveats.append(
            Text("在卖的商品不足 8 个，不分四象限和角色", "fewer than 8 products sell: no roles and no matrix")
        )
    return caveats
