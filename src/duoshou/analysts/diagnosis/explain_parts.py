"""Where a metric changed: the parts of a dimension, which sum to the change together with what they share."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from duoshou.analysts.diagnosis.explain_errors import NotExplainable
from duoshou.analysts.diagnosis.explain_values import Group, Pair, Values
from duoshou.metrics import Additivity, Catalogue, Metric, NotAnswerable
from duoshou.model import Text
from duoshou.statistics.decomposition import mix_and_rate

Names = Callable[[str, Sequence[str]], Mapping[str, str]]
MOST_PARTS = 10
CLOSE = 1e-9
SENTINELS = frozenset({None, "", "-"})
"""What a table writes where a platform tells no value."""

SUMMED = (
    Additivity.ADDITIVE,
    Additivity.ADDITIVE_WITHIN_WINDOW,
    Additivity.SEMI_ADDITIVE,
    Additivity.DISTINCT,
)
DIVIDED = (Additivity.RATIO, Additivity.DISTINCT_RATIO, Additivity.MATURING_RATIO, Additivity.WEIGHTED_MEAN)


class PartKind(StrEnum):
    """What a part is: a value of the dimension, rows without one, the smaller parts folded, what no part holds."""

    VALUE = "value"
    UNKNOWN = "unknown"
    OTHER = "other"
    ELSEWHERE = "elsewhere"


PART_NAMES = {
    PartKind.UNKNOWN: Text("未知", "unknown"),
    PartKind.OTHER: Text("其他", "other"),
    PartKind.ELSEWHERE: Text("未归入", "in no part"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split.

    Attributes:
        kind: What it is.
        value: Value of the dimension, for a part that is one.
        name: What a person reads.
        before: Its own value in the baseline; None when unknown, and for people folded together, whom nobody counted.
        after: Its own value in the period.
        contribution: What it did to the metric, in the metric's unit.
        mix: Of a ratio: the effect of its weight; None for a metric that is added.
        rate: Of a ratio: the effect of its own ratio.
    """

    kind: PartKind
    value: str | None
    name: Text
    before: float | None
    after: float | None
    contribution: float
    mix: float | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """A change by one dimension.

    Attributes:
        dimension: Its key.
        parts: They and `overlap` sum to the change; those folded and nameless last.
        overlap: What people (or orders) counted in several parts make.
        source: What answered by the dimension.
        count: Number of values before the smaller ones were folded.
    """

    dimension: str
    parts: tuple[Part, ...]
    overlap: float
    source: str | None
    count: int


def split_by(values: Values, key: str, whole: Pair, dimension: str, names: Names | None = None) -> Split:
    """Return the change of a metric by a dimension.

    Args:
        values: Where values come from.
        key: Metric.
        whole: Its values, both known.
        dimension: Dimension.
        names: Finds readable names of values.

    Raises:
        NotExplainable: If parts of the metric must not be put together, or none is known.
        MetricError: If no source carries the dimension.
    """
    metric = values.catalogue.metrics[key]
    require_divisible(metric)
    if metric.additivity in DIVIDED:
        parts, source = _ratio_parts(values, metric, dimension)
    else:
        parts, source = _summed_parts(values, key, dimension)
    if not parts:
        title = values.catalogue.dimensions[dimension].title
        raise NotExplainable(
            "no_parts",
            Text(f"没有按{title.zh}的{metric.title.zh}数据", f"there are no data of {metric.key} by {dimension}"),
            hint=Text("请换一个 --by，或导入有这个维度的文件", "choose another --by, or import files that tell it"),
        )
    change = whole.floats[1] - whole.floats[0]
    rest = change - math.fsum(part.contribution for part in parts)
    scale = max(abs(change), *map(abs, whole.floats), *(abs(part.contribution) for part in parts), 0.0)
    overlap = 0.0
    if abs(rest) <= CLOSE * scale:
        parts = _settled(parts, rest)
    elif counts_once(values.catalogue, key):
        overlap = rest
    else:
        parts.append(_elsewhere(parts, whole, rest, is_sum=metric.additivity in SUMMED))
    folded = fold(parts, has_sums=metric.additivity in SUMMED and not counts_once(values.catalogue, key))
    count = sum(part.kind is PartKind.VALUE for part in parts)
    return Split(dimension, tuple(_named(folded, dimension, names)), overlap, source, count)


