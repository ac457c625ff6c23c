"""A question about metrics, as an address asks it: `metric=…&by=…&from=…&to=…&where=region:浙江省`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.gate.errors import bad_value
from duoshou.gate.visitor import Visitor
from duoshou.model import Comparison, Grain, InvalidPeriod, Period, Text

if TYPE_CHECKING:
    from duoshou.app import Workbench
    from duoshou.metrics import QueryResult

MOST_METRICS = 40
MOST_DAYS = 3700


def answer_to(visitor: Visitor, bench: Workbench) -> QueryResult:
    """Return the answer to the question of an address.

    Raises:
        Refused: If a value cannot be meant.
        MetricError: If a name is unknown, or an answer would not be true.
    """
    metrics = visitor.texts("metric")
    if not metrics or len(metrics) > MOST_METRICS:
        wanted = Text(f"写 1 到 {MOST_METRICS} 个指标", f"name 1 to {MOST_METRICS} metrics")
        raise bad_value("metric", ", ".join(metrics), wanted)
    compare = visitor.text("compare")
    return bench.query(
        metrics,
        by=visitor.texts("by"),
        period=_period(visitor),
        last=visitor.text("last"),
        grain=_grain(visitor),
        compare=visitor.comparison(Comparison.WEEK) if compare else None,
        where=_filters(visitor),
        shop=visitor.only_shop,
    )


def _period(visitor: Visitor) -> Period | None:
    first, last = visitor.day("from"), visitor.day("to")
    if first is None and last is None:
        return None
    both = Text("from 和 to 要一起写", "from and to belong together")
    if first is None or last is None:
        raise bad_value("from" if first is None else "to", "", both)
    try:
        period = Period(first, last)
    except InvalidPeriod:
        raise bad_value("to", last.isoformat(), Text("不能早于 from", "it cannot lie before from")) from None
    if period.days > MOST_DAYS:
        raise bad_value("from", first.isoformat(), Text(f"最多 {MOST_DAYS} 天", f"at most {MOST_DAYS} days"))
    return period


def _grain(visitor: Visitor) -> Grain | None:
    value = visitor.text("grain")
    try:
        return Grain(value) if value else None
    except ValueError:
        known = ", ".join(Grain)
        raise bad_value("grain", value or "", Text(f"可用：{known}", f"there are {known}")) from None


def _filters(visitor: Visitor) -> dict[str, str]:
    found = {}
    for pair in visitor.texts("where"):
        dimension, mark, value = pair.partition(":")
        if not mark or not dimension:
            raise bad_value("where", pair, Text("写成 维度:值", "write dimension:value"))
        found[dimension] = value
    return found
