"""The sheet of studies 搭配: what is bought together."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from duoshou.app.baskets import BasketWish, bought_together
from duoshou.app.studies.widths import NAME, NARROW
from duoshou.model import Period, Text
from duoshou.reports.tables import Column, Kind, TableSheet

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

BASKET_DAYS = 90


def bundles_sheet(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> TableSheet:
    """Return the pairs as a sheet; without `costs` no margins."""
    wish = BasketWish(period=Period(day - timedelta(days=BASKET_DAYS - 1), day))
    report = bought_together(workbench, wish, shop=shop, costs=costs).report
    worth = {(one.pair.left.id, one.pair.right.id): one for one in report.bundles}
    columns = [
        Column(Text("商品", "product"), width=NAME),
        Column(Text("和", "and"), width=NAME),
        Column(Text("一起买的单数", "orders with both"), Kind.COUNT),
        Column(Text("是随机的几倍", "times chance"), Kind.RATIO),
        Column(Text("下限", "low"), Kind.RATIO, NARROW),
        Column(Text("上限", "high"), Kind.RATIO, NARROW),
        *([Column(Text("套餐优惠后毛利", "margin at the discount"), Kind.MONEY)] if costs else []),
        *([Column(Text("要多少单件订单加购", "orders that must take both"), Kind.RATE)] if costs else []),
    ]
    rows = []
    for pair in report.pairs:
        bundle = worth.get((pair.left.id, pair.right.id))
        money = (None, None) if bundle is None else (bundle.margin_at_discount, bundle.needed)
        rows.append(
            (
                *(pair.left.title, pair.right.title, pair.together, pair.shrunk, pair.low, pair.high),
                *(money if costs else ()),
            )
        )
    return TableSheet(Text("搭配", "Bundles"), report.caveats, tuple(columns), tuple(rows))
