"""How far the month's targets are reached, in words."""

from __future__ import annotations

import calendar
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from duoshou.cli.metric_format import format_value
from duoshou.cli.session import Session
from duoshou.cli.width import pad
from duoshou.model.numbers import Number, count, point_change, rate

if TYPE_CHECKING:
    from duoshou.app.targets import MonthProgress
    from duoshou.reports import TargetProgress

LABEL_WIDTH = 12
VERDICTS = {
    "done": ("已达成", "reached"),
    "likely": ("很可能达成", "likely to be reached"),
    "open": ("说不准", "open"),
    "unlikely": ("很可能达不到", "likely to be missed"),
}


def targets_text(found: MonthProgress, session: Session) -> str:
    """Return a paragraph for each target, shop by shop, and the targets that no metric has."""
    month = f"{found.month:%Y-%m}"
    if not found.targets and not found.problems:
        return session.say(
            f"{month} 没有目标。做一张目标表（月份、指标、目标值），用 duoshou import 导入。",
            f"There is no target for {month}. Make a sheet of targets (month, metric, target) and import it.",
        )
    titles = {shop.key: shop.title for shop in session.workbench.settings.shops}
    lines = [session.say(f"{month} 目标进度", f"Targets of {month}")]
    for (shop, day), targets in groupby(found.targets, key=lambda one: (one.shop, one.as_of)):
        whole = calendar.monthrange(found.month.year, found.month.month)[1]
        passed = max(0, (day - found.month).days + 1)
        until = session.say(
            f"截至 {day}，本月已过 {passed}/{whole} 天", f"until {day}, {passed} of {whole} days of the month"
        )
        lines += ["", f"{titles.get(shop, shop)} · {until}"]
        for one in targets:
            lines += _target(one, session)
    for (shop, name), why in found.problems.items():
        lines += [
            "",
            session.say(f"! 目标“{name}”（{shop}）没有用上：{why.zh}", f"! {name} ({shop}) not used: {why.en}"),
        ]
    return "\n".join(lines)


def _target(one: TargetProgress, session: Session) -> list[str]:
    unit = one.metric.unit
    facts = [(session.say("目标", "target"), _amount(one.target, unit))]
    sign = "≈ " if "approximate" in one.flags else ""
    share = (
        "" if one.reached is None else session.say(f"（完成 {rate(one.reached)}）", f" ({rate(one.reached)} reached)")
    )
    facts.append((session.say("本月累计", "so far"), sign + format_value(one.value, unit) + share))
    if one.expected is not None:
        facts.append((session.say("往常进度", "usual by now"), _usual(one, session)))
    facts += _outlook(one, session)
    lines = [f"  {one.metric.title.in_language(session.language)}"]
    return lines + [f"    {pad(label, LABEL_WIDTH)}  {text}" for label, text in facts]


def _usual(one: TargetProgress, session: Session) -> str:
    basis = session.say("按每个星期几的平均", "by the mean of each weekday")
    if one.basis == "elapsed":
        basis = session.say("数据不足四周，按已过天数", "by the days that are over, for want of four weeks of data")
    if one.reached is None or one.expected is None:
        return f"{rate(one.expected)}{session.say(f'（{basis}）', f' ({basis})')}"
    gap = point_change((one.reached - one.expected) * 100)
    return f"{rate(one.expected)}" + session.say(f"（{basis}），相差 {gap}", f" ({basis}); {gap} from it")


def _outlook(one: TargetProgress, session: Session) -> list[tuple[str, str]]:
    from duoshou.reports import verdict

    label = session.say("预计全月", "projected")
    if one.projection is None and one.why_not is None:
        return [
            (label, session.say("各天不能相加，直接对比，不做预计", "its days do not add up: compared as it stands"))
        ]
    if one.projection is None:
        why = one.why_not.in_language(session.language) if one.why_not else ""
        found = [(label, session.say(f"不能判断：{why}", f"cannot tell: {why}"))]
    else:
        ends = one.projection
        span = session.say(
            f"（90% 区间 {_round(ends.low)} – {_round(ends.high)}）",
            f" (90% interval {_round(ends.low)} – {_round(ends.high)})",
        )
        found = [(label, f"{_round(ends.value)}{span}{session.say('，', ', ')}{session.say(*VERDICTS[verdict(one)])}")]
    if one.needed:
        found.append((session.say("余下每天要", "needed a day"), format_value(round(one.needed, 2), one.metric.unit)))
    return found


def _amount(value: Decimal, unit: str) -> str:
    """Return a target as it was set: a whole count without decimals."""
    return format_value(int(value) if unit not in {"money", "rate"} and value == int(value) else value, unit)


def _round(value: Number) -> str:
    return count(round(value))
