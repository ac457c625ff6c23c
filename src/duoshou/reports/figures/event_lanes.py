"""Where the labels of events stand above a trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from duoshou.reports.figures.canvas import SMALL
from duoshou.reports.figures.inputs import Trend
from duoshou.reports.figures.lettering import Flag, clean, fitted, lanes, room

LANE = 15
_MOST_LANES = 3
_MOST_WIDTH = 130.0
_LEAST_WIDTH = 44.0
_GAP = 4.0


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """An event within the days of a trend.

    Attributes:
        label: Its label, as long as there is room.
        left: Left end of the label, in pixels from the left end of the plot.
        first: First day within the trend.
        last: Last day within the trend of what lasted; None for what happened once.
        lane: Lane of the label, counted upward from 0; None where there is no room for one.
    """

    label: str
    left: float
    first: date
    last: date | None
    lane: int | None


def place_events(series: Trend, width: float, most: float) -> list[PlacedEvent]:
    """Return the events within the days of a trend, each with the lane of its label.

    Args:
        series: The trend.
        width: Width of the plot.
        most: Where labels must end.
    """
    first, last, step, span = series.days[0], series.days[-1], series.step, series.span
    within = [event for event in series.events if event.day <= last and (event.until or event.day) >= first]
    found: list[tuple[Flag, str, date, date | None]] = []
    for event in sorted(within, key=lambda one: (max(one.day, first), one.until or one.day)):
        begun = max(event.day, first)
        label = fitted(clean(event.label), SMALL, min(_MOST_WIDTH, width / 2))
        if event.until is None:
            line = (begun - first + step / 2) / span * width
            # At the right edge a label is cut, or stands at the left of its line if too little were left of it.
            beside = most - line - 2 * _GAP
            label = fitted(label, SMALL, beside) if beside >= _LEAST_WIDTH else label
            taken = room(label, SMALL) + _GAP
            left = line + _GAP if line + _GAP + taken <= most else line - taken
            found.append((Flag(left, left + taken, line), label, begun, None))
        else:
            taken = room(label, SMALL) + _GAP
            left = min((begun - first) / span * width + _GAP, most - taken)
            found.append((Flag(left, left + taken), label, begun, min(event.until, last)))
    places = lanes([flag for flag, *_ in found], _MOST_LANES)
    return [
        PlacedEvent(label, flag.left, begun, until, lane)
        for (flag, label, begun, until), lane in zip(found, places, strict=True)
    ]
