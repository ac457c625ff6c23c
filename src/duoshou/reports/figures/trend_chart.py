"""A metric over days: what was, what was expected, what it is compared with, and what happened."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from duoshou.reports.figures.amounts import Amounts, signless
from duoshou.reports.figures.blank import blank
from duoshou.reports.figures.canvas import SMALL, TEXT, Canvas, Spec, box
from duoshou.reports.figures.event_lanes import LANE
from duoshou.reports.figures.inputs import Trend, Values, at
from duoshou.reports.figures.lettering import clean, room
from duoshou.reports.figures.look import Look
from duoshou.reports.figures.reading import trend_reading, trend_summary
from duoshou.reports.figures.ticks import day_ticks, tick_label
from duoshou.reports.figures.trend_frame import Frame, all_values, frame_of, instant, latest_label, milliseconds
from duoshou.reports.figures.trend_key import GLYPH, draw_heading
from duoshou.reports.figures.wording import word

_ROOM_OF_DAY = {True: 58, False: 76}
_MANY_DAYS = 200


def trend(series: Trend, look: Look) -> Spec:
    """Return the figure of a metric over days, as a Vega-Lite spec.

    Unknown days are gaps; provisional days are hollow; the interval is a band around the expected line; what lasted is
    a shade and what happened once a rule, both with their labels above the plot. The axis starts at zero unless that
    would leave less than half of the plot to the data.
    """
    amounts = Amounts(series.unit, look.language, look.currency)
    title = clean(series.title)
    if not series.days or not all_values(series):
        return blank(look, title, word("nothing_known", look.language))
    frame = frame_of(series, look, amounts)
    canvas = Canvas(look, frame.width, frame.height, frame.margins)
    _events(canvas, frame)
    _axes(canvas, frame)
    _data(canvas, frame)
    _latest(canvas, frame)
    draw_heading(canvas, series, title, frame.scale.label)
    strips = [
        {"at": round(frame.x(day), 2), "says": trend_reading(series, place, amounts)}
        for place, day in enumerate(series.days)
    ]
    canvas.readable(strips, thickness=max(1.0, 2 * frame.half_step()))
    return canvas.spec(title, trend_summary(series, amounts))


def _events(canvas: Canvas, frame: Frame) -> None:
    """Shade what lasted, rule what happened once, and write their labels above the plot."""
    palette = frame.look.palette
    shades, rules = [], []
    for event in frame.events:
        top = -8 - (event.lane if event.lane is not None else -0.6) * LANE
        if event.last is not None:
            left = frame.x(event.first) - frame.half_step()
            # A pixel parts it from what follows at once.
            right = max(left + 1.5, frame.x(event.last) + frame.half_step() - 1)
            shades.append(box(left, top - 8 if event.lane is not None else 0, right, frame.height, palette.shade))
        else:
            x = round(frame.x(event.first), 1)
            bottom = {"y": frame.height, "y2": round(top - 6, 1)}
            rules.append({"x": x, "x2": x, "colour": palette.muted} | bottom)
        if event.lane is not None:
            canvas.text(event.left, top, event.label, colour=palette.muted)
    canvas.boxes(shades)
    canvas.rules(rules, width=0.8, dash=(2, 2))


def _axes(canvas: Canvas, frame: Frame) -> None:
    palette, series = frame.look.palette, frame.series
    lines: list[dict[str, Any]] = []
    for tick in frame.ticks:
        y = round(frame.y(tick * frame.scale.divisor), 1)
        colour = palette.axis if tick == 0 else palette.grid
        lines.append({"x": 0, "x2": frame.width, "y": y, "y2": y, "colour": colour})
        canvas.text(-8, y, signless(tick, frame.decimals), colour=palette.muted, align="right")
    most = max(2, int(frame.width / _ROOM_OF_DAY[frame.look.narrow]))
    before: date | None = None
    marks: list[dict[str, Any]] = []
    end = -frame.margins.left
    for day in day_ticks(series.days, most):
        label = tick_label(day, before, frame.look.language)
        half = room(label, SMALL) / 2
        middle = min(max(frame.x(day), half - frame.margins.left), frame.width + frame.margins.right - half)
        if middle - half < end:
            continue
        canvas.text(middle, frame.height + 15, label, colour=palette.muted, align="center")
        x = round(frame.x(day), 1)
        marks.append({"x": x, "x2": x, "y": frame.height, "y2": frame.height + 4, "colour": palette.axis})
        before, end = day, middle + half + 8
    canvas.rules(lines)
    canvas.rules(marks)


def _runs(frame: Frame, values: Values) -> list[dict[str, Any]]:
    """Return a row per known value, with the number of its run: unknown values and missing days end one."""
    rows: list[dict[str, Any]] = []
    run, before = 0, None
    for place, day in enumerate(frame.series.days):
        value = at(values, place)
        if value is None:
            before = None
            continue
        if before is None or day - before > 1.5 * frame.step:
            run += 1
        rows.append({"day": day.isoformat(), "value": value / frame.scale.divisor, "run": run})
        before = day
    return rows


def _data(canvas: Canvas, frame: Frame) -> None:
    palette, series = frame.look.palette, frame.series
    _band(canvas, frame)
    compared, expected = _runs(frame, series.comparison), _runs(frame, series.expected)
    _line(canvas, frame, compared, palette.comparison, width=1.1)
    _line(canvas, frame, expected, palette.expected, width=1.3, dash=(4, 3))
    _stubs(canvas, frame, compared, palette.comparison)
    _stubs(canvas, frame, expected, palette.expected)
    rows = _runs(frame, series.actual)
    _line(canvas, frame, rows, palette.accent, width=1.9 if len(series.days) <= _MANY_DAYS else 1.3)
    single = [row["day"] for row in _alone(rows)]
    provisional = {day.isoformat() for day in series.provisional}
    marked = [row for row in rows if row["day"] in provisional or row["day"] in single or row is rows[-1]]
    canvas.dots([_point(frame, row) for row in marked if row["day"] not in provisional])
    canvas.dots([_point(frame, row) for row in marked if row["day"] in provisional], hollow=True)


def _point(frame: Frame, row: dict[str, Any]) -> dict[str, Any]:
    x, y = frame.x(date.fromisoformat(row["day"])), frame.y(row["value"] * frame.scale.divisor)
    return {"x": round(x, 1), "y": round(y, 1), "colour": frame.look.palette.accent}


def _places(frame: Frame) -> dict[str, Any]:
    import altair as alt

    x = alt.X("day:T", scale=alt.Scale(type="utc", domain=frame.domain(), nice=False), axis=None)
    y = alt.Y("value:Q", scale=alt.Scale(domain=[frame.ticks[0], frame.ticks[-1]], nice=False, zero=False), axis=None)
    return {"x": x, "y": y}


def _line(
    canvas: Canvas, frame: Frame, rows: list[dict[str, Any]], colour: str, *, width: float, dash: tuple[int, ...] = ()
) -> None:
    import altair as alt

    if rows:
        mark: dict[str, Any] = {"stroke": colour, "strokeWidth": width, "strokeJoin": "round", "aria": False}
        mark |= {"strokeDash": list(dash)} if dash else {}
        canvas.add(canvas.rows(rows).mark_line(**mark).encode(**_places(frame), detail=alt.Detail("run:N")))


def _stubs(canvas: Canvas, frame: Frame, rows: list[dict[str, Any]], colour: str) -> None:
    """Draw values that stand alone, of which no line is made, as short strokes."""
    strokes = []
    for row in _alone(rows):
        x, y = frame.x(date.fromisoformat(row["day"])), round(frame.y(row["value"] * frame.scale.divisor), 1)
        half = min(GLYPH / 2, frame.half_step())
        strokes.append({"x": round(x - half, 1), "x2": round(x + half, 1), "y": y, "y2": y, "colour": colour})
    canvas.rules(strokes, width=1.3)


def _alone(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that are the only ones of their run."""
    counts = Counter(row["run"] for row in rows)
    return [row for row in rows if counts[row["run"]] == 1]


