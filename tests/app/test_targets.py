"""Progress towards the month's targets."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from duoshou.app import Workbench, create_workspace, open_workbench
from duoshou.app.targets import expected_share, month_target, progress, project

MONTH = date(2026, 6, 1)
Day = tuple[date, int]


def days(first: date, last: date) -> list[date]:
    """Return every day from `first` to `last`."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[Sequence[Day], dict[str, str]], Workbench]]:
    """Return a function that makes a workspace with amounts and visitors by day, and targets of June 2026."""
    made: list[Workbench] = []

    def make(amounts: Sequence[Day], targets: dict[str, str]) -> Workbench:
        create_workspace(tmp_path / "shop", "shop")
        workbench = open_workbench(tmp_path / "shop")
        made.append(workbench)
        with workbench.store.writer("test") as session:
            for day, amount in amounts:
                session.connection.execute(
                    "INSERT INTO shop_period (shop, platform, currency, grain, terminal, period_start, paid_amount, "
                    "buyers, visitors, exported_at) VALUES ('main', 'taobao', 'CNY', 'day', 'all', ?, ?, 5, 100, ?)",
                    [day, amount, day + timedelta(days=1)],
                )
            for metric, value in targets.items():
                session.connection.execute(
                    "INSERT INTO target (shop, month, metric, value) VALUES ('main', ?, ?, ?)", [MONTH, metric, value]
                )
            session.changed = True
        return workbench

    yield make
    for workbench in made:
        workbench.close()


def weekly(day: date) -> int:
    """Return what a day brings in a shop that sells twice as much at weekends."""
    return 200 if day.weekday() >= 5 else 100


def test_progress_follows_the_weekdays(opened: Callable[[Sequence[Day], dict[str, str]], Workbench]) -> None:
    """Eight steady weeks: June 2026 has 22 working days and 8 at weekends, of which 5 and 2 lie before the 8th."""
    past = [(day, weekly(day)) for day in days(date(2026, 4, 13), date(2026, 6, 7))]
    found = progress(opened(past, {"支付金额": "4000"}), MONTH, date(2026, 6, 7))
    (one,) = found.targets
    assert (one.metric.key, one.basis) == ("pay_amount", "weekday")
    assert (one.target, one.value) == (Decimal(4000), Decimal("900.00"))
    assert one.reached == pytest.approx(900 / 4000)
    assert one.expected == pytest.approx(900 / 3800)
    assert one.projection is not None
    assert (one.projection.value, one.projection.low, one.projection.high) == pytest.approx((3800, 3800, 3800))
    assert one.needed == pytest.approx(3100 / 23)
    assert one.why_not is None
    shape = json.loads(json.dumps(found.to_dict()))
    assert (shape["month"], shape["targets"][0]["value"], shape["targets"][0]["target"]) == (
        "2026-06",
        "900.00",
        "4000.00",
    )


def test_a_young_shop_cannot_tell(opened: Callable[[Sequence[Day], dict[str, str]], Workbench]) -> None:
    """Below 14 days there is no projection, with the reason; the share expected is that of the days elapsed."""
    young = [(day, 100) for day in days(date(2026, 5, 29), date(2026, 6, 10))]
    (one,) = progress(opened(young, {"pay_amount": "3000"}), MONTH, date(2026, 6, 10)).targets
    assert one.projection is None
    assert one.why_not is not None
    assert "13" in one.why_not.en
    assert one.expected == pytest.approx(1 / 3)
    assert one.basis == "elapsed"
    assert one.needed == pytest.approx(100)


def test_a_rate_is_compared_and_not_projected(opened: Callable[[Sequence[Day], dict[str, str]], Workbench]) -> None:
    """A conversion rate is no sum of days."""
    past = [(day, weekly(day)) for day in days(date(2026, 4, 13), date(2026, 6, 7))]
    (one,) = progress(opened(past, {"pay_conversion_rate": "0.06"}), MONTH, date(2026, 6, 7)).targets
    assert one.value == pytest.approx(0.05)
    assert (one.reached, one.expected, one.projection, one.needed) == (None, None, None, None)


def test_unknown_names_are_reported(opened: Callable[[Sequence[Day], dict[str, str]], Workbench]) -> None:
    """A name that no metric has is told with the nearest; the other targets stand."""
    found = progress(opened([(MONTH, 100)], {"pay_amuont": "1", "pay_amount": "1000"}), MONTH, MONTH)
    assert [one.metric.key for one in found.targets] == ["pay_amount"]
    assert "pay_amount" in found.problems["main", "pay_amuont"].en


