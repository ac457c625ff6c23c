"""Paid promotion: the reports of Wanxiangtai by campaign, scene, item, keyword and audience, and Zhitongche of 2018."""

from __future__ import annotations

from decimal import Decimal

from tests.layouts.files import delimited, workbook, zipped
from tests.layouts.sample import Sample
from tests.layouts.taobao import (
    ALIMAMA_ITEM,
    ALIMAMA_ITEM_68,
    ALIMAMA_KEYWORD,
    ALIMAMA_PLAN,
    ALIMAMA_SCENE,
    ZTC,
    columns,
    table,
)

_DAY = "2026-08-11"
_NUMBERS = {
    "展现量": "20,300",
    "点击量": "812",
    "花费": "512.25",
    "点击率": "4.00%",
    "总预售成交金额": "100.00",
    "直接成交金额": "4,000.00",
    "间接成交金额": "918.00",
    "总成交金额": "4,918.00",
    "总成交笔数": "8",
    "直接成交笔数": "6",
    "间接成交笔数": "2",
    "投入产出比": "9.60",
    "总购物车数": "75",
    "收藏宝贝数": "20",
    "收藏店铺数": "3",
    "总收藏数": "23",
    "旺旺咨询量": "11",
    "引导访问量": "640",
    "成交新客数": "5",
    "成交人数": "7",
}
_QUIET = {"展现量": "10", "点击量": "0", "花费": "0.00", "点击率": "0.00%", "总成交金额": "-", "成交人数": "0"}
_CAMPAIGN = {"日期": _DAY, "场景ID": "371", "场景名字": "关键词推广", "计划ID": "70000000001", "计划名字": "秋装主推"}
_ITEM = {"日期": _DAY, "主体ID": "612345678901", "主体类型": "商品", "主体名称": "春秋连衣裙"}
_OTHER = {"日期": _DAY, "主体ID": "55501", "主体类型": "店铺", "主体名称": "某店旗舰店"}
_SUM = {"日期": "合计", "展现量": "20,310", "点击量": "812", "花费": "512.25", "总成交金额": "4,918.00"}
_TWO_ROWS = [{**_ITEM, **_NUMBERS}, {**_OTHER, **_QUIET}]
_ALL = {
    "SELECT sum(cost) FROM ad_period": Decimal("512.25"),
    "SELECT sum(sales_amount) FROM ad_period": Decimal("4918.00"),
    "SELECT sum(direct_amount) + sum(indirect_amount) FROM ad_period": Decimal("4918.00"),
    "SELECT sum(impressions) FROM ad_period": 20310,
    "SELECT sum(orders) * 100 + sum(direct_orders) * 10 + sum(indirect_orders) FROM ad_period": 862,
    "SELECT sum(favourites) * 10 + sum(shop_favourites) FROM ad_period": 233,
    "SELECT sum(buyers) * 10 + sum(new_buyers) FROM ad_period": 75,
    "SELECT sum(visits) * 100 + sum(inquiries) FROM ad_period": 64011,
    "SELECT sum(presale_amount) FROM ad_period": Decimal("100.00"),
    "SELECT sum(cart_adds) FROM ad_period": 75,
    "SELECT count(sales_amount) FROM ad_period": 1,
    "SELECT DISTINCT day || ' ' || attribution_window_days || ' ' || account FROM ad_period": "2026-08-11 0 -",
}
_PLANS = [*ALIMAMA_ITEM[:1], "计划ID", "计划名字", *ALIMAMA_ITEM[1:]]
_ANOTHER_PLAN = {
    **_ITEM,
    "计划ID": "70000000002",
    "计划名字": "人群拉新",
    "展现量": "700",
    "点击量": "8",
    "花费": "7.75",
}

