"""The derivation of `line_contribution` from order lines, costs, settlements and settings.

Everything that belongs to an order as a whole (fees, freight and packaging of an order, a subsidy that was settled) is
shared among its lines by what was paid, to the cent, with the rule of `duoshou.warehouse.allocation`.
"""

from __future__ import annotations

import duckdb

from duoshou.warehouse.allocation import ORDER, cents, money, share
from duoshou.warehouse.contribution.basis import MILLION, CostBasis, basis_tables, subsidising_platforms, twice_told
from duoshou.warehouse.schema import column_list, literal, load_tables, quoted

FEES = ("commission", "service_fee", "affiliate_fee", "promotion_fee", "insurance", "tax")
# A statement that tells one of these of an order tells what the platform took; an insurance alone does not.
SETTLING = ("sales", "commission", "service_fee")
_ALWAYS = "DATE '0001-01-01'"


def derive_contribution(connection: duckdb.DuckDBPyConnection, basis: CostBasis, touched: str | None) -> None:
    """Derive the contributions of the orders in the table `touched` (shop, order_id), or of all orders.

    Args:
        connection: The writer's copy, whose order lines are up to date.
        basis: What the settings say of costs.
        touched: Name of the table; None: every order.
    """
    some = "" if touched is None else f"SEMI JOIN {quoted(touched)} USING (shop, order_id)"
    basis_tables(connection, basis)
    _sold_lines(connection, some)
    _order_totals(connection, some)
    # Without rules and statements there is nothing to share out, which is most of the work.
    shares = bool(basis.rules) or connection.execute("SELECT 1 FROM settlement LIMIT 1").fetchone() is not None
    _running_weights(connection, some=shares)
    _prices(connection)
    if touched is None:
        statement = "CREATE OR REPLACE TABLE line_contribution AS"
    else:
        connection.execute(
            f"DELETE FROM line_contribution l USING {quoted(touched)} t "
            "WHERE l.shop = t.shop AND l.order_id = t.order_id"
        )
        statement = "INSERT INTO line_contribution"
    connection.execute(f"{statement} {_contributions(shares=shares)}")
    for name in ("cost_rule", "unit_cost", "sold_line", "sold_order", "weighed", "priced"):
        connection.execute(f"DROP TABLE {name}")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(literal(word) for word in words)


def _carried() -> str:
    """Return the columns of the order line that stand in the contribution as they are."""
    whole, line = load_tables()["line_contribution"].physical, load_tables()["order_line"].physical
    return column_list([name for name in whole if name in line])


