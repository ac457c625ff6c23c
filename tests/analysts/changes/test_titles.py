"""Titles that changed."""

from __future__ import annotations

from typing import Any

from tests.analysts.changes.conftest import PERIOD, day, lines, priced
from tests.analysts.conftest import Opened

from duoshou.analysts.changes.titles import title_changes


def items(product: str, *levels: tuple[int, str], until: int = 40) -> list[dict[str, Any]]:
    """Return a row of the item file for each day, with the title of the last level that had begun."""
    return [
        {
            "product_id": product,
            "period_start": day(number),
            "title": [title for since, title in levels if since <= number][-1],
        }
        for number in range(until)
    ]


def test_a_new_title_is_told_with_both(opened: Opened) -> None:
    """The item file of each day tells since when."""
    backend = opened(product_period=items("1001", (0, "羽绒服女"), (20, "羽绒服女 2026 新款")))
    (one,) = title_changes(backend, PERIOD, "main")
    assert (one.kind, one.day, one.last_before) == ("title", day(20), day(19))
    assert (one.before.zh, one.after.zh) == ("羽绒服女", "羽绒服女 2026 新款")


def test_blanks_are_no_new_title(opened: Opened) -> None:
    """Files differ in the blanks that they write."""
    backend = opened(product_period=items("1001", (0, "羽绒服 女"), (20, " 羽绒服  女 ")))
    assert title_changes(backend, PERIOD, "main") == []


def test_orders_tell_titles_of_products_without_item_files(opened: Opened) -> None:
    """An order line keeps the title under which it was sold; where there is an item file, that alone counts."""
    sold = lines("1001", priced(40, (0, "10.00")))
    for one in sold:
        one["title"] = "旧" if one["created_on"] < day(15) else "新"
    (told,) = title_changes(opened(order_line=sold), PERIOD, "main")
    assert (told.day, told.before.zh, told.after.zh) == (day(15), "旧", "新")
    assert title_changes(opened(order_line=sold, product_period=items("1001", (0, "旧"))), PERIOD, "main") == []


def test_weeks_are_no_days(opened: Opened) -> None:
    """A row of a week says nothing of its days."""
    rows = items("1001", (0, "旧"), (20, "新"))
    assert title_changes(opened(product_period=[{**one, "grain": "week"} for one in rows]), PERIOD, "main") == []
