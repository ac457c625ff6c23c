"""Whether a layout fits the canonical tables: checked for every shipped layout by a test, and for a user's mapping."""

from __future__ import annotations

from duoshou.sources import Layout
from duoshou.warehouse.schema import LINEAGE, Table, day_column, load_tables

# What the load fills by itself.
_GIVEN = ("shop", "platform", "currency", "line_no", *LINEAGE)


def conformity(layout: Layout) -> list[str]:
    """Return what does not fit: unknown or derived tables, unknown columns, missing keys; nothing when all is well."""
    faults: list[str] = []
    for mapping in layout.table:
        table = load_tables().get(mapping.name)
        if table is None:
            faults.append(f"{layout.key}: there is no table {mapping.name}")
        elif table.derived:
            faults.append(f"{layout.key}: {mapping.name} is derived and cannot be filled")
        else:
            faults += [f"{layout.key}: {fault}" for fault in _column_faults(table, tuple(mapping.columns))]
    return faults


def _column_faults(table: Table, given: tuple[str, ...]) -> list[str]:
    days = {day_column(column.name) for column in table.columns if column.type == "instant"}
    faults = [f"{table.name} has no column {name}" for name in given if table.column(name) is None and name not in days]
    faults += [f"{table.name}.{name} is computed from the instant beside it" for name in given if name in days]
    faults += [f"{table.name}.{name} is set by the load" for name in given if name in LINEAGE or name == "line_no"]
    faults += [f"{table.name} needs the key {name}" for name in table.key if name not in given and name not in _GIVEN]
    return faults
