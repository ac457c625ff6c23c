"""What an import says of many files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from duoshou.app import ImportReport
from duoshou.cli.import_text import import_report_text
from duoshou.cli.session import Session
from duoshou.model import DuoshouError, Place, Text
from duoshou.sources import load_layouts
from duoshou.warehouse.results import NOT_USED_YET, FileResult, Problem, Problems, TableCounts

HINT = Text("重新导出", "export it again")


class _Workbench:
    """A workspace that knows the shipped layouts, and no more."""

    layouts = load_layouts()


def _result(name: str, *tables: TableCounts, problems: Sequence[Problem] = (), **facts: Any) -> FileResult:
    found = Problems()
    for problem in problems:
        found.add(problem)
    return FileResult(name, facts.pop("layout", "sycm_shop_day"), list(tables), problems=found, **facts)


def _text(*results: FileResult, language: Any = "zh") -> str:
    session = Session(lambda _: _Workbench())  # type: ignore[arg-type,return-value]
    session.choose_language(language)
    return import_report_text(ImportReport(tuple(results)), session)


def _lost(name: str, hint: Text = HINT) -> FileResult:
    error = DuoshouError("x", Text("文件是空的", "is empty"), hint=hint, place=Place(file=name, sheet="甲"))
    return _result(name, error=error)


def test_files_without_news_take_one_line() -> None:
    """Forty files that say nothing new are one line with the first names; one that does stands in the table."""
    old = [_result(f"{number}.csv", TableCounts("shop_period", 3, unchanged=3)) for number in range(40)]
    lines = _text(*old, _result("new.csv", TableCounts("shop_period", 2, new=2))).splitlines()
    assert lines[2].split() == ["new.csv", "sycm_shop_day", "shop_period", "2", "2", "0", "0", "0"]
    assert lines[3:] == ["= 40 个文件没有变化：0.csv、1.csv、2.csv、3.csv、4.csv 等", "共 41 个文件"]
    again = _result("again.csv", TableCounts("shop_period", 3, new=3), already_imported=True)
    assert _text(again, language="en") == "= nothing new: again.csv"


def test_a_table_that_is_filled_in_several_ways_has_one_line() -> None:
    """Two rows give three fees: two rows read, three new; what got nothing is left out."""
    fees = [TableCounts("settlement", 2, new=2), TableCounts("settlement", 1, new=1), TableCounts("refund")]
    rows = [line.split() for line in _text(_result("a.csv", *fees)).splitlines()[2:]]
    assert rows == [["a.csv", "sycm_shop_day", "settlement", "2", "3", "0", "0", "0"]]


def test_what_is_not_used_yet_needs_nobody() -> None:
    """The title of the layout stands beside the file, without a mark of alarm."""
    problem = Problem(NOT_USED_YET, Text("以后", "later"))
    text = _text(_result("c.csv", layout="shopify_customers", problems=[problem]), language="en")
    title = load_layouts()["shopify_customers"].title.en
    assert text == f"· known, kept in the archive (without personal data), not used yet:\n    c.csv: {title}"


@pytest.mark.parametrize(
    ("rows", "place"),
    [([4], "行 4"), ([3, 4, 5, 9], "行 3–5、9"), ([1, 3, 5, 7, 9], "行 1、3、5、7 等")],
)
def test_one_problem_is_told_once_with_its_rows(rows: list[int], place: str) -> None:
    """Rows with the same problem are put together, with an example of what stands there."""
    counts = TableCounts("shop_period", 9, new=8, rejected=1)
    same = [Problem("n", Text("读不出", "unreadable"), "甲", row, "访客数", f"x{row}") for row in rows]
    line = _text(_result("a.csv", counts, problems=same)).splitlines()[-1]
    example = f"原文“x{rows[0]}”" if len(rows) == 1 else f"如“x{rows[0]}”"
    assert line == f"! a.csv（工作表 甲，{place}，列 访客数）：读不出（{example}）"


def test_what_to_do_is_said_once() -> None:
    """Files that were lost alike share the advice; the name of the file is not repeated."""
    lines = _text(_lost("a.csv"), _lost("b.csv"), _lost("c.csv", Text("另存", "save it"))).splitlines()
    assert lines == [
        "✗ a.csv（工作表 甲）：文件是空的",
        "✗ b.csv（工作表 甲）：文件是空的",
        "  → 重新导出",
        "✗ c.csv（工作表 甲）：文件是空的",
        "  → 另存",
        "共 3 个文件，3 个没有导入",
    ]
