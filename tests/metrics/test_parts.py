"""Keywords told for their plan by one file and for each unit by another count once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.conftest import Toy

from duoshou.metrics import load_catalogue
from duoshou.metrics.parts import CENT
from duoshou.model import Period

DAY = date(2026, 3, 2)


def row(unit: str, cost: int, file: str, **more: object) -> dict[str, Any]:
    """Return a day of a keyword in a unit."""
    told = {"report_level": "keyword", "campaign": "c", "ad_group": unit, "target": "shoe", "day": DAY, "cost": cost}
    return {**told, "clicks": cost, "orders": 1, "sales_amount": 100, "source_hash": file, **more}


def cost(toy: Toy, **asked: Any) -> Any:
    """Return the cost of the day by keyword."""
    rows = toy.ask("ad_cost", period=Period.of_day(DAY), by=["campaign", "keyword"], **asked).rows
    return {one.dimensions["keyword"]: one.values["ad_cost"].value for one in rows}


def test_a_whole_beside_its_parts_counts_once(toy: Toy) -> None:
    """100 without a unit and 60 + 40 with one: 100, whichever file came first."""
    toy.add("ad_period", row("-", 100, "a"), row("8", 60, "b"), row("9", 40, "b"))
    assert cost(toy) == {"shoe": Decimal(100)}


def test_parts_that_lack_some_do_not_take_the_place_of_their_whole(toy: Toy) -> None:
    """100 without a unit, and one unit of 60 alone: 100, for 40 would be lost."""
    toy.add("ad_period", row("-", 100, "a"), row("8", 60, "b"))
    assert cost(toy) == {"shoe": Decimal(100)}


def test_rows_of_one_file_stand_beside_each_other(toy: Toy) -> None:
    """A file with the column in which a row has no unit: both are facts of their own."""
    toy.add("ad_period", row("-", 30, "a"), row("8", 60, "a"))
    assert cost(toy) == {"shoe": Decimal(90)}


@pytest.mark.parametrize("more", [{"day": date(2026, 3, 3)}, {"target": "boot"}, {"campaign": "d"}, {"account": "x"}])
def test_only_the_same_object_of_the_same_day_is_its_whole(toy: Toy, more: dict[str, object]) -> None:
    """Another day, keyword, plan or account is another thing."""
    toy.add("ad_period", row("-", 100, "a"), row("8", 100, "b", **more))
    rows = toy.ask("ad_cost", period=Period(DAY, date(2026, 3, 3)), by=["keyword"]).rows
    assert sum(one.values["ad_cost"].value or 0 for one in rows) == Decimal(200)


def test_windows_and_units_that_differ_together_count_once(toy: Toy) -> None:
    """Without a unit by 15 days, with units by 7: the cost is that of one of them, and so are the sales."""
    units = (row("8", 60, "b", attribution_window_days=7), row("9", 40, "b", attribution_window_days=7))
    toy.add("ad_period", row("-", 100, "a"), *units)
    (found,) = toy.ask("ad_cost", "ad_sales", period=Period.of_day(DAY), by=["keyword"]).rows
    assert [one.value for one in found.values.values()] == [Decimal(100), Decimal(200)]


def test_a_part_that_is_told_with_two_windows_does_not_stand_for_two(toy: Toy) -> None:
    """100 without a unit by 15 days, and of the units only one of 60, by 7 and 15 days: 100, for 40 would be lost."""
    units = (row("8", 60, "b", attribution_window_days=days) for days in (7, 15))
    toy.add("ad_period", row("-", 100, "a"), *units)
    assert cost(toy) == {"shoe": Decimal(100)}


def test_files_of_two_windows_that_tell_both_beside_each_other_are_believed(toy: Toy) -> None:
    """A keyword without a unit beside one in a unit, exported by 7 and by 15 days: both are facts, 30 and 60."""
    both = (
        row(unit, money, f"of {days} days", attribution_window_days=days)
        for days in (7, 15)
        for unit, money in (("-", 30), ("8", 60))
    )
    toy.add("ad_period", *both)
    assert cost(toy) == {"shoe": Decimal(90)}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 50), st.lists(st.integers(0, 50), min_size=1, max_size=4))
def test_the_fuller_of_both_answers(tmp_path_factory: pytest.TempPathFactory, whole: int, parts: list[int]) -> None:
    """Whatever both say, the cost is the greater of them and never their sum."""
    toy = Toy(tmp_path_factory.mktemp("parts") / "toy.duckdb", load_catalogue())
    try:
        toy.add("ad_period", row("-", whole, "a"), *(row(f"u{number}", one, "b") for number, one in enumerate(parts)))
        assert abs(float(cost(toy)["shoe"]) - max(whole, sum(parts))) < CENT
    finally:
        toy.close()
