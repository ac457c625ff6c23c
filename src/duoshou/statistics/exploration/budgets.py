"""Budgets by Thompson sampling: each place gets the share that is the chance that it is the best.

Thompson (1933); Chapelle and Li (2011), "An empirical evaluation of Thompson sampling". Rates that drift are followed
by forgetting (Raj and Kalyani 2017), and how fast to forget is not set: several speeds run side by side and are
weighed by how well each foretold the counts so far (Bayesian model averaging over a grid), so that a place which does
not change is not forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Floats = NDArray[np.float64]
SPEEDS = (1.0, 0.99, 0.97, 0.9)
"""What of the past counts a period later; 1 is nothing forgotten."""
STEADY = 0.5
"""Belief beforehand that nothing drifts."""
DRAWS = 4000
STOP = 0.01
"""A place is let go when the chance that it is the best, or worth nearly as much, is below this."""
NEAR = 0.05
PRIOR_WEIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of the rates at one speed of forgetting.

    Attributes:
        wins: float[A], successes that still count.
        tries: float[A], tries that still count.
        score: Logarithm of the chance of the counts so far at this speed.
    """

    wins: Floats
    tries: Floats
    score: float


@dataclass(frozen=True, slots=True)
class Learner:
    """What is believed at all speeds.

    Attributes:
        speeds: float[S].
        beliefs: One for each speed.
    """

    speeds: tuple[float, ...]
    beliefs: tuple[Belief, ...]

    @property
    def weights(self) -> Floats:
        """float[S], how well each speed has foretold."""
        slow = [STEADY if speed == 1.0 else (1 - STEADY) / max(len(self.speeds) - 1, 1) for speed in self.speeds]
        score = np.array([one.score for one in self.beliefs]) + np.log(slow)
        weight = np.exp(score - score.max())
        return np.asarray(weight / weight.sum())


@dataclass(frozen=True, slots=True)
class Shares:
    """How the next budget is split.

    Attributes:
        share: float[A], adds up to one.
        best: float[A], chance that the place is the best.
        rate: float[A], mean of what its rate may be.
        low, high: float[A], 90 % interval of the rate.
        stopped: bool[A], places that are let go.
    """

    share: Floats
    best: Floats
    rate: Floats
    low: Floats
    high: Floats
    stopped: NDArray[np.bool_]


def learn(wins: Floats, tries: Floats, *, speeds: Sequence[float] = SPEEDS) -> Learner:
    """Return what is believed after counts of several periods.

    Args:
        wins: float[T, A], successes of each period and place.
        tries: float[T, A], tries of which they are.
        speeds: Speeds of forgetting that are weighed; (1,) for rates that cannot change.

    Raises:
        ValueError: If counts do not fit each other.
    """
    if wins.shape != tries.shape or wins.ndim != 2 or (wins < 0).any() or (wins > tries).any():
        raise ValueError("successes must be 0 or more and at most as many as the tries")
    total = float(tries.sum())
    rate = (float(wins.sum()) + 0.5) / (total + 1.0)
    before = PRIOR_WEIGHT * rate, PRIOR_WEIGHT * (1 - rate)
    beliefs = []
    for speed in speeds:
        won, tried, score = np.zeros(wins.shape[1]), np.zeros(wins.shape[1]), 0.0
        for win, attempt in zip(wins, tries, strict=True):
            won, tried = won * speed, tried * speed
            score += _foretold(win, attempt, won + before[0], tried - won + before[1])
            won, tried = won + win, tried + attempt
        beliefs.append(Belief(won * speed, tried * speed, score))
    return Learner(tuple(speeds), tuple(beliefs))


def _foretold(wins: Floats, tries: Floats, up: Floats, down: Floats) -> float:
    """Return the logarithm of the beta-binomial chance of counts, without what all speeds share."""
    lost = tries - wins
    each = gammaln(up + wins) + gammaln(down + lost) - gammaln(up + down + tries)
    return float((each - gammaln(up) - gammaln(down) + gammaln(up + down)).sum())


def shares(
    learner: Learner,
    random: np.random.Generator,
    *,
    worth: Floats | None = None,
    floor: float = 0.0,
    draws: int = DRAWS,
) -> Shares:
    """Return the split of the next budget.

    Args:
        learner: What is believed.
        random: Source of chance.
        worth: float[A], what a success is worth for a unit of spend on a try; None: the same everywhere.
        floor: Least share of a place that is not let go.
        draws: Draws of what may be true.
    """
    places = len(learner.beliefs[0].wins)
    value = np.ones(places) if worth is None else worth
    drawn = _drawn(learner, random, draws)
    earned = drawn * value
    top = earned.max(axis=1)
    best = np.bincount(earned.argmax(axis=1), minlength=places) / draws
    near = (earned >= (1 - NEAR) * top[:, None]).mean(axis=0)
    stopped = near < STOP
    share = np.where(stopped, 0.0, best)
    share = share / share.sum() if share.sum() > 0 else np.full(places, 1 / places)
    share = _floored(share, ~stopped, floor)
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0)
    return Shares(share, best, drawn.mean(axis=0), low, high, stopped)


def _drawn(learner: Learner, random: np.random.Generator, draws: int) -> Floats:
    """Return float[draws, A], rates that may be true, from all speeds by their weights."""
    counts = random.multinomial(draws, learner.weights)
    total = sum(float(one.wins.sum()) for one in learner.beliefs) + 0.5
    tried = sum(float(one.tries.sum()) for one in learner.beliefs) + 1.0
    rate = min(total / tried, 0.5)
    parts = [
        random.beta(
            one.wins + PRIOR_WEIGHT * rate, one.tries - one.wins + PRIOR_WEIGHT * (1 - rate), (count, len(one.wins))
        )
        for one, count in zip(learner.beliefs, counts, strict=True)
        if count
    ]
    return np.concatenate(parts)


def _floored(share: Floats, kept: NDArray[np.bool_], floor: float) -> Floats:
    """Return shares of which none that is kept lies below the floor."""
    least = min(floor, 1.0 / max(int(kept.sum()), 1))
    found = np.where(kept, least, 0.0)
    return np.asarray(found + (1.0 - found.sum()) * share)
