"""Whose figures are asked for, and up to which day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from duoshou.app import Workbench, open_workbench
from duoshou.app.days import yesterday
from duoshou.settings import Settings, Shop, Workspace


def bench(tmp_path: Path) -> Workbench:
    """Return an empty workspace of two shops."""
    shops = (Shop(key="first", name="第一家"), Shop(key="second", name="第二家", aliases=("二店",)))
    workspace = Workspace.create(tmp_path, Settings(name="x", shops=shops))
    return open_workbench(workspace.directory)


def test_the_first_shop_is_meant_where_none_is_named(tmp_path: Path) -> None:
    """A key, a name and an alias mean the same shop."""
    with bench(tmp_path) as workbench:
        assert workbench.shop_key(None) == "first"
        assert {workbench.shop_key(name) for name in ("second", "第二家", "二店")} == {"second"}


def test_a_day_that_is_not_over_is_not_counted(tmp_path: Path) -> None:
    """Of tomorrow nothing is known; without a day the last complete one is meant."""
    with bench(tmp_path) as workbench:
        today = yesterday(workbench.settings.timezone)
        assert workbench.asked_day("second", today + timedelta(days=9)) == ("second", today, today)
        assert workbench.asked_day(None, date(2024, 1, 2)) == ("first", date(2024, 1, 2), today)
        assert workbench.asked_day(None, None).day == workbench.last_complete_day("first")
