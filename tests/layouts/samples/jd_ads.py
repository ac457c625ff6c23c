"""Samples of 京准通: reports of several depths, and the keyword report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tests.layouts.files import delimited, workbook
from tests.layouts.sample import Sample


def _columns(names: str) -> list[str]:
    """Return the names of a header, which are written with bars between."""
    return names.split("|")


def _filled(header: Sequence[str], *rows: Mapping[str, object]) -> list[list[object]]:
    """Return rows in the order of the header; what a row does not name is empty."""
    assert all(set(row) <= set(header) for row in rows)
    return [[row.get(name, "") for name in header] for row in rows]


REPORT = _columns(
    "日期|账户名称|产品线|计划类型|计划ID|推广计划|单元ID|推广单元|创意ID|推广创意|品牌ID|品牌名称|"
    "类目ID|类目名称|跟单SKU ID|人群ID|人群名称|广告定向类型|展现数|点击数|总费用|直接订单行|"
    "直接订单金额|间接订单行|间接订单金额|总订单行|总订单金额|直接购物车数|间接购物车数|总购物车数|"
    "点赞数|评论数|分享数|关注数|互动数|互动率|预售订单行|预售订单金额|下单新客数|预约数|领劵数|"
    "商品关注数|店铺关注数"
)
KEYWORD = _columns(
    "日期|营销场景|跟单SKU ID|跟单SKU名称|关键词|花费|展现数|点击数|总订单行|总订单金额|总加购数|下单新客数"
)


_PLAN = {
    "日期": "2026-08-11",
    "账户名称": "某某旗舰店",
    "产品线": "京东快车",
    "计划ID": "700001",
    "推广计划": "夏季计划",
}
_UNIT = _PLAN | {"单元ID": "800001", "推广单元": "杯子"}
_CREATIVES = _filled(
    REPORT,
    _UNIT
    | {
        "创意ID": "900001",
        "推广创意": "主图一",
        "跟单SKU ID": "100012345678",
        "展现数": "1,000",
        "点击数": "50",
        "总费用": "60.25",
        "直接订单行": "2",
        "直接订单金额": "398.00",
        "间接订单行": "1",
        "间接订单金额": "59.00",
        "总订单行": "3",
        "总订单金额": "457.00",
        "总购物车数": "9",
        "下单新客数": "2",
    },
    _UNIT
    | {
        "创意ID": "900001",
        "推广创意": "主图一",
        "跟单SKU ID": "100012345679",
        "展现数": "500",
        "点击数": "10",
        "总费用": "9.75",
        "总订单行": "0",
        "总订单金额": "0.00",
    },
    _UNIT
    | {"创意ID": "900002", "推广创意": "主图二", "展现数": "100", "点击数": "1", "总费用": "1.00", "总订单行": "-"},
)
_UNITS = _filled(
    REPORT,
    _UNIT | {"展现数": "1600", "点击数": "61", "总费用": "71.00", "总订单行": "3", "总订单金额": "457.00"},
    _UNIT
    | {"单元ID": "800002", "展现数": "400", "点击数": "4", "总费用": "4.00", "总订单行": "1", "总订单金额": "20.00"},
)
_LINES = _filled(
    REPORT,
    {"日期": "2026/8/11", "产品线": "京东快车", "展现数": "2000", "点击数": "65", "总费用": "75.00", "总订单行": "4"},
    {"日期": "2026/8/11", "产品线": "推荐广告", "展现数": "300", "点击数": "5", "总费用": "5.00", "总订单行": "0"},
)
_KEYWORDS = _filled(
    KEYWORD,
    {
        "日期": "20260811",
        "营销场景": "关键词推广",
        "跟单SKU ID": "100012345678",
        "跟单SKU名称": "保温杯",
        "关键词": "保温杯 大容量",
        "花费": "12.30",
        "展现数": "800",
        "点击数": "16",
        "总订单行": "2",
        "总订单金额": "398.00",
        "总加购数": "5",
        "下单新客数": "1",
    },
    {
        "日期": "20260811",
        "营销场景": "关键词推广",
        "跟单SKU ID": "100012345679",
        "关键词": "保温杯 大容量",
        "花费": "0.70",
        "展现数": "80",
        "点击数": "1",
        "总订单行": "-",
    },
)

SAMPLES: list[Sample] = [
    Sample(
        layout="jd_jzt",
        name="named_like_a_sum",
        file="京准通报表.csv",
        data=delimited(
            [
                REPORT,
                *_filled(
                    REPORT,
                    _PLAN | {"推广计划": "合计", "展现数": "1600", "点击数": "61", "总费用": "71.00"},
                    _PLAN | {"计划ID": "700002", "展现数": "10", "点击数": "1", "总费用": "-1.00"},
                    {"推广计划": "合计", "展现数": "1610", "点击数": "62", "总费用": "70.00"},
                ),
            ]
        ),
        rows={"ad_period": 1},
        facts={"SELECT campaign || campaign_name || cost FROM ad_period": "700001合计71.00"},
        rejected=1,
        problems=frozenset({"negative_figures"}),
    ),
    Sample(
        layout="jd_jzt",
        name="creative",
        file="京准通报表.csv",
        data=delimited([REPORT, *_CREATIVES]),
        rows={"ad_period": 2},
        facts={
            "SELECT min(report_level) || max(report_level) FROM ad_period": "creativecreative",
            # The two SKUs of one creative are one row.
            "SELECT cost FROM ad_period WHERE target = '900001'": Decimal("70.00"),
            "SELECT impressions FROM ad_period WHERE target = '900001'": 1500,
            "SELECT count(*) FROM ad_period WHERE product_id IS NULL": 2,
            "SELECT orders FROM ad_period WHERE target = '900001'": 3,
            "SELECT count(*) FROM ad_period WHERE target = '900002' AND orders IS NULL": 1,
            "SELECT min(attribution_window_days) FROM ad_period": 15,
            "SELECT max(account || campaign || ad_group) FROM ad_period": "某某旗舰店700001800001",
            "SELECT CAST(max(day) AS VARCHAR) FROM ad_period": "2026-08-11",
        },
    ),
    Sample(
        layout="jd_jzt",
        name="plan",
        file="京准通报表_单元.csv",
        data=delimited([REPORT, *_UNITS], encoding="gb18030"),
        rows={"ad_period": 1},
        facts={
            "SELECT report_level || campaign || ad_group || target FROM ad_period": "plan700001--",
            "SELECT cost FROM ad_period": Decimal("75.00"),
            "SELECT orders FROM ad_period": 4,
            "SELECT sales_amount FROM ad_period": Decimal("477.00"),
        },
    ),
    Sample(
        layout="jd_jzt",
        name="scene",
        file="京准通报表_产品线.csv",
        data=delimited([REPORT, *_LINES]),
        rows={"ad_period": 2},
        facts={
            "SELECT string_agg(account, ' ' ORDER BY account) FROM ad_period": "京东快车 推荐广告",
            "SELECT min(report_level) || max(report_level) || max(campaign) FROM ad_period": "scenescene-",
            "SELECT sum(cost) FROM ad_period": Decimal("80.00"),
        },
    ),
    Sample(
        layout="jd_jzt_keyword",
        file="关键词报表_20260811.xlsx",
        data=workbook({"Sheet1": [KEYWORD, *_KEYWORDS]}),
        rows={"ad_period": 2},
        facts={
            "SELECT min(report_level) || min(keyword) FROM ad_period": "keyword保温杯 大容量",
            "SELECT sum(cost) FROM ad_period WHERE target = '保温杯 大容量'": Decimal("13.00"),
            "SELECT string_agg(product_id, ' ' ORDER BY product_id) FROM ad_period": "100012345678 100012345679",
            "SELECT count(*) FROM ad_period WHERE orders IS NULL": 1,
            "SELECT cart_adds FROM ad_period WHERE product_id = '100012345678'": 5,
        },
    ),
]
