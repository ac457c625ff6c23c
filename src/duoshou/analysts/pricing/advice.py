"""What to do with a price: change it, test it, leave it, or that it cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.pricing.answers import Answer
from duoshou.analysts.pricing.costs import UnitCost
from duoshou.analysts.pricing.question import NOW_DAYS, Priced
from duoshou.statistics.elasticity import Choice, best_price
from duoshou.statistics.elasticity.demand import LEAST_LEVELS, LEAST_MOVES
from duoshou.statistics.elasticity.moves import STEP
from duoshou.statistics.sparse_rates import told_apart
from duoshou.statistics.trials.switchback_planning import SwitchbackPlan, plan_switchback

Floats = NDArray[np.float64]
BEYOND = 0.05
"""How far beyond the prices that were held one is looked for: one small step, as nothing is known further away."""
MOST_CHANGE = 0.1
"""Most that a price is advised to change at a time: what a week of 15 % off did says little of a lasting price."""
MOST_WRONG = 0.05
"""Expected part of the advised changes that may earn less."""
WHOLE_FROM = 20
LONGEST = 84
MOST_PLANS = 12
PLAN_DAYS = 84
"""Days of the past from which a test is planned."""


class Verdict(StrEnum):
    """What to do with a price."""

    BELOW_FLOOR = "below_floor"
    CHANGE = "change"
    TEST = "test"
    KEEP = "keep"
    CANNOT_TELL = "cannot_tell"


class Reason(StrEnum):
    """Why something cannot be told."""

    NEVER_MOVED = "never_moved"
    SELDOM_SOLD = "seldom_sold"
    MANY_PRICES = "many_prices"
    NOT_APART = "not_apart"
    TOO_WIDE = "too_wide"
    NO_COSTS = "no_costs"
    NOT_SOLD = "not_sold"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do with the price of a product.

    Attributes:
        verdict: What.
        reason: Why it cannot be told; None where it can.
        price: Price today; None where it was not sold of late.
        units_a_day: Pieces of a day, of the last 28 on sale.
        choice: The price that would earn most in expectation; None where it cannot be told.
        plan: A switchback that would tell; None where none is advised.
    """

    verdict: Verdict
    reason: Reason | None
    price: float | None
    units_a_day: float
    choice: Choice | None = None
    plan: SwitchbackPlan | None = None


def advise(priced: Priced, found: Sequence[Answer], costs: Sequence[UnitCost | None]) -> tuple[Advice, ...]:
    """Return what to do with each price.

    A change is advised where both elasticities, visitors held and not, say that it earns more, the chances of being
    wrong adding up to one advice in twenty (Müller, Parmigiani and Rice 2007); a test where the gain expected is one
    that twelve weeks would show.
    """
    told = [_looked(priced, row, found[row], costs[row]) for row in range(len(priced.products))]
    wrong = np.array([_wrong(found[row], costs[row], told[row]) for row in range(len(told))])
    sure = told_apart(wrong, MOST_WRONG)
    gains = {row: one.choice.gain for row, one in enumerate(told) if one.choice and _is_open(one) and not sure[row]}
    order = sorted(gains, key=lambda row: -gains[row])
    plans = {row: _planned(priced, row, costs[row], told[row]) for row in order[:MOST_PLANS]}
    return tuple(
        _with_verdict(one, is_sure=bool(sure[row]) and _is_open(one), plan=plans.get(row))
        for row, one in enumerate(told)
    )


