"""Sheets of a workbook (xlsx, xls, xlsb, ods) as Arrow tables of text; the cells' numbers keep their exact value."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duoshou.model import Text
from duoshou.sources.container import Content
from duoshou.sources.errors import UnreadableFile, unreadable
from duoshou.sources.text import PEEK_ROWS

if TYPE_CHECKING:
    import pyarrow as pa

logging.getLogger("fastexcel.types.dtype").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Sheet:
    """The first rows of a sheet."""

    name: str
    rows: Sequence[Sequence[str]]
    complete: bool


def sheets(content: Content) -> list[Sheet]:
    """Return the sheets that hold anything, with their first rows as text.

    Raises:
        UnreadableFile: If the workbook is damaged or protected.
    """
    try:
        reader = _open(content)
        found = [_first_rows(reader, name) for name in reader.sheet_names]
    except BaseException as error:  # noqa: BLE001 - the reader raises many kinds; panics of its native code are no `Exception`
        raise _damaged(content, error) from None
    filled = [sheet for sheet in found if any(cell.strip() for row in sheet.rows for cell in row)]
    if not filled:
        raise unreadable(
            "empty_file", "工作簿是空的", "the workbook is empty", file=content.path.name, sheet=content.member
        )
    return filled


def load(content: Content, sheet: str, skip: int) -> pa.Table:
    """Return the rows below the header; a column has the type that all its cells share, else text."""
    try:
        import pyarrow as pa

        batch = _open(content).load_sheet(
            sheet, header_row=None, skip_rows=skip, schema_sample_rows=None, skip_whitespace_tail_rows=True, eager=True
        )
        return pa.Table.from_batches([batch])
    except BaseException as error:  # noqa: BLE001 - as above
        raise _damaged(content, error) from None


def _open(content: Content) -> Any:
    import fastexcel

    return fastexcel.read_excel(content.whole())


def _first_rows(reader: Any, name: str) -> Sheet:
    loaded = reader.load_sheet(name, header_row=None, skip_rows=0, n_rows=PEEK_ROWS, dtypes="string")
    if loaded.height == 0 or loaded.width == 0:
        return Sheet(name, (), complete=True)
    columns = [column.to_pylist() for column in loaded.to_arrow().columns]
    rows = [[cell or "" for cell in row] for row in zip(*columns, strict=True)]
    return Sheet(name, rows, complete=loaded.total_height <= PEEK_ROWS)


def _damaged(content: Content, error: BaseException) -> UnreadableFile:
    if isinstance(error, UnreadableFile):
        return error
    if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
        raise error
    if "password" in str(error).lower() or "encrypt" in str(error).lower():
        hint = Text("在 Excel 里去掉打开密码后另存再导入", "remove the password in Excel, save and import again")
        return unreadable(
            "password_protected",
            "工作簿有密码保护",
            "the workbook is protected by a password",
            file=content.path.name,
            hint=hint,
        )
    return unreadable(
        "damaged_workbook",
        "工作簿已损坏或不完整，读不出来",
        "the workbook is damaged or incomplete",
        file=content.path.name,
        sheet=content.member,
    )
