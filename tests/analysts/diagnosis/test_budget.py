"""The budget of false findings goes where the money is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from tests.analysts.diagnosis.planted import keywords, products

from duoshou.analysts.diagnosis.budget import LEAST_SHARE, stakes
from duoshou.analysts.diagnosis.reading import Shop

NUMBER = 30


class Till:
    """A shop of which only sales are read: the first products are named, the others sold nothing."""

    def __init__(self, sold: list[float] | None) -> None:
        self._sold = sold

    def panel(self, metric: str, by: tuple[str, ...] = ()) -> SimpleNamespace | None:
        """Return constant daily sales."""
        assert by
        if self._sold is None:
            return None
        splits = tuple((f"p{number}",) for number in range(len(self._sold)))
        return SimpleNamespace(splits=splits, values={metric: np.repeat(np.array(self._sold)[:, None], 200, axis=1)})


def weights(sold: list[float] | None, day: int = 150) -> np.ndarray:
    """Return the weights of thirty products."""
    return stakes(cast("Shop", Till(sold)), products(), day)


def test_who_sells_more_may_be_told_sooner_and_the_sum_stays() -> None:
    """Weights follow the sales, keep a mean of 1, and leave nobody without a share."""
    found = weights([10.0, 5.0] + [1.0] * 27)
    assert found.mean() == pytest.approx(1.0)
    assert found[0] == pytest.approx(2 * found[1]) == pytest.approx(10 * found[2])
    assert 0 < found[29] < found[2]
    assert found[29] > LEAST_SHARE / 2


def test_without_sales_all_count_alike() -> None:
    """No file of sales, no sale yet, or subjects whose sales say little: equal shares."""
    assert weights(None) == pytest.approx(np.ones(NUMBER))
    assert weights([0.0] * NUMBER) == pytest.approx(np.ones(NUMBER))
    assert stakes(cast("Shop", Till([5.0] * NUMBER)), keywords(), 150) == pytest.approx(np.ones(NUMBER))