def _sold_lines(connection: duckdb.DuckDBPyConnection, some: str) -> None:
    """Fill `sold_line`: the lines that were paid for, with what was kept of them and of what goods and parcels.

    A line is gone when nothing but the buyer's freight is left of what was paid for it: it costs no goods, and a parcel
    only if it was shipped.
    """
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE sold_line AS
        WITH {_cases(some)},
        known AS (
            SELECT l.* REPLACE (CAST(CASE WHEN l.refund_amount IS NULL AND c.refunded IS NOT NULL
                                     THEN least(c.refunded, coalesce(l.first_paid_amount, l.paid_amount))
                                     ELSE l.refund_amount END AS DECIMAL(18,2)) AS refund_amount)
            FROM (SELECT * FROM order_line {some}) l
            LEFT JOIN told c ON l.shop = c.shop AND l.order_id = c.order_id AND l.line_no = c.line_no),
        line AS (
            SELECT l.*, coalesce(first_paid_amount, paid_amount) AS paid,
                   CAST(CASE WHEN status = 'closed' AND refund_amount IS NULL THEN 0
                             ELSE coalesce(first_paid_amount, paid_amount) - coalesce(refund_amount, 0)
                             END AS DECIMAL(18,2)) AS kept
            FROM known l
            WHERE paid_on IS NOT NULL OR NOT coalesce(
                status = 'created' OR status = 'closed' AND coalesce(first_paid_amount, 0) = 0, false)),
        judged AS (
            SELECT *, coalesce(quantity > 0, true)
                   AND coalesce(kept <= greatest(freight, 0) AND (refund_amount > 0 OR status = 'closed'), false)
                   AS gone,
                   shipped_on IS NOT NULL OR coalesce(status IN ('shipped', 'finished'), false) AS shipped
            FROM line LEFT JOIN (SELECT shop, order_id, shipped_on FROM order_header) USING (shop, order_id))
        SELECT {_carried()}, paid, kept, gone, coalesce(abs({cents("paid")}), 0::HUGEINT) AS weight,
               CASE WHEN quantity <= 0 THEN quantity WHEN gone THEN 0 ELSE quantity END AS units,
               coalesce(quantity > 0, true) AND (shipped OR NOT gone) AS ships
        FROM judged"""
    )


def _cases(some: str) -> str:
    """Return the query `told`: what after-sale cases that succeeded paid back of each line.

    A case names its line by the platform's number of it; without one it is told of the line of an order that has no
    other. Of what else a case may be, nobody knows which line it was.
    """
    return f"""paid_back AS (
            SELECT shop, order_id, line_id, amount FROM refund {some}
            WHERE status = 'succeeded' AND amount IS NOT NULL AND order_id IS NOT NULL),
        item AS (
            SELECT shop, order_id, line_no, line_id, count(*) OVER (PARTITION BY shop, order_id) AS lines
            FROM order_item SEMI JOIN paid_back USING (shop, order_id)),
        told AS (
            SELECT r.shop, r.order_id, i.line_no, CAST(sum(r.amount) AS DECIMAL(18,2)) AS refunded
            FROM paid_back r JOIN item i ON r.shop = i.shop AND r.order_id = i.order_id
             AND (r.line_id = i.line_id OR r.line_id IS NULL AND i.lines = 1)
            GROUP BY ALL)"""


def _order_totals(connection: duckdb.DuckDBPyConnection, some: str) -> None:
    """Fill `sold_order`: one row for each order with its day and, in cents, what is shared among its lines."""
    rates = ", ".join(
        f"arg_max(r.{name}, ((r.shop IS NOT NULL)::INT * 2 + (r.platform IS NOT NULL)::INT, r.valid_from)) "
        f"FILTER (r.{name} IS NOT NULL) AS order_{name}"
        for name in ("fee_rate", "freight", "packaging")
    )
    is_fee = f"kind IN ({_listed(FEES)})"
    fee = f"((2 * abs(o.kept) * rate.order_fee_rate + {MILLION}) // {2 * MILLION})"
    marks = " ".join(
        f"WHEN {literal(platform)} THEN contains(statement_id, {literal(mark)})" for platform, mark in twice_told()
    )
    counts = f"coalesce(CASE lower(platform) {marks} ELSE true END, true)"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE sold_order AS
        WITH totals AS (
            SELECT shop, order_id, coalesce(min(paid_on), min(created_on), {_ALWAYS}) AS day, min(currency) AS currency,
                   lower(min(platform)) AS platform,
                   CASE WHEN count(kept) = count(*) THEN {cents("sum(kept)")} END AS kept,
                   sum(weight) AS weight, sum(weight) FILTER (ships) AS ship_weight,
                   count(*) AS lines, count(*) FILTER (ships) AS ship_lines
            FROM sold_line GROUP BY ALL),
        rates AS (
            SELECT o.shop, o.platform, o.currency, o.day, {rates}
            FROM (SELECT DISTINCT shop, platform, currency, day FROM totals) o JOIN cost_rule r
              ON r.currency = o.currency AND r.valid_from <= o.day AND coalesce(r.shop = o.shop, r.shop IS NULL)
             AND coalesce(r.platform = o.platform, r.platform IS NULL)
            GROUP BY ALL),
        bookings AS (
            SELECT shop, order_id, currency, kind, amount
            FROM settlement {some} WHERE order_id IS NOT NULL AND coalesce(status = 'settled', true)
            QUALIFY {counts} OR NOT bool_or({counts}) OVER (PARTITION BY shop, order_id, lower(platform))),
        booked AS (
            SELECT shop, order_id, currency,
                   coalesce(bool_or(kind IN ({_listed(SETTLING)})), false)
                   AND count(*) FILTER ({is_fee} AND amount IS NULL) = 0 AS settled,
                   -coalesce({cents(f"sum(amount) FILTER ({is_fee})")}, 0) AS fees,
                   {cents("sum(amount) FILTER (kind = 'platform_subsidy')")} AS subsidy
            FROM bookings GROUP BY ALL)
        SELECT o.shop, o.order_id, o.day, o.weight, coalesce(o.ship_weight, 0) AS ship_weight, o.lines, o.ship_lines,
               CASE WHEN b.settled THEN b.fees ELSE sign(o.kept) * {fee} END AS fees,
               CASE WHEN b.settled THEN 'actual' WHEN rate.order_fee_rate IS NULL OR o.kept IS NULL THEN 'none'
                    ELSE 'estimated' END AS fee_basis,
               CASE WHEN b.settled THEN b.subsidy END AS subsidy, rate.order_freight, rate.order_packaging
        FROM totals o
        LEFT JOIN booked b ON o.shop = b.shop AND o.order_id = b.order_id AND o.currency = b.currency
        LEFT JOIN rates rate ON o.shop = rate.shop AND o.platform IS NOT DISTINCT FROM rate.platform
                            AND o.currency = rate.currency AND o.day = rate.day"""
    )


