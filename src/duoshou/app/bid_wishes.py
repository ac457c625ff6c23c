"""What is wanted of the bids, as it is written in a command, an address or a form."""

from __future__ import annotations

from collections.abc import Iterable

from duoshou.analysts.advertising import BidWish
from duoshou.model import DuoshouError, Text

LEAST_BUDGET, MOST_BUDGET = 0.01, 1_000_000_000
STEP = 25
STEPS = (5, 10, 25, 50)
"""Choices of how much a bid may change at once, in per cent."""
LEAST_STEP, MOST_STEP = 5, 50
MOST_AMOUNT = 1e6
MOST_GOALS = 20


class WishError(DuoshouError):
    """Something that cannot be wanted of bids."""


def goal_of(written: str) -> tuple[str, float]:
    """Return plan or keyword and what a click of it may cost beyond its worth, of words such as `新品计划=0.5`.

    Raises:
        WishError: If there is no name, or no amount above 0.
    """
    named, _, amount = written.replace("＝", "=").rpartition("=")
    try:
        extra = float(amount)
    except ValueError:
        extra = 0.0
    if not named.strip() or not 0 < extra < MOST_AMOUNT:
        raise WishError(
            "bad_goal",
            Text(f"目标“{written[:60]}”看不懂", f"the goal {written[:60]!r} cannot be read"),
            hint=Text("写成 新品计划=0.5，金额大于 0", "write it as launch=0.5, with an amount above 0"),
        )
    return named.strip(), extra


def wish_of(budget: float | None, step: int, goals: Iterable[str]) -> BidWish:
    """Return what is wanted as an address or a form writes it.

    Args:
        budget: Of a day; None: what the keywords cost now.
        step: Most that a bid changes at once, in per cent.
        goals: As `goal_of` reads them.

    Raises:
        WishError: If something cannot be wanted.
    """
    return bid_wish(budget, step / 100, tuple(goal_of(one) for one in goals if one.strip()))


def bid_wish(
    budget: float | None,
    step: float,
    goals: tuple[tuple[str, float], ...],
    current: tuple[tuple[str, str, float], ...] = (),
) -> BidWish:
    """Return what is wanted; one place says what can be, for command, page, API and Python.

    Args:
        budget: Of a day; None: what the keywords cost now.
        step: Most that a bid changes at once, as a part of it.
        goals: Plan or keyword and what a click may cost beyond its worth.
        current: Plan, keyword and bid of today.

    Raises:
        WishError: If the budget is no amount from a cent on, the step lies out of bounds, or there are too many goals.
    """
    if budget is not None and not LEAST_BUDGET <= budget <= MOST_BUDGET:
        raise WishError(
            "bad_budget",
            Text(f"每天预算不能是 {budget:g}", f"the budget of a day cannot be {budget:g}"),
            hint=Text(
                f"写 {LEAST_BUDGET} 到 {MOST_BUDGET:,} 之间的金额；不填就和现在一样",
                f"write an amount from {LEAST_BUDGET} to {MOST_BUDGET:,}; without one it is as it is now",
            ),
        )
    if not LEAST_STEP - 1e-9 <= step * 100 <= MOST_STEP + 1e-9:
        raise WishError(
            "bad_step",
            Text(f"一次不能改 {step * 100:g}%", f"bids cannot change by {step * 100:g} % at once"),
            hint=Text(f"写 {LEAST_STEP}% 到 {MOST_STEP}%", f"write {LEAST_STEP} to {MOST_STEP} %"),
        )
    if len(goals) > MOST_GOALS:
        raise WishError(
            "too_many_goals",
            Text(
                f"目标有 {len(goals)} 个，最多 {MOST_GOALS} 个", f"{len(goals)} goals are wanted, {MOST_GOALS} at most"
            ),
            hint=Text("去掉不急的目标", "leave out those that can wait"),
        )
    return BidWish(budget, step, goals, current)
