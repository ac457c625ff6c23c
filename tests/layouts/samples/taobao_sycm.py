"""Business Advisor (Sycm): the shop's day, products, own search terms, sources, categories."""

from __future__ import annotations

from decimal import Decimal

from tests.layouts.files import old_workbook, workbook
from tests.layouts.sample import Sample
from tests.layouts.taobao import (
    SYCM_ITEM,
    SYCM_OVERVIEW,
    SYCM_PROMOTION,
    SYCM_SHOP_DAY,
    SYCM_TERMS,
    SYCM_TRADE,
    columns,
    table,
)

_DAY = "2026-08-11"
_NOTICE = [["生意参谋"], ["统计日期：2026-08-11 至 2026-08-11"], ["以下数据仅供参考"], [""]]

_ITEM = {
    "统计日期": "2026-08-11 ~ 2026-08-11",
    "商品ID": "612345678901",
    "商品名称": "春秋连衣裙",
    "货号": "A-1",
    "商品访客数": "1,234",
    "商品浏览量": "3,456",
    "平均停留时长": "25.31",
    "商品详情页跳出率": "65.20%",
    "商品收藏人数": "45",
    "商品加购件数": "130",
    "商品加购人数": "98",
    "下单买家数": "21",
    "下单件数": "25",
    "下单金额": "14,975.00",
    "支付买家数": "18",
    "支付件数": "20",
    "支付金额": "11,980.00",
    "支付新买家数": "12",
    "支付老买家数": "6",
    "老买家支付金额": "3,594.00",
    "成功退款金额": "599.00",
    "搜索引导访客数": "400",
    "搜索引导支付买家数": "8",
    "搜索引导支付转化率": "2.00%",
}
_QUIET_ITEM = {
    **dict.fromkeys(SYCM_ITEM, "-"),
    "统计日期": _DAY,
    "商品ID": "612345678902",
    "商品名称": "外套",
    "商品访客数": "3",
}

_SHOP_DAY = {
    "统计日期": _DAY,
    "店铺名称": "某店旗舰店",
    "访客数": "6,479",
    "直播间访客数": "120",
    "短视频访客数": "88",
    "店铺页访客数": "640",
    "无线端访客数": "6,100",
    "浏览量": "18,000",
    "平均停留时长": "21.5",
    "跳失率": "0.6231",
    "支付金额": "37,955.84",
    "支付买家数": "13",
    "支付转化率": "0.20%",
    "全站推广花费": "-",
    "关键词推广花费": "1,200.50",
    "精准人群推广花费": "300.00",
    "智能场景花费": "99.50",
    "淘宝客佣金": "210.00",
    "有图评价数": "9",
    "正面评价数": "30",
    "揽收包裹数": "14",
    "发货包裹数": "15",
    "签收成功包裹数": "11",
    "平均支付-签收时长(秒)": "172,800",
    "描述相符评分": "4.87",
    "物流服务评分": "4.82",
    "服务态度评分": "4.79",
    "会员总数": "52,000",
    "活跃会员数": "800",
    "会员成交金额": "9,100.00",
    "会员成交人数": "4",
}

_OVERVIEW = {
    "统计日期": _DAY,
    "成功退货退款金额": "599.00",
    "支付金额": "10,095.00",
    "支付件数": "31",
    "商品加购人数": "210",
    "商品加购件数": "260",
    "商品浏览量": "12,001",
    "商品访客数": "5,400",
    "商品收藏人数": "77",
    "下单买家数": "33",
    "支付买家数": "28",
    "下单转化率": "0.61%",
    "商品详情页跳出率": "71.00%",
    "下单金额": "11,200.00",
    "支付老买家数": "8",
    "老买家支付金额": "3,000.00",
    "支付转化率": "0.52%",
    "支付新买家数": "20",
    "有支付商品数": "12",
    "下单件数": "36",
    "客单价": "360.54",
}
_PROMOTED = ["4.00%", "0.63", 8.0, "5,517.00", "10.77", 9.0]

