"""A month of changes over festivals, campaigns and days off."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.app.conftest import LAST, delimited, make_workbench, put, shop_file

from duoshou.app import Workbench
from duoshou.app.loop.changes import enter_changes
from duoshou.app.pages.change_calendar import CalendarDay, change_calendar
from duoshou.loop.changes import Detected, NewChange, propose_detected, record, reject
from duoshou.model import Subject
from duoshou.settings import Shop

HEAD = ["日期时间", "结束时间", "类型", "对象类型", "对象", "改前", "改后", "操作人", "说明"]
COAT, HAT = Subject("product", "p1", "外套"), Subject("product", "p2", "帽子")
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def shop(tmp_path: Path) -> Workbench:
    """A shop whose own sheet of events holds a campaign of three days."""
    workbench = make_workbench(tmp_path, Shop(key="main", name="主店"))
    exported = LAST + timedelta(days=1)
    put(workbench, "days.csv", shop_file(1), "main", exported)
    row = ["2026-11-15 00:00:00", "2026-11-17 23:00:00", "活动", "shop", "main", "-", "店庆", "小王", ""]
    put(workbench, "events.csv", delimited([HEAD, row]), "main", exported)
    return workbench


def days_of(workbench: Workbench) -> dict[date, CalendarDay]:
    """Return the days of November."""
    return {one.day: one for week in change_calendar(workbench, NOVEMBER, None).weeks for one in week}


def test_whole_weeks_hold_the_month(shop: Workbench) -> None:
    """Weeks run from Monday to Sunday, and say which of their days are of the month."""
    found = change_calendar(shop, date(2026, 11, 19), None)
    days = [one for week in found.weeks for one in week]
    assert (found.first, found.before, found.after) == (NOVEMBER, date(2026, 10, 1), date(2026, 12, 1))
    assert [day.weekday() for day in (days[0].day, days[-1].day)] == [0, 6]
    assert sum(one.is_inside for one in days) == 30
    assert {one.day for one in days if one.is_off} >= {date(2026, 11, 7), date(2026, 11, 8)}


def test_changes_of_a_kind_and_day_stand_together(shop: Workbench) -> None:
    """Two prices of a day are one group, proposed ones stand apart, rejected ones are gone, what lasts goes on."""
    on = date(2026, 11, 10)
    for subject in (COAT, HAT):
        record(shop.state, "main", NewChange("price", on, (subject,), "99", "89"), rules=(), by="小王")
    lasting = NewChange("promotion", on, (COAT,), after="满减", until=date(2026, 11, 12))
    record(shop.state, "main", lasting, rules=(), by="小王")
    seen = [Detected(name, NewChange("title", on, (one,), "a", "b")) for name, one in (("t1", COAT), ("t2", HAT))]
    assert propose_detected(shop.state, "main", seen, by="job") == 2
    groups = {one.kind: one for one in days_of(shop)[on].begun}
    assert [one.name for one in groups["price"].subjects] == ["外套", "帽子"]
    assert groups["title"].standing == "proposed"
    for change in groups["title"].changes:
        reject(shop.state, "main", change.id, by="小王")
    days = days_of(shop)
    assert {one.kind for one in days[on].begun} == {"price", "promotion"}
    assert [one.kind for one in days[date(2026, 11, 12)].lasting] == ["promotion"]
    assert days[date(2026, 11, 13)].lasting == ()


def test_festivals_are_named_with_their_phase_and_marked_at_their_peak(shop: Workbench) -> None:
    """The day of the great sale is a peak."""
    day = days_of(shop)[date(2026, 11, 11)]
    assert day.is_peak
    assert "双11" in [one.zh for one in day.names]


def test_campaigns_of_a_sheet_run_beside_the_changes_and_no_change_is_told_twice(shop: Workbench) -> None:
    """An imported campaign stands on each of its days; a change that entered the warehouse is not an entry, too."""
    change = NewChange("price", date(2026, 11, 16), (COAT,), "99", "89")
    record(shop.state, "main", change, rules=(), by="小王")
    assert enter_changes(shop, None, by="job") == 1
    days = days_of(shop)
    running = [day for day, one in days.items() if one.entries]
    assert running == [date(2026, 11, 15), date(2026, 11, 16), date(2026, 11, 17)]
    (entry,) = days[date(2026, 11, 16)].entries
    assert (entry.told, entry.on) == ("店庆", date(2026, 11, 15))
    assert [one.kind for one in days[date(2026, 11, 16)].begun] == ["price"]
    shape = change_calendar(shop, NOVEMBER, None).to_dict()
    assert [one["day"] for one in shape["days"] if one["entries"]] == ["2026-11-15", "2026-11-16", "2026-11-17"]
