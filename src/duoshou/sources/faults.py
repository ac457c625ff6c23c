"""What may be wrong with a row: each fault has its bit in the mask."""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.model import Text
from duoshou.sources.columns import column_of
from duoshou.sources.errors import LayoutError
from duoshou.sources.fields import Fault, TypedColumn, grain_sql
from duoshou.sources.layout import Layout
from duoshou.sources.sql import identifier

_MAX_FAULTS = 64


def faults_of(layout: Layout, headers: Sequence[str], columns: Sequence[TypedColumn]) -> tuple[Fault, ...]:
    """Return the faults that a row may have, in the order of their bits.

    Raises:
        LayoutError: If there are more than the mask has bits.
    """
    faults = [Fault("row", None, "row_shape", rejects=True)]
    for field in layout.field:
        if not field.required:
            continue
        faults.append(Fault(field.name, column_of(field, headers), "missing", rejects=True))
    faults += [
        Fault(field.name, column_of(field, headers), "period_not_calendar", True)
        for field in layout.field
        if field.type == "period"
    ]
    required = {field.name for field in layout.field if field.required}
    for column in columns:
        if column.fault is not None:
            faults.append(
                Fault(column.fault.field, column.fault.column, column.fault.code, column.fault.field in required)
            )
    for refused in layout.reject:
        faults.append(Fault("row", None, refused.code, not refused.keeps_row, refused.message.as_text(), refused.when))
    if len(faults) > _MAX_FAULTS:
        raise LayoutError(
            "too_many_fields",
            Text(f"格式 {layout.key} 的字段太多", f"the layout {layout.key} has too many fields that can be faulty"),
            hint=Text("不需要的列请放进 keep", "put columns that no table needs into `keep`"),
        )
    return tuple(faults)


def mask_sql(columns: Sequence[TypedColumn], faults: Sequence[Fault]) -> str:
    """Return SQL for the mask of a row, with one bit set for each fault that it has."""
    by_field = {column.fault.field: column for column in columns if column.fault is not None}
    first = {column.name.removesuffix("_start"): column for column in reversed(columns)} | {
        column.name: column for column in columns
    }
    sound: list[str] = []
    bits: list[str] = []
    for bit, fault in enumerate(faults):
        value = f"{1 << bit}::UBIGINT"
        if fault.code == "row_shape":
            sound.append("row_fault IS NULL")
            wrong = f"ELSE {value}"
        elif fault.when is not None:
            sound.append(f"({fault.when}) IS NOT TRUE")
            wrong = f"ELSE {value}"
        elif fault.code == "missing":
            column = first[fault.field]
            sound.append(f"{identifier(column.name)} IS NOT NULL")
            wrong = _unless_text(column, value)
        elif fault.code == "period_not_calendar":
            sound.append(f"({identifier(fault.field + '_start')} IS NULL OR {grain_sql(fault.field)} IS NOT NULL)")
            wrong = f"ELSE {value}"
        else:
            column = by_field[fault.field]
            text = identifier("text " + column.name)
            sound.append(f"({identifier(column.name)} IS NOT NULL OR {text} IS NULL)")
            wrong = f"WHEN {_empty(column)} THEN 0::UBIGINT ELSE {value}"
        bits.append(f"CASE WHEN {sound[-1]} THEN 0::UBIGINT {wrong} END")
    # Nearly every row is sound in all respects, which is told at once.
    return f"CASE WHEN {' AND '.join(sound)} THEN 0::UBIGINT ELSE {' | '.join(bits)} END" if bits else "0::UBIGINT"


def _unless_text(column: TypedColumn, value: str) -> str:
    """Return the end of a CASE: `missing` is said of an empty cell only; an unreadable one has its own fault."""
    if column.text is None or column.fault is None:
        return f"ELSE {value}"
    text = identifier("text " + column.name)
    return f"WHEN {text} IS NULL THEN {value} WHEN {_empty(column)} THEN {value} ELSE 0::UBIGINT"


def _empty(column: TypedColumn) -> str:
    """Return the column that tells whether a cell that gave no value says that there is none."""
    return identifier("empty " + column.name)


def mask_of(faults: Sequence[Fault]) -> str:
    """Return SQL for the bits of the faults that reject a row."""
    return f"{sum(1 << bit for bit, fault in enumerate(faults) if fault.rejects)}::UBIGINT"
