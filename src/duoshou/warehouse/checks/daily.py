"""The daily sources, and the SQL that reduces each to one row a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from duoshou.model import Text

Rows = Callable[[str, list[Any]], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class DailySource:
    """One table whose rows belong to days.

    Attributes:
        key: Name in findings.
        title: Name for people.
        export: What to fetch again.
        menu: Where Taobao and Tmall have it.
        table: Canonical table.
        day: SQL of the day of a row.
        where: SQL of the rows that count.
        count: SQL aggregate: orders, or rows, of the day.
        amount: SQL aggregate: money of the day.
        units: SQL aggregate: units, visitors or clicks of the day; what varies beside the money.
        every_day: Whether the platform gives a row even for a day on which nothing happened.
    """

    key: str
    title: Text
    export: Text
    menu: Text
    table: str
    day: str
    where: str
    count: str
    amount: str
    units: str
    every_day: bool


ORDERS = DailySource(
    key="orders",
    title=Text("订单", "orders"),
    export=Text("订单列表", "the order list"),
    menu=Text("千牛：交易 → 已卖出的宝贝 → 批量导出", "Qianniu: Trade → Sold items → Export"),
    table="order_line",
    day="coalesce(created_on, paid_on)",
    where="true",
    count="count(DISTINCT order_id)",
    amount="sum(paid_amount) FILTER (WHERE quantity > 0 OR quantity IS NULL)",
    units="sum(quantity) FILTER (WHERE quantity > 0)",
    every_day=False,
)
SHOP = DailySource(
    key="shop",
    title=Text("店铺日数据", "daily figures of the shop"),
    export=Text("店铺日数据", "the shop's daily figures"),
    menu=Text("生意参谋：取数 → 店铺 → 按日", "Business Advisor: Data export → Shop → by day"),
    table="shop_period",
    day="period_start",
    where="\"grain\" = 'day' AND terminal = 'all'",
    count="count(*)",
    amount="sum(paid_amount)",
    units="sum(visitors)",
    every_day=True,
)
PRODUCTS = DailySource(
    key="products",
    title=Text("商品日数据", "daily figures of products"),
    export=Text("商品日数据", "the products' daily figures"),
    menu=Text("生意参谋：品类 → 商品排行 → 按日下载", "Business Advisor: Products → by day"),
    table="product_period",
    day="period_start",
    where="\"grain\" = 'day'",
    count="count(*)",
    amount="sum(paid_amount)",
    units="sum(visitors)",
    every_day=False,
)
ADS = DailySource(
    key="ads",
    title=Text("推广日数据", "daily figures of promotion"),
    export=Text("推广计划报表", "the plan report"),
    menu=Text("万相台：报表 → 计划 → 按日下载", "promotion platform: Reports → Plans → by day"),
    table="ad_period",
    day="day",
    where="true",
    count="count(*)",
    amount="sum(cost)",
    units="sum(clicks)",
    every_day=False,
)
SOURCES = (ORDERS, SHOP, PRODUCTS, ADS)
BY_KEY = {source.key: source for source in SOURCES}


TAOBAO = frozenset({"taobao", "tmall"})


def export_of(source: DailySource, platform: str) -> Text:
    """Return what to fetch again, with the menu where it is known: on Taobao and Tmall."""
    if platform not in TAOBAO:
        return source.export
    return Text(f"{source.export.zh}（{source.menu.zh}）", f"{source.export.en} ({source.menu.en})")


@dataclass(frozen=True, slots=True)
class DayTotal:
    """One day of one source.

    Attributes:
        count: Orders or rows.
        amount: Money; None where no row tells.
        units: Units, visitors or clicks; None where no row tells.
        file: Name of the latest file behind the day.
        row: First row of the day in that file.
        exported_at: When that file was exported, naive UTC; None if unknown.
        platform: Platform of the rows.
    """

    count: int
    amount: float | None
    units: float | None
    file: str
    row: int
    exported_at: datetime | None
    platform: str


@dataclass(frozen=True, slots=True)
class FileSpan:
    """A file and the days of the rows that the tables still take from it."""

    content_hash: str
    file: str
    first: date
    last: date
    last_row: int
    exported_at: datetime | None


def read_days(rows: Rows, source: DailySource, until: date) -> dict[str, dict[date, DayTotal]]:
    """Return shop → day → totals, days in order."""
    found = rows(
        f"""SELECT shop, {source.day} AS on_day, {source.count}, ({source.amount})::DOUBLE, ({source.units})::DOUBLE,
                   arg_max(source_file, exported_at), min(source_row), max(exported_at), any_value(platform)
            FROM {source.table} WHERE {source.where} AND {source.day} <= ? GROUP BY ALL ORDER BY 1, 2""",
        [until],
    )
    days: dict[str, dict[date, DayTotal]] = {}
    for shop, day, count, amount, units, file, row, exported, platform in found:
        days.setdefault(shop, {})[day] = DayTotal(count, amount, units, file or "", row or 0, exported, platform or "")
    return days


def read_files(rows: Rows, source: DailySource) -> dict[str, list[FileSpan]]:
    """Return shop → files, ordered by the first day they hold; later days than the judged one count too.

    Where a file ends is a fact about the file: cut off at the judged day, every file would seem to end there.
    """
    found = rows(
        f"""SELECT shop, coalesce(source_hash, source_file, ''), any_value(source_file), min({source.day}),
                   max({source.day}), max(source_row), max(exported_at)
            FROM {source.table} WHERE {source.where} AND {source.day} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 4, 2""",
        [],
    )
    files: dict[str, list[FileSpan]] = {}
    for shop, content_hash, file, first, last, last_row, exported in found:
        files.setdefault(shop, []).append(FileSpan(content_hash, file or "", first, last, last_row or 0, exported))
    return files
