"""What a check reports, before it becomes a finding: one fault on some days of one source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from duoshou.model import Confidence

MOST_FINDINGS = 5
"""More faults than this of one kind in one source are told as one finding with a list."""

MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Signal:
    """One fault.

    Attributes:
        kind: Kind of the finding it becomes, such as `data.missing_day`.
        shop: Shop key.
        source: Key of the source that is at fault.
        days: Days concerned, in order.
        confidence: How sure it is.
        facts: Words and numbers for the headline, by the names that the wording uses.
        columns: Headers of the evidence: machine names, which reports translate.
        rows: Evidence: at least the file and the row to look at, where there is one.
        mark: What tells two faults of one kind on the same days apart (a file, a second source).
    """

    kind: str
    shop: str
    source: str
    days: tuple[date, ...]
    confidence: Confidence
    facts: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    mark: str = ""


def runs(days: Iterable[date]) -> list[tuple[date, ...]]:
    """Return the runs of consecutive days."""
    found: list[list[date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][-1] == timedelta(days=1):
            found[-1].append(day)
        else:
            found.append([day])
    return [tuple(run) for run in found]


def joined(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals with neighbours made one: same kind, source and mark on adjoining days.

    A source with more than `MOST_FINDINGS` faults of one kind gets one signal that lists them all.
    """
    groups: dict[tuple[str, str, str, str, Confidence], list[Signal]] = {}
    for signal in sorted(signals, key=lambda each: (each.kind, each.shop, each.source, each.mark, each.days)):
        group = groups.setdefault((signal.kind, signal.shop, signal.source, signal.mark, signal.confidence), [])
        if group and signal.days[0] - group[-1].days[-1] <= timedelta(days=1):
            group[-1] = _merged([group[-1], signal])
        else:
            group.append(signal)
    return [
        signal for group in groups.values() for signal in ([_merged(group)] if len(group) > MOST_FINDINGS else group)
    ]


def _merged(signals: list[Signal]) -> Signal:
    days = tuple(sorted({day for signal in signals for day in signal.days}))
    rows = tuple(row for signal in signals for row in signal.rows)
    return replace(signals[0], days=days, rows=rows[:MOST_ROWS])
