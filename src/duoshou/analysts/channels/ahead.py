"""Festivals ahead, with what was spent and sold on the days of last year that they are held against."""

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
BEFORE = 28


@dataclass(frozen=True, slots=True)
class PhaseAhead:
    """A phase of a festival.

    Attributes:
        period: Its days.
        festival: Its name.
        phase: Name of the phase.
        estimated: Whether its days are the usual ones, not announced.
        spend_times: Spend of a day in last year's phase against the four weeks before it; None where unknown.
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
    if question.calendar is None:
        return ()
    first = question.as_of + timedelta(days=1)
    runs: list[tuple[tuple[str, Phase], date, date, Text, bool]] = []
    for info in question.calendar.days(first, first + timedelta(days=DAYS - 1)):
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
    """Return spend and sales of last year's days against the weeks before; None where they are not all known."""
    assert question.calendar is not None
    days = question.calendar.align(period).others
    places = [(one - known.period.start).days for one in days]
    if not places or min(places) < BEFORE or max(places) >= len(known.sales):
        return None, None
    before = slice(min(places) - BEFORE, min(places))
    cost = known.cost.sum(axis=1)
    return _ratio(cost[places], cost[before]), _ratio(known.sales[places], known.sales[before])


def _ratio(there: Floats, before: Floats) -> float | None:
    usual = float(np.nanmean(before)) if not np.isnan(before).all() else 0.0
    return float(np.nanmean(there)) / usual if usual > 0 and not np.isnan(there).all() else None
