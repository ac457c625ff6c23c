"""Sheets of a workbook (xlsx, xls, xlsb, ods) as Arrow tables of text; the cells' numbers keep their exact value."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duoshou.model import Text
from duoshou.sources.bounds import require_bounded
from duoshou.sources.container import Content
from duoshou.sources.errors import UnreadableFile, unreadable
from duoshou.sources.text import PEEK_ROWS

if TYPE_CHECKING:
    import pyarrow as pa

logging.getLogger("fastexcel.types.dtype").setLevel(logging.ERROR)

MOST_COLUMNS = 2_000
"""No export has a tenth of it; a damaged place of one cell makes a sheet of tens of thousands, which takes minutes."""
_LONG_NUMBER = r"^-?[0-9]{16,}(?:\.0+)?$"


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
    require_bounded(content.whole(), file=content.path.name, member=content.member)
    try:
        reader = _open(content)
        found = [_first_rows(reader, name, content) for name in reader.sheet_names]
    except BaseException as error:  # noqa: BLE001 - the reader raises many kinds; panics of its native code are no `Exception`
        raise _damaged(content, error) from None
    filled = [sheet for sheet in found if any(cell.strip() for row in sheet.rows for cell in row)]
    if not filled:
        raise unreadable(
            "empty_file", "工作簿是空的", "the workbook is empty", file=content.path.name, sheet=content.label
        )
    return filled


def load(content: Content, sheet: str, skip: int) -> pa.Table:
    """Return the rows below the header; a column has the type that all its cells share, else text.

    A number of 16 digits or more that stands between texts has an exponent, since a spreadsheet keeps 15 digits of it.
    """
    try:
        return _loaded(content, sheet, skip)
    except BaseException as error:  # noqa: BLE001 - as above
        raise _damaged(content, error) from None


def _loaded(content: Content, sheet: str, skip: int) -> pa.Table:
    import pyarrow as pa

    reader = _open(content)
    options = {"header_row": None, "skip_rows": skip, "skip_whitespace_tail_rows": True, "eager": True}
    table = pa.Table.from_batches([reader.load_sheet(sheet, schema_sample_rows=None, **options)])
    for place in _with_long_digits(table):
        # Only this type tells a cell that is a number from one that is a text of digits.
        kinds = {number: "boolean" if number == place else "string" for number in range(table.num_columns)}
        numbers = pa.Table.from_batches([reader.load_sheet(sheet, dtypes=kinds, **options)]).column(place)
        table = table.set_column(place, table.field(place), _lost_digits(table.column(place), numbers))
    return table


def _with_long_digits(table: pa.Table) -> list[int]:
    """Return the columns of text in which something looks like a whole number of 16 digits or more."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = [
        place
        for place, field in enumerate(table.schema)
        if pa.types.is_large_string(field.type) or pa.types.is_string(field.type)
    ]
    return [place for place in texts if pc.any(pc.match_substring_regex(table.column(place), _LONG_NUMBER)).as_py()]


def _lost_digits(texts: pa.ChunkedArray, numbers: pa.ChunkedArray) -> pa.Array:
    """Return the texts, with an exponent where the cell is a number (not NULL in `numbers`) of 16 digits or more."""
    import pyarrow as pa

    cells = zip(texts.to_pylist(), numbers.to_pylist(), strict=True)
    return pa.array(
        [
            f"{float(text):.14e}" if number is not None and text and re.fullmatch(_LONG_NUMBER, text) else text
            for text, number in cells
        ],
        type=texts.type,
    )


def _open(content: Content) -> Any:
    import fastexcel

    return fastexcel.read_excel(content.whole())


def _first_rows(reader: Any, name: str, content: Content) -> Sheet:
    loaded = reader.load_sheet(name, header_row=None, skip_rows=0, n_rows=PEEK_ROWS, dtypes="string")
    if loaded.height == 0 or loaded.width == 0:
        return Sheet(name, (), complete=True)
    if loaded.width > MOST_COLUMNS:
        raise unreadable(
            "too_many_columns",
            f"工作表有 {loaded.width:,} 列，多半是有单元格的位置损坏了，读不出来",
            f"the sheet has {loaded.width:,} columns: the place of a cell is probably damaged",
            file=content.path.name,
            sheet=name,
            hint=Text(
                "在 Excel 里打开，删掉右边多出来的列，另存再导入",
                "open it in Excel, delete the columns far to the right, save and import again",
            ),
        )
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
        sheet=content.label,
    )
