"""`order_line`, derived from `order_header` and `order_item`: the same in whichever order they arrived."""

from __future__ import annotations

import duckdb

from duoshou.warehouse.allocation import ORDER, cents, money, share
from duoshou.warehouse.merge import rank
from duoshou.warehouse.schema import LINEAGE, column_list, load_tables, quoted

_SHARED = ("discount_seller", "discount_platform", "freight")
_JOIN = "{0}.shop = {1}.shop AND {0}.order_id = {1}.order_id"


def derive(connection: duckdb.DuckDBPyConnection, touched: str | None) -> None:
    """Derive the lines of the orders in the table `touched` (shop, order_id), or of all orders.

    An order with items has their lines, with the header's money shared out where the items do not carry it; an order
    without items has one line with all of it.
    """
    header, item = "order_header", "order_item"
    if touched is not None:
        header = f"(SELECT * FROM order_header SEMI JOIN {quoted(touched)} USING (shop, order_id))"
        item = f"(SELECT * FROM order_item SEMI JOIN {quoted(touched)} USING (shop, order_id))"
    _plan(connection, header, item)
    statement = "CREATE OR REPLACE TABLE order_line AS"
    if touched is not None:
        connection.execute(f"DELETE FROM order_line l USING {quoted(touched)} t WHERE {_JOIN.format('l', 't')}")
        statement = "INSERT INTO order_line"
    connection.execute(f"{statement} {_lines(connection, header, item)}")
    connection.execute("DROP TABLE order_plan")


