"""The synthetic shop: `synthetic.sql` and `synthetic_reports.sql` over empty canonical tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
from tests.metrics.canonical import create_tables

from duoshou.model import Period

WHOLE = Period(date(2026, 6, 1), date(2026, 9, 30))


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the canonical tables and fill them."""
    create_tables(connection)
    for script in ("synthetic.sql", "synthetic_reports.sql"):
        connection.execute(Path(__file__).with_name(script).read_text(encoding="utf-8"))
