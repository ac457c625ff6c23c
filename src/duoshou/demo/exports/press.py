"""Turns columns of numbers into export files: a form says what stands in each cell, the engine composes the lines."""

from __future__ import annotations

import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import duckdb
import numpy as np
import pyarrow as pa

Frame = Mapping[str, Any]
"""Columns by name: NumPy arrays, Arrow arrays or lists, all of one length."""

_BATCH = 50_000
_MACROS = """
CREATE MACRO fen(x) AS format('{{:.2f}}', x / 100.0);
CREATE MACRO yuan(x) AS format('{{:,.2f}}', x / 100.0);
CREATE MACRO whole(x) AS format('{{:,}}', x::BIGINT);
CREATE MACRO part(x, y) AS CASE WHEN y > 0 THEN format('{{:.2f}}%', 100.0 * x / y) ELSE '0.00%' END;
CREATE MACRO ratio(x, y) AS CASE WHEN y > 0 THEN format('{{:.2f}}', 1.0 * x / y) END;
CREATE MACRO decimals(x) AS format('{{:.2f}}', x::DOUBLE);
CREATE MACRO moment(x) AS strftime(x, '%Y-%m-%d %H:%M:%S');
CREATE MACRO wrapped(x) AS '="' || x || '"';
CREATE MACRO pick(options, x) AS list_extract(options, 1 + ((x % 1000003) * 7919 % len(options))::INTEGER);
CREATE MACRO nick(b) AS CASE b % 3 WHEN 0 THEN 'tb' || b WHEN 1 THEN pick({nicks}, b) || lower(to_base(b, 36))
    ELSE lower(to_base(b, 36)) || '_' || (b % 100) END;
CREATE MACRO person(b) AS pick({surnames}, b) || CASE b % 2 WHEN 0 THEN '**' ELSE '*' END;
CREATE MACRO phone(b) AS pick({prefixes}, b) || '****' || lpad((b % 10000)::VARCHAR, 4, '0');
CREATE MACRO account(b) AS CASE b % 4 WHEN 0 THEN pick({letters}, b) || '***@qq.com' ELSE phone(b) END;
CREATE MACRO message(b) AS CASE b % 37 WHEN 0 THEN pick({messages}, b) END;
"""
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
    "</Relationships>"
)
_BOOK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_SHEET = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)


@dataclass(frozen=True)
class Form:
    """What a kind of file looks like.

    Attributes:
        header: Columns in the platform's order and spelling.
        cells: Header without outer spaces → SQL over the columns of the frame, the rest is empty; `header@2` is the
            second column of a name.
        empty: What stands where there is nothing to tell.
        sheet: Name of the sheet in a workbook.
        notice: Rows above the header.
    """

    header: Sequence[str]
    cells: Mapping[str, str]
    empty: str = ""
    sheet: str = "Sheet1"
    notice: Sequence[Sequence[str]] = ()


