"""The channels of a workspace's shop, what their spend adds, and a better split of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from duoshou.analysts.channels import ChannelQuestion, ChannelStudy, ChannelTest, study_channels
from duoshou.analysts.channels.maturity import Span
from duoshou.analysts.channels.question import HORIZON, STEP
from duoshou.app.loop.channel_tests import channel_tests
from duoshou.app.targets import month_target
from duoshou.model.cells import BOM, csv_text
from duoshou.settings import read_settings
from duoshou.settings.channels import grouping_of

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

COST = "ad_cost"
CSV_COLUMNS = (
    *("channel", "name", "verdict", "stage", "today", "planned", "average", "average_low", "average_high"),
    *("marginal", "marginal_low", "marginal_high", "break_even", "test_days"),
)


@dataclass(frozen=True, slots=True)
class BudgetWish:
    """What is asked of the budgets.

    Attributes:
        budget: Spend of a day to be split; None: as much as pays.
        step: Most by which a channel changes at once.
        horizon: Days ahead.
        spend: Channel and spend of a day, to be held against today's.
        tests: Tests that the shop has made.
        month_budget: Spend of the month of the next day; None: the target of 推广花费, where one was imported.
    """

    budget: float | None = None
    step: float = STEP
    horizon: int = HORIZON
    spend: tuple[tuple[str, float], ...] = ()
    tests: tuple[ChannelTest, ...] = ()
    month_budget: float | None = None


NO_WISH = BudgetWish()


def channels_of(
    workbench: Workbench, as_of: date | None = None, *, shop: str | None = None, wish: BudgetWish = NO_WISH
) -> ChannelStudy:
    """Return what is known of a shop's channels.

    Args:
        workbench: The workspace.
        as_of: Last day that counts; None: the last complete one.
        shop: Key, name or alias of the shop; None: the default one.
        wish: What is asked of the budgets.
    """
    settings = workbench.settings
    key, day, today = workbench.asked_day(shop, as_of)
    tests = (*wish.tests, *channel_tests(workbench, key, day))
    month_budget = wish.month_budget
    if month_budget is None:
        month_budget = month_target(workbench, COST, key, day + timedelta(days=1))
    question = ChannelQuestion(
        workbench.backend(),
        workbench.catalogue,
        day,
        today,
        key,
        settings.currency,
        tuple(grouping_of(read_settings(workbench.workspace)[0].channels).channels),
        settings.diagnosis.assumed_margin_rate,
        workbench.calendar,
        wish.budget,
        wish.step,
        wish.horizon,
        tests,
        dict(wish.spend),
        month_budget,
    )
    asked = ("channel budgets", day, key, replace(wish, tests=tests, month_budget=month_budget))
    return workbench.remembered(asked, lambda: study_channels(question))


def channels_csv(found: ChannelStudy) -> str:
    """Return what spend on each channel brings and what the plan makes of it, as CSV."""
    stage = {one.channel: one.stage.value for one in found.maturities}
    planned = {} if found.plan is None else {one.channel: round(one.planned, 2) for one in found.plan.budgets}
    rows = []
    for one in found.returns:
        spans = [*_ends(one.average), *_ends(one.marginal)]
        days = one.test.days if one.test else None
        rows.append(
            (
                *(one.channel, one.title.zh, one.verdict.value, stage.get(one.channel)),
                *(round(one.today, 2), planned.get(one.channel), *spans, round(one.break_even, 4), days),
            )
        )
    return BOM + csv_text(CSV_COLUMNS, rows)


def _ends(span: Span | None) -> tuple[float | None, ...]:
    return (None,) * 3 if span is None else tuple(round(one, 4) for one in (span.value, span.low, span.high))
