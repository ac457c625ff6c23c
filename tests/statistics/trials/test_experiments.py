"""Published experiments read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from duoshou.statistics.trials import AbReading, Outcomes, plan_ab, read_ab

pytestmark = pytest.mark.shared_data


def read_once(frame: Any, arm: str, value: str, shares: tuple[float, ...]) -> AbReading:
    """Return the reading of all units at a single look; arms in the order of their numbers."""
    grouped = frame.dropna(subset=[value]).groupby(arm)[value]
    sums = (grouped.size(), grouped.sum(), grouped.apply(lambda values: (values**2).sum()))
    units, totals, squares = (np.array([part.to_numpy(dtype=float)]) for part in sums)
    rate = set(frame[value].dropna().unique()) <= {0, 1}
    plan = plan_ab(
        float(totals[0, 0] / units[0, 0]),
        0.1,
        float(units.sum()),
        kind="rate" if rate else "mean",
        deviation=None if rate else float(frame[value].std()),
        shares=shares,
    )
    plan = replace(plan, units=int(units.sum()), days=1)
    return read_ab(Outcomes(units, totals, None if rate else squares), plan)


def test_letters_with_a_matching_grant(shared_data: Path) -> None:
    """Karlan and List (2007): 0.42 points more answers (p < 1 %), 0.15 dollars more a letter (p = 6 %)."""
    letters = pd.read_parquet(shared_data / "charitable_giving_ab" / "charitable.parquet")
    answers = read_once(letters, "treatment", "out_gavedum", (1, 2))
    gifts = read_once(letters, "treatment", "out_amountgive", (1, 2))
    assert answers.comparisons[0].estimate == pytest.approx(0.0042, abs=5e-5)
    assert answers.comparisons[0].p_value is not None
    assert answers.comparisons[0].p_value < 0.01
    assert answers.decision == "b_better"
    assert gifts.comparisons[0].estimate == pytest.approx(0.153, abs=0.002)
    assert gifts.comparisons[0].p_value == pytest.approx(0.06, abs=0.005)
    assert gifts.decision == "cannot_tell_yet"


def test_a_larger_match_brings_no_more(shared_data: Path) -> None:
    """Karlan and List (2007): matching two or three to one is no better than one to one."""
    letters = pd.read_parquet(shared_data / "charitable_giving_ab" / "charitable.parquet")
    letters = letters[letters["treatment"] == 1].assign(ratio=lambda table: table.treat_ratio2 + 2 * table.treat_ratio3)
    reading = read_once(letters, "ratio", "out_gavedum", (1, 1, 1))
    assert reading.decision == "cannot_tell_yet"
    assert all(one.low < 0 < one.high for one in reading.comparisons)


def test_two_mailings_against_none(shared_data: Path) -> None:
    """Hillstrom (2008): visits 18.28 and 15.14 against 10.62 %, 1.42 and 1.08 against 0.65 spent; both work."""
    people = pd.read_csv(shared_data / "hillstrom" / "hillstrom.csv")
    people["arm"] = people["segment"].map({"No E-Mail": 0, "Mens E-Mail": 1, "Womens E-Mail": 2})
    visits, spent = (read_once(people, "arm", value, (1, 1, 1)) for value in ("visit", "spend"))
    assert [one.estimate for one in visits.comparisons] == pytest.approx([0.0766, 0.0452], abs=1e-4)
    assert [one.estimate for one in spent.comparisons] == pytest.approx([0.77, 0.42], abs=0.006)
    for reading in (visits, spent):
        assert reading.valid
        assert [one.decision for one in reading.comparisons] == ["b_better", "b_better"]
        assert reading.arm == 1