def _running_weights(connection: duckdb.DuckDBPyConnection, *, some: bool) -> None:
    """Fill `weighed`: for the lines of orders of several lines, their weights and the sums up to each.

    `w` is what was paid, `s` the same for lines that are in a parcel; where all are 0, every line weighs the same.
    Without anything to share out there are none.
    """
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE weighed AS
        WITH line AS (
            SELECT l.shop, l.order_id, l.line_no,
                   CASE WHEN o.weight > 0 THEN l.weight ELSE 1::HUGEINT END AS w,
                   CASE WHEN NOT l.ships THEN 0::HUGEINT WHEN o.ship_weight > 0 THEN l.weight ELSE 1::HUGEINT END AS s,
                   CASE WHEN o.weight > 0 THEN o.weight ELSE o.lines END AS w_whole,
                   CASE WHEN o.ship_weight > 0 THEN o.ship_weight ELSE greatest(o.ship_lines, 1) END AS s_whole
            FROM sold_line l JOIN sold_order o ON l.shop = o.shop AND l.order_id = o.order_id
            WHERE {"o.lines > 1" if some else "false"})
        SELECT *, sum(w) OVER r AS w_upto, sum(s) OVER r AS s_upto
        FROM line WINDOW r AS ({ORDER} ORDER BY line_no ROWS UNBOUNDED PRECEDING)"""
    )


def _prices(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `priced`: what each code costs on each day on which it was sold."""
    sold = "FROM sold_line l JOIN sold_order o ON l.shop = o.shop AND l.order_id = o.order_id"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE priced AS
        WITH sold AS (SELECT DISTINCT l.shop, l.currency, l.sku AS code, o.day {sold}
                      UNION SELECT DISTINCT l.shop, l.currency, l.product_id, o.day {sold})
        SELECT s.shop, s.currency, s.code, s.day, c.unit_cost, c.freight, c.packaging
        FROM sold s ASOF JOIN unit_cost c
          ON s.shop = c.shop AND s.code = c.code AND s.currency = c.currency AND s.day >= c.valid_from"""
    )


def _contributions(*, shares: bool) -> str:
    """Return the query over the temporary tables that gives the rows of `line_contribution`."""
    nothing = "CAST(NULL AS DECIMAL(18,2))"
    by_paid = {name: _shared(f"o.{name}", "w") if shares else nothing for name in ("fees", "subsidy")}
    by_parcel = {name: _shared(f"o.order_{name}", "s") if shares else nothing for name in ("freight", "packaging")}
    platforms = f"coalesce(lower(l.platform) IN ({_listed(subsidising_platforms())}), false)"
    types = load_tables()["line_contribution"].physical
    expressions = {name: quoted(name) for name in types}
    expressions |= {
        "kept_amount": "kept",
        "units_kept": "units",
        "gross_margin": "income - goods_cost",
        "cost_known": "CASE WHEN goods_cost IS NULL THEN 0 ELSE 1 END",
        "costed_amount": "CASE WHEN goods_cost IS NOT NULL THEN income END",
        "contributing_amount": "CASE WHEN contribution IS NOT NULL THEN income END",
    }
    listed = ", ".join(f"CAST({expressions[name]} AS {type_}) AS {quoted(name)}" for name, type_ in types.items())
    same_line = "l.shop = {0}.shop AND l.order_id = {0}.order_id"
    same_code = "l.shop = {0}.shop AND l.currency = {0}.currency AND {0}.code = l.{1} AND o.day = {0}.day"
    return f"""WITH parts AS (
            SELECT l.*, o.fee_basis,
                   CASE WHEN l.units = 0 THEN 0::DECIMAL(18,2) ELSE {_of_units("unit_cost", "l.units")} END
                   AS goods_cost,
                   {by_paid["fees"]} AS platform_fees,
                   {_parcel("freight", by_parcel["freight"])} AS freight_cost,
                   {_parcel("packaging", by_parcel["packaging"])} AS packaging_cost,
                   CASE WHEN o.subsidy IS NOT NULL THEN {by_paid["subsidy"]} WHEN l.gone OR l.discount_platform = 0
                        THEN 0::DECIMAL(18,2) WHEN {platforms} THEN l.discount_platform END AS platform_subsidy
            FROM sold_line l JOIN sold_order o ON {same_line.format("o")}
            LEFT JOIN weighed w ON {same_line.format("w")} AND l.line_no = w.line_no
            LEFT JOIN priced k ON {same_code.format("k", "sku")}
            LEFT JOIN priced p ON {same_code.format("p", "product_id")}),
        earned AS (
            SELECT *, CAST(kept + coalesce(platform_subsidy, 0) AS DECIMAL(18,2)) AS income FROM parts),
        left_over AS (
            SELECT *, income - goods_cost - platform_fees - freight_cost - packaging_cost AS contribution FROM earned)
        SELECT {listed} FROM left_over"""


def _shared(total: str, weight: str) -> str:
    """Return the SQL of a line's share of an order's cents: all of it where the order has one line."""
    part = share(total, f"w.{weight}", f"w.{weight}_upto", f"w.{weight}_whole")
    return money(f"CASE WHEN o.lines = 1 THEN {total} ELSE {part} END")


def _unit(name: str) -> str:
    return f"CASE WHEN k.code IS NOT NULL THEN k.{name} ELSE p.{name} END"


def _of_units(name: str, units: str) -> str:
    return f"CAST(round({_unit(name)} * {units}, 2) AS DECIMAL(18,2))"


def _parcel(name: str, per_order: str) -> str:
    """Return the SQL of freight or packaging: nothing without a parcel, by the unit where told, else of the order."""
    by_unit = _of_units(name, "l.quantity")
    return (
        f"CASE WHEN NOT l.ships THEN 0::DECIMAL(18,2) WHEN {_unit(name)} IS NOT NULL THEN {by_unit} "
        f"ELSE {per_order} END"
    )
