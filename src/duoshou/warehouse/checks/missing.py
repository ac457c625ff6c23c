"""Days without rows that the shop's own rate makes improbable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from duoshou.model import Confidence
from duoshou.statistics import benjamini_hochberg, probability_of_none
from duoshou.warehouse.checks.context import FAMILY_RATE, CheckContext
from duoshou.warehouse.checks.daily import ADS, ORDERS, DailySource, DayTotal
from duoshou.warehouse.checks.signals import Signal, runs
from duoshou.warehouse.checks.weekdays import weekday_model

COLUMNS = ("day", "file_before", "row_before", "file_after", "row_after", "usual_count", "chance")


def missing_days(context: CheckContext) -> list[Signal]:
    """Return the holes between the first and the last day of each source.

    A source that gives a row for every day has a hole where a row is missing. For the others a day without rows is
    a hole only if it is improbable under the negative binomial rate of the same weekday around it, so a shop that
    closes on Saturdays has none; the false discovery rate holds over all days of the source.
    """
    return [
        signal
        for shop in context.shops()
        for source in context.sources(shop)
        for signal in _holes(context, source, shop)
    ]


def _holes(context: CheckContext, source: DailySource, shop: str) -> list[Signal]:
    days = context.days(source)[shop]
    first, last = min(days), max(days)
    gaps = runs(day for day in _between(first, last) if day not in days)
    if source.every_day:
        return [_signal(context, source, shop, gap, {}, Confidence.CERTAIN) for gap in gaps]
    counts = {day: float(total.count) for day, total in days.items()}
    chances = [_chances(counts, gap) for gap in gaps]
    family = [math.prod(chance.values()) for chance in chances]
    dull = [1.0] * ((last - first).days + 1 - len(gaps))
    rejected = benjamini_hochberg(family + dull, FAMILY_RATE)
    signals = []
    paid = _paid_days(context, source, shop)
    for gap, chance, improbable in zip(gaps, chances, rejected, strict=False):
        confidence = _confidence(context, source, shop, gap)
        # Money that the platform counted on a day without a single payment here needs no statistics.
        proven = confidence is Confidence.CERTAIN and not paid.intersection(gap)
        if (improbable or proven) and confidence is not None:
            signals.append(_signal(context, source, shop, _core(gap, chance), chance, confidence))
    return signals


def _paid_days(context: CheckContext, source: DailySource, shop: str) -> set[date]:
    """Return the days on which an order was paid: one placed just before midnight is paid on a day of its own."""
    if source is not ORDERS:
        return set()
    return {day for (day,) in context.rows("SELECT DISTINCT paid_on FROM order_line WHERE shop = ?", [shop]) if day}


def _between(first: date, last: date) -> list[date]:
    return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]


def _chances(counts: Mapping[date, float], gap: tuple[date, ...]) -> dict[date, float]:
    """Return how probable it is that nothing happens, for each day of a gap; 1 where nobody can tell."""
    models = {day: weekday_model(counts, day, gap) for day in gap}
    return {day: 1.0 if model is None else probability_of_none(model) for day, model in models.items()}


def _core(gap: tuple[date, ...], chance: Mapping[date, float]) -> tuple[date, ...]:
    """Return the gap without the closed days at its ends."""
    open_days = [day for day in gap if chance[day] < 0.5] or list(gap)
    return tuple(day for day in gap if open_days[0] <= day <= open_days[-1])


def _confidence(context: CheckContext, source: DailySource, shop: str, gap: tuple[date, ...]) -> Confidence | None:
    """Return how sure the hole is; None when other sources say that nothing happened, or a campaign only paused."""
    others = [
        total
        for other in context.sources(shop)
        if other not in (source, ADS)
        for day in gap
        if (total := context.days(other)[shop].get(day)) is not None and total.amount is not None
    ]
    if source is not ADS and any((total.amount or 0) > 0 for total in others):
        return Confidence.CERTAIN
    if source is not ADS and len(others) >= len(gap):
        return None
    if source is ORDERS:
        # Shops close on holidays, between files as well as inside one; orders alone cannot tell.
        return Confidence.POSSIBLE
    inside = any(file.first < gap[0] and gap[-1] < file.last for file in context.files(source, shop))
    if inside:
        return None if source is ADS else Confidence.POSSIBLE
    return Confidence.LIKELY


def _signal(
    context: CheckContext,
    source: DailySource,
    shop: str,
    gap: tuple[date, ...],
    chance: Mapping[date, float],
    confidence: Confidence,
) -> Signal:
    days = context.days(source)[shop]
    before = days[max(day for day in days if day < gap[0])]
    after = days[min(day for day in days if day > gap[-1])]
    counts = {day: float(total.count) for day, total in days.items()}
    rows = tuple(_row(day, before, after, counts, chance.get(day), gap) for day in gap)
    return Signal("data.missing_day", shop, source.key, gap, confidence, {}, COLUMNS, rows)


def _row(
    day: date,
    before: DayTotal,
    after: DayTotal,
    counts: Mapping[date, float],
    chance: float | None,
    gap: tuple[date, ...],
) -> tuple[object, ...]:
    model = weekday_model(counts, day, gap)
    usual = None if model is None else round(model.mean, 1)
    return (day, before.file, before.row, after.file, after.row, usual, chance)
