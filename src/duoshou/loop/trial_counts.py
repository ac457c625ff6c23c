"""Counts of a test from a small file: a table with day, arm, units and what came of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from duoshou.loop.errors import TrialRefused
from duoshou.loop.trial import Count
from duoshou.model import Place, Text
from duoshou.sources.container import Content, contents
from duoshou.sources.headers import normalise_header
from duoshou.sources.text import decode, peek, plausible_delimiters, possible_encodings
from duoshou.sources.workbook import load, sheets

MOST_BYTES = 4 << 20
MOST_ROWS = 20_000
HEADERS: dict[str, tuple[str, ...]] = {
    "day": ("day", "date", "日期", "统计日期", "天"),
    "arm": ("arm", "group", "variant", "组", "组别", "方案", "版本", "创意", "分组"),
    "units": ("units", "visitors", "impressions", "parcels", "数量", "人数", "访客数", "展现量", "曝光量", "包裹数"),
    "successes": ("successes", "clicks", "orders", "成功数", "点击量", "成交数", "支付订单数", "回购数"),
    "total": ("total", "amount", "金额", "金额合计", "支付金额", "成交金额"),
    "squares": ("squares", "平方和", "金额平方和"),
    "deviation": ("deviation", "sd", "标准差"),
}
"""Field → headers by which it is known, each as `normalise_header` writes it."""
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")


def read_counts(path: Path) -> tuple[Count, ...]:
    """Return the counts that a CSV file or a workbook holds: one table, the header in its first filled row.

    A standard deviation of the units' values may stand in the place of the sum of their squares.

    Raises:
        TrialRefused: If there is no such table or a cell cannot be read; it names the row and the column.
        UnreadableFile: If the file is damaged.
    """
    rows = [row for row in _rows(path) if any(cell.strip() for cell in row)]
    if not rows:
        raise _refused(path, 1, "", "")
    places = _places(rows[0])
    missing = [name for name in ("day", "arm", "units") if name not in places]
    if missing:
        raise _refused(path, 1, " / ".join(HEADERS[missing[0]]), "")
    return tuple(_count(path, number, row, places) for number, row in enumerate(rows[1:], start=2))


def _rows(path: Path) -> Iterable[Sequence[str]]:
    for content in contents(path):
        if content.kind == "workbook":
            for sheet in sheets(content):
                table = load(content, sheet.name, 0)
                return [["" if cell is None else str(cell) for cell in row.values()] for row in table.to_pylist()]
        elif content.kind == "text":
            return _text_rows(content)
    return []


def _text_rows(content: Content) -> list[list[str]]:
    data = content.head(MOST_BYTES)
    encodings = possible_encodings(data, complete=len(data) < MOST_BYTES)
    text = decode(data, encodings[0] if encodings else "utf-8", complete=len(data) < MOST_BYTES)
    delimiters = plausible_delimiters(text) or [","]
    return peek(text, delimiters[0], complete=True, rows=MOST_ROWS)


def _places(header: Sequence[str]) -> dict[str, int]:
    named = [normalise_header(cell) for cell in header]
    found = {}
    for field, words in HEADERS.items():
        known = {normalise_header(word) for word in words}
        place = next((number for number, word in enumerate(named) if word in known), None)
        if place is not None:
            found[field] = place
    return found


def _count(path: Path, number: int, row: Sequence[str], places: dict[str, int]) -> Count:
    def cell(field: str) -> str:
        place = places.get(field)
        return "" if place is None or place >= len(row) else row[place].strip()

    def number_of(field: str) -> float | None:
        text = cell(field).replace(",", "").replace("，", "")
        if not text or text in {"-", "—"}:
            return None
        try:
            return float(text)
        except ValueError:
            raise _refused(path, number, field, cell(field)) from None

    def whole(field: str) -> int | None:
        value = number_of(field)
        if value is not None and value != int(value):
            raise _refused(path, number, field, cell(field))
        return None if value is None else int(value)

    day, units = _day(cell("day")), whole("units")
    if day is None or units is None or not cell("arm"):
        field = "day" if day is None else "units" if units is None else "arm"
        raise _refused(path, number, field, cell(field))
    total, squares, deviation = number_of("total"), number_of("squares"), number_of("deviation")
    if squares is None and deviation is not None and total is not None:
        squares = deviation**2 * max(units - 1, 0) + (total**2 / units if units else 0.0)
    return Count(day, cell("arm"), units, whole("successes"), total, squares)


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        return None


def _refused(path: Path, row: int, column: str, value: str) -> TrialRefused:
    shown = f"“{value}”" if value else "空"
    return TrialRefused(
        "trial_count_file",
        Text(
            f"第 {row} 行的 {column or '表头'} 读不了：{shown}",
            f"row {row}: {column or 'the header'} cannot be read: {value or 'empty'}",
        ),
        hint=Text(
            "表头：日期、组、数量，再加 成功数 或 金额与标准差",
            "headers: day, arm, units, then successes or total and deviation",
        ),
        place=Place(file=path.name, row=row, column=column or None),
    )
