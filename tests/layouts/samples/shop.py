"""The shop's own sheets, with Chinese and with English headers."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal

from tests.layouts.files import delimited, workbook
from tests.layouts.sample import Sample


def _hash(*parts: str) -> str:
    return hashlib.md5("\x1f".join(parts).encode()).hexdigest()


_COSTS = (
    Sample(
        "shop_costs",
        "成本表.xlsx",
        workbook(
            {
                "成本": [
                    ("商家编码", "生效日期", "成本价", "包装", "运费", "币种"),
                    ("MUG-B", "", "¥18.50", 1.2, 4.5, ""),
                    ("MUG-B", date(2026, 7, 1), 19.255, 1.2, 4.5, "人民币"),
                    ("CARD", "2026年7月1日", "0.80", "-", "", "USD"),
                ]
            }
        ),
        rows={"cost": 3},
        facts={
            "SELECT unit_cost FROM cost WHERE sku = 'MUG-B' AND valid_from = DATE '0001-01-01'": Decimal("18.5000"),
            "SELECT unit_cost FROM cost WHERE sku = 'MUG-B' AND valid_from = DATE '2026-07-01'": Decimal("19.2550"),
            "SELECT count(*) FROM cost WHERE packaging IS NULL AND freight IS NULL": 1,
            "SELECT string_agg(currency, ' ' ORDER BY sku, valid_from) FROM cost": "USD CNY CNY",
        },
    ),
    Sample(
        "shop_costs",
        "costs.csv",
        delimited(
            [
                ("SKU", "Valid from", "Unit cost", "Packaging", "Freight", "Currency"),
                ("A", "2026-01-01", 2, 0, 1, "EUR"),
            ]
        ),
        rows={"cost": 1},
        facts={"SELECT unit_cost + packaging + freight FROM cost WHERE currency = 'EUR'": Decimal("3.0000")},
        name="english",
    ),
)
_SUPPLY = (
    Sample(
        "shop_costs",
        "成本和供货.xlsx",
        workbook(
            {
                "成本": [
                    ("商家编码", "生效日期", "成本价", "供货天数", "起订量", "装箱数"),
                    ("MUG-B", "", 18.5, 30, 200, 24),
                    ("CARD", "", 0.8, "", "", ""),
                    ("CUP", "", 9.9, 120, 0, 6),
                ]
            }
        ),
        rows={"cost": 3, "supply": 2},
        problems=frozenset({"lead_days_out_of_range", "order_size_not_positive"}),
        facts={
            "SELECT (lead_days, minimum_units, pack_units)::VARCHAR FROM supply WHERE sku = 'MUG-B'": "(30, 200, 24)",
            "SELECT (lead_days, minimum_units, pack_units)::VARCHAR FROM supply WHERE sku = 'CUP'": "(NULL, NULL, 6)",
        },
        name="with terms",
    ),
    Sample(
        "shop_supply",
        "supply.csv",
        delimited(
            [
                ("SKU", "Lead days", "Minimum order", "Pack size"),
                ("A", 10, "", 6),
                ("B", 45, 100, ""),
                ("C", 400, "", ""),
                ("D", 10, 0, ""),
            ]
        ),
        rows={"supply": 2},
        rejected=2,
        problems=frozenset({"lead_days_out_of_range", "order_size_not_positive"}),
        facts={"SELECT max(lead_days) FROM supply": 45, "SELECT count(pack_units) FROM supply": 1},
    ),
)
_TARGETS = (
    Sample(
        "shop_targets",
        "目标.xlsx",
        workbook(
            {
                "目标": [
                    ("月份", "指标", "目标值", "负责人"),
                    ("2026-07", "支付金额", "1,200,000.50", "运营一组"),
                    (date(2026, 8, 1), "pay_conversion_rate", "3.5%", ""),
                    ("2026年9月", "支付金额", "100万", "运营一组"),
                ]
            }
        ),
        rows={"target": 3},
        facts={
            "SELECT value FROM target WHERE month = DATE '2026-07-01' AND metric = '支付金额'": Decimal("1200000.5000"),
            "SELECT value FROM target WHERE month = DATE '2026-08-01'": Decimal("0.0350"),
            "SELECT value FROM target WHERE month = DATE '2026-09-01'": Decimal("1000000.0000"),
            "SELECT count(*) FROM target WHERE owner IS NULL": 1,
        },
    ),
    Sample(
        "shop_targets",
        "targets.csv",
        delimited([("Month", "Metric", "Target", "Owner"), ("2026-07", "pay_amount", "5000", "Kim")]),
        rows={"target": 1},
        facts={"SELECT metric || owner || month::VARCHAR FROM target": "pay_amountKim2026-07-01"},
        name="english",
    ),
)
_STOCK = (
    Sample(
        "shop_stock",
        "库存.xlsx",
        workbook(
            {
                "库存": [
                    ("日期", "商家编码", "可售库存", "在途", "占用"),
                    (date(2026, 7, 1), "MUG-B", 120, 50, 3),
                    (date(2026, 7, 2), "MUG-B", "1,117", "-", 0),
                ]
            }
        ),
        rows={"stock_day": 2},
        facts={
            "SELECT stock_units FROM stock_day WHERE day = DATE '2026-07-02'": 1117,
            "SELECT count(*) FROM stock_day WHERE inbound_units IS NULL AND locked_units = 0": 1,
        },
    ),
    Sample(
        "shop_stock",
        "stock_2026-07-31.csv",
        delimited([("SKU", "Stock", "Inbound", "Reserved"), ("MUG-B", 9, 0, 1)]),
        rows={"stock_day": 1},
        facts={"SELECT day FROM stock_day WHERE stock_units = 9 AND locked_units = 1": date(2026, 7, 31)},
        name="day-in-name",
    ),
    Sample(
        "shop_stock",
        "stock.csv",
        delimited([("SKU", "Stock", "Inbound", "Reserved"), ("MUG-B", 9, 0, 1)]),
        rows={"stock_day": 0},
        rejected=1,
        problems=frozenset({"day_unknown"}),
        name="without-day",
    ),
)
_PRODUCTS = (
    Sample(
        "shop_products",
        "商品资料.xlsx",
        workbook(
            {
                "商品": [
                    ("商品ID", "商家编码", "标题", "类目", "品牌", "一口价", "售价", "上架日期", "状态"),
                    ("600000000000000001", "MUG", "茶杯", "餐具", "舵手", "￥99.00", 79.9, date(2026, 3, 1), "在售"),
                    ("600000000000000002", "CARD", "贺卡", "文具", "-", "", 10, "2026/04/15", "已下架"),
                ]
            }
        ),
        rows={"product": 2},
        facts={
            "SELECT product_id || variant_id || status FROM product WHERE sku = 'MUG'": "600000000000000001-on_sale",
            "SELECT list_price - price FROM product WHERE sku = 'MUG'": Decimal("19.1000"),
            "SELECT listed_on FROM product WHERE sku = 'CARD'": date(2026, 4, 15),
            "SELECT count(*) FROM product WHERE brand IS NULL AND list_price IS NULL AND status = 'off_sale'": 1,
        },
    ),
    Sample(
        "shop_products",
        "products.csv",
        delimited(
            [
                ("Product ID", "Variant", "SKU", "Title", "Category", "Brand", "Price", "Status"),
                ("7", "Blue", "MUG-B", "Mug", "Kitchen", "Helm", "15.00", "On sale"),
                ("7", "Red", "MUG-R", "Mug", "Kitchen", "Helm", "15.00", "Sold out"),
            ]
        ),
        rows={"product": 2},
        facts={
            "SELECT string_agg(variant_id || sku || status, ' ' ORDER BY sku) FROM product": (
                "BlueMUG-Bon_sale RedMUG-Rsold_out"
            )
        },
        name="variants",
    ),
)
_LEADS = (
    Sample(
        "shop_leads",
        "咨询线索.xlsx",
        workbook(
            {
                "线索": [
                    ("线索编号", "日期", "客服", "来源", "客户", "推荐人", "结果", "成交金额", "成交日期"),
                    (
                        "L001",
                        "2026-07-01 09:30",
                        "小舵",
                        "抖音",
                        "wang88",
                        "li66",
                        "成交",
                        "12,800.00",
                        date(2026, 7, 5),
                    ),
                    ("L002", date(2026, 7, 2), "小舵", "老客推荐", "zhao**", "wang88", "跟进中", "", ""),
                    ("L003", "2026-07-03", "小手", "-", "qian", "", "观望", "-", "-"),
                ]
            }
        ),
        rows={"lead": 3},
        facts={
            "SELECT string_agg(coalesce(outcome, 'unknown'), ' ' ORDER BY lead_id) FROM lead": "won open unknown",
            "SELECT sum(amount) FROM lead": Decimal("12800.00"),
            "SELECT received_at FROM lead WHERE lead_id = 'L001'": datetime(2026, 7, 1, 1, 30),
            "SELECT closed_on FROM lead WHERE lead_id = 'L001'": date(2026, 7, 5),
            # A masked name is nobody; who recommended the shop is found again as a customer.
            "SELECT count(buyer_key) FROM lead WHERE length(buyer_key) = 64": 2,
            "SELECT count(referred_by) FROM lead WHERE length(referred_by) = 64": 2,
            "SELECT string_agg(r.lead_id, ' ') FROM lead r JOIN lead b ON r.referred_by = b.buyer_key": "L002",
        },
        problems=frozenset({"unknown_status"}),
    ),
    Sample(
        "shop_leads",
        "leads.csv",
        delimited(
            [
                ("Lead", "Date", "Staff", "Source", "Customer", "Outcome"),
                ("1", "2026-07-01", "Kim", "web", "a@b.co", "Lost"),
            ]
        ),
        rows={"lead": 1},
        facts={"SELECT count(*) FROM lead WHERE outcome = 'lost' AND buyer_key NOT LIKE '%@%'": 1},
        name="english",
    ),
)
_EVENTS = (
    Sample(
        "shop_events",
        "经营事件.xlsx",
        workbook(
            {
                "事件": [
                    ("日期时间", "类型", "对象类型", "对象", "改前", "改后", "操作人", "说明"),
                    (
                        "2026-07-01 10:00",
                        "改价",
                        "商品",
                        "600000000000000001",
                        "99",
                        "79.9",
                        "运营",
                        "找 13800138000 确认",
                    ),
                    ("2026-07-01 10:00", "改价", "商品", "600000000000000002", "12", "10", "运营", "清库存"),
                    (date(2026, 7, 3), "装修", "店铺", "首页", "", "", "", ""),
                ]
            }
        ),
        rows={"event": 3},
        facts={
            "SELECT event_id FROM event WHERE before = '99'": _hash(
                "2026-07-01 10:00:00", "price", "product", "600000000000000001", "99", "79.9"
            ),
            "SELECT happened_at FROM event WHERE before = '99'": datetime(2026, 7, 1, 2, 0),
            "SELECT string_agg(kind, ' ' ORDER BY happened_at, subject_id) FROM event": "price price 装修",
            "SELECT count(*) FROM event WHERE note IS NOT NULL": 1,
            "SELECT DISTINCT origin FROM event": "import",
        },
    ),
    Sample(
        "shop_events",
        "events.csv",
        delimited(
            [
                ("Time", "Type", "Subject", "Before", "After", "By", "Note"),
                ("2026-07-01 10:00", "Title", "7", "a", "b", "", ""),
            ]
        ),
        rows={"event": 1},
        facts={"SELECT kind || subject_id || coalesce(subject_type, '?') FROM event": "title7?"},
        name="english",
    ),
)
_MARKET = (
    Sample(
        "shop_market",
        "市场数据.xlsx",
        workbook(
            {
                "市场": [
                    (
                        "平台",
                        "类目",
                        "品牌",
                        "商家",
                        "价格带",
                        "周期",
                        "指数",
                        "访客数",
                        "商家数",
                        "在售商品数",
                        "销量",
                        "销售额",
                        "均价",
                        "数据来源",
                    ),
                    (
                        "taobao",
                        "餐具",
                        "",
                        "",
                        "",
                        "2026-07",
                        "1,234.5",
                        "100万",
                        320,
                        9000,
                        "5万",
                        "¥2,500,000.00",
                        50,
                        "某数据",
                    ),
                    ("", "餐具", "舵手", "", "0-50", "2026-07-06~2026-07-12", "", "", "", "", 800, 32000, 40, "某数据"),
                ]
            }
        ),
        rows={"market_period": 2},
        facts={
            "SELECT visitors * 100000 + units FROM market_period WHERE platform = 'taobao'": 100000050000,
            "SELECT demand_index FROM market_period WHERE grain = 'month' AND brand = '-'": 1234.5,
            "SELECT amount FROM market_period WHERE grain = 'week' AND platform = '-'": Decimal("32000.00"),
            "SELECT period_start FROM market_period WHERE price_band = '0-50'": date(2026, 7, 6),
        },
    ),
    Sample(
        "shop_market",
        "market.csv",
        delimited(
            [("Category", "Brand", "Period", "Units", "Provider"), ("Mugs", "Helm", "2026-07-01", "12", "Survey")]
        ),
        rows={"market_period": 1},
        facts={"SELECT grain || provider || units FROM market_period WHERE amount IS NULL": "daySurvey12"},
        name="english",
    ),
)
SAMPLES = [*_COSTS, *_SUPPLY, *_TARGETS, *_STOCK, *_PRODUCTS, *_LEADS, *_EVENTS, *_MARKET]
