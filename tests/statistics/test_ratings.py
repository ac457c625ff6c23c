"""What repairs a rolling score, what leaves it, what came."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.ratings import best_per_day, implied_mean, published_step, repair, rolling_path

hundredths = st.integers(100, 500).map(lambda number: number / 100)


def test_repair_of_the_glossary() -> None:
    """A thousand ratings at 4.70 need 500 five-star ratings for 4.80, not one more for want of exact numbers."""
    assert repair(4.70, 4.80, 1000).count == 500


@given(hundredths, hundredths, st.integers(0, 100_000))
def test_repair_is_the_least_number(score: float, target: float, ratings: int) -> None:
    """The number reaches the target, and one less does not."""
    needed = repair(score, target, ratings).count
    if needed is None:
        assert target >= 5 > score
        return
    s, t = Fraction(str(score)), Fraction(str(target))

    def reached(n: int) -> bool:
        return ratings * s + 5 * n >= t * (ratings + n)

    assert reached(needed)
    assert needed == 0 or not reached(needed - 1)


def test_edges_of_repair() -> None:
    """Reached already: none; a perfect target: never; N unknown: only the proportion; rounding: an interval."""
    assert repair(4.8, 4.8, 10).count == 0
    assert repair(4.9, 4.8, 10).count == 0
    assert repair(5.0, 5.0, 10).count == 0
    for target in (5.0, 5.5):
        assert repair(4.9, target, 10).count is None
        assert not repair(4.9, target, 10).reachable
    unknown = repair(4.7, 4.8, None)
    assert unknown.count is None
    assert unknown.per_rating == pytest.approx(0.5)
    rounded = repair(4.7, 4.8, 1000, step=0.1)
    assert (rounded.low, rounded.count, rounded.high) == (250, 500, 750)
    assert repair(4.7, 4.8, 0).count == 0


@pytest.mark.parametrize(("score", "ratings"), [(5.1, 10), (math.nan, 10), (math.inf, 10), (4.7, -1)])
def test_impossible_scores_are_refused(score: float, ratings: int) -> None:
    """A score above the best grade, no number at all, or fewer than no ratings raise."""
    with pytest.raises(ValueError, match=r"score|rating|count"):
        repair(score, 4.8, ratings)


def simulated(counts: list[int], stars: list[int], fives: int, other: int, mean: int, days: int) -> float:
    """Return the score after the window has moved day by day."""
    window = list(zip(counts, stars, strict=True))
    for _ in range(days):
        window = [*window[1:], (fives + other, 5 * fives + other * mean)]
    total = sum(count for count, _ in window)
    return sum(star for _, star in window) / total if total else math.nan


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5)), min_size=1, max_size=40),
    st.integers(100, 499),
    st.integers(1, 60),
    st.integers(0, 20),
    st.integers(1, 5),
)
def test_best_per_day_is_the_least_number(
    window: list[tuple[int, int]], target: int, days: int, other: int, mean: int
) -> None:
    """The window, moved day by day with that many five-star ratings, reaches the target; with one less it does not."""
    counts, stars = [count for count, _ in window], [count * grade for count, grade in window]
    goal = target / 100
    needed = best_per_day(counts, stars, goal, days, new_count=other, new_mean=mean)
    assert needed is not None
    assert simulated(counts, stars, needed, other, mean, days) >= goal - 1e-12
    if needed > 0:
        before = simulated(counts, stars, needed - 1, other, mean, days)
        assert math.isnan(before) or before < goal


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5)), min_size=1, max_size=30),
    st.integers(1, 50),
    st.integers(0, 9),
    st.integers(1, 5),
)
def test_path_is_the_window_moved_day_by_day(window: list[tuple[int, int]], days: int, new: int, mean: int) -> None:
    """Every day of the path is the mean of what the window then holds."""
    counts, stars = [count for count, _ in window], [count * grade for count, grade in window]
    path = rolling_path(counts, stars, days, new_count=new, new_mean=mean)
    expected = [simulated(counts, stars, 0, new, mean, day) for day in range(1, days + 1)]
    np.testing.assert_allclose(path, expected, equal_nan=True)


def test_a_perfect_target_may_be_out_of_reach() -> None:
    """Five stars need every worse rating to have left."""
    assert best_per_day([10, 10], [40, 50], 5.0, 2) == 1
    assert best_per_day([10, 10, 10], [50, 40, 50], 5.0, 1) is None
    assert best_per_day([10, 10], [40, 50], 5.5, 2) is None
    assert best_per_day([10, 10], [50, 50], 4.9, 1) == 0


@pytest.mark.parametrize(("counts", "stars"), [([], []), ([1], []), ([-1], [5.0]), ([1], [math.nan])])
def test_a_window_must_be_sound(counts: list[int], stars: list[float]) -> None:
    """No days, different lengths, negative or unknown numbers raise."""
    with pytest.raises(ValueError, match=r"score|rating|count"):
        rolling_path(counts, stars, 3)
    with pytest.raises(ValueError, match=r"score|rating|count"):
        best_per_day(counts, stars, 4.8, 3)


@given(
    st.integers(10, 5000),
    st.integers(1, 50),
    st.integers(0, 10),
    st.integers(100, 500),
    st.integers(100, 500),
    st.integers(100, 500),
)
def test_the_bounds_of_a_day_hold_its_mean(
    kept: int, new: int, left: int, kept_mean: int, new_mean: int, old_mean: int
) -> None:
    """Whatever came and left, the published scores allow the true mean of the day."""
    before = (kept * kept_mean + left * old_mean) / (kept + left) / 100
    after = (kept * kept_mean + new * new_mean) / (kept + new) / 100
    found = implied_mean(round(before, 3), round(after, 3), kept + left, kept + new, new, step=0.001)
    assert found is not None
    assert found.low - 1e-6 <= new_mean / 100 <= found.high + 1e-6
    exact = implied_mean(before, after, kept + left, kept + new, new, old_mean=old_mean / 100)
    assert exact is not None
    assert exact.estimate == pytest.approx(new_mean / 100, abs=1e-6)


def test_days_without_ratings_say_nothing() -> None:
    """No new rating, no mean; numbers that contradict one another raise."""
    assert implied_mean(4.8, 4.8, 100, 99, 0) is None
    for numbers in ((100, 111, 10), (100, 5, -1), (10, 0, 1)):
        with pytest.raises(ValueError, match="contradict"):
            implied_mean(4.8, 4.8, *numbers)


@pytest.mark.parametrize(
    ("values", "step"),
    [([4.8, 4.7], 0.1), ([4.77429, 4.7871], 1e-5), ([5.0], 1.0), ([], 0.0), ([math.nan], 0.0), ([1 / 3], 0.0)],
)
def test_the_unit_of_the_last_digit(values: list[float], step: float) -> None:
    """The unit is that of the last digit that any value uses."""
    assert published_step(values) == pytest.approx(step)
