"""A switchback of a channel's spend is read on the whole shop, and the channel's return then rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest
from tests.app.conftest import PLAN_HEAD, SHOP_HEAD, delimited, make_workbench, put

from duoshou.app import Workbench
from duoshou.app.channel_budgets import channels_of
from duoshou.app.loop.channel_tests import channel_tests
from duoshou.app.loop.trials import daily_of, end_test
from duoshou.loop.changes import NewChange, record
from duoshou.loop.trials import NewTrial, SwitchbackWish, Trial, plan_trial
from duoshou.model import Subject

START = date(2025, 3, 3)
BEFORE = 112
CHANNEL = "ads_search"
LOW, HIGH = 400, 800
SETTLING = timedelta(days=45)
UNREPORTED = {START + timedelta(days=number) for number in (5, 6, 12)}
"""Days of which no report of plans was fetched: nothing is known of their spend."""
ADDED = 3.0
"""What the shop really sells for a unit of spend; the platform claims twice as much."""
WISH = SwitchbackWish(28, 0.05, ("减半", "照旧"), carry_over=0, seed=11)


def files(spend: dict[date, int], last: date) -> tuple[str, str]:
    """Return the shop's days and the plan's: sales of 20,000 a day and three for each unit of spend."""
    draw = np.random.default_rng(8)
    shop: list[list[object]] = [list(SHOP_HEAD)]
    plan: list[list[object]] = [list(PLAN_HEAD)]
    for number in range(BEFORE + (last - START).days + 1):
        day = START + timedelta(days=number - BEFORE)
        cost = spend.get(day, LOW)
        amount = 20_000 + ADDED * cost + float(draw.normal(0, 300))
        visitors, clicks = 2000 + number, int(draw.integers(280, 320))
        shop.append([day.isoformat(), visitors, visitors * 3, 200, 201, 202, f"{amount:,.2f}", clicks])
        if day in UNREPORTED:
            continue
        claimed = (clicks // 8, cost * 6)
        plan.append([day.isoformat(), "1", "关键词推广", "77", "主推", clicks * 30, clicks, cost, *claimed])
    return delimited(shop), delimited(plan)


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Trial]]:
    """A shop that switched the spend of a channel on the days that were drawn."""
    with make_workbench(tmp_path_factory.mktemp("channel")) as workbench:
        subject = Subject("channel", CHANNEL, "关键词推广")
        new = NewTrial("花费轮换", subject, "pay_amount", START, WISH, "budget")
        trial = plan_trial(workbench.state, "main", new, by="小王", today=START - timedelta(days=1))
        spend = {day: HIGH if state == "照旧" else LOW for day, state in trial.schedule()}
        shop, plan = files(spend, trial.ends_on + SETTLING)
        exported = trial.ends_on + SETTLING + timedelta(days=1)
        put(workbench, "shop.csv", shop, "main", exported)
        put(workbench, "plan.csv", plan, "main", exported)
        yield workbench, trial


def test_it_is_read_on_the_sales_of_the_shop(tested: tuple[Workbench, Trial]) -> None:
    """The outcome is what the shop sold, not what the channel claims."""
    workbench, trial = tested
    outcome = daily_of(workbench, "main", trial).outcome
    assert outcome.min() > 20_000
    assert np.isfinite(outcome).all()


def test_an_ended_test_speaks_for_the_channel_for_a_year(tested: tuple[Workbench, Trial]) -> None:
    """Before it is ended, before its last day, and a year after nothing rests on it."""
    workbench, trial = tested
    assert channel_tests(workbench, "main", trial.ends_on) == ()
    before = channels_of(workbench, trial.ends_on, shop="main")
    for day, state in trial.switches():
        record(workbench.state, "main", NewChange("budget", day, (trial.subject,), after=state), rules=(), by="小李")
    end_test(workbench, "main", trial.id, by="小王")
    (one,) = channel_tests(workbench, "main", trial.ends_on)
    assert (one.channel, one.low, one.high) == (CHANNEL, LOW, HIGH)
    assert abs(one.effect - ADDED * (HIGH - LOW)) < 2 * one.error
    assert one.error < 400
    assert channel_tests(workbench, "main", trial.ends_on - timedelta(days=1)) == ()
    assert channel_tests(workbench, "main", trial.ends_on + timedelta(days=366)) == ()
    after = channels_of(workbench, trial.ends_on, shop="main")
    assert (before.tests, after.tests) == ((), (one,))
    (told,) = after.returns
    assert told.marginal is not None
    assert told.marginal.low < ADDED < told.marginal.high
    assert told.claimed is not None
    assert told.marginal.high < told.claimed.low
