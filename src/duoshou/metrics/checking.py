"""Whether the definitions of a catalogue hold together."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duoshou.metrics.definition import Additivity, Measure, Metric
from duoshou.model import Grain, Text

if TYPE_CHECKING:
    from duoshou.metrics.catalogue import Catalogue

RATIOS = {Additivity.RATIO, Additivity.DISTINCT_RATIO, Additivity.MATURING_RATIO}
FORMS = ("source", "ratio", "difference", "total", "share")
NUMERIC = ("BIGINT", "DECIMAL(18,2)", "DECIMAL(18,4)", "DOUBLE")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one metric.

    Attributes:
        key: Metric.
        words: Words by which the line is found, best first.
        message: What is wrong.
        hint: What to do.
    """

    key: str
    words: tuple[str, ...]
    message: Text
    hint: Text


Columns = Callable[[str], dict[str, str]]


def problems_of(catalogue: Catalogue, keys: Iterable[str], columns: Columns | None = None) -> list[Problem]:
    """Return everything that is wrong with the named metrics.

    Args:
        catalogue: Definitions, of which none may be trusted yet.
        keys: Metrics to check.
        columns: Source key → column → SQL type, to check the columns as well.
    """
    problems: list[Problem] = []
    for key in keys:
        metric = catalogue.metrics[key]
        found = [*(list(_form(metric)) or _additivity(metric)), *_names(catalogue, metric)]
        if columns is not None:
            known = (measure for measure in metric.source if measure.use in catalogue.sources)
            found += [problem for measure in known for problem in _columns(catalogue, metric, measure, columns)]
        found = found or [*_circle(catalogue, metric)] or [*_common_source(catalogue, metric)]
        problems += found
    return problems


def _problem(metric: Metric, words: Sequence[str], zh: str, en: str, hint: Text) -> Problem:
    message = Text(f"指标 {metric.key}：{zh}", f"metric {metric.key}: {en}")
    return Problem(metric.key, tuple(words), message, hint)


def _form(metric: Metric) -> Iterator[Problem]:
    forms = [name for name in FORMS if getattr(metric, name)]
    if len(forms) != 1:
        found = ", ".join(forms) or "–"
        hint = Text("写 source、ratio、difference、total 或 share 之一", f"write one of {', '.join(FORMS)}")
        zh, en = f"必须恰好写一种算法，现在是 {found}", f"needs exactly one way to compute it, has {found}"
        yield _problem(metric, [f"{name}=" for name in forms[1:]] or ["key="], zh, en, hint)
    if metric.ratio and metric.ratio.per_day and not metric.ratio.across:
        hint = Text("请加 across = true", "add across = true")
        yield _problem(metric, ["per_day="], "per_day 只能与 across 同用", "per_day goes with across only", hint)
    for measure in metric.source:
        yield from _measure(metric, measure)


def _measure(metric: Metric, measure: Measure) -> Iterator[Problem]:
    if len(measure.kinds()) != 1:
        hint = Text(
            "写 sum、count、distinct、last、mean、repeat 或 only 之一",
            "one of sum, count, distinct, last, mean, repeat, only",
        )
        zh = f"来源 {measure.use} 必须恰好写一种度量"
        yield _problem(metric, [measure.use], zh, f"source {measure.use} needs exactly one kind of measure", hint)
    for names, kind in ((("otherwise", "less", "negate"), "sum"), (("each",), "last")):
        for name in names:
            if getattr(measure, name) and not getattr(measure, kind):
                hint = Text(f"请同时写 {kind}", f"write {kind} as well")
                yield _problem(
                    metric, [f"{name}="], f"{name} 只能与 {kind} 同用", f"{name} goes with {kind} only", hint
                )
    for condition in measure.where:
        if len(condition.tests()) != 1:
            hint = Text(
                "写 equals、above、below、known、one_of 或 none_of",
                "one of equals, above, below, known, one_of, none_of",
            )
            zh = f"对 {condition.column} 的条件必须恰好有一个判断"
            en = f"the condition on {condition.column} needs exactly one test"
            yield _problem(metric, [condition.column], zh, en, hint)


def _names(catalogue: Catalogue, metric: Metric) -> Iterator[Problem]:
    named = [*catalogue.parts(metric.key), *([metric.sample] if metric.sample else [])]
    for name in dict.fromkeys(named):
        if name not in catalogue.metrics:
            hint = _nearest(name, catalogue.metrics, Text("只能引用已定义的指标键", "name the key of a defined metric"))
            yield _problem(metric, [name], f"引用了未定义的指标 {name}", f"names the undefined metric {name}", hint)
    for measure in metric.source:
        if measure.use not in catalogue.sources:
            known = ", ".join(dict.fromkeys(source.group or source.key for source in catalogue.sources.values()))
            hint = Text(f"可用来源：{known}", f"sources: {known}")
            yield _problem(metric, [measure.use], f"没有来源 {measure.use}", f"there is no source {measure.use}", hint)


