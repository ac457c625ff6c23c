"""Counts of a test from files as people keep them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from duoshou.loop.errors import TrialRefused
from duoshou.loop.trial import Count
from duoshou.loop.trial_counts import read_counts

DAY = date(2026, 11, 2)


def test_a_csv_is_read(tmp_path: Path) -> None:
    """Chinese headers in any order, thousands with commas, several ways to write a day, and empty cells."""
    path = tmp_path / "counts.csv"
    path.write_bytes(
        '组,日期,展现量,点击量,备注\n旧图,2026-11-02,"1,200",60,x\n新图,2026/11/2,1150,70,\n旧图,20261103,900,,\n'.encode(
            "gb18030"
        )
    )
    assert read_counts(path) == (
        Count(DAY, "旧图", 1200, 60),
        Count(DAY, "新图", 1150, 70),
        Count(date(2026, 11, 3), "旧图", 900, None),
    )


def test_a_workbook_is_read(tmp_path: Path) -> None:
    """Days and numbers as a spreadsheet keeps them; the standard deviation stands in for the sum of squares."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["date", "arm", "units", "total", "deviation"])
    sheet.append([DAY, "A", 100, 2500.5, 12.5])
    sheet.append([DAY, "B", 0, 0, 0])
    book.save(tmp_path / "counts.xlsx")
    first, second = read_counts(tmp_path / "counts.xlsx")
    assert (first.day, first.arm, first.units, first.total) == (DAY, "A", 100, 2500.5)
    assert first.squares == pytest.approx(12.5**2 * 99 + 2500.5**2 / 100)
    assert second == Count(DAY, "B", 0, None, 0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("日期,组\n2026-11-02,A\n", 1, "units / visitors"),
        ("日期,组,数量\n2026-13-02,A,5\n", 2, "day"),
        ("日期,组,数量\n昨天,A,5\n", 2, "day"),
        ("日期,组,数量\n2026-11-02,A,5\n2026-11-02,,5\n", 3, "arm"),
        ("日期,组,数量\n2026-11-02,A,\n", 2, "units"),
        ("日期,组,数量\n2026-11-02,A,五\n", 2, "units"),
        ("日期,组,数量\n2026-11-02,A,5.5\n", 2, "units"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str, row: int, column: str) -> None:
    """The error says which row and which column, as the spreadsheet shows them."""
    path = tmp_path / "counts.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TrialRefused) as told:
        read_counts(path)
    place = told.value.place
    assert place is not None
    assert (place.file, place.row) == ("counts.csv", row)
    assert (place.column or "").startswith(column)
