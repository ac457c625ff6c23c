"""Bids of the next step for every keyword as they are wanted, with what they are expected to bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.advertising.bid_ground import BidGround
from duoshou.analysts.advertising.bid_plan import Amount, Auction, Bid, BidPlan, BidWish, Goal, PlanBudget, Trying
from duoshou.analysts.advertising.history import History
from duoshou.analysts.advertising.steps import LEAST_CHANGE, Reach, reach_of, settled
from duoshou.model.numbers import cents
from duoshou.statistics.bidding import (
    Choice,
    Curves,
    Gains,
    aimed,
    best_bids,
    gains_of,
    learning,
    variation,
)

Floats = NDArray[np.float64]
HORIZON = 28


@dataclass(frozen=True, slots=True)
class _Reckoned:
    history: History
    curves: Curves
    value: Floats
    error: Floats
    margin_scale: float
    goal: Floats
    learned: Floats
    reach: Reach
    new: Floats
    choice: Choice
    gains: Gains


def plan_bids(ground: BidGround, wish: BidWish) -> BidPlan:
    """Return the bids of the next step as they are wanted."""
    margin_scale, names, as_of = ground.margin_scale, ground.names, ground.as_of
    value, error = ground.value, ground.error
    history, curves = ground.as_stated(wish.current)
    goal = _goals(history, names, wish)
    budget = _budget(history, wish)
    size = variation(curves)
    learned = learning(curves, value, error, ground.trials, history.clicks_after(ground.settled))
    reach = reach_of(history, wish.step)
    choice = _best(curves, value + goal, learned, history, reach, budget)
    new = settled(history, choice.bid, value + goal, reach, size, as_of.toordinal() // 7)
    gains = gains_of(curves, value, error, history.now, new, common_scale=margin_scale)
    found = _Reckoned(history, curves, value, error, margin_scale, goal, learned, reach, new, choice, gains)
    told = np.array([key not in ground.wasting for key in history.keys])
    kept = np.where(told, new, history.now)
    sum_ = gains_of(curves, value, error, history.now, kept, common_scale=margin_scale)
    base = budget if wish.budget is None else wish.budget
    return BidPlan(
        history.period,
        cents(base),
        cents(float((curves.clicks_at(history.now) * curves.price_at(history.now)).sum())),
        cents(float(gains.cost.sum())),
        choice.multiplier,
        wish.step,
        size,
        HORIZON,
        Amount(*(cents(HORIZON * one) for one in (sum_.total, sum_.total_low, sum_.total_high))),
        _bids(found, names),
        _plans(found, names),
        _priced(found, names, wish, budget),
        _auction(found),
        int((~told & (new != history.now)).sum()),
        _trying(found, budget),
    )


def _budget(history: History, wish: BidWish) -> float:
    """Return what a day may cost: what was wanted, less while it runs out, or what the keywords cost now."""
    spent = history.spent
    if wish.budget is None:
        return float(spent[-history.latest :].mean())
    return aimed(wish.budget, spent[-7:], history.clicked[-7:])


def _best(curves: Curves, worth: Floats, learned: Floats, history: History, reach: Reach, budget: float) -> Choice:
    fall, rise = reach.fall, reach.rise
    return best_bids(curves, worth, history.now, budget=budget, fall=fall, rise=rise, cap=worth, learned=learned)


def _goals(history: History, names: Mapping[str, str], wish: BidWish) -> Floats:
    goal = np.zeros(len(history.keys))
    for name, extra in wish.goals:
        goal[_meant(history, names, name)] = extra
    return goal


def _meant(history: History, names: Mapping[str, str], name: str) -> NDArray[np.bool_]:
    """Return the keywords that a name means: of a plan, or the keyword itself."""
    return np.array([name in {campaign, names.get(campaign), keyword} for campaign, keyword in history.keys])


def _bids(found: _Reckoned, names: Mapping[str, str]) -> tuple[Bid, ...]:
    bids = [_bid(found, row, names) for row in range(len(found.history.keys))]
    return tuple(sorted(bids, key=lambda one: (-abs(one.extra.value), -one.cost_now, one.campaign, one.keyword)))


def _bid(found: _Reckoned, row: int, names: Mapping[str, str]) -> Bid:
    history, gains = found.history, found.gains
    campaign, keyword = history.keys[row]
    known, now, new = bool(history.known[row]), float(history.now[row]), float(found.new[row])
    scale = float(np.hypot(np.sqrt(np.log1p(found.error[row] ** 2)), found.margin_scale))
    value = float(found.value[row])
    price = float(found.curves.price_at(history.now)[row])
    clicks = float(found.curves.clicks_at(history.now)[row])
    quality = float(history.quality[row])
    low, high = (value * float(np.exp(side * 1.644854 * scale - scale**2 / 2)) for side in (-1, 1))

    def amount(name: str) -> Amount:
        return Amount(*(cents(float(getattr(gains, f"{name}{end}")[row])) for end in ("", "_low", "_high")))

    return Bid(
        campaign,
        names.get(campaign, campaign),
        keyword,
        known,
        cents(now) if known else None,
        cents(new) if known else None,
        round(new / now - 1, 4),
        cents(price),
        cents(value + float(found.goal[row])),
        Amount(cents(value), cents(low), cents(high)),
        None if np.isnan(quality) else quality,
        round(clicks, 2),
        cents(clicks * price),
        round(float(gains.clicks[row]), 2),
        round(float(gains.clicks_low[row]), 2),
        round(float(gains.clicks_high[row]), 2),
        amount("cost"),
        amount("profit"),
        amount("extra"),
        bool(found.choice.held[row]),
    )


def _plans(found: _Reckoned, names: Mapping[str, str]) -> tuple[PlanBudget, ...]:
    now: dict[str, float] = defaultdict(float)
    new: dict[str, float] = defaultdict(float)
    cost = found.curves.clicks_at(found.history.now) * found.curves.price_at(found.history.now)
    for row, (campaign, _) in enumerate(found.history.keys):
        now[campaign] += float(cost[row])
        new[campaign] += float(found.gains.cost[row])
    plans = [PlanBudget(key, names.get(key, key), cents(now[key]), cents(new[key])) for key in now]
    return tuple(sorted(plans, key=lambda one: (-one.now, one.campaign)))


def _priced(found: _Reckoned, names: Mapping[str, str], wish: BidWish, budget: float) -> tuple[Goal, ...]:
    """Return the goals with their price: the profit of the best bids without each, less that with all."""
    goals = []
    for name, extra in wish.goals:
        meant = _meant(found.history, names, name)
        worth = found.value + np.where(meant, 0.0, found.goal)
        other = _best(found.curves, worth, found.learned, found.history, found.reach, budget)
        clicks = float((found.choice.clicks - other.clicks)[meant].sum())
        goals.append(
            Goal(
                name,
                cents(extra),
                int(meant.sum()),
                round(HORIZON * clicks, 1),
                _price(found, other),
            )
        )
    return tuple(goals)


def _price(found: _Reckoned, other: Choice) -> Decimal:
    """Return the profit of the days that the choice costs against another one."""
    profits = [float((one.clicks * found.value - one.cost).sum()) for one in (other, found.choice)]
    return cents(max(HORIZON * (profits[0] - profits[1]), 0.0))


def _trying(found: _Reckoned, budget: float) -> Trying:
    """Return the keywords that are bid more on than profit alone would have it, and what all that is learnt costs."""
    worth, history = found.value + found.goal, found.history
    other = _best(found.curves, worth, np.zeros_like(worth), history, found.reach, budget)
    lowest = (1 - found.reach.fall) * history.now
    more = (found.choice.bid > other.bid * (1 + LEAST_CHANGE)) & (found.new > lowest * (1 + 1e-9))
    return Trying(int(more.sum()), _price(found, other))


def _auction(found: _Reckoned) -> Auction:
    curves, history = found.curves, found.history
    slope, error = curves.slopes.common_mean, curves.slopes.common_sd
    clicks = curves.clicks_at(history.now)
    weight = clicks / max(float(clicks.sum()), 1e-12)
    price = curves.price_at(history.now)
    low, middle, high = (1.1 ** max(slope + side * 1.644854 * error, 0.0) - 1 for side in (-1, 0, 1))
    known = history.known
    share = (
        float((weight * price / history.now)[known].sum() / weight[known].sum())
        if known.any() and weight[known].sum() > 0
        else None
    )
    return Auction(
        middle,
        low,
        high,
        1.1 ** float((weight * curves.price_elasticity).sum()) - 1,
        share,
        curves.further,
        float((weight * curves.further * history.now / np.maximum(price, 1e-12)).sum()),
        not variation(curves),
    )
