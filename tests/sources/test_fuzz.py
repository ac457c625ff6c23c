"""Mutated files: rows or a `SourceError`, never anything else."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from pathlib import Path

import duckdb
import pytest
from tests.layouts.mutations import MUTATIONS, Mutation

from duoshou.sources import Layouts, SourceError, latest_instant, recognise, totals, typed_select, write_raw

from .conftest import SECRET, csv_text, order, order_rows, workbook

ROWS = order_rows(*(order(number) for number in range(1, 40)))


def originals(folder: Path) -> list[bytes]:
    """Return sound files of every kind: the mutations start from them."""
    text = csv_text(ROWS)
    shuffled = [[row[position] for position in reversed(range(len(row)))] for row in ROWS]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("订单.csv", text.encode("gb18030"))
    book = workbook(folder / "book.xlsx", ROWS).read_bytes()
    uci = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n" + "".join(
        f"{number},A,LAMP,6,2010-12-01 08:26:00,2.55,17850,UK\n" for number in range(400)
    )
    encoded = [text.encode(encoding) for encoding in ("utf-8", "gb18030", "utf-16", "utf-8-sig", "shift_jis")[:4]]
    return [
        *encoded,
        csv_text(shuffled).encode("gb18030"),
        archive.getvalue(),
        gzip.compress(text.encode()),
        book,
        uci.encode(),
    ]


def import_all(connection: duckdb.DuckDBPyConnection, path: Path, layouts: Layouts, target: Path) -> int:
    """Read a file through the whole layer and return the number of canonical rows."""
    count = 0
    for reading in recognise(path, layouts=layouts, timezone="Asia/Shanghai"):
        raw = write_raw(connection, reading, target, secret=SECRET)
        totals(connection, reading, raw.path)
        latest_instant(connection, reading.layout, raw.path, reading.headers, "Asia/Shanghai")
        for index in range(len(reading.layout.table)):
            select = typed_select(
                reading.layout,
                raw.path,
                reading.headers,
                table_index=index,
                timezone="Asia/Shanghai",
                shop="main",
                currency="CNY",
                first_row=reading.first_row,
                period_hint=reading.period_hint,
            )
            count += connection.execute(f"SELECT count(*), max(fault_mask) FROM ({select.sql})").fetchall()[0][0]
            connection.execute(f"SELECT * FROM ({select.problem_sql})").fetchall()
    return count


def import_or_error(
    connection: duckdb.DuckDBPyConnection, path: Path, layouts: Layouts, target: Path
) -> SourceError | None:
    """Return what was wrong with a file; any other exception fails the test."""
    try:
        import_all(connection, path, layouts, target)
    except SourceError as error:
        return error
    return None


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_mutated_files(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, layouts: Layouts, mutation: Mutation
) -> None:
    """A damaged file gives rows or an error with message, hint and place in both languages (216 files over all
    mutations).
    """
    chance = random.Random(20260811)
    for number, original in enumerate(originals(tmp_path) * 4):
        path = tmp_path / f"mutant{number}.csv"
        path.write_bytes(mutation(original, chance))
        error = import_or_error(connection, path, layouts, tmp_path / "raw.parquet")
        if error is not None:
            assert error.message.zh
            assert error.message.en
            assert error.hint is not None
            assert error.place.file == path.name


def test_sound_files(tmp_path: Path, connection: duckdb.DuckDBPyConnection, layouts: Layouts) -> None:
    """The unmutated files give all their rows."""
    for number, original in enumerate(originals(tmp_path)):
        path = tmp_path / f"sound{number}.csv"
        path.write_bytes(original)
        assert import_all(connection, path, layouts, tmp_path / "raw.parquet") in (39, 800)
