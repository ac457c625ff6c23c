"""1688: orders whose columns are merged over the rows of their products."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.layouts.files import workbook
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_HEADER = _cells(
    "订单编号|买家公司名|买家会员名|卖家公司名|卖家会员名|货品总价(元)|运费(元)|涨价或折扣(元)|实付款(元)|"
    "订单状态|订单创建时间|订单付款时间|发货方|收货人姓名|收货地址|邮编|联系电话|联系手机|货品标题|单价(元)|"
    "数量|单位|货号|型号|Offer ID|SKU ID|物料编号|单品货号|货品种类|买家留言|物流公司|运单号"
)
_FIRST = _cells(
    "3700000000000000001|某某贸易有限公司|buyer_account|舵手工厂|duoshou|130.00|10.00|-5.00|135.00|"
    "等待买家收货|2026-07-01 23:50:00|2026-07-02 00:10:00|卖家|张三|浙江省 杭州市 余杭区 文一西路1号|310000|"
    "0571-88880000|13800138000"
)
_SECOND = _cells(
    "3700000000000000002|个体户|other_account|舵手工厂|duoshou|30.00||0.00|30.00|等待买家付款|"
    "2026-07-03 08:00:00||卖家|李四|广东省 广州市 天河区 1号|510000||13900139000"
)
_TAIL = ("普通货品", "请尽快发货 13800138000", "中通", "ZT0001")
assert len(_HEADER) == 32
_EMPTY = ("",) * 18

SAMPLES = [
    Sample(
        "alibaba1688_orders",
        "订单导出_20260704.xlsx",
        workbook(
            {
                "sheet1": [
                    _HEADER,
                    (*_FIRST, "围巾", "20.00", 5, "条", "WJ", "红", "610000000001", "5001", "", "WJ-R", *_TAIL),
                    (*_EMPTY, "手套", "10.00", 3, "双", "ST", "黑", "610000000002", "5002", "", "", "", "", "", ""),
                    (*_SECOND, "手套", "10.00", 3, "双", "ST", "黑", "610000000002", "5002", "", "", *_TAIL),
                ]
            },
            merged={"sheet1": [f"{column}2:{column}3" for column in "ABCDEFGHIJKLMNOPQR"] + ["AC2:AC3", "AD2:AD3"]},
        ),
        rows={"order_header": 2, "order_item": 3, "order_line": 3},
        facts={
            "SELECT sum(paid_amount) FROM order_header": Decimal("135.00"),
            # 135.00 shared 100 : 30.
            "SELECT string_agg(paid_amount::VARCHAR, ' ' ORDER BY line_no) FROM order_line WHERE order_id LIKE '%1'": (
                "103.85 31.15"
            ),
            "SELECT string_agg(sku, ' ' ORDER BY order_id, line_no) FROM order_item": "WJ-R ST ST",
            "SELECT discount_seller FROM order_header WHERE status = 'shipped'": Decimal("5.00"),
            "SELECT paid_at FROM order_header WHERE status = 'shipped'": datetime(2026, 7, 1, 16, 10),
            # An empty cell is unknown: it is not the freight of the order above.
            "SELECT count(*) FROM order_header WHERE status = 'created' AND freight IS NULL AND paid_amount = 0": 1,
            "SELECT province || city FROM order_header WHERE status = 'shipped'": "浙江省杭州市",
            "SELECT count(DISTINCT buyer_key) FROM order_header WHERE length(buyer_key) = 64": 2,
        },
    )
]