def test_a_month_that_is_over_or_has_not_begun(
    opened: Callable[[Sequence[Day], dict[str, str]], Workbench],
) -> None:
    """What is over is exact and asks nothing more; what has not begun has no value."""
    june = [(day, 100) for day in days(MONTH, date(2026, 7, 5))]
    workbench = opened(june, {"pay_amount": "2500"})
    (over,) = progress(workbench, MONTH, date(2026, 7, 5)).targets
    assert (over.value, over.expected, over.needed) == (Decimal("3000.00"), 1.0, None)
    assert over.projection is not None
    assert over.projection.low == over.projection.high == 3000
    (early,) = progress(workbench, MONTH, date(2026, 5, 20)).targets
    assert (early.value, early.projection) == (None, None)
    assert early.why_not is not None
    assert progress(workbench, date(2026, 8, 1), date(2026, 7, 5)).targets == ()


def test_a_gap_is_not_a_quiet_day(opened: Callable[[Sequence[Day], dict[str, str]], Workbench]) -> None:
    """With a day missing the month cannot be projected; where the data end, the month so far ends."""
    past = [(day, 100) for day in days(date(2026, 4, 13), date(2026, 6, 9)) if day != date(2026, 6, 3)]
    workbench = opened(past, {"pay_amount": "3000"})
    (gap,) = progress(workbench, MONTH, date(2026, 6, 9)).targets
    assert gap.projection is None
    assert gap.why_not is not None
    (ended,) = workbench.targets(MONTH, date(2026, 6, 20)).targets
    assert ended.as_of == date(2026, 6, 9)


def test_a_month_without_data(opened: Callable[[Sequence[Day], dict[str, str]], Workbench]) -> None:
    """Unknown is not nothing: no share, no need."""
    (one,) = progress(opened([], {"pay_amount": "2500"}), MONTH, date(2026, 6, 7)).targets
    assert (one.value, one.reached, one.needed, one.projection) == (None, None, None, None)
    assert one.why_not is not None


@pytest.mark.parametrize("memory", [0.0, 0.4])
@pytest.mark.parametrize("size", [14, 27, 56])
def test_the_interval_holds_what_it_promises(memory: float, size: int) -> None:
    """Of 500 simulated months nine in ten end within the interval, also where a day resembles the day before."""
    dice = random.Random(20260601)
    first = date(2026, 4, 6)
    inside = 0
    for _ in range(500):
        state, series = 0.0, {}
        for day in days(first, first + timedelta(days=size + 14)):
            state = memory * state + dice.gauss(0, math.sqrt(1 - memory**2))
            series[day] = 300 + (60 if day.weekday() >= 5 and size >= 28 else 0) + 20 * state
        known, left = dict(list(series.items())[:size]), list(series)[size:]
        found = project(1000, known, left)
        assert found is not None
        inside += found.low <= 1000 + sum(series[day] for day in left) <= found.high
    assert 0.85 <= inside / 500 <= 0.96


def test_without_a_weekday_pattern_the_days_count_alike() -> None:
    """Below four weeks, or where nothing was ever sold, each day is one of so many."""
    month = days(MONTH, date(2026, 6, 30))
    nothing = dict.fromkeys(days(date(2026, 4, 6), date(2026, 5, 31)), 0.0)
    for history in ({}, nothing):
        share, basis = expected_share(history, month[:6], month[6:])
        assert share == pytest.approx(0.2)
        assert basis == "elapsed"


def test_amounts_that_are_never_negative_do_not_shrink() -> None:
    """The lower end is never below what the month has brought already."""
    wild = dict(zip(days(date(2026, 5, 1), date(2026, 5, 20)), [0, 0, 0, 900] * 5, strict=True))
    found = project(50, {day: float(one) for day, one in wild.items()}, days(date(2026, 5, 21), date(2026, 5, 22)))
    assert found is not None
    assert found.low == 50
    assert found.value == pytest.approx(50 + 2 * 225)


def test_the_target_of_a_metric_is_found_by_any_of_its_names(
    opened: Callable[[Sequence[Day], dict[str, str]], Workbench],
) -> None:
    """A name that no metric has does not hide the one that is asked for; another month has none."""
    workbench = opened([(MONTH, 100)], {"nobody": "1", "推广花费": "90000"})
    assert month_target(workbench, "ad_cost", "main", date(2026, 6, 30)) == 90_000
    assert month_target(workbench, "ad_cost", "main", date(2026, 7, 1)) is None
    assert month_target(workbench, "pay_amount", "main", MONTH) is None
