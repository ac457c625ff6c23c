"""One shop's month, a row a day, with the month in all at the foot."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from duoshou.metrics import Additivity, MetricValue, Unit
from duoshou.model import Grain, Period, Text
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.workbook import Sheet, width_of

FIRST_METRIC = 2
DAY_WIDTH, WEEKDAY_WIDTH = 11.5, 9.0
LEAST_WIDTH, MOST_WIDTH = 7.5, 14.0
ONE_LINE = 8.0
"""Widest heading that stays on one line."""
_DIGITS = {Unit.COUNT: ",.0f", Unit.PEOPLE: ",.0f", Unit.RATE: ".2%", Unit.SECONDS: ",.1f"}
NOTE_WIDTH = 105.0
"""Widest note: what fits on the first page."""


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns that belong together."""

    name: Text
    metrics: tuple[str, ...]


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: tuple[Group, ...]


@cache
def groups() -> tuple[Group, ...]:
    """Return the columns of the summary (`summary.toml`)."""
    text = files("duoshou.reports").joinpath("summary.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Form).group


def columns_of(report: Report) -> list[tuple[str, str]]:
    """Return (group, metric) of every column that the summary may have, those of the workspace last."""
    columns = [(report.words.of(group.name), key) for group in groups() for key in report.answers.known(group.metrics)]
    have = {key for _, key in columns}
    own = report.words("summary.own")
    return columns + [(own, one.metric) for one in report.material.own.column if one.metric not in have]


@dataclass(frozen=True)
class Month:
    """The figures of one shop.

    Attributes:
        columns: (group, metric) of the columns that have any value.
        lacking: Metrics without any.
        days: ISO day → metric → value.
        whole: Metric → value of the month to date.
    """

    columns: Sequence[tuple[str, str]]
    lacking: Sequence[str]
    days: Mapping[str, Mapping[str, MetricValue]]
    whole: Mapping[str, MetricValue]

    @property
    def torn(self) -> list[str]:
        """Metrics whose month comes from another source than their days: the two need not add up."""
        found = []
        for _, key in self.columns:
            daily = {one.source for day in self.days.values() if (one := day.get(key)) is not None and one.source}
            whole = self.whole.get(key)
            if whole is not None and whole.source and daily and daily != {whole.source}:
                found.append(key)
        return found


def period_of(report: Report) -> Period:
    """Return the month up to the day of the book."""
    return Period(report.day.replace(day=1), report.day)


def read_month(report: Report) -> Month:
    """Return the figures of the report's shop from the first of the month to the day of the book."""
    columns, period = columns_of(report), period_of(report)
    keys = [key for _, key in columns]
    rows = report.answers.rows(keys, period, grain=Grain.DAY)
    days = {row.dimensions.get("period") or "": row.values for row in rows}
    whole = report.answers.one(keys, period)
    known = {key for values in (*days.values(), whole) for key, one in values.items() if one.value is not None}
    return Month([one for one in columns if one[1] in known], [key for key in keys if key not in known], days, whole)


def write_month(report: Report, sheet: Sheet, month: Month) -> None:
    """Write the table of one shop's month."""
    words = report.words
    period = period_of(report)
    title = words("summary.title", month=f"{period.start:%Y-%m}")
    subtitle = words("own.subtitle", shop=report.name, first=period.start, last=period.end, currency=report.currency)
    keys = [key for _, key in month.columns]
    numbers = widths_of(report, month.columns, [month.whole, *month.days.values()])
    sheet.widths(DAY_WIDTH, WEEKDAY_WIDTH, *(numbers or [NOTE_WIDTH - DAY_WIDTH - WEEKDAY_WIDTH]))
    row = head(report, sheet, title, subtitle)
    if not keys:
        sheet.text(row, 0, words("book.nothing_month"), "subtitle")
    else:
        write_heads(report, sheet, row, (words("trend.day"), words("trend.weekday")), month.columns)
        row = _days(report, sheet, row + 1, month, keys, period) + 1
        report.definitions.note("month_whole")
        for column, cell in enumerate((words("summary.whole"), "")):
            sheet.text(row, column, cell, "total")
        for offset, key in enumerate(keys, start=FIRST_METRIC):
            sheet.value(row, offset, month.whole.get(key), "total")
        sheet.fit(len(keys), tall=1)
    row = write_notes(report, sheet, row + 2, month)
    if keys:
        write_legend(report, sheet, row, sheet.flags, changes=False)


def write_heads(
    report: Report, sheet: Sheet, row: int, left: Sequence[str], columns: Sequence[tuple[str, str]]
) -> None:
    """Write two rows of headings: the groups, and the metrics below them; both stay in sight."""
    for column in range(len(left)):
        sheet.text(row, column, "", "group")
    start = len(left)
    for name, count in _runs([group for group, _ in columns]):
        if count > 1:
            sheet.worksheet.merge_range(row, start, row, start + count - 1, "", sheet.book.format("group"))
        sheet.text(row, start, name, "group", align="center", left=1, left_color="#C9D3DD")
        start += count
    report.heads(sheet, row + 1, left, [key for _, key in columns])
    sheet.freeze(row + 2, len(left))
    sheet.worksheet.repeat_rows(row, row + 1)


def _runs(names: Sequence[str]) -> Iterable[tuple[str, int]]:
    position = 0
    while position < len(names):
        count = 1
        while position + count < len(names) and names[position + count] == names[position]:
            count += 1
        yield names[position], count
        position += count


def widths_of(
    report: Report, columns: Sequence[tuple[str, str]], rows: Iterable[Mapping[str, MetricValue]]
) -> list[float]:
    """Return widths that show every number whole; long headings wrap."""
    longest = {key: LEAST_WIDTH for _, key in columns}
    for values in rows:
        for key, one in values.items():
            if key in longest and one.value is not None:
                digits = len(f"{float(one.value):{_DIGITS.get(one.unit, ',.2f')}}")
                longest[key] = max(longest[key], digits * 1.15 + 1.5 + 3.0 * bool(one.flags))
    return [min(MOST_WIDTH + 6, max(longest[key], _head_width(report, key))) for _, key in columns]


def _head_width(report: Report, key: str) -> float:
    """Return the width at which a heading takes two lines at most, and no Latin word is cut."""
    title = report.words.of(report.metric(key).title)
    words = [width_of(word) * 1.1 + 1.5 for word in title.split() if word.isascii()]
    lines = 1 if width_of(title) <= ONE_LINE else 2
    return min(MOST_WIDTH, max(width_of(title) / lines * 1.05 + 1.8, *words, 0.0))


def _days(report: Report, sheet: Sheet, row: int, month: Month, keys: Sequence[str], period: Period) -> int:
    """Write a row for each day and return the last one; Saturday and Sunday are tinted."""
    for day in period:
        row += 1
        changes = {"font_color": "#1F4E79"} if day.weekday() >= 5 else {}
        sheet.day(row, 0, day)
        sheet.text(row, 1, report.words.weekday(day), **changes)
        values = month.days.get(day.isoformat(), {})
        for offset, key in enumerate(keys, start=FIRST_METRIC):
            sheet.value(row, offset, values.get(key))
    return row


def write_notes(report: Report, sheet: Sheet, row: int, month: Month) -> int:
    """Write what the reader must know of the table, and where the missing columns can be had; return the next row."""
    words = report.words
    joint = "、" if report.language == "zh" else ", "
    notes = []
    people = [key for _, key in month.columns if report.metric(key).additivity is Additivity.DISTINCT]
    if people:
        notes.append(words("summary.people"))
    if month.torn:
        notes.append(words("summary.torn", metrics=joint.join(report.title(key) for key in month.torn)))
    notes += _exports(report, month)
    last, width = note_columns(sheet)
    for note in notes:
        sheet.wide(row, 0, last, note, "note_wrap", width)
        row += 1
    return row + bool(notes)


def note_columns(sheet: Sheet) -> tuple[int, float]:
    """Return the last column over which a note is written, and the width up to it."""
    last, width = 1, sum(sheet.columns[:2])
    while last + 1 < len(sheet.columns) and width + sheet.columns[last + 1] <= NOTE_WIDTH:
        last += 1
        width += sheet.columns[last]
    return last, width


def _exports(report: Report, month: Month) -> list[str]:
    """Return one line for each file that would fill columns, and one for those that no file of a shop in use fills."""
    words = report.words
    joint = "、" if report.language == "zh" else ", "
    places: dict[str, list[str]] = {}
    for key in month.lacking:
        place = report.material.exports(report.shop.key, key)
        places.setdefault("" if place is None else words.of(place), []).append(words.of(report.metric(key).title))
    unknown = places.pop("", [])
    lines = [words("summary.to_export", metrics=joint.join(names), place=place) for place, names in places.items()]
    return lines + ([words("summary.not_offered", metrics=joint.join(unknown))] if unknown and month.columns else [])
