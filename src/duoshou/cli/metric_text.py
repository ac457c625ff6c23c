"""The glossary of metrics in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table

if TYPE_CHECKING:
    from duoshou.metrics import Metric

LONGEST_FORMULA = 60


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
    from duoshou.metrics.wording import WORDS

    return WORDS[kind][str(value)].in_language(session.language)
