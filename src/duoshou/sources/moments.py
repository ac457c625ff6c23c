"""Times that a file tells outside its rows: in its name and in the notice above its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from duoshou.sources.layout import Layout
from duoshou.sources.zones import to_utc

_MADE = re.compile(r"(?:导出|下载|生成|制表)(?:时间|日期)\s*[:：]\s*([0-9][0-9年月日/\-. T:：]{7,})")
_COVERS = re.compile(
    r"(?:统计|数据|查询)(?:日期|时间|周期|区间)?\s*[:：]?\s*(\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2})(?:\s*(?:~|～|至|到|-|—)+\s*(\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2}))?"
)
_NAMED_RANGE = re.compile(r"([A-Z][a-z]+ \d{1,2}, \d{4})(?:\s*[-–]\s*([A-Z][a-z]+ \d{1,2}, \d{4}))?")


def exported_at(layout: Layout, name: str, notices: Sequence[str], timezone: str) -> datetime | None:
    """Return when the platform made the export (naive UTC), None when neither name nor notice tells."""
    told = _groups(layout, name).get("exported")
    if told is None:
        told = next((found[1] for notice in notices if (found := _MADE.search(notice))), None)
    moment = _moment(told) if told else None
    return to_utc(moment, layout.timezone or timezone) if moment else None


def period_hint(layout: Layout, name: str, notices: Sequence[str]) -> str | None:
    """Return the period of a table whose rows have no date: `2026-08-11` or `2026-08-01~2026-08-07`."""
    groups = _groups(layout, name)
    first, last = groups.get("day") or groups.get("from"), groups.get("to")
    if first is None:
        found = next((match for notice in notices if (match := _COVERS.search(notice))), None)
        first, last = (found[1], found[2]) if found else _named_days(notices)
    start, end = _day(first), _day(last)
    if start is None:
        return None
    return start.isoformat() if end is None or end == start else f"{start.isoformat()}~{end.isoformat()}"


def _named_days(notices: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the days of a notice that is nothing but a range in English: `July 1, 2026 - July 31, 2026`."""
    found = next((match for notice in notices if (match := _NAMED_RANGE.fullmatch(notice.strip()))), None)
    try:
        days = [datetime.strptime(day, "%B %d, %Y") for day in found.groups() if day] if found else []  # noqa: DTZ007
    except ValueError:
        days = []
    return (days[0].date().isoformat(), days[-1].date().isoformat()) if days else (None, None)


def hint_days(hint: str | None) -> tuple[date, date] | None:
    """Return the first and the last day of a hint."""
    if hint is None:
        return None
    first, _, last = hint.partition("~")
    return date.fromisoformat(first), date.fromisoformat(last or first)


def _groups(layout: Layout, name: str) -> dict[str, str]:
    found = re.search(layout.recognise.file_name, name) if layout.recognise.file_name else None
    return {key: value for key, value in found.groupdict().items() if value} if found else {}


def _moment(text: str) -> datetime | None:
    numbers = re.findall(r"\d+", text)
    digits = "".join(number.zfill(2) for number in numbers)
    for length, form in ((14, "%Y%m%d%H%M%S"), (12, "%Y%m%d%H%M"), (8, "%Y%m%d")):
        if len(digits) >= length:
            try:
                return datetime.strptime(digits[:length], form)  # noqa: DTZ007 - local, made UTC by the caller
            except ValueError:
                continue
    return None


def _day(text: str | None) -> date | None:
    moment = _moment(text) if text else None
    return moment.date() if moment else None
