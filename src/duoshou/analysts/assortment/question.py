"""What is asked of the range, and the products' weeks as arrays; every number comes from the metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.categories import product_categories
from duoshou.analysts.product_days import PRODUCT, product_days
from duoshou.engine import Backend
from duoshou.metrics import Catalogue, MetricError, daily_panel
from duoshou.model import Period
from duoshou.settings.calendar import Calendar

Floats = NDArray[np.float64]
WEEK = 7
MOST_WEEKS = 104
LEAST_COVERAGE = 0.5
"""Part of the sales whose margin must be known for it to rank products."""


class Basis(StrEnum):
    """What products are ranked by, the truer first."""

    CONTRIBUTION = "contribution"
    GROSS_MARGIN = "gross_margin"
    SALES = "pay_amount"


@dataclass(frozen=True, slots=True)
class Rules:
    """How goods are ordered: days until they can be sold, days between two orders, probability of not running out."""

    lead_days: int = 14
    review_days: int = 7
    service: float = 0.95


@dataclass(frozen=True, slots=True)
class PlannedPrice:
    """A price that a product is to have.

    Attributes:
        product: Id of the product.
        first: First day of the price.
        last: Last day; None: it stays.
        price: The price.
    """

    product: str
    first: date
    last: date | None
    price: Decimal


MARGINS = (
    (Basis.CONTRIBUTION, "contribution", "contributing_income"),
    (Basis.GROSS_MARGIN, "known_margin", "costed_income"),
)


@dataclass(frozen=True, slots=True)
class RangeQuestion:
    """What is asked.

    Attributes:
        backend: Open engine.
        catalogue: Definitions of the metrics.
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the shop.
        names: From product ids to titles.
        today: Last day that the clock says is over.
        weeks: Weeks that are looked back on, at most.
        calendar: Festivals and holidays, past and ahead; None: only weekdays are known.
        rules: How goods are ordered.
        plans: Prices that are planned for the days ahead.
    """

    backend: Backend
    catalogue: Catalogue
    as_of: date
    shop: str | None
    currency: str
    names: Callable[[Sequence[str]], Mapping[str, str]]
    today: date
    weeks: int = MOST_WEEKS
    calendar: Calendar | None = None
    rules: Rules = Rules()
    plans: tuple[PlannedPrice, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """The products of a shop by week, the last week ending with the day asked for.

    Attributes:
        products: Ids, by sales of the last 90 days.
        titles: Titles, of the same order.
        categories: Categories; None where no file tells one.
        end: Last day.
        units: Products × weeks: pieces paid for.
        amount: Products × weeks: what was paid.
        visitors: Products × weeks; NaN where no file tells it.
        margin: Products × weeks, what the sales left by `basis`; equal to `amount` where no cost is known.
        margin_income: Products × weeks: the sales of which the margin is known.
        refunds: Products × weeks: refunds by payment or refund day as the files tell; NaN where they do not.
        basis: What the margin is.
        goods_cost: Products × weeks: what the goods that were sold cost; NaN where it is unknown.
        costed: Products × weeks: the sales of which that is known.
        stock: Pieces in stock on the last known day; NaN where no file tells it.
        stock_day: That day; None without stock files.
    """

    products: tuple[str, ...]
    titles: tuple[str, ...]
    categories: tuple[str | None, ...]
    end: date
    units: Floats
    amount: Floats
    visitors: Floats
    margin: Floats
    margin_income: Floats
    refunds: Floats
    basis: Basis
    goods_cost: Floats
    costed: Floats
    stock: Floats
    stock_day: date | None

    @property
    def weeks(self) -> int:
        """Number of weeks."""
        return int(self.units.shape[1])

    def day_of(self, week: int) -> date:
        """Return the first day of a week."""
        return self.end - timedelta(days=WEEK * (self.weeks - week) - 1)


def read_range(question: RangeQuestion, first: date) -> Range | None:
    """Return the products' weeks; None where nothing was sold.

    Args:
        question: What is asked.
        first: First day of which anything is known.
    """
    weeks = min(((question.as_of - first).days + 1) // WEEK, question.weeks)
    if weeks < 1:
        return None
    period = Period(question.as_of - timedelta(days=WEEK * weeks - 1), question.as_of)
    units = _weekly(question, "pay_units", period)
    if not units:
        return None
    amount = _weekly(question, "pay_amount", period)
    recent = {name: float(np.nansum(amount.get(name, np.zeros(weeks))[-13:])) for name in units}
    products = tuple(sorted(units, key=lambda name: (-recent[name], name)))
    nothing = np.full(weeks, np.nan)

    def stacked(rows: Mapping[str, Floats]) -> Floats:
        return np.stack([rows.get(name, nothing) for name in products])

    sold = np.nan_to_num(stacked(amount))
    basis, margin, income = _margin(question, period, stacked, sold)
    stock, stock_day = _stock(question, products)
    titles = question.names(products)
    categories = product_categories(question.backend, products, question.shop)
    return Range(
        products,
        tuple(titles.get(one, one) for one in products),
        tuple(categories.get(one) for one in products),
        question.as_of,
        np.nan_to_num(stacked(units)),
        sold,
        stacked(_weekly(question, "visitors", period)),
        margin,
        income,
        stacked(_weekly(question, "refund_amount", period)),
        basis,
        stacked(_weekly(question, "goods_cost", period)),
        stacked(_weekly(question, "costed_income", period)),
        stock,
        stock_day,
    )


def _weekly(question: RangeQuestion, metric: str, period: Period) -> dict[str, Floats]:
    """Return product → sums by week; nothing where the shop's files do not tell the metric by product."""
    return {name: _by_week(days) for name, days in product_days(question, metric, period).items()}


def _by_week(days: Floats) -> Floats:
    weeks = days.reshape(-1, WEEK)
    return np.where(np.isfinite(weeks).any(axis=1), np.nansum(weeks, axis=1), np.nan)


def _margin(
    question: RangeQuestion, period: Period, stacked: Callable[[Mapping[str, Floats]], Floats], sold: Floats
) -> tuple[Basis, Floats, Floats]:
    for basis, earned, income in MARGINS:
        known = np.nan_to_num(stacked(_weekly(question, income, period)))
        if known.sum() >= LEAST_COVERAGE * sold.sum() > 0:
            return basis, np.nan_to_num(stacked(_weekly(question, earned, period))), known
    return Basis.SALES, sold, sold


def _stock(question: RangeQuestion, products: Sequence[str]) -> tuple[Floats, date | None]:
    """Return what each product has in stock on the last day that tells it, within four weeks."""
    period = Period(question.as_of - timedelta(days=4 * WEEK - 1), question.as_of)
    try:
        panel = daily_panel(
            question.backend,
            question.catalogue,
            ["stock_units"],
            period=period,
            as_of=question.today,
            by=(PRODUCT,),
            shop=question.shop,
        )
    except MetricError:
        return np.full(len(products), np.nan), None
    values = panel.values["stock_units"]
    known = np.flatnonzero(np.isfinite(values).any(axis=0)) if len(values) else np.zeros(0, dtype=np.int64)
    if not len(known):
        return np.full(len(products), np.nan), None
    last = {split[0]: float(row[known[-1]]) for split, row in zip(panel.splits, values, strict=True)}
    return np.array([last.get(one, np.nan) for one in products]), panel.days[int(known[-1])]