def _plan(connection: duckdb.DuckDBPyConnection, header: str, item: str) -> None:
    """Fill `order_plan`: one row for each order with items, saying whether money must be shared out."""
    shared = " OR ".join(f"h.{name} <> 0" for name in _SHARED)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE order_plan AS
        WITH sums AS (
            SELECT shop, order_id, count(*) AS lines, count(paid_amount) = lines AS carries_paid,
                   sum(paid_amount) AS paid, count(refund_amount) = lines AS carries_refund FROM {item} GROUP BY ALL)
        SELECT s.shop, s.order_id, s.lines, s.carries_paid, s.carries_refund,
               s.lines > 1 AND (
                   coalesce(NOT s.carries_paid OR h.paid_amount <> s.paid, false) AND h.paid_amount IS NOT NULL
                   OR coalesce(h.first_paid_amount <> coalesce(h.paid_amount, s.paid, 0), false)
                   OR coalesce(h.refund_amount <> 0 AND NOT s.carries_refund, false)
                   OR coalesce({shared}, false)) AS complex
        FROM sums s LEFT JOIN {header} h ON {_JOIN.format("s", "h")}"""
    )


def _lines(connection: duckdb.DuckDBPyConnection, header: str, item: str) -> str:
    parts = [_lonely(header)]
    if connection.execute("SELECT 1 FROM order_plan WHERE NOT complex LIMIT 1").fetchone():
        parts.append(_simple(header, item))
    if connection.execute("SELECT 1 FROM order_plan WHERE complex LIMIT 1").fetchone():
        parts.append(_complex(header, item))
    return " UNION ALL ".join(parts)


def _columns(money_columns: dict[str, str]) -> str:
    """Return the select list of `order_line` over `i` (item), `h` (header) and the given money."""
    expressions = _attributes() | money_columns
    listed = [f"{expressions[name]} AS {quoted(name)}" for name in load_tables()["order_line"].facts]
    lineage = [f"i.{name}" for name in LINEAGE]
    return ", ".join(listed + lineage)


def _attributes() -> dict[str, str]:
    expressions = {}
    for name in load_tables()["order_line"].facts:
        in_header = name in load_tables()["order_header"].facts
        in_item = name in load_tables()["order_item"].facts
        both = f"coalesce(i.{name}, h.{name})"
        expressions[name] = both if in_header and in_item else f"h.{name}" if in_header else f"i.{name}"
    expressions["shop"], expressions["order_id"], expressions["line_no"] = "i.shop", "i.order_id", "i.line_no"
    expressions["quantity"] = "i.quantity"
    item, head = rank("i.status"), rank("h.status")
    later = "(h.exported_at, h.source_hash) > (i.exported_at, i.source_hash)"
    expressions["status"] = (
        f"CASE WHEN h.status IS NULL THEN i.status WHEN i.status IS NULL THEN h.status WHEN {head} > {item} "
        f"OR {head} = {item} AND {later} THEN h.status ELSE i.status END"
    )
    return expressions


def _refunded(refund: str) -> dict[str, str]:
    """Return when the line was refunded: as the item says; else as the order says, unless nothing was refunded."""
    return {
        name: f"CASE WHEN i.{name} IS NOT NULL THEN i.{name} WHEN {refund} = 0 THEN NULL ELSE h.{name} END"
        for name in ("refunded_at", "refunded_on")
    }


def _simple(header: str, item: str) -> str:
    """Return the query for orders whose items carry their money, or that have one line only."""
    paid = "CASE WHEN h.lines = 1 THEN coalesce(h.paid_amount, i.paid_amount) ELSE i.paid_amount END"
    # With several lines a header's first amount equals the paid one here, so the items' amounts serve for both.
    first = (
        "CASE WHEN h.lines = 1 THEN coalesce(h.first_paid_amount, nullif(h.paid_amount, 0), nullif(i.paid_amount, 0)) "
        "WHEN h.first_paid_amount IS NULL THEN nullif(i.paid_amount, 0) ELSE i.paid_amount END"
    )
    # With several lines a header's refund is 0 here or the items tell theirs.
    refund = "coalesce(i.refund_amount, CASE WHEN h.lines = 1 THEN h.refund_amount ELSE h.refund_amount * 0 END)"
    amounts = {"paid_amount": paid, "first_paid_amount": first, "refund_amount": f"CAST({refund} AS DECIMAL(18,2))"}
    amounts |= {name: f"h.{name}" for name in _SHARED} | _refunded(amounts["refund_amount"])
    # One join over the many lines: plan and header, one row an order each, are joined before.
    orders = (
        "SELECT p.shop AS plan_shop, p.order_id AS plan_order_id, p.lines, h.* FROM order_plan p "
        f"LEFT JOIN {header} h ON {_JOIN.format('p', 'h')} WHERE NOT p.complex"
    )
    on = "i.shop = h.plan_shop AND i.order_id = h.plan_order_id"
    return f"SELECT {_columns(amounts)} FROM {item} i JOIN ({orders}) h ON {on}"


def _lonely(header: str) -> str:
    """Return the query for orders without items: one line with the header's own values."""
    line, head = load_tables()["order_line"].facts, load_tables()["order_header"].facts
    listed = [f"h.{name}" if name in head else f"CAST(NULL AS {type_}) AS {name}" for name, type_ in line.items()]
    listed = [
        "CAST(1 AS BIGINT) AS line_no" if name == "line_no" else text for name, text in zip(line, listed, strict=True)
    ]
    lineage = column_list(tuple(LINEAGE), "h.")
    return f"SELECT {', '.join(listed)}, {lineage} FROM {header} h ANTI JOIN order_plan p ON {_JOIN.format('h', 'p')}"


