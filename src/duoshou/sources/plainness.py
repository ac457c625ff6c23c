"""Expressions of a layout that came from elsewhere: they may compute with the fields of their row and nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import duckdb
import msgspec

from duoshou.sources.checking import wrong
from duoshou.sources.layout import Layout

_ALLOWED = frozenset(
    {
        "BETWEEN",
        "CASE",
        "CAST",
        "COLLATE",
        "COLUMN_REF",
        "COMPARISON",
        "CONJUNCTION",
        "CONSTANT",
        "FUNCTION",
        "LAMBDA",
        "OPERATOR",
        "TYPE",
    }
)
"""Classes of the engine's parser; a subquery, which could read a file, a window or a parameter is none of them."""
_FORBIDDEN_FUNCTIONS = frozenset({"getenv", "getvariable", "current_setting", "query", "query_table", "nextval"})


def require_plain(layout: Layout, file: str) -> None:
    """Make sure that the expressions of a layout are plain, as the engine's own parser reads them.

    Layouts in files of the workspace are its owner's; one that was typed into a page may be anybody's.

    Args:
        layout: The layout.
        file: What it is called in the message.

    Raises:
        LayoutError: If one is not, or is no expression; or if a pattern for names could be searched for hours.
    """
    for pattern in filter(None, (layout.recognise.file_name, layout.recognise.sheet)):
        if not _is_swift(pattern):
            raise wrong(
                file,
                f"文件名或工作表名的正则表达式太复杂：{pattern[:100]}",
                f"the regular expression for names of files or sheets is too involved: {pattern[:100]}",
            )
    with closing(duckdb.connect()) as connection:
        for expression in _expressions(layout):
            if not _is_plain(connection, expression):
                shown = expression if len(expression) <= 100 else expression[:100] + "…"
                raise wrong(
                    file,
                    f"表达式只能用本行的字段计算：{shown}",
                    f"an expression may only compute with the fields of its row: {shown}",
                )


def _is_swift(pattern: str) -> bool:
    """Return whether a search that tries every way to match, as Python's does, ends soon on the name of a file.

    A repeated group takes exponential time; each further repetition, choice or option multiplies it.
    """
    bare = re.sub(r"\[\^?\]?[^\]]*\]", "c", re.sub(r"(?s)\\.", "c", pattern))
    options = len(re.findall(r"(?<!\()\?", bare))
    repetitions = len(re.findall(r"[*+]|\{\d*,\d*\}", bare))
    repeats_groups = re.search(r"\)[*+{]|\(\?[a-zA-Z-]*x", bare) is not None
    return not repeats_groups and repetitions <= 2 and options <= 12 and bare.count("|") <= 8


def _expressions(layout: Layout) -> Iterator[str]:
    for table in layout.table:
        yield from table.columns.values()
        yield from table.group
        if table.where:
            yield table.where
    for rule in layout.reject:
        yield rule.when


def _is_plain(connection: duckdb.DuckDBPyConnection, expression: str) -> bool:
    if not expression.strip():
        return False
    row = connection.execute("SELECT json_serialize_sql(?)", [f"SELECT (\n{expression}\n)"]).fetchone()
    parsed = msgspec.json.decode(row[0] if row else "{}")
    statements = parsed.get("statements", [])
    if parsed.get("error", True) or len(statements) != 1:
        return False
    node = statements[0]["node"]
    selected = node.pop("select_list", [])
    # Whatever else a SELECT may have lies between the parentheses too: `1) ORDER BY (…`, `1) FROM … WHERE (…`.
    return (
        len(selected) == 1
        and node == _bare(connection)
        and all(
            one["class"] in _ALLOWED and one.get("function_name", "") not in _FORBIDDEN_FUNCTIONS
            for one in _nodes(selected)
        )
    )


def _bare(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Return what the engine's parser makes of a SELECT of nothing but one expression, without that expression."""
    row = connection.execute("SELECT json_serialize_sql('SELECT (1)')").fetchone()
    node: dict[str, Any] = msgspec.json.decode(row[0] if row else "{}")["statements"][0]["node"]
    del node["select_list"]
    return node


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "class" in value:
            yield value
        for part in value.values():
            yield from _nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from _nodes(part)
