"""What a figure says to those who do not see it, and of each mark under the pointer."""

from __future__ import annotations

from datetime import date

from duoshou.reports.figures.amounts import Amounts
from duoshou.reports.figures.inputs import Event, Trend, at
from duoshou.reports.figures.lettering import clean
from duoshou.reports.figures.ticks import day_label, full_day
from duoshou.reports.figures.wording import joined, word


def trend_reading(series: Trend, place: int, amounts: Amounts) -> str:
    """Return one day in words: value, expectation with interval, comparison, what happened."""
    language = amounts.language
    day, value = series.days[place], at(series.actual, place)
    pieces = [amounts.full(value) if value is not None else word("no_data", language)]
    if day in series.provisional:
        pieces.append(word("provisional_long", language))
    expected = at(series.expected, place)
    if expected is not None:
        text = word("says", language, name=word("expected", language), value=amounts.full(expected))
        low, high = at(series.low, place), at(series.high, place)
        if low is not None and high is not None:
            text = f"{text} ({word('to', language, low=amounts.full(low), high=amounts.full(high))})"
        pieces.append(text)
    compared = at(series.comparison, place)
    if compared is not None:
        name = clean(series.comparison_label) or word("comparison", language)
        pieces.append(word("says", language, name=name, value=amounts.full(compared)))
    pieces += [clean(event.label) for event in series.events if _covers(event, day)]
    return f"{full_day(day, language)}{word('colon', language)}{joined(pieces, language)}"


def _covers(event: Event, day: date) -> bool:
    return event.day <= day <= (event.until or event.day)


def trend_summary(series: Trend, amounts: Amounts) -> str:
    """Return a series in one or two sentences: its days, its ends, its latest value."""
    language = amounts.language
    known = [(value, day) for place, day in enumerate(series.days) if (value := at(series.actual, place)) is not None]
    first, last = series.days[0], series.days[-1]
    pieces = [word("from_to", language, first=first.isoformat(), last=last.isoformat(), count=len(series.days))]
    if len(known) < len(series.days):
        pieces.append(word("unknown_days", language, count=len(series.days) - len(known)))
    ends = {"highest": max, "lowest": min}
    for name, chosen in ends.items():
        if known:
            value, day = chosen(known, key=lambda one: one[0])
            pieces.append(word(name, language, value=amounts.full(value), day=day_label(day, language)))
    if known:
        value, day = known[-1]
        pieces.append(word("latest", language, value=amounts.full(value), day=day_label(day, language)))
    return joined(pieces, language) + word("stop", language).rstrip()
