"""What is asked of the launches, and the products' days as arrays; every number comes from the metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.categories import product_categories
from duoshou.analysts.product_days import product_days
from duoshou.engine import Backend
from duoshou.metrics import Catalogue
from duoshou.model import Period

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_DAYS = 731
QUIET_DAYS = 28
"""First days of the data in which a product that is seen for the first time may be an old one."""
METRICS = (
    *("visitors", "favourite_cart_buyers", "pay_buyers", "pay_amount", "search_visitors"),
    *("product_impressions", "product_clicks", "impressions", "clicks", "ad_cost", "ad_sales"),
)


@dataclass(frozen=True, slots=True)
class LaunchQuestion:
    """What is asked.

    Attributes:
        backend: Open engine.
        catalogue: Definitions of the metrics.
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the shop.
        names: From product ids to titles.
        today: Last day that the clock says is over.
        assumed_margin: Margin where costs are not known of half of the sales.
    """

    backend: Backend
    catalogue: Catalogue
    as_of: date
    shop: str | None
    currency: str
    names: Callable[[Sequence[str]], Mapping[str, str]]
    today: date
    assumed_margin: float = 0.3


@dataclass(frozen=True, slots=True)
class ProductDays:
    """The days of the products of a shop.

    Attributes:
        products: Ids.
        titles: Titles, of the same order.
        categories: Categories; None where no file tells one.
        end: Last day.
        first: Day from which on a product that is seen for the first time is a launch.
        start: int[P], day of its first visit or sale, counted from the first of the data; −1: never.
        values: Metric → float[P, T]; NaN where no file tells it.
    """

    products: tuple[str, ...]
    titles: tuple[str, ...]
    categories: tuple[str | None, ...]
    end: date
    first: int
    start: Ints
    values: Mapping[str, Floats]

    @property
    def days(self) -> int:
        """Number of days."""
        return int(self.values["pay_amount"].shape[1])

    @property
    def launched(self) -> Ints:
        """Places of the products that were launched in the time of the data, the latest first."""
        rows = np.flatnonzero(self.start >= self.first)
        return rows[np.argsort(-self.start[rows], kind="stable")]

    def age(self, row: int) -> int:
        """Return how many days a product has been there."""
        return self.days - int(self.start[row])

    def day(self, number: int) -> date:
        """Return the day of a column."""
        return self.end - timedelta(days=self.days - 1 - number)


def read_days(question: LaunchQuestion, first: date) -> ProductDays | None:
    """Return the products' days; None where there are none.

    Args:
        question: What is asked.
        first: First day of which anything is known.
    """
    days = min((question.as_of - first).days + 1, MOST_DAYS)
    if days < 1:
        return None
    period = Period(question.as_of - timedelta(days=days - 1), question.as_of)
    found = {metric: product_days(question, metric, period) for metric in METRICS}
    products = tuple(sorted({name for metric in ("visitors", "pay_amount") for name in found[metric]}))
    if not products:
        return None
    nothing = np.full(days, np.nan)
    values = {
        metric: np.stack([rows.get(name, nothing) for name in products]).astype(np.float64)
        for metric, rows in found.items()
    }
    seen = (np.nan_to_num(values["visitors"]) > 0) | (np.nan_to_num(values["pay_amount"]) > 0)
    start = np.where(seen.any(axis=1), seen.argmax(axis=1), -1)
    known = np.isfinite(values["visitors"]).any(axis=0)
    begins = int(known.argmax()) if known.any() else 0
    titles, categories = question.names(products), product_categories(question.backend, products, question.shop)
    return ProductDays(
        products,
        tuple(titles.get(one, one) for one in products),
        tuple(categories.get(one) for one in products),
        question.as_of,
        begins + QUIET_DAYS,
        start.astype(np.int64),
        values,
    )
