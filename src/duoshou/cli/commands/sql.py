"""`duoshou sql`: read-only SQL on the warehouse."""

from __future__ import annotations

import csv
import io
import sys
from typing import TYPE_CHECKING

import click

from duoshou.cli.options import both, common_options, csv_option, json_option
from duoshou.cli.session import Session
from duoshou.cli.streams import write_json
from duoshou.cli.width import table

if TYPE_CHECKING:
    import pyarrow as pa


@click.command(
    "sql",
    help=both(
        '对仓库执行只读 SQL，如 duoshou sql "SELECT count(*) FROM order_line"。写 - 则从标准输入读。',
        'Read-only SQL on the warehouse, such as duoshou sql "SELECT count(*) FROM order_line"; - reads the input.',
    ),
)
@click.argument("statement", metavar="SQL")
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=1), default=1000, show_default=True, help="最多几行 · most rows"
)
@json_option
@csv_option
@common_options
@click.pass_obj
def command(session: Session, statement: str, limit: int, as_json: bool, as_csv: bool) -> None:
    """Run the statement and print its rows."""
    rows = session.workbench.sql(sys.stdin.read() if statement == "-" else statement, limit)
    if as_json:
        write_json({"schema_version": 1, "columns": rows.column_names, "rows": _plain_rows(rows)})
    elif as_csv:
        click.echo(_csv(rows), nl=False)
    else:
        click.echo(_text(rows, limit, session))


def _plain_rows(rows: pa.Table) -> list[list[object]]:
    """Return the cells as JSON can carry them: decimals and instants as text."""
    return [
        [value if isinstance(value, int | float | bool | str | None) else str(value) for value in row]
        for row in _cells(rows)
    ]


def _cells(rows: pa.Table) -> list[tuple[object, ...]]:
    columns = [column.to_pylist() for column in rows.columns]
    return list(zip(*columns, strict=True)) if columns else []


def _csv(rows: pa.Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows.column_names)
    writer.writerows(_cells(rows))
    return text.getvalue()


def _text(rows: pa.Table, limit: int, session: Session) -> str:
    cells = [["—" if value is None else str(value) for value in row] for row in _cells(rows)]
    numeric = [all(not isinstance(value, str) for value in column.to_pylist()) for column in rows.columns]
    shown = table(rows.column_names, cells, numeric=numeric)
    ending = session.say(f"（{len(cells)} 行）", f"({len(cells)} rows)")
    if len(cells) == limit:
        ending = session.say(f"（前 {limit} 行；用 --limit 看更多）", f"(the first {limit} rows; --limit shows more)")
    return f"{shown}\n{ending}"
