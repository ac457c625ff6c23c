"""A mapping for a file that no layout describes: drafted, tried without writing anything, kept as a layout."""

from __future__ import annotations

import re
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from duoshou.model import DuoshouError, Text
from duoshou.sources import (
    Layout,
    LayoutError,
    Reading,
    TypedSelect,
    UnknownLayout,
    draft_mapping,
    load_layouts,
    parse_layout,
    recognise,
    typed_select,
    write_raw,
)
from duoshou.sources.plainness import require_plain
from duoshou.sources.sql import identifier
from duoshou.warehouse import load_tables
from duoshou.warehouse.conformity import conformity

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

SHOWN_ROWS = 8
MOST_LETTERS = 200_000
LAYOUTS = "layouts"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Nearest:
    """What comes closest to a file.

    Attributes:
        why: What is said of the file.
        layout: Key of the nearest layout; None where none has a column in common.
        missing: Columns that it needs and the file lacks.
        extra: Columns that it does not know.
    """

    why: Text
    layout: str | None = None
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TriedTable:
    """What one canonical table would get.

    Attributes:
        title: What the table is called.
        columns: Its columns that the mapping fills.
        rows: The first rows, as text; None for unknown.
        rows_read: Rows that the file has for it.
        rejected: Rows that could not be used.
    """

    title: Text
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    rows_read: int
    rejected: int


