"""What kind of thing a subject is: whom it competes with, and who is moved by the same demand without competing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from duoshou.loop.evaluation.reading import Reader, Values
from duoshou.model import Period

PRICE_BAND = 1.5
"""Factor of the mean price within which products of a category compete."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Categories and prices of subjects, as far as files tell them.

    Attributes:
        prices: What a unit of each was sold for.
        categories: The category of each.
    """

    prices: Mapping[str, float] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)

    def rivals(self, names: Collection[str]) -> frozenset[str]:
        """Return those that compete with one of the named; by price alone where no category is known."""
        own = [(self.prices[name], self.categories.get(name)) for name in names if name in self.prices]
        return frozenset(
            name
            for name, price in self.prices.items()
            if name not in names
            and any(
                _is_close(price, other) and (category is None or self.categories.get(name, category) == category)
                for other, category in own
            )
        )

    def peers(self, names: Collection[str], others: Sequence[str]) -> NDArray[np.bool_]:
        """Return bool[others + 1, others + 1]: whether a column is of the kind of a row, and competes not with it.

        Args:
            names: Subjects that are looked at together, row 0; they are nobody's peers.
            others: The other rows.
        """
        price = np.log([self.prices.get(name, np.nan) for name in others])
        category = np.array([self.categories.get(name) for name in others], dtype=object)
        table = np.zeros((len(others) + 1, len(others) + 1), dtype=bool)
        for row, group in enumerate((names, *((name,) for name in others))):
            alike, close = np.zeros((2, len(others)), dtype=bool)
            for name in group:
                if name in self.prices and name in self.categories:
                    alike |= (category == self.categories[name]) & np.isfinite(price)
                    close |= np.abs(price - np.log(self.prices[name])) <= np.log(PRICE_BAND)
            table[row, 1:] = alike & ~close
        return table


UNKNOWN = Kinds()
"""Where no file tells."""


def kinds_of(reader: Reader, sold: Values | None, days: Period) -> Kinds:
    """Return the categories of products and what a unit of each was sold for over the days.

    Args:
        reader: Of the shop.
        sold: What was paid for each.
        days: Those whose prices count: of a change those before it, as it may be one of the price.
    """
    units = reader.values("pay_units", "product")
    if sold is None or units is None:
        return UNKNOWN
    amounts, counts = sizes(sold, days), sizes(units, days)
    sellers = (name for name, amount in amounts.items() if amount > 0 and counts.get(name, 0.0) > 0)
    return Kinds({name: amounts[name] / counts[name] for name in sellers}, reader.categories())


def sizes(values: Values, days: Period) -> dict[str, float]:
    """Return the sum of each subject over the days."""
    first, last = max(values.column(days.start), 0), max(values.column(days.end) + 1, 0)
    return dict(zip(values.names, np.nansum(values.values[:, first:last], axis=1).tolist(), strict=True))


def _is_close(price: float, other: float) -> bool:
    return max(price / other, other / price) <= PRICE_BAND
