"""The statements of a TOML text with the lines on which they stand, so that one can be changed and the rest kept."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from duoshou.settings.lines import KEY, TABLE, plain_key


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or an assignment.

    Attributes:
        key: Dotted key from the top.
        name: As it is written: for an assignment below a header without that.
        start: First line, from 0.
        end: The line after its last.
        is_header: Whether it is `[key]` or `[[key]]`.
        position: For `[[key]]`: which of them, from 0.
    """

    key: str
    name: str
    start: int
    end: int
    is_header: bool = False
    position: int | None = None

    def assigned(self, lines: Sequence[str], value: str) -> str:
        """Return the assignment with another value; spelling, indent and the comment at its end stay."""
        text = "\n".join(lines[self.start : self.end])
        left, comment = KEY.match(text), _comment(text)
        assert left is not None
        return f"{left[0][:-1].rstrip()} = {value}" + (f"  {comment}" if comment else "")


def statements(lines: Sequence[str]) -> list[Statement]:
    """Return the statements of a text in their order.

    Raises:
        TOMLDecodeError: If one never ends.
    """
    found: list[Statement] = []
    repeated: Counter[str] = Counter()
    table, number = "", 0
    while number < len(lines):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith("#"):
            number += 1
        elif line.lstrip().startswith("["):
            header = TABLE.match(line)
            table = plain_key(header[1]) if header else line.strip()
            is_repeated = line.lstrip().startswith("[[")
            found.append(Statement(table, table, number, number + 1, True, repeated[table] if is_repeated else None))
            repeated[table] += is_repeated
            number += 1
        else:
            end = _end(lines, number)
            key = KEY.match(line)
            name = plain_key(key[1]) if key else line.strip()
            found.append(Statement(f"{table}.{name}" if table else name, name, number, end))
            number = end
    return found


def _end(lines: Sequence[str], start: int) -> int:
    """Return the line after an assignment: a value over several lines is whole once it can be read."""
    for end in range(start + 1, len(lines)):
        try:
            tomllib.loads("\n".join(lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
        return end
    tomllib.loads("\n".join(lines[start:]))
    return len(lines)


def _comment(text: str) -> str:
    """Return the comment at the end of an assignment: from the first # before which the assignment is whole."""
    for place in (match.start() for match in re.finditer("#", text)):
        try:
            tomllib.loads(text[:place])
        except tomllib.TOMLDecodeError:
            continue
        return text[place:]
    return ""
