"""Measured effects and the playbook in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import UNKNOWN, amount, relative_change

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from duoshou.loop.effects import Measured, Totals
    from duoshou.loop.playbook import EntryStanding

WIDEST = 30


def effects_text(effects: Sequence[Measured], total: int, sums: Totals, session: Session) -> str:
    """Return effects as a table with what limits each, and what all of them brought."""
    if not effects:
        return session.say("还没有评估过效果。", "No effect has been measured yet.")
    words = (
        *(("做了什么", "what"), ("对象", "subject"), ("指标", "metric"), ("期间", "days"), ("结论", "verdict")),
        *(("变化", "change"), ("金额", "money"), ("95% 区间", "95% interval")),
    )
    lines = [table([session.say(*one) for one in words], [_row(one, session) for one in effects])]
    lines += [line for one in effects for line in _caveats(one, session)]
    if total > len(effects):
        more = total - len(effects)
        lines.append(session.say(f"另有 {more} 个效果", f"{more} more effects"))
    return "\n".join([*lines, *_totals(sums, session)])


def playbook_text(standings: Sequence[EntryStanding], session: Session) -> str:
    """Return the entries of the playbook, each with who does it and how it stands here."""
    from duoshou.access import role_title

    words = (
        *(("打法", "action"), ("做什么", "what to do"), ("谁做", "who"), ("指标", "metric")),
        *(("预计", "expected"), ("95% 区间", "95% interval"), ("在本店", "here")),
    )
    rows = [
        [
            one.entry.key,
            one.entry.title.in_language(session.language),
            role_title(one.entry.role).in_language(session.language),
            metric_name(one.entry.metric, session),
            relative_change(one.effect.mean),
            _ends(one.effect.low, one.effect.high),
            one.told.in_language(session.language),
        ]
        for one in standings
    ]
    return table([session.say(*one) for one in words], rows)


def metric_name(key: str, session: Session) -> str:
    """Return the name of a metric, or its key where the catalogue has it no more."""
    found = session.workbench.catalogue.metrics.get(key)
    return key if found is None else found.title.in_language(session.language)


def _row(one: Measured, session: Session) -> list[str]:
    from duoshou.loop.effects import VERDICTS

    return [
        f"{one.source.value} {shorten(one.source_id, WIDEST)}",
        shorten(one.subject.name or one.subject.id, WIDEST),
        metric_name(one.metric, session),
        f"{one.window.start} – {one.window.end}" + ("" if one.is_final else session.say("（暂定）", " (so far)")),
        VERDICTS[one.verdict].in_language(session.language),
        UNKNOWN if one.relative is None else relative_change(one.relative),
        _money(one.amount, one.currency, session),
        UNKNOWN
        if one.low is None or one.high is None
        else f"{_money(one.low, one.currency, session)} – {_money(one.high, one.currency, session)}",
    ]


def _caveats(one: Measured, session: Session) -> list[str]:
    from duoshou.loop.effects import CAVEATS

    told = [CAVEATS[code].in_language(session.language) for code in one.caveats if code in CAVEATS]
    return [f"  {one.source.value} {one.source_id}: {session.say('；', '; ').join(told)}"] if told else []


def _totals(sums: Totals, session: Session) -> list[str]:
    from duoshou.loop.effects import VERDICTS

    counts = session.say("，", ", ").join(
        f"{VERDICTS[verdict].in_language(session.language)} {number}"
        for verdict, number in sums.verdicts.items()
        if number
    )
    lines = ["", session.say(f"全部：{counts}", f"All: {counts}")]
    if sums.amount is not None and sums.currency is not None:
        middle, low, high = (_money(each, sums.currency, session) for each in (sums.amount, sums.low, sums.high))
        lines.append(
            session.say(
                f"合计 {middle}（95% 区间 {low} 至 {high}，{sums.measured} 个）",
                f"together {middle} (95% interval {low} to {high}, {sums.measured} of them)",
            )
        )
        if sums.unmeasured:
            lines[-1] += session.say(f"，另有 {sums.unmeasured} 个算不出金额", f"; {sums.unmeasured} without an amount")
    return lines


def _ends(low: float, high: float) -> str:
    return f"{relative_change(low)} – {relative_change(high)}"


def _money(value: Decimal | None, currency: str, session: Session) -> str:
    return UNKNOWN if value is None else amount(value, currency, session.language).replace(".00", "")
