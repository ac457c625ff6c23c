"""A workspace with made-up exports: raw Parquet files and hand-written typed queries, without `duoshou.sources`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from duoshou.engine.duckdb import connect_reader
from duoshou.settings import Settings, Workspace
from duoshou.sources import Fault, TypedSelect
from duoshou.warehouse.archive import Entry
from duoshou.warehouse.batches import batch_time
from duoshou.warehouse.load import load_entry, unchanged_result
from duoshou.warehouse.results import FileResult
from duoshou.warehouse.session import Session
from duoshou.warehouse.store import Store

HEADER = ("order_id", "status", "paid_amount", "refund_amount", "title", "quantity")
ITEM = (
    "order_id",
    "line_id",
    "product_id",
    "title",
    "quantity",
    "unit_price",
    "amount",
    "paid_amount",
    "refund_amount",
    "status",
)
INVOICE = ("order_id", "product_id", "quantity", "unit_price")
DAY = ("day", "visitors", "paid_amount")

_TYPES = {"quantity": "BIGINT", "visitors": "BIGINT", "unit_price": "DECIMAL(18,4)", "day": "DATE"}
_MONEY = {"paid_amount", "refund_amount", "amount"}


@dataclass(frozen=True)
class Export:
    """One made-up export file.

    Attributes:
        layout: `header`, `item`, `invoice` or `day`.
        rows: Cells as text, None where empty.
        exported: Minutes after the start of 2026.
        name: File name.
    """

    layout: str
    rows: tuple[tuple[str | None, ...], ...]
    exported: int
    name: str = ""

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers of the layout."""
        return {"header": HEADER, "item": ITEM, "invoice": INVOICE, "day": DAY}[self.layout]

    @property
    def file(self) -> str:
        """Name of the file."""
        return self.name or f"{self.layout}-{self.exported}.csv"

    @property
    def content_hash(self) -> str:
        """Hash of what would be the original."""
        return hashlib.sha256(repr((self.layout, self.rows)).encode()).hexdigest()


class HandInterpreter:
    """Types the made-up layouts."""

    def selects(self, entry: Entry, parquet: Path) -> Sequence[TypedSelect]:
        """Return the typed queries of `entry`."""
        read = f"read_parquet('{parquet}', file_row_number = true)"
        source = f"FROM (SELECT *, file_row_number + {entry.first_row} AS source_row FROM {read})"
        if entry.layout == "invoice":
            return [_invoice_headers(source), _invoice_items(source)]
        if entry.layout == "day":
            return [_days(source)]
        table = {"header": "order_header", "item": "order_item"}[entry.layout]
        columns = ", ".join(_typed(name) for name in entry.headers)
        return [_select(table, entry.headers, f"SELECT {columns}, source_row, 0::UBIGINT AS fault_mask {source}")]


def _select(table: str, columns: tuple[str, ...], sql: str, *, grouped: bool = False) -> TypedSelect:
    return TypedSelect(table, sql, columns, (), "", grouped)


def _typed(name: str) -> str:
    type_ = "DECIMAL(18,2)" if name in _MONEY else _TYPES.get(name, "VARCHAR")
    return f"try_cast({name} AS {type_}) AS {name}"


def _days(source: str) -> TypedSelect:
    faults = (Fault("visitors", "visitors", "unreadable_number"), Fault("day", "day", "unreadable_date", rejects=True))
    number = "visitors IS NOT NULL AND try_cast(visitors AS BIGINT) IS NULL"
    bits = (
        f"(CASE WHEN {number} THEN 1 ELSE 0 END + CASE WHEN try_cast(day AS DATE) IS NULL THEN 2 ELSE 0 END)::UBIGINT"
    )
    sql = (
        f"SELECT 'day' AS grain, 'all' AS terminal, try_cast(day AS DATE) AS period_start, {_typed('visitors')}, "
        f"{_typed('paid_amount')}, source_row, {bits} AS fault_mask {source}"
    )
    told = (
        f"SELECT source_row, 0 AS fault, visitors AS value {source} WHERE {number} "
        f"UNION ALL SELECT source_row, 1, day {source} WHERE try_cast(day AS DATE) IS NULL"
    )
    return TypedSelect(
        "shop_period", sql, ("grain", "terminal", "period_start", "visitors", "paid_amount"), faults, told, False
    )


