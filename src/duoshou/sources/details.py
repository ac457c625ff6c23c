"""Which rows of a table are its detail, and which sum others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from duoshou.sources.columns import column_of
from duoshou.sources.layout import Layout, TotalRows
from duoshou.sources.named_rows import BLANK, named_rows
from duoshou.sources.raw import FAULT
from duoshou.sources.sql import identifier, literal, literals
from duoshou.sources.values import unwrap

_WRAPPING = 8
"""Most characters that surround a word: `="…"`, spaces, a colon."""


def archive(parquet: Path) -> str:
    """Return the relation of an archived file with the `file_row_number` that the conditions here may ask for."""
    return f"read_parquet({literal(str(parquet))}, file_row_number=true)"


def detail_rows(layout: Layout, headers: Sequence[str], parquet: Path) -> str:
    """Return SQL that is true for a row of the detail: no total row, no empty row."""
    names = [
        name for field in layout.field if field.personal is None and (name := column_of(field, headers)) is not None
    ]
    filled = f"coalesce({', '.join(map(identifier, names))}, {FAULT}) IS NOT NULL" if names else "TRUE"
    # Not a conjunction: the engine takes that apart, pushes the pieces into its reader, and is slower for it.
    return f"CASE WHEN {total_rows(layout, headers, parquet)} THEN FALSE ELSE {filled} END"


def total_rows(layout: Layout, headers: Sequence[str], parquet: Path) -> str:
    """Return SQL over an archive that is true for a row that sums others, never NULL."""
    totals = layout.totals
    if totals is None:
        # Where the platform adds none, a person may have: no order is called "total".
        totals = TotalRows(tuple(field.name for field in layout.field if field.required and field.type == "id"))
    held = {
        field.name: name
        for field in layout.field
        if field.personal is None and (name := column_of(field, headers)) is not None
    }
    # A cell that is much longer than any of the words need not be unwrapped.
    longest = max(map(len, totals.words)) + _WRAPPING
    said = {
        field: _is_one_of(identifier(held[field]), totals.words, longest) for field in held if field in totals.fields
    }
    tests = []
    for field, saying in said.items():
        names = [identifier(held[one]) for one in totals.named_by.get(field, ()) if one in held]
        proofs = [_is_filled(name, totals.words) for name in names]
        if field in totals.by_sum:
            (named,) = [one for one in layout.field if one.name == field]
            rows = named_rows(layout, headers, named, archive(parquet), f"({' OR '.join(said.values())})")
            proofs += [] if rows is None else [f"file_row_number IN ({rows})"]
        tests.append(f"CASE WHEN NOT {saying} THEN FALSE ELSE NOT ({' OR '.join(proofs)}) END" if proofs else saying)
    return f"({' OR '.join(tests)})" if tests else "FALSE"


def _is_filled(cell: str, words: Sequence[str]) -> str:
    """Return SQL that is true for a cell that names something, which a row of sums does not."""
    return f"coalesce(trim({unwrap(cell)}), '') NOT IN ({literals((*BLANK, *words))})"


def _is_one_of(cell: str, words: Sequence[str], longest: int) -> str:
    said = f"coalesce(rtrim({unwrap(cell)}, ':：') IN ({literals(words)}), FALSE)"
    longer = f"WHEN length(trim({cell})) > {longest} THEN FALSE"
    # Most ids begin with a digit, and nothing that is taken off a cell does.
    begins = "" if any(word[:1].isdigit() for word in words) else f"WHEN {cell} >= '0' AND {cell} < ':' THEN FALSE"
    return f"CASE {begins} {longer} ELSE {said} END"
