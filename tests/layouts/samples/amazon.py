"""Amazon: orders as tab text, Business Reports, and search term reports of the advertising console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from tests.layouts.files import delimited, workbook
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_ORDERS = _cells(
    "amazon-order-id|merchant-order-id|purchase-date|last-updated-date|order-status|fulfillment-channel|"
    "sales-channel|order-channel|url|ship-service-level|product-name|sku|asin|item-status|quantity|currency|"
    "item-price|item-tax|shipping-price|shipping-tax|gift-wrap-price|gift-wrap-tax|item-promotion-discount|"
    "ship-promotion-discount|ship-city|ship-state|ship-postal-code|ship-country|promotion-ids|"
    "is-business-order|purchase-order-number|price-designation"
)
_DATE = _cells(
    "Date|Ordered Product Sales|Ordered Product Sales - B2B|Units Ordered|Units Ordered - B2B|"
    "Sessions - Total|Sessions - Total - B2B|Page Views - Total|Featured Offer (Buy Box) Percentage|"
    "Order Item Session Percentage"
)
_ASIN = _cells(
    "(Parent) ASIN|(Child) ASIN|Title|SKU|Sessions - Mobile App|Sessions - Mobile APP - B2B|"
    "Sessions - Browser|Sessions - Browser - B2B|Sessions - Total|Sessions - Total - B2B|"
    "Session Percentage - Mobile App|Session Percentage - Mobile APP - B2B|Session Percentage - Browser|"
    "Session Percentage - Browser - B2B|Session Percentage - Total|Session Percentage - Total - B2B|"
    "Page Views - Mobile App|Page Views - Mobile APP - B2B|Page Views - Browser|Page Views - Browser - B2B|"
    "Page Views - Total|Page Views - Total - B2B|Page Views Percentage - Mobile App|"
    "Page Views Percentage - Mobile App - B2B|Page Views Percentage - Browser|"
    "Page Views Percentage - Browser - B2B|Page Views Percentage - Total|Page Views Percentage - Total - B2B|"
    "Featured Offer (Buy Box) Percentage|Featured Offer (Buy Box) Percentage - B2B|Units Ordered|"
    "Units Ordered - B2B|Unit Session Percentage|Unit Session Percentage - B2B|Ordered Product Sales|"
    "Ordered Product Sales - B2B|Total Order Items|Total Order Items - B2B"
)
_SP = _cells(
    "Start Date|End Date|Portfolio name|Currency|Campaign Name|Ad Group Name|Retailer|Country|Targeting|"
    "Match Type|Customer Search Term|Impressions|Clicks|Click-Thru Rate (CTR)|Cost Per Click (CPC)|Spend|"
    "7 Day Total Sales |Total Advertising Cost of Sales (ACOS) |Total Return on Advertising Spend (ROAS)|"
    "7 Day Total Orders (#)|7 Day Total Units (#)|7 Day Conversion Rate|7 Day Advertised SKU Units (#)|"
    "7 Day Other SKU Units (#)|7 Day Advertised SKU Sales |7 Day Other SKU Sales "
)
_SP_DAY = ("Date", *_SP[2:])
_SB = ("Date", *(name.replace("7 Day", "14 Day") for name in _SP[2:22]))
_SP_CN = _cells(
    "日期|广告组合名称|货币|广告活动名称|广告组名称|国家/地区|投放|匹配类型|客户搜索词|展示量|点击量|"
    "点击率(CTR)|每次点击成本(CPC)|花费|7天总销售额|广告投入产出比 (ACOS) 总计|总广告投资回报率 (ROAS)|"
    "7天总订单数(#)|7天总销售量(#)|7天的转化率|7天内广告SKU销售量(#)|7天内其他SKU销售量(#)|"
    "7天内广告SKU销售额|7天内其他SKU销售额"
)
assert (len(_ORDERS), len(_DATE), len(_ASIN), len(_SP), len(_SP_CN)) == (32, 10, 38, 26, 24)


def _rows(header: Sequence[str], *rows: Mapping[str, object]) -> list[Sequence[object]]:
    return [header, *([row.get(column, "") for column in header] for row in rows)]


_SHIPPED = {
    "amazon-order-id": "114-3941689-8772232",
    "purchase-date": "2026-07-01T23:30:00+00:00",
    "last-updated-date": "2026-07-03T08:00:00+00:00",
    "order-status": "Shipped",
    "sales-channel": "Amazon.com",
    "product-name": "Blue mug",
    "sku": "MUG-B",
    "asin": "B00MUGBLUE",
    "item-status": "Shipped",
    "quantity": 3,
    "currency": "USD",
    "item-price": "45.00",
    "item-tax": "3.60",
    "shipping-price": "5.00",
    "item-promotion-discount": "4.50",
    "ship-city": "SEATTLE",
    "ship-state": "WA",
    "ship-postal-code": "98101-1234",
    "ship-country": "US",
}
_CARD = {
    **_SHIPPED,
    "product-name": "Card",
    "sku": "CARD",
    "asin": "B00CARD000",
    "quantity": 1,
    "item-price": "2.00",
} | {
    "shipping-price": "",
    "item-promotion-discount": "",
}
_CANCELLED = {
    "amazon-order-id": "114-0000001-0000002",
    "purchase-date": "2026-07-02T10:00:00+00:00",
    "order-status": "Cancelled",
    "product-name": "Blue mug",
    "sku": "MUG-B",
    "asin": "B00MUGBLUE",
    "item-status": "Cancelled",
    "quantity": 0,
}
_JAPAN = {
    **_SHIPPED,
    "amazon-order-id": "249-1111111-2222222",
    "product-name": "青いマグカップ",
    "currency": "JPY",
    "quantity": 2,
    "item-price": "3000.0",
    "item-tax": "273.0",
    "shipping-price": "",
    "item-promotion-discount": "",
    "ship-city": "千代田区",
    "ship-state": "東京都",
    "ship-country": "JP",
}

_TERM = {
    "Date": date(2026, 7, 1),
    "Currency": "USD",
    "Campaign Name": "Mugs",
    "Ad Group Name": "Blue",
    "Country": "United States",
    "Targeting": "mug",
    "Match Type": "BROAD",
    "Customer Search Term": "blue coffee mug",
    "Impressions": 100,
    "Clicks": 10,
    "Spend": 5.5,
    "7 Day Total Sales ": 45,
    "14 Day Total Sales ": 60,
    "7 Day Total Orders (#)": 2,
    "14 Day Total Orders (#)": 3,
    "7 Day Total Units (#)": 3,
    "7 Day Advertised SKU Sales ": 30,
    "7 Day Other SKU Sales ": 15,
    "Total Advertising Cost of Sales (ACOS) ": 0.1222,
}
# The same term by another keyword is a row of its own.
_SAME_TERM = {**_TERM, "Targeting": "coffee mug", "Match Type": "EXACT", "Spend": 1.25, "Clicks": 1}
_PERIOD = {**_TERM, "Start Date": "2026-07-01", "End Date": "2026-07-31"}
_ONE_DAY = {**_TERM, "Start Date": "7/2/2026", "End Date": "7/2/2026", "Spend": "$1,005.50"}
_NAMED = {**_TERM, "Start Date": "Jul 03, 2026", "End Date": "Jul 03, 2026", "Spend": "2.00"}

SAMPLES = [
    Sample(
        "amazon_orders",
        "50012345678.txt",
        delimited(_rows(_ORDERS, _SHIPPED, _CARD, _CANCELLED), encoding="utf-8", delimiter="\t"),
        rows={"order_header": 2, "order_item": 3, "order_line": 3},
        facts={
            # A line's price is not multiplied again: 45 + 5 - 4.5, and 2.
            "SELECT paid_amount FROM order_item WHERE sku = 'MUG-B' AND quantity = 3": Decimal("45.50"),
            "SELECT paid_amount FROM order_header WHERE status = 'shipped'": Decimal("47.50"),
            "SELECT unit_price FROM order_item WHERE sku = 'MUG-B' AND quantity = 3": Decimal("15.0000"),
            "SELECT paid_at FROM order_header WHERE status = 'shipped'": datetime(2026, 7, 1, 23, 30),
            "SELECT paid_on FROM order_header WHERE status = 'shipped'": date(2026, 7, 2),
            "SELECT any_value(product_id) FROM order_item WHERE sku = 'CARD'": "B00CARD000",
            "SELECT count(*) FROM order_line WHERE status = 'closed' AND paid_amount IS NULL AND paid_at IS NULL": 1,
            "SELECT currency FROM order_header WHERE status = 'shipped'": "USD",
            "SELECT city || '/' || province || '/' || country FROM order_header WHERE status = 'shipped'": (
                "SEATTLE/WA/US"
            ),
        },
        name="us",
    ),
    Sample(
        "amazon_orders",
        "50087654321.txt",
        delimited(_rows(_ORDERS[:29], _JAPAN), encoding="cp932", delimiter="\t"),
        rows={"order_header": 1, "order_item": 1},
        facts={
            "SELECT title FROM order_item": "青いマグカップ",
            "SELECT province || city FROM order_header": "東京都千代田区",
            "SELECT paid_amount::VARCHAR || currency FROM order_header": "3000.00JPY",
        },
        name="jp-29-columns",
    ),
    Sample(
        "amazon_business_date",
        "BusinessReport-7-3-26.csv",
        delimited(
            [
                _DATE,
                ("7/1/26", "$1,234.56", "$34.56", "1,020", "20", "4,321", "21", "9,876", "98.50%", "23.10%"),
                ("7/2/26", "$0.00", "$0.00", "0", "0", "12", "0", "30", "100.00%", "0.00%"),
            ]
        ),
        rows={"shop_period": 2},
        facts={
            "SELECT paid_amount FROM shop_period WHERE period_start = DATE '2026-07-01'": Decimal("1234.56"),
            "SELECT sessions * 100000 + page_views FROM shop_period WHERE paid_units = 1020": 432109876,
            "SELECT featured_offer_rate FROM shop_period WHERE paid_units = 1020": 0.985,
            # Sessions are visits, not visitors.
            "SELECT count(*) FROM shop_period WHERE visitors IS NOT NULL": 0,
            "SELECT string_agg(DISTINCT currency || grain || terminal) FROM shop_period": "USDdayall",
        },
        name="all-columns",
    ),
    Sample(
        "amazon_business_date",
        "BusinessReport-7-14-26.csv",
        delimited([("Date", "Ordered product sales", "Sessions – Total"), ("7/13/26", "$12.00", "7")]),
        rows={"shop_period": 1},
        facts={
            "SELECT sessions FROM shop_period WHERE period_start = DATE '2026-07-13'": 7,
            "SELECT count(*) FROM shop_period WHERE paid_units IS NULL AND page_views IS NULL": 1,
        },
        name="some-columns",
    ),
    Sample(
        "amazon_business_date",
        "BusinessReport-14-07-26.csv",
        delimited([("Date", "Ordered product sales", "Units ordered"), ("07/08/2026", "£12.00", "1")]),
        rows={"shop_period": 0},
        rejected=1,
        problems=frozenset({"date_order_unknown"}),
        name="day-first-marketplace",
    ),
    Sample(
        "amazon_business_asin",
        "BusinessReport-2026-07-01_2026-07-31.csv",
        delimited(
            _rows(
                _ASIN,
                {"(Parent) ASIN": "B00PARENT0", "(Child) ASIN": "B00MUGBLUE", "Title": "Blue mug", "SKU": "MUG-B"}
                | {"Sessions - Total": "1,200", "Sessions - Total - B2B": "100", "Page Views - Total": "2,000"}
                | {"Featured Offer (Buy Box) Percentage": "97.00%", "Units Ordered": "60", "Units Ordered - B2B": "5"}
                | {
                    "Ordered Product Sales": "$900.00",
                    "Ordered Product Sales - B2B": "$75.00",
                    "Total Order Items": "55",
                },
            )
        ),
        rows={"product_period": 1},
        facts={
            "SELECT product_id || '/' || sku || '/' || grain FROM product_period": "B00MUGBLUE/MUG-B/month",
            "SELECT period_start FROM product_period": date(2026, 7, 1),
            "SELECT sessions + page_views FROM product_period": 3200,
            "SELECT paid_amount FROM product_period": Decimal("900.00"),
            "SELECT paid_units * 100 + paid_suborders FROM product_period": 6055,
        },
    ),
    Sample(
        "amazon_business_asin",
        "BusinessReport-7-3-26.csv",
        delimited(
            _rows(_ASIN, {"(Child) ASIN": "B00MUGBLUE", "Units Ordered": "60", "Ordered Product Sales": "$9.00"})
        ),
        rows={"product_period": 0},
        rejected=1,
        problems=frozenset({"period_unknown"}),
        name="without-dates",
    ),
    Sample(
        "amazon_sp_search",
        "Sponsored_Products_Search_term_report.xlsx",
        workbook({"Sponsored Product Search Term R": _rows(_SP_DAY, _TERM, _SAME_TERM)}),
        rows={"ad_period": 2},
        facts={
            "SELECT sum(cost) FROM ad_period": Decimal("6.75"),
            "SELECT any_value(report_level || attribution_window_days) FROM ad_period": "search_term7",
            "SELECT count(*) FROM ad_period WHERE search_term = 'blue coffee mug' AND day = DATE '2026-07-01'": 2,
            "SELECT sales_amount FROM ad_period WHERE keyword = 'mug'": Decimal("45.00"),
            "SELECT direct_amount FROM ad_period WHERE keyword = 'mug'": Decimal("30.00"),
            "SELECT indirect_amount FROM ad_period WHERE keyword = 'mug'": Decimal("15.00"),
            "SELECT any_value(currency || account) FROM ad_period": "USDUnited States",
        },
        name="daily",
    ),
    Sample(
        "amazon_sp_search",
        "Sponsored Products Search term report.csv",
        delimited(_rows(_SP, _ONE_DAY, _NAMED, _PERIOD)),
        rows={"ad_period": 2},
        rejected=1,
        problems=frozenset({"daily_report_needed"}),
        facts={
            "SELECT cost FROM ad_period WHERE day = DATE '2026-07-02'": Decimal("1005.50"),
            "SELECT cost FROM ad_period WHERE day = DATE '2026-07-03'": Decimal("2.00"),
        },
        name="period",
    ),
    Sample(
        "amazon_sp_search",
        "Sponsored_Products_Search_term_report.xlsx",
        workbook(
            {
                "Sponsored Product Search Term R": _rows(
                    _SP_DAY,
                    {**_TERM, "Campaign Name": "Total"},
                    {**_SAME_TERM, "Spend": -0.5},
                    {"Campaign Name": "Total", "Spend": 5.0},
                )
            }
        ),
        rows={"ad_period": 1},
        rejected=1,
        problems=frozenset({"negative_figures"}),
        facts={"SELECT campaign FROM ad_period": "Total"},
        name="named_like_a_sum",
    ),
    Sample(
        "amazon_sb_search",
        "Sponsored_Brands_Search_term_report.xlsx",
        workbook({"Sponsored Brands Search Term Re": _rows(_SB, _TERM)}),
        rows={"ad_period": 1},
        facts={
            "SELECT sales_amount FROM ad_period WHERE attribution_window_days = 14": Decimal("60.00"),
            "SELECT orders FROM ad_period": 3,
        },
    ),
    Sample(
        "amazon_sp_search_cn",
        "商品推广_搜索词_报告.xlsx",
        workbook(
            {
                "商品推广搜索词报告": [
                    _SP_CN,
                    [
                        date(2026, 7, 1),
                        *_cells("|USD|杯子|蓝色|美国|mug|BROAD|blue mug|100|10|0.1|0.55|5.5|45|0.1222"),
                        *(8.18, 2, 3, 0.2, 2, 1, 30, 15),
                    ],
                ]
            }
        ),
        rows={"ad_period": 1},
        facts={
            "SELECT cost FROM ad_period": Decimal("5.50"),
            "SELECT sales_amount FROM ad_period": Decimal("45.00"),
            "SELECT orders * 10 + units FROM ad_period": 23,
            "SELECT campaign || '/' || ad_group || '/' || target FROM ad_period": "杯子/蓝色/blue mug | mug | BROAD",
        },
    ),
]