def require_divisible(metric: Metric) -> None:
    """Raise where the parts of a metric do not make its whole.

    Raises:
        NotExplainable: For an index, a last value, a share.
    """
    if metric.additivity in (*SUMMED, *DIVIDED):
        return
    if metric.share:
        raise NotExplainable(
            "not_divisible",
            Text(f"{metric.title.zh}是占比，不能拆解", f"{metric.key} is a share and cannot be explained"),
            hint=Text(f"请拆解 {metric.share.of}", f"explain {metric.share.of}"),
        )
    if metric.additivity is Additivity.INDEX:
        why = Text("是平台指数，各部分不能相加", "is an index of the platform: its parts do not add up")
    else:
        why = Text("取期末值，各部分不能相加", "is a last value: its parts do not add up")
    raise NotExplainable(
        "not_divisible",
        Text(f"{metric.title.zh}{why.zh}，不能按维度拆分", f"{metric.key} {why.en}, so it cannot be split"),
        hint=Text("请去掉 --by，或换成可相加的指标", "leave --by out, or choose a metric whose parts add up"),
    )


def counts_once(catalogue: Catalogue, key: str) -> bool:
    """Return whether the metric rests on things of which one may be counted in several parts."""
    leaves = [catalogue.metrics[leaf] for leaf in catalogue.leaves(key)]
    return any(
        leaf.additivity is Additivity.DISTINCT or any(one.distinct or one.repeat for one in leaf.source)
        for leaf in leaves
    )


def fold(parts: Sequence[Part], *, has_sums: bool) -> list[Part]:
    """Return the largest parts, the rest folded into one, then those without a value.

    Args:
        parts: Any number of parts.
        has_sums: Whether values of parts may be added to the value of the folded part.
    """
    known = sorted(
        (part for part in parts if part.kind is PartKind.VALUE), key=lambda part: (-abs(part.contribution), part.value)
    )
    nameless = [part for part in parts if part.kind is not PartKind.VALUE]
    if len(known) <= MOST_PARTS + 1:
        return [*known, *nameless]
    small = known[MOST_PARTS:]
    return [*known[:MOST_PARTS], _together(small, PartKind.OTHER, has_sums=has_sums), *nameless]


def _together(parts: Sequence[Part], kind: PartKind, *, has_sums: bool) -> Part:
    divided = parts[0].mix is not None
    return Part(
        kind,
        None,
        PART_NAMES[kind],
        math.fsum(part.before or 0 for part in parts) if has_sums else None,
        math.fsum(part.after or 0 for part in parts) if has_sums else None,
        math.fsum(part.contribution for part in parts),
        math.fsum(part.mix or 0 for part in parts) if divided else None,
        math.fsum(part.rate or 0 for part in parts) if divided else None,
    )


def _summed_parts(values: Values, key: str, dimension: str) -> tuple[list[Part], str | None]:
    groups = _merged(values.groups([key], dimension), [key])
    source = next((group.pairs[key].source for group in groups if group.pairs[key].source), None)
    parts = []
    for group in groups:
        pair = group.pairs[key]
        if pair.before is None and pair.after is None:
            continue
        before, after = pair.floats
        parts.append(_part(group.value, _or_none(pair.before), _or_none(pair.after), after - before))
    return parts, source


def _ratio_parts(values: Values, metric: Metric, dimension: str) -> tuple[list[Part], str | None]:
    """Return the parts of a ratio with mix and rate effects, from numerators and denominators of one source."""
    top, bottom, scale = _sides(values.catalogue, metric)
    keys = [metric.key, bottom, *([top] if top else [])]
    groups = values.groups(keys, dimension)
    sources = {key: {group.pairs[key].source for group in groups} - {None} for key in keys}
    is_across = metric.ratio is not None and metric.ratio.across
    if not is_across and sources[bottom] != sources[metric.key]:
        raise _no_weights(metric, dimension)
    from_ratio = top is None or (not is_across and sources[top] != sources[metric.key])
    days = (values.baseline.days, values.period.days) if metric.ratio and metric.ratio.per_day else (1, 1)
    sides: dict[str | None, list[float]] = {}
    for group in groups:
        below = group.pairs[bottom].floats
        own = group.pairs[metric.key].floats
        above = tuple(one * two / scale for one, two in zip(own, below, strict=True))
        if not from_ratio and top:
            above = group.pairs[top].floats
        figures = (above[0], below[0] / days[0], above[1], below[1] / days[1])
        if any(figures):
            total = sides.setdefault(None if group.value in SENTINELS else group.value, [0.0] * 4)
            total[:] = [one + two for one, two in zip(total, figures, strict=True)]
    if not sides:
        return [], None
    n0, d0, n1, d1 = np.array(list(sides.values())).T
    if not math.fsum(d0) or not math.fsum(d1):
        raise _no_weights(metric, dimension)
    found = mix_and_rate(n0 * scale, d0, n1 * scale, d1)
    parts = [
        replace(
            _part(value, _divided(n0[at] * scale, d0[at]), _divided(n1[at] * scale, d1[at]), 0.0),
            contribution=float(found.mix[at] + found.rate[at]),
            mix=float(found.mix[at]),
            rate=float(found.rate[at]),
        )
        for at, value in enumerate(sides)
    ]
    return parts, next(iter(sources[metric.key]), None)


