"""Sharing an order's money among its lines, to the cent.

Cumulative rounding in whole cents: line *i* receives `R(c_i) - R(c_(i-1))`, where `c_i` is the sum of the weights up to
it and `R(c) = round_half_up(total · c / C)`. The shares add up to the total exactly, and each lies within one cent of
its exact share. Everything is integer arithmetic (HUGEINT); no money passes through a floating-point number.
"""

from __future__ import annotations

ORDER = "PARTITION BY shop, order_id"


def cents(amount: str) -> str:
    """Return the SQL of `amount` (DECIMAL with two places) in whole cents."""
    return f"CAST({amount} * 100 AS HUGEINT)"


def money(amount: str) -> str:
    """Return the SQL of a whole number of cents as DECIMAL(18,2)."""
    return f"CAST(CAST({amount} AS DECIMAL(38,0)) * 0.01 AS DECIMAL(18,2))"


def share(total: str, weight: str, running: str, whole: str) -> str:
    """Return the SQL of a line's share of `total`, all in whole numbers; NULL when the total is unknown.

    Args:
        total: Cents to share out; may be negative.
        weight: Weight of the line, not negative.
        running: Sum of the weights of the order up to and with this line.
        whole: Sum of the weights of the order, above zero.
    """
    upto, before = _rounded(total, running, whole), _rounded(total, f"({running} - {weight})", whole)
    return f"sign({total}) * ({upto} - {before})"


def _rounded(total: str, running: str, whole: str) -> str:
    return f"((2 * abs({total}) * {running} + {whole}) // (2 * {whole}))"
