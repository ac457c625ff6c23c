"""What is wanted of the bids, as it is written in a command, an address or a form."""

from __future__ import annotations

from collections.abc import Iterable

from duoshou.analysts.advertising import BidWish
from duoshou.model import DuoshouError, Text

MOST_BUDGET = 1_000_000_000
STEP = 25
STEPS = (5, 10, 25, 50)
"""Choices of how much a bid may change at once, in per cent."""
LEAST_STEP, MOST_STEP = 5, 50
MOST_AMOUNT = 1e6


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
    """Return what is wanted.

    Args:
        budget: Of a day; None or 0: what the keywords cost now.
        step: Most that a bid changes at once, in per cent.
        goals: As `goal_of` reads them.

    Raises:
        WishError: If a goal cannot be read.
    """
    return BidWish(budget or None, step / 100, tuple(goal_of(one) for one in goals if one.strip()))
