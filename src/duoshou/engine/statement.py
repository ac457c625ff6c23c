"""Expressions that are compiled once and run for many days.

Building and compiling an Ibis expression costs more time than DuckDB needs for a small answer. An expression whose only
moving parts are days is therefore compiled with day markers, and the days are put into the SQL text for each run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import DateScalar, Table

    from duoshou.engine.backend import Backend

FIRST_MARKER_YEAR = 1001


def day_marker(position: int) -> DateScalar:
    """Return a day that stands for the `position`-th parameter (from 0) of a prepared statement."""
    return ibis.date(FIRST_MARKER_YEAR + position, 1, 1)


def _literal(year: int, month: int, day: int) -> str:
    """Return a day as both engines write it."""
    return f"MAKE_DATE({year}, {month}, {day})"


@dataclass(frozen=True, slots=True)
class PreparedStatement:
    """A compiled expression with places for days.

    Attributes:
        text: SQL in the engine's dialect, with markers.
        schema: Column types of the answer.
    """

    text: str
    schema: pa.Schema

    @classmethod
    def of(cls, backend: Backend, expression: Table) -> PreparedStatement:
        """Return the statement of an expression that holds `day_marker`s."""
        return cls(backend.compile(expression), expression.schema().to_pyarrow())

    def sql(self, days: Sequence[date]) -> str:
        """Return the SQL with the days in their places."""
        text = self.text
        for position, day in enumerate(days):
            text = text.replace(_literal(FIRST_MARKER_YEAR + position, 1, 1), _literal(day.year, day.month, day.day))
        return text

    def run(self, backend: Backend, days: Sequence[date]) -> pa.Table:
        """Return the rows for the given days."""
        return backend.run(self.sql(days)).cast(self.schema)
