"""What was counted of baskets, products, pairs and steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.baskets import PairCounts

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sizes:
    """The baskets of each month: how many, and how large.

    Attributes:
        months: Number of each month, year × 12 + month; ascending.
        baskets: Number of baskets.
        items: Σ of the different products in them.
        pairs: Σ s (s − 1) over their sizes s.
        several: Baskets with two or more products.
    """

    months: Counts
    baskets: Counts
    items: Counts
    pairs: Counts
    several: Counts


@dataclass(frozen=True, slots=True)
class Counted:
    """Products by position, their baskets by month, and the pairs of them.

    Attributes:
        products: Ids of the products that were looked at, ascending.
        support: Baskets of each; shape (products, months).
        partners: Other products in those baskets, each counted as often as it lies there; of the same shape.
        sizes: The baskets of each month.
        pairs: The pairs that lie together at all, as positions in `products`.
    """

    products: tuple[str, ...]
    support: Counts
    partners: Counts
    sizes: Sizes
    pairs: PairCounts


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps from one day of purchase of a buyer to the next.

    Attributes:
        number: How many there are.
        first: Steps whose first day holds a product, by position.
        second: Steps whose second day does.
        pairs: Steps with one product on the first and another on the second day.
    """

    number: int
    first: Counts
    second: Counts
    pairs: PairCounts
