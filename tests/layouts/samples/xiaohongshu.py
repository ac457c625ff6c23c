"""小红书: products by carrier, where 全部 holds the other rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.layouts.files import Row, workbook
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_HEADER = _cells(
    "商品ID|商品NAME|经营方式|载体|是否渠道商品|一级品类|二级品类|品牌|商品访客数|商品浏览量|新增加购人数|"
    "新增加购件数|新增加入心愿单人数|支付金额|支付买家数|支付订单数|支付件数|支付转化率|客单价|"
    "退款金额（退款时间）|退款买家数（退款时间）|退款订单数（退款时间）|支付转化率（PV）|"
    "退款金额（支付时间）|退款率（支付时间）|退款订单数（支付时间）|发货前退款率（支付时间）|"
    "发货后退款率（支付时间）|退款后支付金额（支付时间）"
)
assert len(_HEADER) == 29


def _row(carrier: str, visitors: object, paid: object, buyers: object) -> Row:
    first = (
        "66a1f0c2000000001d0123ab",
        "羊毛围巾",
        "自营",
        carrier,
        "否",
        "服饰",
        "围巾",
        "舵手",
        visitors,
        "2,345",
        30,
        35,
    )
    paid_part = (12, paid, buyers, 21, 24, "2.00%", "60.17", "119.80", 2, 2, "0.85%")
    return (*first, *paid_part, "59.90", "5.00%", 1, "0.00%", "5.00%", "1,143.50")


_ROWS = [
    _HEADER,
    _row("全部", "1,000", "1,203.40", 20),
    _row("商卡", 400, "600.00", 10),
    _row("笔记", 500, "503.40", 8),
    _row("直播", 200, "100.00", 3),
]

SAMPLES = [
    Sample(
        "xiaohongshu_goods",
        "商品销售明细_2026-07-01.xlsx",
        workbook({"Sheet1": _ROWS}),
        rows={"product_period": 1, "product": 1},
        facts={
            # The carriers are parts of 全部 and overlap: 400 + 500 + 200 visitors are 1,000 people.
            "SELECT sum(paid_amount) FROM product_period": Decimal("1203.40"),
            "SELECT visitors * 100 + buyers FROM product_period": 100020,
            "SELECT grain FROM product_period": "day",
            "SELECT period_start FROM product_period": date(2026, 7, 1),
            "SELECT refund_amount FROM product_period": Decimal("119.80"),
            "SELECT refund_of_paid_amount FROM product_period": Decimal("59.90"),
            "SELECT cart_buyers * 10000 + cart_adds * 100 + favourite_buyers FROM product_period": 303512,
            "SELECT category || '/' || brand FROM product": "围巾/舵手",
        },
        name="day",
    ),
    Sample(
        "xiaohongshu_goods",
        "商品销售明细_20260701-20260731.xlsx",
        workbook({"Sheet1": _ROWS}),
        rows={"product_period": 1},
        facts={"SELECT grain || period_start::VARCHAR FROM product_period": "month2026-07-01"},
        name="month",
    ),
    Sample(
        "xiaohongshu_goods",
        "商品销售明细.xlsx",
        workbook({"Sheet1": _ROWS[:2]}),
        rows={"product_period": 0},
        rejected=1,
        problems=frozenset({"period_unknown"}),
        name="without-date",
    ),
]