_REPORTS = [
    Sample(
        layout="alimama_plan",
        file="计划报表_20260812_173656.zip",
        data=zipped(
            {
                "计划报表.csv": delimited(
                    table(
                        [*ALIMAMA_PLAN, "净成交金额", "净成交笔数"],
                        {**_CAMPAIGN, **_NUMBERS, "净成交金额": "4,100.00", "净成交笔数": "6"},
                        {**_CAMPAIGN, "计划ID": "70000000002", **_QUIET},
                        _SUM,
                    ),
                    encoding="utf-8",
                )
            }
        ),
        rows={"ad_period": 2},
        facts={
            **_ALL,
            "SELECT DISTINCT report_level FROM ad_period": "plan",
            "SELECT campaign || ' ' || campaign_name || ' ' || scene FROM ad_period WHERE clicks > 0": (
                "70000000001 秋装主推 关键词推广"
            ),
            "SELECT sum(net_amount) FROM ad_period": Decimal("4100.00"),
            "SELECT sum(net_orders) FROM ad_period": 6,
        },
    ),
    Sample(
        layout="alimama_plan",
        name="day_in_name",
        file="计划报表_20260811_173656.xlsx",
        data=workbook(
            {
                "Sheet1": table(
                    [name for name in ALIMAMA_PLAN if name != "日期"],
                    {name: cell for name, cell in {**_CAMPAIGN, **_NUMBERS, "点击率": 0.04}.items() if name != "日期"},
                )
            }
        ),
        rows={"ad_period": 1},
        facts={
            "SELECT day::VARCHAR FROM ad_period": _DAY,
            "SELECT clicks FROM ad_period": 812,
            "SELECT net_amount FROM ad_period": None,
        },
    ),
    Sample(
        layout="alimama_plan",
        name="week",
        file="计划报表.xlsx",
        data=workbook(
            {
                "Sheet1": table(
                    ALIMAMA_PLAN,
                    {**_CAMPAIGN, **_NUMBERS},
                    {**_CAMPAIGN, **_NUMBERS, "日期": "2026-08-03~2026-08-09"},
                )
            }
        ),
        rows={"ad_period": 1},
        facts={"SELECT sum(cost) FROM ad_period": Decimal("512.25")},
        rejected=1,
        problems=frozenset({"not_one_day"}),
    ),
    Sample(
        layout="alimama_plan",
        name="named_like_a_sum",
        file="计划报表_20260812_173656.csv",
        data=delimited(
            table(
                ALIMAMA_PLAN,
                {**_CAMPAIGN, **_NUMBERS, "计划名字": "合计"},
                {**_CAMPAIGN, **_QUIET, "计划ID": "70000000002", "计划名字": "Total", "展现量": "-10"},
                {**_CAMPAIGN, **_QUIET, "计划ID": "70000000003", "花费": "-0.01"},
                {**_CAMPAIGN, **_QUIET, "计划ID": "70000000004", "点击量": "-1"},
                {"计划ID": "-", "计划名字": "合计", "花费": "512.24"},
                {"计划名字": "Total", "花费": "512.24"},
            ),
            encoding="gb18030",
        ),
        rows={"ad_period": 1},
        facts={
            "SELECT campaign || campaign_name FROM ad_period": "70000000001合计",
            "SELECT sum(cost) FROM ad_period": Decimal("512.25"),
        },
        rejected=3,
        problems=frozenset({"negative_figures"}),
    ),
    Sample(
        layout="alimama_scene",
        file="场景报表_20260812_101500.xlsx",
        data=workbook(
            {
                "Sheet1": table(
                    ALIMAMA_SCENE,
                    {"日期": _DAY, "场景ID": "371", "场景名字": "关键词推广", "原二级场景ID": "-", **_NUMBERS},
                    {"日期": _DAY, "场景ID": "376", "场景名字": "货品全站推广", "原二级场景ID": "3761", **_QUIET},
                    _SUM,
                )
            }
        ),
        rows={"ad_period": 2},
        facts={
            **_ALL,
            "SELECT string_agg(report_level || target || ad_group || campaign, ' ' ORDER BY target) FROM ad_period": (
                "scene371-- scene3763761-"
            ),
            "SELECT scene FROM ad_period WHERE target = '376'": "货品全站推广",
        },
    ),
    Sample(
        layout="alimama_item",
        name="68_columns",
        file="商品报表_20260812_101500.xlsx",
        data=workbook({"Sheet1": table(ALIMAMA_ITEM_68, *_TWO_ROWS, _SUM)}),
        rows={"ad_period": 2},
        facts={
            **_ALL,
            "SELECT string_agg(report_level || target, ' ' ORDER BY target) FROM ad_period": (
                "item55501 item612345678901"
            ),
            "SELECT product_id FROM ad_period WHERE target = '612345678901'": "612345678901",
            "SELECT product_id FROM ad_period WHERE target = '55501'": None,
            "SELECT count(subsidy_amount) FROM ad_period": 0,
        },
    ),
    Sample(
        layout="alimama_item",
        name="83_columns",
        file="商品报表_20260812_101500.zip",
        data=zipped(
            {
                "商品报表.csv": delimited(
                    table(ALIMAMA_ITEM, {**_TWO_ROWS[0], "平台补贴金额": "12.50"}, _TWO_ROWS[1]), encoding="gb18030"
                )
            }
        ),
        rows={"ad_period": 2},
        facts={**_ALL, "SELECT sum(subsidy_amount) FROM ad_period": Decimal("12.50")},
    ),
    Sample(
        layout="alimama_item",
        name="by_campaign",
        file="商品报表_20260812_101500.xlsx",
        data=workbook(
            {
                "Sheet1": table(
                    _PLANS,
                    {**_ITEM, "计划ID": "70000000001", "计划名字": "秋装主推", **_NUMBERS, "点击率": 0.04},
                    {**_ANOTHER_PLAN, "成交人数": "2", "总成交金额": "82.00"},
                    {**_ANOTHER_PLAN, "日期": "2026-08-03~2026-08-09"},
                )
            }
        ),
        rows={"ad_period": 1},
        rejected=1,
        problems=frozenset({"not_one_day"}),
        facts={
            "SELECT cost FROM ad_period": Decimal("520.00"),
            "SELECT impressions * 10000 + clicks FROM ad_period": 210000820,
            "SELECT sales_amount FROM ad_period": Decimal("5000.00"),
            "SELECT orders FROM ad_period": 8,
            "SELECT buyers FROM ad_period": None,
            "SELECT campaign || ' ' || target FROM ad_period": "- 612345678901",
        },
    ),
]

