"""A recognised table → the archive's Parquet: every cell as text, one row per source row, nobody's personal data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.model import Text
from duoshou.sources.buyers import buyer_keys
from duoshou.sources.columns import archive_columns, buyer_cell
from duoshou.sources.delimited import Delimited, delimited
from duoshou.sources.errors import SourceError, unreadable
from duoshou.sources.personal import secret_pads
from duoshou.sources.reading import Reading, SheetSource
from duoshou.sources.sheets import sheet_relation
from duoshou.sources.sql import identifier, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FAULT = "_fault"
"""Column of the archive that says why a row as a whole cannot be trusted; NULL in a sound row."""
# Higher levels save 3 % of the file at twice the time; nobody looks single cells up.
_PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false"


@dataclass(frozen=True)
class Reject:
    """A row that is damaged as a whole, or a warning about one."""

    row: int | None
    code: str
    message: Text


@dataclass(frozen=True)
class RawFile:
    """What was written to the archive.

    Attributes:
        path: The Parquet file.
        rows: Rows in it, total rows and damaged rows counted.
        rejects: Damaged rows, by spreadsheet row; the typed rows carry them as fault `row_shape`.
        size: Bytes of the Parquet file.
    """

    path: Path
    rows: int
    rejects: tuple[Reject, ...]
    size: int


def write_raw(connection: DuckDBPyConnection, reading: Reading, target: Path, *, secret: bytes) -> RawFile:
    """Write the table to `target` (Parquet, zstd) in constant memory and return what was written.

    Text is read by the engine as a stream; other encodings than UTF-8 pass through a temporary file that has no name,
    so that a
    kill leaves nothing behind. The buyer is hashed with `secret`, province and city are derived, other personal
    columns are left out.

    Raises:
        UnreadableFile: If the file turns out to be damaged beyond its rows.
    """
    width = len(reading.headers)
    with _insertion_order(connection), secret_pads(connection, secret):
        if isinstance(reading.source, SheetSource):
            with sheet_relation(connection, reading.source, width) as relation:
                _copy(connection, relation, target, reading, fault="CAST(NULL AS VARCHAR)")
            return _describe(connection, reading, target, ())
        with delimited(reading.source, width) as text:
            _copy(connection, text.relation(), target, reading, fault=_fault_sql(text))
            return _describe(connection, reading, target, _warnings(text, reading))


def _copy(connection: DuckDBPyConnection, relation: str, target: Path, reading: Reading, *, fault: str) -> None:
    import duckdb

    try:
        with buyer_keys(connection, relation, buyer_cell(reading.layout, reading.headers)) as buyer_key:
            columns = archive_columns(reading.layout, reading.headers, buyer_key)
            selected = ", ".join(f"{column.expression} AS {identifier(column.name)}" for column in columns)
            rows = f"SELECT {selected}, {fault} AS {FAULT} FROM {relation}"
            connection.execute(f"COPY ({rows}) TO {literal(str(target))} ({_PARQUET})")
    except (duckdb.OutOfMemoryException, duckdb.InterruptException, duckdb.IOException):
        target.unlink(missing_ok=True)
        raise
    except duckdb.Error as error:
        target.unlink(missing_ok=True)
        if "null_padding" not in str(error) or "parallel=true" not in relation:
            raise _unreadable(reading) from None
        # Quoted line ends together with short rows: only the reader's serial mode takes both.
        _copy(connection, relation.replace("parallel=true", "parallel=false"), target, reading, fault=fault)


def _unreadable(reading: Reading) -> SourceError:
    return unreadable(
        "damaged_text",
        "文件内容已损坏，无法逐行读取",
        "the text is damaged and cannot be read row by row",
        file=reading.file,
        sheet=reading.sheet,
    )


def _fault_sql(text: Delimited) -> str:
    surplus = f"WHEN {text.surplus} IS NOT NULL THEN 'surplus_cells'"
    cut = f"WHEN {text.cut} THEN 'cut_row'" if text.cut else ""
    return f"CASE {surplus} {cut} END"


def _describe(connection: DuckDBPyConnection, reading: Reading, target: Path, warnings: tuple[Reject, ...]) -> RawFile:
    source = f"read_parquet({literal(str(target))}, file_row_number=true)"
    rows, faults = connection.execute(f"SELECT count(*), count({FAULT}) FROM {source}").fetchall()[0]
    if rows == 0:
        raise unreadable(
            "no_rows",
            "只有表头，没有数据行",
            "there is a header but no row of data",
            file=reading.file,
            sheet=reading.sheet,
        )
    damaged: list[Reject] = []
    if faults:
        query = f"SELECT file_row_number, {FAULT} FROM {source} WHERE {FAULT} IS NOT NULL ORDER BY 1 LIMIT 1000"
        damaged = [_reject(reading.first_row + number, code) for number, code in connection.execute(query).fetchall()]
    return RawFile(target, rows, (*damaged, *warnings), target.stat().st_size)


def _reject(row: int, code: str) -> Reject:
    messages = {
        "surplus_cells": Text(
            "这一行的单元格比表头多，列可能错位", "the row has more cells than the header; its columns may be shifted"
        ),
        "cut_row": Text("文件在这一行中间被截断", "the file ends in the middle of this row"),
    }
    return Reject(row, code, messages[code])


def _warnings(text: Delimited, reading: Reading) -> tuple[Reject, ...]:
    warnings = [
        Reject(
            reading.first_row + index,
            "unclosed_quote",
            Text(
                "这一行有未闭合的引号，已去掉引号读取",
                "a quote in this row is not closed; the row was read without quotes",
            ),
        )
        for index in text.unclosed[:1000]
    ]
    if count := text.condition.unreadable:
        message = Text(f"有 {count} 个字符无法解码，显示为 �", f"{count} characters could not be decoded and show as �")
        warnings.append(Reject(None, "unreadable_characters", message))
    return tuple(warnings)


@contextmanager
def _insertion_order(connection: DuckDBPyConnection) -> Iterator[None]:
    """Keep rows in the file's order, on which their row numbers rest, whatever the connection's setting is."""
    before = connection.execute("SELECT current_setting('preserve_insertion_order')").fetchall()[0][0]
    connection.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        connection.execute(f"SET preserve_insertion_order = {str(bool(before)).lower()}")
