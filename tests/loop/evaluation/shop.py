"""A small shop whose true effects are known: twelve products by day, from real layouts."""

from __future__ import annotations

import atexit
import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from tests.layouts.taobao import SUBORDERS

from duoshou.app import Workbench, open_workbench
from duoshou.model import Subject
from duoshou.settings import Settings, Shop, Workspace

FIRST, LAST = date(2026, 6, 20), date(2026, 9, 30)
"""A quiet time: no great sale after the first days."""
START = date(2026, 8, 20)
"""The first day of the new main image."""
LIFT = 1.4
COAT = Subject("product", "1001", "商品1001")
QUIET = Subject("product", "1005", "商品1005")
ITEM_HEAD = ["统计日期", "商品ID", "商品名称", "商品访客数", "商品浏览量", "支付买家数", "支付件数", "支付金额"]
SHOP_HEAD = ["统计日期", "访客数", "浏览量", "支付买家数", "支付父订单数", "支付件数", "支付金额", "加购件数"]
PRODUCTS = [f"{1001 + number}" for number in range(12)]
PRICES = [40.0 * 1.7**number for number in range(6)] * 2
"""Each price band holds two products, which compete as no file tells categories."""


def days() -> list[date]:
    """Return the days of the shop."""
    return [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def visitors() -> np.ndarray:
    """Return products × days: weekdays, a slow common wave, chance, and the lift of the first product."""
    random = np.random.default_rng(11)
    places = np.arange(len(days()))
    week = 1 + 0.2 * np.sin(2 * np.pi * places / 7)
    wave = 1 + 0.15 * np.sin(2 * np.pi * places / 60)
    means = np.outer(400 + 60 * np.arange(12), week * wave)
    means[0, (START - FIRST).days :] *= LIFT
    return random.poisson(means)


def item_rows(seen: np.ndarray, bought: np.ndarray) -> Iterator[Sequence[object]]:
    """Yield the rows of the report of products."""
    for column, day in enumerate(days()):
        for row, product in enumerate(PRODUCTS):
            count = int(bought[row, column])
            amount = f"{count * PRICES[row]:.2f}"
            number = int(seen[row, column])
            yield [day.isoformat(), product, f"商品{product}", number, number * 2, count, count, amount]


def shop_rows(seen: np.ndarray, bought: np.ndarray) -> Iterator[Sequence[object]]:
    """Yield the rows of the report of the shop."""
    for column, day in enumerate(days()):
        count = int(bought[:, column].sum())
        amount = float((bought[:, column] * np.array(PRICES)).sum())
        number = int(seen[:, column].sum())
        yield [day.isoformat(), number, number * 2, count, count, count, f"{amount:.2f}", 9]


def order_rows(pairs: Mapping[str, Sequence[str]], day: date) -> Iterator[Sequence[object]]:
    """Yield orders of one day, each with the products named."""
    for order, products in pairs.items():
        for number, product in enumerate(products):
            cells = dict.fromkeys(SUBORDERS, "")
            cells |= {
                "子订单编号": f"{order}{number}",
                "主订单编号": order,
                "商品标题": f"商品{product}",
                "商品价格": "10.00",
                "购买数量": "1",
                "订单状态": "交易成功",
                "买家应付货款": "10.00",
                "买家实付金额": "10.00",
                "订单创建时间": f"{day} 10:00:00",
                "订单付款时间": f"{day} 10:01:00",
                "商品ID": product,
            }
            yield [cells[name] for name in SUBORDERS]


def delimited(head: Sequence[str], rows: Iterator[Sequence[object]]) -> bytes:
    """Return a CSV that a spreadsheet reads."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def put(workbench: Workbench, name: str, content: bytes) -> None:
    """Import a file as it was exported on the morning after the last day."""
    path = workbench.workspace.inbox / name
    path.write_bytes(content)
    moment = datetime(2026, 10, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    os.utime(path, (moment, moment))
    report = workbench.import_files()
    assert not report.failed, report.to_dict()


@cache
def model_shop() -> Path:
    """Make the shop once for each process of a test run and return its folder."""
    folder = Path(tempfile.mkdtemp(prefix="effects-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Workspace.create(folder / "shop", Settings(name="商行", shops=(Shop(key="main", name="主店"),)))
    seen = visitors()
    bought = np.random.default_rng(5).binomial(seen, 0.05)
    with open_workbench(folder / "shop") as workbench:
        put(workbench, "商品.csv", delimited(ITEM_HEAD, item_rows(seen, bought)))
        put(workbench, "店铺.csv", delimited(SHOP_HEAD, shop_rows(seen, bought)))
    return folder / "shop"


@contextmanager
def shop(folder: Path) -> Iterator[Workbench]:
    """Open a copy of the shop."""
    shutil.copytree(model_shop(), folder / "shop")
    with open_workbench(folder / "shop") as workbench:
        yield workbench
