"""When to order, how much, and when the stock is gone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.demand.law import Floats, Law
from duoshou.statistics.expectation.panel import BoolArray, IntArray


@dataclass(frozen=True, slots=True)
class Order:
    """What to order today; all float[S], in pieces.

    Attributes:
        point: Pieces that last until goods ordered today come; with fewer the order is urgent, and may come too late.
        up_to: Order-up-to level: pieces that last until the goods of the next order come.
        pieces: What to order today: what is missing to that level.
        lost: Pieces expected to be asked for in vain until the goods of the next order, if none is placed today.
        lost_low, lost_high: The 5 % and the 95 % quantile of them.
        too_late: Pieces of `lost` for which even an order of today comes too late.
    """

    point: Floats
    up_to: Floats
    pieces: Floats
    lost: Floats
    lost_low: Floats
    lost_high: Floats
    too_late: Floats


def order(total: Law, stock: Floats, lead: IntArray, review: int, service: float) -> Order:
    """Return what periodic review orders: up to what lead time and review period may take.

    What is not ordered today can be ordered a review period later, and comes a lead time after that: until then the
    pieces must last. The (R, S) policy of Silver, Pyke and Thomas (2017), chapter 6, with the quantile of the
    forecast's own law in the place of a normal safety stock: a festival in those days raises the level, one behind
    them does not.

    Args:
        total: Law of the sums over the first 1 … H days, S × H.
        stock: float[S], pieces at hand and under way.
        lead: int[S], days until goods arrive, at least 1.
        review: Days between two orders, at least 1.
        service: Probability of no shortage that is asked for, between 0 and 1.

    Raises:
        ValueError: If lead time and review period reach beyond the forecast, or the service is no probability.
    """
    if not 0 < service < 1 or review < 1 or np.any(lead < 1) or np.any(lead + review > total.mean.shape[1]):
        raise ValueError("lead time and review period lie within the forecast, the service between 0 and 1")
    until, beyond = _at(total, lead), _at(total, lead + review)
    point, up_to = until.quantile(service), beyond.quantile(service)
    up_to = np.maximum(point, up_to)
    return Order(
        point,
        up_to,
        np.maximum(up_to - np.floor(stock), 0.0),
        beyond.lost(stock),
        np.maximum(beyond.quantile(0.05) - stock, 0.0),
        np.maximum(beyond.quantile(0.95) - stock, 0.0),
        until.lost(stock),
    )


def run_out(total: Law, stock: Floats, probability: float) -> IntArray:
    """Return the first day ahead (1 …) by which the stock is gone with this probability; 0: not within the forecast."""
    gone = np.maximum.accumulate(total.at_least(stock[:, None]), axis=1) >= probability
    return np.where(gone.any(axis=1), np.argmax(gone, axis=1) + 1, 0).astype(np.int64)


def packed(wanted: Floats, urgent: BoolArray, minimum: IntArray, pack: IntArray) -> Floats:
    """Return what is ordered where suppliers sell whole packs and no less than a minimum: float[S].

    Less than the minimum waits until it is reached or the order is urgent: until then the pieces at hand still last
    through the lead time.

    Args:
        wanted: float[S], pieces that are missing.
        urgent: bool[S], goods ordered later would come too late.
        minimum: int[S], least pieces of an order, at least 1.
        pack: int[S], pieces of a pack, at least 1.

    Raises:
        ValueError: If a minimum or a pack is below 1.
    """
    if np.any(minimum < 1) or np.any(pack < 1):
        raise ValueError("minimum and pack are at least one piece")
    full = np.ceil(np.maximum(wanted, minimum) / pack) * pack
    return np.where((wanted > 0) & (urgent | (wanted >= minimum)), full, 0.0)


def lasts(total: Law, stock: Floats, probability: float) -> Floats:
    """Return the days for which stock lasts at least with this probability: float[S]; inf where nothing is asked for.

    No stock lasts no day, however little is asked for.

    Within the forecast whole days, and the part of the next one's demand that is still met; beyond it the pace of the
    quantile over all days of the forecast goes on.
    """
    days = total.mean.shape[1]
    paths = np.maximum.accumulate(total.quantile(probability), axis=1)
    before = np.concatenate([np.zeros((len(stock), 1)), paths], axis=1)
    day = (paths <= stock[:, None]).sum(axis=1)
    rows, last = np.arange(len(stock)), np.minimum(day, days - 1)
    step = np.maximum(paths[rows, last] - before[rows, last], 1.0)
    within = day + (stock - before[rows, last]) / step
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = np.where(paths[:, -1] > 0, stock / paths[:, -1] * days, np.inf)
    return np.asarray(np.where(stock <= 0, 0.0, np.where(day < days, within, beyond)))


def _at(total: Law, day: IntArray) -> Law:
    rows = np.arange(len(day))
    return Law(total.mean[rows, day - 1], total.variance[rows, day - 1])
