"""Samples of 抖店: orders, after-sale cases, and both statements of money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tests.layouts.files import delimited, workbook
from tests.layouts.sample import Sample


def _columns(names: str) -> list[str]:
    """Return the names of a header, which are written with bars between."""
    return names.split("|")


def _filled(header: Sequence[str], *rows: Mapping[str, object], empty: object = "-") -> list[list[object]]:
    """Return rows in the order of the header; what a row does not name is empty."""
    assert all(set(row) <= set(header) for row in rows)
    return [[row.get(name, empty) for name in header] for row in rows]


ORDER = _columns(
    "主订单编号|子订单编号|选购商品|商品规格|商品数量|商品ID|商家编码|商品单价|订单应付金额|运费|"
    "优惠总金额|平台优惠|商家优惠|达人优惠|商家改价|支付优惠|红包抵扣|支付方式|手续费|收件人|"
    "收件人手机号|省|市|区|街道|详细地址|是否修改过地址|地址修改时段|买家留言|订单提交时间|旗帜颜色|"
    "商家备注|订单完成时间|支付完成时间|APP渠道|流量来源|订单状态|承诺发货时间|订单类型|鲁班落地页ID|"
    "达人ID|达人昵称|所属门店ID|售后状态|取消原因|预约发货时间|仓库ID|仓库名称|序列号|是否安心购|"
    "广告渠道|流量类型|流量体裁|流量渠道|发货主体|发货主体明细|发货时间|降价类优惠|平台实际承担优惠金额|"
    "商家实际承担优惠金额|达人实际承担优惠金额|预计送达时间|是否平台仓自流转|车型|商品69码|发货SN码|"
    "发货IMEI码1|发货IMEI码2|预约送达时间|建议发货时间（起）|建议发货时间（止）|物流SN码|物流IMEI码1|"
    "物流IMEI码2"
)
ORDER_ALT = _columns(
    "主订单编号|子订单编号|支付方式|选购商品|货号|商品ID|商家编码|商品数量|商品金额|订单提交时间|"
    "支付完成时间|订单完成时间|承诺发货时间|预约发货时间|买家留言|旗帜颜色|商家备注|APP渠道|订单状态|"
    "取消原因|售后状态|订单类型|发货时间|车型|是否是以旧换新|换新额外补贴|换新额外补贴发放状态|"
    "订单应付金额|运费|优惠总金额|平台优惠|商家优惠|达人优惠|商家改价|支付优惠|手续费|红包抵扣|"
    "降价类优惠|平台实际承担优惠金额|商家实际承担优惠金额|达人实际承担优惠金额|收件人|收件人手机号|省|市|"
    "区|街道|详细地址|是否修改过地址|快递信息|序列号|达人ID|达人昵称|拼团订单团编号|商品单价是否含税|"
    "税费|鲁班落地页ID|所属门店ID|流量来源|仓库ID|仓库名称|是否安心购|广告渠道|流量类型|流量体裁|"
    "流量渠道|发货主体|发货主体明细|教育优惠|预计送达时间|是否平台仓自流转|是否是渠道商品|预约送达时间|"
    "建议发货时间（起）|建议发货时间（止）"
)
AFTERSALE = _columns(
    "售后单号|订单号|商品单号|商品名称|商品ID|应付金额（元）|商品运费（元）|支付优惠（元）|"
    "商品税费（元）|商品发货状态|售后类型|退商品金额（元）|退运费金额（元）|退支付优惠（元）|"
    "退税费金额（元）|售后状态|售后申请时间|退款方式|是否已上传退款凭证|售后原因|售后原因标签|"
    "退货物流单号|退货异常|退货发货时间|退货物流公司|自动处理截止时间|同意售后申请时间|商家退款时间|"
    "用户到账时间|售后关闭时间|商家退货地址|商家退货联系人姓名|商家退货联系人电话|仲裁状态|纠纷责任方|"
    "是否极速退款|是否拒签后退款|发货物流单号|发货物流状态|换货物流单号|退货物流状态|售后完结时间|"
    "订单备注|用户售后说明|售后备注|操作人|协商记录|换货商品信息|商家编码|门店名称"
)
SETTLE = _columns(
    "结算时间|订单号|子订单号|结算金额|结算账户|结算单类型|有结算前退款|下单时间|商品ID|商品数量|"
    "业务类型|订单类型|订单总价|商品总价|运费|店铺劵|结算前退款金额|平台补贴|达人补贴|抖音支付补贴|"
    "抖音月付营销补贴|用户实付|收入合计|平台服务费|佣金|渠道分成|招商服务费|站外推广费|其他分成|"
    "其他分成说明|支出合计|是否免佣|免佣金额|备注"
)
FUND = _columns(
    "动账时间|动帐流水号|动账方向|动账金额|动账账户|动账场景|计费类型|子订单号|订单号|售后编号|下单时间|"
    "商品ID|订单类型|订单实付应结|运费实付|实际平台补贴_运费|实际平台补贴|实际达人补贴|实际抖音支付补贴|"
    "实际抖音月付营销补贴|订单退款|平台服务费|佣金|渠道分成|招商服务费|站外推广费|其他分成|是否免佣|"
    "免佣金额|备注"
)

_BUYER = {
    "主订单编号": "\t6917000000000000001",
    "运费": "0.00",
    "收件人": "##王密文",
    "收件人手机号": "$$138密文",
    "省": "浙江省",
    "市": "杭州市",
    "区": "西湖区",
    "详细地址": "##密文",
    "买家留言": "请打 13800001111",
    "订单提交时间": "2026-08-11 23:58:00",
    "支付完成时间": "2026-08-12 00:00:05",
    "流量来源": "直播",
    "达人ID": "\t778899",
    "达人昵称": "某某达人",
}
_ORDERS = _filled(
    ORDER,
    _BUYER
    | {
        "子订单编号": "\t6917000000000000001",
        "选购商品": "保温杯",
        "商品规格": "白色 500ml",
        "商品数量": "2",
        "商品ID": "\t3600000000000000001",
        "商家编码": "CUP-500",
        "商品单价": "60.00",
        "订单应付金额": "105.00",
        "平台优惠": "10.00",
        "商家优惠": "5.00",
        "平台实际承担优惠金额": "9.00",
        "商家实际承担优惠金额": "6.00",
        "订单状态": "已完成",
        "订单完成时间": "2026-08-20 10:00:00",
        "发货时间": "2026-08-12 15:00:00",
    },
    _BUYER
    | {
        "子订单编号": "\t6917000000000000002",
        "选购商品": "杯刷",
        "商品数量": "1",
        "商品ID": "\t3600000000000000002",
        "商品单价": "9.90",
        "订单应付金额": "9.90",
        "平台优惠": "1.00",
        "商家优惠": "0.00",
        "订单状态": "已发货",
        "发货时间": "2026-08-12 15:00:00",
    },
    {
        "主订单编号": "\t6917000000000000009",
        "子订单编号": "\t6917000000000000009;6917000000000000010",
        "选购商品": "保温杯;杯刷",
        "商品数量": "2",
        "商品ID": "\t3600000000000000001;3600000000000000002",
        "订单应付金额": "69.90",
        "订单提交时间": "2026-08-12 09:00:00",
        "支付完成时间": "2026-08-12 09:00:30",
        "订单状态": "待发货",
        "达人ID": "0",
        "省": "##密文",
    },
    {
        "主订单编号": "\t6917000000000000011",
        "子订单编号": "\t6917000000000000011",
        "选购商品": "保温杯",
        "商品数量": "1",
        "商品ID": "\t3600000000000000001",
        "订单应付金额": "59.90",
        "订单提交时间": "2026-08-12 09:05:00",
        "订单状态": "已关闭",
        "取消原因": "用户未支付",
    },
)
_CHOSEN = _filled(
    ORDER_ALT,
    {
        "主订单编号": "6917000000000000021",
        "子订单编号": "6917000000000000022",
        "选购商品": "保温杯",
        "货号": "CUP",
        "商品ID": "3600000000000000001",
        "商品数量": 3,
        "商品金额": "180.00",
        "订单提交时间": "2026/08/12 09:05:00",
        "支付完成时间": "2026/08/12 09:06:00",
        "订单状态": "待发货",
        "订单应付金额": "1,170.00",
        "平台优惠": "5.00",
        "快递信息": "顺丰 SF1 王小明 13800001111",
        "收件人": "##密文",
        "省": "上海市",
        "市": "上海市",
    },
)
_CASE = {
    "订单号": "6917000000000000001",
    "商品名称": "保温杯",
    "商品ID": "3600000000000000001",
    "应付金额（元）": "105.00",
    "商品发货状态": "已发货",
    "退税费金额（元）": "0.00",
    "售后申请时间": "2026-08-15 10:00:00",
    "售后原因": "质量问题",
    "商家退货地址": "浙江省杭州市某路1号",
    "商家退货联系人姓名": "李四",
    "商家退货联系人电话": "13800001111",
    "协商记录": "买家：电话 13900002222",
}
_CASES = _filled(
    AFTERSALE,
    _CASE
    | {
        "售后单号": "'7100000000000000001",
        "商品单号": "'6917000000000000001",
        "售后类型": "退货退款",
        "退商品金额（元）": "100.00",
        "退运费金额（元）": "5.00",
        "退支付优惠（元）": "3.00",
        "售后状态": "退款成功",
        "同意售后申请时间": "2026-08-15 11:00:00",
        "售后完结时间": "2026-08-18 23:30:00",
        "纠纷责任方": "商家",
    },
    _CASE
    | {
        "售后单号": "'7100000000000000002",
        "商品单号": "'6917000000000000002",
        "商品发货状态": "未发货",
        "售后类型": "未发货仅退款",
        "退商品金额（元）": "9.90",
        "售后状态": "售后关闭",
        "售后关闭时间": "2026-08-16 00:10:00",
    },
)

_SETTLED = {
    "结算时间": "2026-08-25 03:00:00",
    "订单号": "'6917000000000000001",
    "子订单号": "'6917000000000000001",
    "结算账户": "聚合账户",
    "结算单类型": "已结算",
    "下单时间": "2026-08-11 23:58:00",
    "商品ID": "'3600000000000000001",
}
_SETTLEMENTS = _filled(
    SETTLE,
    {"结算金额": "收入+支出", "收入合计": "用户实付+各项补贴-结算前退款", "支出合计": "各项费用之和", "订单号": ""},
    _SETTLED
    | {
        "结算金额": "88.00",
        "用户实付": "100.00",
        "平台补贴": "5.00",
        "结算前退款金额": "3.00",
        "收入合计": "102.00",
        "平台服务费": "-4.00",
        "佣金": "-10.00",
        "支出合计": "-14.00",
    },
    # Refunded after the settlement: the same suborder again, with the signs turned.
    _SETTLED
    | {
        "结算时间": "2026-08-27 03:00:00",
        "结算单类型": "结算后退款",
        "结算金额": "-45.00",
        "用户实付": "-50.00",
        "收入合计": "-50.00",
        "平台服务费": "2.00",
        "佣金": "3.00",
        "支出合计": "5.00",
    },
    empty="",
)

_MOVED = {
    "动账时间": "2026-08-25 03:00:00",
    "动账账户": "聚合账户",
    "动账场景": "货款结算入账",
    "订单号": "'6917000000000000001",
    "子订单号": "'6917000000000000001",
    "下单时间": "2026-08-11 23:58:00",
}
_MOVEMENTS = _filled(
    FUND,
    _MOVED
    | {
        "动帐流水号": "'202608250000001",
        "动账方向": "入账",
        "动账金额": "88.00",
        "订单实付应结": "100.00",
        "实际平台补贴": "5.00",
        "订单退款": "-3.00",
        "平台服务费": "-4.00",
        "佣金": "-10.00",
    },
    {
        "动账时间": "2026-08-26 12:00:00",
        "动帐流水号": "'202608260000002",
        "动账方向": "出账",
        "动账金额": "1,000.00",
        "动账场景": "提现",
        "备注": "提现到 6222000011112222",
    },
)
_FUND_NEW = ["动账流水号" if name == "动帐流水号" else name for name in FUND]

SAMPLES: list[Sample] = [
    Sample(
        layout="douyin_order",
        file="1754900000_export.csv",
        data=delimited([ORDER, *_ORDERS]),
        rows={"order_header": 3, "order_item": 4, "order_line": 4},
        facts={
            "SELECT paid_amount FROM order_header WHERE order_id = '6917000000000000001'": Decimal("114.90"),
            "SELECT discount_seller FROM order_header WHERE order_id = '6917000000000000001'": Decimal("6.00"),
            "SELECT discount_platform FROM order_header WHERE order_id = '6917000000000000001'": Decimal("10.00"),
            "SELECT quantity FROM order_header WHERE order_id = '6917000000000000001'": 3,
            "SELECT string_agg(status, ' ' ORDER BY order_id) FROM order_header": "shipped paid closed",
            "SELECT province || city FROM order_header WHERE order_id = '6917000000000000001'": "浙江省杭州市",
            "SELECT string_agg(affiliate_id, ' ') FROM order_header": "778899",
            "SELECT count(*) FROM order_header WHERE traffic_source = '直播'": 1,
            "SELECT CAST(created_on AS VARCHAR) FROM order_header WHERE order_id LIKE '%001'": "2026-08-11",
            "SELECT CAST(paid_on AS VARCHAR) FROM order_header WHERE order_id LIKE '%001'": "2026-08-12",
            "SELECT amount FROM order_item WHERE line_id = '6917000000000000001'": Decimal("120.00"),
            "SELECT sum(paid_amount) FROM order_line": Decimal("184.80"),
            # A combined row: its money is one line's, of no single product.
            "SELECT line_id FROM order_item WHERE product_id IS NULL": "6917000000000000009;6917000000000000010",
            "SELECT paid_amount FROM order_header WHERE order_id LIKE '%011'": Decimal("0.00"),
            "SELECT closed_reason FROM order_header WHERE order_id LIKE '%011'": "用户未支付",
            "SELECT count(*) FROM order_header WHERE province LIKE '%密文%' OR buyer_key IS NOT NULL": 0,
        },
    ),
    Sample(
        layout="douyin_order_alt",
        file="订单明细.xlsx",
        data=workbook({"Sheet1": [ORDER_ALT, *_CHOSEN]}),
        rows={"order_header": 1, "order_item": 1, "order_line": 1},
        facts={
            "SELECT paid_amount FROM order_line": Decimal("1170.00"),
            "SELECT quantity FROM order_line": 3,
            "SELECT sku FROM order_item": "CUP",
            "SELECT count(*) FROM order_item WHERE unit_price IS NULL AND amount IS NULL": 1,
            "SELECT CAST(paid_at AS VARCHAR) FROM order_header": "2026-08-12 01:06:00",
            "SELECT discount_platform FROM order_header WHERE discount_seller IS NULL": Decimal("5.00"),
        },
    ),
    Sample(
        layout="douyin_aftersale",
        file="售后单_20260820.csv",
        data=delimited([AFTERSALE, *_CASES]),
        rows={"refund": 2},
        facts={
            "SELECT amount FROM refund WHERE refund_id = '7100000000000000001'": Decimal("105.00"),
            "SELECT freight FROM refund WHERE refund_id = '7100000000000000001'": Decimal("5.00"),
            "SELECT string_agg(kind, ' ' ORDER BY refund_id) FROM refund": "return refund_only",
            "SELECT string_agg(status, ' ' ORDER BY refund_id) FROM refund": "succeeded closed",
            "SELECT string_agg(goods_status, ' ' ORDER BY refund_id) FROM refund": "shipped unshipped",
            "SELECT CAST(finished_at AS VARCHAR) FROM refund WHERE status = 'succeeded'": "2026-08-18 15:30:00",
            "SELECT CAST(finished_on AS VARCHAR) FROM refund WHERE status = 'closed'": "2026-08-16",
            "SELECT max(line_id) || max(responsible) FROM refund": "6917000000000000002商家",
            "SELECT sum(order_paid_amount) FROM refund": Decimal("210.00"),
        },
    ),
    Sample(
        layout="douyin_settle",
        file="结算账单.csv",
        data=delimited([SETTLE, *_SETTLEMENTS]),
        rows={"settlement": 8},
        facts={
            "SELECT sum(amount) FROM settlement": Decimal("43.00"),
            "SELECT count(DISTINCT statement_id) FROM settlement": 2,
            "SELECT sum(amount) FROM settlement WHERE CAST(booked_on AS VARCHAR) = '2026-08-25'": Decimal("88.00"),
            "SELECT amount FROM settlement WHERE kind = 'sales'": Decimal("100.00"),
            "SELECT sum(amount) FROM settlement WHERE kind = 'refund'": Decimal("-53.00"),
            "SELECT sum(amount) FROM settlement WHERE kind = 'service_fee'": Decimal("-2.00"),
            "SELECT sum(amount) FROM settlement WHERE line = '佣金'": Decimal("-7.00"),
            "SELECT max(kind) FROM settlement WHERE line = '佣金'": "affiliate_fee",
            "SELECT min(statement_id) FROM settlement": "6917000000000000001|20260825030000|已结算",
            "SELECT min(order_id) FROM settlement": "6917000000000000001",
        },
    ),
    Sample(
        layout="douyin_fund",
        file="动账明细.csv",
        data=delimited([FUND, *_MOVEMENTS]),
        rows={"settlement": 6},
        facts={
            "SELECT sum(amount) FROM settlement WHERE statement_id = '202608250000001'": Decimal("88.00"),
            "SELECT amount FROM settlement WHERE kind = 'transfer'": Decimal("-1000.00"),
            "SELECT amount FROM settlement WHERE kind = 'refund'": Decimal("-3.00"),
            "SELECT amount FROM settlement WHERE kind = 'platform_subsidy'": Decimal("5.00"),
            "SELECT count(*) FROM settlement WHERE note LIKE '%6222%' OR line LIKE '%6222%'": 0,
            "SELECT CAST(booked_at AS VARCHAR) FROM settlement WHERE kind = 'sales'": "2026-08-24 19:00:00",
        },
    ),
    Sample(
        layout="douyin_fund",
        name="corrected",
        file="动账明细_新.csv",
        data=delimited([_FUND_NEW, *_MOVEMENTS], encoding="gb18030"),
        rows={"settlement": 6},
        facts={"SELECT sum(amount) FROM settlement": Decimal("-912.00")},
    ),
]
