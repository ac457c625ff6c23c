"""The glossary of metrics in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model import Text

if TYPE_CHECKING:
    from duoshou.metrics import Metric


LONGEST_FORMULA = 60
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


def metric_shape(metric: Metric) -> dict[str, Any]:
    """Return the JSON shape of one metric's definition; texts in both languages."""
    texts = ("title", "formula", "purpose", "caution")
    shape: dict[str, Any] = {"key": metric.key}
    shape |= {name: {"zh": getattr(metric, name).zh, "en": getattr(metric, name).en} for name in texts}
    shape |= {name: str(getattr(metric, name)) for name in ("unit", "additivity", "date_base", "refunds")}
    shape |= {name: getattr(metric, name) for name in ("maturity_days", "minimum_sample")}
    return shape | {"aliases": list(metric.aliases)}


def glossary_text(metrics: Sequence[Metric], session: Session) -> str:
    """Return one line per metric: key, name, formula."""
    language = session.language
    header = [session.say("指标", "key"), session.say("名称", "name"), session.say("公式", "formula")]
    rows = [
        [metric.key, metric.title.in_language(language), shorten(metric.formula.in_language(language), LONGEST_FORMULA)]
        for metric in metrics
    ]
    ending = session.say("完整说明：duoshou metrics 指标", "In full: duoshou metrics KEY")
    return f"{table(header, rows)}\n{ending}"


def metric_text(metric: Metric, session: Session) -> str:
    """Return everything that is known of one metric."""
    language = session.language
    lines = [f"{metric.key}  {metric.title.zh} · {metric.title.en}"]
    facts = (
        ("公式", "formula", metric.formula.in_language(language)),
        ("单位", "unit", _word("unit", metric.unit, session)),
        ("可加性", "additivity", _word("additivity", metric.additivity, session)),
        ("日期口径", "date base", _word("date_base", metric.date_base, session)),
        ("退款", "refunds", _word("refunds", metric.refunds, session)),
        ("成熟期", "maturity", session.say(f"{metric.maturity_days} 天", f"{metric.maturity_days} days")),
        ("最小样本", "minimum sample", str(metric.minimum_sample)),
        ("别名", "also called", "、".join(metric.aliases)),
        ("用途", "use", metric.purpose.in_language(language)),
        ("注意", "caution", metric.caution.in_language(language)),
    )
    lines += [f"  {session.say(zh, en)}: {value}" for zh, en, value in facts if value]
    return "\n".join(lines)


def _word(kind: str, value: str, session: Session) -> str:
    return WORDS[kind][str(value)].in_language(session.language)
