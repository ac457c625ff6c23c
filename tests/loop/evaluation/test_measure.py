"""Whole cases on a small shop: what really changed is found, what did not is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.cockpit import PLAN_HEAD
from tests.layouts.taobao import SUBORDERS
from tests.loop.evaluation.shop import COAT, FIRST, LIFT, QUIET, START, days, order_rows, put, shop
from tests.loop.evaluation.shop import delimited as table

from duoshou.app import Workbench
from duoshou.app.loop.effects import measure_effects
from duoshou.loop.changes import NewChange, record
from duoshou.loop.effects import CAVEATS, Measured, effect_of, list_effects
from duoshou.loop.evaluation import calibration
from duoshou.loop.evaluation.company import partners
from duoshou.loop.task import Expected, NewTask
from duoshou.loop.tasks import accept, finish, propose, task_story
from duoshou.model import Period, Role, Source, Subject, TaskState, Verdict


@pytest.fixture
def workbench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """A copy of the small shop, without placebos, which take their time."""
    monkeypatch.setattr(calibration, "PLACEBOS", 0)
    with shop(tmp_path) as opened:
        yield opened


def change(workbench: Workbench, subject: Subject = COAT, kind: str = "main_image", **other: Any) -> int:
    """Record a change and return its number."""
    given: dict[str, Any] = {"kind": kind, "on": START, "subjects": (subject,)}
    new = NewChange(**(given | other))
    return record(workbench.state, "main", new, rules=(), by="小王").id


def measured(workbench: Workbench, until: date = START + timedelta(days=41)) -> list[Measured]:
    """Measure everything and return it."""
    found = list(measure_effects(workbench, None, until=until, by="daily"))
    assert all(set(one.caveats) <= set(CAVEATS) for one in found)
    return found


def test_a_true_effect_is_found_and_an_absent_one_is_not(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lift of visitors lies in its interval; the product of which only a title was changed did not gain."""
    monkeypatch.setattr(calibration, "PLACEBOS", 10)
    change(workbench)
    change(workbench, QUIET, "title")
    lifted, quiet = measured(workbench)
    assert (lifted.verdict, lifted.method, lifted.metric) == (Verdict.WORKED, "synthetic_did", "visitors")
    assert lifted.relative_low is not None
    assert lifted.relative_high is not None
    assert lifted.relative_low < LIFT - 1 < lifted.relative_high
    assert lifted.low is not None
    assert lifted.low > 0
    assert quiet.verdict is Verdict.DID_NOT
    assert {"assumed_margin"} <= set(lifted.caveats)
    assert lifted.content["donors"]["excluded"] == {"own_change": 1, "substitute": 1}
    assert len(lifted.content["days"]) == lifted.window.days == 21


def test_measuring_again_with_the_same_data_measures_nothing(workbench: Workbench) -> None:
    """A case is measured after a week, then weekly, then once more when nothing changes any more, and never again."""
    change(workbench)
    told = {}
    for after in (5, 6, 7, 12, 13, 35, 41):
        for one in measured(workbench, START + timedelta(days=after)):
            told[after] = one.is_final
    assert told == {6: False, 13: False, 35: True}
    assert list_effects(workbench.state, "main")[1] == 1


def test_a_task_is_measured_instead_of_the_change_that_it_made(workbench: Workbench) -> None:
    """The task's own metric, expectation and guards count; it becomes evaluated when its effect is final."""
    expected = Expected("visitors", 0.2, START + timedelta(days=20))
    new = NewTask("换主图", COAT, Role.DESIGNER, START, expected, guards=("pay_conversion_rate",), action="new_image")
    task = propose(workbench.state, "main", replace(new, change_kind="main_image", cause="click_rate"), by="小王").id
    accept(workbench.state, "main", task, by="小李")
    finish(workbench.state, "main", task, on=START, by="小李")
    (one,) = measured(workbench)
    assert (one.source, one.source_id, one.action, one.cause) == (Source.TASK, str(task), "new_image", "click_rate")
    assert (one.verdict, one.is_final) == (Verdict.WORKED, True)
    assert one.content["expected"] == {"change": 0.2, "from": "task"}
    assert [guard["metric"] for guard in one.content["guards"]] == ["pay_conversion_rate"]
    assert task_story(workbench.state, "main", task)[0].state is TaskState.EVALUATED
    assert effect_of(workbench.state, "main", Source.TASK, str(task)) == one


def test_two_changes_at_once_are_named_and_not_separated(workbench: Workbench) -> None:
    """Neither takes the whole for itself: no amount, but what both did together is shown."""
    first = change(workbench)
    second = change(workbench, kind="price", on=START + timedelta(days=2))
    found = measured(workbench)
    assert [(one.verdict, one.amount) for one in found] == [(Verdict.CANNOT_TELL, None)] * 2
    assert all("not_separable" in one.caveats for one in found)
    assert [one.content["overlaps"][0]["id"] for one in found] == [second, first]
    assert found[0].content["together"]["estimate"] > 0


