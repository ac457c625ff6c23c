"""What the platform's reports say of orders, counted while the orders pass: no chunk is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from duoshou.demo.exports.calendar import index_of
from duoshou.demo.simulation.world import REFUND_STATUSES, Orders, World

SUCCEEDED = REFUND_STATUSES.index("succeeded")


@dataclass
class Tally:
    """Sums by day (D) and by day and product (D×P), by the day of payment unless the name says otherwise."""

    world: World
    paid_amount: Any = field(init=False)
    ordered_amount: Any = field(init=False)
    order_buyers: Any = field(init=False)
    lines: Any = field(init=False)
    returning_amount: Any = field(init=False)
    parcels: Any = field(init=False)
    positive: Any = field(init=False)
    negative: Any = field(init=False)
    affiliate_orders: Any = field(init=False)
    affiliate_buyers: Any = field(init=False)
    affiliate_units: Any = field(init=False)
    affiliate_amount: Any = field(init=False)
    commission: Any = field(init=False)
    item_new_buyers: Any = field(init=False)
    item_returning_amount: Any = field(init=False)

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if name != "world":
                shape = (
                    (self.world.days, len(self.world.products.codes)) if name.startswith("item_") else self.world.days
                )
                setattr(self, name, np.zeros(shape, dtype=np.int64))

    def add(self, orders: Orders) -> None:
        """Count a chunk."""
        paid, created = index_of(self.world, orders.paid_at), orders.day
        _add(self.paid_amount, paid, orders.paid)
        _add(self.ordered_amount, created, orders.payable)
        _add(self.returning_amount, np.where(orders.is_first, -1, paid), orders.paid)
        _add(self.order_buyers, _distinct(created, orders.buyer), 1)
        _add(self.parcels, index_of(self.world, orders.shipped), 1)
        line_paid = paid[orders.line_order]
        _add(self.lines, line_paid, 1)
        self._add_reviews(orders)
        self._add_affiliates(orders, paid, line_paid)
        self._add_items(orders, line_paid)

    def _add_reviews(self, orders: Orders) -> None:
        reviewed = index_of(self.world, orders.line_reviewed)
        _add(self.positive, np.where(orders.line_rating >= 4, reviewed, -1), 1)
        _add(self.negative, np.where(orders.line_rating <= 2, reviewed, -1), 1)

    def _add_affiliates(self, orders: Orders, paid: Any, line_paid: Any) -> None:
        through = np.where(orders.affiliate >= 0, paid, -1)
        lines = np.where(orders.affiliate[orders.line_order] >= 0, line_paid, -1)
        _add(self.affiliate_orders, through, 1)
        _add(self.affiliate_buyers, _distinct(through, orders.buyer), 1)
        _add(self.affiliate_units, lines, orders.line_units)
        _add(self.affiliate_amount, lines, orders.line_paid)
        _add(self.commission, lines, orders.line_commission)

    def _add_items(self, orders: Orders, line_paid: Any) -> None:
        products = self.item_new_buyers.shape[1]
        cell = np.where(line_paid >= 0, line_paid * products + orders.line_product, -1)
        first = orders.is_first[orders.line_order]
        # A buyer has one first order: its cells are distinct when those of the order are.
        firsts = np.unique(np.stack([orders.line_order[first], cell[first]]), axis=1)[1]
        _add(self.item_new_buyers.reshape(-1), firsts, 1)
        _add(self.item_returning_amount.reshape(-1), np.where(first, -1, cell), orders.line_paid)


def _add(total: Any, place: Any, amount: Any) -> None:
    inside = (place >= 0) & (place < len(total))
    np.add.at(total, place[inside], amount[inside] if isinstance(amount, np.ndarray) else amount)


def _distinct(day: Any, buyer: Any) -> Any:
    """Return the day of each distinct pair of day and buyer."""
    known = day >= 0
    order = np.lexsort((buyer[known], day[known]))
    days, buyers = day[known][order], buyer[known][order]
    new = np.ones(len(days), dtype=bool)
    new[1:] = (days[1:] != days[:-1]) | (buyers[1:] != buyers[:-1])
    return days[new]
