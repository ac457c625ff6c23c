"""Focus or spread, in money: what a thousand more visitors leave with the hit, and with the next products."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.assortment.question import Range
from duoshou.analysts.assortment.worth import FALLEN, LAST_WEEKS, falls
from duoshou.model.numbers import cents

Floats = NDArray[np.float64]
NEXT = 3
RANKS_BELOW = (3, 10)
"""Places by sales of the products whose failures are those of the next ones."""
VISITORS = 1000
LEAST_WEEKS = 8
LEAST_TURNS = 6
"""Turns of products without which the chance of a failure is anybody's guess."""
BLOCK, DRAWS, SEED = 2, 2000, 20_261_127


class Where(StrEnum):
    """Where further traffic leaves more."""

    FOCUS = "focus"
    SPREAD = "spread"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Left:
    """Money with its 95 % interval."""

    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Focus:
    """What a thousand further visitors would leave, by where they go.

    Attributes:
        where: Where they leave more, if that can be told.
        hit: Id of the first product.
        others: Ids of the next products that are compared.
        with_hit: What they leave with the hit, the expected loss of its failing taken off.
        with_others: The same with the next ones, a third each.
        difference: The first less the second.
        lost_with_hit: Expected loss by failing, with the hit.
        lost_with_others: The same with the next ones.
        fell, of: Failures among the first three products of past quarters.
        fell_below, of_below: The same among those in fourth to tenth place.
    """

    where: Where
    hit: str
    others: tuple[str, ...]
    with_hit: Left
    with_others: Left
    difference: Left
    lost_with_hit: Left
    lost_with_others: Left
    fell: int
    of: int
    fell_below: int
    of_below: int


def focus(found: Range, money: Floats) -> Focus | None:
    """Return the comparison; None where visitors or the past of the shop do not tell.

    Money per visitor is that of the last 13 weeks, with pairs of weeks drawn anew for all products at once (Künsch
    1989), so that what moves the whole shop cancels. A product that fails loses half of what its visitors leave; the
    chance of it within a quarter is beta by Jeffreys' prior from the shop's own past. What is compared are means, not
    the margin: that further visitors leave as much as those of now is assumed of both.

    Args:
        found: The products' weeks.
        money: What each product left in the last 13 weeks.
    """
    weeks = min(LAST_WEEKS, found.weeks)
    known = np.isfinite(found.visitors[:, -weeks:]).all(axis=1) & (np.nansum(found.visitors[:, -weeks:], axis=1) > 0)
    order = [int(row) for row in np.argsort(-money, kind="stable") if money[row] > 0]
    rows = [order[0], *(row for row in order[1:] if known[row])][: NEXT + 1] if order else []
    turns = falls(found), falls(found, *RANKS_BELOW)
    if weeks < LEAST_WEEKS or len(rows) < 2 or not known[rows[0]] or min(of for _, of in turns) < LEAST_TURNS:
        return None
    random = np.random.default_rng(SEED)
    per_visitor = _drawn(found, money, np.array(rows), weeks, random)
    means = VISITORS * per_visitor[:, 0], VISITORS * per_visitor[:, 1:].mean(axis=1)
    chances = [random.beta(fell + 0.5, of - fell + 0.5, DRAWS + 1) for fell, of in turns]
    for chance, (fell, of) in zip(chances, turns, strict=True):
        chance[0] = (fell + 0.5) / (of + 1)
    lost = [mean * chance * FALLEN for mean, chance in zip(means, chances, strict=True)]
    left = [mean - loss for mean, loss in zip(means, lost, strict=True)]
    difference = _left(left[0] - left[1])
    where = Where.FOCUS if difference.low > 0 else Where.SPREAD if difference.high < 0 else Where.CANNOT_TELL
    return Focus(
        where,
        found.products[rows[0]],
        tuple(found.products[row] for row in rows[1:]),
        _left(left[0]),
        _left(left[1]),
        difference,
        _left(lost[0]),
        _left(lost[1]),
        *turns[0],
        *turns[1],
    )


def _drawn(found: Range, money: Floats, rows: NDArray[np.int64], weeks: int, random: np.random.Generator) -> Floats:
    """Return float[1 + draws, rows], money per visitor: as it was, and of weeks drawn anew."""
    sold, visitors = found.amount[rows, -weeks:], found.visitors[rows, -weeks:]
    rate = money[rows] / np.maximum(sold.sum(axis=1), 1e-9)
    starts = random.integers(0, weeks - BLOCK + 1, (DRAWS, -(-weeks // BLOCK)))
    drawn = (starts[:, :, None] + np.arange(BLOCK)).reshape(DRAWS, -1)[:, :weeks]
    drawn = np.concatenate([np.arange(weeks)[None], drawn])
    return np.asarray((sold[:, drawn].sum(axis=2) / np.maximum(visitors[:, drawn].sum(axis=2), 1.0)).T * rate)


def _left(draws: Floats) -> Left:
    low, high = np.quantile(draws[1:], (0.025, 0.975))
    value = float(draws[0])
    return Left(*(cents(float(one)) for one in (value, min(low, value), max(high, value))))
