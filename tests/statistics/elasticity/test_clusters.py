"""Errors of one coefficient, against the closed form of two means and by their expectation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.elasticity.clusters import clustered_error


def test_two_means_have_welch_s_error_and_degrees() -> None:
    """With each day a block of its own the error is that of two means, with Welch's degrees at equal variances."""
    rng = np.random.default_rng(1)
    few, many = 4, 21
    flag = np.r_[np.ones(few), np.zeros(many)]
    y = rng.normal(size=few + many)
    residuals = np.r_[y[:few] - y[:few].mean(), y[few:] - y[few:].mean()]
    found = clustered_error(flag, np.ones((few + many, 1)), residuals, np.arange(few + many))
    assert found is not None
    assert found.error == pytest.approx(np.sqrt(y[:few].var(ddof=1) / few + y[few:].var(ddof=1) / many))
    expected = (1 / few + 1 / many) ** 2 / (1 / (few**2 * (few - 1)) + 1 / (many**2 * (many - 1)))
    assert found.degrees == pytest.approx(expected)


def test_the_error_is_right_on_average() -> None:
    """Under independent noise the mean of the squared error is the variance, few blocks or not."""
    rng = np.random.default_rng(2)
    days = 70
    others = np.column_stack([np.ones(days), rng.normal(size=(days, 2))])
    column = rng.normal(size=days)
    block = np.arange(days) // 14
    whole = np.column_stack([column, others])
    hat = whole @ np.linalg.pinv(whole)
    squares = []
    for _ in range(4000):
        noise = rng.normal(size=days)
        found = clustered_error(column, others, noise - hat @ noise, block)
        assert found is not None
        squares.append(found.error**2)
    variance = np.linalg.inv(whole.T @ whole)[0, 0]
    assert np.mean(squares) == pytest.approx(variance, rel=0.05)


def test_a_single_week_carries_one_degree() -> None:
    """A flag that is up within one block has no error, and over the edge of two it has few degrees."""
    rng = np.random.default_rng(3)
    days = 200
    flag = (np.arange(days) // 14 == 3).astype(float)
    residuals = rng.normal(size=days)
    residuals[flag > 0] -= residuals[flag > 0].mean()
    found = clustered_error(flag, np.ones((days, 1)), residuals, np.arange(days) // 14)
    assert found is None
    flag = np.roll(flag, 4)
    found = clustered_error(flag, np.ones((days, 1)), residuals, np.arange(days) // 14)
    assert found is not None
    assert found.degrees < 2


def test_a_column_that_others_say_has_no_error() -> None:
    """A column within the span of the others cannot be told."""
    others = np.column_stack([np.ones(30), np.arange(30.0)])
    assert clustered_error(2 + 3 * np.arange(30.0), others, np.ones(30), np.arange(30) // 7) is None


def test_long_histories_have_the_same_error() -> None:
    """Over two years, where the columns fit little of most blocks and nearly all of some, the sandwich is the same."""
    rng = np.random.default_rng(5)
    days = 730
    flags = np.column_stack([(np.arange(days) // 10 == at).astype(float) for at in (9, 30, 51)])
    whole = np.column_stack([rng.normal(size=days), np.ones(days), flags, rng.normal(size=(days, 20))])
    residuals, block = rng.normal(size=days), np.arange(days) // 14
    found = clustered_error(whole[:, 0], whole[:, 1:], residuals, block)
    assert found is not None
    error, degrees = sandwich(whole, residuals, block)
    assert found.error == pytest.approx(error, rel=1e-10)
    assert found.degrees == pytest.approx(degrees, rel=1e-10)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(2, 9))
def test_it_is_the_sandwich_block_by_block(seed: int, columns: int, size: int) -> None:
    """Error and degrees are those of the adjusted residuals of each block, written out with the whole hat matrix."""
    rng = np.random.default_rng(seed)
    days = 60
    block = (np.arange(days) // size)[np.sort(rng.permutation(days)[:50])]
    whole = rng.normal(size=(50, columns + 1))
    residuals = rng.normal(size=50)
    found = clustered_error(whole[:, 0], whole[:, 1:], residuals, block)
    assert found is not None
    error, degrees = sandwich(whole, residuals, block)
    assert found.error == pytest.approx(error)
    assert found.degrees == pytest.approx(degrees)


def sandwich(whole: np.ndarray, residuals: np.ndarray, block: np.ndarray) -> tuple[float, float]:
    """Return error and degrees of the first column by the whole hat matrix."""
    annihilator = np.eye(len(whole)) - whole @ np.linalg.pinv(whole)
    row = np.linalg.pinv(whole)[0]
    scores, influences = [], []
    for one in np.unique(block):
        rows = block == one
        values, vectors = np.linalg.eigh(annihilator[np.ix_(rows, rows)])
        adjusted = (vectors / np.sqrt(values)) @ vectors.T @ row[rows]
        scores.append(adjusted @ residuals[rows])
        influences.append(annihilator[:, rows] @ adjusted)
    crossed = np.array(influences) @ np.array(influences).T
    return float(np.sqrt(np.square(scores).sum())), float(np.trace(crossed) ** 2 / (crossed**2).sum())
