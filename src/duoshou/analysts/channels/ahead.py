"""Phases of festivals, with what was spent and sold on the days of last year that they are held against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from duoshou.analysts.channels.past import Daily
from duoshou.analysts.channels.question import ChannelQuestion
from duoshou.model import Period, Text
from duoshou.settings.calendar import PHASE_NAMES, Phase
from duoshou.statistics.response.shapes import Floats

DAYS = 60
MOST_BEFORE, LEAST_BEFORE = 28, 14
"""Ordinary days before a phase that it is held against."""


@dataclass(frozen=True, slots=True)
class PhaseAhead:
    """A phase of a festival.

    Attributes:
        period: Its days.
        festival: Its name.
        phase: Name of the phase.
        estimated: Whether its days are the usual ones, not announced.
        spend_times: Spend of a day in last year's phase against the ordinary days before it; None where unknown.
        sales_times: Sales of a day likewise.
    """

    period: Period
    festival: Text
    phase: Text
    estimated: bool
    spend_times: float | None
    sales_times: float | None


def phases_ahead(question: ChannelQuestion, known: Daily | None) -> tuple[PhaseAhead, ...]:
    """Return the phases of the next sixty days."""
    first = question.as_of + timedelta(days=1)
    return phases_of(question, known, Period(first, first + timedelta(days=DAYS - 1)))


def phases_of(question: ChannelQuestion, known: Daily | None, period: Period) -> tuple[PhaseAhead, ...]:
    """Return the phases of some days."""
    if question.calendar is None:
        return ()
    runs: list[tuple[tuple[str, Phase], date, date, Text, bool]] = []
    for info in question.calendar.days(period.start, period.end):
        if not info.festivals:
            continue
        one = info.festivals[0]
        label = one.key, one.phase
        if runs and runs[-1][0] == label and runs[-1][2] == info.day - timedelta(days=1):
            runs[-1] = (label, runs[-1][1], info.day, one.name, one.estimated)
        else:
            runs.append((label, info.day, info.day, one.name, one.estimated))
    return tuple(_phase(question, known, *one) for one in runs)


def _phase(
    question: ChannelQuestion,
    known: Daily | None,
    label: tuple[str, Phase],
    first: date,
    last: date,
    name: Text,
    estimated: bool,
) -> PhaseAhead:
    period = Period(first, last)
    spend, sales = (None, None) if known is None else _times(question, known, period)
    return PhaseAhead(period, name, PHASE_NAMES[label[1]], estimated, spend, sales)


def _times(question: ChannelQuestion, known: Daily, period: Period) -> tuple[float | None, float | None]:
    """Return spend and sales of last year's days against ordinary ones before; None where they are not all known.

    A long festival's later phases follow on its earlier ones: the days before them are no ordinary ones.
    """
    assert question.calendar is not None
    places = [(one - known.period.start).days for one in question.calendar.align(period).others]
    if not places or min(places) < LEAST_BEFORE or max(places) >= len(known.sales):
        return None, None
    past = question.calendar.days(known.period.start, known.period.start + timedelta(days=min(places) - 1))
    before = [number for number, info in enumerate(past) if not info.festivals][-MOST_BEFORE:]
    if len(before) < LEAST_BEFORE:
        return None, None
    cost = known.cost.sum(axis=1)
    return _ratio(cost[places], cost[before]), _ratio(known.sales[places], known.sales[before])


def _ratio(there: Floats, before: Floats) -> float | None:
    usual = float(np.nanmean(before)) if not np.isnan(before).all() else 0.0
    return float(np.nanmean(there)) / usual if usual > 0 and not np.isnan(there).all() else None
