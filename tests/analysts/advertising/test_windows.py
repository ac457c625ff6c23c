"""Targets told with several attribution windows: nothing counts twice, nothing is lost, and it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from tests.analysts.conftest import fill

from duoshou.analysts.advertising import AdQuestion, AdStudy, study_advertising
from duoshou.analysts.advertising.levels import AdLevel
from duoshou.analysts.advertising.question import Level
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue

AS_OF = date(2026, 9, 30)
NAMES: Mapping[Level, Mapping[str, str]] = {
    Level.CAMPAIGN: {"report_level": "plan"},
    Level.KEYWORD: {"report_level": "keyword", "target": "word", "keyword": "word"},
    Level.HOUR: {"report_level": "hour", "target": "08"},
    Level.SEARCH: {"report_level": "search_term", "target": "word | x", "search_term": "word"},
}
Studied = Callable[[Sequence[Mapping[str, Any]]], AdStudy]


def days(
    level: Level, plan: str, window: int, backs: range, *, orders: int = 2, group: str = "-"
) -> list[dict[str, Any]]:
    """Return days of a target, counted back from the last one: 40 clicks at 1.00, orders of 50.00."""
    return [
        {
            **NAMES[level],
            "campaign": plan,
            "ad_group": group,
            "attribution_window_days": window,
            "day": AS_OF - timedelta(days=back),
            "impressions": 900,
            "clicks": 40,
            "cost": Decimal(40),
            "orders": orders,
            "sales_amount": Decimal(50 * orders),
            "exported_at": datetime(2026, 12, 1),
        }
        for back in backs
    ]


@pytest.fixture
def studied() -> Iterator[Studied]:
    """Return what studies a shop of some rows of advertising."""
    with ExitStack() as stack:

        def study(rows: Sequence[Mapping[str, Any]]) -> AdStudy:
            connection = duckdb.connect()
            fill(connection, {"ad_period": rows})
            backend = stack.enter_context(DuckDBBackend(connection))
            return study_advertising(
                AdQuestion(backend, load_catalogue(), AS_OF, AS_OF, None, "CNY", lambda _, __: {}, 0.5)
            )

        yield study


def of(study: AdStudy, level: Level) -> AdLevel:
    """Return a level of the study."""
    (found,) = [one for one in study.levels if one.level is level]
    return found


def differing(study: AdStudy) -> list[str]:
    """Return what the study says of windows."""
    return [one.en for one in study.caveats if one.en.startswith("attribution windows")]


@pytest.mark.parametrize("level", NAMES)
def test_plans_of_different_windows_are_all_there_with_sales_of_their_own(studied: Studied, level: Level) -> None:
    """A with 7 days and B with 30: both cost 60 settled days, and neither is taken for one that never sells."""
    study = studied([*days(level, "a", 7, range(95)), *days(level, "b", 30, range(95), orders=3)])
    found = of(study, level)
    assert found.period.end == AS_OF - timedelta(days=30)
    assert {one.key[0]: (one.cost, one.orders, one.roas) for one in found.targets} == {
        "a": (Decimal(2400), 120, 2.5),
        "b": (Decimal(2400), 180, 3.75),
    }
    (said,) = differing(study)
    assert "1 with 7 days, 1 with 30 days" in said


@pytest.mark.parametrize("level", NAMES)
def test_a_plan_told_twice_counts_once_and_says_nothing(studied: Studied, level: Level) -> None:
    """Both windows of the same days: the preferred one answers alone."""
    study = studied([*days(level, "a", 7, range(95)), *days(level, "a", 15, range(95), orders=3)])
    (one,) = of(study, level).targets
    assert (one.cost, one.orders) == (Decimal(2400), 180)
    assert of(study, level).period.end == AS_OF - timedelta(days=15)
    assert not differing(study)


@pytest.mark.parametrize("level", NAMES)
def test_a_few_days_of_another_window_do_not_replace_the_rest(studied: Studied, level: Level) -> None:
    """15 days were exported for one day, 7 days for all: nothing of the other days is lost."""
    study = studied([*days(level, "a", 7, range(95)), *days(level, "a", 15, range(50, 51), orders=3)])
    (one,) = of(study, level).targets
    assert (one.cost, one.orders) == (Decimal(2400), 120)
    assert not differing(study)


@pytest.mark.parametrize("level", NAMES)
@pytest.mark.parametrize("window", [1, 7, 30])
def test_days_are_settled_by_the_window_that_is_told(studied: Studied, level: Level, window: int) -> None:
    """The last settled day is the last that is over for as long as sales are counted, at every level alike."""
    study = studied(days(level, "a", window, range(95)))
    assert of(study, level).period.end == AS_OF - timedelta(days=window)


@pytest.mark.parametrize("level", NAMES)
def test_what_was_exported_too_early_is_not_settled(studied: Studied, level: Level) -> None:
    """Days of which the last export is younger than their window know their cost and not their sales."""
    rows = days(level, "a", 15, range(95))
    seen = datetime(2026, 8, 31)
    study = studied([row | {"exported_at": seen} for row in rows])
    assert of(study, level).period.end == seen.date() - timedelta(days=15)


def test_days_on_which_windows_meet_within_a_keyword_are_not_judged(studied: Studied) -> None:
    """Two groups of one keyword with windows of their own: what they cost is told and left out, not taken for waste."""
    rows = [
        *days(Level.KEYWORD, "a", 7, range(95), group="g1"),
        *days(Level.KEYWORD, "a", 15, range(60, 95), group="g2"),
        *days(Level.KEYWORD, "b", 7, range(95), group="g1"),
    ]
    found = of(studied(rows), Level.KEYWORD)
    kept = {one.key[0]: (one.cost, one.orders) for one in found.targets}
    met = (AS_OF - timedelta(days=60) - found.period.start).days + 1
    assert kept == {"a": (Decimal(40 * (60 - met)), 2 * (60 - met)), "b": (Decimal(2400), 120)}
    (said,) = differing(studied(rows))
    assert "is not judged" in said
    assert "1 with several" in said


def test_bids_know_the_cost_of_every_plan_whatever_its_window(studied: Studied) -> None:
    """Keywords of both plans are bid on, and the budget is what both cost, once."""
    rows = [
        *days(Level.KEYWORD, "a", 7, range(95)),
        *days(Level.KEYWORD, "a", 15, range(20, 40)),
        *days(Level.KEYWORD, "b", 15, range(95)),
    ]
    plan = studied(rows).bids
    assert plan is not None
    assert {one.campaign for one in plan.bids} == {"a", "b"}
    assert float(plan.budget) == pytest.approx(80.0)
