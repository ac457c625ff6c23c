"""Faults of the files themselves: a missing day, a cut export, doubled rows, amounts in fen that should be in yuan."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa

from duoshou.demo.exports.press import Frame
from duoshou.demo.simulation.world import Incident


def disturbed(
    frame: Frame, day: Any, family: str, incidents: Collection[Incident], amounts: Collection[str] = ()
) -> Frame:
    """Return the frame as a faulty export would hold it.

    Args:
        frame: The true columns.
        day: Index of the day of each row.
        family: The kind of file: `orders`, `items`, `sources` or `plans`.
        incidents: Incidents of the simulation; those that concern other files, or the shop itself, change nothing.
        amounts: Columns that hold money.
    """
    days = np.asarray(day)
    rows = np.arange(len(days))
    factor = np.ones(len(days), dtype=np.int64)
    for incident in incidents:
        if not incident.is_fault or incident.parameters.get("file") != family:
            continue
        hit = (days >= incident.start) & (days <= incident.end)
        if incident.kind == "missing_day":
            rows = rows[~hit[rows]]
        elif incident.kind == "truncated_export":
            rows = rows[~(hit & _beyond(days, hit, 1.0 - incident.size))[rows]]
        elif incident.kind == "doubled_file":
            rows = np.concatenate([rows, rows[hit[rows]]])
        elif incident.kind == "fen_yuan":
            factor[hit] = 100
    if len(rows) == len(days) and (factor == 1).all() and (rows == np.arange(len(days))).all():
        return frame
    changed = {name: values * factor if name in amounts else values for name, values in frame.items()}
    return {name: _taken(values, rows) for name, values in changed.items()}


def _beyond(days: Any, hit: Any, part: float) -> Any:
    """Return which rows of the days hit lie beyond the first `part` of their day."""
    found = np.zeros(len(days), dtype=bool)
    for one in np.unique(days[hit]):
        places = np.flatnonzero(days == one)
        found[places[int(len(places) * part) :]] = True
    return found


def _taken(values: Any, rows: Any) -> Any:
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values.take(pa.array(rows))
    return values[rows] if isinstance(values, np.ndarray) else [values[row] for row in rows]
