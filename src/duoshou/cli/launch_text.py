"""The study of launches in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import shorten, table
from duoshou.model.numbers import UNKNOWN, count, rate

if TYPE_CHECKING:
    from duoshou.analysts.launches import LaunchStudy
    from duoshou.analysts.launches.rates import Read
    from duoshou.analysts.launches.study import Candidate

WIDEST = 28
MOST = 20


def launch_text(found: LaunchStudy, session: Session) -> str:
    """Return the new products with their verdicts, how launches come, findings and what cannot be told."""
    from duoshou.cli.finding_text import advice_text

    caveats = "\n".join(f"- {one.in_language(session.language)}" for one in found.caveats)
    parts = [
        _head(found, session),
        _candidates(found, session),
        advice_text(found.findings, session),
        _arrivals(found, session),
        caveats,
    ]
    return "\n\n".join(part for part in parts if part)


def _head(found: LaunchStudy, session: Session) -> str:
    return session.say(
        f"截至 {found.as_of}，{found.days} 天里上新 {found.launches} 个，其中 60 天以内的 {len(found.candidates)} 个",
        f"Up to {found.as_of}: {found.launches} launches in {found.days} days, {len(found.candidates)} within 60",
    )


def _candidates(found: LaunchStudy, session: Session) -> str:
    if not found.candidates:
        return ""
    words = (
        *(("新品", "product"), ("天数", "days"), ("访客", "visitors"), ("判断", "verdict")),
        *(("还要访客", "visitors needed"), ("再判", "next check"), ("每访客价值", "a visitor brings"), ("过线", "bar")),
        *(("转化率", "conversion"), ("收藏加购率", "fav. and cart"), ("前期", "early")),
    )
    rows = [_row(one, session) for one in found.candidates[:MOST]]
    numeric = [False, True, True, False, *(True,) * 6, False]
    written = table([session.say(*one) for one in words], rows, numeric=numeric)
    more = len(found.candidates) - MOST
    line = session.say(f"另有 {more} 个，见 --csv", f"{more} more, see --csv") if more > 0 else ""
    return f"{written}\n{line}".rstrip()


def _row(one: Candidate, session: Session) -> list[str]:
    from duoshou.analysts.launches.rates import Rate
    from duoshou.analysts.launches.words import EARLY, VERDICTS

    money = one.rate(Rate.MONEY)
    return [
        shorten(one.title, WIDEST),
        count(one.age),
        UNKNOWN if one.visitors is None else count(one.visitors),
        VERDICTS[one.verdict].in_language(session.language),
        _needed(one, session),
        _next(one, session),
        UNKNOWN if money is None else f"{money.judgement.rate:.2f}",
        UNKNOWN if money is None else f"{money.judgement.bar:.2f}",
        _rate(one.rate(Rate.BUYERS)),
        _rate(one.rate(Rate.INTEREST)),
        EARLY[one.early].in_language(session.language),
    ]


def _needed(one: Candidate, session: Session) -> str:
    if one.needed is not None:
        return count(one.needed)
    return session.say("等更多上新", "more launches") if one.awaits_launches else ""


def _next(one: Candidate, session: Session) -> str:
    """Return the day of its test on which it is judged next."""
    if one.next_check is None:
        return ""
    return session.say(f"第 {one.next_check} 天", f"day {one.next_check}")


def _rate(read: Read | None) -> str:
    if read is None:
        return UNKNOWN
    return f"{rate(read.judgement.rate)} ({rate(read.judgement.low)}–{rate(read.judgement.high)})"


def _arrivals(found: LaunchStudy, session: Session) -> str:
    from duoshou.analysts.launches.words import PACES

    if found.arrivals is None:
        return ""
    came = found.arrivals.cadence
    line = session.say("上新节奏：", "Cadence: ") + PACES[came.pace].in_language(session.language)
    if came.index is not None:
        line += session.say(
            f"（每周 {came.mean:.1f} 个，离散指数 {came.index:.2f}，95% 区间 {came.low:.2f} 至 {came.high:.2f}）",
            f" ({came.mean:.1f} a week, index of dispersion {came.index:.2f}, {came.low:.2f} to {came.high:.2f})",
        )
    lines = [line]
    lines += [
        session.say(
            f"上新 {one.within} 天内进过 A 类：{one.of} 个里 {one.arrived} 个，{rate(one.share)}"
            f"（{rate(one.low)} 至 {rate(one.high)}）",
            f"Of class A within {one.within} days: {one.arrived} of {one.of}, {rate(one.share)} "
            f"({rate(one.low)} to {rate(one.high)})",
        )
        for one in found.arrivals.reached
        if one.share is not None
    ]
    return "\n".join([*lines, *_bursts(found, session)])


def _bursts(found: LaunchStudy, session: Session) -> list[str]:
    assert found.arrivals is not None
    two = found.arrivals.between
    if two is None:
        return []
    (a, b), (c, d) = found.arrivals.in_bursts, found.arrivals.apart
    return [
        session.say(
            f"一周上三个以上的 {b} 个里成了 {a} 个，单独上的 {d} 个里成了 {c} 个："
            f"差 {two.difference:+.0%}（{two.low:+.0%} 至 {two.high:+.0%}）",
            f"In weeks with three or more {a} of {b} arrived, apart {c} of {d}: {two.difference:+.0%} "
            f"({two.low:+.0%} to {two.high:+.0%})",
        )
    ]
