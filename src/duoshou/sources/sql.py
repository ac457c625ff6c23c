"""Quoting for the SQL text that this layer writes."""

from __future__ import annotations

from collections.abc import Iterable


def identifier(name: str) -> str:
    """Return a quoted identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a quoted string."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Return quoted strings, separated by commas."""
    return ", ".join(literal(text) for text in texts)