_UNIT = {"日期": _DAY, "计划ID": "70000000001", "计划名称": "秋装主推", "单元ID": "801", "单元名称": "连衣裙"}
_PRODUCT = {"主体ID": "612345678901", "主体名称": "春秋连衣裙"}
_TERM = {
    "花费": "12.50",
    "展现量": "1,000",
    "点击量": "30",
    "点击率": "3.00%",
    "总成交金额": "599.00",
    "总成交笔数": "1",
}
_NO_AUDIENCE = [name for name in ALIMAMA_KEYWORD if name != "人群包名称"]
_NO_KEYWORD = [name for name in ALIMAMA_KEYWORD if name != "关键词"]

_TARGETS = [
    Sample(
        layout="alimama_keyword",
        file="关键词报表_20260812_101500.csv",
        data=delimited(
            table(
                [
                    *("实际投产比" if name == "投入产出比" else name for name in _NO_AUDIENCE),
                    *("净成交金额", "净成交笔数", "净实际投产比"),
                ],
                {**_UNIT, **_PRODUCT, "关键词": "连衣裙", **_TERM, "总购物车数": "4", "净成交金额": "599.00"},
                {**_UNIT, "主体ID": "612345678902", "关键词": "连衣裙", "花费": "2.50", "展现量": "100", "点击量": "5"},
                {**_UNIT, **_PRODUCT, "关键词": "春秋裙", **_TERM, "总成交金额": "-", "收藏宝贝数": "3"},
            ),
            encoding="gb18030",
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT cost FROM ad_period WHERE target = '连衣裙'": Decimal("15.00"),
            "SELECT clicks FROM ad_period WHERE keyword = '连衣裙'": 35,
            "SELECT sales_amount FROM ad_period WHERE target = '春秋裙'": None,
            "SELECT net_amount FROM ad_period WHERE target = '连衣裙'": Decimal("599.00"),
            "SELECT product_id FROM ad_period WHERE target = '连衣裙'": None,
            "SELECT product_id FROM ad_period WHERE target = '春秋裙'": "612345678901",
            "SELECT favourites FROM ad_period WHERE target = '春秋裙'": 3,
            "SELECT DISTINCT report_level || campaign || ad_group FROM ad_period": "keyword70000000001801",
        },
    ),
    Sample(
        layout="alimama_keyword",
        name="with_audiences",
        file="关键词人群.xlsx",
        data=workbook(
            {
                "Sheet1": table(
                    ALIMAMA_KEYWORD,
                    {**_UNIT, **_PRODUCT, "关键词": "连衣裙", "人群包名称": "-", **_TERM},
                    {**_UNIT, **_PRODUCT, "关键词": "-", "人群包名称": "喜欢我的宝贝", **_TERM, "花费": "20.00"},
                )
            }
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT cost FROM ad_period WHERE report_level = 'keyword' AND target = '连衣裙'": Decimal("12.50"),
            "SELECT cost FROM ad_period WHERE report_level = 'audience' AND target = '喜欢我的宝贝'": Decimal("20.00"),
            "SELECT keyword FROM ad_period WHERE report_level = 'audience'": None,
        },
    ),
    Sample(
        layout="alimama_audience",
        file="人群报表_20260812_101500.csv",
        data=delimited(
            table(
                _NO_KEYWORD,
                {**_UNIT, **_PRODUCT, "人群包名称": "喜欢我的宝贝", **_TERM},
                {"日期": _DAY, "人群包名称": "智能拉新", **_TERM},
                {"日期": "总计", "花费": "25.00", "展现量": "2,000"},
            ),
            encoding="utf-8-sig",
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT sum(cost) FROM ad_period": Decimal("25.00"),
            "SELECT campaign || ad_group FROM ad_period WHERE target = '智能拉新'": "--",
            "SELECT ad_group_name FROM ad_period WHERE target = '喜欢我的宝贝'": "连衣裙",
            "SELECT DISTINCT report_level FROM ad_period": "audience",
        },
    ),
    Sample(
        layout="ztc_units",
        file="直通车推广单元_2018-11-11.csv",
        data=delimited(
            [
                ZTC,
                columns(
                    "推广中|春秋连衣裙|宝贝推广|双11|￥0.80|12,300|410|3.33%|￥1,312.00|￥3.20|2.44%|4.57|￥5,990.00"
                ),
                columns("推广中|春秋连衣裙|宝贝推广|双11|￥0.90|100|1|1.00%|￥0.90|￥0.90|-|-|-"),
                ["暂停", "外套", "宝贝推广", "双11", "￥1.00", "-", "-", "-", "-", "-", "-", "-", "-"],
            ],
            encoding="gb18030",
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT cost FROM ad_period WHERE target = '春秋连衣裙'": Decimal("1312.90"),
            "SELECT sales_amount FROM ad_period WHERE target = '春秋连衣裙'": Decimal("5990.00"),
            "SELECT bid FROM ad_period WHERE target = '春秋连衣裙'": None,
            "SELECT bid FROM ad_period WHERE target = '外套'": Decimal("1.0000"),
            "SELECT cost FROM ad_period WHERE target = '外套'": Decimal("0.00"),
            "SELECT impressions + clicks FROM ad_period WHERE target = '外套'": 0,
            "SELECT DISTINCT report_level || ' ' || campaign || ' ' || day FROM ad_period": "item 双11 2018-11-11",
            "SELECT product_id FROM ad_period WHERE target = '外套'": None,
        },
    ),
]

SAMPLES: list[Sample] = [*_REPORTS, *_TARGETS]
