"""Rows of a whole beside rows of its parts: a keyword told once for its plan and once for each unit counts once.

A file without the column of the parts tells the whole under `-`. Where another file tells the parts of the same day,
the fuller of both answers: the parts, unless they cost less than the whole and so lack some. Rows of one file are told
beside each other by the platform and are no whole of one another.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from duoshou.engine import Backend
from duoshou.metrics.derived import of_source
from duoshou.metrics.source import Source

WHOLE = "-"
CENT = 0.005


def has_both(backend: Backend, source: Source) -> bool:
    """Return whether rows of wholes and of parts meet at all in a source, learnt once for each snapshot."""
    if source.parts is None or not backend.has_table(source.table):
        return False
    memory_key = ("parts", source.key)
    if memory_key not in backend.memory:
        table = of_source(backend.table(source.table), source)
        whole: Any = table[source.parts.column] == WHOLE
        found = table.aggregate(wholes=whole.sum(), rows=whole.count())
        (row,) = backend.execute(found).to_pylist()
        backend.memory[memory_key] = 0 < (row["wholes"] or 0) < row["rows"]
    met: bool = backend.memory[memory_key]
    return met


def counted_once(table: Table, source: Source) -> Table:
    """Return the rows of which none stands for another: wholes without their parts, or parts without their whole."""
    parts = source.parts
    if parts is None:
        return table
    is_whole: Any = table[parts.column] == WHOLE
    keys = [name for name in ("shop", "platform", "currency", source.date, *source.variant_of) if name in table.columns]
    of_whole = [name for name in keys if name != parts.column]
    windows = [source.variant] if source.variant else []
    together, beside = ibis.window(group_by=of_whole), ibis.window(group_by=[*of_whole, *windows])
    amount: Any = table[parts.measure].coalesce(0)
    for name in windows:
        # What costs the same in every window is told once for each, and counts once.
        window: Any = table[name]
        amount = (window == window.min().over(ibis.window(group_by=keys))).ifelse(amount, 0)
    first = table.mutate(part_amount=amount, part_is_whole=is_whole)
    amount, is_whole, file = first["part_amount"], first["part_is_whole"], first["source_hash"].coalesce("")
    marked = first.mutate(
        part_wholes=is_whole.sum().over(together),
        part_parts=(~is_whole).sum().over(together),
        part_whole=amount.sum(where=is_whole).over(together),
        part_sum=amount.sum(where=~is_whole).over(together),
        part_file=file.max(where=is_whole).over(beside),
        part_first=file.min(where=~is_whole).over(beside),
        part_last=file.max(where=~is_whole).over(beside),
    )
    alone = (marked["part_wholes"] == 0) | (marked["part_parts"] == 0)
    of_one_file = (marked["part_file"] == marked["part_first"]) & (marked["part_file"] == marked["part_last"])
    fuller = (marked["part_sum"] >= marked["part_whole"] - CENT) == ~marked["part_is_whole"]
    kept = marked.filter(alone | of_one_file.fill_null(False) | fuller)
    return kept.drop(*(name for name in marked.columns if name not in table.columns))
