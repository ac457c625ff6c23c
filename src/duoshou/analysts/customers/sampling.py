"""Customers whose every purchase is looked at, to learn how all of them buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.customers.question import CustomerQuestion, customers, purchases
from duoshou.statistics.lifetime.purchases import Histories, histories

SAMPLE = 25_000
WEEK = 7.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Purchases of some customers, by customer and day.

    Attributes:
        customer: Number of the customer of each purchase, from 0.
        day: Its day, counted from 1970-01-01.
        money: Paid less refunds.
    """

    customer: NDArray[np.int64]
    day: Floats
    money: Floats

    @property
    def size(self) -> int:
        """How many customers."""
        return int(self.customer[-1]) + 1 if self.customer.size else 0

    def until(self, end: float) -> Sample:
        """Return what was known at the end of a day; customers who came later are not in it."""
        kept = self.day <= end
        _, customer = np.unique(self.customer[kept], return_inverse=True)
        return Sample(customer.astype(np.int64), self.day[kept], self.money[kept])

    def bought_between(self, start: float, end: float) -> Floats:
        """Return how many purchases after `start` and up to `end` each customer made who was there at `start`."""
        known = self.day <= start
        there = np.unique(self.customer[known])
        later = (self.day > start) & (self.day <= end)
        return np.bincount(self.customer[later], minlength=self.size)[there].astype(np.float64)

    def summaries(self, end: float) -> tuple[Floats, Floats, Floats]:
        """Return repeats, and in weeks the last purchase and the age, of each customer at the end of a day."""
        number = np.bincount(self.customer)
        begins = np.concatenate(([0], np.cumsum(number)[:-1]))
        first, last = self.day[begins], self.day[begins + number - 1]
        repeats = number.astype(np.float64) - 1
        return repeats, (last - first) / WEEK, (end - first) / WEEK

    def first_and_later(self) -> tuple[Floats, Floats]:
        """Return the day of each customer's first purchase, and the days of all others."""
        is_first = np.diff(self.customer, prepend=-1) > 0
        return self.day[is_first], self.day[~is_first]

    def histories(self, end: float) -> Histories:
        """Return the histories at the end of a day, equal ones counted together."""
        return histories(*self.summaries(end))

    def spent(self) -> tuple[Floats, Floats]:
        """Return each customer's number of purchases and their mean."""
        number = np.bincount(self.customer).astype(np.float64)
        return number, np.bincount(self.customer, weights=self.money) / number


def sample_of(question: CustomerQuestion, size: int = SAMPLE) -> Sample:
    """Return the purchases of the customers with the first keys; keys are hashes, so that these are drawn by lot."""
    rows: Any = customers(question)
    chosen = rows.select("buyer_key").order_by("buyer_key").limit(size)
    days: Any = purchases(question).semi_join(chosen, "buyer_key")
    days = days.select("buyer_key", "day", money=days["money"].cast("float64")).order_by(["buyer_key", "day"])
    found = question.backend.execute(days)
    keys = found["buyer_key"].to_numpy(zero_copy_only=False)
    new = np.ones(len(keys), dtype=bool)
    new[1:] = keys[1:] != keys[:-1]
    day = found["day"].cast("int32").to_numpy().astype(np.float64)
    return Sample(np.cumsum(new) - 1, day, found["money"].to_numpy().astype(np.float64))
