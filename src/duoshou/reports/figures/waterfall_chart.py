"""From one value to another, driver by driver."""

from __future__ import annotations

import math
from typing import Any

from duoshou.metrics import Unit
from duoshou.reports.figures.amounts import Amounts, Scale, signed, signless, three_figures
from duoshou.reports.figures.blank import blank
from duoshou.reports.figures.canvas import Canvas, Spec
from duoshou.reports.figures.inputs import Change, Waterfall, at, usable
from duoshou.reports.figures.lettering import clean
from duoshou.reports.figures.look import Look
from duoshou.reports.figures.rows import Row, RowSheet
from duoshou.reports.figures.wording import joined, word

_CLOSE = 1e-9
_MARGIN = 0.03


def waterfall(steps: Waterfall, look: Look) -> Spec:
    """Return the figure of a decomposed change, as a Vega-Lite spec.

    Both values are strokes, not bars: the scale holds only the range between them and the drivers, and a bar would lie
    about its length. The bars of the drivers have their true length. What they leave unexplained is a row of its own.
    """
    title = clean(steps.title)
    baseline, current = at((steps.baseline,), 0), at((steps.current,), 0)
    if baseline is None or current is None:
        return blank(look, title, word("cannot_split", look.language))
    changes = _complete(steps, baseline, current, look)
    amounts = Amounts(steps.unit, look.language, look.currency)
    sizes = [abs(change.value) for change in changes] or [abs(baseline), abs(current)]
    scale = amounts.scale(max(sizes))
    decimals = 2 if steps.unit is Unit.RATE else three_figures(max(sizes) / scale.divisor)
    if scale.divisor == 1 and steps.unit in {Unit.COUNT, Unit.PEOPLE}:
        decimals = 0
    rows = [_total(steps.baseline_label, baseline, amounts, scale, decimals, look.palette.muted)]
    level = baseline
    for change in changes:
        number = signed(change.value / scale.divisor, decimals)
        says = f"{clean(change.label)}{word('colon', look.language)}{amounts.full_change(change.value)}"
        rows.append(Row(change.label, number, says, level, level + change.value, look.change_colour(change.value)))
        level += change.value
    rows.append(_total(steps.current_label, current, amounts, scale, decimals, look.palette.accent))
    sheet = RowSheet(look, rows, *_range(rows), title, amounts.change_label(scale))
    canvas = sheet.canvas()
    _levels(canvas, sheet)
    sheet.draw(canvas)
    return canvas.spec(title, joined([row.says for row in rows], look.language))


def _complete(steps: Waterfall, baseline: float, current: float, look: Look) -> list[Change]:
    """Return the changes that are numbers, with what they leave unexplained."""
    changes = [change for change in steps.changes if usable(change.value)]
    rest = current - baseline - math.fsum(change.value for change in changes)
    size = max(abs(baseline), abs(current), *(abs(change.value) for change in changes), 0.0)
    if abs(rest) <= _CLOSE * size:
        return changes
    return [*changes, Change(word("residual", look.language), rest)]


def _total(label: str, value: float, amounts: Amounts, scale: Scale, decimals: int, colour: str) -> Row:
    number = amounts.full(value) if amounts.unit is Unit.RATE else signless(value / scale.divisor, decimals)
    says = f"{clean(label)}{word('colon', amounts.language)}{amounts.full(value)}"
    return Row(label, number, says, value, value, colour, strong=True)


def _range(rows: list[Row]) -> tuple[float, float]:
    values = [value for row in rows for value in (row.start, row.end) if value is not None]
    low, high = min(values), max(values)
    margin = (high - low) * _MARGIN or abs(high) * _MARGIN or 1.0
    return low - margin, high + margin


def _levels(canvas: Canvas, sheet: RowSheet) -> None:
    """Draw the level of the baseline down to the end, and from each row to the next the level that was reached."""
    palette = sheet.look.palette
    start = sheet.x(canvas, sheet.rows[0].end or 0.0)
    first = {"x": start, "x2": start, "y": sheet.y(0), "y2": canvas.height, "colour": palette.axis}
    links: list[dict[str, Any]] = []
    for number, row in enumerate(sheet.rows[1:-1], start=1):
        x = sheet.x(canvas, row.end or 0.0)
        links.append({"x": x, "x2": x, "y": sheet.y(number), "y2": sheet.y(number + 1), "colour": palette.axis})
    canvas.rules([first], dash=(2, 3))
    canvas.rules(links)
