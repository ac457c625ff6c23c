"""Sums per combination of attributes, computed where the rows are: leaves, and all cells above them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from duoshou.engine.errors import EngineError
from duoshou.model import Text

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

CUBOID = "cuboid"


def leaf_table(table: Table, attributes: Sequence[str], measures: Mapping[str, str]) -> pa.Table:
    """Return one row for each combination of attribute values that occurs, with sums as doubles.

    Args:
        table: Ibis table or expression of any engine.
        attributes: Columns to group by.
        measures: Name of the sum → column that is added up. A sum over a NULL or NaN is NaN: what is unknown stays so.
    """
    sums = {}
    for name, column in measures.items():
        values = table[column].cast("float64")
        sums[name] = values.fill_null(float("nan")).sum()
    return table.group_by(list(attributes)).aggregate(**sums).to_pyarrow()


def cells_statement(source: str, attributes: Sequence[str], measures: Sequence[str], depth: int, quote: str) -> str:
    """Return the SELECT of all cells that fix at most `depth` attributes, in DuckDB's and in Spark's dialect.

    The rows are first added up to leaves, of which there are far fewer; GROUPING SETS over the leaves give the rest
    (Gray et al., 1997). Bit i of the column `cuboid` says whether attribute i is fixed, so that a fixed NULL differs
    from an open attribute.

    Args:
        source: SELECT that yields the rows.
        attributes: Columns to group by.
        measures: Columns to add up.
        depth: Most attributes that a cell fixes.
        quote: Quotation mark of names.
    """
    names = [_quoted(name, quote) for name in attributes]
    quoted = [_quoted(name, quote) for name in measures]
    sums = ", ".join(f"SUM({name}) AS {name}" for name in quoted)
    doubles = ", ".join(f"SUM(CAST({name} AS DOUBLE)) AS {name}" for name in quoted)
    sets = ", ".join(
        f"({', '.join(fixed)})" for size in range(depth + 1) for fixed in itertools.combinations(names, size)
    )
    cuboid = " + ".join(f"(1 - GROUPING({name})) * {1 << bit}" for bit, name in enumerate(names))
    columns = ", ".join(names)
    return (
        f"WITH leaves AS (SELECT {columns}, {doubles} FROM ({source}) AS facts GROUP BY {columns}) "
        f"SELECT {columns}, {cuboid} AS {_quoted(CUBOID, quote)}, {sums} FROM leaves GROUP BY GROUPING SETS ({sets})"
    )


def _quoted(name: str, quote: str) -> str:
    return f"{quote}{name.replace(quote, quote * 2)}{quote}"


def cell_table(table: Table, attributes: Sequence[str], measures: Sequence[str], depth: int = 3) -> pa.Table:
    """Return the sums of all cells that fix at most `depth` attributes.

    Args:
        table: Ibis table or expression on DuckDB or Spark.
        attributes: Columns to group by.
        measures: Columns to add up.
        depth: Most attributes that a cell fixes; the one cell that fixes none is included.

    Returns:
        A table of the attributes (NULL where open), `cuboid` (bit i: attribute i is fixed) and the measures.

    Raises:
        EngineError: If the engine is neither DuckDB nor Spark, or a column is missing or named `cuboid`.
    """
    _require_columns(table, [*attributes, *measures])
    backend = table.get_backend()
    narrow = table.select(*dict.fromkeys([*attributes, *measures]))
    if backend.name not in _RUN:
        raise EngineError(
            "cells_not_supported",
            Text(f"{backend.name} 引擎不支持一次算出全部组合", f"{backend.name} cannot compute all cells at once"),
            hint=Text("请用 DuckDB 或 Spark", "use DuckDB or Spark"),
        )
    quote, run = _RUN[backend.name]
    depth = min(depth, len(attributes))
    return run(backend, cells_statement(str(backend.compile(narrow)), attributes, measures, depth, quote))


def _require_columns(table: Table, wanted: Sequence[str]) -> None:
    for name in wanted:
        if name not in table.columns or name == CUBOID:
            raise EngineError(
                "column_missing",
                Text(f"表里没有可用的列 {name}", f"the table has no usable column {name}"),
                hint=Text(f"表里有：{'、'.join(table.columns)}", f"it has: {', '.join(table.columns)}"),
            )


def _run_duckdb(backend: Any, statement: str) -> pa.Table:
    return backend.con.sql(statement).to_arrow_table()


def _run_spark(backend: Any, statement: str) -> pa.Table:
    return backend.raw_sql(statement).toArrow()


_RUN = {"duckdb": ('"', _run_duckdb), "pyspark": ("`", _run_spark)}
