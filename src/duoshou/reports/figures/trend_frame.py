"""What is known of a trend before anything is drawn: its range, its ticks, and where its pixels are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from duoshou.metrics import Unit
from duoshou.reports.figures.amounts import Amounts, Scale, signless
from duoshou.reports.figures.canvas import SMALL, TEXT, Margins
from duoshou.reports.figures.event_lanes import LANE, PlacedEvent, place_events
from duoshou.reports.figures.inputs import Trend, known
from duoshou.reports.figures.lettering import room
from duoshou.reports.figures.look import Look
from duoshou.reports.figures.ticks import round_ticks, tick_decimals
from duoshou.reports.figures.trend_key import ROW, TITLE_ROW, key_rows

_HEIGHTS = {True: 190, False: 240}


@dataclass(frozen=True, slots=True)
class Frame:
    """The measures of a trend.

    Attributes:
        series: What is drawn.
        look: How it looks.
        scale: What the axis is written in; `ticks` are in it.
        ticks: Numbers of the axis, ascending.
        decimals: Decimals of the axis.
        step: Time from one value to the next.
        span: Time that all values cover.
        margins: Room around the plot.
        width: Width of the plot in pixels.
        height: Height of the plot in pixels.
        events: Events with the places of their labels.
    """

    series: Trend
    look: Look
    scale: Scale
    ticks: tuple[float, ...]
    decimals: int
    step: timedelta
    span: timedelta
    margins: Margins
    width: float
    height: float
    events: tuple[PlacedEvent, ...]

    def x(self, day: date) -> float:
        """Return where a day is; half a step is left free at both ends."""
        first = self.series.days[0]
        return (day - first + self.step / 2) / self.span * self.width

    def y(self, value: float) -> float:
        """Return where a value is."""
        low, high = self.ticks[0], self.ticks[-1]
        return (high - value / self.scale.divisor) / (high - low) * self.height

    def half_step(self) -> float:
        """Return half the width of a day."""
        return self.width * (self.step / self.span) / 2

    def domain(self) -> list[int]:
        """Return the instants of the left and right edge, in milliseconds."""
        half = self.step / 2
        return [
            instant(self.series.days[0]) - milliseconds(half),
            instant(self.series.days[-1]) + milliseconds(half),
        ]


def all_values(series: Trend) -> list[float]:
    """Return everything known that the axis must hold."""
    return [
        value
        for name in (series.actual, series.expected, series.low, series.high, series.comparison)
        for value in known(name)
    ]


def frame_of(series: Trend, look: Look, amounts: Amounts) -> Frame:
    """Return the measures of a trend that has at least one value."""
    values = all_values(series)
    low, high = min(values), max(values)
    low, high = (min(low, 0.0) if low <= high / 2 else low), (max(high, 0.0) if high >= low / 2 else high)
    scale = amounts.scale(max(abs(low), abs(high)))
    whole = series.unit in {Unit.COUNT, Unit.PEOPLE} and scale.divisor == 1
    ticks = round_ticks(low / scale.divisor, high / scale.divisor, 3 if look.narrow else 4, whole=whole)
    decimals = tick_decimals(ticks)
    left = max(room(signless(tick, decimals), SMALL) for tick in ticks) + 8
    right = room(latest_label(series, scale, decimals), TEXT) + 12
    width = look.room - left - right
    placed = place_events(series, width, width + right)
    lanes = max((event.lane + 1 for event in placed if event.lane is not None), default=0)
    keys = key_rows(series, look)
    top = (TITLE_ROW if look.heading else 0 if keys else ROW) + keys * ROW + lanes * LANE + 12
    height = look.height or _HEIGHTS[look.narrow]
    margins = Margins(left, top, right, 24)
    return Frame(
        series, look, scale, tuple(ticks), decimals, series.step, series.span, margins, width, height, tuple(placed)
    )


def latest_label(series: Trend, scale: Scale, decimals: int) -> str:
    """Return the latest known value as it is written beside its point, one decimal finer than the axis."""
    values = known(series.actual)
    finer = 0 if scale.divisor == 1 and series.unit in {Unit.COUNT, Unit.PEOPLE} else 1
    return signless(values[-1] / scale.divisor, decimals + finer) if values else ""


def instant(day: date) -> int:
    """Return the beginning of a day in milliseconds, as the time scale counts."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000


def milliseconds(time: timedelta) -> int:
    """Return a length of time in milliseconds."""
    return round(time.total_seconds() * 1000)
