"""Whether the definitions of a catalogue hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.metrics.definition import Additivity, Measure, Metric
from duoshou.metrics.errors import BrokenDefinition
from duoshou.model import Place, Text

if TYPE_CHECKING:
    from duoshou.metrics.catalogue import Catalogue

RATIOS = {Additivity.RATIO, Additivity.DISTINCT_RATIO, Additivity.MATURING_RATIO}


def check_catalogue(catalogue: Catalogue) -> None:
    """Check every definition.

    Raises:
        BrokenDefinition: For the first one that does not hold; it names file, key and hint.
    """
    for metric in catalogue.metrics.values():
        file = catalogue.files[metric.key]
        _check_form(metric, file)
        _check_names(catalogue, metric, file)
        _check_additivity(metric, file)
    for metric in catalogue.metrics.values():
        _check_no_circle(catalogue, metric.key, (), catalogue.files[metric.key])
    for metric in catalogue.metrics.values():
        _check_common_source(catalogue, metric, catalogue.files[metric.key])


def broken(file: str, key: str, zh: str, en: str, hint: Text) -> BrokenDefinition:
    """Return the error for the definition of `key` in `file`."""
    return BrokenDefinition(
        "definition_broken", Text(f"指标 {key}：{zh}", f"metric {key}: {en}"), hint=hint, place=Place(file=file)
    )


def _check_form(metric: Metric, file: str) -> None:
    forms = [name for name in ("source", "ratio", "difference", "share") if getattr(metric, name)]
    if len(forms) != 1:
        found = ", ".join(forms) or "–"
        raise broken(
            file,
            metric.key,
            f"必须恰好写一种算法，现在是 {found}",
            f"needs exactly one way to compute it, has {found}",
            Text("写 source、ratio、difference 或 share 之一", "write one of source, ratio, difference, share"),
        )
    for measure in metric.source:
        _check_measure(metric, measure, file)


def _check_measure(metric: Metric, measure: Measure, file: str) -> None:
    if len(measure.kinds()) != 1:
        raise broken(
            file,
            metric.key,
            f"来源 {measure.use} 必须恰好写一种度量",
            f"source {measure.use} needs exactly one kind of measure",
            Text("写 sum、count、distinct、last、mean 或 repeat 之一", "sum, count, distinct, last, mean or repeat"),
        )
    for condition in measure.where:
        if len(condition.tests()) != 1:
            raise broken(
                file,
                metric.key,
                f"对 {condition.column} 的条件必须恰好有一个判断",
                f"the condition on {condition.column} needs exactly one test",
                Text("写 equals、above、below、known 或 one_of", "one of equals, above, below, known, one_of"),
            )


def _check_names(catalogue: Catalogue, metric: Metric, file: str) -> None:
    named = [*catalogue.parts(metric.key), *([metric.sample] if metric.sample else [])]
    for name in named:
        if name not in catalogue.metrics:
            hint = Text("只能引用已定义的指标键", "only keys of defined metrics can be named")
            raise broken(file, metric.key, f"引用了未定义的指标 {name}", f"names the undefined metric {name}", hint)
    for measure in metric.source:
        if measure.use not in catalogue.sources:
            known = ", ".join(catalogue.sources)
            hint = Text(f"可用来源：{known}", f"sources: {known}")
            raise broken(file, metric.key, f"没有来源 {measure.use}", f"there is no source {measure.use}", hint)


def _check_additivity(metric: Metric, file: str) -> None:
    is_ratio = metric.ratio is not None
    if is_ratio != (metric.additivity in RATIOS):
        raise broken(
            file,
            metric.key,
            f"加总规则 {metric.additivity} 与算法不符",
            f"the rule {metric.additivity} does not fit the way it is computed",
            Text("比率用 ratio、distinct_ratio 或 maturing_ratio", "ratio, distinct_ratio or maturing_ratio"),
        )
    people = any(measure.repeat or (measure.distinct and measure.distinct != "order_id") for measure in metric.source)
    if people and metric.additivity is not Additivity.DISTINCT:
        hint = Text("去重人数用 distinct", "people counted once are distinct")
        raise broken(file, metric.key, "去重计数不能相加", "people counted once cannot be added", hint)


def _check_no_circle(catalogue: Catalogue, key: str, above: tuple[str, ...], file: str) -> None:
    if key in above:
        circle = " → ".join((*above, key))
        hint = Text("请断开循环", "break the circle")
        raise broken(file, key, f"循环引用 {circle}", f"is defined by itself: {circle}", hint)
    for part in catalogue.parts(key):
        _check_no_circle(catalogue, part, (*above, key), file)


def _check_common_source(catalogue: Catalogue, metric: Metric, file: str) -> None:
    across = metric.ratio is not None and metric.ratio.across
    if not across and not catalogue.sources_of(metric.key):
        raise broken(
            file,
            metric.key,
            "分子与分母没有共同来源",
            "its parts have no source in common",
            Text("换用同源的指标，或写 across = true", "name metrics of one source, or write across = true"),
        )
