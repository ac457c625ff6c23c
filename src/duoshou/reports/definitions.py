"""Which metrics the book shows, and on which line each one is explained."""

from __future__ import annotations

from dataclasses import dataclass, field

FIRST_ROW = 4
"""Row of the first definition, from 0."""


@dataclass
class Definitions:
    """The page of definitions before it is written.

    Attributes:
        sheet: Name of its sheet.
        rows: Metric key → row from 0, in order of first use.
        notes: Names of the wordings for what the book computes itself, with what they need.
    """

    sheet: str
    rows: dict[str, int] = field(default_factory=dict)
    notes: dict[str, dict[str, str]] = field(default_factory=dict)

    def row(self, key: str) -> int:
        """Return the row that explains a metric, taking a new one at first use."""
        return self.rows.setdefault(key, FIRST_ROW + len(self.rows))

    def target(self, key: str) -> str:
        """Return where a link to the explanation of a metric leads."""
        return f"'{self.sheet}'!A{self.row(key) + 1}"

    def note(self, name: str, **facts: str) -> None:
        """Remember that the book shows something that it computes itself."""
        self.notes[name] = facts
