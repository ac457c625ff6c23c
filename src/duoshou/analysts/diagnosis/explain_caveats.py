"""What a reader must know of an explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from duoshou.analysts.diagnosis.explain_drivers import Breakdown, Driver
from duoshou.analysts.diagnosis.explain_parts import DIVIDED, PartKind, Split
from duoshou.analysts.diagnosis.explain_values import Pair, Values
from duoshou.metrics import Flag, Metric
from duoshou.model import Period, Text
from duoshou.settings.calendar import PHASE_NAMES

if TYPE_CHECKING:
    from duoshou.settings.calendar import Calendar

OF_FLAGS = {
    Flag.PROVISIONAL: Text("数值还会变（如后来的退款）", "the values will still change, for example by later refunds"),
    Flag.APPROXIMATE: Text(
        "人数是近似值：按天相加，或有人身份未知", "people are approximate: added over days, or some unknown"
    ),
    Flag.SMALL_SAMPLE: Text("样本太少，一两单就会大起大落", "a small sample: one or two orders move it far"),
}


def caveats_of(
    values: Values,
    metric: Metric,
    whole: Pair,
    breakdown: Breakdown,
    splits: Sequence[Split],
    gaps: Sequence[Period],
    calendar: Calendar | None,
) -> tuple[Text, ...]:
    """Return what limits the explanation, the gravest first, each once."""
    found = [
        *_of_days(values, metric, gaps),
        *(text for flag, text in OF_FLAGS.items() if flag in whole.flags | _flags(breakdown.drivers)),
        *_of_sources(values, whole, breakdown, splits),
        *_of_method(breakdown),
        *(_of_calendar(calendar, values.period, values.baseline) if calendar else ()),
        *values.notes,
    ]
    return tuple(dict.fromkeys(found))


def _flags(drivers: Sequence[Driver]) -> frozenset[Flag]:
    return frozenset(flag for one in drivers for flag in one.pair.flags | _flags(one.drivers))


def _of_days(values: Values, metric: Metric, gaps: Sequence[Period]) -> Iterator[Text]:
    for one in gaps:
        yield Text(f"{one.start} – {one.end} 有的日子没有数据", f"days of {one.start} – {one.end} have no data")
    now, then = values.period, values.baseline
    if now.days != then.days and metric.additivity not in DIVIDED:
        yield Text(
            f"两段时间不一样长（{now.days} 天与 {then.days} 天），变化里含天数的差别",
            f"the periods differ in length ({now.days} and {then.days} days), which is part of the change",
        )
    if now.start <= then.end and then.start <= now.end:
        yield Text("两段时间有重叠", "the periods overlap")


def _of_sources(values: Values, whole: Pair, breakdown: Breakdown, splits: Sequence[Split]) -> Iterator[Text]:
    if breakdown.residual:
        used = [f"{one.key}: {one.pair.source}" for one in breakdown.drivers]
        yield Text(
            f"各因素与总数对不上（总数来自 {whole.source}；{'、'.join(used)}），差额单列",
            f"the factors do not make the total ({whole.source}; {', '.join(used)}): the difference stands apart",
        )
    for key in _implied(breakdown.drivers):
        title = values.catalogue.metrics[key].title
        yield Text(
            f"{title.zh}按总数的来源 {whole.source} 推算，与单独查询的来源不同",
            f"{title.en} is derived from the source of the total, {whole.source}; asked alone, another source answers",
        )
    for split in splits:
        title = values.catalogue.dimensions[split.dimension].title
        if any(part.kind is PartKind.ELSEWHERE for part in split.parts):
            yield Text(
                f"按{title.zh}的数据来自 {split.source}，总数来自 {whole.source}，差额列为“未归入”",
                f"by {title.en.lower()} {split.source} answers, the total is from {whole.source}; "
                "the difference stands as 'in no part'",
            )
        elif split.overlap and split.source != whole.source:
            yield Text(
                f"按{title.zh}的数据来自 {split.source}，总数来自 {whole.source}，“重叠”里含两者的差别",
                f"by {title.en.lower()} {split.source} answers, the total is from {whole.source}; "
                "the overlap holds their difference too",
            )


def _implied(drivers: Sequence[Driver]) -> Iterator[str]:
    for one in drivers:
        if one.pair.is_implied:
            yield one.key
        yield from _implied(one.drivers)


def _of_method(breakdown: Breakdown) -> Iterator[Text]:
    if breakdown.by_shapley:
        yield Text(
            "有因素为 0 或变号，按 Shapley 值分摊", "a factor is zero or changed its sign: shared by Shapley values"
        )


def _of_calendar(calendar: Calendar, period: Period, baseline: Period) -> Iterator[Text]:
    """Yield the festivals and holidays that only one of the periods has."""
    now, then = _special_days(calendar, period), _special_days(calendar, baseline)
    for only, zh, en in ((now - then, "本期", "the period"), (then - now, "对比期", "the baseline")):
        if only:
            names = sorted(only, key=lambda text: text.zh)
            yield Text(
                f"只有{zh}有{'、'.join(one.zh for one in names)}，变化可能来自日子本身",
                f"only {en} has {', '.join(one.en for one in names)}: the change may come from the days themselves",
            )


def _special_days(calendar: Calendar, period: Period) -> set[Text]:
    found: set[Text] = set()
    for day in period:
        info = calendar.day(day)
        found.update(info.holidays)
        for festival in info.festivals[:1]:
            phase = PHASE_NAMES[festival.phase]
            found.add(Text(f"{festival.name.zh}{phase.zh}", f"{festival.name.en} ({phase.en})"))
    return found
