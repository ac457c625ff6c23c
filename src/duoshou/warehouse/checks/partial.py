"""Days that are not over, and files that end in the middle of a day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from duoshou.model import Confidence
from duoshou.statistics import benjamini_hochberg, exceedance, probability_of_none
from duoshou.warehouse.checks.context import FAMILY_RATE, CheckContext
from duoshou.warehouse.checks.daily import ORDERS, SOURCES, FileSpan
from duoshou.warehouse.checks.signals import Signal
from duoshou.warehouse.checks.weekdays import weekday_model

COLUMNS = ("day", "file", "row", "exported_at", "count", "usual_count", "chance")

ENOUGH_ORDERS = 200
"""Fewer orders of a weekday than this do not show its hours."""

_MINUTE = "date_diff('minute', created_on::TIMESTAMP, created_at)"


def partial_days(context: CheckContext) -> list[Signal]:
    """Return the days of the platform's own figures that were exported before the day was over."""
    signals = []
    for source in SOURCES:
        if source is ORDERS:
            continue
        for shop, days in context.days(source).items():
            for day, total in days.items():
                if total.exported_at is None or not _in_the_middle(context.local(total.exported_at), day):
                    continue
                exported = context.local(total.exported_at).replace(tzinfo=None)
                row = (day, total.file, total.row, exported, total.count, None, None)
                signals.append(
                    Signal("data.partial_day", shop, source.key, (day,), Confidence.CERTAIN, {}, COLUMNS, (row,))
                )
    return signals


def _in_the_middle(exported: datetime, day: date) -> bool:
    """Return whether an export of that local time saw only a part of `day`.

    Exactly midnight is what a file with days only, and no time of export, looks like; it tells nothing.
    """
    return exported.date() == day and (exported.hour, exported.minute, exported.second) != (0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Edge:
    """The first or last day of an order file, and the orders that it should still have brought."""

    file: FileSpan
    day: date
    is_end: bool
    chance: float
    count: float
    usual: float
    row: int


def truncated_files(context: CheckContext) -> list[Signal]:
    """Return the order files that begin or end in the middle of a day, judged by the shop's own hours.

    With Λ orders expected beyond the last one (weekday rate × the share of the weekday's orders later in the day), the
    chance of none is that of a negative binomial count. How regular the shop's hours are is the shop's own: the
    chance is held against the tail of the same chances on all its other days, and the larger of both counts.
    """
    if not context.has(ORDERS.table):
        return []
    edges = [(shop, edge) for shop in context.days(ORDERS) for edge in _edges(context, shop)]
    rejected = benjamini_hochberg([edge.chance for _, edge in edges], FAMILY_RATE)
    return [_signal(context, shop, edge) for (shop, edge), cut in zip(edges, rejected, strict=True) if cut]


def _edges(context: CheckContext, shop: str) -> list[_Edge]:
    totals = context.days(ORDERS)[shop]
    counts = {day: float(total.count) for day, total in totals.items()}
    files = context.files(ORDERS, shop)
    bounds = {file.first for file in files} | {file.last for file in files}
    hours = _Hours(context, shop, counts)
    edges = []
    for is_end in (False, True):
        usual = [silence for day in counts if day not in bounds and (silence := hours.silence(day, is_end)) is not None]
        for file in files:
            day = file.last if is_end else file.first
            silence = hours.silence(day, is_end) if day <= context.day else None
            model = weekday_model(counts, day) if silence is not None else None
            if silence is not None and model is not None:
                chance = max(math.exp(-silence), exceedance(silence, usual) or 0.0)
                edges.append(_Edge(file, day, is_end, chance, counts[day], model.mean, totals[day].row))
    return edges


class _Hours:
    """When in the day a shop's orders come, for each weekday by itself where it has enough of them.

    Minutes are counted from midnight UTC of the shop's own date: the offset of the time zone is the same for all.
    """

    def __init__(self, context: CheckContext, shop: str, counts: Mapping[date, float]) -> None:
        self.counts = counts
        clause = "FROM order_line WHERE shop = ? AND created_at IS NOT NULL AND created_on <= ?"
        parameters: list[Any] = [shop, context.day]
        columns = f"isodow(created_on), {_MINUTE}, count(DISTINCT order_id)"
        edges = f"SELECT created_on, min({_MINUTE}), max({_MINUTE}) {clause} GROUP BY 1"
        self.times = {day: (int(first), int(last)) for day, first, last in context.rows(edges, parameters)}
        self.by_weekday: dict[int, dict[int, int]] = {}
        for weekday, minute, count in context.rows(f"SELECT {columns} {clause} GROUP BY 1, 2", parameters):
            self.by_weekday.setdefault(int(weekday), {})[int(minute)] = int(count)

    def silence(self, day: date, later: bool) -> float | None:
        """Return −ln of the chance of no order after the day's last (before its first) one; None if nobody can tell."""
        model = weekday_model(self.counts, day) if day in self.times else None
        if model is None:
            return None
        first, last = self.times[day]
        share = self.share_beyond(day, last if later else first, later)
        return -math.log(max(probability_of_none(model, share), 1e-300))

    def share_beyond(self, day: date, minute: int, later: bool) -> float:
        """Return the share of the orders of such a day that come after (or before) the minute."""
        own = self.by_weekday.get(day.isoweekday(), {})
        kinds = [own] if sum(own.values()) >= ENOUGH_ORDERS else list(self.by_weekday.values())
        counts = [(other, count) for kind in kinds for other, count in kind.items()]
        beyond = sum(count for other, count in counts if (other > minute if later else other < minute))
        return beyond / max(1, sum(count for _, count in counts))


def _signal(context: CheckContext, shop: str, edge: _Edge) -> Signal:
    newest = edge.is_end and edge.day == max(context.days(ORDERS)[shop])
    exported = None if edge.file.exported_at is None else context.local(edge.file.exported_at).replace(tzinfo=None)
    stopped = newest and exported is not None and exported.date() == edge.day
    kind = "data.partial_day" if stopped else "data.truncated_file"
    confidence = Confidence.LIKELY if newest else Confidence.POSSIBLE
    row = (edge.day, edge.file.file, edge.row, exported, int(edge.count), round(edge.usual, 1), edge.chance)
    mark = "" if stopped else edge.file.content_hash
    facts = {"file": edge.file.file}
    return Signal(kind, shop, ORDERS.key, (edge.day,), confidence, facts, COLUMNS, (row,), mark)
