"""The answer in one sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from duoshou.analysts.diagnosis.explain_drivers import Breakdown
from duoshou.analysts.diagnosis.explain_parts import Part, PartKind, Split
from duoshou.analysts.diagnosis.explain_values import Pair
from duoshou.metrics import Catalogue, Metric, Unit
from duoshou.model import Text

MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class _Reason:
    """Something that moved the metric: its name, how it moved itself, and by how much it moved the metric."""

    name: Text
    moved: str
    contribution: float


def headline(catalogue: Catalogue, metric: Metric, values: Pair, breakdown: Breakdown, splits: Sequence[Split]) -> Text:
    """Return one sentence: the direction, what it mainly comes from, and what offset it.

    The main reasons are the fewest drivers that make at least half of what moved in the direction of the change, two at
    most. A metric without drivers is told by the parts of its first dimension. Where the sources' disagreement weighs
    more than all drivers of that direction, the sentence says that it cannot tell.
    """
    before, after = values.floats
    change = after - before
    reasons = [
        _Reason(catalogue.metrics[one.key].title, _moved(catalogue.metrics[one.key].unit, one.pair), one.contribution)
        for one in breakdown.drivers
    ] or _by_parts(catalogue, splits)
    whole = _whole(metric.unit, before, after)
    name = metric.title
    if not change:
        return _unchanged(name, reasons)
    if not reasons:
        verb = Text("上升", "rose by") if change > 0 else Text("下降", "fell by")
        return Text(
            f"{name.zh}{verb.zh} {whole.zh}，没有可以再拆的因素", f"{name.en} {verb.en} {whole.en}; nothing to split"
        )
    verb = Text("上升", "rose") if change > 0 else Text("下降", "fell")
    same = sorted((one for one in reasons if one.contribution * change > 0), key=lambda one: -abs(one.contribution))
    pushed = math.fsum(abs(one.contribution) for one in same)
    if not same or (breakdown.residual * change > 0 and abs(breakdown.residual) > pushed):
        return Text(
            f"{name.zh}{verb.zh} {whole.zh}，数据不足以判断原因",
            f"{name.en} {verb.en} {whole.en}; the data cannot tell why",
        )
    main = _fewest(same, pushed / 2)
    offset = sorted((one for one in reasons if one.contribution * change < 0), key=lambda one: -abs(one.contribution))[
        :MOST_NAMED
    ]
    zh = f"{name.zh}{verb.zh}主要来自{'和'.join(_with(one, metric.unit).zh for one in main)}，合计 {whole.zh}"
    through = " and ".join(_with(one, metric.unit).en for one in main)
    en = f"{name.en} {verb.en} mainly through {through}; in all {whole.en}"
    if offset:
        zh += f"；{'、'.join(_moving(one).zh for one in offset)}抵消了一部分"
        en += f"; {' and '.join(_moving(one).en for one in offset)} offset part of it"
    return Text(zh, en)


def _fewest(ordered: Sequence[_Reason], enough: float) -> list[_Reason]:
    found: list[_Reason] = []
    for one in ordered[:MOST_NAMED]:
        found.append(one)
        if math.fsum(abs(each.contribution) for each in found) >= enough:
            break
    return found


def _unchanged(name: Text, reasons: Sequence[_Reason]) -> Text:
    moved = [one for one in reasons if one.contribution]
    if not moved:
        return Text(f"{name.zh}没有变化", f"{name.en} did not change")
    up = max(moved, key=lambda one: one.contribution)
    down = min(moved, key=lambda one: one.contribution)
    if up.contribution < 0 or down.contribution > 0:
        return Text(f"{name.zh}没有变化", f"{name.en} did not change")
    return Text(
        f"{name.zh}没有变化：{_moving(up).zh}与{_moving(down).zh}相互抵消",
        f"{name.en} did not change: {_moving(up).en} and {_moving(down).en} cancel out",
    )


def _by_parts(catalogue: Catalogue, splits: Sequence[Split]) -> list[_Reason]:
    if not splits:
        return []
    title = catalogue.dimensions[splits[0].dimension].title
    return [
        _Reason(_part_name(title, part), "", part.contribution)
        for part in splits[0].parts
        if part.kind is not PartKind.ELSEWHERE
    ]


def _part_name(title: Text, part: Part) -> Text:
    if part.kind is PartKind.OTHER:
        return Text(f"其余各{title.zh}合计", f"the other values of {title.en.lower()} together")
    if part.kind is PartKind.UNKNOWN:
        return Text(f"{title.zh}未知的部分", f"what has no known {title.en.lower()}")
    return Text(f"{title.zh}“{part.name.zh}”", f"{title.en.lower()} {part.name.en!r}")


def _with(reason: _Reason, unit: Unit) -> Text:
    share = signed(reason.contribution, unit)
    inside = Text(
        "，".join(filter(None, (reason.moved, f"影响 {share}"))), ", ".join(filter(None, (reason.moved, share)))
    )
    return Text(f"{reason.name.zh}（{inside.zh}）", f"{reason.name.en} ({inside.en})")


def _moving(reason: _Reason) -> Text:
    if not reason.moved:
        return reason.name
    return Text(f"{reason.name.zh}（{reason.moved}）", f"{reason.name.en} ({reason.moved})")


def _moved(unit: Unit, pair: Pair) -> str:
    before, after = pair.floats
    return relative(before, after) or signed(after - before, unit)


def _whole(unit: Unit, before: float, after: float) -> Text:
    change, share = signed(after - before, unit), relative(before, after)
    return Text(f"{change}（{share}）", f"{change} ({share})") if share else Text(change, change)


def relative(before: float, after: float) -> str:
    """Return the relative change as people write it; empty where there was nothing before."""
    return f"{(after - before) / abs(before):+,.2%}" if before else ""


def signed(value: float, unit: Unit) -> str:
    """Return a change in its unit with its sign: rates in percentage points, counts whole where they are."""
    if unit is Unit.RATE:
        return f"{value * 100:+.2f}pp"
    if unit in (Unit.COUNT, Unit.PEOPLE):
        return f"{value:+,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:+,.1f}"
    return f"{value:+,.2f}" if abs(value) >= 0.01 or not value else f"{value:+.2g}"
