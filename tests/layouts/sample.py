"""What a sample of a layout is: a file with the platform's real header and traps, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sample:
    """One export file and the truth about it.

    Attributes:
        layout: Key of the layout that must be recognised.
        file: Name of the file as the platform writes it.
        data: The bytes.
        rows: Canonical table → rows that this file alone gives in an empty workspace (CNY, Asia/Shanghai).
        facts: SQL that returns one value → that value, after the import: keys, sums, dates, traps.
        rejected: Rows of the main table that must be rejected.
        problems: Codes of the problems that must be told; no others may be.
        name: Tells several samples of one layout apart.
    """

    layout: str
    file: str
    data: bytes
    rows: Mapping[str, int]
    facts: Mapping[str, object] = field(default_factory=dict)
    rejected: int = 0
    problems: frozenset[str] = frozenset()
    name: str = ""

    def __repr__(self) -> str:
        return f"Sample({self.label})"

    @property
    def label(self) -> str:
        """Name in a list of tests."""
        return f"{self.layout}-{self.name}" if self.name else self.layout
