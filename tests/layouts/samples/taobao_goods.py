"""Refund cases, products on sale and inquiries by product of Qianniu."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tests.layouts.files import delimited, workbook
from tests.layouts.sample import Sample
from tests.layouts.taobao import PRODUCTS, REFUNDS, REFUNDS_CSV, columns, table

_CASES = [
    {
        "订单编号": "2930000000000010",
        "退款编号": "88000000000001",
        "商品id": "612345678901",
        "宝贝标题": "春秋连衣裙",
        "退款总额": "1,540.50",
        "买家实际支付金额": "1,540.50",
        "退款状态": "退款成功",
        "货物状态": "买家已退货",
        "售后类型": "退货退款",
        "订单付款时间": "2026-08-01 10:00:00",
        "退款完结时间": "2026-08-11 00:30:00",
        "退款申请时间": "2026-08-09 12:00:00",
        "买家退款原因": "尺码不合适",
    },
    {
        "订单编号": "2930000000000020",
        "退款编号": "88000000000002",
        "商品id": "612345678902",
        "宝贝标题": "外套",
        "退款总额": "100.00",
        "买家实际支付金额": "600.00",
        "退款状态": "买家已经申请退款，等待卖家同意",
        "货物状态": "买家未收到货",
        "售后类型": "仅退款",
        "订单付款时间": "2026/8/10 9:05",
        "退款完结时间": "-",
        "退款申请时间": "2026/8/11 9:05",
        "买家退款原因": "不想要了",
    },
]
_OLD_CASE = {
    "订单编号": '="2930000000000030"',
    "退款编号": '="88000000000003"',
    "支付宝交易号": "2026081022001400001234567890",
    "商品编码": "C-9",
    "买家会员名称": "小明1",
    "买家退款金额": "59.90",
    "买家实际支付金额": "59.90",
    "退款状态": "退款关闭",
    "货物状态": "未发货",
    "售后类型": "换货",
    "退款的申请时间": "2026-08-10 23:59:59",
    "退款完结时间": "2026-08-11 08:00:00",
    "卖家真实姓名": "李店主",
    "卖家手机": "'13900001234",
    "卖家退货地址": "浙江省 金华市 义乌市 商城大道1号",
    "买家退款说明": "王小明 尺码太小 13800001234",
    "责任方": "买家",
    "完结时间": "2026-08-11 08:00:00",
}

_TWO_SKUS = "612345678901"
_PRODUCT_ROWS = [
    ["商品发布模板", *[""] * 17],
    ["请勿修改表头", *[""] * 17],
    PRODUCTS,
    [
        _TWO_SKUS,
        "50000671",
        "连衣裙",
        "春秋连衣裙",
        "599.00",
        "新款",
        "A-1",
        "48小时",
        "72小时",
        "颜色分类:红色;尺码:M",
        "1627207:28326",
        "24小时",
        "5000000000001",
        "599.00",
        "12",
        "A-1-R-M",
        "",
        "",
    ],
    columns("|||||||||颜色分类:红色;尺码:L|1627207:28327|24小时|5000000000002|619.00|0|A-1-R-L||"),
    columns("612345678902|50008897|外套|外套|1,300.00||B-1|48小时||||||||||"),
]

SAMPLES: list[Sample] = [
    Sample(
        layout="qianniu_refunds",
        file="退款单_20260812101500.xlsx",
        data=workbook({"退款": table(REFUNDS, *_CASES)}),
        rows={"refund": 2},
        facts={
            "SELECT sum(amount) FROM refund WHERE status = 'succeeded'": Decimal("1540.50"),
            "SELECT string_agg(kind, ' ' ORDER BY refund_id) FROM refund": "return refund_only",
            "SELECT goods_status FROM refund WHERE refund_id = '88000000000001'": "returned",
            "SELECT goods_status FROM refund WHERE refund_id = '88000000000002'": None,
            "SELECT finished_at FROM refund WHERE refund_id = '88000000000002'": None,
            "SELECT finished_at FROM refund WHERE refund_id = '88000000000001'": datetime(2026, 8, 10, 16, 30),
            "SELECT finished_on FROM refund WHERE refund_id = '88000000000001'": date(2026, 8, 11),
            "SELECT order_paid_amount FROM refund WHERE refund_id = '88000000000002'": Decimal("600.00"),
            "SELECT status FROM refund WHERE refund_id = '88000000000002'": "applied",
            "SELECT product_id FROM refund WHERE refund_id = '88000000000002'": "612345678902",
        },
    ),
    Sample(
        layout="qianniu_refunds",
        name="csv",
        file="ExportRefundList202608121015.csv",
        data=delimited(table(REFUNDS_CSV, _OLD_CASE), encoding="gb18030"),
        rows={"refund": 1},
        facts={
            "SELECT refund_id || ' ' || order_id || ' ' || sku FROM refund": "88000000000003 2930000000000030 C-9",
            "SELECT kind || ' ' || status || ' ' || goods_status FROM refund": "exchange closed unshipped",
            "SELECT applied_on FROM refund": date(2026, 8, 10),
            "SELECT product_id FROM refund": None,
            "SELECT responsible FROM refund": "买家",
            "SELECT count(*) FROM refund AS r WHERE regexp_matches(r::VARCHAR, '小明|店主|义乌|13[89]0000|22001')": 0,
        },
    ),
    Sample(
        layout="qianniu_products",
        file="商品导出.xlsx",
        data=workbook({"发布模板": _PRODUCT_ROWS, "填写说明": [["字段", "说明"], ["商品标题", "不超过30个汉字"]]}),
        rows={"product": 4},
        facts={
            "SELECT string_agg(product_id, ' ' ORDER BY product_id) FROM product WHERE variant_id = '-'": (
                "612345678901 612345678902"
            ),
            "SELECT sku FROM product WHERE product_id = '612345678901' AND variant_id = '-'": "A-1",
            "SELECT string_agg(sku, ' ' ORDER BY variant_id) FROM product WHERE variant_id <> '-'": "A-1-R-M A-1-R-L",
            "SELECT DISTINCT product_id FROM product WHERE variant_id <> '-'": _TWO_SKUS,
            "SELECT sum(price) FROM product": Decimal(1218),
            "SELECT sum(list_price) FROM product": Decimal(1899),
            "SELECT stock_units FROM product WHERE product_id = '612345678901' AND variant_id = '-'": 12,
            "SELECT stock_units FROM product WHERE product_id = '612345678902'": None,
            "SELECT stock_units FROM product WHERE variant_id = '5000000000002'": 0,
            "SELECT category FROM product WHERE product_id = '612345678902'": "外套",
            "SELECT variant FROM product WHERE variant_id = '5000000000002'": "颜色分类:红色;尺码:L",
        },
    ),
    Sample(
        layout="qianniu_consultations",
        file="商品咨询 2026-08-11.csv",
        data=delimited(
            [
                ["商品id", "商品名称", "总咨询人数", "移动端咨询人数", "PC端咨询人数", "商品链接", "类目", "商品图片"],
                ["ID：612345678901", "春秋连衣裙", "1,024", "1,000", "24", "", "", ""],
                ["ID：612345678902", "外套", "0", "0", "0", "", "", ""],
                ["ID：612345678903", "帆布包", "-", "-", "-", "", "", ""],
            ]
        ),
        rows={"product_period": 3},
        facts={
            "SELECT string_agg(product_id, ' ' ORDER BY product_id) FROM product_period": (
                "612345678901 612345678902 612345678903"
            ),
            "SELECT sum(consulters) FROM product_period": 1024,
            "SELECT consulters FROM product_period WHERE product_id = '612345678902'": 0,
            "SELECT consulters FROM product_period WHERE product_id = '612345678903'": None,
            "SELECT DISTINCT period_start FROM product_period": date(2026, 8, 11),
            "SELECT DISTINCT grain FROM product_period": "day",
            "SELECT count(visitors) FROM product_period": 0,
        },
    ),
]
