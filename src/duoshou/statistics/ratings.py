"""Arithmetic of a score that is the mean of the ratings of a moving window: what repairs it, what leaves it, what came.

The window of `w` days holds counts c₁…c_w and sums of stars; the published score is Σ sums ÷ Σ counts, rounded.
Scores are taken as the decimal numbers that were published, so that the counts are exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

BEST = 5
WORST = 1
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Repair:
    """How many ratings of the best grade lift a score to a target while the window stands still.

    Attributes:
        count: Ratings needed; None where the number of ratings is unknown or no number is enough.
        low: Ratings needed if the true score is half a unit of the last digit better than published; None as above.
        high: Ratings needed if it is half a unit worse; None as above.
        per_rating: Ratings needed for each one that the window holds, which needs no count; None if out of reach.
    """

    count: int | None
    low: int | None
    high: int | None
    per_rating: float | None

    @property
    def reachable(self) -> bool:
        """Whether any number of ratings is enough."""
        return self.per_rating is not None


def repair(score: float, target: float, ratings: int | None, *, step: float = 0.0, best: int = BEST) -> Repair:
    """Return what lifts `score` to `target`: the least n with (N·s + b·n) ÷ (N + n) ≥ t, so n = ⌈N(t − s) ÷ (b − t)⌉.

    A score at or above the target needs none; a target at or above the best grade is never reached from below.

    Args:
        score: Published score, not above `best`.
        target: Score to be reached.
        ratings: Number N of ratings in the window; None if unknown.
        step: Unit of the last published digit; the true score lies within half of it.
        best: The best grade.

    Raises:
        ValueError: For a score that is not a number, lies above `best`, or a negative number of ratings.
    """
    s, t, width = _exact(score), _exact(target), _exact(step) / 2
    if s > best:
        raise ValueError("a score cannot lie above the best grade")
    if ratings is not None and ratings < 0:
        raise ValueError("the number of ratings cannot be negative")
    if s >= t:
        nought = 0 if ratings is not None else None
        return Repair(nought, nought, nought, 0.0)
    if t >= best:
        return Repair(None, None, None, None)
    share = (t - s) / (best - t)
    if ratings is None:
        return Repair(None, None, None, float(share))
    favourable = (t - min(s + width, t)) / (best - t)
    unfavourable = (t - (s - width)) / (best - t)
    count, low, high = (math.ceil(ratings * part) for part in (share, favourable, unfavourable))
    return Repair(count, low, high, float(share))


def rolling_path(
    counts: Sequence[int], stars: Sequence[float], days: int, *, new_count: float = 0.0, new_mean: float = 0.0
) -> Floats:
    """Return the score on each of the next `days` days while the oldest ratings leave the window.

    Args:
        counts: Ratings of each day of the window, the oldest first.
        stars: Sum of the stars of each day.
        days: How far to look.
        new_count: Ratings that come in per day.
        new_mean: Their mean.

    Returns:
        One score a day; NaN where the window is empty.

    Raises:
        ValueError: If the two series differ in length, are empty, or hold a negative number.
    """
    held, summed = _window(counts, stars)
    ahead = np.arange(1, days + 1)
    inside = np.minimum(ahead, len(held))
    kept = np.concatenate([np.cumsum(held[::-1])[::-1], [0.0]])[inside]
    kept_stars = np.concatenate([np.cumsum(summed[::-1])[::-1], [0.0]])[inside]
    total = kept + inside * new_count
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(total > 0, (kept_stars + inside * new_count * new_mean) / total, np.nan))


def best_per_day(
    counts: Sequence[int],
    stars: Sequence[float],
    target: float,
    days: int,
    *,
    new_count: int = 0,
    new_mean: float = 0.0,
    best: int = BEST,
) -> int | None:
    """Return how many additional ratings of the best grade per day lift the score to `target` on day `days`.

    What leaves the window in the meantime is counted, and what comes in anyway (`new_count` a day of `new_mean`).

    Returns:
        The least whole number; 0 where none is needed; None where no number is enough.

    Raises:
        ValueError: As `rolling_path`, or if `days` is not positive.
    """
    held, _ = _window(counts, stars)
    if days < 1:
        raise ValueError("a target is reached on a later day")
    inside = min(days, len(held))
    total = sum(int(count) for count in counts[inside:]) + inside * new_count
    summed = sum((_exact(one) for one in stars[inside:]), Fraction(0)) + inside * new_count * _exact(new_mean)
    goal = _exact(target)
    lacking = goal * total - summed
    if total > 0 and lacking <= 0:
        return 0
    if goal > best or (goal == best and total > 0):
        return None
    if total == 0:
        return 1
    return math.ceil(lacking / (inside * (best - goal)))


@dataclass(frozen=True, slots=True)
class ImpliedMean:
    """What the ratings of a day must have averaged.

    Attributes:
        estimate: With the published scores taken as exact and the leaving ratings at their presumed mean.
        low: Least mean that the rounded scores allow.
        high: Greatest.
    """

    estimate: float
    low: float
    high: float


def implied_mean(
    before: float,
    after: float,
    ratings_before: int,
    ratings_after: int,
    new_ratings: int,
    *,
    old_mean: float | None = None,
    step: float = 0.0,
    worst: int = WORST,
    best: int = BEST,
) -> ImpliedMean | None:
    """Return the mean of the ratings that came between two published scores.

    N′s′ = N·s + (new stars) − (stars that left), and N′ = N + new − left. Where `old_mean` is None the ratings that
    left are presumed at the score before, and the bounds let them be anything from `worst` to `best`.

    Returns:
        None if nothing came; bounds lie within the grades, and cross (`low` > `high`) if the figures contradict
        one another.

    Raises:
        ValueError: If more ratings would have left than there were, or fewer than none.
    """
    left = ratings_before + new_ratings - ratings_after
    if min(ratings_before, ratings_after, new_ratings) < 0 or not 0 <= left <= ratings_before:
        raise ValueError("the numbers of ratings contradict one another")
    if new_ratings == 0:
        return None
    gained = after * ratings_after - before * ratings_before
    presumed = before if old_mean is None else old_mean
    lowest, highest = (worst, best) if old_mean is None else (old_mean, old_mean)
    slack = step / 2 * (ratings_before + ratings_after)
    low = (gained - slack + lowest * left) / new_ratings
    high = (gained + slack + highest * left) / new_ratings
    return ImpliedMean((gained + presumed * left) / new_ratings, max(low, worst), min(high, best))


def published_step(values: Sequence[float], *, finest: int = 6) -> float:
    """Return the unit of the last digit in which `values` are published; 0 if there are none or no digit is enough."""
    known = np.asarray([value for value in values if math.isfinite(value)])
    if not len(known):
        return 0.0
    for digits in range(finest + 1):
        if np.all(np.abs(np.round(known, digits) - known) < 1e-9):
            return float(10.0**-digits)
    return 0.0


def _window(counts: Sequence[int], stars: Sequence[float]) -> tuple[Floats, Floats]:
    held, summed = np.asarray(counts, dtype=np.float64), np.asarray(stars, dtype=np.float64)
    if held.shape != summed.shape or held.ndim != 1 or not len(held):
        raise ValueError("counts and stars are given for the same days, at least one")
    if not (np.all(held >= 0) and np.all(summed >= 0)):
        raise ValueError("counts and stars cannot be negative or unknown")
    return held, summed


def _exact(value: float) -> Fraction:
    if not math.isfinite(value):
        raise ValueError("a score must be a finite number")
    return Fraction(str(value))