_PRODUCTS = [
    Sample(
        layout="sycm_item",
        file="【生意参谋平台】商品_全部_2026-08-11_2026-08-11.xls",
        data=old_workbook({"商品_全部": [*_NOTICE, *table(SYCM_ITEM, _ITEM, _QUIET_ITEM, empty="-")]}),
        rows={"product_period": 2},
        facts={
            "SELECT DISTINCT grain || ' ' || period_start FROM product_period": "day 2026-08-11",
            "SELECT visitors FROM product_period WHERE product_id = '612345678901'": 1234,
            "SELECT sum(paid_amount) FROM product_period": Decimal("11980.00"),
            "SELECT paid_amount FROM product_period WHERE product_id = '612345678902'": None,
            "SELECT dwell_seconds FROM product_period WHERE product_id = '612345678901'": 25.31,
            "SELECT round(bounce_rate, 4) FROM product_period WHERE product_id = '612345678901'": 0.652,
            "SELECT sku FROM product_period WHERE product_id = '612345678901'": "A-1",
            "SELECT refund_amount FROM product_period WHERE product_id = '612345678901'": Decimal("599.00"),
            "SELECT search_visitors * 100 + search_buyers FROM product_period WHERE sku = 'A-1'": 40008,
        },
    ),
    Sample(
        layout="sycm_products_overview",
        file="【生意参谋平台】宏观监控_2026-08-11_2026-08-11.xls",
        data=old_workbook({"宏观监控": [*_NOTICE, [""], *table(SYCM_OVERVIEW, _OVERVIEW, empty="-")]}),
        rows={"shop_period": 1},
        facts={
            "SELECT grain || ' ' || terminal FROM shop_period": "day all",
            "SELECT paid_amount FROM shop_period": Decimal("10095.00"),
            "SELECT product_visitors FROM shop_period": 5400,
            "SELECT product_page_views FROM shop_period": 12001,
            "SELECT visitors FROM shop_period": None,
            "SELECT page_views FROM shop_period": None,
            "SELECT new_buyers + returning_buyers - buyers FROM shop_period": 0,
            "SELECT paid_products FROM shop_period": 12,
            "SELECT refund_amount FROM shop_period": Decimal("599.00"),
        },
    ),
    Sample(
        layout="sycm_item_promotion",
        file="【生意参谋平台】推广商品_2026-08-11_2026-08-11.xls",
        data=old_workbook(
            {
                "推广商品": [
                    *_NOTICE,
                    SYCM_PROMOTION,
                    [_DAY, "612345678901", "春秋连衣裙", 512.25, "4,918.00", "9.60", 20300.0, "812", *_PROMOTED],
                    [_DAY, "612345678902", "外套", "0.00", "-", "-", "12", "0", "0.00%", "-", "-", "-", "-", "-"],
                    ["2026-08-03 ~ 2026-08-09", "612345678902", "外套", "70.00", *["-"] * 10],
                ]
            }
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT DISTINCT report_level || ' ' || day FROM ad_period": "item 2026-08-11",
            "SELECT sum(cost) FROM ad_period": Decimal("512.25"),
            "SELECT direct_amount FROM ad_period WHERE target = '612345678901'": Decimal("4918.00"),
            "SELECT sales_amount FROM ad_period WHERE target = '612345678901'": Decimal("5517.00"),
            "SELECT orders * 10 + direct_orders FROM ad_period WHERE target = '612345678901'": 98,
            "SELECT impressions FROM ad_period WHERE target = '612345678901'": 20300,
            "SELECT sales_amount FROM ad_period WHERE target = '612345678902'": None,
            "SELECT cost FROM ad_period WHERE product_id = '612345678902'": Decimal("0.00"),
        },
        rejected=1,
        problems=frozenset({"not_one_day"}),
    ),
    Sample(
        layout="sycm_search_terms",
        file="【生意参谋平台】选词助手_2026-08-11_2026-08-11.xls",
        data=old_workbook(
            {
                "引流搜索词": [
                    *_NOTICE,
                    [""],
                    SYCM_TERMS,
                    [_DAY, "连衣裙 春秋", "320", "22", "15", "6", "1.88%", "7", "3,594.00", "599.00", "11.23"],
                    [_DAY, "1024", "5", "0", "0", "0", "0.00%", "-", "-", "-", "-"],
                ]
            }
        ),
        rows={"search_term_period": 2},
        facts={
            "SELECT DISTINCT scope || ' ' || product_id || ' ' || grain FROM search_term_period": "own - day",
            "SELECT visitors FROM search_term_period WHERE term = '连衣裙 春秋'": 320,
            "SELECT paid_amount FROM search_term_period WHERE term = '连衣裙 春秋'": Decimal("3594.00"),
            "SELECT cart_buyers * 100 + favourite_buyers FROM search_term_period WHERE visitors = 320": 2215,
            "SELECT buyers FROM search_term_period WHERE term = '1024'": 0,
            "SELECT paid_units FROM search_term_period WHERE term = '1024'": None,
        },
    ),
    Sample(
        layout="sycm_search_terms",
        name="ten_columns",
        file="引流搜索词.xls",
        data=old_workbook(
            {
                "引流搜索词": [
                    *_NOTICE,
                    [name for name in SYCM_TERMS if name != "支付件数"],
                    [_DAY, "连衣裙", "20", "2", "1", "1", "5.00%", "599.00", "599.00", "29.95"],
                ]
            }
        ),
        rows={"search_term_period": 1},
        facts={
            "SELECT paid_units FROM search_term_period": None,
            "SELECT paid_amount FROM search_term_period": Decimal("599.00"),
        },
    ),
]

