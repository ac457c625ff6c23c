"""微信小店: orders of the Channels shop, one row per product."""

from __future__ import annotations

from decimal import Decimal

from tests.layouts.files import workbook
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_HEADER = _cells(
    "订单号|商品名称|商品数量|商品实际价格(单件)|商品价格(单件)|商品实际价格(总共)|订单实际收款金额|"
    "订单实际支付金额|商品已退款金额|订单运费|商品平均运费|技术服务费|运费险预计投保费用|商品发货|商品售后|"
    "订单状态"
)
assert len(_HEADER) == 16
_CUP = "3720000000000000001|茶杯|2|45.00|50.00|90.00|115.00|118.00|0.00|8.00|4.00|1.15|0.30|已发货|-|已完成"
_MAT = "3720000000000000001|茶垫|1|20.00|20.00|20.00|115.00|118.00|20.00|8.00|4.00|1.15|0.30|已发货|退款完成|已完成"
_UNPAID = "3720000000000000002|茶杯|1|50.00|50.00|50.00|-|50.00|-|0.00|0.00|-|-|-|-|待付款"

SAMPLES = [
    Sample(
        "weixin_orders",
        "订单列表_20260702.xlsx",
        workbook(
            {
                "Sheet1": [
                    _HEADER,
                    _cells(_CUP),
                    _cells(_MAT),
                    _cells(_UNPAID),
                ]
            }
        ),
        rows={"order_header": 2, "order_item": 3, "order_line": 3},
        facts={
            # The amount of an order stands on each of its rows; it counts once, shared 90 : 20.
            "SELECT sum(paid_amount) FROM order_header": Decimal("118.00"),
            "SELECT paid_amount FROM order_line WHERE title = '茶垫'": Decimal("21.45"),
            "SELECT paid_amount FROM order_line WHERE title = '茶杯' AND quantity = 2": Decimal("96.55"),
            "SELECT refund_amount FROM order_line WHERE title = '茶垫'": Decimal("20.00"),
            "SELECT refund_amount FROM order_header WHERE status = 'finished'": Decimal("20.00"),
            "SELECT settled_amount FROM order_header WHERE status = 'finished'": Decimal("115.00"),
            "SELECT count(*) FROM order_header WHERE status = 'created' AND settled_amount IS NULL": 1,
            "SELECT max(order_id) FROM order_header": "3720000000000000002",
        },
    )
]