def _complex(header: str, item: str) -> str:
    """Return the query for orders of several lines among which the header's money is shared out."""
    item_columns = ", ".join(f"i.{name}" for name in load_tables()["order_item"].physical)
    totals = ", ".join(
        f"{cents(f'h.{name}')} AS {name}_total"
        for name in ("paid_amount", "first_paid_amount", "refund_amount", *_SHARED)
    )
    goods, paid_weight = _weights()
    by_goods = {name: share(f"{name}_total", "goods", "goods_running", "goods_whole") for name in _SHARED}
    by_paid = {
        name: share(f"{name}_total", "paid_weight", "paid_running", "paid_whole")
        for name in ("paid_amount", "first_paid_amount")
    }
    shared = ", ".join(f"{sql} AS {name}_share" for name, sql in (by_goods | by_paid).items())
    amounts = {name: money(f"i.{name}_share") for name in _SHARED}
    kept = "i.paid_amount_total IS NULL OR i.keeps_paid"
    amounts["paid_amount"] = f"CASE WHEN {kept} THEN i.paid_amount ELSE {money('i.paid_amount_share')} END"
    amounts["first_paid_amount"] = (
        f"coalesce({money('i.first_paid_amount_share')}, nullif({amounts['paid_amount']}, 0))"
    )
    amounts["refund_amount"] = f"coalesce(i.refund_amount, {money('i.refund_share')})"
    amounts |= _refunded(amounts["refund_amount"])
    refund = share("refund_rest", "refund_weight", "refund_running", "refund_whole")
    return f"""SELECT {_columns(amounts)} FROM (
        WITH weighed AS (
            SELECT {item_columns}, {totals}, p.carries_paid, {goods} AS goods,
                   p.carries_paid AND min(i.paid_amount) OVER o >= 0 AND sum(i.paid_amount) OVER o > 0 AS by_paid,
                   coalesce(p.carries_paid AND sum(i.paid_amount) OVER o = h.paid_amount, false) AS keeps_paid
            FROM {item} i JOIN order_plan p ON {_JOIN.format("i", "p")} JOIN {header} h ON {_JOIN.format("i", "h")}
            WHERE p.complex WINDOW o AS (PARTITION BY i.shop, i.order_id)),
        summed AS (
            SELECT *, {paid_weight} AS paid_weight,
                   sum(goods) OVER r AS goods_running, sum(goods) OVER o AS goods_whole,
                   sum({paid_weight}) OVER r AS paid_running, sum({paid_weight}) OVER o AS paid_whole
            FROM weighed WINDOW o AS ({ORDER}), r AS ({ORDER} ORDER BY line_no ROWS UNBOUNDED PRECEDING)),
        shared AS (SELECT *, {shared} FROM summed),
        owed AS (
            SELECT *, CASE WHEN refund_amount_total IS NULL OR count(refund_amount) OVER o = 0 THEN refund_amount_total
                           ELSE greatest(refund_amount_total - sum({cents("refund_amount")}) OVER o, 0)
                           END AS refund_rest,
                   CASE WHEN refund_amount IS NULL THEN 1 ELSE 0 END AS unknown,
                   abs(coalesce(CASE WHEN sum(paid_amount_share) OVER o <> 0 THEN paid_amount_share END,
                                first_paid_amount_share, 0)) AS paid_part
            FROM shared WINDOW o AS ({ORDER})),
        refunding AS (
            SELECT *, unknown * CASE WHEN sum(unknown * paid_part) OVER o > 0 THEN paid_part
                                     WHEN sum(unknown * goods) OVER o > 0 THEN goods ELSE 1 END AS refund_weight
            FROM owed WINDOW o AS ({ORDER})),
        running AS (
            SELECT *, sum(refund_weight) OVER r AS refund_running,
                   greatest(sum(refund_weight) OVER o, 1) AS refund_whole
            FROM refunding WINDOW o AS ({ORDER}), r AS ({ORDER} ORDER BY line_no ROWS UNBOUNDED PRECEDING))
        SELECT *, {refund} AS refund_share FROM running
    ) i JOIN {header} h ON {_JOIN.format("i", "h")}"""


def _weights() -> tuple[str, str]:
    """Return the SQL of a line's weight by the value of the goods, and by what was paid where the items carry that.

    Value of the goods: the line's amount; where all of an order's amounts are 0 or unknown, the quantity; where these
    are, too, every line weighs the same. Weights are not negative: the absolute values serve where one is.
    """
    amount = "abs(coalesce(i.amount, CAST(i.quantity * i.unit_price AS DECIMAL(18,2)), i.paid_amount, 0))"
    quantity = "abs(coalesce(i.quantity, 0))"
    goods = (
        f"CASE WHEN sum({amount}) OVER o > 0 THEN {cents(amount)} WHEN sum({quantity}) OVER o > 0 "
        f"THEN CAST({quantity} AS HUGEINT) ELSE 1::HUGEINT END"
    )
    return goods, f"CASE WHEN by_paid THEN {cents('paid_amount')} ELSE goods END"
