"""Advertising by creative, hour, region, placement and targeting, and keywords with their bids."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.layouts.files import delimited, workbook
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_CREATIVE = _cells(
    "日期|计划ID|计划名字|单元ID|单元名字|主体ID|主体名称|创意ID|创意名字|展现量|点击量|花费|点击率|总成交金额|总成交笔数|总购物车数"
)
_REGION = _cells("日期|计划ID|计划名字|省|市|展现量|点击量|花费|点击率|总成交金额|总成交笔数")
_MATERIAL = _cells(
    "日期|素材名称|素材ID|素材评估|素材时长|素材创建时间|素材来源|标签|整体消耗|整体展示次数|整体点击次数|整体点击率|"
    "整体转化率|整体支付ROI|整体成交金额|整体成交订单数"
)
_PLACEMENT = _cells(
    "Date|Portfolio name|Currency|Campaign Name|Country|Bidding strategy|Placement|Impressions|Clicks|"
    "Cost Per Click (CPC)|Spend|7 Day Total Sales |Total Advertising Cost of Sales (ACOS) |"
    "Total Return on Advertising Spend (ROAS)|7 Day Total Orders (#)|7 Day Total Units (#)"
)
_TARGETING = _cells(
    "Date|Portfolio name|Currency|Campaign Name|Ad Group Name|Country|Targeting|Match Type|Impressions|"
    "Top-of-search Impression Share|Clicks|Click-Thru Rate (CTR)|Cost Per Click (CPC)|Spend|"
    "Total Advertising Cost of Sales (ACOS) |Total Return on Advertising Spend (ROAS)|7 Day Total Sales |"
    "7 Day Total Orders (#)|7 Day Total Units (#)|7 Day Conversion Rate|7 Day Advertised SKU Sales |"
    "7 Day Other SKU Sales "
)
_HOURS = _cells(
    "Reporting starts|Reporting ends|Day|Campaign name|Time of day (ad account time zone)|Amount spent (USD)|"
    "Impressions|Link clicks|Purchases|Purchases conversion value"
)
_PLACES = [header.replace("Time of day (ad account time zone)", "Region") for header in _HOURS]
_SHOWN = _cells(
    "Reporting starts|Reporting ends|Day|Campaign name|Platform|Placement|Amount spent (USD)|Impressions|"
    "Link clicks|Purchases|Purchases conversion value"
)
_SPAN = ("2026-07-01", "2026-07-01", "2026-07-01", "Summer")
_UNIT = ("2026-08-11", "70000000001", "秋装主推", "801", "连衣裙")

SAMPLES = [
    Sample(
        "alimama_creative",
        "创意报表_20260812_101500.csv",
        delimited(
            [
                _CREATIVE,
                (*_UNIT, "612345678901", "春秋连衣裙", "9001", "白底图", "1,000", "30", "12.50", "3%", "599.00", 1, 2),
                (*_UNIT, "612345678902", "外套", "9001", "白底图", "200", "5", "2.50", "2.5%", "-", "-", "-"),
                (*_UNIT, "612345678901", "春秋连衣裙", "9002", "街拍图", "400", "8", "4.00", "2%", "0.00", 0, 0),
                ("合计", *[""] * 8, "1,600", "43", "19.00", "", "599.00", "1", ""),
            ],
            encoding="gb18030",
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT cost FROM ad_period WHERE target = '9001'": Decimal("15.00"),
            "SELECT clicks * 10 + orders FROM ad_period WHERE target_name = '白底图'": 351,
            "SELECT product_id FROM ad_period WHERE target = '9001'": None,
            "SELECT product_id FROM ad_period WHERE target = '9002'": "612345678901",
            "SELECT DISTINCT report_level || campaign || ad_group FROM ad_period": "creative70000000001801",
        },
    ),
    Sample(
        "alimama_region",
        "地域报表_20260812_101500.csv",
        delimited(
            [
                _REGION,
                ("2026-08-11", "70000000001", "秋装主推", "浙江", "杭州", "800", "20", "9.00", "2.5%", "299.00", "1"),
                ("2026-08-11", "70000000001", "秋装主推", "浙江", "宁波", "200", "5", "2.00", "2.5%", "0.00", "0"),
                ("2026-08-11", "70000000001", "秋装主推", "新疆", "乌鲁木齐", "100", "1", "0.50", "1%", "0.00", "0"),
            ]
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT cost FROM ad_period WHERE target = '浙江'": Decimal("11.00"),
            "SELECT DISTINCT report_level || campaign_name FROM ad_period": "region秋装主推",
        },
    ),
    Sample(
        "douyin_qc_material",
        "千川素材_分日.xlsx",
        workbook(
            {
                "Sheet1": [
                    _MATERIAL,
                    [
                        *(
                            "2026-07-23",
                            "开箱视频",
                            "7500000000000000001",
                            "优质",
                            "15s",
                            "2026-07-01 10:00:00",
                            "本地上传",
                        ),
                        *("", "1,200.00", "60,000", "1,800", "3%", "2%", "3.00", "3,600.00", "36"),
                    ],
                    ["总计", *[""] * 7, "1,200.00", "60,000", "1,800", "", "", "", "3,600.00", "36"],
                ]
            }
        ),
        rows={"ad_period": 1},
        facts={
            "SELECT target || target_name FROM ad_period": "7500000000000000001开箱视频",
            "SELECT report_level || scene || impressions FROM ad_period": "creative全域推广60000",
            "SELECT sales_amount FROM ad_period WHERE orders = 36": Decimal("3600.00"),
        },
    ),
    Sample(
        "amazon_sp_placement",
        "Sponsored_Products_Placement_report.xlsx",
        workbook(
            {
                "Sponsored Products Placement Re": [
                    _PLACEMENT,
                    [
                        *(date(2026, 7, 1), "", "USD", "Mugs", "United States", "Fixed bids"),
                        *("Top of Search on-Amazon", 100, 10, 0.55, 5.5, 45, 0.12, 8.2, 2, 3),
                    ],
                    [
                        *(date(2026, 7, 1), "", "USD", "Mugs", "United States", "Fixed bids"),
                        *("Detail Page on-Amazon", 900, 9, 0.4, 3.6, 0, "", "", 0, 0),
                    ],
                ]
            }
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT sum(cost) FROM ad_period WHERE report_level = 'placement'": Decimal("9.10"),
            "SELECT orders FROM ad_period WHERE target = 'Top of Search on-Amazon'": 2,
            "SELECT DISTINCT campaign || attribution_window_days || currency FROM ad_period": "Mugs7USD",
        },
    ),
    Sample(
        "amazon_sp_targeting",
        "Sponsored_Products_Targeting_report.xlsx",
        workbook(
            {
                "Sponsored Products Targeting Re": [
                    _TARGETING,
                    [
                        *(
                            date(2026, 7, 1),
                            "",
                            "USD",
                            "Mugs",
                            "Blue",
                            "United States",
                            "blue mug",
                            "EXACT",
                            100,
                            "12%",
                        ),
                        *(10, 0.1, 0.55, 5.5, 0.12, 8.2, 45, 2, 3, 0.2, 30, 15),
                    ],
                ]
            }
        ),
        rows={"ad_period": 1},
        facts={
            "SELECT report_level || match_type || target FROM ad_period": "keywordEXACTblue mug | EXACT",
            "SELECT direct_amount + indirect_amount FROM ad_period WHERE orders = 2": Decimal("45.00"),
        },
    ),
    Sample(
        "meta_ads",
        "hours.csv",
        delimited(
            [
                _HOURS,
                (*_SPAN, "08:00:00 - 08:59:59", "12.50", 1000, 9, 1, "80"),
                (*_SPAN, "23:00:00 - 23:59:59", "2.50", 200, 1, "", ""),
            ],
            encoding="utf-8",
        ),
        rows={"ad_period": 3},
        facts={
            "SELECT string_agg(target, ' ' ORDER BY target) FROM ad_period WHERE report_level = 'hour'": "08 23",
            "SELECT cost FROM ad_period WHERE report_level = 'plan'": Decimal("15.00"),
            "SELECT sum(cost) FROM ad_period WHERE report_level = 'hour'": Decimal("15.00"),
        },
        name="by-hour",
    ),
    Sample(
        "meta_ads",
        "regions.csv",
        delimited([_PLACES, (*_SPAN, "California", "12.50", 1000, 9, 1, "80")], encoding="utf-8"),
        rows={"ad_period": 2},
        facts={"SELECT target FROM ad_period WHERE report_level = 'region' AND orders = 1": "California"},
        name="by-region",
    ),
    Sample(
        "meta_ads",
        "placements.csv",
        delimited([_SHOWN, (*_SPAN, "instagram", "reels", "12.50", 1000, 9, 1, "80")], encoding="utf-8"),
        rows={"ad_period": 2},
        facts={"SELECT target FROM ad_period WHERE report_level = 'placement'": "instagram | reels"},
        name="by-placement",
    ),
    Sample(
        "google_ads_keywords",
        "Search keyword report bids.csv",
        delimited(
            [
                ("Search keyword report",),
                ("July 1, 2026 - July 31, 2026",),
                _cells("Day|Campaign|Ad group|Keyword|Match type|Max. CPC|Impressions|Clicks|Cost|Conv. value"),
                _cells("2026-07-01|Mugs|Blue|[blue mug]|Exact match|0.80|1,000|50|25.00|75.00"),
            ],
            encoding="utf-8",
        ),
        rows={"ad_period": 1},
        facts={"SELECT bid FROM ad_period WHERE keyword = 'blue mug'": Decimal("0.8000")},
        name="with-bids",
    ),
    Sample(
        "shop_ad_splits",
        "推广细分.xlsx",
        workbook(
            {
                "细分": [
                    _cells("日期|计划|推广维度|名称|归因天数|出价|展现量|点击量|花费|成交笔数|成交金额"),
                    ["2026-08-11", "秋装主推", "时段", "9点", 15, "", 1000, 30, 20, 1, 99],
                    ["2026-08-11", "秋装主推", "关键词", "连衣裙", 15, 0.85, "", "", "", "", ""],
                ]
            }
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT target FROM ad_period WHERE report_level = 'hour' AND cost = 20": "09",
            "SELECT bid FROM ad_period WHERE keyword = '连衣裙' AND cost IS NULL": Decimal("0.8500"),
        },
    ),
    Sample(
        "shop_ad_splits",
        "splits.csv",
        delimited(
            [
                _cells("Day|Plan|Split|Name|Attribution days|Impressions|Clicks|Cost|Orders|Sales|Currency"),
                _cells("2026-08-11|Mugs|region|Bavaria|7|100|3|2.00|0|0|EUR"),
            ]
        ),
        rows={"ad_period": 1},
        facts={
            "SELECT report_level || target || currency || attribution_window_days FROM ad_period": "regionBavariaEUR7"
        },
        name="english",
    ),
    Sample(
        "shop_ad_splits",
        "totals.csv",
        delimited(
            [
                _cells("日期|计划|推广维度|名称|归因天数|展现量|点击量|花费|成交笔数|成交金额"),
                _cells("20260811|主推|时段|8点|15|1,000|10|100.5|1|99"),
                _cells("2026/8/11|主推|时段|08:00|15|1,000|10|50|1|99"),
                _cells("2026-8-11|主推|时段|晚上8点|15|1,000|10|50|1|99"),
                _cells("2026-8-11|主推|时段|8:00 PM|15|1,000|10|50|1|99"),
                _cells("2026-8-11|主推|时段|24点|15|1,000|10|50|1|99"),
                _cells("20260811|主推|时段|合计|15|5,000|50|300.5|5|495"),
                _cells("20260811|主推|创意|图A|15|2,000|20|--|-|"),
                _cells("20260811|主推|创意|小计|15|2,000|20|150.5|2|198"),
                _cells("总计||||||||7,000|70"),
            ]
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT cost FROM ad_period WHERE report_level = 'hour' AND target = '08'": Decimal("150.50"),
            "SELECT string_agg(target, ' ') FROM ad_period WHERE report_level = 'creative'": "图A",
        },
        rejected=3,
        problems=frozenset({"hour_unclear"}),
        name="totals",
    ),
    Sample(
        "alimama_region",
        "地域报表_20260812_101501.csv",
        delimited(
            [
                _REGION,
                ("2026-08-11", "70000000001", "秋装主推", "浙江", "杭州", "800", "20", "9.00", "2.5%", "299.00", "1"),
                ("2026-08-11", "70000000001", "秋装主推", "浙江", "宁波", "200", "5", "2.00", "2.5%", "--", "-"),
                ("2026-08-11", "70000000001", "秋装主推", "浙江", "小计", "1,000", "25", "11.00", "", "299.00", "1"),
                ("总计", "", "", "", "", "1,000", "25", "11.00", "", "299.00", "1"),
            ]
        ),
        rows={"ad_period": 1},
        facts={"SELECT cost FROM ad_period WHERE target = '浙江'": Decimal("11.00")},
        name="totals",
    ),
    Sample(
        "meta_ads",
        "placements with a total.csv",
        delimited(
            [
                _SHOWN,
                (*_SPAN, "instagram", "reels", "1,012.50", 1000, 9, 1, "80"),
                (*_SPAN[:3], "Total", "", "", "1,012.50", 1000, 9, 1, "80"),
            ],
            encoding="utf-8",
        ),
        rows={"ad_period": 2},
        facts={"SELECT string_agg(DISTINCT campaign, ' ') FROM ad_period": "Summer"},
        name="total",
    ),
    Sample(
        "amazon_sp_placement",
        "Sponsored_Products_Placement_report.csv",
        delimited(
            [
                _PLACEMENT,
                _cells("2026-07-01||USD|Mugs|US|Fixed bids|Top of Search on-Amazon|100|10|0.55|5.5|45|12%|8.2|2|3"),
                _cells("2026-07-01||USD|Total|US||All|100|10|0.55|5.5|45|12%|8.2|2|3"),
            ],
            encoding="utf-8",
        ),
        rows={"ad_period": 1},
        facts={"SELECT sum(cost) FROM ad_period": Decimal("5.50")},
        name="total",
    ),
]
