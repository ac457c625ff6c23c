"""The same rows in another shape give the same typed rows: columns in another order, cells that are numbers or days."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from tests.layouts.files import put, workbook
from tests.layouts.sample import Sample
from tests.layouts.samples import all_samples

from duoshou.sources import Layouts, Reading, latest_instant, load_layouts, recognise, typed_select, write_raw
from duoshou.sources.reading import TextSource

Typed = dict[tuple[int, str], list[tuple[object, ...]]]
_ZONE = "Asia/Shanghai"
_CELL = re.compile(r'="(.*)"')


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return an engine that does not plan for long: every file here has a few rows."""
    with duckdb.connect(config={"threads": 1}) as opened:
        opened.execute("PRAGMA disable_optimizer")
        yield opened


@pytest.fixture(scope="module")
def layouts() -> Layouts:
    """Return the shipped layouts."""
    return load_layouts()


def one_reading(path: Path, layouts: Layouts) -> Reading:
    """Return the only table of a file."""
    (reading,) = recognise(path, layouts=layouts, timezone=_ZONE)
    return reading


def typed_rows(connection: duckdb.DuckDBPyConnection, reading: Reading, target: Path) -> Typed:
    """Return the rows of each canonical table, sorted, with the bits of their faults."""
    raw = write_raw(connection, reading, target, secret=b"k" * 32)
    latest = latest_instant(connection, reading.layout, raw.path, reading.headers, _ZONE, hint=reading.period_hint)
    found: Typed = {}
    for index, table in enumerate(reading.layout.table):
        select = typed_select(
            reading.layout,
            raw.path,
            reading.headers,
            table_index=index,
            timezone=_ZONE,
            shop="main",
            currency=reading.currency or "CNY",
            first_row=reading.first_row,
            period_hint=reading.period_hint,
            exported_at=reading.exported_at or latest,
        )
        rows = connection.execute(f"SELECT * EXCLUDE (source_row) FROM ({select.sql})").fetchall()
        found[index, table.name] = sorted(rows, key=repr)
    return found


def cells_below(reading: Reading) -> list[list[str]]:
    """Return the cells of a text file below its header, all rows as long as the header."""
    source = reading.source
    assert isinstance(source, TextSource)
    text = b"".join(source.content.chunks()).decode(source.encoding, errors="replace")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=source.delimiter))
    width = len(reading.headers)
    return [[*row, *[""] * width][:width] for row in rows[source.skip :] if any(row)]


def as_value(text: str) -> object:
    """Return what a spreadsheet makes of a cell that someone typed or opened."""
    if (wrapped := _CELL.fullmatch(text)) is not None:
        return wrapped[1]
    plain = text.strip()
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", plain):
        return int(plain)
    if re.fullmatch(r"-?(0|[1-9]\d{0,10})\.\d+|-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        return float(plain.replace(",", ""))
    if re.fullmatch(r"-?\d+(\.\d+)?%", plain):
        return round(float(plain[:-1]) / 100, 10)
    if re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?)?", plain):
        return datetime.fromisoformat(plain)
    return text


def text_samples() -> list[Sample]:
    """Return one sample that is plain text for each layout that has one, with a header of one row."""
    shipped = load_layouts()
    found: dict[str, Sample] = {}
    for sample in all_samples():
        layout = shipped[sample.layout]
        simple = layout.recognise.header_rows == 1 and not any(field.after for field in layout.field) and layout.table
        is_text = not sample.data.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"<", b"\x1f\x8b", b"\xff\xfe"))
        if simple and is_text:
            found.setdefault(sample.layout, sample)
    return list(found.values())


@pytest.mark.parametrize("sample", text_samples(), ids=lambda sample: sample.label)
def test_a_workbook_of_other_order_gives_the_same_rows(
    connection: duckdb.DuckDBPyConnection, layouts: Layouts, tmp_path: Path, sample: Sample
) -> None:
    """Reverse the columns, put a foreign one in front, and make numbers and days real ones: nothing changes."""
    reading = one_reading(put(tmp_path / "text", sample.file, sample.data), layouts)
    expected = typed_rows(connection, reading, tmp_path / "raw.parquet")
    table: list[Sequence[object]] = [["新列", *reversed(reading.headers)]]
    table += [[7, *reversed([as_value(cell) for cell in row])] for row in cells_below(reading)]
    name = f"{sample.file.rsplit('.', 1)[0]}.xlsx"
    other = one_reading(put(tmp_path / "book", name, workbook({"Sheet1": table})), layouts)
    # The lines above the header are not part of the workbook.
    other = replace(other, exported_at=reading.exported_at, period_hint=reading.period_hint)
    assert other.layout.key == sample.layout
    assert typed_rows(connection, other, tmp_path / "raw.parquet") == expected
