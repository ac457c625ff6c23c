"""Samples of 京东: orders, settlement, and what 商智 tells of shop, products, people and market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tests.layouts.files import delimited, workbook
from tests.layouts.sample import Sample


def _columns(names: str) -> list[str]:
    """Return the names of a header, which are written with bars between."""
    return names.split("|")


def _filled(header: Sequence[str], *rows: Mapping[str, object], empty: object = "") -> list[list[object]]:
    """Return rows in the order of the header; what a row does not name is empty."""
    assert all(set(row) <= set(header) for row in rows)
    return [[row.get(name, empty) for name in header] for row in rows]


ORDER = _columns(
    "订单号|商品ID|商品名称|订购数量|支付方式|下单时间|京东价|订单金额|结算金额|余额支付|应付金额|"
    "订单状态|订单类型|下单帐号|客户姓名|客户地址|联系电话|订单备注|发票类型|发票抬头|发票内容|商家备注|"
    "商家备注等级（等级1-5为由高到低）|运费金额|付款确认时间|增值税发票|货号|订单完成时间|订单来源|"
    "订单渠道"
)
SKU = _columns(
    "时间|SKU|SKU名称|一级类目|二级类目|三级类目|货号|成交金额|成交商品件数|成交单量|成交客户数|"
    "成交转化率|客单价|件单价|UV价值|商品浏览量|商品访客数|商品人均浏览量|加购商品件数|加购客户数|"
    "加购商品件数（正向）|加购商品件数（负向）|加购转化率|加购金额|取消订单金额|取消订单商品件数|"
    "取消订单单量|搜索曝光次数|搜索点击次数|搜索点击率|商详平均停留时长|下单金额|下单商品件数|下单单量|"
    "下单客户数|下单转化率|下单成交转化率|取消及售后退款金额|取消及售后退款商品件数|取消及售后退款单量"
)
SHOP_OLD = _columns(
    "时间|成交金额|成交商品件数|成交客户数|成交单量|店铺成交转化率|客单价|店铺浏览量|店铺访客数|平均停留时长"
)
SHOP_NEW = _columns(
    "日期|浏览量|浏览量环比|访客数|访客数环比|人均浏览量|平均停留时间|跳失率|成交客户数|成交单量|成交金额|客单价"
)
CUSTOMER = _columns(
    "日期|进店客户数|进店同比|加购客户数|加购同比|下单客户数|下单同比|成交客户数|成交同比|出库客户数|"
    "出库同比|复购客户数|复购同比"
)
SETTLE = _columns(
    "订单编号|父单号|订单状态|订单下单时间|订单完成时间|售后服务单号|售后退款时间|商品编号|商品名称|"
    "商品数量|扣点类型|佣金比例|费用名称|应结金额|币种|收支方向|结算状态|预计结算时间|账单生成时间|"
    "到账时间|商户订单号|资金动账备注"
)
HOT = _columns(
    "关键词|搜索人数|搜索次数|点击人数|点击次数|点击率|成交金额|成交单量|成交转化率|在线商品数|快车参考价|最优品类"
)


_TWO_LINES = {
    "订单号": "11729384072",
    "支付方式": "在线支付",
    "下单时间": "2026-08-11 23:59:56",
    "订单金额": "1,097.00",
    "结算金额": "932.45",
    "余额支付": "100.00",
    "应付金额": "832.45",
    "订单状态": "等待确认收货",
    "下单帐号": "jd_buyer_77",
    "客户姓名": "王小明",
    "客户地址": "江西南昌市青山湖区昌东工业区1栋",
    "联系电话": "1******6198",
    "商家备注": "电话 13800001111 催发货",
    "运费金额": "6.00",
    "付款确认时间": "2026-08-12 00:01:10",
}
_ORDERS = _filled(
    ORDER,
    _TWO_LINES | {"商品ID": "1953814331", "商品名称": "珍珠耳钉", "订购数量": "1", "京东价": "758.00", "货号": "NS-01"},
    _TWO_LINES | {"商品ID": "1953814399", "商品名称": "银链", "订购数量": "2", "京东价": "169.50", "货号": "NS-02"},
    {
        "订单号": "11729384999",
        "商品ID": "1953814331",
        "商品名称": "珍珠耳钉",
        "订购数量": "1",
        "下单时间": "2026-08-12 09:00:00",
        "京东价": "758.00",
        "订单金额": "758.00",
        "结算金额": "758.00",
        "余额支付": "0.00",
        "应付金额": "758.00",
        "订单状态": "(删除)等待出库",
        "下单帐号": "jd_buyer_78",
        "商家备注": "订单拆分为  11729439936    11749907506",
        "付款确认时间": "2026-08-12 09:00:30",
    },
    {
        "订单号": "11729385000",
        "商品ID": "1953814399",
        "商品名称": "银链",
        "订购数量": "1",
        "支付方式": "货到付款",
        "下单时间": "2026-08-12 10:00:00",
        "京东价": "88.00",
        "订单金额": "88.00",
        "结算金额": "88.00",
        "余额支付": "0.00",
        "应付金额": "88.00",
        "订单状态": "(锁定)等待出库",
        "下单帐号": "jd_buyer_77",
    },
)

_SKUS = _filled(
    SKU,
    {"时间": "2026-08-11", "SKU": "合计", "成交金额": "1,300.50", "成交商品件数": "7", "商品访客数": "150"},
    {
        "时间": "2026-08-11",
        "SKU": "100012345678",
        "SKU名称": "保温杯 500ml",
        "一级类目": "家居",
        "二级类目": "杯具",
        "三级类目": "保温杯",
        "货号": "CUP-500",
        "成交金额": "1,200.50",
        "成交商品件数": "6",
        "成交单量": "5",
        "成交客户数": "4",
        "成交转化率": "4.00%",
        "商品浏览量": "320",
        "商品访客数": "100",
        "加购商品件数": "21",
        "加购客户数": "18",
        "搜索曝光次数": "5,000",
        "商详平均停留时长": "35.5",
        "下单金额": "1,400.50",
        "取消及售后退款金额": "200.00",
        "取消及售后退款商品件数": "1",
        "取消及售后退款单量": "1",
    },
    {
        "时间": "2026-08-11",
        "SKU": "100012345679",
        "SKU名称": "保温杯 350ml",
        "成交金额": "100.00",
        "成交商品件数": "1",
        "商品访客数": "80",
        "下单金额": "-",
    },
)
_WEEK = _filled(
    SKU,
    {"时间": "2026-08-03~2026-08-09", "SKU": "100012345678", "成交金额": "8000.00", "商品访客数": "600"},
    {"时间": "2026-08-03~2026-08-08", "SKU": "100012345679", "成交金额": "10.00", "商品访客数": "6"},
)

_NOTICE = "说明：本表按结算单元列出订单的各项费用，应结金额为正数，请结合收支方向查看"
_BOOKING = {
    "订单编号": "302000111222",
    "父单号": "302000111000",
    "订单状态": "完成",
    "订单下单时间": "2026-07-30 20:00:00",
    "商品编号": "100012345678",
    "商品名称": "保温杯",
    "商品数量": 1,
    "币种": "CNY",
    "结算状态": "已结算",
    "账单生成时间": "2026-08-08 02:00:00",
    "到账时间": "2026-08-10 03:30:00",
    "商户订单号": "M900001",
}
_BOOKINGS = _filled(
    SETTLE,
    _BOOKING | {"费用名称": "货款", "应结金额": "199.00", "收支方向": "收入"},
    _BOOKING | {"费用名称": "佣金", "应结金额": "15.92", "收支方向": "支出", "佣金比例": "8%"},
    _BOOKING | {"费用名称": "货款", "应结金额": "99.50", "收支方向": "支出", "售后服务单号": "2200334455"},
    _BOOKING
    | {
        "订单编号": "302000111333",
        "费用名称": "运费保险服务费",
        "应结金额": "0.60",
        "收支方向": "支出",
        "结算状态": "待结算",
        "到账时间": None,
        "账单生成时间": None,
    },
    empty=None,
)

_TERMS = [
    ["保温杯", "12,345", "20000", "8000", "9500", "47.5%", "1.2万", "300", "3.75%", "45000", "2.35", "保温杯"],
    ["随手杯", "-", "500", "200", "210", "42%", "900.00", "10", "5%", "800", "1.10", "塑料杯"],
]
_RISING = [[row[0], growth, *row[1:]] for row, growth in zip(_TERMS, ("35.20%", "-8.00%"), strict=True)]

SAMPLES: list[Sample] = [
    Sample(
        layout="jd_order",
        file="订单导出_20260812.csv",
        # Each row ends with a comma too many.
        data=delimited([ORDER, *([*row, ""] for row in _ORDERS)], encoding="gb18030"),
        rows={"order_header": 3, "order_item": 4, "order_line": 4},
        facts={
            "SELECT paid_amount FROM order_header WHERE order_id = '11729384072'": Decimal("932.45"),
            "SELECT goods_amount FROM order_header WHERE order_id = '11729384072'": Decimal("1097.00"),
            "SELECT quantity FROM order_header WHERE order_id = '11729384072'": 3,
            "SELECT sum(paid_amount) FROM order_line WHERE order_id = '11729384072'": Decimal("932.45"),
            "SELECT sum(paid_amount) FROM order_header": Decimal("1020.45"),
            "SELECT CAST(created_on AS VARCHAR) FROM order_header WHERE order_id = '11729384072'": "2026-08-11",
            "SELECT CAST(paid_on AS VARCHAR) FROM order_header WHERE order_id = '11729384072'": "2026-08-12",
            "SELECT CAST(paid_at AS VARCHAR) FROM order_header WHERE order_id = '11729384072'": "2026-08-11 16:01:10",
            "SELECT string_agg(status, ' ' ORDER BY order_id) FROM order_header": "shipped closed paid",
            "SELECT count(*) FROM order_header WHERE order_id = '11729384999' AND paid_amount IS NULL": 1,
            "SELECT count(*) FROM order_header WHERE order_id = '11729385000' AND paid_at IS NULL": 1,
            "SELECT province || city FROM order_header WHERE order_id = '11729384072'": "江西省南昌市",
            "SELECT count(DISTINCT buyer_key) FROM order_header": 2,
            "SELECT count(*) FROM order_header WHERE buyer_key LIKE '%jd_buyer%'": 0,
        },
    ),
    Sample(
        layout="jd_sz_sku",
        file="商品明细_SKU_20260811.xlsx",
        data=workbook({"Sheet1": [SKU, *_SKUS]}),
        rows={"product_period": 2},
        facts={
            "SELECT sum(paid_amount) FROM product_period": Decimal("1300.50"),
            "SELECT min(grain) || max(grain) || min(period_start) FROM product_period": "dayday2026-08-11",
            "SELECT category FROM product_period WHERE product_id = '100012345678'": "家居 > 杯具 > 保温杯",
            "SELECT refund_amount FROM product_period WHERE product_id = '100012345678'": Decimal("200.00"),
            "SELECT dwell_seconds FROM product_period WHERE product_id = '100012345678'": 35.5,
            "SELECT count(*) FROM product_period WHERE impressions IS NOT NULL": 0,
            "SELECT count(*) FROM product_period WHERE product_id = '100012345679' AND order_amount IS NULL": 1,
        },
    ),
    Sample(
        layout="jd_sz_sku",
        name="range",
        file="商品明细_SKU_2026-08-03_2026-08-09.xlsx",
        data=workbook({"Sheet1": [SKU, *_WEEK]}),
        rows={"product_period": 1},
        facts={"SELECT grain || period_start FROM product_period": "week2026-08-03"},
        rejected=1,
        problems=frozenset({"period_not_calendar"}),
    ),
    Sample(
        layout="jd_sz_shop_old",
        file="交易概况_20260812.xlsx",
        data=workbook(
            {
                "Sheet1": [
                    SHOP_OLD,
                    ["2026-08-11", "12,300.40", 66, 50, 55, "5.00%", 246.01, "3,000", 1000, "62.5"],
                    ["2026-08-12", "8000", 40, 32, 35, "4.00%", 250, 2400, 800, "-"],
                ]
            }
        ),
        rows={"shop_period": 2},
        facts={
            "SELECT sum(paid_amount) FROM shop_period WHERE platform = 'jd'": Decimal("20300.40"),
            "SELECT sum(page_views) FROM shop_period WHERE terminal = 'all'": 5400,
            "SELECT dwell_seconds FROM shop_period WHERE period_start = '2026-08-11'": 62.5,
            "SELECT count(*) FROM shop_period WHERE dwell_seconds IS NULL OR bounce_rate IS NOT NULL": 1,
        },
    ),
    Sample(
        layout="jd_sz_shop_new",
        file="核心数据_20260812.xlsx",
        data=workbook(
            {
                "Sheet1": [
                    SHOP_NEW,
                    ["2026-08-11", 3000, "12.5%", 1000, "-3.1%", 3, "1分2秒", "55.00%", 50, 55, "12300.40", 246.01],
                    ["2026-08-12", 2400, "-20%", 800, "-20%", 3, "-", "60.00%", 32, 35, "8000.00", 250],
                ]
            }
        ),
        rows={"shop_period": 2},
        facts={
            "SELECT sum(visitors) FROM shop_period": 1800,
            "SELECT sum(paid_orders) FROM shop_period": 90,
            "SELECT dwell_seconds + bounce_rate FROM shop_period WHERE period_start = '2026-08-11'": 62.55,
        },
    ),
    Sample(
        layout="jd_customer",
        file="客户洞察_20260811.xlsx",
        data=workbook(
            {
                "Sheet1": [
                    CUSTOMER,
                    ["2026-08-11", 900, "1%", 80, "2%", 60, "3%", 50, "4%", 48, "5%", 12, "-6%"],
                ]
            }
        ),
        rows={"shop_period": 1},
        facts={
            "SELECT repeat_buyers FROM shop_period": 12,
            "SELECT cart_buyers * 10000 + order_buyers * 100 + buyers FROM shop_period": 806050,
            "SELECT count(*) FROM shop_period WHERE visitors IS NOT NULL OR page_views IS NOT NULL": 0,
        },
    ),
    Sample(
        layout="jd_settle",
        file="结算明细_202608.xlsx",
        data=workbook({"结算明细": [[_NOTICE], SETTLE, *_BOOKINGS]}),
        rows={"settlement": 4},
        facts={
            "SELECT sum(amount) FROM settlement": Decimal("82.98"),
            "SELECT amount FROM settlement WHERE kind = 'refund'": Decimal("-99.50"),
            "SELECT amount FROM settlement WHERE kind = 'commission'": Decimal("-15.92"),
            "SELECT string_agg(kind, ' ' ORDER BY kind) FROM settlement": "commission insurance refund sales",
            "SELECT status FROM settlement WHERE booked_at IS NULL": "pending",
            "SELECT CAST(booked_at AS VARCHAR) FROM settlement WHERE kind = 'sales'": "2026-08-09 19:30:00",
            "SELECT count(DISTINCT statement_id) FROM settlement WHERE statement_id = order_id": 2,
        },
    ),
    Sample(
        layout="jd_hot",
        file="行业热搜榜_20260811.xlsx",
        data=workbook({"Sheet1": [HOT, *_TERMS]}),
        rows={"search_term_period": 2},
        facts={
            "SELECT min(scope) || min(grain) || min(period_start) FROM search_term_period": "marketday2026-08-11",
            "SELECT searchers FROM search_term_period WHERE term = '保温杯'": 12345,
            "SELECT paid_amount FROM search_term_period WHERE term = '保温杯'": Decimal("12000.00"),
            "SELECT reference_bid FROM search_term_period WHERE term = '保温杯'": Decimal("2.3500"),
            "SELECT count(*) FROM search_term_period WHERE searchers IS NULL AND growth_rate IS NULL": 1,
        },
    ),
    Sample(
        layout="jd_hot",
        name="rising",
        file="行业飙升榜_2026-08-03_2026-08-09.xlsx",
        data=workbook({"Sheet1": [["关键词", "搜索增长幅度", *HOT[1:]], *_RISING]}),
        rows={"search_term_period": 2},
        facts={
            "SELECT min(grain) || min(period_start) FROM search_term_period": "week2026-08-03",
            "SELECT growth_rate FROM search_term_period WHERE term = '保温杯'": 0.352,
            "SELECT growth_rate FROM search_term_period WHERE term = '随手杯'": -0.08,
        },
    ),
]
