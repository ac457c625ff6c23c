"""Briefs for the designer: drafted from a task, its finding and the data, edited, kept."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import msgspec
from sqlalchemy.orm import Session

from duoshou.loop.brief import Brief, Era, Known, Picture, Point
from duoshou.loop.errors import TaskRefused, UnknownTask
from duoshou.loop.image_rules import rules_for
from duoshou.loop.task import Task
from duoshou.model import Finding, Language, Text, plain
from duoshou.state import State
from duoshou.state.audit import MOMENT
from duoshou.state.content import storable
from duoshou.state.loop_models import BriefRow, TaskRow

__all__ = ["Brief", "Known", "brief_of", "draft_brief", "write_brief"]

LONGEST = 20_000
MOST_TERMS = 6
MISSING = {
    "terms": Text(
        "哪些搜索词能成交：没有商品的搜索词报表", "which search terms sell: no report of the product's search terms"
    ),
    "eras": Text("现在的图点击如何：没有带点击的报表", "how the present image is clicked: no report with clicks"),
    "reviews": Text("买家夸什么、抱怨什么：没有评价", "what buyers praise or complain of: no reviews"),
    "buyers": Text("谁在买：没有订单", "who buys: no orders"),
    "reasons": Text("为什么退：没有退款原因", "why buyers return it: no reasons of refunds"),
}


def draft_brief(task: Task, known: Known, *, found: Finding | None = None, language: Language = "zh") -> Brief:
    """Return a brief drafted from a task, its finding and what the warehouse tells; what is not known is said.

    Args:
        task: The task.
        known: What the warehouse tells of its subject.
        found: The finding that the task came from.
        language: Language in which it is written.
    """
    rules = rules_for(known.platform)
    complaints = tuple(_complaint(known, language))
    return Brief(
        title=task.what.title,
        goal=_goal(task, known, found).in_language(language),
        deadline=task.what.due_on,
        audience=tuple(_audience(known, language)),
        points=tuple(_points(known, language)),
        now=tuple(_now(known, language)),
        do=(*complaints, *(one.text.in_language(language) for one in rules.do)),
        dont=tuple(one.text.in_language(language) for one in rules.dont),
        pictures=tuple(
            Picture(Text(one.zh, one.en).in_language(language), one.pixels, one.note.in_language(language))
            for one in rules.sizes
        ),
        unknown=tuple(text.in_language(language) for code, text in MISSING.items() if code in known.missing),
    )


def write_brief(state: State, shop: str, task: int, brief: Brief, *, by: str) -> Brief:
    """Keep a brief in the place of the one before, and return it as it is kept.

    Raises:
        UnknownTask: If the shop has no such task.
        TaskRefused: If it has no title or goal, or is too long.
    """
    content = storable(plain(replace(brief, written_by="", written_at=None)))
    size = len(msgspec.json.encode(content))
    if not brief.title.strip() or not brief.goal.strip() or size > LONGEST:
        raise TaskRefused(
            "brief_cannot_be_meant",
            Text(
                f"需求单要有标题和目标，全文最多 {LONGEST} 字节",
                f"a brief has a title and a goal, and {LONGEST} bytes at most",
            ),
            hint=Text("补上，或写短一些", "add them, or make it shorter"),
        )
    with state.writing(by, shop) as session:
        _check_task(session, shop, task)
        row = session.get(BriefRow, task)
        if row is None:
            row = BriefRow(task=task, content=content, written_by=by.strip(), written_at=session.info[MOMENT])
            session.add(row)
        elif row.content != content:
            row.content, row.written_by, row.written_at = content, by.strip(), session.info[MOMENT]
        session.flush()
        return _read(row)


def brief_of(state: State, shop: str, task: int) -> Brief | None:
    """Return the brief of a task, or None where none was written.

    Raises:
        UnknownTask: If the shop has no such task.
    """
    with state.reading() as session:
        _check_task(session, shop, task)
        row = session.get(BriefRow, task)
        return None if row is None else _read(row)


def _read(row: BriefRow) -> Brief:
    brief = msgspec.convert(row.content, Brief)
    return replace(brief, written_by=row.written_by, written_at=row.written_at)


def _check_task(session: Session, shop: str, task: int) -> None:
    row = session.get(TaskRow, task)
    if row is None or row.shop != shop:
        raise UnknownTask(shop, task)


def _goal(task: Task, known: Known, found: Finding | None) -> Text:
    expected = task.what.expected
    name = known.names.get(expected.metric, Text(expected.metric, expected.metric))
    zh = f"{name.zh} {expected.change:+.1%}，{expected.by} 前见效"
    en = f"{name.en} {expected.change:+.1%} by {expected.by}"
    if task.what.guards:
        kept = [known.names.get(one, Text(one, one)) for one in task.what.guards]
        zh += "；不能掉：" + "、".join(one.zh for one in kept)
        en += "; must not fall: " + ", ".join(one.en for one in kept)
    return Text(zh, en) if found is None else Text(f"{found.headline.zh}。{zh}", f"{found.headline.en}. {en}")


def _audience(known: Known, language: Language) -> list[Point]:
    evidence = Text(f"近 {known.days} 天的订单", f"orders of the last {known.days} days").in_language(language)
    return [Point(f"{name.in_language(language)} {share:.0%}", evidence) for name, share in known.buyers]


def _points(known: Known, language: Language) -> list[Point]:
    points = []
    for one in known.terms[:MOST_TERMS]:
        parts = [
            (one.visitors, "{:,.0f} 人搜来", "{:,.0f} came"),
            (one.buyers, "{:,.0f} 人买", "{:,.0f} bought"),
            (one.amount, "成交 {:,.0f} " + known.currency, "{:,.0f} " + known.currency),
        ]
        told = [Text(zh.format(value), en.format(value)) for value, zh, en in parts if value is not None]
        days = Text(f"近 {known.days} 天", f"last {known.days} days")
        if one.of_shop:
            days = Text(f"全店{days.zh}", f"whole shop, {days.en}")
        words = Text(f"搜“{one.term}”的人要的", f"what people who search “{one.term}” want")
        evidence = Text(
            "，".join([days.zh, *(each.zh for each in told)]), ", ".join([days.en, *(each.en for each in told)])
        )
        points.append(Point(words.in_language(language), evidence.in_language(language)))
    for phrase in known.praise:
        evidence = Text(
            f"{known.good} 条好评里 {phrase.count} 条提到", f"{phrase.count} of {known.good} good reviews say so"
        )
        points.append(Point(phrase.text, evidence.in_language(language)))
    return points


def _complaint(known: Known, language: Language) -> list[str]:
    told = [
        Text(
            f"讲清“{one.text}”：{known.bad} 条差评里 {one.count} 条提到",
            f"be clear about “{one.text}”: {one.count} of {known.bad} bad reviews name it",
        )
        for one in known.complaints
    ]
    told += [
        Text(f"讲清“{reason}”：{count} 次退款是这个原因", f"be clear about “{reason}”: the reason of {count} refunds")
        for reason, count in known.reasons
    ]
    return [one.in_language(language) for one in told]


def _now(known: Known, language: Language) -> list[Point]:
    return [_era(one, language) for one in known.eras]


def wilson(hits: float, units: float, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of a rate by Wilson (1927): 0 to 1 without units."""
    if units <= 0:
        return 0.0, 1.0
    z, rate = NormalDist().inv_cdf((1 + level) / 2), hits / units
    middle = (rate + z * z / (2 * units)) / (1 + z * z / units)
    half = z * math.sqrt(rate * (1 - rate) / units + z * z / (4 * units * units)) / (1 + z * z / units)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _era(one: Era, language: Language) -> Point:
    evidence = Text(
        f"{one.first} 至 {one.last}：{one.impressions:,.0f} 次展现，{one.clicks:,.0f} 次点击",
        f"{one.first} to {one.last}: {one.impressions:,.0f} impressions, {one.clicks:,.0f} clicks",
    )
    low, high = wilson(one.clicks, one.impressions)
    rate = one.clicks / one.impressions if one.impressions else 0.0
    text = Text(
        f"{one.name}：点击率 {rate:.2%}（95% 区间 {low:.2%}–{high:.2%}）",
        f"{one.name}: click rate {rate:.2%} (95 % interval {low:.2%}–{high:.2%})",
    )
    return Point(text.in_language(language), evidence.in_language(language))
