"""Title, unit and key of a trend."""

from __future__ import annotations

from duoshou.reports.figures.canvas import SMALL, TITLE, Canvas, box
from duoshou.reports.figures.inputs import Trend, known
from duoshou.reports.figures.lettering import clean, fitted, room, rows_of
from duoshou.reports.figures.look import Look
from duoshou.reports.figures.wording import word

ROW = 20
TITLE_ROW = 24
GLYPH = 20
_UNIT_ROOM = 40


def _keys(series: Trend, look: Look) -> list[tuple[str, str]]:
    """Return (kind, label) of what needs a key; a line alone needs none."""
    keys = []
    if known(series.expected):
        label = word("expected", look.language)
        if known(series.low):
            band = "range" if series.level is None else "interval"
            level = "" if series.level is None else f"{series.level:.0%}"
            label += word(band, look.language, level=level)
        keys.append(("expected", label))
    if known(series.comparison):
        keys.append(("comparison", clean(series.comparison_label) or word("comparison", look.language)))
    if series.provisional & set(series.days):
        keys.append(("provisional", word("provisional", look.language)))
    return [("actual", word("actual", look.language)), *keys] if keys else []


def key_rows(series: Trend, look: Look) -> int:
    """Return how many rows the key takes."""
    return len({row for _, row in _places(_keys(series, look), look)})


def _places(keys: list[tuple[str, str]], look: Look) -> list[tuple[float, int]]:
    return rows_of([GLYPH + 22 + room(label, SMALL) for _, label in keys], look.room - _UNIT_ROOM)


def draw_heading(canvas: Canvas, series: Trend, title: str, unit: str) -> None:
    """Write title and unit, and the key below them."""
    look, palette = canvas.look, canvas.look.palette
    left, y = -canvas.margins.left, -canvas.margins.top + 11
    canvas.text(canvas.width + canvas.margins.right, y, unit, colour=palette.muted, align="right")
    if look.heading:
        most = look.room - room(unit, SMALL) - 16
        canvas.text(left, y, fitted(title, TITLE, most), colour=palette.ink, size=TITLE, weight=600)
        y += TITLE_ROW
    keys = _keys(series, look)
    for (kind, label), (x, row) in zip(keys, _places(keys, look), strict=True):
        _key(canvas, kind, left + x, y + row * ROW)
        canvas.text(left + x + GLYPH + 6, y + row * ROW, label, colour=palette.muted)


def _key(canvas: Canvas, kind: str, x: float, y: float) -> None:
    palette = canvas.look.palette
    line = {"x": x, "x2": x + GLYPH, "y": y, "y2": y}
    if kind == "actual":
        canvas.rules([line | {"colour": palette.accent}], width=1.9)
    elif kind == "comparison":
        canvas.rules([line | {"colour": palette.comparison}], width=1.1)
    elif kind == "provisional":
        canvas.dots([{"x": x + GLYPH / 2, "y": y, "colour": palette.accent}], hollow=True)
    else:
        canvas.boxes([box(x, y - 5, x + GLYPH, y + 5, palette.band)])
        canvas.rules([line | {"colour": palette.expected}], width=1.3, dash=(4, 3))
