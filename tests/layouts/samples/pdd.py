"""Samples of 拼多多: orders, shop figures, service and bookings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tests.layouts.files import delimited, old_workbook, workbook
from tests.layouts.sample import Sample


def _columns(names: str) -> list[str]:
    """Return the names of a header, which are written with bars between."""
    return names.split("|")


def _filled(header: Sequence[str], *rows: Mapping[str, object], empty: object = "") -> list[list[object]]:
    """Return rows in the order of the header; what a row does not name is empty."""
    assert all(set(row) <= set(header) for row in rows)
    return [[row.get(name, empty) for name in header] for row in rows]


def _with_changes(*figures: object) -> list[object]:
    """Return a period and its figures, each followed by its change on the period before."""
    period, *rest = figures
    return [period, *(cell for figure in rest for cell in (figure, "+12.30%"))]


ORDER = _columns(
    "订单成交时间|商品|订单号|订单状态|商品总价(元)|邮费(元)|店铺优惠折扣(元)|平台优惠折扣(元)|"
    "多多支付立减金额(元)|用户实付金额(元)|商家实收金额(元)|商品数量(件)|发货时间|确认收货时间|商品id|"
    "商品规格|样式ID|商家编码-规格维度|商家编码-商品维度|商家备注|售后状态|快递单号|快递公司"
)
TRADE = _columns(
    "统计时间|成交金额|较上周期|成交订单数|较上周期|成交买家数|较上周期|成交转化率|较上周期|客单价|"
    "较上周期|老买家占比|较上周期|关注用户数|较上周期|退款金额|较上周期|退款单数|较上周期|平均访客价值|"
    "较上周期"
)
GOODS = _columns(
    "统计时间|商品访客数|较上周期|商品浏览量|较上周期|商品收藏用户数|较上周期|被访问商品数|较上周期|"
    "成交金额|较上周期|成交订单数|较上周期|成交买家数|较上周期|成交转化率|较上周期"
)
SERVICE = _columns(
    "统计时间|纠纷退款数|纠纷退款率|介入订单数|平台介入率|品质退款率|平均退款时长|成功退款订单数|"
    "成功退款金额|成功退款率|退货退款自主完结时长|退款自主完结时长"
)
SALES = _columns("日期|咨询人数|询单人数|最终成团人数|询单转化率|客服销售额|客服可提升销售额")
SETTLE = _columns("商户订单号|发生时间|收入金额（+元）|支出金额（-元）|账务类型|备注|业务描述")

_MASKED = ["收货人", "手机", "省", "市", "详细地址"]
_ORDERS = _filled(
    [*ORDER, *_MASKED],
    {
        "订单成交时间": "\t2026-08-11 23:59:58",
        "商品": "\t保温杯 500ml",
        "订单号": "\t260811-123456789012345",
        "订单状态": "\t已发货，待签收",
        "商品总价(元)": "59.80",
        "邮费(元)": "0.00",
        "店铺优惠折扣(元)": "5.00",
        "平台优惠折扣(元)": "2.00",
        "多多支付立减金额(元)": "0.80",
        "用户实付金额(元)": "52.00",
        "商家实收金额(元)": "54.80",
        "商品数量(件)": "2",
        "发货时间": "\t2026-08-12 10:00:00",
        "商品id": "\t456789012345",
        "商品规格": "\t白色,500ml",
        "样式ID": "\t1200",
        "商家编码-规格维度": "\tCUP-500-W",
        "商家编码-商品维度": "\tCUP",
        "商家备注": "\t加急 13800001111",
        "售后状态": "\t无售后或售后取消",
        "快递单号": "\tYT123",
        "收货人": "\t王****",
        "手机": "\t138****1111",
        "省": "\t****",
        "市": "\t****",
        "详细地址": "\t****",
    },
    {
        "订单成交时间": "\t2026-08-11 08:00:00",
        "商品": "\t吸管杯",
        "订单号": "\t260811-123456789012346",
        "订单状态": "\t未发货，退款成功",
        "商品总价(元)": "1,200.00",
        "用户实付金额(元)": "1,180.00",
        "商家实收金额(元)": "1,180.00",
        "商品数量(件)": "10",
        "商品id": "\t456789012346",
        "商家编码-商品维度": "\tSTRAW",
        "售后状态": "\t退款成功",
        "省": "\t浙江省",
        "市": "\t杭州市",
    },
)
_UNTIMED = _filled(
    ORDER,
    {
        "商品": "保温杯",
        "订单号": "251231-000000000000001",
        "订单状态": "已签收",
        "商品总价(元)": "30.00",
        "用户实付金额(元)": "29.00",
        "商品数量(件)": "1",
        "商品id": "456789012345",
        "售后状态": "售后处理中",
    },
    {
        "商品": "保温杯",
        "订单号": "260101-000000000000002",
        "订单状态": "已取消",
        "用户实付金额(元)": "0.00",
        "商品数量(件)": "1",
        "商品id": "456789012345",
    },
    {
        "商品": "保温杯",
        "订单号": "260101-000000000000003",
        "订单状态": "待支付",
        "用户实付金额(元)": "29.00",
        "商品数量(件)": "1",
        "商品id": "456789012345",
    },
)
_OLD_ORDER = ["支付时间" if name == "订单成交时间" else name for name in ORDER]

SAMPLES: list[Sample] = [
    Sample(
        layout="pdd_order",
        file="orders_export2026-08-12-10-30-00.csv",
        data=delimited([["名称：订单"], [*ORDER, *_MASKED], *_ORDERS]),
        rows={"order_header": 2, "order_item": 2, "order_line": 2},
        facts={
            "SELECT min(order_id) FROM order_header": "260811-123456789012345",
            "SELECT sum(paid_amount) FROM order_line": Decimal("1232.00"),
            "SELECT refund_amount FROM order_header WHERE order_id LIKE '%346'": Decimal("1180.00"),
            "SELECT refund_amount FROM order_header WHERE order_id LIKE '%345'": Decimal("0.00"),
            "SELECT discount_platform FROM order_header WHERE order_id LIKE '%345'": Decimal("2.80"),
            "SELECT discount_seller FROM order_header WHERE order_id LIKE '%345'": Decimal("5.00"),
            "SELECT string_agg(status, ' ' ORDER BY order_id) FROM order_header": "shipped closed",
            "SELECT CAST(paid_at AS VARCHAR) FROM order_header WHERE order_id LIKE '%345'": "2026-08-11 15:59:58",
            "SELECT CAST(paid_on AS VARCHAR) FROM order_header WHERE order_id LIKE '%345'": "2026-08-11",
            "SELECT string_agg(sku, ' ' ORDER BY order_id) FROM order_item": "CUP-500-W STRAW",
            "SELECT count(*) FROM order_header WHERE province IS NULL AND city IS NULL": 1,
            "SELECT max(province || city) FROM order_header": "浙江省杭州市",
            "SELECT count(buyer_key) FROM order_header": 0,
        },
    ),
    Sample(
        layout="pdd_order",
        name="untimed",
        file="订单.xlsx",
        data=workbook({"Sheet1": [_OLD_ORDER, *_UNTIMED]}),
        rows={"order_header": 3, "order_item": 3},
        facts={
            "SELECT CAST(min(created_on) AS VARCHAR) FROM order_header": "2025-12-31",
            "SELECT CAST(max(created_on) AS VARCHAR) FROM order_header": "2026-01-01",
            "SELECT string_agg(paid_on, ' ') FROM order_header": "2025-12-31",
            "SELECT sum(paid_amount) FROM order_header": Decimal("29.00"),
            "SELECT refund_amount FROM order_header WHERE order_id LIKE '25%'": Decimal("0.00"),
            "SELECT count(*) FROM order_header WHERE refund_amount IS NULL": 2,
            "SELECT string_agg(status, ' ' ORDER BY order_id) FROM order_header": "shipped closed created",
        },
    ),
    Sample(
        layout="pdd_trade",
        file="交易数据.xlsx",
        data=workbook(
            {
                "Sheet1": [
                    TRADE,
                    _with_changes("12-29-25", "3,210.50", 60, 55, "5.50%", "58.37", "20%", 3100, "99.00", 2, "3.21"),
                    _with_changes("12-30-25", "2000", 40, 38, "4.00%", "52.63", "22%", 3120, "-", "-", "2.10"),
                ]
            }
        ),
        rows={"shop_period": 2},
        facts={
            "SELECT string_agg(period_start, ' ' ORDER BY period_start) FROM shop_period": "2025-12-29 2025-12-30",
            "SELECT sum(paid_amount) FROM shop_period": Decimal("5210.50"),
            "SELECT max(followers) FROM shop_period": 3120,
            "SELECT refund_amount FROM shop_period WHERE refund_orders = 2": Decimal("99.00"),
            "SELECT count(*) FROM shop_period WHERE refund_amount IS NULL AND visitors IS NULL": 1,
        },
    ),
    Sample(
        layout="pdd_goods",
        file="商品数据.xlsx",
        data=workbook(
            {"Sheet1": [GOODS, _with_changes("12-29-25", "1,000", 2500, 30, 12, "3210.50", 60, 55, "5.50%")]}
        ),
        rows={"shop_period": 1},
        facts={
            "SELECT product_visitors * 10000 + product_page_views FROM shop_period": 10002500,
            "SELECT favourite_buyers FROM shop_period": 30,
            "SELECT paid_amount FROM shop_period": Decimal("3210.50"),
            "SELECT grain || period_start FROM shop_period": "day2025-12-29",
        },
    ),
    Sample(
        layout="pdd_service",
        file="售后数据.xlsx",
        data=workbook(
            {
                "Sheet1": [
                    SERVICE,
                    [
                        "2026-08-11",
                        1,
                        "0.10%",
                        2,
                        "0.20%",
                        "0.30%",
                        "20小时30分",
                        15,
                        "1,020.00",
                        "3.5%",
                        "50小时",
                        "-",
                    ],
                ]
            }
        ),
        rows={"service_period": 1},
        facts={
            "SELECT refund_seconds FROM service_period": 73800.0,
            "SELECT return_close_seconds FROM service_period": 180000.0,
            "SELECT count(*) FROM service_period WHERE refund_close_seconds IS NULL": 1,
            "SELECT refund_rate FROM service_period": 0.035,
            "SELECT dispute_rate + intervention_rate * 10 FROM service_period": 0.021,
            "SELECT refund_amount FROM service_period WHERE refunded_orders = 15": Decimal("1020.00"),
        },
    ),
    Sample(
        layout="pdd_cs_sales",
        file="客服_销售数据.xlsx",
        data=old_workbook(
            {
                "销售数据": [
                    ["客服销售数据"],
                    ["统计周期：2026-08-11 至 2026-08-12"],
                    SALES,
                    ["2026-08-11", 120, 80, 40, "50.00%", "1,980.00", "300.00"],
                    ["2026-08-12", 100, 60, 24, "40.00%", "1000.50", "-"],
                ]
            }
        ),
        rows={"inquiry_period": 2},
        facts={
            "SELECT sum(consulters) FROM inquiry_period WHERE agent = '-'": 220,
            "SELECT sum(sales_amount) FROM inquiry_period": Decimal("2980.50"),
            "SELECT sum(inquirers * 1000 + buyers) FROM inquiry_period": 140064,
        },
    ),
    Sample(
        layout="pdd_cs_sales",
        name="explained",
        file="客服_销售数据_0811.xlsx",
        data=old_workbook(
            {
                "销售数据": [
                    SALES,
                    [None, "当日咨询客服的人数", "下单前咨询的人数"],
                    ["按天统计", "人", "人", "人", "%", "元", "元"],
                    ["2026-08-11", 120, 80, 40, "50.00%", "1980.00", "300.00"],
                ]
            }
        ),
        rows={"inquiry_period": 1},
        facts={"SELECT sales_amount FROM inquiry_period": Decimal("1980.00")},
    ),
    Sample(
        layout="pdd_settle",
        file="pdd-mall-bill-detail.csv",
        data=delimited(
            [
                ["#拼多多商家账务明细"],
                ["#起始日期：2026-08-01 终止日期：2026-08-12"],
                SETTLE,
                [
                    "260811-123456789012345\t",
                    "2026-08-12 09:00:00",
                    "54.80",
                    "0.00",
                    "交易收入",
                    "",
                    "0010002|交易收入-订单收入",
                ],
                [
                    "260811-123456789012345\t",
                    "2026-08-12 09:00:00",
                    "0.00",
                    "-0.33",
                    "技术服务费",
                    "",
                    "0030002|技术服务费-基础技术服务费",
                ],
                [
                    "260811-123456789012346",
                    "2026-08-12 10:00:00",
                    "",
                    "1,180.00",
                    "退款",
                    "张三 13800001111",
                    "0020002|退款-订单退款",
                ],
                ["", "2026-08-12 11:00:00", "0", "-500.00", "提现", "", "-"],
                ["", "2026-08-12 11:00:00", "0", "-20.00", "提现", "", "-"],
            ],
            encoding="gb18030",
        ),
        rows={"settlement": 4},
        facts={
            "SELECT sum(amount) FROM settlement WHERE kind <> 'transfer'": Decimal("-1125.53"),
            "SELECT amount FROM settlement WHERE kind = 'transfer'": Decimal("-520.00"),
            "SELECT statement_id FROM settlement WHERE kind = 'transfer'": "-",
            "SELECT string_agg(kind, ' ' ORDER BY kind) FROM settlement": "refund sales service_fee transfer",
            "SELECT fee_name FROM settlement WHERE kind = 'service_fee'": "技术服务费-基础技术服务费",
            "SELECT fee_name FROM settlement WHERE kind = 'transfer'": "提现",
            "SELECT CAST(booked_on AS VARCHAR) FROM settlement WHERE kind = 'sales'": "2026-08-12",
            "SELECT count(*) FROM settlement WHERE concat(line, note, fee_name) LIKE '%138%'": 0,
        },
    ),
]
