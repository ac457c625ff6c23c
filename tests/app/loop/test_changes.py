"""Changes that the data show are proposed; those that people confirmed enter the warehouse and stay there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.app.conftest import LAST, delimited, make_workbench, put, shop_file

from duoshou.app import Workbench
from duoshou.app.loop.changes import detect_changes, enter_changes
from duoshou.loop.changes import NewChange, WantedChanges, confirm, list_changes, record, reject, unentered
from duoshou.model import ChangeStanding, Subject
from duoshou.settings import Shop

COAT = Subject("product", "1001", "羽绒服")
ORDERS = ["子订单编号", "主订单编号", "商品标题", "商品价格", "购买数量", "订单状态", "买家应付货款", "买家实付金额"]
ORDERS += ["订单创建时间", "订单付款时间", "商品ID", "商家编码"]
CHANGED = LAST - timedelta(days=20)


def order_file(prices: Sequence[tuple[date, str]], first: date = LAST - timedelta(days=59)) -> str:
    """Return two lines a day of one product, at the price of the last step that had begun."""
    rows: list[Sequence[object]] = [ORDERS]
    for number in range((LAST - first).days + 1):
        day = first + timedelta(days=number)
        price = [price for since, price in prices if since <= day][-1]
        for place in range(2):
            key, moment = f"{number:03d}{place}", f"{day} 1{place}:00:00"
            rows.append(
                [f"s{key}", f"o{key}", "羽绒服", price, 1, "交易成功", price, price, moment, moment, "1001", "A1"]
            )
    return delimited(rows)


@pytest.fixture
def shop(tmp_path: Path) -> Workbench:
    """A shop with daily figures and orders of a product that became cheaper three weeks ago."""
    workbench = make_workbench(tmp_path, Shop(key="main", name="主店"))
    put(workbench, "days.csv", shop_file(1), "main", LAST + timedelta(days=1))
    text = order_file([(date(2026, 1, 1), "199.00"), (CHANGED, "179.00")])
    put(workbench, "orders.csv", text, "main", LAST + timedelta(days=1))
    return workbench


def events(workbench: Workbench) -> list[dict[str, Any]]:
    """Return the events of the warehouse that are changes."""
    columns = "event_id, kind, subject_type, subject_id, before, after, happened_on, ended_on, actor, origin"
    rows: list[dict[str, Any]] = workbench.sql(f"SELECT {columns} FROM event ORDER BY subject_id, kind").to_pylist()
    return rows


def test_a_price_of_the_orders_is_proposed_once(shop: Workbench) -> None:
    """It is proposed with both prices and the product's name; read again it is the same."""
    assert detect_changes(shop, None, by="test") == 1
    assert detect_changes(shop, "主店", by="test") == 0
    ((one,), _) = list_changes(shop.state, "main", WantedChanges())
    assert (one.what.kind, one.what.on, one.standing) == ("price", CHANGED, ChangeStanding.PROPOSED)
    assert (one.what.before, one.what.after, one.what.subjects) == ("199.00", "179.00", (COAT,))
    assert "最后一次旧价" in one.what.note
    reject(shop.state, "main", one.id, by="小王")
    assert detect_changes(shop, None, by="test") == 0


@pytest.mark.parametrize(("days", "proposed"), [(-2, 0), (0, 0), (3, 0), (-8, 1), (8, 1)])
def test_what_a_person_recorded_on_a_nearby_day_is_not_proposed(shop: Workbench, days: int, proposed: int) -> None:
    """The first sale at the new price comes a little later than the change."""
    on = CHANGED + timedelta(days=days)
    record(shop.state, "main", NewChange("price", on, (COAT,), "199", "179"), rules=(), by="小王")
    assert detect_changes(shop, None, by="test") == proposed


def test_what_is_long_past_is_not_proposed(tmp_path: Path) -> None:
    """A shop that begins with a year of files is not asked about all that ever changed."""
    workbench = make_workbench(tmp_path, Shop(key="main", name="主店"))
    old = LAST - timedelta(days=70)
    text = order_file([(date(2026, 1, 1), "199.00"), (old, "179.00")], LAST - timedelta(days=110))
    put(workbench, "orders.csv", text, "main", LAST + timedelta(days=1))
    assert detect_changes(workbench, None, by="test") == 0


def test_a_confirmed_change_enters_once_and_is_replayed(shop: Workbench) -> None:
    """It is an event of each subject, and stays one when the warehouse is made again from the archive."""
    new = NewChange("main_image", LAST, (COAT, Subject("product", "1002", "围巾")), "旧", "新", LAST, "换季")
    record(shop.state, "main", new, rules=(), by="小王")
    assert enter_changes(shop, None, by="test") == 1
    assert unentered(shop.state, "main") == ()
    assert enter_changes(shop, None, by="test") == 0
    held = events(shop)
    assert [(one["subject_id"], one["before"], one["after"]) for one in held] == [
        ("1001", "旧", "新"),
        ("1002", "旧", "新"),
    ]
    assert {(one["happened_on"], one["ended_on"], one["actor"], one["origin"]) for one in held} == {
        (LAST, LAST, "小王", "manual")
    }
    shop.rebuild()
    assert events(shop) == held


def test_an_undone_import_of_changes_is_lacking_again(shop: Workbench) -> None:
    """Who takes the import back does not take the change back: it counts as not entered, and enters once more."""
    record(shop.state, "main", NewChange("title", LAST, (COAT,), "旧", "新"), rules=(), by="小王")
    enter_changes(shop, None, by="test")
    held = events(shop)
    shop.undo()
    assert events(shop) == []
    assert enter_changes(shop, None, by="test") == 1
    assert events(shop) == held


def test_only_what_is_new_enters(shop: Workbench) -> None:
    """A change that is confirmed later comes with an import of its own; what is proposed stays outside."""
    detect_changes(shop, None, by="test")
    assert enter_changes(shop, None, by="test") == 0
    record(shop.state, "main", NewChange("title", LAST, (COAT,), "旧", "新"), rules=(), by="小王")
    assert enter_changes(shop, None, by="test") == 1
    confirm(shop.state, "main", 1, rules=(), by="小王")
    assert enter_changes(shop, None, by="test") == 1
    assert {(one["kind"], one["origin"]) for one in events(shop)} == {("title", "manual"), ("price", "detected")}


def test_a_telephone_number_in_a_change_does_not_enter(shop: Workbench) -> None:
    """What people write into a change may name a customer; the archive holds no number."""
    new = NewChange("service_script", LAST, (COAT,), after="找 13812345678 确认", note="客户 13812345678")
    record(shop.state, "main", new, rules=(), by="小王")
    enter_changes(shop, None, by="test")
    (one,) = shop.sql("SELECT * FROM event").to_pylist()
    assert "13812345678" not in str(one)
    assert one["kind"] == "service_script"
