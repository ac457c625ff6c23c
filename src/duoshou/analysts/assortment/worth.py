"""What each product brings: its money of the last weeks, its class, and how much of the shop hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.assortment.question import Range
from duoshou.model.numbers import cents
from duoshou.statistics.concentration import Concentration, concentration

Floats = NDArray[np.float64]
LAST_WEEKS = 13
CLASS_A, CLASS_B = 0.8, 0.95
"""Parts of the money that the products of class A, of A and B, bring together (Pareto's convention)."""
FALLEN = 0.5
"""A hit has failed when it sells less than half of what it did."""
FALL_WEEKS = 8
HITS = 3
QUARTER = 13
OUT_DAYS = 14
MORE_REFUNDS = 0.1


@dataclass(frozen=True, slots=True)
class Failure:
    """What it would cost if the first product failed.

    Attributes:
        product: Its id.
        title: Its title.
        a_day: Money that it brings on a day.
        out_of_stock: Lost in 14 days without stock.
        refunds: Lost in 28 days with ten more refunds in a hundred of its sales.
        chance: Chance that one of the shop's first three products loses half of its sales within a quarter.
        chance_low: Lower end of its 95 % interval.
        chance_high: Upper end.
        fell: How often that happened.
        of: Quarters of such products that were looked at.
        at_risk: Money of a quarter times the chance times the half that is lost.
        at_risk_low: Lower end by the chance's interval.
        at_risk_high: Upper end.
        bad_quarter: Lost by failures of the first three in one quarter out of twenty.
        bad_quarter_if_even: The same if the three brought equally much.
    """

    product: str
    title: str
    a_day: Decimal
    out_of_stock: Decimal
    refunds: Decimal
    chance: float | None
    chance_low: float | None
    chance_high: float | None
    fell: int
    of: int
    at_risk: Decimal | None
    at_risk_low: Decimal | None
    at_risk_high: Decimal | None
    bad_quarter: Decimal | None
    bad_quarter_if_even: Decimal | None


def money_of(found: Range) -> Floats:
    """Return what each product left in the last 13 weeks, at its own margin where only a part of the sales has one.

    Margins are of the sales that were kept: what was refunded leaves nothing.
    """
    sold, refunded, margin, income = (
        np.nansum(one[:, -LAST_WEEKS:], axis=1)
        for one in (found.amount, found.refunds, found.margin, found.margin_income)
    )
    whole = float(margin.sum()) / max(float(income.sum()), 1e-9)
    rate = np.where(income > 0, margin / np.maximum(income, 1e-9), whole)
    return np.asarray(rate * np.maximum(sold - refunded, income))


def classes(money: Floats) -> tuple[str, ...]:
    """Return A, B or C of each product: A bring four fifths of the money, B the next 15 %; who brings nothing is C."""
    kept = np.maximum(money, 0.0)
    order = np.argsort(-kept, kind="stable")
    before = np.cumsum(kept[order]) - kept[order]
    whole = max(float(kept.sum()), 1e-9)
    letters = np.full(len(money), "C", dtype=object)
    letters[order] = np.where(before < CLASS_A * whole, "A", np.where(before < CLASS_B * whole, "B", "C"))
    return tuple("C" if value <= 0 else str(letter) for value, letter in zip(money, letters, strict=True))


def spread_of(found: Range) -> Concentration | None:
    """Return how the money of the last 13 weeks is spread over the products."""
    return concentration(found.margin[:, -LAST_WEEKS:])


def failure(found: Range, money: Floats) -> Failure | None:
    """Return what the failure of the first product would cost; None where nothing earns money.

    How often that happens is counted in the shop's own past: among the first three products of each quarter, those that
    in the eight weeks after sold less than half of the eight weeks before. The chance is that of a binomial law with
    Jeffreys' prior. A bad quarter is the worse twentieth of the quarters that these chances make, hits failing
    independently of each other.
    """
    if not len(money) or money.max() <= 0:
        return None
    first = int(np.argmax(money))
    a_day = float(money[first]) / (min(LAST_WEEKS, found.weeks) * 7)
    sales_a_day = float(found.amount[first, -LAST_WEEKS:].sum()) / (min(LAST_WEEKS, found.weeks) * 7)
    fell, of = falls(found)
    chance = low = high = None
    risk: list[Decimal | None] = [None] * 5
    if of:
        chance = (fell + 0.5) / (of + 1)
        low, high = (float(stats.beta.ppf(level, fell + 0.5, of - fell + 0.5)) for level in (0.025, 0.975))
        quarter = a_day * 7 * QUARTER
        three = np.sort(money)[::-1][:HITS]
        three = np.maximum(three, 0.0) / min(LAST_WEEKS, found.weeks) * QUARTER * FALLEN
        risk = [
            *(cents(quarter * FALLEN * each) for each in (chance, low, high)),
            cents(bad_quarter(three, chance)),
            cents(bad_quarter(np.full(len(three), float(three.mean())), chance)),
        ]
    return Failure(
        found.products[first],
        found.titles[first],
        cents(a_day),
        cents(a_day * OUT_DAYS),
        cents(sales_a_day * MORE_REFUNDS * 28),
        chance,
        low,
        high,
        fell,
        of,
        *risk,
    )


def falls(found: Range, first: int = 0, last: int = HITS) -> tuple[int, int]:
    """Return how many of the first three products of past quarters lost half of their sales, and of how many.

    What all products lose together, in the quiet weeks after a sale, is no failure of one: sales count relative to
    those of all.

    Args:
        found: The products' weeks.
        first: Place by sales from which on products count, from 0.
        last: Place before which they do.
    """
    units = found.amount / np.maximum(found.amount.sum(axis=0), 1e-9)
    fell = of = 0
    for turn in range(FALL_WEEKS, found.weeks - FALL_WEEKS + 1, QUARTER):
        before = units[:, turn - FALL_WEEKS : turn].sum(axis=1)
        after = units[:, turn : turn + FALL_WEEKS].sum(axis=1)
        for row in np.argsort(-before)[first:last]:
            if before[row] > 0:
                of += 1
                fell += int(after[row] < FALLEN * before[row])
    return fell, of


def bad_quarter(losses: Floats, chance: float) -> float:
    """Return the loss that one quarter in twenty exceeds, each of a few products failing with the same chance."""
    outcomes = np.array(np.meshgrid(*[[0, 1]] * len(losses))).reshape(len(losses), -1).T
    likely = (chance**outcomes * (1 - chance) ** (1 - outcomes)).prod(axis=1)
    total = outcomes @ losses
    order = np.argsort(total)
    reached = np.cumsum(likely[order])
    return float(total[order][min(int(np.searchsorted(reached, 0.95)), len(order) - 1)])
