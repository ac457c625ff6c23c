"""What every check is given: the snapshot, the settings, the day, and the daily totals of each source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from duoshou.settings import Settings
from duoshou.warehouse.checks.daily import SOURCES, DailySource, DayTotal, FileSpan, read_days, read_files

TOTAL_RATE = 0.05
"""Chance that a faultless shop gets even one statistical data finding over its whole history (before `possible`)."""

FAMILIES = 8
"""Families of statistical tests that share `TOTAL_RATE` equally (Bonferroni over families, FDR within one)."""

FAMILY_RATE = TOTAL_RATE / FAMILIES


@dataclass
class CheckContext:
    """One run of the checks.

    Attributes:
        connection: Read-only connection to a snapshot.
        settings: Settings of the workspace.
        day: Last day that is judged; later rows are left out.
    """

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    day: date
    _days: dict[str, dict[str, dict[date, DayTotal]]] = field(default_factory=dict)
    _files: dict[str, dict[str, list[FileSpan]]] = field(default_factory=dict)
    _rows: dict[str, int] | None = None
    _tables: frozenset[str] | None = None

    def rows(self, sql: str, parameters: list[Any] | dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a statement that yields a small summary."""
        return self.connection.execute(sql, parameters or []).fetchall()

    def has(self, table: str) -> bool:
        """Return whether the snapshot holds `table`."""
        if self._tables is None:
            names = self.rows("SELECT table_name FROM information_schema.tables")
            self._tables = frozenset(name for (name,) in names)
        return table in self._tables

    def days(self, source: DailySource) -> dict[str, dict[date, DayTotal]]:
        """Return shop → day → totals of a source, up to the judged day."""
        if source.key not in self._days:
            self._days[source.key] = read_days(self.rows, source, self.day) if self.has(source.table) else {}
        return self._days[source.key]

    def files(self, source: DailySource, shop: str) -> list[FileSpan]:
        """Return the files behind a source and the days each one spans, oldest first."""
        if source.key not in self._files:
            self._files[source.key] = read_files(self.rows, source) if self.has(source.table) else {}
        return self._files[source.key].get(shop, [])

    def file_rows(self) -> dict[str, int]:
        """Return content hash → data rows, from the ledger of imported files; empty without a ledger."""
        if self._rows is None:
            known = self.has("import_file") and {"source_hash", "rows_read"} <= self._columns("import_file")
            sql = "SELECT source_hash, max(rows_read) FROM import_file GROUP BY 1"
            self._rows = {str(key): int(rows) for key, rows in self.rows(sql) if rows is not None} if known else {}
        return self._rows

    def _columns(self, table: str) -> set[str]:
        sql = "SELECT column_name FROM information_schema.columns WHERE table_name = ?"
        return {str(name) for (name,) in self.rows(sql, [table])}

    def sources(self, shop: str) -> list[DailySource]:
        """Return the sources that hold days of `shop`."""
        return [source for source in SOURCES if self.days(source).get(shop)]

    def shops(self) -> list[str]:
        """Return the shops that have any daily data, sorted."""
        return sorted({shop for source in SOURCES for shop in self.days(source)})

    def platform(self, shop: str) -> str:
        """Return the platform of a shop's rows, an empty text if no row tells."""
        named = (total.platform for source in self.sources(shop) for total in self.days(source)[shop].values())
        return next((name for name in named if name), "")

    def local(self, instant: datetime) -> datetime:
        """Return a naive UTC instant in the shop's time zone."""
        return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(self.settings.timezone))
