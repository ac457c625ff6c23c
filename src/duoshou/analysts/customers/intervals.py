"""After how many days a product is bought again, and for how many of its customers that time has come."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from duoshou.analysts.customers.question import CustomerQuestion, paid_lines

LEAST_GAPS = 30
MOST_PRODUCTS = 50
LEVEL = 0.95
UPPER = 0.9
"""Who waited longer than nine in ten of those who came back is not due but late."""


@dataclass(frozen=True, slots=True)
class Repurchase:
    """How a product is bought again.

    Attributes:
        product: Its id.
        title: Its latest title.
        gaps: How often it was bought again.
        median: Days between two purchases of one customer, the median of those who came back.
        low: Lower end of the 95 % interval of the median.
        high: Upper end.
        late_after: Days by which nine in ten of those who came back had.
        customers: Who bought it at all.
        due: Customers who last bought it at least `median` and at most `late_after` days ago.
    """

    product: str
    title: str
    gaps: int
    median: int
    low: int
    high: int
    late_after: int
    customers: int
    due: int

    @property
    def again(self) -> float:
        """Part of the purchases that were followed by another one."""
        return self.gaps / (self.gaps + self.customers)


def repurchases(question: CustomerQuestion) -> tuple[Repurchase, ...]:
    """Return the products bought again at least 30 times, those with most returns first, 50 at most."""
    lines: Any = paid_lines(question)
    lines = lines.filter(lines["buyer_key"].notnull(), lines["product_id"].notnull(), lines["kept"] > 0)
    lines = lines.select("product_id", "buyer_key", "day", "title")
    each = _buyers(lines.group_by(["product_id", "buyer_key", "day"]).agg(title=lines["title"].max()))
    chosen: Any = each.group_by("product_id").agg(gaps=(each["days"] - 1).sum(), title=each["title"].max())
    chosen = chosen.filter(chosen["gaps"] >= LEAST_GAPS).order_by([ibis.desc("gaps"), "product_id"])
    top = question.backend.execute(chosen.limit(MOST_PRODUCTS)).to_pylist()
    if not top:
        return ()
    few: Any = lines.filter(lines["product_id"].isin([row["product_id"] for row in top]))
    days: Any = few.group_by(["product_id", "buyer_key", "day"]).agg(title=few["title"].max())
    gaps, last = _gaps(days), _buyers(days)
    ago = ibis.literal(question.as_of, type="date").delta(last["last"], unit="day").cast("int64")
    counted = {"gap": _counts(question, gaps, "gap"), "ago": _counts(question, last.mutate(ago=ago), "ago")}
    return tuple(
        _repurchase(
            row["product_id"], row["title"] or row["product_id"], *(counted[n][row["product_id"]] for n in counted)
        )
        for row in top
    )


def _buyers(days: Any) -> Any:
    """Return a row for each product and buyer: on how many days they bought it, and when last."""
    return days.group_by(["product_id", "buyer_key"]).agg(
        days=days.count(), last=days["day"].max(), title=days["title"].max()
    )


def _gaps(days: Any) -> Any:
    """Return the days of purchase with the days since the buyer's one before."""
    order: Any = ibis.window(group_by=["product_id", "buyer_key"], order_by="day")
    days = days.mutate(before=days["day"].lag().over(order))
    return days.mutate(gap=days["day"].delta(days["before"], unit="day").cast("int64"))


Counts = tuple[NDArray[np.int64], NDArray[np.int64]]


def _counts(question: CustomerQuestion, days: Any, name: str) -> dict[str, Counts]:
    rows = days.filter(days[name].notnull())
    found = question.backend.execute(rows.group_by(["product_id", name]).agg(number=rows.count())).to_pylist()
    of: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in found:
        of[row["product_id"]].append((int(row[name]), int(row["number"])))
    told = {}
    for product, pairs in of.items():
        both = np.array(sorted(pairs), dtype=np.int64)
        told[product] = (both[:, 0], both[:, 1])
    return told


def median_interval(values: NDArray[np.int64], numbers: NDArray[np.int64]) -> tuple[int, int, int]:
    """Return the median of counted values and the ends of its 95 % interval, from the order statistics.

    The ranks are those of a binomial of one half, so that nothing is assumed of the distribution.
    """
    total = int(numbers.sum())
    reach = np.cumsum(numbers)

    def at(rank: int) -> int:
        return int(values[int(np.searchsorted(reach, rank))])

    lower = max(1, int(binom.ppf((1 - LEVEL) / 2, total, 0.5)))
    return at((total + 1) // 2), at(lower), at(min(total, total - lower + 1))


def _repurchase(product: str, title: str, gaps: Counts, ago: Counts) -> Repurchase:
    median, low, high = median_interval(*gaps)
    reach = np.cumsum(gaps[1])
    late = int(gaps[0][int(np.searchsorted(reach, UPPER * reach[-1]))])
    due = int(ago[1][(ago[0] >= median) & (ago[0] <= late)].sum())
    return Repurchase(product, title, int(reach[-1]), median, low, high, late, int(ago[1].sum()), due)
