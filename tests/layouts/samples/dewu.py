"""得物推: days without a year under an explanation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.layouts.files import Row, workbook
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_HEADER = _cells(
    "日期|商家UID|数据粒度|计划名称|计划ID|计划类型|优化目标|商品ID|日预算|消耗(元)|曝光(次)|点击(次)|"
    "点击率(%)|千次曝光费用(元)|直接收藏预约数(次)|收藏预约成本(元)|直接支付单量(单)|直接支付金额(元)|"
    "引导支付单量(单)|引导支付金额(元)|智能补贴券订单量(单)|智能补贴券金额(元)|点击转化率(%)|订单成本(元)|"
    "引导支付ROI|直接商详访问数(次)|直接支付ROI|直接商详访问成本(元)|收藏数（次）|收藏成本（元）|"
    "优惠后直接支付金额(元)|优惠后直接支付ROI|优惠后引导支付金额(元)|优惠后引导支付ROI"
)
assert len(_HEADER) == 34


def _row(day: str, product: str, cost: str, guided: str) -> Row:
    first = (
        day,
        "1000001",
        "分日",
        "夏季主推",
        "880001",
        "标准计划",
        "支付",
        product,
        "-",
        cost,
        "10,000",
        "200",
        "2.00",
    )
    second = ("12.35", 8, "15.44", 3, "899.00", 5, guided, 1, "20.00", "2.50", "24.70", "12.14", 180, "7.28", "0.69")
    return (*first, *second, 15, "8.23", "870.00", "7.04", "1,450.00", "11.74")


SAMPLES = [
    Sample(
        "dewu_promo",
        "商品推广数据_20260105.xlsx",
        workbook(
            {
                "Sheet1": [
                    ("数据说明：消耗为现金与赠款之和，成交按支付时间统计",),
                    _HEADER,
                    _row("12/31", "700001", "123.50", "1,499.00"),
                    _row("01/01", "700001", "100.00", "999.00"),
                    _row("01/01", "700002", "50.00", "-"),
                ]
            }
        ),
        rows={"ad_period": 3},
        facts={
            # Exported in January: the last day of December is that of the year before.
            "SELECT min(day) FROM ad_period": date(2025, 12, 31),
            "SELECT max(day) FROM ad_period": date(2026, 1, 1),
            "SELECT sum(cost) FROM ad_period": Decimal("273.50"),
            "SELECT sum(sales_amount) FROM ad_period": Decimal("2498.00"),
            "SELECT count(*) FROM ad_period WHERE sales_amount IS NULL AND direct_amount = 899": 1,
            "SELECT DISTINCT report_level || '/' || campaign || '/' || scene FROM ad_period": "item/880001/标准计划",
            "SELECT count(*) FROM ad_period WHERE bid IS NOT NULL": 0,
            "SELECT sum(visits) + sum(favourites) FROM ad_period": 585,
        },
    )
]
