"""A field's own text within its column: merged cells filled, pieces cut out, words replaced; all before typing."""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.sources.columns import column_of
from duoshou.sources.layout import Layout, LayoutField
from duoshou.sources.sql import identifier, literal
from duoshou.sources.values import unwrap


def is_prepared(field: LayoutField) -> bool:
    """Return whether a field's text is not simply the cell of its column."""
    return field.part is not None or field.pattern is not None or bool(field.values)


def cell_name(field: LayoutField, header: str) -> str:
    """Return the quoted name of the column that holds a field's text."""
    return identifier(f"cell {field.name}" if is_prepared(field) else header)


def prepared_rows(layout: Layout, headers: Sequence[str], read: str, rows: str) -> str:
    """Return the relation from which a layout's fields are read, and its condition.

    Args:
        layout: Says what is filled and prepared; a plain layout reads the archive itself.
        headers: Column names of the file.
        read: The archive with its `file_row_number`.
        rows: Condition over the archive's cells.
    """
    present = [(field, header) for field in layout.field if (header := column_of(field, headers)) is not None]
    filled = [identifier(header) for field, header in present if field.fill_down]
    cells = [
        f"{prepared_text(field, identifier(header))} AS {cell_name(field, header)}"
        for field, header in present
        if is_prepared(field)
    ]
    source = f"{read} WHERE {rows}"
    if filled:
        # The condition comes first: the words of a total row are no value for the rows below it.
        nearest = ", ".join(f"{_nearest_above(name)} AS {name}" for name in dict.fromkeys(filled))
        source = f"(SELECT * REPLACE ({nearest}) FROM {source})"
    return f"(SELECT *, {', '.join(cells)} FROM {source})" if cells else source


def _nearest_above(name: str) -> str:
    frame = "ORDER BY file_row_number ROWS UNBOUNDED PRECEDING"
    return f"last_value(nullif(trim({name}), '') IGNORE NULLS) OVER ({frame})"


def prepared_text(field: LayoutField, cell: str) -> str:
    """Return SQL for a field's text in a cell of its column; of a plain field, the cell as it is."""
    if not is_prepared(field):
        return cell
    text = unwrap(cell)
    if field.part is not None and field.separator is not None:
        text = f"nullif(trim(split_part({text}, {literal(field.separator)}, {field.part})), '')"
    if field.pattern is not None:
        pattern = literal(field.pattern)
        text = (
            f"CASE WHEN regexp_matches({text}, {pattern}) THEN nullif(trim(regexp_extract({text}, {pattern}, 1)), '') "
            f"ELSE {text} END"
        )
    if field.values:
        words = " ".join(f"WHEN {literal(word.strip())} THEN {literal(value)}" for word, value in field.values.items())
        text = f"CASE trim({text}) {words} ELSE {text} END"
    return text
