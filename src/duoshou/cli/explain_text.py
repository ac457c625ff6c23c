"""An explanation as tables for people: what drove the change, then where it happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from duoshou.cli.metric_format import format_value
from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import UNKNOWN, decimals, point_change, relative_change

if TYPE_CHECKING:
    from duoshou.analysts.diagnosis.explain_drivers import Driver
    from duoshou.analysts.diagnosis.explain_parts import Split
    from duoshou.analysts.diagnosis.explanation import Explanation
    from duoshou.metrics import Catalogue

LONGEST_NAME = 32


def explain_text(found: Explanation, catalogue: Catalogue, session: Session) -> str:
    """Return headline, the drivers, the parts of each dimension, and what limits them."""
    sections = [_heading(found, session), found.headline.in_language(session.language)]
    if found.drivers:
        sections.append(_drivers(found, catalogue, session))
    sections += [_split(found, split, catalogue, session) for split in found.splits]
    notes = [f"• {caveat.in_language(session.language)}" for caveat in found.caveats]
    if found.values.source:
        notes.append(session.say("来源：", "Source: ") + found.values.source)
    notes.append(
        session.say(
            "拆解是算术，说明变化在哪里，不证明原因。",
            "This is arithmetic: where the change lies, not proof of a cause.",
        )
    )
    return "\n\n".join([*sections, "\n".join(notes)])


def _heading(found: Explanation, session: Session) -> str:
    title = found.metric.title.in_language(session.language)
    now, then = (f"{one.start} – {one.end}" for one in (found.period, found.baseline))
    reason = found.baseline_reason
    return session.say(
        f"{title}  {now}，对比 {then}" + (f"（{reason.zh}）" if reason else ""),
        f"{title}  {now}, against {then}" + (f" ({reason.en})" if reason else ""),
    )


def _drivers(found: Explanation, catalogue: Catalogue, session: Session) -> str:
    header = [
        session.say("因素", "driver"),
        session.say("对比期", "before"),
        session.say("本期", "now"),
        session.say("变化", "change"),
        session.say("影响", "contribution"),
        session.say("占变化", "share"),
    ]
    rows = list(_driver_rows(found, found.drivers, catalogue, session, 0))
    if found.residual:
        rows.append([session.say("对不上的差额", "difference of sources"), "", "", "", *_moved(found, found.residual)])
    unit = found.metric.unit
    before, after = (format_value(one, unit) for one in (found.values.before, found.values.after))
    total = session.say("合计", "in all")
    rows.append([total, before, after, relative_change(found.relative_change), *_moved(found, found.change)])
    return table(header, rows, numeric=[False] + [True] * 5)


def _driver_rows(
    found: Explanation, drivers: Sequence[Driver], catalogue: Catalogue, session: Session, depth: int
) -> Iterator[list[str]]:
    for one in drivers:
        metric = catalogue.metrics[one.key]
        before, after = one.pair.floats
        name = "  " * depth + metric.title.in_language(session.language)
        values = [format_value(side, metric.unit) for side in (one.pair.before, one.pair.after)]
        change = relative_change((after - before) / abs(before) if before else None)
        yield [shorten(name, LONGEST_NAME), *values, change, *_moved(found, one.contribution)]
        yield from _driver_rows(found, one.drivers, catalogue, session, depth + 1)
        if one.residual:
            name = "  " * (depth + 1) + session.say("对不上的差额", "difference of sources")
            yield [name, "", "", "", *_moved(found, one.residual)]


def _split(found: Explanation, split: Split, catalogue: Catalogue, session: Session) -> str:
    is_ratio = any(part.mix is not None for part in split.parts)
    title = catalogue.dimensions[split.dimension].title.in_language(session.language)
    effects = [session.say("结构", "mix"), session.say("自身", "rate")] if is_ratio else []
    header = [
        session.say(f"按{title}", f"by {title.lower()}"),
        session.say("对比期", "before"),
        session.say("本期", "now"),
        session.say("影响", "contribution"),
        session.say("占变化", "share"),
        *effects,
    ]
    rows = []
    for part in split.parts:
        values = [format_value(_whole(side), found.metric.unit) for side in (part.before, part.after)]
        own = [_signed(part.mix, found), _signed(part.rate, found)] if is_ratio else []
        name = shorten(part.name.in_language(session.language), LONGEST_NAME)
        rows.append([name, *values, *_moved(found, part.contribution), *own])
    if split.overlap:
        name = session.say("重叠（在几部分里都计了）", "overlap (counted in several parts)")
        rows.append([name, "", "", *_moved(found, split.overlap), *[""] * len(effects)])
    return table(header, rows, numeric=[False] + [True] * (len(header) - 1))


def _moved(found: Explanation, contribution: float) -> list[str]:
    """Return a contribution in the metric's unit, and its share of the change."""
    share = found.share(contribution)
    return [_signed(contribution, found), UNKNOWN if share is None else f"{share:.1%}"]


def _signed(value: float | None, found: Explanation) -> str:
    if value is None:
        return UNKNOWN
    if found.metric.unit == "rate":
        return point_change(value * 100)
    text = decimals(value) if abs(value) >= 0.01 or not value else f"{value:.2g}"
    return f"+{text}" if value > 0 else text


def _whole(value: float | None) -> float | int | None:
    """Return a number without digits after the point as an integer, as a count is written."""
    return int(value) if value is not None and value.is_integer() else value