def _looked(priced: Priced, row: int, found: Answer, cost: UnitCost | None) -> Advice:
    recent = priced.units[row, -NOW_DAYS:]
    prices = priced.price[row, -NOW_DAYS:]
    on_sale = np.isfinite(recent) & np.isfinite(prices)
    if not on_sale.any() or not np.nansum(recent):
        return Advice(Verdict.CANNOT_TELL, Reason.NOT_SOLD, None, 0.0)
    # Today's price is the one that stands; what sold at others before is brought to it by the answer below.
    price = float(np.median(prices[on_sale][-7:]))
    units = float(recent[on_sale].mean())
    if cost is not None and cost.left(price) < 0:
        return Advice(Verdict.BELOW_FLOOR, None, price, units)
    given = found.given
    if given is None:
        return Advice(Verdict.CANNOT_TELL, _why(priced, row, found), price, units)
    if cost is None or cost.kept <= 0:
        return Advice(Verdict.CANNOT_TELL, Reason.NO_COSTS, price, units)
    at_today = (prices[on_sale] / price) ** given.value
    units = float(recent[on_sale].sum() / at_today.sum())

    def among(low: float, high: float) -> Choice:
        known = {"price": price, "units": units, "kept": cost.kept, "cost": cost.cost}
        return best_price(given.value, given.sd, **known, low=low, high=high)

    low, high = _range(found, cost, price)
    plain = _plain(among(low, high).price, low)
    return Advice(Verdict.KEEP, None, price, units, among(plain, plain))


def _range(found: Answer, cost: UnitCost, price: float) -> tuple[float, float]:
    """Return the prices that may be advised: held ones and one step beyond, a tenth away, above the floor."""
    held = found.own.moves
    low = max(held.low / (1 + BEYOND), price * (1 - MOST_CHANGE), cost.floor)
    return min(low, price), max(min(held.high * (1 + BEYOND), price * (1 + MOST_CHANGE)), price)


def _plain(price: float, low: float) -> float:
    """Return a price that can stand on a tag: whole from 20 on, else with one decimal; never below the least."""
    unit = 1.0 if price >= WHOLE_FROM else 0.1
    found = round(price / unit) * unit
    return found if found >= low else float(np.ceil(low / unit)) * unit


def _wrong(found: Answer, cost: UnitCost | None, one: Advice) -> float:
    """Return the chance that the advised price earns less, by the less favourable of the two elasticities."""
    if not _is_open(one) or one.choice is None or one.price is None or cost is None or found.whole is None:
        return float("nan")
    again = best_price(
        found.whole.value,
        found.whole.sd,
        price=one.price,
        units=one.units_a_day,
        kept=cost.kept,
        cost=cost.cost,
        low=one.choice.price,
        high=one.choice.price,
    )
    return 1 - min(one.choice.probability, again.probability)


def _is_open(one: Advice) -> bool:
    """Return whether another price than today's may be advised."""
    if one.choice is None or one.price is None or one.choice.gain <= 0:
        return False
    return abs(float(np.log(one.choice.price / one.price))) >= STEP


def _planned(priced: Priced, row: int, cost: UnitCost | None, one: Advice) -> SwitchbackPlan | None:
    if cost is None or one.choice is None or one.price is None:
        return None
    earned = priced.units[row, -PLAN_DAYS:] * cost.left(one.price)
    weekday = (priced.first.weekday() + priced.units.shape[1] - len(earned)) % 7
    plan = plan_switchback(earned, one.choice.gain, weekday=weekday, longest=LONGEST)
    return None if plan.days is None else plan


def _with_verdict(one: Advice, *, is_sure: bool, plan: SwitchbackPlan | None) -> Advice:
    if is_sure:
        return Advice(Verdict.CHANGE, None, one.price, one.units_a_day, one.choice)
    if plan is not None:
        return Advice(Verdict.TEST, None, one.price, one.units_a_day, one.choice, plan)
    # Another price may earn more, and neither the past nor a test of twelve weeks would show it.
    return Advice(Verdict.CANNOT_TELL, Reason.TOO_WIDE, one.price, one.units_a_day) if _is_open(one) else one


def _why(priced: Priced, row: int, found: Answer) -> Reason:
    moves = found.own.moves
    if not priced.sees_price[row]:
        return Reason.SELDOM_SOLD
    if not priced.has_one[row]:
        return Reason.MANY_PRICES
    return Reason.NEVER_MOVED if moves.moves < LEAST_MOVES or moves.levels < LEAST_LEVELS else Reason.NOT_APART
