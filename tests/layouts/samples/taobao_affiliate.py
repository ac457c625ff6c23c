"""Taobao affiliate (CPS) exports: the overview by day and the orders."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal

from tests.layouts.files import delimited, workbook
from tests.layouts.sample import Sample
from tests.layouts.taobao import AFFILIATE_ORDERS, AFFILIATE_OVERVIEW, AFFILIATE_SETTLED, table

_OVERVIEW = [
    "2026-08-11",
    "全部",
    "3,210",
    "2,950",
    "2.10%",
    "62",
    "12,345.60",
    "65",
    "70",
    "1,234.56",
    "61.73",
    "10.00%",
]
_OVERVIEW += ["1,296.29", "50", "52", "10,000.00", "1,000.00", "50.00", "1,050.00", "48", "9,600.00", "49", "18.52"]

SAMPLES: list[Sample] = [
    Sample(
        layout="taobao_affiliate_overview",
        file="推广概览.xlsx",
        data=workbook(
            {
                "推广概览": [
                    AFFILIATE_OVERVIEW,
                    _OVERVIEW,
                    [
                        "2026-08-10",
                        "招商团长",
                        "100",
                        "90",
                        "-",
                        "2",
                        "200.00",
                        "2",
                        "2",
                        "20.00",
                        "-",
                        "10.00%",
                        "20.00",
                    ]
                    + ["-"] * 10,
                    ["合计", "-", "3,310", "-", "-", "-", "12,545.60", "67", "72", "1,254.56", *["-"] * 13],
                ]
            }
        ),
        rows={"affiliate_period": 2},
        facts={
            "SELECT clicks * 10000 + clickers FROM affiliate_period WHERE affiliate_id = '-'": 32102950,
            "SELECT sum(paid_amount) FROM affiliate_period": Decimal("12545.60"),
            "SELECT commission + service_fee FROM affiliate_period WHERE affiliate_id = '-'": Decimal("1296.29"),
            "SELECT settled_commission FROM affiliate_period WHERE affiliate_id = '-'": Decimal("1000.00"),
            "SELECT received_amount FROM affiliate_period WHERE affiliate_id = '-'": Decimal("9600.00"),
            "SELECT period_start FROM affiliate_period WHERE affiliate_id = '招商团长'": date(2026, 8, 10),
            "SELECT service_fee FROM affiliate_period WHERE affiliate_id = '招商团长'": None,
            "SELECT settled_amount FROM affiliate_period WHERE affiliate_id = '招商团长'": None,
        },
    ),
    Sample(
        layout="taobao_affiliate_orders",
        name="settled",
        file="settle_20260812.csv",
        data=delimited(
            table(
                AFFILIATE_SETTLED,
                {
                    "确认收货时间": "2026-08-10 12:00:00",
                    "淘客结算时间": "2026-08-11 00:10:00",
                    "创建时间": "2026-08-01 09:00:00",
                    "计划名称": "营销计划",
                    "商品ID": "'612345678901",
                    "商品名称": "春秋连衣裙",
                    "实际成交价格": "540.50",
                    "成交商品数": "1",
                    "佣金比例": "10.00%",
                    "佣金": "54.05",
                    "服务费率": "2.00%",
                    "服务费金额": "10.81",
                    "淘宝父订单编号": "'2930000000000010",
                    "淘宝子订单编号": "'2930000000000011",
                    "来源或淘客昵称": "好物分享社",
                    "团长名称": "团长甲",
                },
            ),
            encoding="gb18030",
            quoting=csv.QUOTE_ALL,
        ),
        rows={"affiliate_order": 1},
        facts={
            "SELECT line_id || ' ' || order_id FROM affiliate_order": "2930000000000011 2930000000000010",
            "SELECT commission FROM affiliate_order": Decimal("54.05"),
            "SELECT service_fee FROM affiliate_order": Decimal("10.81"),
            "SELECT commission_rate FROM affiliate_order": 0.1,
            "SELECT paid_amount FROM affiliate_order": Decimal("540.50"),
            "SELECT settled_at FROM affiliate_order": datetime(2026, 8, 10, 16, 10),
            "SELECT settled_on FROM affiliate_order": date(2026, 8, 11),
            "SELECT status FROM affiliate_order": "settled",
            "SELECT affiliate_id || '+' || affiliate_name FROM affiliate_order": "好物分享社+好物分享社",
            "SELECT product_id FROM affiliate_order": "612345678901",
        },
    ),
    Sample(
        layout="taobao_affiliate_orders",
        file="订单明细_20260812.xlsx",
        data=workbook(
            {
                "订单": table(
                    AFFILIATE_ORDERS,
                    {
                        "创建时间": "2026-08-10 23:00:00",
                        "付款时间": "2026-08-11 00:10:00",
                        "商品标题": "外套",
                        "商品ID": "612345678902",
                        "商品数量": "2",
                        "付款金额": "1,600.00",
                        "淘宝订单编号": "2930000000000010",
                        "淘宝子订单号": "2930000000000012",
                        "订单状态": "订单付款",
                        "佣金比率": "0.05",
                        "佣金金额": "80.00",
                        "服务费": "-",
                        "推广者": "好物分享社",
                        "维权退款": "",
                    },
                    {
                        "创建时间": "2026-08-09 10:00:00",
                        "付款时间": "2026-08-09 10:01:00",
                        "结算时间": "2026-08-11 10:00:00",
                        "商品ID": "612345678903",
                        "商品数量": "1",
                        "付款金额": "59.90",
                        "淘宝订单编号": "2930000000000020",
                        "淘宝子订单号": "2930000000000020",
                        "订单状态": "订单失效",
                        "结算金额": "0.00",
                        "佣金比率": "5.00%",
                        "佣金金额": "0.00",
                        "维权退款": "59.90",
                    },
                )
            }
        ),
        rows={"affiliate_order": 2},
        facts={
            "SELECT string_agg(status, ' ' ORDER BY line_id) FROM affiliate_order": "paid invalid",
            "SELECT sum(commission) FROM affiliate_order": Decimal("80.00"),
            "SELECT paid_on FROM affiliate_order WHERE status = 'paid'": date(2026, 8, 11),
            "SELECT settled_amount FROM affiliate_order WHERE status = 'paid'": None,
            "SELECT settled_amount FROM affiliate_order WHERE status = 'invalid'": Decimal("0.00"),
            "SELECT service_fee FROM affiliate_order WHERE status = 'paid'": None,
            "SELECT sum(refund_amount) FROM affiliate_order": Decimal("59.90"),
            "SELECT count(DISTINCT commission_rate) FROM affiliate_order": 1,
            "SELECT affiliate_name FROM affiliate_order WHERE status = 'invalid'": None,
            "SELECT quantity FROM affiliate_order WHERE status = 'paid'": 2,
        },
    ),
    Sample(
        layout="taobao_affiliate_refunds",
        file="维权订单明细_20260812.csv",
        data=delimited(
            [
                ["淘宝订单编号", "淘宝子订单编号", "维权退款金额", "应退回佣金", "应退回服务费", "维权完成时间"],
                ["'2930000000000010", "'2930000000000011", "1,540.50", "154.05", "-", "2026-08-12 09:00:00"],
            ],
            encoding="gb18030",
        ),
        rows={"affiliate_order": 1},
        facts={
            "SELECT line_id || ' ' || order_id FROM affiliate_order": "2930000000000011 2930000000000010",
            "SELECT refund_amount FROM affiliate_order": Decimal("1540.50"),
            "SELECT commission FROM affiliate_order": None,
            "SELECT status FROM affiliate_order": None,
        },
    ),
]
