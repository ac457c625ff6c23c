"""Orders as they are known at the end of the window, and runs of orders put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from duoshou.demo.simulation.world import STATUSES, Bools, Moments, Orders, World

NEVER = np.datetime64("NaT", "s")
CREATED, PAID, SHIPPED, FINISHED, CLOSED = range(len(STATUSES))
REQUESTED, SUCCEEDED = 1, 2


def concatenated(parts: Sequence[Orders]) -> Orders:
    """Return several runs of orders as one."""
    names = [one.name for one in fields(Orders)]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    before = np.cumsum([0, *(len(part.ids) for part in parts)])[:-1]
    lines = [len(part.line_order) for part in parts]
    columns["line_order"] = columns["line_order"] + np.repeat(before, lines)
    return Orders(**columns)


def as_known(world: World, orders: Orders) -> Orders:
    """Return the orders without what lies after the last day, and with their states on it."""
    end = world.dates[-1].astype("datetime64[s]") + np.timedelta64(86_400, "s")
    paid_at, shipped = _until(orders.paid_at, end), _until(orders.shipped, end)
    finished, closed = _until(orders.finished, end), _until(orders.closed, end)
    is_paid = ~np.isnat(paid_at)
    status = np.where(is_paid, PAID, CREATED)
    status = np.where(~np.isnat(shipped), SHIPPED, status)
    status = np.where(~np.isnat(finished), FINISHED, status)
    status = np.where(~np.isnat(closed), CLOSED, status)
    requested = _until(orders.line_refund_requested, end)
    refunded = _until(orders.line_refunded, end)
    asked, done = ~np.isnat(requested), ~np.isnat(refunded)
    reviewed = _until(orders.line_reviewed, end)
    seen = ~np.isnat(reviewed)
    paid_line = is_paid[orders.line_order]
    return replace(
        orders,
        deposit_paid=_until(orders.deposit_paid, end),
        paid_at=paid_at,
        shipped=shipped,
        finished=finished,
        closed=closed,
        status=status,
        paid=np.where(is_paid, orders.paid, 0),
        line_paid=np.where(paid_line, orders.line_paid, 0),
        line_commission=np.where(paid_line, orders.line_commission, 0),
        line_refund_kind=np.where(asked, orders.line_refund_kind, 0),
        line_refund_reason=np.where(asked, orders.line_refund_reason, -1),
        line_refund_status=np.where(done, SUCCEEDED, np.where(asked, REQUESTED, 0)),
        line_refund_amount=np.where(asked, orders.line_refund_amount, 0),
        line_refund_requested=requested,
        line_refunded=refunded,
        line_rating=_where(seen, orders.line_rating, 0),
        line_reviewed=reviewed,
        line_topic=_where(seen, orders.line_topic, -1),
        line_fault=_where(seen, orders.line_fault, -1),
    )


def _until(moments: Moments, end: np.datetime64) -> Moments:
    return np.where(moments < end, moments, NEVER)


def _where(
    known: Bools, values: np.ndarray[tuple[int, ...], np.dtype[np.int64]], other: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.where(known, values, other)