@dataclass(frozen=True, slots=True)
class TriedProblem:
    """What is wrong with the cells of one column: how many, and one of them."""

    column: str | None
    message: Text
    count: int
    example: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What an import by a mapping would give.

    Attributes:
        key: Key of the layout that the mapping is.
        tables: What each table would get.
        problems: What is wrong with cells.
    """

    key: str
    tables: tuple[TriedTable, ...]
    problems: tuple[TriedProblem, ...]


def nearest(workbench: Workbench, path: Path) -> Nearest | None:
    """Return what comes closest to a file; None where a layout describes it.

    Raises:
        SourceError: If no table can be read from it.
    """
    try:
        recognise(path, layouts=workbench.layouts, timezone=workbench.settings.timezone)
    except UnknownLayout as error:
        return Nearest(error.message, error.nearest, error.missing, error.extra)
    return None


def draft(workbench: Workbench, path: Path) -> str:
    """Return a first mapping for a file, under a key that no layout has, without words about the command line.

    Raises:
        UnreadableFile: If the file holds no table.
    """
    text = re.sub(r"\A(#.*\n)+", "", draft_mapping(path))
    known, found = workbench.layouts, re.search(r'(?m)^key = "(.*)"$', text)
    if found is None:
        return text
    base = found[1] if _KEY.fullmatch(found[1]) else f"table_{found[1]}"[:50]
    free = next(name for n in range(1, 10_000) if (name := base if n == 1 else f"{base}_{n}") not in known)
    return text.replace(found[0], f'key = "{free}"', 1)


def checked_mapping(workbench: Workbench, text: str) -> Layout:
    """Return the layout that a mapping is.

    Raises:
        LayoutError: If it is none, does not fit the tables, or computes with more than the fields of a row.
    """
    if len(text) > MOST_LETTERS:
        raise LayoutError("mapping_too_long", Text("映射太长", "the mapping is too long"))
    layout = parse_layout(text, file="mapping", known=workbench.layouts)
    require_plain(layout, "mapping")
    if faults := conformity(layout):
        raise LayoutError(
            "layout_misfit",
            Text(f"映射与数据表不符：{faults[0]}", f"the mapping does not fit the tables: {faults[0]}"),
            hint=Text("改正 [table.columns]", "correct [table.columns]"),
        )
    if not layout.table:
        raise LayoutError("layout_misfit", Text("映射没有写入任何表", "the mapping fills no table"))
    return layout


def try_mapping(workbench: Workbench, path: Path, text: str) -> Trial:
    """Return what an import of a file by a mapping would give; nothing is written.

    Raises:
        LayoutError: If the mapping cannot be used.
        SourceError: If it does not describe the file.
    """
    layout = checked_mapping(workbench, text)
    settings = workbench.settings
    reading = recognise(path, layouts=workbench.layouts + layout, layout_key=layout.key, timezone=settings.timezone)[0]
    with (
        tempfile.TemporaryDirectory(prefix="duoshou-trial-") as folder,
        closing(duckdb.connect(config={"memory_limit": settings.engine.memory_limit})) as connection,
    ):
        raw = Path(folder) / "trial.parquet"
        try:
            write_raw(connection, reading, raw, secret=workbench.workspace.secret())
            selects = [_select(workbench, layout, reading, raw, number) for number in range(len(layout.table))]
            tables = tuple(_tried(connection, select) for select in selects)
            problems = tuple(_problems(connection, selects[0]))
        except duckdb.Error as error:
            reason = str(error).splitlines()[0][:300]
            raise LayoutError(
                "mapping_fails",
                Text(f"按这份映射读不出：{reason}", f"the file cannot be read by this mapping: {reason}"),
                hint=Text("检查 [table.columns] 里的表达式和字段类型", "check expressions and types of fields"),
            ) from None
    return Trial(layout.key, tables, problems)


def keep_mapping(workbench: Workbench, path: Path, text: str) -> str:
    """Keep a mapping as a layout of the workspace, so that the next file of its kind is recognised; return its key.

    Args:
        workbench: The workspace.
        path: The file that it describes.
        text: The mapping.

    Raises:
        LayoutError: If it cannot be used, or another layout has its key.
        SourceError: If the file is not recognised by it then.
    """
    layout = checked_mapping(workbench, text)
    if not _KEY.fullmatch(layout.key):
        raise _bad_key(
            Text("key 只能用小写字母、数字和下划线", "the key takes lower case, digits and underscores only")
        )
    file = workbench.workspace.directory / LAYOUTS / f"{layout.key}.toml"
    same = file.is_file() and file.read_text(encoding="utf-8") == text
    if layout.key in load_layouts() or (layout.key in workbench.layouts and not same):
        raise _bad_key(Text(f"已有名为 {layout.key} 的格式", f"there is a layout called {layout.key} already"))
    recognise(path, layouts=workbench.layouts + layout, timezone=workbench.settings.timezone)
    try:
        file.parent.mkdir(exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DuoshouError(
            "mapping_unwritable", Text(f"映射存不下来：{reason}", f"the mapping cannot be stored: {reason}")
        ) from None
    return layout.key


def _bad_key(why: Text) -> LayoutError:
    return LayoutError("mapping_key", why, hint=Text("改第一行的 key", "change the key in the first lines"))


def _select(workbench: Workbench, layout: Layout, reading: Reading, raw: Path, number: int) -> TypedSelect:
    settings = workbench.settings
    return typed_select(
        layout,
        raw,
        reading.headers,
        table_index=number,
        timezone=settings.timezone,
        shop=settings.default_shop.key,
        currency=settings.currency,
        first_row=reading.first_row,
        period_hint=reading.period_hint,
        exported_at=reading.exported_at,
    )


def _tried(connection: duckdb.DuckDBPyConnection, select: TypedSelect) -> TriedTable:
    bad = f"(fault_mask & {select.reject_mask}::UBIGINT) <> 0"
    read, rejected = connection.execute(f"SELECT count(*), count(*) FILTER ({bad}) FROM ({select.sql})").fetchall()[0]
    columns = [one for one in select.columns if one not in ("shop", "platform", "currency")]
    listed = ", ".join(f"CAST({identifier(one)} AS VARCHAR)" for one in columns)
    rows = connection.execute(
        f"SELECT {listed} FROM ({select.sql}) WHERE NOT {bad} ORDER BY source_row LIMIT {SHOWN_ROWS}"
    ).fetchall()
    title = load_tables()[select.table].title
    shown = tuple(tuple(_shortened(cell) for cell in row) for row in rows)
    return TriedTable(Text(title.zh, title.en), tuple(columns), shown, read, rejected)


def _problems(connection: duckdb.DuckDBPyConnection, select: TypedSelect) -> list[TriedProblem]:
    rows: list[Any] = connection.execute(
        f"SELECT fault, count(*), any_value(left(value, 60)) FROM ({select.problem_sql}) GROUP BY 1 ORDER BY 2 DESC"
    ).fetchall()
    return [
        TriedProblem(select.faults[bit].column, select.faults[bit].message, count, example)
        for bit, count, example in rows
    ]


def _shortened(cell: str | None) -> str | None:
    return cell if cell is None or len(cell) <= 60 else cell[:59] + "…"