def _columns(catalogue: Catalogue, metric: Metric, measure: Measure, columns: Columns) -> Iterator[Problem]:
    source = catalogue.sources[measure.use]
    types = columns(measure.use)
    for name in dict.fromkeys(measure.named_columns()):
        if name not in types:
            hint = _nearest(name, types, Text(f"表 {source.table} 的列见文档", f"see the columns of {source.table}"))
            zh, en = f"表 {source.table} 没有列 {name}", f"table {source.table} has no column {name}"
            yield _problem(metric, [name], zh, en, hint)
    added = [name for name in (measure.sum, measure.otherwise, *measure.less) if name]
    mean = measure.mean
    added += [name for name in ((mean.value, mean.weight, mean.otherwise) if mean else ()) if name]
    for name in added:
        if name in types and types[name] not in NUMERIC:
            hint = Text("请用数字列，或改用 count、distinct", "use a numeric column, or count or distinct")
            yield _problem(metric, [name], f"列 {name} 不是数字", f"column {name} is not a number", hint)
    if measure.date and types.get(measure.date, "DATE") != "DATE":
        hint = Text("请用 _on 结尾的日期列", "use a day column, which ends with _on")
        yield _problem(metric, [measure.date], f"列 {measure.date} 不是日期", f"column {measure.date} is no day", hint)
    for name in measure.within:
        if name not in source.dimensions:
            hint = _nearest(name, source.dimensions, Text("写来源有的维度", "name a dimension of the source"))
            zh, en = f"来源 {measure.use} 没有维度 {name}", f"source {measure.use} has no dimension {name}"
            yield _problem(metric, [name], zh, en, hint)
    for name in measure.grains:
        if name not in {grain.value for grain in Grain}:
            hint = Text("写 day、week 或 month", "day, week or month")
            yield _problem(metric, [name], f"没有周期 {name}", f"there is no grain {name}", hint)


def _nearest(name: str, known: Iterable[str], otherwise: Text) -> Text:
    near = ", ".join(difflib.get_close_matches(name, list(known), n=3, cutoff=0.6))
    return Text(f"是不是 {near}？", f"did you mean {near}?") if near else otherwise


def _additivity(metric: Metric) -> Iterator[Problem]:
    if (metric.ratio is not None) != (metric.additivity in RATIOS):
        hint = Text("比率用 ratio、distinct_ratio 或 maturing_ratio", "ratio, distinct_ratio or maturing_ratio")
        zh = f"加总规则 {metric.additivity} 与算法不符"
        yield _problem(
            metric, ["additivity="], zh, f"the rule {metric.additivity} does not fit the way it is computed", hint
        )
    people = any(measure.repeat or (measure.distinct and measure.distinct != "order_id") for measure in metric.source)
    if people and metric.additivity is not Additivity.DISTINCT:
        hint = Text("去重人数用 distinct", "people counted once are distinct")
        yield _problem(metric, ["additivity="], "去重计数不能相加", "people counted once cannot be added", hint)
    if any(measure.only for measure in metric.source) != (metric.additivity is Additivity.INDEX):
        hint = Text("only 与 index 同用", "only and index go together")
        yield _problem(metric, ["additivity="], "指数不能相加", "an index cannot be put together", hint)


def _circle(catalogue: Catalogue, metric: Metric, above: tuple[str, ...] = ()) -> Iterator[Problem]:
    def circle(key: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
        if key in path:
            return (*path[path.index(key) :], key)
        parts = catalogue.parts(key) if key in catalogue.metrics else ()
        return next((found for part in parts if (found := circle(part, (*path, key)))), None)

    if found := circle(metric.key, above):
        text = " → ".join(found)
        hint = Text("请断开循环", "break the circle")
        yield _problem(
            metric, [f"{form}=" for form in FORMS[1:]], f"循环引用 {text}", f"is defined by itself: {text}", hint
        )


def _common_source(catalogue: Catalogue, metric: Metric) -> Iterator[Problem]:
    if metric.ratio is not None and metric.ratio.across:
        return
    if not _all_defined(catalogue, metric.key) or catalogue.sources_of(metric.key):
        return
    hint = Text("换用同源的指标，或写 across = true", "name metrics of one source, or write across = true")
    yield _problem(
        metric, [f"{form}=" for form in FORMS[1:]], "各部分没有共同来源", "its parts have no source in common", hint
    )


def _all_defined(catalogue: Catalogue, key: str) -> bool:
    if key not in catalogue.metrics:
        return False
    metric = catalogue.metrics[key]
    is_whole = bool(metric.source) or bool(catalogue.parts(key))
    return is_whole and all(_all_defined(catalogue, part) for part in catalogue.parts(key))
