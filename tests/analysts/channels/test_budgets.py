"""Budgets that are odd: nothing, next to nothing, far too much; their parts add up to the cent."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.analysts.channels.conftest import Asked, following_demand, telling
from tests.analysts.channels.test_pace import CALENDAR, paced, spent

from duoshou.analysts.channels import ChannelQuestion, ChannelStudy, study_channels
from duoshou.analysts.channels.plan import whole_cents
from duoshou.model import Period


@pytest.fixture(scope="module")
def told(asked: Asked) -> ChannelStudy:
    """The study of a shop whose channels can be judged."""
    return study_channels(asked(telling()))


@pytest.mark.parametrize("part", [0.0, 1e-5, 0.71, 0.9, 1.0, 1.13, 1e5])
def test_the_parts_of_a_plan_add_up_to_the_cent(asked: Asked, told: ChannelStudy, part: float) -> None:
    """Within the steps they are the budget; outside they are as near as the steps allow, and a note says so."""
    assert told.plan is not None
    budget = round(told.plan.today * part, 2)
    found = study_channels(asked(telling(), budget=budget)).plan
    assert found is not None
    cents = [one.planned * 100 for one in found.budgets]
    assert all(math.isfinite(one) and abs(one - round(one)) < 1e-6 for one in cents)
    least, most = (sum(getattr(one, name) for one in found.budgets) for name in ("least", "most"))
    reached = round(min(max(budget, least), most) * 100)
    assert sum(map(round, cents)) == pytest.approx(reached, abs=0.51)
    assert found.planned == pytest.approx(sum(one.planned for one in found.budgets))
    if reached == budget * 100:
        assert sum(map(round, cents)) == round(budget * 100)
    assert ("到不了" in found.note.zh) == (not least * 0.99 <= budget <= most * 1.01)
    assert np.isfinite([found.gain.low, found.gain.value, found.gain.high]).all()


@given(arrays(np.float64, st.integers(1, 12), elements=st.floats(0, 1e7)))
def test_whole_cents_add_up_and_move_none_by_a_cent(spend: np.ndarray) -> None:
    """Their sum is the cent nearest to the sum of the amounts; each is within a cent of its own."""
    found = whole_cents(spend)
    assert abs(found.sum() - spend.sum()) <= 0.0051
    assert (np.abs(found - spend) < 0.01 + 1e-6).all()
    assert np.allclose(found * 100, np.round(found * 100), atol=1e-4)


def test_a_new_channel_gets_its_part_of_the_budget_that_is_asked_about(asked: Asked) -> None:
    """Not of what is spent today; where that buys no click a day the rule says so instead of a number of weeks."""
    tables = telling()
    for row in tables["ad_period"]:
        if row["campaign"] == "ads_audience" and row["day"] < max(
            one["day"] for one in tables["ad_period"]
        ) - timedelta(days=20):
            row |= {"cost": "0.00", "clicks": 0, "orders": 0, "impressions": 0, "sales_amount": "0.00"}
    (usual,) = study_channels(asked(tables)).explorations
    (asked_for,) = study_channels(asked(tables, budget=1000.0)).explorations
    (tiny,) = study_channels(asked(tables, budget=0.5)).explorations
    assert asked_for.budget == pytest.approx(usual.share * 1000)
    assert tiny.budget == pytest.approx(usual.share * 0.5)
    assert "一天买不到一次点击" in tiny.rule.zh
    assert "一天买不到一次点击" not in asked_for.rule.zh


def test_a_channel_that_there_is_not_is_told(asked: Asked) -> None:
    """What-if names the channels that there are."""
    found = study_channels(asked(following_demand(70), spend={"nothing": 5.0})).what_if
    assert found is not None
    assert found.gain is None
    assert found.reason is not None
    assert "没有在投的渠道 nothing；有的是：ads_search" in found.reason.zh


DAYS = [
    date(2026, 1, 31),
    date(2026, 2, 1),
    date(2026, 2, 27),
    date(2026, 2, 28),
    date(2028, 2, 28),
    date(2026, 11, 10),
    date(2026, 11, 29),
    date(2026, 11, 30),
]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("budget", [0.01, 999.99, 30_000.0, 1e8])
def test_a_month_is_shared_to_the_cent(asked: Asked, day: date, budget: float) -> None:
    """On its first and last days, in February, and with a festival: what was spent and what is left make the budget."""
    question: ChannelQuestion = replace(asked(following_demand(60)), as_of=day, calendar=CALENDAR, month_budget=budget)
    found = paced(question, spent(100.0, lift=3.0, period=Period(day - timedelta(days=460), day)))
    tomorrow = day + timedelta(days=1)
    assert found.period == Period.of_month(tomorrow)
    assert found.runs[0].period.start == tomorrow
    assert found.runs[-1].period.end == found.period.end
    assert sum(one.period.days for one in found.runs) == (found.period.end - day).days
    left = sum(one.budget * one.period.days for one in found.runs)
    assert left == pytest.approx(max(budget - found.spent, 0.0), abs=0.005)
    assert 0 <= found.due <= budget * (1 + 1e-9)
    assert any("超了" in one.zh for one in found.caveats) == (found.spent > budget)
    assert (found.tomorrow == 0) == (found.spent >= budget)


def test_a_budget_that_is_just_spent_is_not_overspent(asked: Asked) -> None:
    """Nothing is left, and nothing is too much."""
    question = replace(asked(following_demand(60)), as_of=date(2026, 3, 10), calendar=None, month_budget=1000.0)
    found = paced(question, spent(100.0, period=Period(date(2025, 6, 1), date(2026, 3, 10))))
    assert found.tomorrow == 0
    assert [one.zh for one in found.caveats] == ["这个月的预算正好花完：停下，或者改预算"]
