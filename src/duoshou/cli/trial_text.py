"""Tests of a shop in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from duoshou.cli.effect_text import metric_name
from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model import Text, TrialKind, TrialState
from duoshou.model.numbers import UNKNOWN, relative_change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duoshou.loop.trial import Trial
    from duoshou.loop.trial_reading import Reading

WIDEST = 30
KIND_WORDS = {TrialKind.AB: Text("分流", "A/B"), TrialKind.SWITCHBACK: Text("轮换", "switchback")}
STATE_WORDS = {
    TrialState.RUNNING: Text("进行中", "running"),
    TrialState.ENDED: Text("已结束", "ended"),
    TrialState.CANCELLED: Text("已取消", "cancelled"),
}


def trials_text(trials: Sequence[Trial], total: int, session: Session) -> str:
    """Return tests as a table, and how many more there are."""
    if not trials:
        return session.say("没有测试。", "There are no tests.")
    words = (
        *(("编号", "no."), ("名称", "name"), ("方式", "kind"), ("对象", "subject"), ("指标", "metric")),
        *(("第一天", "first day"), ("最后一天", "last day"), ("状态", "state")),
    )
    rows = [
        [
            str(one.id),
            shorten(one.name, WIDEST),
            KIND_WORDS[one.kind].in_language(session.language),
            shorten(one.subject.name or one.subject.id, WIDEST),
            metric_name(one.metric, session),
            one.starts_on.isoformat(),
            one.ends_on.isoformat(),
            STATE_WORDS[one.state].in_language(session.language),
        ]
        for one in trials
    ]
    lines = [table([session.say(*one) for one in words], rows, numeric=[True])]
    if total > len(trials):
        more = total - len(trials)
        lines.append(session.say(f"另有 {more} 个测试", f"{more} more tests"))
    return "\n".join(lines)


def trial_text(trial: Trial, session: Session) -> str:
    """Return a test with the days on which somebody must switch."""
    lines = [trials_text([trial], 1, session)]
    if trial.kind is TrialKind.SWITCHBACK:
        lines.append(session.say("换到：", "Switch to:"))
        lines += [f"  {day}  {state}" for day, state in trial.switches()]
    return "\n".join(lines)


def reading_text(reading: Reading, session: Session) -> str:
    """Return what a test shows so far: each arm against what is now, guards, and what narrows it."""
    from duoshou.loop.trial_words import TRIAL_CAVEATS

    lines = [reading.told.in_language(session.language)]
    against = session.say("对比", "against")
    lines += [
        f"  {arm.arm} {against} {reading.now}: {_interval(arm.relative, arm.low, arm.high)}" for arm in reading.arms
    ]
    word = session.say("守住的指标", "guard")
    lines += [
        f"  {word} {metric_name(one.name, session)}: {_interval(one.relative, one.low, one.high)}"
        for one in reading.guards
    ]
    lines += [f"  ! {TRIAL_CAVEATS[code].in_language(session.language)}" for code in reading.caveats]
    return "\n".join(lines)


def _interval(middle: float, low: float, high: float) -> str:
    if not math.isfinite(middle):
        return UNKNOWN
    ends = [relative_change(one) if math.isfinite(one) else "∞" for one in (low, high)]
    return f"{relative_change(middle)} ({ends[0]} – {ends[1]})"
