"""How often a price moved."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.elasticity import price_moves


def test_a_price_that_moved_twice() -> None:
    """A week of discount is two moves between two levels."""
    price = np.r_[np.full(30, 100.0), np.full(7, 85.0), np.full(30, 100.0)]
    moves = price_moves(price)
    assert (moves.levels, moves.moves, round(moves.low), round(moves.high)) == (2, 2, 85, 100)
    assert moves.held_days == 67


def test_rounding_and_single_days_are_no_moves() -> None:
    """Paid prices that jitter by a hundredth, and prices of one day, are not held."""
    rng = np.random.default_rng(1)
    price = 100 * np.exp(rng.uniform(-0.005, 0.005, 90))
    price[40] = 70.0
    moves = price_moves(price)
    assert (moves.levels, moves.moves) == (1, 0)


@given(st.lists(st.floats(1, 1000), max_size=60), st.floats(0.1, 10))
def test_the_currency_does_not_matter(prices: list[float], scale: float) -> None:
    """Moves are relative, levels never exceed moves + 1, and holes are passed over."""
    price = np.array([*prices, np.nan])
    moves = price_moves(price)
    assert moves.levels <= moves.moves + 1 or moves.levels == 0
    assert moves.held_days <= len(prices)
    assert price_moves(price_rounded := np.repeat(np.round(price), 3)).levels == price_moves(price_rounded * 2).levels


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.004, 0.01]))
def test_runs_are_those_of_the_running_median(seed: int, jitter: float) -> None:
    """Held days and moves are those of comparing every day with the median of its run's last four weeks."""
    rng = np.random.default_rng(seed)
    price = np.exp(np.repeat(rng.normal(4, 0.05, 30), rng.integers(1, 9, 30)))
    price = price * np.exp(rng.normal(0, jitter, len(price)))
    runs: list[list[float]] = []
    for value in np.log(price):
        if runs and abs(value - np.median(runs[-1][-28:])) <= 0.015:
            runs[-1].append(value)
        else:
            runs.append([value])
    held = [run for run in runs if len(run) >= 3]
    steps = np.abs(np.diff([np.median(run) for run in held]))
    found = price_moves(price)
    assert found.held_days == sum(map(len, held))
    assert found.moves == (steps >= 0.03).sum()
