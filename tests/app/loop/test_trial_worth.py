"""What a test gained in contribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import pytest
from tests.app.conftest import make_workbench

from duoshou.app import Workbench
from duoshou.app.loop.trial_worth import worth_of
from duoshou.loop.trial_reading import Reading, read_split
from duoshou.loop.trials import AbWish, Count, NewTrial, Trial, count_trial, counts_of, plan_trial
from duoshou.model import Subject

START = date(2025, 3, 3)
DAYS, BEFORE = 10, 60
VISITORS, LEFT = 1000.0, 2.5
"""Visitors of a day, and contribution that a visitor leaves."""
COAT = Subject("product", "7", "大衣")


@dataclass
class Files:
    """What the files tell of a subject: visitors, and some kind of profit, day by day."""

    profits: Mapping[str, np.ndarray[Any, Any]] = field(
        default_factory=lambda: {"gross_margin": np.full(BEFORE, VISITORS * LEFT)}
    )

    def parts(self, _metric: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return buyers and visitors."""
        return np.full(BEFORE + DAYS, VISITORS / 20), np.full(BEFORE + DAYS, VISITORS)

    def pair(self, metric: str, _trial: Trial) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]] | None:
        """Return the days of the test, which have not settled, and the days before."""
        return (np.full(DAYS, np.nan), self.profits[metric]) if metric in self.profits else None


def read(workbench: Workbench, metric: str, subject: Subject = COAT) -> tuple[Trial, Reading]:
    """Return a test of two pages of which the second sells a fifth more, and what it shows."""
    wish = AbWish(0.05, 4000, 0.2, arms=("旧", "新"))
    trial = plan_trial(workbench.state, "main", NewTrial("页面", subject, metric, START, wish), by="小王", today=START)
    days = [START + timedelta(days=number) for number in range(DAYS)]
    counts = [Count(day, arm, 2000, hits) for day in days for arm, hits in (("旧", 100), ("新", 120))]
    count_trial(workbench.state, "main", trial.id, counts, by="小王", today=days[-1])
    return trial, read_split(trial, counts_of(workbench.state, "main", trial.id))


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """An empty workspace; what the files tell is made up."""
    with make_workbench(tmp_path_factory.mktemp("worth")) as made:
        yield made


def test_a_split_is_worth_what_its_visitors_would_have_left_times_the_lift(workbench: Workbench) -> None:
    """Twenty thousand visitors at 2.50 each and a fifth more: about 10,000, with the interval of the lift."""
    trial, reading = read(workbench, "pay_conversion_rate")
    found = worth_of(workbench.state, cast("Any", Files()), trial, reading)
    assert found is not None
    (arm,) = reading.arms
    assert found.amount == pytest.approx(20_000 * LEFT * arm.relative)
    assert (found.low, found.high) == pytest.approx((20_000 * LEFT * arm.low, 20_000 * LEFT * arm.high))
    assert found.amount == pytest.approx(10_000, rel=0.05)


def test_the_truer_profit_speaks(workbench: Workbench) -> None:
    """Contribution goes before the gross margin; a loss turns the ends of the interval around."""
    trial, reading = read(workbench, "pay_conversion_rate")
    profits = {"contribution": np.full(BEFORE, -VISITORS), "gross_margin": np.full(BEFORE, VISITORS)}
    found = worth_of(workbench.state, cast("Any", Files(profits)), trial, reading)
    assert found is not None
    assert found.low <= found.amount <= found.high
    assert found.amount < 0


@pytest.mark.parametrize("metric", ["click_through_rate", "cart_rate"])
def test_what_does_not_carry_all_sales_is_not_put_into_money(workbench: Workbench, metric: str) -> None:
    """The files know the impressions of advertisements alone; favourites and carts are not sales."""
    trial, reading = read(workbench, metric)
    assert worth_of(workbench.state, cast("Any", Files()), trial, reading) is None


def test_what_a_channel_adds_is_no_money_without_what_it_costs(workbench: Workbench) -> None:
    """Contribution is before advertising: a smaller budget would look like a loss."""
    trial, reading = read(workbench, "pay_conversion_rate", Subject("channel", "ads_search", "关键词推广"))
    assert worth_of(workbench.state, cast("Any", Files()), trial, reading) is None


def test_without_costs_there_is_no_money(workbench: Workbench) -> None:
    """No profit is known of any day."""
    trial, reading = read(workbench, "pay_conversion_rate")
    assert worth_of(workbench.state, cast("Any", Files({})), trial, reading) is None
    unknown = {"contribution": np.full(BEFORE, np.nan)}
    assert worth_of(workbench.state, cast("Any", Files(unknown)), trial, reading) is None
