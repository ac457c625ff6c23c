"""What each part of a dimension contributed."""

from __future__ import annotations

import math

from duoshou.metrics import Unit
from duoshou.model.numbers import UNKNOWN
from duoshou.reports.figures.amounts import Amounts, signed, signless, three_figures
from duoshou.reports.figures.blank import blank
from duoshou.reports.figures.canvas import Spec
from duoshou.reports.figures.inputs import Bars, Part, usable
from duoshou.reports.figures.lettering import clean
from duoshou.reports.figures.look import Look
from duoshou.reports.figures.rows import Row, RowSheet
from duoshou.reports.figures.wording import joined, word


def bars(parts: Bars, look: Look) -> Spec:
    """Return the figure of the parts of a dimension, as a Vega-Lite spec.

    The largest, of either sign, are drawn by themselves, largest first; the others are one rest with their sum.
    Parts without a value are counted, not drawn.
    """
    title = clean(parts.title)
    chosen, rest, unknown = _chosen(parts, look)
    if not chosen:
        return blank(look, title, word("nothing_to_show", look.language))
    amounts = Amounts(parts.unit, look.language, look.currency)
    drawn = [*chosen, *rest]
    values = [part.value or 0.0 for part in drawn]
    largest = max(abs(value) for value in values)
    scale = amounts.scale(largest)
    decimals = 2 if parts.unit is Unit.RATE else three_figures(largest / scale.divisor)
    if scale.divisor == 1 and parts.unit in {Unit.COUNT, Unit.PEOPLE}:
        decimals = 0
    write = signed if parts.changes else signless
    rows = []
    for part, value in zip(drawn, values, strict=True):
        colour = look.change_colour(value) if parts.changes else look.palette.accent
        full = amounts.full_change(value) if parts.changes else amounts.full(value)
        says = f"{clean(part.label)}{word('colon', look.language)}{full}"
        rows.append(Row(part.label, write(value / scale.divisor, decimals), says, 0.0, value, colour))
    if unknown:
        label = word("unknown_parts", look.language, count=unknown)
        rows.append(Row(label, UNKNOWN, label, None, None, look.palette.muted))
    unit = amounts.change_label(scale) if parts.changes else scale.label
    sheet = RowSheet(look, rows, min(0.0, *values), max(0.0, *values), title, unit)
    canvas = sheet.canvas()
    zero = sheet.x(canvas, 0.0)
    sheet.draw(canvas)
    canvas.rules([{"x": zero, "x2": zero, "y": 0, "y2": canvas.height, "colour": look.palette.axis}])
    return canvas.spec(title, joined([row.says for row in rows], look.language))


def _chosen(parts: Bars, look: Look) -> tuple[list[Part], list[Part], int]:
    """Return the parts that are drawn, the rest as one part or none, and how many have no value."""
    known = [part for part in parts.parts if usable(part.value)]
    known.sort(key=lambda part: (-abs(part.value or 0.0), part.label))
    unknown = len(parts.parts) - len(known)
    # A rest of one would only hide its name.
    if len(known) <= parts.most + 1:
        return known, [], unknown
    others = known[parts.most :]
    label = word("rest", look.language, count=len(others))
    return known[: parts.most], [Part(label, math.fsum(part.value or 0.0 for part in others))], unknown
