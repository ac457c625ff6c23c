"""What to do with a price: change it, test it, leave it, or that it cannot be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.pricing.answers import Answer, Elasticity
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
SLACK = 1e-9
MOST_WRONG = 0.05
"""Expected part of the advised changes that may earn less."""
TAGS = ((20.0, 1.0), (10.0, 0.1), (0.0, 0.01))
"""Prices from which on a tag is whole, has one decimal, or two."""
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
        units_a_day: Pieces of a day, of the last 28 on sale; whether costs are known does not matter to them.
        untold: Why the elasticity is not known; None where it is. Costs do not matter to it.
        choice: The price that would earn most in expectation; None where it cannot be told. Its chance is that by the
            less favourable of the two elasticities, its interval holds those of both.
        plan: A switchback that would tell; None where none is advised.
    """

    verdict: Verdict
    reason: Reason | None
    price: float | None
    units_a_day: float
    untold: Reason | None = None
    choice: Choice | None = None
    plan: SwitchbackPlan | None = None


def advise(priced: Priced, found: Sequence[Answer], costs: Sequence[UnitCost | None]) -> tuple[Advice, ...]:
    """Return what to do with each price.

    A change is advised where both elasticities, visitors held and not, say that it earns more, the chances of being
    wrong adding up to one advice in twenty (Müller, Parmigiani and Rice 2007); a test where the gain expected is one
    that twelve weeks would show.
    """
    told = [_looked(priced, row, found[row], costs[row]) for row in range(len(priced.products))]
    wrong = np.array([_wrong(found[row], told[row]) for row in range(len(told))])
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
        return Advice(Verdict.CANNOT_TELL, Reason.NOT_SOLD, None, 0.0, Reason.NOT_SOLD)
    # Today's price is the one that stands; what sold at others before is brought to it by the answer below.
    price = float(np.median(prices[on_sale][-7:]))
    given = found.given
    # Those who may not see costs see pieces and reasons: neither may depend on what is known of costs.
    value = 0.0 if given is None else given.value
    units = float(recent[on_sale].sum() / ((prices[on_sale] / price) ** value).sum())
    untold = _why(priced, row, found) if given is None else None
    if cost is not None and cost.left(price) < 0:
        return Advice(Verdict.BELOW_FLOOR, None, price, units, untold)
    if given is None:
        return Advice(Verdict.CANNOT_TELL, untold, price, units, untold)
    if cost is None or cost.kept <= 0:
        return Advice(Verdict.CANNOT_TELL, Reason.NO_COSTS, price, units)
    return Advice(Verdict.KEEP, None, price, units, choice=_chosen(found, given, cost, price, units))


def _chosen(found: Answer, given: Elasticity, cost: UnitCost, price: float, units: float) -> Choice:
    """Return the price that earns most with visitors held, with the lower chance and the hull of both intervals.

    It is today's where the whole interval of either elasticity says that the other one loses: none is worth a test.
    """

    def among(by: Elasticity, low: float, high: float) -> Choice:
        known = {"price": price, "units": units, "kept": cost.kept, "cost": cost.cost}
        return best_price(by.value, by.sd, **known, low=low, high=high)

    low, high = _range(found, cost, price)
    plain = _plain(among(given, low, high).price, low, high, price)
    one = among(given, plain, plain)
    other = one if found.whole is None else among(found.whole, plain, plain)
    if min(one.gain_high, other.gain_high) < 0:
        return among(given, price, price)
    return replace(
        one,
        gain_low=min(one.gain_low, other.gain_low),
        gain_high=max(one.gain_high, other.gain_high),
        probability=min(one.probability, other.probability),
    )


def _range(found: Answer, cost: UnitCost, price: float) -> tuple[float, float]:
    """Return the prices that may be advised: held ones and one step beyond, a tenth away, above the floor."""
    held = found.own.moves
    low = max(held.low / (1 + BEYOND), price * (1 - MOST_CHANGE), cost.floor)
    return min(low, price), max(min(held.high * (1 + BEYOND), price * (1 + MOST_CHANGE)), price)


def _plain(price: float, low: float, high: float, today: float) -> float:
    """Return a price that can stand on a tag, within the range; today's where the range holds none."""
    size = next(size for least, size in TAGS if price >= least)
    for unit in (unit for _, unit in TAGS if unit <= size):
        near = float(np.round(price / unit))
        for steps in (near, near + 1, near - 1):
            found = round(steps * unit, 2)
            if low - SLACK <= found <= high + SLACK and found > 0:
                return found
    return today


def _wrong(found: Answer, one: Advice) -> float:
    """Return the chance that the advised price earns less, by the less favourable of the two elasticities."""
    if not _is_open(one) or one.choice is None or found.whole is None:
        return float("nan")
    return 1 - one.choice.probability


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
        return replace(one, verdict=Verdict.CHANGE)
    if plan is not None:
        return replace(one, verdict=Verdict.TEST, plan=plan)
    # Another price may earn more, and neither the past nor a test of twelve weeks would show it.
    return replace(one, verdict=Verdict.CANNOT_TELL, reason=Reason.TOO_WIDE, choice=None) if _is_open(one) else one


def _why(priced: Priced, row: int, found: Answer) -> Reason:
    moves = found.own.moves
    if not priced.sees_price[row]:
        return Reason.SELDOM_SOLD
    if not priced.has_one[row]:
        return Reason.MANY_PRICES
    return Reason.NEVER_MOVED if moves.moves < LEAST_MOVES or moves.levels < LEAST_LEVELS else Reason.NOT_APART
