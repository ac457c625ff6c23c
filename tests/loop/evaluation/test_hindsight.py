"""What was foretold of the days before a change: from the days before those alone, and near what came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.loop.evaluation.shop import START, shop
from tests.loop.evaluation.test_measure import change, measured

from duoshou.app import Workbench
from duoshou.app.pages.effects import effect_page
from duoshou.loop.effects import Measured
from duoshou.loop.evaluation import calibration


@pytest.fixture
def workbench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """A copy of the small shop, without placebos."""
    monkeypatch.setattr(calibration, "PLACEBOS", 0)
    with shop(tmp_path) as opened:
        yield opened


def foretold(one: Measured) -> dict[date, tuple[float, float]]:
    """Return what was seen and what was foretold of the days before."""
    return {
        date.fromisoformat(row["day"]): (row["observed"], row["expected"])
        for row in one.content["before"]
        if "expected" in row
    }


def test_the_latest_weeks_before_are_foretold(workbench: Workbench) -> None:
    """Four weeks in a row up to the change, in the mean as they came, and on none of the days before them."""
    change(workbench)
    (one,) = measured(workbench)
    told = foretold(one)
    length = min(28, len(one.content["before"]) // 3)
    assert list(told) == [START - timedelta(days=number) for number in range(length, 0, -1)]
    seen, expected = np.array(list(told.values())).T
    assert expected.mean() == pytest.approx(seen.mean(), rel=0.1)


def test_a_change_shortly_before_leaves_none_or_fewer(workbench: Workbench) -> None:
    """Days before an earlier change of the same product tell nothing of those after it."""
    change(workbench, kind="title", on=START - timedelta(days=16))
    change(workbench)
    one = next(one for one in measured(workbench) if one.window.start == START)
    assert min(foretold(one), default=START) >= START - timedelta(days=9)


def test_the_page_draws_both_sides_and_the_interval_after(workbench: Workbench) -> None:
    """Before the change there is a line where it was foretold and no band; after it the band holds the line."""
    change(workbench)
    (one,) = measured(workbench)
    page = effect_page(workbench, one.id, None, costs=True)
    assert page.level == 0.95
    assert one.relative is not None
    assert one.relative_low is not None
    assert one.relative_high is not None
    assert sum(value is not None for value in page.expected) == len(foretold(one)) + one.window.days
    rows = list(zip(page.days, page.observed, page.expected, page.low, page.high, strict=True))
    for day, _, _, low, high in rows:
        assert (low is None) == (high is None) == (day < START)
    after = np.array([row[1:] for row in rows if row[0] >= START], dtype=np.float64)
    seen, expected, low, high = after.sum(axis=0)
    assert low <= expected <= high
    # The ends say of the whole what the interval of the effect says of it.
    assert seen / high - 1 == pytest.approx(one.relative_low, abs=0.01)
    assert seen / low - 1 == pytest.approx(one.relative_high, abs=0.01)
