"""Rows whose name is a word for sums (a keyword that is really called 合计), told from sums by arithmetic.

A row of sums is at least as large, in each of its figures, as the sum of the rows that it may sum, for nothing counts
less than nothing; it may be larger where a file is not whole. A row that falls short of that in any figure sums none.
The rows that it may sum are those that agree with it in all that it says beside its name.
"""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.sources.columns import column_of
from duoshou.sources.layout import Layout, LayoutField
from duoshou.sources.sql import identifier, literals
from duoshou.sources.values import unwrap, value_sql

BLANK = ("", "-", "--", "—", "/", "0", "全部", "All", "NULL")
NEAR = 0.05
"""Part by which a sum may fall short of its parts: figures shortened to 1.2万 are off by up to a twenty-fifth."""
ROUNDING = 0.01
"""What each part may be off by: it is rounded to the cent."""
_SAYING = ("id", "text", "status", "day", "period")


def named_rows(layout: Layout, headers: Sequence[str], field: LayoutField, read: str, sums: str) -> str | None:
    """Return a SELECT of the `file_row_number` of rows that a word for sums only names; None where nothing can tell.

    Args:
        layout: Its totals say which figures add up, and by which fields a row must say what it is of.
        headers: Column names of the file.
        field: The field that holds the word.
        read: The archive with its `file_row_number`.
        sums: SQL that is true for a row with such a word in any field.
    """
    totals = layout.totals
    present = {one.name: name for one in layout.field if one.personal is None and (name := column_of(one, headers))}
    fields = {one.name: one for one in layout.field}
    figures = [one for one in totals.compare if one in present] if totals else []
    saying = [one for one, kept in fields.items() if one in present and one != field.name and kept.type in _SAYING]
    of = [one for one in saying if totals and one in totals.fields]
    if totals is None or not figures or not of:
        return None
    cells = {one: identifier(present[one]) for one in (field.name, *saying)}
    held = {one: f"coalesce(trim({unwrap(cell)}), '')" for one, cell in cells.items()}
    filled = " AND ".join(f"{held[one]} NOT IN ({literals((*BLANK, *totals.words))})" for one in of)
    # Cells are met as they stand, and figures are read only of rows that met: there are hardly ever any.
    blank = [f"{held[one]} IN ({literals(BLANK)}) AS {identifier('no ' + one)}" for one in saying]
    listed = ", ".join(
        dict.fromkeys(("file_row_number", *cells.values(), *(identifier(present[one]) for one in figures)))
    )
    together = " AND ".join(
        f"w.{cells[one]} = d.{cells[one]}"
        if one in of
        else f"(w.{identifier('no ' + one)} OR w.{cells[one]} = d.{cells[one]})"
        for one in saying
    )
    short = " OR ".join(_short(fields[one], present[one]) for one in figures)
    words = f"SELECT {listed}, {', '.join(blank)} FROM {read} WHERE {held[field.name]} IN ({literals(totals.words)})"
    parts = f"SELECT {listed}, {sums} AS is_sum FROM {read}"
    return (
        f"SELECT w.file_row_number FROM ({words} AND {filled}) AS w JOIN ({parts}) AS d ON {together} "
        f"GROUP BY w.file_row_number HAVING coalesce({short}, FALSE)"
    )


def _short(field: LayoutField, header: str) -> str:
    """Return SQL that is true where a figure falls short of the sum of those of the rows it meets."""
    own, part = (f"CAST({value_sql(field.type, f'{of}.{identifier(header)}')} AS DOUBLE)" for of in ("w", "d"))
    others = "FILTER (WHERE NOT d.is_sum)"
    return f"any_value({own}) < {1 - NEAR} * sum({part}) {others} - {ROUNDING} * (count(*) {others} + 1)"
