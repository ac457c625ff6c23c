"""The answer to a question about metrics."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct

from duoshou.metrics.definition import Unit
from duoshou.model import Grain, Period, Text

SCHEMA_VERSION = 1
CENT = Decimal("0.01")
Number = Decimal | int | float


class Flag(StrEnum):
    """What a reader must know about a value.

    `approximate`: people were added, or some are unknown. `provisional`: may still change. `small_sample`: too few for
    a judgement. `missing_days`: the source does not know every day. `not_additive`: unknown, because parts meet that
    must not be put together; a split or a filter tells. `definitions_differ`: unknown, because platforms count
    different things.
    """

    APPROXIMATE = "approximate"
    PROVISIONAL = "provisional"
    SMALL_SAMPLE = "small_sample"
    MISSING_DAYS = "missing_days"
    NOT_ADDITIVE = "not_additive"
    DEFINITIONS_DIFFER = "definitions_differ"


class MetricValue(Struct, frozen=True, gc=False):
    """One value with what it is held against.

    Attributes:
        value: Money as Decimal, counts as int, everything else as float; None when unknown.
        compare: The value of the compared period.
        change: Relative change; None when there is nothing, or 0, to compare with.
        change_pp: Difference in percentage points, for rates only.
        source: Table (and report level, window) that answered; None when none knows.
        flags: What to know about it.
        unit: What it counts in.
    """

    value: Number | None
    compare: Number | None
    change: float | None
    change_pp: float | None
    source: str | None
    flags: frozenset[Flag]
    unit: Unit

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape of one value."""
        shape: dict[str, Any] = {
            "value": written(self.value),
            "compare": written(self.compare),
            "change": self.change,
            "source": self.source,
            "flags": sorted(self.flags),
        }
        if self.unit is Unit.RATE:
            shape["change_pp"] = self.change_pp
        return shape


class QueryRow(Struct, frozen=True):
    """One group in one bucket; `dimensions` holds `period` first when there is a grain."""

    dimensions: dict[str, str | None]
    values: dict[str, MetricValue]


class QueryResult(Struct, frozen=True):
    """All rows, in the order of time, then of the first metric; `notes` say what a reader must know of the whole."""

    period: Period
    comparison: Period | None
    grain: Grain | None
    rows: tuple[QueryRow, ...]
    notes: tuple[Text, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of `query`: amounts as text with 2 digits, counts whole, rates as fractions."""
        return {
            "schema_version": SCHEMA_VERSION,
            "period": _period(self.period),
            "comparison": _compared(self.comparison) if self.comparison else None,
            "grain": self.grain.value if self.grain else None,
            "rows": [
                {"dimensions": row.dimensions, "values": {key: one.to_dict() for key, one in row.values.items()}}
                for row in self.rows
            ],
            "notes": [{"zh": note.zh, "en": note.en} for note in self.notes],
        }

    def table(self) -> tuple[list[str], list[list[Any]]]:
        """Return header and rows for CSV: dimensions, then each metric with its comparison, change, source, flags."""
        if not self.rows:
            return [], []
        first = self.rows[0]
        parts = ["", "_flags", "_source"]
        if self.comparison is not None:
            parts[1:1] = ["_compare", "_change"]
        header = [*first.dimensions, *(key + part for key in first.values for part in parts)]
        return header, [self._cells(row) for row in self.rows]

    def _cells(self, row: QueryRow) -> list[Any]:
        cells: list[Any] = list(row.dimensions.values())
        for one in row.values.values():
            compared = [] if self.comparison is None else [written(one.compare), one.change]
            cells += [written(one.value), *compared, " ".join(sorted(one.flags)), one.source]
        return cells


def written(value: Number | None) -> str | int | float | None:
    """Return a value as JSON and CSV carry it: money as text with two digits."""
    return str(value.quantize(CENT, ROUND_HALF_UP)) if isinstance(value, Decimal) else value


def _compared(period: Period) -> dict[str, Any]:
    """Return first and last day; where days in between are left out, `aligned` lists the runs that count."""
    runs = [[run.start.isoformat(), run.end.isoformat()] for run in period.runs]
    return {**_period(period), "aligned": runs} if len(runs) > 1 else _period(period)


def _period(period: Period) -> dict[str, str]:
    return {"from": period.start.isoformat(), "to": period.end.isoformat()}
