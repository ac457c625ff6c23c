"""Attribution windows: which answers for each target, when its sales are settled, what is said where they differ.

A row without a window (0) is of a file that tells none; it settles as metrics do that know no window.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from duoshou.analysts.advertising.question import AdQuestion, Level, Targets
from duoshou.metrics import Source, answering, counted_once, has_both, one_of_each
from duoshou.model import Period, Text
from duoshou.model.numbers import whole_amount

ADS = "ad_period"
NAMED_BY = {
    Level.SEARCH: "search_term",
    **dict.fromkeys((Level.AUDIENCE, Level.CREATIVE, Level.PLACEMENT, Level.REGION, Level.HOUR), "target"),
}
"""Column that names a target, of levels that no metric is split by."""
REPORTED_AS = {Level.SEARCH: "search_term", Level.PRODUCT: "item", Level.CAMPAIGN: "plan"}
KEYS: Mapping[Level, tuple[str, ...]] = {
    Level.KEYWORD: ("campaign", "target"),
    Level.PRODUCT: ("target",),
    Level.CAMPAIGN: ("campaign",),
    **{level: ("campaign", name) for level, name in NAMED_BY.items()},
}
"""Columns that name a target."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The attribution windows of a level.

    Attributes:
        read: Those that answer; several only where no single one tells of all targets.
        of: Key of a target → its windows, where several answer.
    """

    read: tuple[int, ...]
    of: Mapping[tuple[str, ...], tuple[int, ...]]


def reported_as(level: Level) -> str:
    """Return what the warehouse calls a level."""
    return REPORTED_AS.get(level, level.value)


def source_of(question: AdQuestion, level: Level) -> Source:
    """Return how the rows of a level are read; levels that no metric is of are read like those that are."""
    name = reported_as(level)
    known = question.catalogue.sources
    return known.get(f"ad_{name}") or replace(known["ad_keyword"], key=f"ad_{name}", fixed={"report_level": name})


def windows_of(question: AdQuestion, level: Level, period: Period) -> Windows:
    """Return the windows that answer for a level over some days."""
    if not question.backend.has_table(ADS):
        return Windows((), {})
    read = answering(question.backend, source_of(question, level), question.shop, list(period))
    found = tuple(int(one or 0) for one in read)
    if len(found) < 2:
        return Windows(found, {})
    rows = read_rows(question, level, period, found)
    named = {f"key_{number}": rows[column] for number, column in enumerate(KEYS[level])}
    table = rows.select(**named, window=rows["attribution_window_days"]).distinct()
    of: dict[tuple[str, ...], set[int]] = {}
    for row in question.backend.execute(table).to_pylist():
        of.setdefault(tuple(str(row[name]) for name in named), set()).add(int(row["window"]))
    return Windows(found, {key: tuple(sorted(one)) for key, one in of.items()})


def whole_rows(question: AdQuestion, level: Level) -> Any:
    """Return the rows of a level, of which none is told once more as a part of another."""
    source, rows = source_of(question, level), question.backend.table(ADS)
    own = rows.filter(rows["report_level"] == reported_as(level))
    return counted_once(own, source) if has_both(question.backend, source) else own


def read_rows(question: AdQuestion, level: Level, period: Period, read: Sequence[int]) -> Any:
    """Return the rows of a level over some days, one window for each object and day."""
    rows = whole_rows(question, level)
    wanted = [rows["day"].between(period.start, period.end)]
    wanted += [rows[column].notnull() for column in KEYS[level]]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    if len(read) == 1:
        wanted.append(rows["attribution_window_days"] == read[0])
    chosen = rows.filter(*wanted)
    return chosen if len(read) < 2 else one_of_each(chosen, source_of(question, level), read)


def settled_days(question: AdQuestion, rows: Any, period: Period, unknown: int) -> list[date]:
    """Return the latest days of rows whose orders are settled: over for as long as their window, and exported since.

    Args:
        question: What is asked.
        rows: Rows of a level.
        period: Days that are looked at.
        unknown: Days that orders take to come in where a file tells no window.
    """
    told = rows.group_by(window=rows["attribution_window_days"], on=rows["day"]).agg(seen=rows["exported_at"].max())
    open_: set[date] = set()
    longest = 0
    for row in question.backend.execute(told).to_pylist():
        takes = int(row["window"]) or unknown
        longest = max(longest, takes)
        day = _day(row["on"])
        if row["seen"] is not None and row["seen"].date() < day + timedelta(days=takes):
            open_.add(day)
    last = question.as_of - timedelta(days=longest)
    return [day for day in period if day <= last and day not in open_][-question.days :]


def told_windows(found: Sequence[Targets], currency: str) -> list[Text]:
    """Return what has to be known where targets of a level are told with different windows."""
    return [_differ(one, currency) for one in found if one.windows]


def _differ(found: Targets, currency: str) -> Text:
    from duoshou.analysts.advertising.words import LEVELS

    title = LEVELS[found.level]
    alone = Counter(one[0] for one in found.windows.values() if len(one) == 1)
    several = sum(len(one) > 1 for one in found.windows.values())
    zh = [f"{_zh(days)} {count} 个" for days, count in sorted(alone.items())]
    en = [f"{count} with {_en(days)}" for days, count in sorted(alone.items())]
    if several:
        zh.append(f"有几种的 {several} 个")
        en.append(f"{several} with several")
    left = ("", "")
    if found.unjudged > 0:
        money = [whole_amount(found.unjudged, currency, language) for language in ("zh", "en")]
        left = (
            f"；同一天混着几种天数的花费 {money[0]} 不参与判断",
            f"; {money[1]} of days on which several meet is not judged",
        )
    return Text(
        f"各{title.zh}的归因天数不同（{'，'.join(zh)}）：花费每个对象每天只算一次；成交各按自己的归因天数，天数长的认领得多，"
        f"投产比不能直接相比{left[0]}",
        f"attribution windows of {title.en} differ ({', '.join(en)}): cost counts once for each target and day; sales "
        f"are those of each one's own window, a longer one claims more, so their ROAS do not compare{left[1]}",
    )


def _zh(days: int) -> str:
    return f"{days} 天" if days else "未写明"


def _en(days: int) -> str:
    return f"{days} days" if days else "none told"


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