def _band(canvas: Canvas, frame: Frame) -> None:
    import altair as alt

    series = frame.series
    both = tuple(
        None if at(series.low, place) is None or at(series.high, place) is None else 0.0
        for place in range(len(series.days))
    )
    rows = _runs(frame, both if series.low else ())
    number = {day.isoformat(): place for place, day in enumerate(series.days)}
    half = milliseconds(frame.step / 2)
    for row in rows:
        place = number[row["day"]]
        row["value"] = (at(series.low, place) or 0.0) / frame.scale.divisor
        row["high"] = (at(series.high, place) or 0.0) / frame.scale.divisor
    if not rows:
        return
    for row in _alone(rows):
        # An area over one day has no width: it is drawn from its morning to its evening.
        middle = instant(date.fromisoformat(row["day"]))
        rows += [row | {"day": middle - half}, row | {"day": middle + half}]
    mark = canvas.rows(rows).mark_area(fill=frame.look.palette.band, fillOpacity=1, aria=False)
    canvas.add(mark.encode(**_places(frame), y2=alt.Y2("high"), detail=alt.Detail("run:N")))


def _latest(canvas: Canvas, frame: Frame) -> None:
    places = [place for place in range(len(frame.series.days)) if at(frame.series.actual, place) is not None]
    if places:
        x = frame.x(frame.series.days[places[-1]])
        value = at(frame.series.actual, places[-1]) or 0.0
        label = latest_label(frame.series, frame.scale, frame.decimals)
        canvas.text(x + 8, frame.y(value), label, colour=frame.look.palette.accent, size=TEXT, weight=600)
