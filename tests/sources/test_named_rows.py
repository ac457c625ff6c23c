"""A keyword that is really named 合计, told from a row of sums by what the others add up to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duoshou.sources import Layouts, Reading, latest_instant, recognise, totals, write_raw
from duoshou.sources.details import archive, detail_rows

from .conftest import SECRET, Import, csv_text

HEAD = ["日期", "计划ID", "计划名称", "单元名称", "关键词", "展现量", "点击量", "花费", "总成交金额"]
Keyword = tuple[str, int, int, int]


def row(campaign: str, keyword: Keyword, day: str = "2026-08-11") -> list[str]:
    """Return a row of a keyword's name, clicks, cost in cents and sales."""
    name, clicks, cents, sales = keyword
    return [
        day,
        f"7{ord(campaign)}",
        campaign,
        "u",
        name,
        str(clicks * 20),
        str(clicks),
        f"{cents / 100:.2f}",
        str(sales),
    ]


def summed(rows: list[list[str]], *said: str) -> list[str]:
    """Return the row of sums that says this beside its figures."""
    return [*said, *(f"{sum(float(one[place]) for one in rows):.2f}".removesuffix(".00") for place in range(5, 9))]


def write(path: Path, rows: list[list[str]]) -> Path:
    """Write a keyword report."""
    path.write_bytes(csv_text([HEAD, *rows]).encode())
    return path


def names(found: list[dict[str, object]]) -> list[object]:
    """Return the keywords that were read."""
    return [one["keyword"] for one in found]


def detail(connection: duckdb.DuckDBPyConnection, layouts: Layouts, path: Path, folder: Path) -> list[str]:
    """Return the names of the rows of detail."""
    (reading,) = recognise(path, layouts=layouts, timezone="Asia/Shanghai")
    raw = write_raw(connection, reading, folder / "p.parquet", secret=SECRET)
    rows = detail_rows(reading.layout, reading.headers, raw.path)
    return [name for (name,) in connection.execute(f"SELECT 关键词 FROM {archive(raw.path)} WHERE {rows}").fetchall()]


@pytest.mark.parametrize("word", ["合计", "总计", "Total"])
def test_a_keyword_with_the_name_of_a_sum_is_kept_and_the_sum_is_dropped(
    tmp_path: Path,
    connection: duckdb.DuckDBPyConnection,
    read: Callable[..., Reading],
    rows_of: Import,
    word: str,
) -> None:
    """Both stand in one file: the name is read with its figures, the sum is reported and agrees with the detail."""
    rows = [row("a", ("鞋", 90, 9000, 300)), row("a", (word, 5, 400, 20)), row("a", ("靴", 40, 5000, 100))]
    path = write(tmp_path / "k.csv", [*rows, summed(rows, "合计", "", "", "", "")])
    found = rows_of(path)
    assert names(found) == ["鞋", word, "靴"]
    assert str(found[1]["cost"]) == "4.00"
    reading = read(path)
    raw = write_raw(connection, reading, tmp_path / "t.parquet", secret=SECRET)
    check = totals(connection, reading, raw.path)
    assert check is not None
    assert check.rows == (5,)
    assert check.agrees
    assert latest_instant(connection, reading.layout, raw.path, reading.headers, "Asia/Shanghai") is not None


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    keywords=st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(1, 500), st.integers(100, 90000), st.integers(0, 900)),
        min_size=2,
        max_size=8,
    ),
    share=st.floats(0.0, 0.8),
    left_out=st.integers(0, 3),
    named=st.booleans(),
)
def test_no_sum_is_ever_read_as_a_keyword_and_a_lesser_name_is(
    tmp_path: Path,
    connection: duckdb.DuckDBPyConnection,
    layouts: Layouts,
    keywords: list[tuple[str, int, int, int]],
    share: float,
    left_out: int,
    named: bool,
) -> None:
    """Sums of a plan and of all, at whatever place and of a file that lacks rows, are dropped; a name that brings less
    than its plan's others is kept.
    """
    rows = [
        row(plan, (f"k{number}", clicks, cost, sales)) for number, (plan, clicks, cost, sales) in enumerate(keywords)
    ]
    of_a = [one for one in rows if one[2] == "a"]
    sums = [summed(rows, "合计", "", "", "", "")]
    if of_a:
        sums.append(summed(of_a, "2026-08-11", "797", "a", "u", "小计"))
    named = named and bool(of_a[left_out:])
    kept = [*(one for one in rows if one[2] != "a"), *of_a[left_out:]]
    if named:
        cost = sum(round(100 * float(one[7])) for one in of_a[left_out:])
        kept.append(row("a", ("合计", 1, int(share * cost), 0)))
    path = write(tmp_path / "p.csv", [*kept, *sums] if named else [*sums, *kept])
    found = detail(connection, layouts, path, tmp_path)
    assert sorted(found) == sorted(one[4] for one in kept)
