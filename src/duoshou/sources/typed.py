"""The archive's text → typed canonical rows, as one SELECT that the warehouse runs wherever it wants the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from duoshou.sources.cells import prepared_rows
from duoshou.sources.details import archive, detail_rows
from duoshou.sources.faults import faults_of, mask_of, mask_sql
from duoshou.sources.fields import Fault, TypedColumn, grain_sql, hint_sql, typed_columns
from duoshou.sources.layout import Layout, TableMapping
from duoshou.sources.raw import FAULT
from duoshou.sources.sql import identifier, literal
from duoshou.sources.values import clean, is_null_word
from duoshou.sources.zones import to_local_sql, to_utc_sql, zone


@dataclass(frozen=True)
class TypedSelect:
    """Rows for one canonical table.

    Attributes:
        table: Name of the canonical table.
        sql: SELECT of canonical columns, `source_row BIGINT`, `fault_mask UBIGINT`, in the file's order unless grouped.
        columns: Canonical columns that `sql` yields, without the last two.
        faults: Meaning of the bits of the mask.
        problem_sql: SELECT of (source_row, fault INTEGER, value VARCHAR), one row per faulty cell of the file.
        grouped: Whether several source rows make one row; then `source_row` is the first and the mask is their union.
        cells: SELECT of the typed fields that the layout's tables use, the same for each of them; None where there is
            nothing between the file and `sql`.
        mapped: What stands before and after the relation when `sql` is taken from the rows of `cells`.
    """

    table: str
    sql: str
    columns: tuple[str, ...]
    faults: tuple[Fault, ...]
    problem_sql: str
    grouped: bool
    cells: str | None = None
    mapped: tuple[str, str] = ("SELECT *", "")

    @property
    def rows(self) -> str:
        """The query whose rows may be kept so that all tables of the file are taken from them."""
        return self.cells or self.sql

    def over(self, relation: str) -> str:
        """Return `sql` over a relation that holds `rows`."""
        before, after = self.mapped
        return f"{before} FROM {relation} AS typed{after}"

    @property
    def reject_mask(self) -> int:
        """Bits of the faults that reject a row."""
        return sum(1 << bit for bit, fault in enumerate(self.faults) if fault.rejects)


def typed_select(
    layout: Layout,
    parquet: Path,
    headers: Sequence[str],
    *,
    table_index: int,
    timezone: str,
    shop: str,
    currency: str,
    first_row: int,
    period_hint: str | None = None,
    exported_at: datetime | None = None,
) -> TypedSelect:
    """Return the SELECT that reads an archived table as the `table_index`-th canonical table of its layout.

    Args:
        layout: What kind of table it is.
        parquet: The archived table, as `write_raw` made it.
        headers: Column names of the file, as in the `Reading`.
        table_index: Which of the layout's tables.
        timezone: IANA zone of the shop; local times become UTC, `x_at` comes with the shop's day `x_on`.
        shop: Key of the shop, for every row.
        currency: Used when the layout fixes none.
        first_row: Spreadsheet row of the first data row.
        period_hint: Period of the table when its rows have none.
        exported_at: When the export was made (naive UTC), for dates without a year.
    """
    mapping = layout.table[table_index]
    zone(timezone)
    columns = typed_columns(layout, headers, timezone, period_hint, exported_at)
    faults = faults_of(layout, headers, columns)
    source = typed_rows_sql(layout, parquet, headers, columns, faults, first_row=first_row, hint=period_hint)
    canonical = _canonical(layout, mapping, timezone=timezone, shop=shop, currency=currency)
    where = f" WHERE {_kept(mapping, faults)}"
    tail = "source_row, fault_mask"
    if mapping.group:
        rejected = f"(fault_mask & {mask_of(faults)}) <> 0"
        keys = ", ".join((*mapping.group, rejected, f"CASE WHEN {rejected} THEN source_row END"))
        tail = "CAST(min(source_row) AS BIGINT) AS source_row, CAST(bit_or(fault_mask) AS UBIGINT) AS fault_mask"
        where += f" GROUP BY {keys}"
    mapped = (f"SELECT {canonical[1]}, {tail}", where)
    sql = f"{mapped[0]} FROM ({source}) AS typed{where}"
    problems = _problem_sql(layout, parquet, headers, columns, faults, first_row, period_hint)
    cells = f"SELECT {_used(layout, columns)} FROM ({source}) AS typed"
    return TypedSelect(mapping.name, sql, canonical[0], faults, problems, bool(mapping.group), cells, mapped)


def _used(layout: Layout, columns: Sequence[TypedColumn]) -> str:
    """Return the list of what any table of the layout may take from a typed row; the expressions name it."""
    expressions = [
        text for table in layout.table for text in (*table.columns.values(), *table.group, table.where) if text
    ]
    grains = [f"{field.name}_grain" for field in layout.field if field.type == "period"]
    named = [*(column.name for column in columns), *grains, "hint_start", "hint_end"]
    said = "\n".join(expressions).casefold()
    used = [identifier(name) for name in named if name.casefold() in said]
    return ", ".join(("source_row", *used, "row_fault", "fault_mask"))


def typed_rows_sql(
    layout: Layout,
    parquet: Path,
    headers: Sequence[str],
    columns: Sequence[TypedColumn],
    faults: Sequence[Fault],
    *,
    first_row: int,
    hint: str | None,
    texts: bool = False,
    rows: str | None = None,
) -> str:
    """Return the SELECT of typed fields, `source_row` and `fault_mask`, without total and empty rows.

    A cell is cleaned only where its plain reading failed, and in a query of its own: within one expression the engine
    would compute
    the common part, the cleaning, for every row.
    """
    hints = [f"{sql} AS {name}" for name, sql in zip(("hint_start", "hint_end"), hint_sql(hint), strict=True)]
    hints += [
        f"{grain_sql(field.name)} AS {identifier(field.name + '_grain')}"
        for field in layout.field
        if field.type == "period"
    ]
    read = archive(parquet)
    first = [f"file_row_number + {first_row} AS source_row", f"{FAULT} AS row_fault"]
    first += [f"{column.rule.fast} AS {identifier('fast ' + column.name)}" for column in columns]
    first += [f"{column.text} AS {identifier('text ' + column.name)}" for column in columns if column.text]
    kept = rows or detail_rows(layout, headers, parquet)
    read_fast = f"SELECT {', '.join(first)} FROM {prepared_rows(layout, headers, read, kept)}"
    cleaned = [_cleaned(column) for column in columns if column.rule.slow]
    cleaned += [_empty(column) for column in columns if faults and column.text and column.fault is not None]
    read_clean = f"SELECT {', '.join(('*', *cleaned))} FROM ({read_fast}) AS fast"
    values = [f"{_value(column)} AS {identifier(column.name)}" for column in columns]
    read_values = f"SELECT {', '.join(('*', *values))} FROM ({read_clean}) AS cleaned"
    names = [identifier(column.name) for column in columns]
    if texts:
        names += [identifier("text " + column.name) for column in columns if column.text]
    return (
        f"SELECT {', '.join(('source_row', *names, *hints))}, row_fault, {mask_sql(columns, faults)} AS "
        f"fault_mask FROM ({read_values}) AS cells"
    )


def _unread(column: TypedColumn, then: str, name: str) -> str:
    """Return a column that is computed only for cells that the plain reading left."""
    text, fast = identifier("text " + column.name), identifier("fast " + column.name)
    return f"CASE WHEN {fast} IS NULL AND {text} IS NOT NULL THEN {then} END AS {identifier(f'{name} {column.name}')}"


def _cleaned(column: TypedColumn) -> str:
    return _unread(column, clean(identifier("text " + column.name)), "bare")


def _empty(column: TypedColumn) -> str:
    return _unread(column, is_null_word(identifier("text " + column.name)), "empty")


def _value(column: TypedColumn) -> str:
    fast = identifier("fast " + column.name)
    return fast if column.rule.slow is None else f"coalesce({fast}, {column.rule.slow})"


def _kept(mapping: TableMapping, faults: Sequence[Fault]) -> str:
    """Return the condition of a table; a rejected row is always shown, so that none disappears."""
    if mapping.where is None:
        return "TRUE"
    return f"(({mapping.where}) OR (fault_mask & {mask_of(faults)}) <> 0)"


def _canonical(
    layout: Layout, mapping: TableMapping, *, timezone: str, shop: str, currency: str
) -> tuple[tuple[str, ...], str]:
    constants = {"shop": shop, "platform": layout.platform, "currency": layout.fixed_currency or currency}
    parts = [f"{literal(value)} AS {name}" for name, value in constants.items() if name not in mapping.columns]
    names = [name for name in constants if name not in mapping.columns]
    source_zone = layout.timezone or timezone
    for name, expression in mapping.columns.items():
        if not name.endswith("_at"):
            parts.append(f"({expression}) AS {identifier(name)}")
            names.append(name)
            continue
        local = f"({expression})"
        utc = to_utc_sql(local, source_zone)
        shop_day = local if source_zone == timezone else to_local_sql(utc, timezone)
        day_name = name.removesuffix("_at") + "_on"
        parts += [f"{utc} AS {identifier(name)}", f"CAST({shop_day} AS DATE) AS {identifier(day_name)}"]
        names += [name, day_name]
    return tuple(names), ", ".join(parts)


def _problem_sql(
    layout: Layout,
    parquet: Path,
    headers: Sequence[str],
    columns: Sequence[TypedColumn],
    faults: Sequence[Fault],
    first_row: int,
    hint: str | None,
) -> str:
    source = typed_rows_sql(layout, parquet, headers, columns, faults, first_row=first_row, hint=hint, texts=True)
    texts = {column.fault.field: identifier("text " + column.name) for column in columns if column.fault is not None}
    values = " ".join(
        f"WHEN {bit} THEN {'row_fault' if fault.code == 'row_shape' else texts.get(fault.field, 'NULL')}"
        for bit, fault in enumerate(faults)
    )
    return (
        f"SELECT source_row, CAST(fault AS INTEGER) AS fault, CASE fault {values} END AS value FROM "
        f"(SELECT * FROM ({source}) AS typed WHERE fault_mask <> 0) AS faulty, range({len(faults)}) AS bits(fault) "
        f"WHERE (fault_mask >> fault::UBIGINT) & 1 = 1"
    )
