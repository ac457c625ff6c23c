"""What the catalogue's terms and the flags of a value mean, in words, and the JSON shape of a definition."""

from __future__ import annotations

from typing import Any

from duoshou.metrics.definition import Metric
from duoshou.metrics.result import Flag
from duoshou.model import Text
from duoshou.settings.channels import UNASSIGNED, UNASSIGNED_TITLE, shipped_channels

WORDS = {
    "unit": {
        "money": Text("金额", "money"),
        "count": Text("个数", "count"),
        "people": Text("人数", "people"),
        "rate": Text("比率", "rate"),
        "ratio": Text("倍数或均值", "ratio or mean"),
        "seconds": Text("秒", "seconds"),
        "score": Text("评分", "score"),
    },
    "additivity": {
        "additive": Text("可相加", "parts may be added"),
        "additive_within_window": Text("同一归因窗口内可相加", "parts of one attribution window may be added"),
        "distinct": Text("去重人数，不能按天相加", "people counted once; days are not added silently"),
        "ratio": Text("分子之和 ÷ 分母之和", "sum of numerators ÷ sum of denominators"),
        "distinct_ratio": Text("分子、分母分别去重后相除", "numerator and denominator counted once each, then divided"),
        "maturing_ratio": Text("到成熟期后，分子之和 ÷ 分母之和", "sums divided, once they have matured"),
        "weighted_mean": Text("加权平均", "weighted mean"),
        "last_value": Text("取期末值", "the last day stands for the period"),
        "semi_additive": Text("时间上取期末值，对象之间可相加", "the last value of each thing, then added"),
        "share": Text("部分 ÷ 整体，每次重算", "part ÷ whole, always recomputed"),
        "index": Text("平台指数，不能相加也不能平均", "a black box of the platform, never added nor averaged"),
    },
    "date_base": {
        "created": Text("下单日", "day of the order"),
        "paid": Text("付款日", "day of payment"),
        "refunded": Text("退款日", "day of the refund"),
        "visit": Text("访问日", "day of the visit"),
        "click": Text("点击日", "day of the click"),
        "rating": Text("评分日", "day of the rating"),
        "applied": Text("申请日", "day of the application"),
        "booked": Text("动账日", "day of the booking"),
        "day": Text("数据所属日", "day that the row describes"),
    },
    "refunds": {
        "ignored": Text("不扣退款", "refunds are not subtracted"),
        "subtracted": Text("已扣退款", "refunds are subtracted"),
        "counted": Text("数的就是退款", "refunds are what is counted"),
        "not_applicable": Text("与退款无关", "refunds do not matter"),
    },
}
VALUES = {
    "device": {"wireless": Text("无线端", "phones"), "pc": Text("电脑端", "computers")},
    "terminal": {"wireless": Text("无线端", "phones"), "pc": Text("电脑端", "computers"), "all": Text("全部", "all")},
    "buyer_type": {"new": Text("新客", "new"), "returning": Text("老客", "returning")},
    "content_kind": {
        "live": Text("直播", "live"),
        "video": Text("短视频", "video"),
        "note": Text("图文", "note"),
        "card": Text("商品卡", "product card"),
    },
    "channel": {UNASSIGNED: UNASSIGNED_TITLE, **{one.key: one.title for one in shipped_channels()}},
}
"""Dimension → value as the warehouse writes it → what people call it; other values are called as they are."""
FLAGS = {
    Flag.APPROXIMATE: Text(
        "人数是近似值：按天相加，或有人身份未知", "people are approximate: added over days, or some unknown"
    ),
    Flag.PROVISIONAL: Text("还会变（如后来的退款）", "still going to change, for example by later refunds"),
    Flag.SMALL_SAMPLE: Text("样本太少，仅供参考", "a small sample, take it with care"),
    Flag.MISSING_DAYS: Text("期间有的日子没有数据", "some days of the period have no data"),
    Flag.NOT_ADDITIVE: Text("不能相加，请再拆分或筛选", "cannot be added: split or filter further"),
    Flag.DEFINITIONS_DIFFER: Text(
        "几个平台的口径不同，不能放在一起；请按店铺或平台分开看",
        "the platforms count different things: look at each shop or platform by itself",
    ),
}


def metric_shape(metric: Metric) -> dict[str, Any]:
    """Return the JSON shape of one metric's definition; texts in both languages."""
    texts = ("title", "formula", "purpose", "caution")
    shape: dict[str, Any] = {"key": metric.key}
    shape |= {name: {"zh": getattr(metric, name).zh, "en": getattr(metric, name).en} for name in texts}
    shape |= {name: str(getattr(metric, name)) for name in ("unit", "additivity", "date_base", "refunds")}
    shape |= {name: getattr(metric, name) for name in ("maturity_days", "minimum_sample")}
    return shape | {"aliases": list(metric.aliases)}
