"""The same orders twice, under other numbers, from two files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from duoshou.model import Confidence
from duoshou.statistics import benjamini_hochberg, poisson_upper_tail
from duoshou.warehouse.checks.context import FAMILY_RATE, CheckContext
from duoshou.warehouse.checks.daily import ORDERS
from duoshou.warehouse.checks.signals import MOST_ROWS, Signal

COLUMNS = ("day", "order_id", "file", "row", "twin_order_id", "twin_file", "twin_row", "amount")

# An order's fingerprint is all that an order number does not say: second, buyer, money and lines. Few orders share one:
# those are looked for by a hash first, and only they are held in memory.
_SHARED = f"""
CREATE OR REPLACE TEMP TABLE order_alike AS
WITH one AS (
  SELECT shop, order_id, hash(shop, min(created_at), min({ORDERS.day}), any_value(buyer_key), sum(paid_amount),
         sum(quantity), count(*), sum(hash(product_id, title, quantity, unit_price)::HUGEINT)) AS mark
  FROM order_line WHERE created_at IS NOT NULL AND {ORDERS.day} <= $day GROUP BY shop, order_id),
shared AS (SELECT mark FROM one GROUP BY mark HAVING count(*) > 1)
SELECT shop, order_id FROM one SEMI JOIN shared USING (mark)
"""
_TWINS = f"""
WITH one AS (
  SELECT shop, order_id, coalesce(any_value(source_hash), '') AS file_hash, any_value(source_file) AS file,
         min(source_row) AS row, min(created_at) AS second, min({ORDERS.day}) AS on_day, any_value(buyer_key) AS buyer,
         sum(paid_amount) AS amount, sum(quantity) AS units, count(*) AS lines,
         sum(hash(product_id, title, quantity, unit_price)::HUGEINT) AS content
  FROM order_line SEMI JOIN order_alike USING (shop, order_id)
  WHERE created_at IS NOT NULL AND {ORDERS.day} <= $day GROUP BY shop, order_id),
alike AS (
  SELECT shop, on_day, list(struct_pack(order_id := order_id, file_hash := file_hash, file := file, "row" := row,
         amount := amount) ORDER BY file_hash, row) AS twins, count(DISTINCT file_hash) AS files
  FROM one GROUP BY shop, second, on_day, buyer, amount, units, lines, content HAVING count(*) > 1)
"""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two files with orders alike."""

    shop: str
    first: str
    second: str
    twins: int
    days: tuple[date, ...]


def double_imports(context: CheckContext) -> list[Signal]:
    """Return the pairs of files that hold the same orders under different order numbers.

    How many orders tie by accident is known from the shop itself: orders alike within one file cannot be a double
    import. The number of ties across two files is compared with that rate by a Poisson test.
    """
    if not context.has(ORDERS.table):
        return []
    context.rows(_SHARED, {"day": context.day})
    by_chance = _ties_within(context)
    pairs = _pairs(context)
    chances = [poisson_upper_tail(pair.twins, by_chance[pair.shop] * _orders(context, pair)) for pair in pairs]
    rejected = benjamini_hochberg(chances, FAMILY_RATE)
    return [_signal(context, pair) for pair, doubled in zip(pairs, rejected, strict=True) if doubled]


def _ties_within(context: CheckContext) -> dict[str, float]:
    """Return shop → share of orders that have a twin within their own file, half a tie added for rare ones."""
    sql = _TWINS + "SELECT shop, count(*) FROM alike WHERE files = 1 GROUP BY shop"
    ties = dict(context.rows(sql, {"day": context.day}))
    orders = {shop: sum(total.count for total in days.values()) for shop, days in context.days(ORDERS).items()}
    return {shop: (ties.get(shop, 0) + 0.5) / max(1, count) for shop, count in orders.items()}


def _pairs(context: CheckContext) -> list[_Pair]:
    sql = (
        _TWINS
        + """
        SELECT shop, twins[1].file_hash, twins[-1].file_hash, count(*), list(DISTINCT on_day ORDER BY on_day)
        FROM alike WHERE files > 1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
    )
    return [_Pair(shop, a, b, n, tuple(days)) for shop, a, b, n, days in context.rows(sql, {"day": context.day})]


def _orders(context: CheckContext, pair: _Pair) -> int:
    return sum(context.days(ORDERS)[pair.shop][day].count for day in pair.days)


def _signal(context: CheckContext, pair: _Pair) -> Signal:
    sql = (
        _TWINS
        + f"""
        SELECT on_day, twins[1].order_id, twins[1].file, twins[1]."row", twins[-1].order_id, twins[-1].file,
               twins[-1]."row", twins[1].amount
        FROM alike WHERE shop = $shop AND twins[1].file_hash = $first AND twins[-1].file_hash = $second
        ORDER BY 1, 4 LIMIT {MOST_ROWS}"""
    )
    names: dict[str, Any] = {"day": context.day, "shop": pair.shop, "first": pair.first, "second": pair.second}
    rows = tuple(context.rows(sql, names))
    facts = {"count": pair.twins, "file": rows[0][2], "other_file": rows[0][5]}
    mark = f"{pair.first} {pair.second}"
    return Signal("data.double_import", pair.shop, ORDERS.key, pair.days, Confidence.LIKELY, facts, COLUMNS, rows, mark)
