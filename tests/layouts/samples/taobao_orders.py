"""Orders of Qianniu: the exports of 2014 to today, as whole orders and as lines."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal

from tests.layouts.files import delimited, workbook
from tests.layouts.sample import Sample
from tests.layouts.taobao import (
    ORDER_ITEMS_2019,
    ORDERS_2014,
    ORDERS_2016,
    ORDERS_2019,
    ORDERS_2021,
    SUBORDERS,
    table,
)

_PERSON = {
    "买家支付宝账号": "xiaoming@example.com",
    "买家留言": "请尽快发货",
    "收货人姓名": "王小明",
    "收货地址": "浙江省 杭州市 西湖区 文三路100号(310000)",
    "联系电话": "'0571-88001234",
    "联系手机": "'13800001234",
    "发票抬头": "王小明",
    "物流单号": "No:75312345678901",
}
_PAID = {
    **_PERSON,
    "订单编号": '="1930000000000001"',
    "买家会员名": "小明1",
    "买家应付货款": "1,100.00",
    "买家应付邮费": "10.00",
    "总金额": "1,110.00",
    "买家实际支付金额": "1,110.00",
    "订单状态": "卖家已发货，等待买家确认",
    "宝贝标题": "春秋连衣裙，外套",
    "宝贝总数量": "2",
    "店铺Id": "0",
    "订单关闭原因": "订单未关闭",
    "卖家服务费": "0",
    "买家服务费": "0元",
    "是否手机订单": "手机订单",
}
_CLOSED = {
    **_PERSON,
    "订单编号": '="1930000000000002"',
    "买家会员名": "t**3",
    "买家应付货款": "59.90",
    "买家应付邮费": "0.00",
    "总金额": "59.90",
    "买家实际支付金额": "0.00",
    "订单状态": "交易关闭",
    "宝贝标题": "帆布包",
    "宝贝总数量": "1",
    "订单关闭原因": "买家未付款",
    "买家服务费": "0元",
}
_NO_PERSON = (
    "SELECT count(*) FROM order_header AS h WHERE regexp_matches(h::VARCHAR, '小明|文三路|1380000|t\\*\\*3|75312345')"
)
_ORDER_FACTS: dict[str, object] = {
    "SELECT string_agg(order_id, ' ' ORDER BY order_id) FROM order_header": "1930000000000001 1930000000000002",
    "SELECT string_agg(status, ' ' ORDER BY order_id) FROM order_header": "shipped closed",
    "SELECT sum(paid_amount) FROM order_header": Decimal("1110.00"),
    "SELECT sum(freight) FROM order_header": Decimal("10.00"),
    "SELECT string_agg(province || city, ' ' ORDER BY order_id) FROM order_header": "浙江省杭州市 浙江省杭州市",
    "SELECT string_agg(closed_reason, '+') FROM order_header": "买家未付款",
    "SELECT length(buyer_key) FROM order_header WHERE order_id = '1930000000000001'": 64,
    "SELECT buyer_key FROM order_header WHERE order_id = '1930000000000002'": None,
    "SELECT paid_at FROM order_header WHERE order_id = '1930000000000002'": None,
    "SELECT currency FROM order_header LIMIT 1": "CNY",
    _NO_PERSON: 0,
}
# A workbook holds ids as plain text; only the CSV wraps them.
_PAID_CELLS = {**_PAID, "订单编号": "1930000000000001"}
_CLOSED_CELLS = {**_CLOSED, "订单编号": "1930000000000002"}
_RECENT_NAMES = {"买家实际支付金额": "买家实付金额", "订单创建时间": "买家下单时间", "订单付款时间 ": "买家付款时间"}
_RECENT = [
    *(_RECENT_NAMES.get(name, name) for name in ORDERS_2021),
    *("商家备忘", "直播返现状态", "返现金额", "延迟发货自动赔付金额", "预售订单", "发货时间", "运单号", "宝贝规格"),
]


def _gbk(rows: list[list[object]]) -> bytes:
    return delimited(rows, encoding="gb18030", quoting=csv.QUOTE_ALL)


def _times(created: str, paid: str) -> dict[str, str]:
    return {"订单创建时间": created, "订单付款时间": paid}


def _renamed(row: dict[str, str]) -> dict[str, str]:
    names = {old.strip(): new for old, new in _RECENT_NAMES.items()}
    return {names.get(name, name): cell for name, cell in row.items()}


_ORDERS = [
    Sample(
        layout="qianniu_orders_2014",
        file="ExportOrderList201411121015.csv",
        data=_gbk(
            table(
                ORDERS_2014,
                {**_PAID, **_times("2014-11-11 00:01:02", "2014-11-11 00:03:04")},
                {**_CLOSED, **_times("2014-11-11 23:59:59", "")},
            )
        ),
        rows={"order_header": 2, "order_line": 2},
        facts={
            **_ORDER_FACTS,
            "SELECT min(created_at) FROM order_header": datetime(2014, 11, 10, 16, 1, 2),
            "SELECT min(created_on) FROM order_header": date(2014, 11, 11),
            "SELECT count(refund_amount) + count(settled_amount) FROM order_header": 0,
            "SELECT device FROM order_header WHERE status = 'shipped'": "wireless",
        },
    ),
    Sample(
        layout="qianniu_orders_2016",
        file="ExportOrderList201605241015.csv",
        data=_gbk(
            table(
                ORDERS_2016,
                {**_PAID, **_times("2016/5/23 22:02", "2016/5/23 22:03"), "天猫卡券抵扣": "0.00"},
                {**_CLOSED, **_times("2016/5/24 0:05", "")},
            )
        ),
        rows={"order_header": 2},
        facts={
            **_ORDER_FACTS,
            "SELECT created_on FROM order_header WHERE status = 'shipped'": date(2016, 5, 23),
            "SELECT created_on FROM order_header WHERE status = 'closed'": date(2016, 5, 24),
        },
    ),
    Sample(
        layout="qianniu_orders_2019",
        file="ExportOrderList201906190900.csv",
        data=_gbk(
            table(
                ORDERS_2019,
                {
                    **_PAID,
                    **_times("2019-06-18 00:01:02", "2019-06-18 00:03:04"),
                    "退款金额": "100.00",
                    "打款商家金额": "1,010.00元",
                },
                {**_CLOSED, **_times("2019-06-18 09:00:00", ""), "退款金额": "0.00", "打款商家金额": "0.00元"},
            )
        ),
        rows={"order_header": 2},
        facts={
            **_ORDER_FACTS,
            "SELECT sum(settled_amount) FROM order_header": Decimal("1010.00"),
            "SELECT sum(refund_amount) FROM order_header": Decimal("100.00"),
            "SELECT finished_at FROM order_header WHERE status = 'shipped'": None,
        },
    ),
    Sample(
        layout="qianniu_orders_2021",
        file="ExportOrderList202106190900.xlsx",
        data=workbook(
            {
                "订单报表": table(
                    ORDERS_2021,
                    {
                        **_PAID_CELLS,
                        **_times("2021-06-18 00:01:02", "2021-06-18 00:03:04"),
                        "支付单号": "2021061822001400001234567890",
                        "支付详情": "2021061822001400001234567890|1110.00",
                        "主订单编号": "1930000000000001",
                        "退款金额": "0.00",
                    },
                    {**_CLOSED_CELLS, **_times("2021-06-18 09:00:00", ""), "主订单编号": "1930000000000002"},
                )
            }
        ),
        rows={"order_header": 2},
        facts={
            **_ORDER_FACTS,
            "SELECT count(refund_amount) FROM order_header": 1,
            "SELECT count(*) FROM order_header AS h WHERE h::VARCHAR LIKE '%22001400%'": 0,
        },
    ),
    Sample(
        layout="qianniu_orders_2021",
        name="recent",
        file="订单报表20260812101500.xlsx",
        data=workbook(
            {
                "订单报表": table(
                    _RECENT,
                    {
                        **_renamed({**_PAID_CELLS, **_times("2026/08/11 22:02:03", "2026-08-11 22:03:04")}),
                        "商家备忘": "王小明 要求顺丰",
                        "返现金额": "0.00",
                        "预售订单": "否",
                        "发货时间": "2026-08-12 09:00:00",
                        "运单号": "75312345678901",
                        "宝贝规格": "颜色:红;尺码:M",
                    },
                    _renamed({**_CLOSED_CELLS, **_times("2026-08-11 08:00:00", "")}),
                )
            }
        ),
        rows={"order_header": 2},
        facts={
            **_ORDER_FACTS,
            "SELECT shipped_on FROM order_header WHERE status = 'shipped'": date(2026, 8, 12),
            "SELECT paid_at FROM order_header WHERE status = 'shipped'": datetime(2026, 8, 11, 14, 3, 4),
            "SELECT created_on FROM order_header WHERE status = 'shipped'": date(2026, 8, 11),
        },
    ),
]

_LINES = [
    Sample(
        layout="qianniu_order_items_2019",
        file="ExportOrderDetailList201906190900.csv",
        data=_gbk(
            table(
                ORDER_ITEMS_2019,
                {
                    "订单编号": '="1930000000000001"',
                    "标题": "春秋连衣裙",
                    "价格": "500.00",
                    "购买数量": "1",
                    "外部系统编号": "A-1",
                    "商品属性": "颜色分类：红色;尺码：M",
                    "备注": "'13800001234",
                    "订单状态": "卖家已发货，等待买家确认",
                    "商家编码": "A-1-R-M",
                },
                {
                    "订单编号": '="1930000000000001"',
                    "标题": "外套",
                    "价格": "300.00",
                    "购买数量": "2",
                    "外部系统编号": "B-1",
                    "订单状态": "交易关闭",
                },
            )
        ),
        rows={"order_item": 2},
        facts={
            "SELECT count(DISTINCT order_id) FROM order_item": 1,
            "SELECT string_agg(line_no || sku, ' ' ORDER BY line_no) FROM order_item": "1A-1-R-M 2B-1",
            "SELECT sum(amount) FROM order_item": Decimal("1100.00"),
            "SELECT sum(quantity) FROM order_item": 3,
            "SELECT count(paid_amount) + count(refund_amount) FROM order_item": 0,
            "SELECT string_agg(status, ' ' ORDER BY line_no) FROM order_item": "shipped closed",
            "SELECT count(*) FROM order_item AS i WHERE i::VARCHAR LIKE '%1380000%'": 0,
        },
    ),
    Sample(
        layout="qianniu_suborders",
        file="宝贝报表20260812101500.xlsx",
        data=workbook(
            {
                "子订单": table(
                    SUBORDERS,
                    {
                        "子订单编号": "2930000000000011",
                        "主订单编号": "2930000000000010",
                        "商品标题": "春秋连衣裙",
                        "商品价格": "599.00",
                        "购买数量": "1",
                        "商品属性": "颜色分类:红色;尺码:M",
                        "订单状态": "交易成功",
                        "商家编码": "A-1-R-M",
                        "买家应付货款": "560.00",
                        "买家实付金额": "540.50",
                        "退款状态": "没有申请退款",
                        "退款金额": "无退款申请",
                        "订单创建时间": "2026-08-11 00:01:02",
                        "订单付款时间": "2026-08-11 00:03:04",
                        "商品ID": "612345678901",
                        "商家备注": "王小明 13800001234",
                    },
                    {
                        "子订单编号": "2930000000000012",
                        "主订单编号": "2930000000000010",
                        "商品标题": "外套",
                        "商品价格": "300.00",
                        "购买数量": "2",
                        "订单状态": "买家已付款，等待卖家发货",
                        "商家编码": "-",
                        "买家应付货款": "600.00",
                        "买家实付金额": "600.00",
                        "退款状态": "退款成功",
                        "退款金额": "100.00",
                        "订单创建时间": "2026/8/11 0:01",
                        "订单付款时间": "2026/8/11 0:03",
                        "商品ID": "612345678902",
                    },
                    {
                        "子订单编号": "2930000000000020",
                        "主订单编号": "2930000000000020",
                        "商品标题": "帆布包",
                        "商品价格": "59.90",
                        "购买数量": "1",
                        "订单状态": "等待买家付款",
                        "买家应付货款": "59.90",
                        "订单创建时间": "2026-08-12 00:00:00",
                        "商品ID": "612345678903",
                    },
                )
            }
        ),
        rows={"order_item": 3, "order_header": 0},
        facts={
            "SELECT string_agg(line_id, ' ' ORDER BY line_id) FROM order_item": (
                "2930000000000011 2930000000000012 2930000000000020"
            ),
            "SELECT sum(paid_amount) FROM order_item WHERE order_id = '2930000000000010'": Decimal("1140.50"),
            "SELECT refund_amount FROM order_item WHERE line_id = '2930000000000011'": Decimal("0.00"),
            "SELECT refund_amount FROM order_item WHERE line_id = '2930000000000012'": Decimal("100.00"),
            "SELECT refund_amount FROM order_item WHERE line_id = '2930000000000020'": None,
            "SELECT paid_amount FROM order_item WHERE line_id = '2930000000000020'": None,
            "SELECT sku FROM order_item WHERE line_id = '2930000000000012'": None,
            "SELECT string_agg(status, ' ' ORDER BY line_id) FROM order_item": "finished paid created",
            "SELECT count(DISTINCT created_on) FROM order_item": 2,
            "SELECT count(*) FROM order_item AS i WHERE regexp_matches(i::VARCHAR, '小明|1380000')": 0,
        },
    ),
]

SAMPLES: list[Sample] = [*_ORDERS, *_LINES]
