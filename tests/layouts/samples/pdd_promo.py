"""Samples of 拼多多 promotion: 14 columns, and the days of the full report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tests.layouts.files import workbook
from tests.layouts.sample import Sample


def _columns(names: str) -> list[str]:
    """Return the names of a header, which are written with bars between."""
    return names.split("|")


def _filled(header: Sequence[str], *rows: Mapping[str, object], empty: object = "") -> list[list[object]]:
    """Return rows in the order of the header; what a row does not name is empty."""
    assert all(set(row) <= set(header) for row in rows)
    return [[row.get(name, empty) for name in header] for row in rows]


PROMO = _columns(
    "日期|商品ID|商品名称|推广场景|推广名称|出价方式|分组|是否已删除|成交花费(元)|交易额(元)|实际投产比|"
    "总花费(元)|曝光量|点击量"
)
PROMO_DAYS = _columns(
    "日期|商品ID|商品名称|推广场景|推广名称|出价方式|分组|是否已删除|成交花费(元)|交易额(元)|实际投产比|"
    "总花费(元)|净交易额(元)|净实际投产比|净成交笔数|每笔净成交花费(元)|净交易额占比|净成交笔数占比|"
    "每笔净成交金额(元)|结算交易额(元)|结算投产比|结算成交笔数|退款豁免率|退单豁免率|"
    "每笔结算成交花费(元)|交易额结算率|订单结算率|每笔结算成交金额(元)|成交笔数|每笔成交花费(元)|"
    "每笔成交金额(元)|直接交易额(元)|间接交易额(元)|直接成交笔数|间接成交笔数|曝光量|点击量|询单花费(元)|"
    "询单量|平均询单成本(元)|收藏花费(元)|收藏量|平均收藏成本(元)|关注花费(元)|关注量|平均关注成本(元)"
)

_PROMOTED = {
    "日期": "2026-08-11",
    "商品ID": "456789012345",
    "商品名称": "保温杯",
    "推广场景": "商品推广",
    "推广名称": "保温杯推广",
    "出价方式": "目标投产比：5.80",
    "是否已删除": "否",
    "交易额(元)": "580.00",
    "总花费(元)": "100.00",
    "成交花费(元)": "95.00",
    "实际投产比": "5.80",
    "曝光量": "10,000",
    "点击量": "300",
}
_SECOND = _PROMOTED | {
    "商品ID": "456789012346",
    "商品名称": "吸管杯",
    "出价方式": "自动出价",
    "交易额(元)": "-",
    "总花费(元)": "20.00",
    "曝光量": "500",
    "点击量": "10",
}
_TOTAL = {"日期": "总计", "交易额(元)": "900.00", "总花费(元)": "150.00", "曝光量": "10500", "点击量": "310"}
_MORE = {
    "净交易额(元)": "480.00",
    "净成交笔数": "8",
    "成交笔数": "10",
    "直接交易额(元)": "500.00",
    "间接交易额(元)": "80.00",
    "直接成交笔数": "9",
    "间接成交笔数": "1",
    "净交易额占比": "83.33%",
    "询单量": "4",
    "收藏量": "6",
    "关注量": "2",
}
_DELETED = _PROMOTED | {"是否已删除": "是", "总花费(元)": "1.50", "交易额(元)": "0.00", "曝光量": "40", "点击量": "1"}
_SUM_SHEET = _filled(PROMO_DAYS[1:], {"商品ID": "456789012345", "总花费(元)": "101.50"}, empty=None)

SAMPLES: list[Sample] = [
    Sample(
        layout="pdd_promo_short",
        file="推广_商品.xlsx",
        data=workbook({"推广": [["名称：推广"], PROMO, *_filled(PROMO, _PROMOTED, _SECOND, _TOTAL)]}),
        rows={"ad_period": 2},
        facts={
            "SELECT sum(cost) FROM ad_period": Decimal("120.00"),
            "SELECT bid FROM ad_period WHERE target = '456789012345'": Decimal("5.8000"),
            "SELECT count(*) FROM ad_period WHERE bid IS NULL AND sales_amount IS NULL": 1,
            "SELECT min(report_level) || max(report_level) || min(scene) FROM ad_period": "itemitem商品推广",
            "SELECT impressions FROM ad_period WHERE product_id = '456789012345'": 10000,
        },
        # The whole shop's promotion is in the total only.
        problems=frozenset({"totals_differ"}),
    ),
    Sample(
        layout="pdd_promo_full",
        file="商品推广_分天.xlsx",
        data=workbook(
            {
                "商品_汇总数据": [PROMO_DAYS[1:], *_SUM_SHEET],
                "商品_分天数据": [PROMO_DAYS, *_filled(PROMO_DAYS, _PROMOTED | _MORE, _DELETED)],
            }
        ),
        rows={"ad_period": 1},
        facts={
            "SELECT cost FROM ad_period": Decimal("101.50"),
            "SELECT clicks FROM ad_period": 301,
            "SELECT net_amount FROM ad_period": Decimal("480.00"),
            "SELECT net_orders * 100 + orders FROM ad_period": 810,
            "SELECT direct_amount + indirect_amount FROM ad_period": Decimal("580.00"),
            "SELECT inquiries * 100 + favourites * 10 + shop_favourites FROM ad_period": 462,
        },
    ),
]
