"""Paid promotion told with several attribution windows: costs count once, sales of different ones are not added."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.metrics.conftest import Toy

from duoshou.metrics import Flag
from duoshou.metrics.coverage import Scope
from duoshou.metrics.variants import Held, Objects, is_whole
from duoshou.model import Grain, Period

FIRST = date(2026, 3, 1)
MARCH = Period(FIRST, date(2026, 3, 31))
SETTLED = "2026-06-30 08:00:00"


def plan(
    name: str, window: int, number: int, sales: int, *, cost: int = 10, seen: str = SETTLED, **more: object
) -> dict[str, Any]:
    """Return the n-th day of March of a plan."""
    day = FIRST + timedelta(days=number)
    row = {"campaign": name, "attribution_window_days": window, "day": day, "cost": cost, "sales_amount": sales}
    return {**row, "orders": 1, "clicks": 5, "exported_at": seen, **more}


def month(name: str, window: int, sales: int, days: range = range(31)) -> list[dict[str, Any]]:
    """Return days of March of a plan."""
    return [plan(name, window, number, sales) for number in days]


def test_plans_of_different_windows_cost_together_and_sell_apart(toy: Toy) -> None:
    """A has 7 days, B 15: cost is that of both, sales of both are not told, and by plan each has its own."""
    toy.add("ad_period", *month("a", 7, 20), *month("b", 15, 50))
    (row,) = toy.ask("ad_cost", "clicks", "ad_sales", "roas", period=MARCH).rows
    assert row.values["ad_cost"].value == Decimal(620)
    assert row.values["clicks"].value == 310
    assert row.values["ad_cost"].source == "ad_period/plan/15d+7d"
    for key in ("ad_sales", "roas"):
        assert row.values[key].value is None
        assert Flag.NOT_ADDITIVE in row.values[key].flags
    rows = toy.ask("ad_cost", "ad_sales", "roas", period=MARCH, by=["campaign"]).rows
    found = {one.dimensions["campaign"]: [value.value for value in one.values.values()] for one in rows}
    assert found == {"a": [Decimal(310), Decimal(620), 2.0], "b": [Decimal(310), Decimal(1550), 5.0]}


def test_a_plan_told_with_two_windows_on_the_same_days_counts_once(toy: Toy) -> None:
    """A has both, B 7 days alone: 7 days tell of all and answer alone, also where 15 would be preferred."""
    toy.add("ad_period", *month("a", 7, 20), *month("a", 15, 40), *month("b", 7, 30))
    (row,) = toy.ask("ad_cost", "ad_sales", period=MARCH).rows
    assert [one.value for one in row.values.values()] == [Decimal(620), Decimal(1550)]
    assert row.values["ad_sales"].source == "ad_period/plan/7d"


def test_a_window_changed_in_between_leaves_no_cost_out(toy: Toy) -> None:
    """7 days until the 15th, 15 days from then on and on two days both: every day costs once."""
    toy.add("ad_period", *month("a", 7, 20, range(17)), *month("a", 15, 40, range(15, 31)))
    (row,) = toy.ask("ad_cost", "ad_sales", period=MARCH).rows
    assert row.values["ad_cost"].value == Decimal(310)
    assert row.values["ad_sales"].value is None
    days = toy.ask("ad_sales", period=MARCH, grain=Grain.DAY).rows
    assert [one.values["ad_sales"].value for one in days] == [Decimal(20)] * 15 + [Decimal(40)] * 16


def test_a_forgotten_export_does_not_change_the_window(toy: Toy) -> None:
    """15 days lack two days of the month that 7 days have: 15 days answer, and missing days are told."""
    toy.add("ad_period", *month("a", 7, 20), *month("a", 15, 40, range(29)))
    (row,) = toy.ask("ad_sales", period=MARCH).rows
    assert row.values["ad_sales"].source == "ad_period/plan/15d"
    assert Flag.MISSING_DAYS in row.values["ad_sales"].flags


@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize(("window", "settled"), [(1, 1), (7, 7), (0, 15), (15, 15), (30, 30)])
def test_a_day_settles_as_its_window_says(toy: Toy, window: int, settled: int, late: int) -> None:
    """Sales are provisional until the window is over, and for ever where no export of after it tells of them."""
    seen = FIRST + timedelta(days=settled - 1 + late)
    toy.add("ad_period", plan("a", window, 0, 20, seen=f"{seen} 08:00:00"))
    for over in (settled - 1, settled, settled + 60):
        as_of = FIRST + timedelta(days=over)
        (row,) = toy.ask("ad_sales", "ad_cost", period=Period.of_day(FIRST), as_of=as_of).rows
        assert (Flag.PROVISIONAL in row.values["ad_sales"].flags) == (not late or over < settled)
        assert Flag.PROVISIONAL not in row.values["ad_cost"].flags


OBJECTS = st.dictionaries(st.sampled_from("abc"), st.sets(st.sampled_from([7, 15]), min_size=1, max_size=2), min_size=1)


@given(st.lists(OBJECTS, min_size=1, max_size=4), st.sampled_from([7, 15]))
def test_a_window_is_whole_where_it_leaves_no_object_out(days: list[dict[str, set[int]]], window: int) -> None:
    """Against counting by hand: on each day that it tells of anything it tells of everything."""
    held: Held = {("s", "p", "c"): {}}
    for number, told in enumerate(days):
        objects = Objects(len(told))
        for windows in told.values():
            for one in windows:
                objects.of[one] += 1
        held["s", "p", "c"][FIRST + timedelta(days=number)] = objects
    own = [[window in windows for windows in told.values()] for told in days]
    expected = any(map(any, own)) and all(all(one) for one in own if any(one))
    scopes = [Scope("s", "p", "c", None, None)]
    assert is_whole(held, scopes, window, [(FIRST, FIRST + timedelta(days=9))]) == expected
