"""Where in a file of metrics something stands."""

from __future__ import annotations

import re

HEADER = re.compile(r"^\s*\[\[\s*metric\s*\]\]")


class EntryLines:
    """The lines of each `[[metric]]` of a file."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._starts = [number for number, line in enumerate(self._lines) if HEADER.match(line)]

    def row(self, entry: int, *words: str) -> int | None:
        """Return the line (from 1) of an entry that holds the first of the words found, else that of its header.

        A word with `=` behind it is sought as a key, another one as a text in quotes. None when the file does not
        write its metrics as `[[metric]]`.
        """
        if entry >= len(self._starts):
            return None
        first = self._starts[entry]
        last = self._starts[entry + 1] if entry + 1 < len(self._starts) else len(self._lines)
        for word in words:
            name = re.escape(word.removesuffix("="))
            key = rf"(?<![\w.\"'-]){name}\s*=|\[\s*metric\.{name}\b"
            wanted = re.compile(key if word.endswith("=") else rf"[\"']\s*{name}\s*[\"']")
            for number in range(first, last):
                if wanted.search(self._lines[number]):
                    return number + 1
        return first + 1
