"""What happened, as the charts mark it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from tests.app.conftest import LAST, delimited, make_workbench, put, shop_file

from duoshou.app import Workbench
from duoshou.app.loop.changes import enter_changes
from duoshou.app.pages.marks import MOST, marks
from duoshou.app.pages.trends import daily_trend
from duoshou.loop.changes import Detected, NewChange, confirm, propose_detected, record
from duoshou.model import Period, Subject
from duoshou.settings import Shop

HEAD = ["日期时间", "结束时间", "类型", "对象类型", "对象", "改前", "改后", "操作人", "说明"]
NOVEMBER = Period(date(2026, 11, 1), LAST)


@pytest.fixture
def shop(tmp_path: Path) -> Workbench:
    """A shop that changed a price of one product and a picture of another, and had a campaign for some days."""
    workbench = make_workbench(tmp_path, Shop(key="main", name="主店"))
    exported = LAST + timedelta(days=1)
    put(workbench, "days.csv", shop_file(1), "main", exported)
    rows = [
        ["2026-11-16 10:00:00", "", "改价", "product", "p1", "159", "139", "小王", ""],
        ["2026-11-17 10:00:00", "", "换主图", "product", "p2", "a", "b", "小王", ""],
        ["2026-11-15 00:00:00", "2026-11-17 23:00:00", "活动", "shop", "main", "-", "店庆", "小王", ""],
        ["2026-10-01 10:00:00", "", "改价", "product", "p1", "169", "159", "小王", ""],
    ]
    put(workbench, "events.csv", delimited([HEAD, *rows]), "main", exported)
    return workbench


def told(workbench: Workbench, subject: tuple[str, str] | None, period: Period = NOVEMBER) -> list[tuple[str, str]]:
    """Return what is marked, but for festivals: day and words."""
    found = marks(workbench, period, None, subject)
    return [(one.day.isoformat(), one.label.zh) for one in found if one.kind != "festival"]


def test_a_chart_marks_what_concerns_its_subject(shop: Workbench) -> None:
    """A product's chart marks its own changes and the shop's; the shop's chart only what concerns the whole shop."""
    assert told(shop, ("product", "p1")) == [("2026-11-15", "推广变动"), ("2026-11-16", "改价 159→139")]
    assert told(shop, ("product", "p2")) == [("2026-11-15", "推广变动"), ("2026-11-17", "换主图")]
    assert told(shop, None) == [("2026-11-15", "推广变动")]


def test_what_lasted_is_marked_while_it_touches_the_chart(shop: Workbench) -> None:
    """Something that began before the chart and ended in it is marked, with its last day."""
    (mark,) = [one for one in marks(shop, Period(date(2026, 11, 17), LAST), None) if one.kind == "campaign"]
    assert (mark.day, mark.until) == (date(2026, 11, 15), date(2026, 11, 17))
    assert told(shop, None, Period.of_day(LAST)) == []


def test_a_festival_is_one_mark_for_each_run_of_busy_days(shop: Workbench) -> None:
    """The marks of 双11 hold just its busy days, the 11th among them, and no two of them could be one."""
    found = [one for one in marks(shop, NOVEMBER, None) if one.label.zh == "双11"]
    busy = {day for day in NOVEMBER if shop.calendar.day(day).festivals[0].phase == "peak"}
    held = [day for one in found for day in Period(one.day, one.until or one.day)]
    assert set(held) == busy
    assert date(2026, 11, 11) in held
    assert all((later.day - (one.until or one.day)).days > 1 for one, later in pairwise(found))


def test_the_latest_marks_stay_where_there_are_many(tmp_path: Path) -> None:
    """More marks than a chart can bear leave the earliest out."""
    workbench = make_workbench(tmp_path, Shop(key="main", name="主店"))
    rows = [
        [f"2026-11-{day:02d} 10:00:00", "", "标题", "shop", "main", "", f"t{day}", "小王", ""] for day in range(1, 19)
    ]
    put(workbench, "events.csv", delimited([HEAD, *rows]), "main", LAST + timedelta(days=1))
    found = told(workbench, None)
    assert len(found) == MOST
    assert found[-1][0] == LAST.isoformat()


def test_a_trend_holds_each_day_against_its_own(shop: Workbench) -> None:
    """On the n-th n × 10 visitors came: each day stands beside the one seven days before, unknown days are gaps."""
    trend = daily_trend(shop, "visitors", Period(date(2026, 10, 30), date(2026, 11, 2)), back=timedelta(days=7))
    assert trend is not None
    assert list(trend.values) == [300, 310, 10, 20]
    assert list(trend.compared) == [None, None, None, 260]
    assert trend.against is not None
    assert trend.against.zh == "上周同日"
    assert daily_trend(shop, "visitors", Period(date(2020, 1, 1), date(2020, 1, 9))) is None
    assert daily_trend(shop, "roas", NOVEMBER) is None


def test_a_recorded_change_is_marked_at_once_and_once(shop: Workbench) -> None:
    """What a person recorded is on the chart before it is in the warehouse, and not twice when it is."""
    coat = Subject("product", "p1", "羽绒服")
    image = NewChange("main_image", date(2026, 11, 12), (coat, Subject("shop", "main", "主店")), "旧", "新")
    record(shop.state, "main", image, rules=(), by="小王")
    script = NewChange("service_script", date(2026, 11, 13), (coat,))
    record(shop.state, "main", script, rules=(), by="小王")
    expected = [("2026-11-12", "换主图"), ("2026-11-13", "改客服话术"), ("2026-11-15", "推广变动")]
    of_coat = [*expected, ("2026-11-16", "改价 159→139")]
    assert told(shop, ("product", "p1")) == of_coat
    assert told(shop, None) == [expected[0], expected[2]]
    assert enter_changes(shop, None, by="test") == 2
    assert told(shop, ("product", "p1")) == of_coat
    assert told(shop, None) == [expected[0], expected[2]]


def test_what_nobody_confirmed_is_not_marked(shop: Workbench) -> None:
    """What the data seem to show is no change before a person says so."""
    seen = NewChange("price", date(2026, 11, 12), (Subject("product", "p2", "围巾"),), "59", "49")
    propose_detected(shop.state, "main", [Detected("k", seen)], by="test")
    assert told(shop, ("product", "p2")) == [("2026-11-15", "推广变动"), ("2026-11-17", "换主图")]
    confirm(shop.state, "main", 1, rules=(), by="小王")
    assert ("2026-11-12", "改价 59→49") in told(shop, ("product", "p2"))