def _invoice_items(source: str) -> TypedSelect:
    quantity, price = "try_cast(quantity AS BIGINT)", "try_cast(unit_price AS DECIMAL(18,4))"
    amount = f"CAST({quantity} * {price} AS DECIMAL(18,2))"
    return _select(
        "order_item",
        ("order_id", "product_id", "quantity", "unit_price", "amount", "paid_amount", "refund_amount"),
        f"SELECT order_id, product_id, {quantity} AS quantity, {price} AS unit_price, {amount} AS amount, "
        f"CASE WHEN {quantity} > 0 THEN {amount} ELSE 0 END AS paid_amount, "
        f"CASE WHEN {quantity} < 0 THEN -{amount} ELSE 0 END AS refund_amount, "
        f"source_row, 0::UBIGINT AS fault_mask {source}",
    )


def _invoice_headers(source: str) -> TypedSelect:
    amount = "CAST(try_cast(quantity AS BIGINT) * try_cast(unit_price AS DECIMAL(18,4)) AS DECIMAL(18,2))"
    return _select(
        "order_header",
        ("order_id", "status", "paid_amount", "refund_amount"),
        "SELECT order_id, 'finished' AS status, "
        f"sum(CASE WHEN quantity NOT LIKE '-%' THEN {amount} ELSE 0 END) AS paid_amount, "
        f"-sum(CASE WHEN quantity LIKE '-%' THEN {amount} ELSE 0 END) AS refund_amount, min(source_row) AS source_row, "
        f"0::UBIGINT AS fault_mask {source} GROUP BY order_id",
        grouped=True,
    )


@dataclass
class Shop:
    """A workspace and its warehouse."""

    directory: Path
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        workspace = Workspace(self.directory)
        for folder in (workspace.archive, workspace.warehouse, workspace.inbox, workspace.imported):
            folder.mkdir(exist_ok=True)
        self.store = Store(workspace, Settings(), HandInterpreter())

    def load(self, *exports: Export, dry_run: bool = False) -> list[FileResult]:
        """Import `exports` as one batch, in the order of the fold."""
        with self.store.writer("test", dry_run=dry_run) as session:
            ordered = sorted(exports, key=lambda export: (export.exported, export.content_hash))
            return [load_export(session, export, number) for number, export in enumerate(ordered, start=1)]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of `sql` over the current snapshot."""
        connection = connect_reader(self.store.snapshot())
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def tables(self, *, with_arrival: bool = False) -> dict[str, list[tuple[Any, ...]]]:
        """Return the sorted rows of every canonical table, without what depends on when files were imported."""
        without = "" if with_arrival else "EXCLUDE (batch_id, loaded_at)"
        names = ["order_header", "order_item", "order_line", "shop_period"]
        return {name: self.rows(f"SELECT * {without} FROM {name} ORDER BY ALL") for name in names}


def load_export(session: Session, export: Export, arrival: int) -> FileResult:
    """Load one made-up export into `session`."""
    entry = export_entry(session, export, arrival)
    result = FileResult(export.file, export.layout, batch_id=session.batch_id)
    if session.holds(entry.name):
        unchanged_result(session, entry, result)
        return result
    session.staging.mkdir(parents=True, exist_ok=True)
    raw = session.staging / f"{entry.name}.parquet"
    cells = {header: [row[number] for row in export.rows] for number, header in enumerate(export.headers)}
    pq.write_table(pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()}), raw)
    session.admit(entry, raw)
    load_entry(session, entry, result)
    return result


def export_entry(session: Session, export: Export, arrival: int) -> Entry:
    """Return the archive entry of a made-up export."""
    return Entry(
        content_hash=export.content_hash,
        part="",
        layout=export.layout,
        layout_digest="-",
        file=export.file,
        headers=export.headers,
        first_row=2,
        rows=len(export.rows),
        exported_at=datetime(2026, 1, 1) + timedelta(minutes=export.exported),
        shop="main",
        platform="taobao",
        currency="CNY",
        timezone="Asia/Shanghai",
        batch_id=session.batch_id,
        arrival=arrival,
        arrived_at=batch_time(session.batch_id),
    )
