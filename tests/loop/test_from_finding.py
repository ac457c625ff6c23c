"""From a finding to a task: due on a workday, with an expectation, guards, and what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.loop.conftest import COAT, new_task
from tests.loop.test_playbook import BOOK, tried
from tests.state.conftest import FIRST, finding

from duoshou.loop.checks import check_new_task
from duoshou.loop.effects import record_effects
from duoshou.loop.entries import told_causes
from duoshou.loop.from_finding import causes_of, draft_task, due_day
from duoshou.loop.playbook import advice_on
from duoshou.loop.task import NewTask
from duoshou.loop.tasks import propose
from duoshou.model import Cause, Finding, Role, Subject
from duoshou.state import State, record_day

FRIDAY = date(2026, 11, 6)


def is_workday(day: date) -> bool:
    """Return whether a day is none of a weekend."""
    return day.weekday() < 5


def found(*causes: tuple[str, float | None], kind: str = "diagnosis.product", **other: Any) -> Finding:
    """Return a finding with causes and their shares."""
    told = tuple(Cause(key, COAT, None, share) for key, share in causes)
    return finding(kind=kind, causes=told, **other)


def draft(state: State, one: Finding, place: int = 0, **other: Any) -> NewTask:
    """Return the task of a piece of advice on a finding, given out on a Friday."""
    advised = advice_on(BOOK, state, "main", causes_of(one), one.impact)
    return draft_task(one, advised[place], today=FRIDAY, is_workday=is_workday, **other)


def test_a_task_says_all_that_is_mandatory(alone: State) -> None:
    """Who, until which workday, what should move by how much and until when, what must not fall, what it answers."""
    one = found(("image_worse", 0.9))
    record_day(alone, "main", FIRST, [one])
    new = draft(alone, one)
    check_new_task(new)
    assert (new.owner_role, new.effort, new.change_kind) == (Role.DESIGNER, "hours", "main_image")
    assert (new.finding_id, new.cause, new.action) == (one.id, "image_worse", "image_back")
    assert new.due_on == date(2026, 11, 9), "one workday after a Friday is Monday"
    assert new.expected.by == new.due_on + timedelta(days=14)
    assert (new.expected.metric, new.expected.change) == ("visitors", 0.12)
    assert new.expected.amount == Decimal("65.07"), "120.50 at stake × 0.9 that it is this cause × 0.6 won back"
    assert new.guards == ("pay_conversion_rate",)
    assert new.title.startswith("商品A：换回上一版主图")
    assert "A 访客下降" in new.detail
    assert "在本店还没试过" in new.detail
    assert propose(alone, "main", new, by="小王").what.finding_id == one.id


def test_it_is_written_in_the_language_of_the_workspace(alone: State) -> None:
    """One language is kept, and it is the one asked for."""
    new = draft(alone, found(("image_worse", 0.9)), language="en")
    assert new.title.startswith("商品A: Go back to the former main image")
    assert "not tried in this shop yet" in new.detail
    assert "expected effect +12.0%" in new.detail


def test_who_asks_may_choose(alone: State) -> None:
    """Another piece of advice, another role and a person may be named."""
    new = draft(alone, found(("image_worse", 0.9)), 1, owner_role=Role.OPERATOR, owner=7)
    assert (new.action, new.owner_role, new.owner) == ("image_new", Role.OPERATOR, 7)


def test_money_is_stated_for_a_month(alone: State) -> None:
    """A finding that states its money over another horizon is brought to thirty days."""
    new = draft(alone, found(("image_worse", 0.9)), horizon=60)
    assert new.expected.amount == Decimal("32.54")


def test_what_failed_here_expects_little_but_something(alone: State) -> None:
    """A task can be chosen against the record; it expects one per cent and no money."""
    record_effects(alone, "main", [tried(number, -0.3) for number in range(1, 9)], by="daily")
    one = found(("image_worse", 0.9))
    place = [each.entry.key for each in advice_on(BOOK, alone, "main", causes_of(one), one.impact)].index("image_back")
    new = draft(alone, one, place)
    assert (new.expected.change, new.expected.amount) == (0.01, None)
    check_new_task(new)


def test_less_may_be_better(alone: State) -> None:
    """Where a metric should fall the expectation is negative."""
    new = draft(alone, found(("slow_desk", 0.9)))
    assert new.expected.metric == "response_time"
    assert new.expected.change < 0


def test_a_score_is_the_shops(alone: State) -> None:
    """A task about a falling score concerns the shop, and its cause is what moved with it, or the fall itself."""
    shop = Subject("shop", "main", "主店")
    score = replace(found(kind="diagnosis.score"), subject=Subject("score", "service", "服务态度"), impact=None)
    assert causes_of(score) == {"score_service": 1.0}
    assert draft(alone, score, shop=shop).subject == shop
    assert causes_of(replace(score, subject=Subject("score", "scores", "评分"))) == {"score_fell": 1.0}
    tied = replace(score, causes=(Cause("slow_replies", COAT, -0.1, 0.4), Cause("bad_reviews", COAT, None, None)))
    assert causes_of(tied) == {"slow_replies": 1.0, "bad_reviews": 1.0}


def test_long_texts_are_cut(alone: State) -> None:
    """Title and detail keep within what a task may hold."""
    one = replace(found(("image_worse", 0.9)), subject=Subject("product", "1", "长" * 300))
    check_new_task(draft(alone, one))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 30))
def test_a_due_day_is_so_many_workdays_away(today: date, workdays: int) -> None:
    """Between the day and the due day lie exactly the workdays asked for, and it is one itself."""
    due = due_day(today, workdays, is_workday)
    between = sum(is_workday(today + timedelta(days=one + 1)) for one in range((due - today).days))
    assert between == workdays
    assert due == today or is_workday(due)


def test_every_entry_makes_a_task_that_can_be_written_down(alone: State) -> None:
    """Whatever advice is taken, the task it drafts is complete."""
    for cause in sorted(told_causes()):
        one = found((cause, 0.7))
        for advised in advice_on(BOOK, alone, "main", causes_of(one), one.impact):
            new = draft_task(one, advised, today=FRIDAY, is_workday=is_workday)
            check_new_task(new)
            assert (new.action, new.cause) == (advised.entry.key, cause)
            assert new.expected.metric not in new.guards


@pytest.mark.parametrize("share", [None, 0.4])
def test_a_cause_without_share_is_certain(share: float | None) -> None:
    """Where a finding gives no probability its cause counts whole."""
    assert causes_of(found(("image_worse", share))) == {"image_worse": share or 1.0}
    assert new_task().cause is None
