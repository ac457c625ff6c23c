"""Which rows of a tree are read: a parent holds its children, so the two are never added."""

from __future__ import annotations

from typing import Any

from ibis.expr.types import Table

from duoshou.metrics.source import Level, Source


def one_level(rows: Table, source: Source, by: frozenset[str], filtered: frozenset[str]) -> Table:
    """Return the rows of one level of a source's tree; all rows of a source that is no tree.

    It is the first, unless another level or one node is asked for. What is refined, such as channels, is read on the
    second level; a node of the first that has nothing below it on its day then stands for itself.

    Args:
        rows: Rows of the period, before any filter on what they are split by.
        source: The source.
        by: Dimensions of the split.
        filtered: Dimensions of the filters.
    """
    level = source.level
    if level is None or level.dimension in by | filtered or filtered & set(level.freed_by):
        return rows
    depth: Any = rows[source.dimensions[level.dimension]]
    first = rows.filter(depth.coalesce(1) == 1)
    return _refined(rows, first, source, level) if (by | filtered) & set(level.refined_by) else first


def _refined(rows: Table, first: Table, source: Source, level: Level) -> Table:
    """Return the second level, and those of the first of which no row of the second names the parent."""
    depth: Any = rows[source.dimensions[level.dimension]]
    # A node that names no parent cannot be told from a part of any: its people stay in the first level.
    second = rows.filter(depth == 2, rows[level.parent].notnull())
    scope = [
        name for name in ("shop", "platform", "currency", "product_id", "grain", source.date) if name in rows.columns
    ]
    parents = second.select(*(second[name].name(f"of_{name}") for name in (*scope, level.parent))).distinct()
    same = [first[name] == parents[f"of_{name}"] for name in scope]
    childless = first.anti_join(parents, [*same, first[level.name] == parents[f"of_{level.parent}"]])
    return childless.union(second)
