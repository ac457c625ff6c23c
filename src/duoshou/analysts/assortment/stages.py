"""The life of a product: launch, growth, mature, decline, dead, with the week in which it turned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.assortment.question import Range
from duoshou.statistics.lifecycle import Phases, common_index, latest_phases

Floats = NDArray[np.float64]
LAUNCH_WEEKS = 8
"""Age up to which a product is a launch where the shop's own launches do not tell how long they take."""
LEAST_LAUNCHES = 5
GROWN = 0.8
"""Part of its peak from which on a product has arrived."""
STEEP = 0.01
"""Weekly change from which on a slope is one to speak of: 1 % a week is two thirds more, or 40 % less, in a year."""
FLAT = 0.03
"""Weekly change that a mature product surely does not exceed; where even that is open, nothing can be said."""
FADED = 0.5
"""Part of its peak below which a steady product has passed its best."""
DEAD = 0.05
"""Part of its peak below which a product is dead."""
SILENT_WEEKS = 8
CATEGORY_PEERS = 8
"""Products of a category from which on its season is taken off instead of the shop's."""
RECENT = 4
SHORTEST_PHASE = 6
"""Weeks that a phase lasts at least: a great sale with its quiet weeks is over by then."""


class Stage(StrEnum):
    """Where a product is in its life."""

    LAUNCH = "launch"
    GROWTH = "growth"
    MATURE = "mature"
    DECLINE = "decline"
    DEAD = "dead"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Life:
    """The life of a product.

    Attributes:
        stage: Where it is.
        since: First day of its present phase; None where that cannot be told.
        since_low: Earliest day on which the phase may have begun, 95 %.
        since_high: Latest day.
        born: First day of the week of its first sale, None where it sold from the beginning of the data on.
        slope: Weekly change of its sales beyond what moves the whole shop or category; None where unknown.
        slope_low: Lower end of its 95 % interval.
        slope_high: Upper end.
        of_peak: Present level as a part of the best four weeks.
    """

    stage: Stage
    since: date | None
    since_low: date | None
    since_high: date | None
    born: date | None
    slope: float | None
    slope_low: float | None
    slope_high: float | None
    of_peak: float | None


def lives(found: Range) -> tuple[Life, ...]:
    """Return the life of each product, season and growth of the shop (of its category, where it is large) taken off."""
    index = _indices(found)
    phases = latest_phases(found.units, index, shortest=SHORTEST_PHASE)
    grown_up = launch_weeks(found, phases, index)
    return tuple(_life(found, phases, index, row, grown_up) for row in range(len(found.products)))


def launch_weeks(found: Range, phases: Phases, index: Floats) -> int:
    """Return for how long a product is a launch: the median time in which the shop's own reached 80 % of their peak."""
    adjusted = found.units / index
    times = []
    for row in np.flatnonzero((phases.first > 0) & (found.weeks - phases.first >= 2 * LAUNCH_WEEKS)):
        own = adjusted[row, phases.first[row] :]
        running = np.convolve(own, np.ones(RECENT) / RECENT, mode="valid")
        if running.max() > 0:
            times.append(int(np.argmax(running >= GROWN * running.max())) + RECENT)
    return round(float(np.median(times))) if len(times) >= LEAST_LAUNCHES else LAUNCH_WEEKS


def has_index(index: Floats) -> bool:
    """Return whether what moves all was taken off; where too few products sell, a season looks like a life."""
    return bool((index != 1).any())


def lacks_index(found: Range) -> bool:
    """Return whether too few products sell to tell the season of the shop from the life of a product."""
    return not has_index(common_index(found.units))


def _indices(found: Range) -> Floats:
    shop = common_index(found.units)
    index = np.tile(shop, (len(found.products), 1))
    for category in {one for one in found.categories if one is not None}:
        rows = np.array([one == category for one in found.categories])
        if rows.sum() >= CATEGORY_PEERS:
            own = common_index(found.units[rows])
            index[rows] = own if (own != 1).any() else shop
    return index


def _life(found: Range, phases: Phases, index: Floats, row: int, grown_up: int) -> Life:
    weeks, first = found.weeks, int(phases.first[row])
    if first >= weeks:
        return Life(Stage.CANNOT_TELL, None, None, None, None, None, None, None, None)
    start, slope = int(phases.start[row]), float(phases.slope[row])
    known = bool(np.isfinite(slope))
    low, high = float(phases.slope_low[row]), float(phases.slope_high[row])
    peak = float(phases.peak[row])
    recent = float(found.units[row, -RECENT:].sum())
    exposure = float(index[row, -RECENT:].sum())
    of_peak = recent / exposure / peak if peak > 0 and exposure > 0 else None
    stage = _stage(found.units[row], index[row], peak, weeks - first, grown_up, (known, slope, low, high), of_peak)
    if stage in (Stage.GROWTH, Stage.DECLINE) and not has_index(index[row]):
        stage = Stage.LAUNCH if weeks - first <= grown_up else Stage.CANNOT_TELL
    turned = start > first or first > 0
    since, earliest, latest = (
        found.day_of(int(one[row])) if turned else None for one in (phases.start, phases.start_low, phases.start_high)
    )
    return Life(
        stage,
        since,
        earliest,
        latest,
        found.day_of(first) if first > 0 else None,
        slope if known else None,
        low if known else None,
        high if known else None,
        of_peak,
    )


def _stage(
    units: Floats,
    index: Floats,
    peak: float,
    age: int,
    grown_up: int,
    line: tuple[bool, float, float, float],
    of_peak: float | None,
) -> Stage:
    known, slope, low, high = line
    if _is_dead(units, index, peak, age):
        return Stage.DEAD
    rises = known and low > 0 and slope >= STEEP
    if age <= grown_up:
        return Stage.GROWTH if rises else Stage.LAUNCH
    if rises:
        return Stage.GROWTH
    if known and high < 0 and slope <= -STEEP:
        return Stage.DECLINE
    if not known or max(high, -low) > FLAT:
        return Stage.CANNOT_TELL
    return Stage.DECLINE if of_peak is not None and of_peak < FADED else Stage.MATURE


def _is_dead(units: Floats, index: Floats, peak: float, age: int) -> bool:
    """Return whether the sales of the last eight weeks are surely below 5 % of the peak (Garwood's exact limit)."""
    if age < SILENT_WEEKS or peak <= 0:
        return False
    sold, exposure = float(units[-SILENT_WEEKS:].sum()), float(index[-SILENT_WEEKS:].sum())
    return bool(stats.chi2.ppf(0.95, 2 * (sold + 1)) / 2 / exposure < DEAD * peak) or (
        sold == 0 and float(units.sum()) > 0 and peak * exposure > -np.log(DEAD)
    )
