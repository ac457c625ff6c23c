"""What speaks for the return of a channel: how its spend moves, and what tests on record measured by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.analysts.channels.past import Past
from duoshou.analysts.channels.question import ChannelTest
from duoshou.statistics.response import Following, Response, following, hidden_bias
from duoshou.statistics.response.baseline import without
from duoshou.statistics.response.shapes import Floats

FOLLOWS = 0.1
"""A generous level, of each channel alone: to miss that spend follows demand is worse than to see it in vain."""
ONE_SIDED = 1.645
TOGETHER = 0.8
"""Part of a spend's own movement that another's explains from which on the two are told as moving together: their
errors are then more than twice what they would be alone (a variance inflation of five).
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a channel's spend.

    Attributes:
        bias: By how much its return may be off for what is not seen; of a tested one, by its test's error at most.
        error: Standard error of its return by how it moves.
        followed: Share of its movement that demand explains.
        follows: Whether it follows demand.
        tested: Whether its tests tell by themselves.
        left: Standard error that its tests leave of its return; None without a test.
        beside: Number of the channel that it moves with; None where it moves by itself.
    """

    bias: float
    error: float
    followed: float
    follows: bool
    tested: bool
    left: float | None
    beside: int | None


def follows_demand(of: Past, one: int) -> bool:
    """Return whether a channel's spend follows demand, as far as that is seen."""
    tied = _tied(of, one)
    return tied.p_value < FOLLOWS and tied.followed > 0


def absorbing(of: Past, one: int) -> Floats:
    """Return columns that take out of sales all that moves with a channel's spend, so that only its tests tell of it.

    What demand that is not seen makes of sales moves with a spend that follows it, and so does what the spend brings:
    the days cannot tell them apart. Level, square and the period before take out both.
    """
    spend = of.spend[:, one] / max(float(of.spend[:, one].mean()), 1e-9)
    return np.stack([spend, spend**2, np.concatenate([spend[:1], spend[:-1]])], axis=1)


def evidence_of(of: Past, one: int, response: Response, tests: Sequence[ChannelTest], break_even: float) -> Evidence:
    """Return what is known of a channel's spend.

    Args:
        of: What the response was fitted to.
        one: Number of the channel.
        response: The response of all.
        tests: Tests of this channel.
        break_even: Sales for a unit of spend at which nothing is earned or lost.
    """
    moves = _moves(of, one, response)
    found = _measured(tests)
    tested = found is not None and ONE_SIDED * found[1] <= max(found[0], break_even)
    bias = hidden_bias(of.sales, of.spend[:, one], _others(of, one), of.base, of.demand, moves.error, most=True)
    if found is not None:
        # What is not seen is in the days alone, which count beside the test by their information; whoever took the
        # test alone would have its error, and no more.
        bias = min(bias * _part_of_days(moves.error, found[1]), ONE_SIDED * found[1])
    return Evidence(
        bias,
        moves.error,
        moves.followed,
        follows_demand(of, one),
        tested,
        None if found is None else found[1],
        _beside(of, one),
    )


def steadied(of: Past) -> Floats:
    """Return the baseline with the unpaid visitors beside it, which takes most of the noise of demand out.

    A channel whose spend moves with them is not judged; of the others they can take nothing away.
    """
    free = of.demand[:, 1:]
    return np.concatenate([of.base, free / np.maximum(np.abs(free).mean(axis=0), 1e-9)], axis=1)


def _others(of: Past, one: int) -> Floats:
    return np.delete(of.spend, one, axis=1)


def _moves(of: Past, one: int, response: Response) -> Following:
    """Return how a spend moves."""
    spend = of.spend[:, one]
    free = following(spend, _others(of, one), steadied(of), np.zeros((len(spend), 0)), response.deviation)
    tied = _tied(of, one)
    return Following(free.own, tied.followed, tied.p_value, free.error)


def _tied(of: Past, one: int) -> Following:
    """Return how demand moves a spend, whose own past is in the baseline: it has made sales of the period before."""
    spend = of.spend[:, one]
    lags = np.stack([np.concatenate([spend[:1].repeat(lag), spend[:-lag]]) for lag in (1, 2)], axis=1)
    return following(spend, _others(of, one), np.concatenate([of.base, lags], axis=1), of.demand, 1.0)


def _measured(tests: Sequence[ChannelTest]) -> tuple[float, float] | None:
    """Return sales for a unit of spend by the tests alone, each by its information, and the standard error."""
    if not tests:
        return None
    units = np.array([one.high - one.low for one in tests])
    weights = (units / np.array([one.error for one in tests])) ** 2
    found = np.array([one.effect for one in tests]) / units
    return float(weights @ found / weights.sum()), float(1 / np.sqrt(weights.sum()))


def _part_of_days(days: float, test: float) -> float:
    return float(test**2 / (test**2 + days**2)) if np.isfinite(days) else 0.0


def _beside(of: Past, one: int) -> int | None:
    """Return the channel whose spend moves most as this one's does, beyond the baseline; None where none does."""
    rest = without(of.base, of.spend.T)
    size = (rest**2).sum(axis=1)
    shared = (rest @ rest[one]) ** 2 / np.maximum(size * size[one], 1e-12)
    shared[one] = 0.0
    most = int(shared.argmax())
    return most if shared[most] >= TOGETHER else None