_SHOP = [
    Sample(
        layout="sycm_shop_day",
        file="自助取数_2026-08-10_2026-08-11.xlsx",
        data=workbook(
            {
                "自助取数": table(
                    SYCM_SHOP_DAY,
                    _SHOP_DAY,
                    {
                        **_SHOP_DAY,
                        "统计日期": "2026-08-10",
                        "全站推广花费": "",
                        "跳失率": "62.31%",
                        "描述相符评分": "-",
                    },
                )
            }
        ),
        rows={"shop_period": 2, "service_score": 5},
        facts={
            "SELECT visitors FROM shop_period WHERE period_start = DATE '2026-08-11'": 6479,
            "SELECT sum(paid_amount) FROM shop_period": Decimal("75911.68"),
            "SELECT count(DISTINCT bounce_rate) FROM shop_period": 1,
            "SELECT ad_cost FROM shop_period WHERE period_start = DATE '2026-08-11'": Decimal("1600.00"),
            "SELECT ad_cost FROM shop_period WHERE period_start = DATE '2026-08-10'": None,
            "SELECT affiliate_commission FROM shop_period LIMIT 1": Decimal("210.00"),
            "SELECT DISTINCT live_visitors * 1000 + video_visitors FROM shop_period": 120088,
            "SELECT DISTINCT page_visitors * 10000 + wireless_visitors FROM shop_period": 6406100,
            "SELECT DISTINCT picked_up_parcels + shipped_parcels + delivered_parcels FROM shop_period": 40,
            "SELECT DISTINCT pay_to_delivery_seconds FROM shop_period": 172800.0,
            "SELECT DISTINCT member_paid_amount FROM shop_period": Decimal("9100.00"),
            "SELECT DISTINCT active_members * 10 + member_buyers FROM shop_period": 8004,
            "SELECT DISTINCT picture_reviews * 100 + positive_reviews FROM shop_period": 930,
            "SELECT count(new_visitors) FROM shop_period": 0,
            "SELECT string_agg(score || value, ' ' ORDER BY score) FROM service_score WHERE day = '2026-08-11'": (
                "description4.87 logistics4.82 service4.79"
            ),
        },
    ),
    Sample(
        layout="sycm_shop_day",
        name="few_columns",
        file="自助取数_2026-08-03_2026-08-09.xlsx",
        data=workbook(
            {
                "自助取数": [
                    ["统计日期", "访客数", "支付金额", "关键词推广花费"],
                    ["2026-08-03 ~ 2026-08-09", "40,000", "210,000.00", "7,000.00"],
                ]
            }
        ),
        rows={"shop_period": 1, "service_score": 0},
        facts={
            "SELECT grain || ' ' || period_start FROM shop_period": "week 2026-08-03",
            "SELECT ad_cost FROM shop_period": None,
            "SELECT visitors FROM shop_period": 40000,
        },
    ),
    Sample(
        layout="sycm_trade_overview",
        file="交易总览_2026-08-11.xlsx",
        data=workbook(
            {
                "交易总览": [
                    SYCM_TRADE,
                    columns(
                        "6,479|+20.97%|15|-58.33%|40,120.00|-55.00%|13|-61.76%|37,955.84|-56.57%|2,919.68|"
                        "+13.59%|0.23%|86.67%|0.20%|-68.25%|14|-60.00%|9|4"
                    ),
                ]
            }
        ),
        rows={"shop_period": 1},
        facts={
            "SELECT grain || ' ' || period_start || ' ' || terminal FROM shop_period": "day 2026-08-11 all",
            "SELECT visitors FROM shop_period": 6479,
            "SELECT buyers FROM shop_period": 13,
            "SELECT paid_amount FROM shop_period": Decimal("37955.84"),
            "SELECT round(paid_amount / buyers, 2)::DECIMAL(18,2) FROM shop_period": Decimal("2919.68"),
            "SELECT new_buyers * 10 + returning_buyers FROM shop_period": 94,
            "SELECT paid_suborders FROM shop_period": 14,
            "SELECT page_views FROM shop_period": None,
        },
    ),
]

SAMPLES: list[Sample] = [*_PRODUCTS, *_SHOP]
