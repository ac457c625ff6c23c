"""Workspaces with several shops, filled through real layouts."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from duoshou.app import Workbench, open_workbench
from duoshou.settings import Settings, Shop, Workspace

LAST = date(2026, 11, 18)
"""The last day of the shop's files, a Wednesday."""

SHOP_HEAD = ["统计日期", "访客数", "浏览量", "支付买家数", "支付父订单数", "支付件数", "支付金额", "加购件数"]
PLAN_HEAD = ["日期", "场景ID", "场景名字", "计划ID", "计划名字", "展现量", "点击量", "花费", "总成交笔数", "总成交金额"]

# Made-up files whose cadence is known, whatever the shipped layouts say of theirs.
LAYOUT = """
key = "{key}"
platform = "testmall"
title = {{ zh = "{key}文件", en = "{key} file" }}
menu = {{ zh = "后台 → {key}", en = "Console → {key}" }}
currency = "CNY"
cadence = "{cadence}"
[recognise]
required = ["{key}日期", "{key}访客"]
[[field]]
name = "period"
header = ["{key}日期"]
type = "day"
required = true
[[field]]
name = "visitors"
header = ["{key}访客"]
type = "integer"
[[table]]
name = "{table}"
[table.columns]
{columns}
"""
SHOP_COLUMNS = 'grain = "\'day\'"\nperiod_start = "period"\nterminal = "\'{key}\'"\nvisitors = "visitors"'
SCORE_COLUMNS = 'score = "\'logistics\'"\nday = "period"\nvalue = "visitors / 100.0"'


def days(first: date, last: date) -> list[date]:
    """Return the days from first to last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def delimited(rows: Sequence[Sequence[object]]) -> str:
    """Return rows as a CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def shop_file(scale: int, first: date = date(2026, 10, 26), last: date = LAST) -> str:
    """Return the shop's daily figures: on the n-th of a month scale × n visitors, of whom a tenth buys for 100 each."""
    rows: list[Sequence[object]] = [SHOP_HEAD]
    for day in days(first, last):
        visitors, buyers = scale * day.day * 10, scale * day.day
        rows.append(
            [day.isoformat(), visitors, visitors * 3, buyers, buyers + 1, buyers + 2, f"{buyers * 100:,}.00", 7]
        )
    return delimited(rows)


def plan_file(first: date = date(2026, 11, 1), last: date = LAST) -> str:
    """Return a plan report: 50 a day for 10 orders of 20."""
    return delimited(
        [
            PLAN_HEAD,
            *([day.isoformat(), "1", "关键词", "77", "主推", 1000, 100, 50, 10, 200] for day in days(first, last)),
        ]
    )


def put(workbench: Workbench, name: str, text: str, shop: str, exported: date) -> None:
    """Import a file as it was exported on a day at nine."""
    path = workbench.workspace.directory.parent / name
    path.write_text(text, encoding="utf-8-sig")
    moment = datetime(exported.year, exported.month, exported.day, 9, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    os.utime(path, (moment, moment))
    report = workbench.import_files([path], shop=shop)
    assert not report.needs_person, report.to_dict()


def make_workbench(folder: Path, *shops: Shop) -> Workbench:
    """Return a new workspace with shops."""
    Workspace.create(folder / "shop", Settings(name="商行", shops=shops or (Shop(key="main", name="主店"),)))
    return open_workbench(folder / "shop")


@pytest.fixture(scope="module")
def two_shops(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Two Taobao shops; one has plans too. Both reach a Wednesday."""
    workbench = make_workbench(
        tmp_path_factory.mktemp("two"), Shop(key="tb", name="淘宝店"), Shop(key="tm", name="天猫店/旗舰")
    )
    exported = LAST + timedelta(days=1)
    put(workbench, "tb.csv", shop_file(3), "tb", exported)
    put(workbench, "tm.csv", shop_file(1), "tm", exported)
    put(workbench, "plan.csv", plan_file(), "tb", exported)
    return workbench


@pytest.fixture
def mall(tmp_path: Path) -> Workbench:
    """An empty workspace that knows a daily, a weekly, a monthly and an occasional file of one platform."""
    workbench = make_workbench(tmp_path, Shop(key="main", name="主店"), Shop(key="other"))
    folder = workbench.workspace.directory / "layouts"
    folder.mkdir()
    for cadence in ("daily", "weekly", "monthly", "occasional"):
        key = f"x{cadence}"
        columns = SHOP_COLUMNS.replace("{key}", "all" if cadence == "daily" else cadence)
        text = LAYOUT.format(key=key, cadence=cadence, table="shop_period", columns=columns)
        if cadence == "monthly":
            text = LAYOUT.format(key=key, cadence=cadence, table="service_score", columns=SCORE_COLUMNS)
        (folder / f"{key}.toml").write_text(text, encoding="utf-8")
    return open_workbench(workbench.workspace.directory)


def mall_file(cadence: str, first: date, last: date) -> str:
    """Return a file of the made-up platform."""
    return delimited([[f"x{cadence}日期", f"x{cadence}访客"], *([day.isoformat(), 480] for day in days(first, last))])
