"""Export files made by code, in every shape that platforms give them."""

from __future__ import annotations

import csv
import gzip
import html
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import xlwt

Row = Sequence[object]


def delimited(
    rows: Sequence[Row], *, encoding: str = "utf-8-sig", delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL
) -> bytes:
    """Return rows as text, with the line ends that platforms write."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode(encoding)


def workbook(sheets: Mapping[str, Sequence[Row]], *, merged: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """Return an xlsx workbook; `merged` names ranges (`A2:A4`) that are merged, by sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for cells in (merged or {}).get(name, ()):
            sheet.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def old_workbook(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """Return a BIFF workbook (the real .xls)."""
    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def web_table(rows: Sequence[Row], *, encoding: str = "utf-8") -> bytes:
    """Return an HTML table, which some platforms call .xls."""
    lines = ["".join(f"<td>{html.escape('' if cell is None else str(cell))}</td>" for cell in row) for row in rows]
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    head = f'<html><head><meta charset="{encoding}"></head><body>'
    return f'{head}<table border="1">\n{body}\n</table></body></html>'.encode(encoding)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return an archive of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def gzipped(data: bytes) -> bytes:
    """Return data packed by gzip."""
    return gzip.compress(data, mtime=0)


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
