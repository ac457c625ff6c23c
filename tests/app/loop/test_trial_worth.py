"""What a test gained in contribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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
        default_factory=lambda: {"known_margin": np.full(BEFORE, VISITORS * LEFT)}
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
    assert found.caveats == ("own_margin",)


def test_the_truer_profit_speaks(workbench: Workbench) -> None:
    """Contribution goes before what is left after known costs; a loss turns the ends of the interval around."""
    trial, reading = read(workbench, "pay_conversion_rate")
    profits = {"contribution": np.full(BEFORE, -VISITORS), "known_margin": np.full(BEFORE, VISITORS)}
    found = worth_of(workbench.state, cast("Any", Files(profits)), trial, reading)
    assert found is not None
    assert found.low <= found.amount <= found.high
    assert found.amount < 0
    assert found.caveats == ()


def test_what_does_not_carry_sales_is_not_put_into_money(workbench: Workbench) -> None:
    """Favourites and carts are not sales."""
    trial, reading = read(workbench, "cart_rate")
    assert worth_of(workbench.state, cast("Any", Files()), trial, reading) is None


def test_a_better_picture_is_worth_what_its_clicks_leave(workbench: Workbench) -> None:
    """Of 20,000 impressions of the new one 200 more were clicked, and a visitor leaves 2.50."""
    trial, reading = read(workbench, "click_through_rate")
    known = {"contribution": np.full(BEFORE, VISITORS * LEFT), "visitors": np.full(BEFORE, VISITORS)}
    found = worth_of(workbench.state, cast("Any", Files(known)), trial, reading)
    assert found is not None
    (arm,) = reading.arms
    assert found.amount == pytest.approx(1000 * arm.relative * LEFT)
    assert found.amount == pytest.approx(200 * LEFT, rel=0.05)
    assert (found.low, found.high) == pytest.approx((1000 * arm.low * LEFT, 1000 * arm.high * LEFT))
    assert found.caveats == ("clicks_as_visitors",)


def test_clicks_that_are_paid_for_are_paid_for(workbench: Workbench) -> None:
    """At 3 a click what costs more than a visitor leaves is a loss, and it is said that the cost is taken off."""
    trial, reading = read(workbench, "click_through_rate")
    known = {"contribution": np.full(BEFORE, VISITORS * LEFT), "visitors": np.full(BEFORE, VISITORS)}
    paid = known | {"ad_cost": np.full(BEFORE, 300.0), "clicks": np.full(BEFORE, 100.0)}
    found = worth_of(workbench.state, cast("Any", Files(paid)), trial, reading)
    assert found is not None
    assert found.amount == pytest.approx(1000 * reading.arms[0].relative * (LEFT - 3.0))
    assert found.low < found.amount < found.high < 0
    assert found.caveats == ("clicks_as_visitors", "extra_cost")


def test_clicks_of_what_has_no_visitors_known_are_no_money(workbench: Workbench) -> None:
    """A campaign has no visitors of its own; nothing is invented."""
    trial, reading = read(workbench, "click_through_rate")
    assert worth_of(workbench.state, cast("Any", Files()), trial, reading) is None
    idle = {"contribution": np.full(BEFORE, 10.0), "visitors": np.zeros(BEFORE)}
    assert worth_of(workbench.state, cast("Any", Files(idle)), trial, reading) is None


def test_the_interval_knows_that_what_a_visitor_leaves_varies(workbench: Workbench) -> None:
    """With days of compound Poisson sales the money lies within its 95 % interval about as often as promised."""
    trial, reading = read(workbench, "click_through_rate")
    random = np.random.default_rng(11)
    truth, error, inside = 0.2, 0.05, 0
    for _ in range(600):
        visitors = random.poisson(300, BEFORE).astype(float)
        orders = random.poisson(visitors * 0.04)
        profits = np.array([random.gamma(2.0, 30.0, one).sum() for one in orders])
        seen = truth + random.normal(0, error)
        arm = replace(reading.arms[0], relative=seen, low=seen - 1.96 * error, high=seen + 1.96 * error)
        known = {"contribution": profits, "visitors": visitors}
        found = worth_of(workbench.state, cast("Any", Files(known)), trial, replace(reading, arms=(arm,)))
        assert found is not None
        inside += found.low < 1000 * truth * 0.04 * 60.0 < found.high
    assert 0.92 < inside / 600 < 0.975


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