def _sides(catalogue: Catalogue, metric: Metric) -> tuple[str | None, str, int]:
    """Return numerator, denominator and scale of a ratio; of a weighted mean the metric that is its weight."""
    if metric.ratio:
        return metric.ratio.numerator, metric.ratio.denominator, metric.ratio.scale
    weights = {(one.use, one.mean.weight) for one in metric.source if one.mean}
    for other in catalogue.metrics.values():
        held = {(one.use, one.sum) for one in other.source if one.sum and not one.where and not one.negate}
        if weights and None not in {weight for _, weight in weights} and weights <= held:
            return None, other.key, 1
    raise NotExplainable(
        "no_weights",
        Text(
            f"{metric.title.zh}的权重不是指标，不能按维度拆分", f"the weights of {metric.key} are no metric: no split"
        ),
        hint=Text("请去掉 --by", "leave --by out"),
    )


def _no_weights(metric: Metric, dimension: str) -> NotAnswerable:
    return NotAnswerable(
        "cannot_weigh",
        Text(
            f"没有一个来源能同时按 {dimension} 给出{metric.title.zh}和它的分母",
            f"no one source tells both {metric.key} and its denominator by {dimension}",
        ),
        hint=Text("请换一个 --by", "choose another --by"),
    )


def _merged(groups: Sequence[Group], keys: Sequence[str]) -> list[Group]:
    """Return the groups with all those of no value in one."""
    nameless = [group for group in groups if group.value in SENTINELS]
    if len(nameless) < 2:
        return [replace(group, value=None) if group.value in SENTINELS else group for group in groups]
    pairs = {}
    for key in keys:
        found = [group.pairs[key] for group in nameless]
        sides = [
            sum(known) if (known := [float(one) for one in side if one is not None]) else None
            for side in ([pair.before for pair in found], [pair.after for pair in found])
        ]
        pairs[key] = replace(found[0], before=sides[0], after=sides[1])
    return [*(group for group in groups if group.value not in SENTINELS), Group(None, pairs)]


def _part(value: str | None, before: float | None, after: float | None, contribution: float) -> Part:
    if value in SENTINELS:
        return Part(PartKind.UNKNOWN, None, PART_NAMES[PartKind.UNKNOWN], before, after, contribution)
    return Part(PartKind.VALUE, value, Text(str(value), str(value)), before, after, contribution)


def _elsewhere(parts: Sequence[Part], whole: Pair, rest: float, *, is_sum: bool) -> Part:
    """Return the part that holds what the source of the split does not tell."""
    before = whole.floats[0] - math.fsum(part.before or 0 for part in parts) if is_sum else None
    after = whole.floats[1] - math.fsum(part.after or 0 for part in parts) if is_sum else None
    divided = any(part.mix is not None for part in parts)
    kind = PartKind.ELSEWHERE
    return Part(kind, None, PART_NAMES[kind], before, after, rest, 0.0 if divided else None, rest if divided else None)


def _settled(parts: list[Part], rest: float) -> list[Part]:
    """Return the parts with a rounding rest put on the largest."""
    if not parts or not rest:
        return parts
    at = max(range(len(parts)), key=lambda place: abs(parts[place].contribution))
    one = parts[at]
    mix, rate = one.mix, one.rate
    if mix is not None and rate is not None:
        mix, rate = (mix + rest, rate) if abs(mix) > abs(rate) else (mix, rate + rest)
    return [*parts[:at], replace(one, contribution=one.contribution + rest, mix=mix, rate=rate), *parts[at + 1 :]]


def _named(parts: Sequence[Part], dimension: str, names: Names | None) -> list[Part]:
    values = [part.value for part in parts if part.value is not None]
    found = names(dimension, values) if names and values else {}
    return [replace(part, name=Text(name, name)) if (name := found.get(part.value or "")) else part for part in parts]


def _or_none(value: object) -> float | None:
    return None if value is None else float(str(value))


def _divided(above: float, below: float) -> float | None:
    return float(above / below) if below else None
