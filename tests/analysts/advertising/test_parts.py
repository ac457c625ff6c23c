"""Creatives that wear out, and hours, regions and placements of shops whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.analysts.advertising.test_searches import AS_OF, row, study
from tests.analysts.conftest import fill

from duoshou.analysts.advertising.question import AdQuestion, Level
from duoshou.analysts.advertising.reported import read_reported
from duoshou.analysts.advertising.wear import State
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue

HOURS = 24


def creatives(seed: int = 1, *, wear: float = 0.5, worn: int = 2, number: int = 9) -> list[dict[str, Any]]:
    """Return the days of a plan's creatives, of which the first ones wear out; a click leaves two above its price."""
    random = np.random.default_rng(seed)
    rows, whole = [], np.zeros(number)
    begun = random.integers(30, 90, number)
    for back in range(90, -1, -1):
        season = 1 + 0.2 * np.sin(back / 7 * 2 * np.pi)
        for one in range(number):
            if back > begun[one]:
                continue
            impressions = int(random.poisson(4000))
            whole[one] += impressions
            age = np.log(max(whole[one] / 28_000, 1.0)) if one < worn else 0.0
            clicks = int(random.poisson(impressions * 0.03 * season * np.exp(-wear * age)))
            orders = int(random.binomial(clicks, 0.08))
            rows.append(
                row("creative", f"p{one}", AS_OF - timedelta(days=back), clicks, orders)
                | {"impressions": impressions, "target_name": f"picture {one}"}
            )
    return rows


def parts(level: str = "hour", seed: int = 2) -> tuple[list[dict[str, Any]], Mapping[str, float]]:
    """Return the days of the hours of a plan, and the conversion of each: by night a third of that of the day."""
    random = np.random.default_rng(seed)
    truth = {f"{one:02d}": 0.02 if one < 6 else 0.06 for one in range(HOURS)}
    rows = [
        row(level, name, AS_OF - timedelta(days=back), clicks, int(random.binomial(clicks, conversion)))
        for back in range(90)
        for name, conversion in truth.items()
        for clicks in [int(random.poisson(30))]
    ]
    return rows, truth


def test_worn_creatives_are_told_with_their_money() -> None:
    """Those that wear are told and no others, under the names that reports give them, with what they cost."""
    found = study(creatives())
    told = [one for one in found.creatives if one.state is State.WORN]
    assert {one.creative for one in told} == {"p0", "p1"}
    for one in told:
        assert one.name.startswith("picture")
        assert one.lost is not None
        assert one.lost_low is not None
        assert one.lost_high is not None
        assert 0 < one.lost_low < one.lost < one.lost_high < 1
        assert one.cost is not None
        assert 0 < one.cost.low < one.cost.value < one.cost.high
    (finding,) = [one for one in found.findings if one.kind == "advertising.fatigue"]
    assert finding.impact is not None
    assert finding.impact.amount == sum(one.cost.value for one in told if one.cost)
    assert finding.recommendations[0].owner_role == "designer"
    json.dumps(found.to_dict())


def test_creatives_that_hold_are_not_told() -> None:
    """Season and weekdays wear nothing out."""
    found = study(creatives(wear=0.0))
    assert not [one for one in found.creatives if one.state is State.WORN]
    assert "advertising.fatigue" not in {one.kind for one in found.findings}


def test_hours_that_differ_get_coefficients() -> None:
    """Lower by night and never more than three tenths at once; the intervals hold the true ratios."""
    rows, truth = parts()
    found = study(rows)
    assert [one.level for one in found.levels] == [Level.HOUR]
    mean = float(np.mean(list(truth.values())))
    down = {one.name for one in found.splits if one.coefficient < 1}
    assert down == {name for name, one in truth.items() if one < mean}
    assert all(0.7 <= one.coefficient <= 1.3 for one in found.splits)
    assert np.mean([one.ratio_low <= truth[one.name] / mean <= one.ratio_high for one in found.splits]) >= 0.8
    (finding,) = [one for one in found.findings if one.kind == "advertising.splits"]
    assert finding.impact is not None
    assert finding.impact.low > 0


def test_hours_that_are_alike_get_none() -> None:
    """Chance makes no coefficient."""
    random = np.random.default_rng(5)
    rows = [
        row("region", f"r{one}", AS_OF - timedelta(days=back), 20, int(random.binomial(20, 0.05)))
        for back in range(90)
        for one in range(30)
    ]
    found = study(rows)
    assert len(found.splits) == 30
    assert {one.coefficient for one in found.splits} == {1.0}
    assert {one.gain for one in found.splits} == {None}


def test_those_without_costs_read_no_money() -> None:
    """Neither of worn creatives nor of coefficients."""
    bare = study([*creatives(), *parts("placement")[0]]).without_costs()
    assert bare.creatives
    assert bare.splits
    assert {one.cost for one in bare.creatives} == {None}
    assert {one.gain for one in bare.splits} == {None}


def test_levels_without_a_report_are_named() -> None:
    """What is missing narrows the answer and is said."""
    said = " ".join(one.en for one in study(parts()[0]).caveats)
    assert "creatives, placements, regions" in said
    assert "hours" not in said


@pytest.fixture
def asked() -> Iterator[AdQuestion]:
    """Return a question to a shop whose hours were read with two windows, and once without orders."""
    day = date(2026, 8, 20)
    rows = [
        row("hour", "09", day, 10, 1) | {"attribution_window_days": 7},
        row("hour", "09", day, 10, 3) | {"attribution_window_days": 30},
        row("hour", "10", day, 10, 0) | {"attribution_window_days": 30, "orders": None, "cost": Decimal(20)},
    ]
    with ExitStack() as stack:
        connection = duckdb.connect()
        fill(connection, {"ad_period": rows})
        backend = stack.enter_context(DuckDBBackend(connection))
        yield AdQuestion(backend, load_catalogue(), AS_OF, AS_OF, None, "CNY", lambda _, __: {}, 0.5)


def test_one_window_answers_and_unknown_orders_are_no_orders(asked: AdQuestion) -> None:
    """Of overlapping windows the one that tells of all answers; a row without orders is not one of none."""
    found = read_reported(asked, Level.HOUR)
    assert found is not None
    assert found.keys == (("c1", "09"),)
    assert (found.sums["ad_orders"][0], found.sums["clicks"][0]) == (3.0, 10.0)