def test_the_whole_shop_is_held_against_its_own_past(workbench: Workbench) -> None:
    """A change of the shop has no donors; the answer says what narrows it."""
    change(workbench, Subject("shop", "main", "主店"), "service_script")
    (one,) = measured(workbench)
    assert (one.method, one.metric, one.content["donors"]["used"]) == ("interrupted_series", "pay_conversion_rate", 0)
    assert one.amount is not None


def test_what_is_missing_is_said(workbench: Workbench) -> None:
    """Too short a past, a subject or a metric that no file tells: cannot tell, with the reason."""
    change(workbench, on=FIRST + timedelta(days=9))
    change(workbench, Subject("product", "77", "没有的"), "title")
    change(workbench, Subject("agent", "小二", "小二"), "staff")
    change(workbench, Subject("planet", "1", "?"), "title")
    found = {one.source_id: one for one in measured(workbench)}
    assert all(one.verdict is Verdict.CANNOT_TELL for one in found.values())
    assert [found[name].caveats for name in "1234"] == [
        ("short_history",),
        ("no_data",),
        ("no_data",),
        ("subject_not_measurable",),
    ]
    assert all(one.amount is None and one.relative is None for one in found.values())


def test_nothing_is_said_before_a_week_has_passed(workbench: Workbench) -> None:
    """With six days of data there is no effect yet."""
    change(workbench)
    assert measured(workbench, START + timedelta(days=5)) == []
    assert list_effects(workbench.state, "main") == ((), 0)


def test_products_bought_together_are_partners(workbench: Workbench) -> None:
    """A product is a partner where a twentieth of its own orders hold the subject, whatever share that is of theirs."""
    orders = {f"A{number}": ["1001", "1002"] for number in range(2)}
    orders |= {f"B{number}": ["1002"] for number in range(20)}
    orders |= {f"C{number}": ["1003"] for number in range(60)} | {"D": ["1003", "1001"]}
    put(workbench, "子订单.csv", table(SUBORDERS, order_rows(orders, START)))
    day = Period(START, START)
    assert partners(workbench.backend(), "main", ["1001"], day) == {"1002"}
    assert partners(workbench.backend(), "main", ["1001", "1002"], day) == frozenset()


def plan_rows() -> Iterator[list[object]]:
    """Yield four plans; the first bids more from `START` on: it spends 40 % more and sells 50 % more."""
    random = np.random.default_rng(8)
    for number, day in enumerate(days()):
        for plan in range(4):
            raised = plan == 0 and day >= START
            sales = random.poisson(900 * (1 + 0.1 * np.sin(number / 9))) * (1.5 if raised else 1.0)
            cost = (140 if raised else 100) + random.uniform(-2, 2)
            name = f"计划{plan}"
            yield [day.isoformat(), "1", "关键词", f"7{plan}", name, 9000, 300, f"{cost:.2f}", 30, f"{sales:.2f}"]


def test_a_campaign_pays_for_what_it_sells(workbench: Workbench) -> None:
    """Where no file tells which products it promotes, what the platform credits counts, less the extra cost."""
    put(workbench, "计划.csv", table(PLAN_HEAD, plan_rows()))
    change(workbench, Subject("campaign", "70", "计划0"), "bid")
    assert measured(workbench, START + timedelta(days=14)) == []
    (one,) = measured(workbench)
    assert (one.metric, one.verdict, one.method) == ("ad_sales", Verdict.WORKED, "synthetic_did")
    assert {"attributed", "extra_cost", "assumed_margin"} <= set(one.caveats)
    assert one.content["money"]["cost"]["estimate"] == pytest.approx(14 * 40, rel=0.05)
    assert one.amount is not None
    assert float(one.amount) == pytest.approx(14 * (450 * 0.3 - 40), rel=0.25)


def test_a_campaign_of_the_sheet_of_events_is_judged_when_it_ended(workbench: Workbench) -> None:
    """Its own days are judged, and the weeks after it looked back on; one that a person recorded is left to that."""
    head = ["日期时间", "结束时间", "类型", "对象类型", "对象", "改前", "改后", "操作人", "说明"]
    ends = START + timedelta(days=9)
    rows = [
        [f"{START} 00:00:00", f"{ends} 23:00:00", "活动", "商品", "1001", "", "聚划算", "小王", ""],
        [f"{START} 00:00:00", f"{ends} 23:00:00", "活动", "商品", "1007", "", "满减", "小王", ""],
    ]
    put(workbench, "事件.csv", table(head, iter(rows)))
    change(workbench, Subject("product", "1007", "商品1007"), "promotion", until=ends)
    event, person = sorted(measured(workbench), key=lambda one: one.source)
    assert (event.source, event.subject.id, event.metric) == (Source.CAMPAIGN, "1001", "pay_amount")
    assert (event.window, event.is_final) == (Period(START, ends), True)
    assert event.content["money"]["later"] is not None
    assert (person.source, person.subject.id) == (Source.CHANGE, "1007")
    assert measured(workbench) == []
