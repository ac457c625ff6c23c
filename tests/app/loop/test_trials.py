"""Tests on the data of a real workspace: proposed from the past, read by day, ended with an effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.app.conftest import SHOP_HEAD, delimited, make_workbench, put

from duoshou.app import Workbench
from duoshou.app.loop.tasks import today_of
from duoshou.app.loop.trials import (
    baseline_of,
    count_test,
    daily_of,
    end_test,
    plan_test,
    propose_switchback,
    read_test,
)
from duoshou.loop.changes import NewChange, record
from duoshou.loop.effects import effect_of
from duoshou.loop.trials import AbWish, Count, NewTrial, SwitchbackWish, Trial, plan_trial
from duoshou.model import Source, Subject, TrialState, Verdict

START = date(2025, 3, 3)
"""First day of the test, a Monday; the shop's files begin sixteen weeks before."""
BEFORE = 112
SHOP = Subject("shop", "main", "主店")
WISH = SwitchbackWish(28, 0.05, ("旧话术", "新话术"), seed=11)


def shop_days(lifted: Mapping[date, float], last: date) -> str:
    """Return the shop's days: about 2,000 visitors of whom a tenth buys, more on the days that are lifted."""
    draw = np.random.default_rng(8)
    rows: list[list[object]] = [list(SHOP_HEAD)]
    for number in range(BEFORE + (last - START).days + 1):
        day = START + timedelta(days=number - BEFORE)
        visitors = round(2000 * (1.2 if day.weekday() > 4 else 1.0) * float(np.exp(draw.normal(0, 0.02))))
        buyers = round(visitors * 0.1 * (1 + lifted.get(day, 0.0)))
        amount = f"{buyers * 100 + draw.integers(9000) / 100:,.2f}"
        rows.append([day.isoformat(), visitors, visitors * 3, buyers, buyers + 1, buyers + 2, amount, 7])
    return delimited(rows)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Trial]]:
    """A shop that tried a new script on the days that were drawn, and sold a tenth more on them."""
    with make_workbench(tmp_path_factory.mktemp("trial")) as workbench:
        new = NewTrial("话术", SHOP, "pay_conversion_rate", START, WISH, "service_script", action="agent_coach")
        trial = plan_trial(workbench.state, "main", new, by="小王", today=START - timedelta(days=1))
        lifted = {day: 0.1 for day, state in trial.schedule() if state == "新话术"}
        put(workbench, "shop.csv", shop_days(lifted, trial.ends_on), "main", trial.ends_on + timedelta(days=1))
        yield workbench, trial


def test_a_switchback_is_proposed_from_the_past(shop: tuple[Workbench, Trial]) -> None:
    """The proposal is in whole fortnights and finds what was asked for; what wanders too much is not proposed."""
    workbench, _ = shop
    found = propose_switchback(workbench, "main", SHOP, "访客数", 0.1, starts_on=START, longest=28)
    assert found.wish is not None
    assert found.plan.days is not None
    assert found.wish.days % 14 == 0
    assert found.mean == pytest.approx(2100, rel=0.05)
    chosen = next(one for one in found.plan.options if (one.days, one.run) == (found.plan.days, found.plan.run))
    assert chosen.detectable <= 0.1
    assert propose_switchback(workbench, "main", SHOP, "visitors", 0.0005, starts_on=START, longest=28).wish is None
    unknown = propose_switchback(
        workbench, "main", Subject("product", "7", "7"), "visitors", 0.1, starts_on=START, longest=28
    )
    assert (unknown.wish, unknown.mean) == (None, None)


def test_great_sales_are_left_out(shop: tuple[Workbench, Trial]) -> None:
    """A proposal over 11.11 does not switch on its great days."""
    workbench, _ = shop
    found = propose_switchback(workbench, "main", SHOP, "visitors", 0.1, starts_on=date(2025, 11, 3), longest=28)
    assert found.wish is not None
    assert date(2025, 11, 11) in found.wish.avoid


def test_a_baseline_is_read_from_the_latest_days(shop: tuple[Workbench, Trial]) -> None:
    """A rate has its units a day; what is no rate has no baseline."""
    workbench, _ = shop
    found = baseline_of(workbench, "main", SHOP, "支付转化率")
    assert found is not None
    assert found.rate == pytest.approx(0.105, abs=0.003)
    assert found.per_day == pytest.approx(2100, rel=0.05)
    assert baseline_of(workbench, "main", SHOP, "pay_amount") is None


def test_a_switchback_is_read_and_ended(shop: tuple[Workbench, Trial]) -> None:
    """The lift that was made is found, the recorded switches are checked, and the effect teaches the playbook."""
    workbench, trial = shop
    daily = daily_of(workbench, "main", trial)
    assert np.isfinite(daily.outcome).all()
    assert len(daily.history) == BEFORE
    assert daily.caveats == ("schedule_unconfirmed",)
    for day, state in trial.switches():
        record(workbench.state, "main", NewChange("service_script", day, (SHOP,), after=state), rules=(), by="小李")
    reading = read_test(workbench, "main", trial.id)
    assert (reading.is_valid, reading.decision, reading.best) == (True, "better", "新话术")
    (arm,) = reading.arms
    assert arm.low < 0.1 < arm.high
    assert "schedule_unconfirmed" not in reading.caveats
    ended, effect = end_test(workbench, "main", trial.id, by="小王")
    assert ended.state is TrialState.ENDED
    kept = effect_of(workbench.state, "main", Source.TRIAL, str(trial.id))
    assert kept is not None
    assert (kept.verdict, kept.action, kept.relative) == (Verdict.WORKED, "agent_coach", effect.relative)
    assert kept.window.end == trial.ends_on
    assert "no_money" in kept.caveats, "no file tells costs"


def test_a_split_is_planned_counted_and_read(shop: tuple[Workbench, Trial], tmp_path: Path) -> None:
    """Metrics by any of their names, counts from a file, and what was entered twice is corrected."""
    workbench, _ = shop
    today = today_of(workbench)
    wish = AbWish(0.05, 2000, 0.3, arms=("旧图", "新图"))
    trial = plan_test(workbench, "main", NewTrial("主图", SHOP, "点击率", today, wish), by="小王")
    assert trial.metric == "click_through_rate"
    path = tmp_path / "counts.csv"
    path.write_text(f"日期,组,展现量,点击量\n{today},旧图,1000,50\n{today},新图,1000,55\n", encoding="utf-8")
    assert count_test(workbench, "main", trial.id, path, by="小王") == (2, 0)
    assert count_test(workbench, "main", trial.id, [Count(today, "新图", 1000, 60)], by="小王") == (0, 1)
    reading = read_test(workbench, "main", trial.id)
    assert (reading.days, reading.last_day, reading.decision) == (1, today, "cannot_tell_yet")
    _, effect = end_test(workbench, "main", trial.id, by="小王")
    assert effect.verdict is Verdict.CANNOT_TELL


def test_without_data_nothing_is_told(shop: tuple[Workbench, Trial]) -> None:
    """A metric that no file tells is said to be missing."""
    workbench, _ = shop
    coat = Subject("product", "7", "7")
    new = NewTrial("价格", coat, "refund_rate", START, SwitchbackWish(14, guards=("roas",), seed=1), "price")
    trial = plan_trial(workbench.state, "main", new, by="小王", today=START)
    reading = read_test(workbench, "main", trial.id)
    assert (reading.decision, reading.days) == ("cannot_tell_yet", 0)
    assert "no_data" in reading.caveats
