"""Orders without lines, and orders whose lines do not add up to their units."""

from __future__ import annotations

from duoshou.model import Confidence
from duoshou.warehouse.checks.context import CheckContext
from duoshou.warehouse.checks.daily import ORDERS
from duoshou.warehouse.checks.signals import MOST_ROWS, Signal

NO_ITEMS = ("day", "order_id", "file", "row", "quantity", "amount")
QUANTITIES = ("day", "order_id", "file", "row", "quantity", "units_in_lines", "item_file", "item_row")

_DAY = "coalesce(h.created_on, h.paid_on)"

_LINES = """lines AS (
  SELECT shop, order_id, sum(quantity) AS units, min(source_file) AS file, min(source_row) AS row
  FROM order_item GROUP BY 1, 2)"""

_COVERED = f"""covered AS (
  SELECT h.shop, {_DAY} AS on_day, count(*) AS orders, count(lines.order_id) AS with_lines
  FROM order_header h LEFT JOIN lines USING (shop, order_id) WHERE {_DAY} <= $day GROUP BY 1, 2)"""


def missing_items(context: CheckContext) -> list[Signal]:
    """Return the orders without lines on days whose other orders have them.

    A shop that never loads the order details has nothing missing: only days are looked at on which at least half
    of the orders have lines.
    """
    if not (context.has("order_header") and context.has("order_item")):
        return []
    found = context.rows(
        f"""WITH {_LINES}, {_COVERED}
        SELECT h.shop, {_DAY}, h.order_id, h.source_file, h.source_row, h.quantity, h.paid_amount::DOUBLE
        FROM order_header h LEFT JOIN lines USING (shop, order_id)
        JOIN covered ON covered.shop = h.shop AND covered.on_day = {_DAY}
        WHERE lines.order_id IS NULL AND with_lines * 2 >= orders AND with_lines > 0 ORDER BY 1, 2, 5""",
        {"day": context.day},
    )
    return _by_shop(found, "data.missing_items", Confidence.LIKELY, NO_ITEMS)


def quantity_mismatches(context: CheckContext) -> list[Signal]:
    """Return the orders whose number of units differs from the sum of their lines.

    Both numbers are the platform's, so any difference is a fault of a file. Where most orders differ the two count
    different things, and that is said instead by the confidence.
    """
    if not (context.has("order_header") and context.has("order_item")):
        return []
    names = {"day": context.day}
    found = context.rows(
        f"""WITH {_LINES}
        SELECT h.shop, {_DAY}, h.order_id, h.source_file, h.source_row, h.quantity, lines.units, lines.file, lines.row
        FROM order_header h JOIN lines USING (shop, order_id)
        WHERE h.quantity <> lines.units AND {_DAY} <= $day ORDER BY 1, 2, 5""",
        names,
    )
    sql = f"SELECT h.shop, count(*) FROM order_header h WHERE h.quantity IS NOT NULL AND {_DAY} <= $day GROUP BY 1"
    orders = dict(context.rows(sql, names))
    signals = _by_shop(found, "data.quantity_mismatch", Confidence.CERTAIN, QUANTITIES)
    return [signal for signal in signals if signal.facts["count"] * 2 < orders[signal.shop]]


def _by_shop(
    found: list[tuple[object, ...]], kind: str, confidence: Confidence, columns: tuple[str, ...]
) -> list[Signal]:
    signals = []
    for shop in sorted({str(row[0]) for row in found}):
        rows = [row[1:] for row in found if row[0] == shop]
        days = tuple(sorted({row[0] for row in rows}))  # type: ignore[type-var]
        facts = {"count": len(rows)}
        signals.append(
            Signal(kind, shop, ORDERS.key, days, confidence, facts, columns, tuple(rows[:MOST_ROWS]))  # type: ignore[arg-type]
        )
    return signals