class Press:
    """Writes export files; a context manager over one engine."""

    def __init__(self) -> None:
        self._engine = duckdb.connect()
        # The statements only put text together: planning them longer than they run gains nothing.
        self._engine.execute("PRAGMA disable_optimizer")
        self._engine.execute(f"CREATE MACRO shop() AS {_quoted(words('platform')['shop'])}")
        self._engine.execute(
            _MACROS.format_map({name: _list(options) for name, options in words("people")["lists"].items()})
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the engine."""
        self._engine.close()

    def csv(self, path: Path, form: Form, frame: Frame, *, encoding: str = "gb18030") -> Path:
        """Write comma-separated text, every cell in quotes, as the engine makes the lines."""
        return self.streamed_csv(path, form, [frame], encoding=encoding)

    def streamed_csv(self, path: Path, form: Form, frames: Iterable[Frame], *, encoding: str = "gb18030") -> Path:
        """Write comma-separated text from one frame after the other, each let go before the next is asked for."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            self._write_csv(stream, form, frames, encoding)
        return path

    def zipped_csv(self, path: Path, member: str, form: Form, frame: Frame, *, encoding: str = "utf-8") -> Path:
        """Write comma-separated text as the only member of an archive."""
        with _archive(path) as archive, archive.open(member, "w", force_zip64=True) as stream:
            self._write_csv(stream, form, [frame], encoding)
        return path

    def xlsx(self, path: Path, form: Form, frame: Frame, *, tail: Sequence[Sequence[str]] = ()) -> Path:
        """Write a workbook of text cells, with further rows below; the order of the cells is their place."""
        with _archive(path) as archive:
            for name, text in (
                ("[Content_Types].xml", _TYPES),
                ("_rels/.rels", _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml")),
                ("xl/workbook.xml", _BOOK.format(sheet=form.sheet)),
                ("xl/_rels/workbook.xml.rels", _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml")),
            ):
                with archive.open(name, "w") as stream:
                    stream.write(text.encode())
            with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
                stream.write(_SHEET.encode())
                for row in (*form.notice, form.header):
                    stream.write(_row(row).encode())
                for piece in self._lines(form, frame, "<row>", "</row>", "", _xml_cell, _xml_literal):
                    stream.write(piece)
                for row in tail:
                    stream.write(_row(row).encode())
                stream.write(b"</sheetData></worksheet>")
        return path

    def _write_csv(self, stream: IO[bytes], form: Form, frames: Iterable[Frame], encoding: str) -> None:
        for row in (*form.notice, form.header):
            stream.write((",".join(_csv_literal(cell) for cell in row) + "\r\n").encode(encoding))
        for frame in frames:
            for piece in self._lines(form, frame, "", "\r\n", ",", _csv_cell, _csv_literal):
                stream.write(piece if encoding == "utf-8" else piece.decode().encode(encoding))

    def _lines(
        self, form: Form, frame: Frame, begin: str, end: str, between: str, cell: Any, literal: Any
    ) -> Iterator[bytes]:
        """Yield the text of many rows at a time: the value buffer of a column of lines is the text itself."""
        table = pa.table({name: _column(values) for name, values in frame.items()})
        if not table.num_rows:
            return
        parts: list[str] = [begin]
        expressions: list[str] = []
        for number, name in enumerate(form.header):
            parts[-1] += between if number else ""
            occurrence = form.header[: number + 1].count(name)
            sql = form.cells.get(f"{name.strip()}@{occurrence}", form.cells.get(name.strip()))
            if sql is None:
                parts[-1] += literal(form.empty)
                continue
            before, expression, after = cell(f"coalesce(({sql})::VARCHAR, {_quoted(form.empty)})")
            parts[-1] += before
            expressions.append(expression)
            parts.append(after)
        parts[-1] += end
        line = " || ".join(
            piece
            for number, text in enumerate(parts)
            for piece in (_quoted(text), *expressions[number : number + 1])
            if piece != "''"
        )
        self._engine.register("frame", table)
        try:
            for batch in self._engine.sql(f"SELECT {line} AS line FROM frame").to_arrow_reader(_BATCH):
                lines = batch.column(0)
                _, places, text = lines.buffers()
                wide = np.int64 if pa.types.is_large_string(lines.type) else np.int32
                ends = np.frombuffer(places, dtype=wide)[lines.offset : lines.offset + len(lines) + 1]
                yield memoryview(text)[int(ends[0]) : int(ends[-1])].tobytes()
        finally:
            self._engine.unregister("frame")


@cache
def form(name: str) -> Form:
    """Return the form of a file; columns are written with `|` between them."""
    document = tomllib.loads((files(__package__) / "forms" / f"{name}.toml").read_text("utf-8"))
    header = document["header"].replace("\n", "").split("|")
    unknown = {cell.split("@")[0] for cell in document["cells"]} - {column.strip() for column in header}
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    return Form(
        header,
        document["cells"],
        document.get("empty", ""),
        document.get("sheet", "Sheet1"),
        [line.split("|") for line in document.get("notice", [])],
    )


@cache
def words(name: str) -> dict[str, Any]:
    """Return a vocabulary."""
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))


def chosen(options: Sequence[str], index: Any) -> Any:
    """Return a text column: `options[index]`, nothing where the index is below 0."""
    places = np.asarray(index)
    return pa.DictionaryArray.from_arrays(
        pa.array(np.maximum(places, 0), mask=places < 0), pa.array(list(options), pa.string())
    ).cast(pa.string())


def _column(values: Any) -> Any:
    return values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values)


def _archive(path: Path) -> zipfile.ZipFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    return zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)


def _list(options: Sequence[str]) -> str:
    return f"[{', '.join(_quoted(option) for option in options)}]"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _csv_cell(sql: str) -> tuple[str, str, str]:
    return '"', f"""replace({sql}, '"', '""')""", '"'


def _csv_literal(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _xml_cell(sql: str) -> tuple[str, str, str]:
    return '<c t="inlineStr"><is><t>', f"replace(replace({sql}, '&', '&amp;'), '<', '&lt;')", "</t></is></c>"


def _xml_literal(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<c t="inlineStr"><is><t>{escaped}</t></is></c>' if text else "<c/>"


def _row(cells: Sequence[str]) -> str:
    return f"<row>{''.join(_xml_literal(cell) for cell in cells)}</row>"
