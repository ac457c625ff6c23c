"""Sources that end before the others, or before the day that is to be judged."""

from __future__ import annotations

import math
from datetime import date, timedelta

from duoshou.model import Confidence
from duoshou.statistics import probability_of_none
from duoshou.warehouse.checks.context import FAMILY_RATE, CheckContext
from duoshou.warehouse.checks.daily import ADS, DailySource
from duoshou.warehouse.checks.signals import Signal
from duoshou.warehouse.checks.weekdays import weekday_model

COLUMNS = ("day", "file", "row", "days_behind", "chance")

LONGEST_JUDGED = 28
"""Days of silence that are multiplied up, and the longest that a holiday may explain."""


def stale_sources(context: CheckContext) -> list[Signal]:
    """Return the sources that lack the latest days: those that others have, or all days up to the judged one.

    Days without orders at the end are told only if they are improbable at the shop's own weekday rate.
    """
    signals = []
    for shop in context.shops():
        sources = context.sources(shop)
        newest = max(max(context.days(source)[shop]) for source in sources)
        behind = [signal for source in sources if (signal := _behind(context, source, shop, newest)) is not None]
        latest = [source for source in sources if max(context.days(source)[shop]) == newest]
        everything = _behind(context, latest[0], shop, context.day)
        signals.extend(behind)
        if everything is not None:
            signals.append(everything)
    return signals


def _behind(context: CheckContext, source: DailySource, shop: str, until: date) -> Signal | None:
    days = context.days(source)[shop]
    last = max(days)
    lag = tuple(last + timedelta(days=step) for step in range(1, (until - last).days + 1))
    if not lag:
        return None
    chance = 0.0 if source.every_day else _chance_of_silence(context, source, shop, lag)
    if chance > FAMILY_RATE:
        return None
    confidence = _confidence(context, source, shop, lag)
    row = (last, days[last].file, days[last].row, len(lag), chance)
    return Signal("data.stale_source", shop, source.key, lag, confidence, {"last": last}, COLUMNS, (row,))


def _confidence(context: CheckContext, source: DailySource, shop: str, lag: tuple[date, ...]) -> Confidence:
    """Return how sure it is that days are lacking: shops close on holidays, and campaigns are paused."""
    if source.every_day:
        return Confidence.CERTAIN
    if source is ADS:
        return Confidence.POSSIBLE
    sold = any(
        total.amount
        for other in context.sources(shop)
        if other not in (source, ADS)
        for day in lag
        if (total := context.days(other)[shop].get(day)) is not None
    )
    return Confidence.LIKELY if sold or len(lag) > LONGEST_JUDGED else Confidence.POSSIBLE


def _chance_of_silence(context: CheckContext, source: DailySource, shop: str, lag: tuple[date, ...]) -> float:
    counts = {day: float(total.count) for day, total in context.days(source)[shop].items()}
    models = [weekday_model(counts, day) for day in lag[:LONGEST_JUDGED]]
    return math.prod(1.0 if model is None else probability_of_none(model) for model in models)
