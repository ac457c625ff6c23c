"""On which line of a TOML text a key stands; `tomllib` does not say."""

from __future__ import annotations

import re

TABLE = re.compile(r"^\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(#.*)?$")
KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")


def key_lines(text: str) -> dict[str, list[int]]:
    """Return the lines, from 1, on which each dotted key or table header stands.

    A repeated header, such as `[[shop]]`, has a line for each time; so do the keys under it.
    """
    found: dict[str, list[int]] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if header := TABLE.match(line):
            table = plain_key(header[1])
            found.setdefault(table, []).append(number)
        elif key := KEY.match(line):
            name = plain_key(key[1])
            found.setdefault(f"{table}.{name}" if table else name, []).append(number)
    return found


def plain_key(dotted: str) -> str:
    """Return a dotted key without quotes and blanks."""
    return ".".join(part.strip().strip("\"'") for part in dotted.split("."))
